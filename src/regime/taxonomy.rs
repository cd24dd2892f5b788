//! The tree of categories: the five of `miit-166/8`, and below them what the processor subdivides.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::{Calibration, Error, Problem, Weighing, parse};
use crate::model::{CategoryId, Lang, Mark};

/// The tree of categories, in the order of its file.
#[derive(Clone, Debug, Default)]
pub struct Taxonomy {
    domains: Vec<Domain>,
    nodes: Vec<Node>,
    places: BTreeMap<String, usize>,
    weighing: Weighing,
    calibration: Calibration,
}

/// One category.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Node {
    /// The dotted id; what stands before its last dot is its parent.
    pub id: String,
    /// The short code shown beside the label, e.g. `PR6`.
    pub code: String,
    /// Its names.
    pub label: Label,
    /// What it covers, in a line; empty where the label says it.
    #[serde(default)]
    pub covers: String,
    /// Domains of the guide of 2020 that it belongs to; those of its parent where none are named.
    #[serde(default)]
    pub guide: Vec<String>,
    /// Where it stands in another public tree, such as `YD/T 3813 A1-1`; empty where in none.
    #[serde(default)]
    pub source: String,
    /// The article that it rests on.
    pub article: String,
    /// How sure that is.
    pub mark: Mark,
}

/// A domain (数据域) of 工信厅信发〔2020〕6号, under which many processors have sorted their data already.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Domain {
    /// Enterprise and domain: `industrial.research`, `platform.operation`.
    pub id: String,
    /// The kind of enterprise that the guide gives it to: `industrial` or `platform`.
    pub enterprise: String,
    /// Its names.
    pub label: Label,
    /// What the guide names as examples.
    pub examples: Label,
    /// Where it stands.
    pub source: String,
    /// How sure that is.
    pub mark: Mark,
}

/// A name in both languages.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Label {
    /// Chinese.
    pub zh: String,
    /// English.
    pub en: String,
}

impl Label {
    /// The name in one language.
    #[must_use]
    pub fn say(&self, lang: Lang) -> &str {
        lang.pick(&self.zh, &self.en)
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(rename = "schema")]
    _schema: Schema,
    #[serde(default)]
    domain: Vec<Domain>,
    category: Vec<Node>,
}

/// The only schema there is so far; another number is refused as malformed.
#[derive(Deserialize)]
#[serde(try_from = "u32")]
pub(super) struct Schema;

impl TryFrom<u32> for Schema {
    type Error = &'static str;

    fn try_from(number: u32) -> Result<Self, Self::Error> {
        if number == 1 { Ok(Self) } else { Err("an unknown schema") }
    }
}

impl Taxonomy {
    /// Reads `taxonomy.toml`. Each id stands once, its parent before it, and the domains that it names are there.
    pub fn parse(text: &str, file: &str) -> Result<Self, Error> {
        let read: File = parse(text, file)?;
        let mut taxonomy = Self { domains: read.domain, ..Self::default() };
        taxonomy.add(read.category, file)?;
        Ok(taxonomy)
    }

    /// The same tree with categories of a user's file, of the same form as `taxonomy.toml`: below those of the tree or
    /// of each other, with codes and sources of their own. None stands beside the five of `miit-166/8`.
    pub fn grown_by(mut self, text: &str, file: &str) -> Result<Self, Error> {
        let read: File = parse(text, file)?;
        let rule =
            ("自定类别须位于第八条五类之下", "a category of one's own stands below one of the five of Article 8");
        if let Some(node) = read.category.iter().find(|node| !node.id.contains('.')) {
            return Err(Error::new(file, Problem::Unfit { entry: node.id.clone(), rule }));
        }
        self.domains.extend(read.domain);
        self.add(read.category, file)?;
        Ok(self)
    }

    fn add(&mut self, nodes: Vec<Node>, file: &str) -> Result<(), Error> {
        for node in nodes {
            if self.places.contains_key(&node.id) {
                return Err(Error::new(file, Problem::Duplicate { id: node.id }));
            }
            if let Some(name) = node.guide.iter().find(|id| self.domain(id).is_none()) {
                let name = name.clone();
                return Err(Error::new(file, Problem::Unknown { entry: node.id, name, kind: "domain" }));
            }
            if let Some((parent, _)) = node.id.rsplit_once('.')
                && !self.places.contains_key(parent)
            {
                let name = parent.to_owned();
                return Err(Error::new(file, Problem::Unknown { entry: node.id, name, kind: "category" }));
            }
            self.places.insert(node.id.clone(), self.nodes.len());
            self.nodes.push(node);
        }
        Ok(())
    }

