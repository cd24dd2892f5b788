use serde::{Deserialize, Serialize};

use super::{CategoryId, Lang, Level};

/// What a named person, or the authority, said of an asset or a class. Appended, never changed: the latest of
/// each kind counts, and it survives every re-scan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decision {
    /// The id of the asset (`a…`) or class (`c…`) that it speaks of.
    pub target: String,
    /// What was done.
    pub act: Act,
    /// The category that it sets.
    pub category: Option<CategoryId>,
    /// The level that it sets.
    pub level: Option<Level>,
    /// The detector that it rejects for this target.
    pub detector: Option<String>,
    /// Who decided.
    pub by: String,
    /// The civil date of the decision, `YYYY-MM-DD`.
    pub date: String,
    /// Why.
    pub reason: String,
    /// The document number, for a decision of the authority.
    pub document: Option<String>,
}

/// The kinds of decision.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Act {
    /// The proposal is right, or this level is.
    Confirm,
    /// The authority's decision; outranks a confirmation.
    Override,
    /// The proposal, or one detector's finding, is wrong.
    Reject,
}

impl Act {
    /// The id used in JSON and the inventory.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::Confirm => "confirm",
            Self::Override => "override",
            Self::Reject => "reject",
        }
    }

    /// What it is called.
    #[must_use]
    pub fn label(self, lang: Lang) -> &'static str {
        match self {
            Self::Confirm => lang.pick("确认", "confirm"),
            Self::Override => lang.pick("主管部门认定", "override"),
            Self::Reject => lang.pick("否定", "reject"),
        }
    }

    /// The act of an id, if it is one.
    #[must_use]
    pub fn from_id(id: &str) -> Option<Self> {
        [Self::Confirm, Self::Override, Self::Reject].into_iter().find(|act| act.id() == id)
    }
}
