//! The level criteria of `miit-166/9` to `11` as data: what is measured, what is asked, and what that proposes.

mod authority;
mod check;
mod measure;

use std::collections::BTreeMap;

use serde::Deserialize;

use super::taxonomy::{Label, Schema};
use super::{Error, Problem, Taxonomy, parse};
use crate::model::{Lang, Level, Mark};

pub use authority::UnfitRow;
pub use measure::{Degree, Factor, Measure};

/// The criteria, in the order of their file.
#[derive(Clone, Debug)]
pub struct Criteria {
    /// Detectors whose distinct values are persons. A class has as many subjects as the largest of them, never
    /// their sum: one person has a resident id and a mobile.
    pub persons: Vec<String>,
    /// Detectors whose distinct values are places on the ground.
    pub places: Vec<String>,
    /// Those of the persons whose distinct values are sensitive personal information.
    pub sensitive: Vec<String>,
    /// The article of what no criterion raises.
    pub residual: String,
    all: Vec<Criterion>,
    notices: Vec<Notice>,
    objects: BTreeMap<String, Label>,
    of_authority: Vec<Criterion>,
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
    /// Whom the harm would befall (影响对象), an id of the table, and how badly (影响程度); `None` where the authority gave
    /// a level without saying.
    pub harm: Option<(String, Degree)>,
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

/// Something that holds beside the level: other rules, or a duty. It raises and lowers no level.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Notice {
    /// Its id, e.g. `secrecy`.
    pub id: String,
    /// What a person reads and does.
    pub label: Label,
    /// The article that it reads, e.g. `miit-166/39`.
    pub article: String,
    /// What follows.
    pub effect: Effect,
    /// Its conditions; all must hold.
    #[serde(rename = "when")]
    pub conditions: Vec<Condition>,
}

/// What follows from a notice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Effect {
    /// Outside of this regime: stop, isolate; it stands in no catalog.
    Stop,
    /// Another authority's rules hold.
    Redirect,
    /// Other rules hold too.
    Also,
    /// Something has to be done.
    Duty,
}

impl Effect {
    /// The id used in JSON and TOML.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::Stop => "stop",
            Self::Redirect => "redirect",
            Self::Also => "also",
            Self::Duty => "duty",
        }
    }
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
    /// The count from which on it holds no more; only for criteria that leave data general, so that more data never
    /// lowers a level.
    #[serde(default)]
    pub below: Option<u64>,
    /// Where the threshold comes from.
    pub source: String,
    /// How sure that is.
    pub mark: Mark,
}

fn one() -> u64 {
    1
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(rename = "schema")]
    _schema: Schema,
    residual: String,
    persons: Vec<String>,
    #[serde(default)]
    sensitive: Vec<String>,
    places: Vec<String>,
    object: Vec<ImpactObject>,
    criterion: Vec<RawCriterion>,
    #[serde(default)]
    notice: Vec<Notice>,
}

/// A row of the table of GB/T 43697-2024: what harm to this object proposes.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ImpactObject {
    id: String,
    label: Label,
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
                return Err(Error::new(file, check::unknown(&raw.id, &raw.object, "object")));
            };
            let level = match raw.degree {
                Degree::Extreme => object.extreme,
                Degree::Serious => object.serious,
                Degree::Ordinary => object.ordinary,
            };
            check::criterion(&raw, level, taxonomy).map_err(|problem| Error::new(file, problem))?;
            let RawCriterion { id, label, article, object, degree, when } = raw;
            criteria.push(Criterion { id, label, article, harm: Some((object, degree)), level, conditions: when });
        }
        for (index, notice) in read.notice.iter().enumerate() {
            if read.notice[..index].iter().any(|earlier| earlier.id == notice.id) {
                return Err(Error::new(file, Problem::Duplicate { id: notice.id.clone() }));
            }
            check::notice(notice, taxonomy).map_err(|problem| Error::new(file, problem))?;
        }
        let objects = read.object.into_iter().map(|object| (object.id, object.label)).collect();
        Ok(Self {
            persons: read.persons,
            places: read.places,
            sensitive: read.sensitive,
            residual: read.residual,
            all: criteria,
            notices: read.notice,
            objects,
            of_authority: Vec::new(),
        })
    }

    /// All criteria of the regime, in the order of the file.
    pub fn iter(&self) -> impl Iterator<Item = &Criterion> {
        self.all.iter()
    }

    /// The criteria that judge data of a category: those of the authority's own catalog where it speaks of the category,
    /// and then no others; else those of the regime.
    pub fn judging(&self, category: Option<&str>) -> impl Iterator<Item = &Criterion> {
        let of_authority = category.is_some_and(|category| self.authority_speaks_of(category));
        if of_authority { self.of_authority.iter() } else { self.all.iter() }
    }

    /// What holds beside the level, in the order of the file.
    pub fn notices(&self) -> impl Iterator<Item = &Notice> {
        self.notices.iter()
    }

    /// The columns of the form that a notice looks at.
    pub fn declared_columns(&self) -> impl Iterator<Item = &str> {
        let conditions = self.notices.iter().flat_map(|notice| &notice.conditions);
        let declared = conditions.filter(|condition| condition.measure == Measure::Declared);
        declared.flat_map(|condition| &condition.any).filter_map(|said| said.split_once('=')).map(|(column, _)| column)
    }

    /// The name of whom harm befalls.
    #[must_use]
    pub fn object<'a>(&'a self, id: &'a str, lang: Lang) -> &'a str {
        self.objects.get(id).map_or(id, |label| label.say(lang))
    }

    /// What a person reads for the id of a criterion, the residual one included; the id itself where none has it
    /// (an inventory may outlive a criterion).
    #[must_use]
    pub fn label<'a>(&'a self, id: &'a str, lang: Lang) -> &'a str {
        if id == Self::RESIDUAL {
            return lang.pick("未达到任何准则", "no criterion is met");
        }
        let notice = || self.notices.iter().find(|notice| notice.id == id).map(|notice| &notice.label);
        self.get(id).map(|criterion| &criterion.label).or_else(notice).map_or(id, |label| label.say(lang))
    }

    /// The criterion of an id.
    #[must_use]
    pub fn get(&self, id: &str) -> Option<&Criterion> {
        self.all.iter().chain(&self.of_authority).find(|criterion| criterion.id == id)
    }
}

#[cfg(test)]
mod tests;