    /// The same tree, with what `weighing.toml` says about evidence in it.
    #[must_use]
    pub fn weighed_by(self, weighing: Weighing) -> Self {
        Self { weighing, ..self }
    }

    /// The same tree, with what `calibration.toml` makes of evidence.
    #[must_use]
    pub fn calibrated_by(self, calibration: Calibration) -> Self {
        Self { calibration, ..self }
    }

    /// How likely an answer is right.
    #[must_use]
    pub fn calibration(&self) -> &Calibration {
        &self.calibration
    }

    /// All categories, in the order of the file.
    pub fn nodes(&self) -> impl Iterator<Item = &Node> {
        self.nodes.iter()
    }

    /// The categories on top.
    pub fn tops(&self) -> impl Iterator<Item = &Node> {
        self.nodes.iter().filter(|node| !node.id.contains('.'))
    }

    /// The category of an id.
    #[must_use]
    pub fn node(&self, id: &str) -> Option<&Node> {
        self.places.get(id).and_then(|place| self.nodes.get(*place))
    }

    /// Whether there is a category of this id.
    #[must_use]
    pub fn contains(&self, id: &str) -> bool {
        self.places.contains_key(id)
    }

    /// Its name; the id itself where the tree does not hold it (an inventory may outlive a tree).
    #[must_use]
    pub fn label<'a>(&'a self, id: &'a str, lang: Lang) -> &'a str {
        self.node(id).map_or(id, |node| node.label.say(lang))
    }

    /// The category above it.
    #[must_use]
    pub fn parent(&self, id: &CategoryId) -> Option<CategoryId> {
        let (parent, _) = id.as_str().rsplit_once('.')?;
        self.contains(parent).then(|| CategoryId::new(parent))
    }

    /// The domains of the guide of 2020, in the order of the file.
    pub fn domains(&self) -> impl Iterator<Item = &Domain> {
        self.domains.iter()
    }

    /// The domain of an id.
    #[must_use]
    pub fn domain(&self, id: &str) -> Option<&Domain> {
        self.domains.iter().find(|domain| domain.id == id)
    }

    /// The domains of the guide of 2020 that a category belongs to: its own, else those of what stands above it.
    pub fn guide(&self, id: &str) -> impl Iterator<Item = &Domain> {
        let mut node = self.node(id);
        while let Some(below) = node.filter(|node| node.guide.is_empty()) {
            node = below.id.rsplit_once('.').and_then(|(parent, _)| self.node(parent));
        }
        node.into_iter().flat_map(|node| &node.guide).filter_map(|id| self.domain(id))
    }

    /// How evidence is weighed in this tree.
    #[must_use]
    pub fn weighing(&self) -> &Weighing {
        &self.weighing
    }

