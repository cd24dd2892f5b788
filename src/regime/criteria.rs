//! The level criteria of `miit-166/9` to `11` as data: what is measured, what is asked, and what that proposes.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::taxonomy::{Label, Schema};
use super::{Error, Problem, Taxonomy, parse};
use crate::model::{Lang, Level, Mark};

/// The criteria, in the order of their file.
#[derive(Clone, Debug)]
pub struct Criteria {
    /// Detectors whose distinct values are persons. A class has as many subjects as the largest of them, never
    /// their sum: one person has a resident id and a mobile.
    pub persons: Vec<String>,
    /// Detectors whose distinct values are places on the ground.
    pub places: Vec<String>,
    /// The article of what no criterion raises.
    pub residual: String,
    all: Vec<Criterion>,
}

/// One criterion: all its conditions together propose a level.
#[derive(Clone, Debug)]
pub struct Criterion {
    /// Its id, e.g. `persons-at-scale`.
    pub id: String,
    /// Its names.
    pub label: Label,
    /// The article that it reads, e.g. `miit-166/10.3`.
    pub article: String,
    /// Whom the harm would befall (影响对象), an id of the table.
    pub object: String,
    /// How badly (影响程度): `extreme`, `serious` or `ordinary`.
    pub degree: Degree,
    /// What the table gives for the two.
    pub level: Level,
    /// Its conditions; all must hold.
    pub conditions: Vec<Condition>,
}

impl Criterion {
    /// Whether it rests on how much there is over the whole class.
    #[must_use]
    pub fn is_class_wide(&self) -> bool {
        self.conditions.iter().any(|condition| condition.measure.is_scale())
    }
}

/// 影响程度 of GB/T 43697-2024.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Degree {
    /// 特别严重危害.
    Extreme,
    /// 严重危害.
    Serious,
    /// 一般危害.
    Ordinary,
}

/// One condition of a criterion.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Condition {
    /// The factor of GB/T 43697 that it speaks of.
    pub factor: Factor,
    /// What is looked at.
    pub measure: Measure,
    /// One of these must be there; `*` ends a pattern. For what is counted: which are counted.
    #[serde(default)]
    pub any: Vec<String>,
    /// The least count; for what is merely there, 1.
    #[serde(default = "one")]
    pub at_least: u64,
    /// Where the threshold comes from.
    pub source: String,
    /// How sure that is.
    pub mark: Mark,
}

fn one() -> u64 {
    1
}

/// 分级要素 of GB/T 43697-2024, and the category itself, which alone proves neither side of the definition.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Factor {
    /// 领域.
    Field,
    /// 群体.
    Group,
    /// 区域.
    Region,
    /// 精度.
    Precision,
    /// 规模.
    Scale,
    /// 深度.
    Depth,
    /// 覆盖度.
    Coverage,
    /// 重要性.
    Importance,
    /// The category, which narrows a criterion.
    Category,
}

impl Factor {
    /// The id used in JSON and TOML.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::Field => "field",
            Self::Group => "group",
            Self::Region => "region",
            Self::Precision => "precision",
            Self::Scale => "scale",
            Self::Depth => "depth",
            Self::Coverage => "coverage",
            Self::Importance => "importance",
            Self::Category => "category",
        }
    }

    /// Whether it says *which* data, the first half of the definition of important data.
    #[must_use]
    pub fn is_which(self) -> bool {
        matches!(self, Self::Field | Self::Group | Self::Region)
    }

    /// Whether it says *how much* it matters, the second half.
    #[must_use]
    pub fn is_how_much(self) -> bool {
        matches!(self, Self::Precision | Self::Scale | Self::Coverage | Self::Importance)
    }
}

/// What a condition looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Measure {
    /// The category of the data.
    Category,
    /// Field marks seen, with how often.
    FieldMarks,
    /// Matches of the detectors named in `any`.
    Identifiers,
    /// Distinct persons.
    Subjects,
    /// Distinct places.
    Places,
    /// Decimals of coordinates.
    CoordinateDecimals,
    /// Records.
    Records,
    /// Bytes.
    Bytes,
    /// Markers such as `credential`.
    Markers,
    /// `critical-infrastructure` or `backbone`.
    Standing,
    /// The enterprise's code of GB/T 4754.
    Industry,
    /// The enterprise's domains.
    Domains,
}

