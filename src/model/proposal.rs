use serde::{Deserialize, Serialize};

use super::Level;

/// How sure the source of a number or a rule is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Mark {
    /// Stands in the text of the law or regulation.
    Law,
    /// Seen on a public page.
    Public,
    /// General knowledge, not verified against a text: a default to be edited.
    Recalled,
    /// Our own reading or recommendation: a default to be edited.
    Design,
}

impl Mark {
    /// The id used in JSON and TOML.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::Law => "law",
            Self::Public => "public",
            Self::Recalled => "recalled",
            Self::Design => "design",
        }
    }
}

/// One condition of a criterion that held, with what was seen and what was asked.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Predicate {
    /// The factor of GB/T 43697 that it speaks of: `field`, `group`, `region`, `precision`, `scale`, `depth`,
    /// `coverage`, `importance`, `category`.
    pub factor: String,
    /// What was measured, e.g. `subjects`, `records`, `coordinate-decimals`.
    pub measure: String,
    /// What was seen, as text; counts and ids only.
    pub seen: String,
    /// What was asked, as text.
    pub asked: String,
    /// Where the threshold comes from.
    pub source: String,
    /// How sure that source is.
    pub mark: Mark,
}

/// One criterion that fired.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Basis {
    /// The criterion's own id, e.g. `field-at-scale`.
    pub criterion: String,
    /// The article, e.g. `miit-166/10.2`.
    pub article: String,
    /// The level that it asks for.
    pub level: Level,
    /// Whether it holds for the whole class (scale over all its assets) or for this asset alone.
    pub class_wide: bool,
    /// Whom the harm would befall (影响对象), e.g. `public-interest`; `None` of the residual.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub object: Option<String>,
    /// How badly (影响程度): `extreme`, `serious` or `ordinary`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub degree: Option<String>,
    /// The conditions that held; empty for the residual `miit-166/9.3`.
    pub predicates: Vec<Predicate>,
}

/// A level that the criteria propose, for a person to confirm.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Proposal {
    /// The highest level that a criterion asks for.
    pub level: Level,
    /// The criteria that ask for it, in the order of the data file; never empty.
    pub bases: Vec<Basis>,
    /// Criteria of a higher level that may hold too: a count in a sample, or a sketch, straddles what they ask. The level is
    /// *at least* `level`, and could be theirs.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub open: Vec<Basis>,
}

/// Something that holds beside the level: other rules, or a duty.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Notice {
    /// Its id in the data file, e.g. `secrecy`.
    pub notice: String,
    /// The article, e.g. `miit-166/39`.
    pub article: String,
    /// `stop`, `redirect`, `also` or `duty`.
    pub effect: String,
    /// The conditions that held.
    pub predicates: Vec<Predicate>,
}

impl Proposal {
    /// The level that it could be, where that is higher than what is sure.
    #[must_use]
    pub fn could_be(&self) -> Option<Level> {
        self.open.iter().map(|basis| basis.level).max().filter(|level| *level > self.level)
    }

    /// The articles that it rests on, in order, without repetition.
    #[must_use]
    pub fn articles(&self) -> Vec<String> {
        let mut articles: Vec<String> = Vec::new();
        for basis in &self.bases {
            if !articles.contains(&basis.article) {
                articles.push(basis.article.clone());
            }
        }
        articles
    }
}