    /// Whether `pattern` (an id, `top.*`, or `*`) covers `id`. An id covers what it is subdivided into, and `top.*` the
    /// top itself too.
    #[must_use]
    pub fn covers(pattern: &str, id: &str) -> bool {
        match pattern.strip_suffix('*') {
            None => id.strip_prefix(pattern).is_some_and(|below| below.is_empty() || below.starts_with('.')),
            Some("") => true,
            Some(head) => id.starts_with(head) || Some(id) == head.strip_suffix('.'),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn builtin() -> Taxonomy {
        crate::regime::Regime::builtin().unwrap().taxonomy
    }

    #[test]
    fn the_five_categories_of_article_8_stand_on_top_in_their_order() {
        let taxonomy = builtin();
        let tops: Vec<&str> = taxonomy.tops().map(|node| node.label.say(Lang::Zh)).collect();
        assert_eq!(tops, ["研发数据", "生产运行数据", "管理数据", "运维数据", "业务服务数据"]);
        assert!(taxonomy.tops().all(|node| node.mark == Mark::Law && node.article == "miit-166/8"));
    }

    #[test]
    fn each_code_stands_once_and_begins_with_that_of_its_parent() {
        let taxonomy = builtin();
        let mut codes: Vec<&str> = taxonomy.nodes().map(|node| node.code.as_str()).collect();
        for node in taxonomy.nodes() {
            if let Some(parent) = taxonomy.parent(&CategoryId::new(node.id.as_str())) {
                assert!(node.code.starts_with(&taxonomy.node(parent.as_str()).unwrap().code), "{}", node.id);
            }
        }
        codes.sort_unstable();
        let all = codes.len();
        codes.dedup();
        assert_eq!(codes.len(), all);
    }

    /// A regulator's catalog names categories by their labels.
    #[test]
    fn each_label_means_one_category() {
        let taxonomy = builtin();
        for lang in [Lang::Zh, Lang::En] {
            let labels: BTreeSet<&str> = taxonomy.nodes().map(|node| node.label.say(lang)).collect();
            assert_eq!(labels.len(), taxonomy.nodes().count());
        }
    }

    #[test]
    fn every_domain_of_the_guide_is_crossed_over_to_a_category() {
        let taxonomy = builtin();
        let crossed: BTreeSet<&str> =
            taxonomy.nodes().flat_map(|node| taxonomy.guide(&node.id)).map(|domain| domain.id.as_str()).collect();
        assert_eq!(crossed, taxonomy.domains().map(|domain| domain.id.as_str()).collect());
        let of = |id| taxonomy.guide(id).map(|domain| domain.label.say(Lang::Zh)).collect::<Vec<_>>();
        assert_eq!(of("production.quality.inspection"), ["生产数据域"]);
        assert_eq!(of("management.hr.payroll"), ["管理数据域", "企业管理数据域"]);
        assert_eq!(of("service.telecom.bill"), [""; 0]);
    }

    #[test]
    fn a_subdivision_rests_on_no_law() {
        let taxonomy = builtin();
        assert!(taxonomy.nodes().all(|node| (node.mark == Mark::Law) == !node.id.contains('.')));
        assert!(taxonomy.nodes().all(|node| node.id.split('.').count() <= 3));
    }

    #[test]
    fn a_child_without_its_parent_and_a_second_entry_are_refused() {
        let node = |id: &str| {
            format!(
                "[[category]]\nid = '{id}'\ncode = 'X'\nlabel = {{ zh = 'x', en = 'x' }}\narticle = 'a'\nmark = 'law'\n"
            )
        };
        let orphan = Taxonomy::parse(&format!("schema = 1\n{}", node("research.design")), "t.toml").unwrap_err();
        assert!(matches!(orphan.problem, Problem::Unknown { .. }), "{orphan}");
        let twice = Taxonomy::parse(&format!("schema = 1\n{}{}", node("a"), node("a")), "t.toml").unwrap_err();
        assert!(matches!(twice.problem, Problem::Duplicate { .. }), "{twice}");
        let lost = format!("schema = 1\n{}guide = ['industrial.research']\n", node("a"));
        assert!(matches!(Taxonomy::parse(&lost, "t.toml").unwrap_err().problem, Problem::Unknown { .. }));
        assert!(Taxonomy::parse(&format!("schema = 2\n{}", node("a")), "t.toml").is_err());
    }

    #[test]
    fn a_tree_of_ones_own_grows_below_the_five_and_nowhere_else() {
        let node = |id: &str| {
            format!(
                "schema = 1\n[[category]]\nid = '{id}'\ncode = 'X'\nlabel = {{ zh = '炉次', en = 'heats' }}\narticle = 'own'\nmark = 'design'\n"
            )
        };
        let grown = builtin().grown_by(&node("production.process-parameter.own-heat"), "own.toml").unwrap();
        assert_eq!(grown.label("production.process-parameter.own-heat", Lang::Zh), "炉次");
        for (id, wrong) in [("own", "Unfit"), ("own.heat", "Unknown"), ("production.quality", "Duplicate")] {
            let refused = builtin().grown_by(&node(id), "own.toml").unwrap_err();
            assert!(format!("{:?}", refused.problem).starts_with(wrong), "{refused}");
        }
    }

    #[test]
    fn a_pattern_covers_its_branch_and_no_other() {
        assert!(Taxonomy::covers("*", "research.design"));
        assert!(Taxonomy::covers("research.*", "research.design"));
        assert!(Taxonomy::covers("research.*", "research"));
        assert!(Taxonomy::covers("research.design", "research.design.drawing"));
        assert!(!Taxonomy::covers("research.*", "researcher"));
        assert!(!Taxonomy::covers("research.design", "research"));
        assert!(!Taxonomy::covers("research.design", "research.designer"));
    }
}