impl Measure {
    /// The id used in JSON and TOML.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::Category => "category",
            Self::FieldMarks => "field-marks",
            Self::Identifiers => "identifiers",
            Self::Subjects => "subjects",
            Self::Places => "places",
            Self::CoordinateDecimals => "coordinate-decimals",
            Self::Records => "records",
            Self::Bytes => "bytes",
            Self::Markers => "markers",
            Self::Standing => "standing",
            Self::Industry => "industry",
            Self::Domains => "domains",
        }
    }

    /// Whether it grows with the assets of a class.
    #[must_use]
    pub fn is_scale(self) -> bool {
        matches!(self, Self::Subjects | Self::Places | Self::Records | Self::Bytes)
    }

    /// Whether it needs names to look for.
    fn needs_names(self) -> bool {
        !self.is_scale() && self != Self::CoordinateDecimals
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(rename = "schema")]
    _schema: Schema,
    residual: String,
    persons: Vec<String>,
    places: Vec<String>,
    object: Vec<ImpactObject>,
    criterion: Vec<RawCriterion>,
}

/// A row of the table of GB/T 43697-2024: what harm to this object proposes.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ImpactObject {
    id: String,
    #[serde(rename = "label")]
    _label: Label,
    extreme: Level,
    serious: Level,
    ordinary: Level,
    #[serde(rename = "mark")]
    _mark: Mark,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawCriterion {
    id: String,
    label: Label,
    article: String,
    object: String,
    degree: Degree,
    when: Vec<Condition>,
}

impl Criteria {
    /// The id of the basis on which everything is general that no criterion raises.
    pub const RESIDUAL: &str = "residual";

    /// Reads `levels.toml` and holds every criterion to what all must keep: it names both halves of the definition
    /// of important data, its article is one of the level that the table gives, its categories exist.
    pub fn parse(text: &str, file: &str, taxonomy: &Taxonomy) -> Result<Self, Error> {
        let read: File = parse(text, file)?;
        let table: BTreeMap<&str, &ImpactObject> =
            read.object.iter().map(|object| (object.id.as_str(), object)).collect();
        let mut criteria: Vec<Criterion> = Vec::new();
        for raw in read.criterion {
            if criteria.iter().any(|earlier| earlier.id == raw.id) {
                return Err(Error::new(file, Problem::Duplicate { id: raw.id }));
            }
            let Some(object) = table.get(raw.object.as_str()) else {
                return Err(Error::new(file, unknown(&raw.id, &raw.object, "object")));
            };
            let level = match raw.degree {
                Degree::Extreme => object.extreme,
                Degree::Serious => object.serious,
                Degree::Ordinary => object.ordinary,
            };
            check(&raw, level, taxonomy).map_err(|problem| Error::new(file, problem))?;
            let RawCriterion { id, label, article, object, degree, when } = raw;
            criteria.push(Criterion { id, label, article, object, degree, level, conditions: when });
        }
        Ok(Self { persons: read.persons, places: read.places, residual: read.residual, all: criteria })
    }

    /// All criteria, in the order of the file.
    pub fn iter(&self) -> impl Iterator<Item = &Criterion> {
        self.all.iter()
    }

    /// What a person reads for the id of a criterion, the residual one included; the id itself where none has it
    /// (an inventory may outlive a criterion).
    #[must_use]
    pub fn label<'a>(&'a self, id: &'a str, lang: Lang) -> &'a str {
        if id == Self::RESIDUAL {
            return lang.pick("未达到任何准则", "no criterion is met");
        }
        self.get(id).map_or(id, |criterion| criterion.label.say(lang))
    }

    /// The criterion of an id.
    #[must_use]
    pub fn get(&self, id: &str) -> Option<&Criterion> {
        self.all.iter().find(|criterion| criterion.id == id)
    }
}

fn unknown(entry: &str, name: &str, kind: &'static str) -> Problem {
    Problem::Unknown { entry: entry.to_owned(), name: name.to_owned(), kind }
}

fn check(raw: &RawCriterion, level: Level, taxonomy: &Taxonomy) -> Result<(), Problem> {
    let unfit = |zh, en| Err(Problem::Unfit { entry: raw.id.clone(), rule: (zh, en) });
    let article_of_level = match level {
        Level::General => return unfit("准则必须提高级别", "a criterion raises the level"),
        Level::Important => "miit-166/10.",
        Level::Core => "miit-166/11.",
    };
    if !raw.article.starts_with(article_of_level) {
        return unfit(
            "条款须与级别一致(重要为 10.x,核心为 11.x)",
            "the article is one of its level (10.x important, 11.x core)",
        );
    }
    if !raw.when.iter().any(|condition| condition.factor.is_which()) {
        return unfit("须有领域、群体或区域条件", "one condition is of field, group or region");
    }
    if !raw.when.iter().any(|condition| condition.factor.is_how_much()) {
        return unfit(
            "须有精度、规模、覆盖度或重要性条件",
            "one condition is of precision, scale, coverage or importance",
        );
    }
    for condition in &raw.when {
        if condition.measure.needs_names() == condition.any.is_empty() {
            return unfit(
                "any 仅用于且必须用于需列名的度量",
                "a condition has `any` exactly where its measure looks for names",
            );
        }
        if condition.at_least == 0 {
            return unfit("at_least 至少为 1", "at_least is 1 or more");
        }
        if condition.measure == Measure::Category {
            for pattern in &condition.any {
                if !taxonomy.nodes().any(|node| Taxonomy::covers(pattern, &node.id)) {
                    return Err(unknown(&raw.id, pattern, "category"));
                }
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::regime::Regime;

    const HEAD: &str = "schema = 1\nresidual = 'miit-166/9.3'\npersons = []\nplaces = []\n\
        [[object]]\nid = 'o'\nlabel = { zh = 'o', en = 'o' }\nextreme = 'core'\nserious = 'important'\nordinary = 'general'\nmark = 'design'\n";
    const FIELD: &str = "{ factor = 'field', measure = 'field-marks', any = ['*'], source = 's', mark = 'design' }";
    const SCALE: &str = "{ factor = 'scale', measure = 'records', at_least = 9, source = 's', mark = 'design' }";

    fn problem(article: &str, degree: &str, when: &str) -> Problem {
        let text = format!(
            "{HEAD}[[criterion]]\nid = 'c'\nlabel = {{ zh = 'c', en = 'c' }}\narticle = '{article}'\nobject = 'o'\n\
             degree = '{degree}'\nwhen = [{when}]\n"
        );
        let taxonomy = Regime::builtin().unwrap().taxonomy;
        Criteria::parse(&text, "levels.toml", &taxonomy).unwrap_err().problem
    }

    #[test]
    fn a_criterion_that_names_only_half_of_the_definition_is_refused() {
        assert!(matches!(problem("miit-166/10.2", "serious", FIELD), Problem::Unfit { .. }));
        assert!(matches!(problem("miit-166/10.2", "serious", SCALE), Problem::Unfit { .. }));
    }

    #[test]
    fn an_article_of_another_level_is_refused() {
        let both = format!("{FIELD}, {SCALE}");
        assert!(matches!(problem("miit-166/11.2", "serious", &both), Problem::Unfit { .. }));
        assert!(matches!(problem("miit-166/10.2", "extreme", &both), Problem::Unfit { .. }));
        assert!(matches!(problem("miit-166/10.2", "ordinary", &both), Problem::Unfit { .. }));
    }

    #[test]
    fn a_category_that_the_tree_does_not_hold_is_refused() {
        let other = "{ factor = 'category', measure = 'category', any = ['kitchen.*'], source = 's', mark = 'design' }";
        let when = format!("{FIELD}, {SCALE}, {other}");
        assert!(matches!(problem("miit-166/10.2", "serious", &when), Problem::Unknown { .. }));
    }

    #[test]
    fn every_threshold_of_the_built_in_criteria_says_where_it_comes_from() {
        let criteria = Regime::builtin().unwrap().criteria;
        assert!(criteria.iter().count() > 5);
        for condition in criteria.iter().flat_map(|criterion| &criterion.conditions) {
            assert!(!condition.source.is_empty());
        }
    }
}
