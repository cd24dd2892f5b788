use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Level, Measure};

/// 备案: a catalog handed to an authority. An accepted one freezes the baseline that changes are measured against.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Filing {
    /// Counts up from 1 in an inventory.
    pub id: i64,
    /// Where it stands.
    pub state: FilingState,
    /// Who submitted it.
    pub by: String,
    /// The authority that it was handed to (`miit-166/4`).
    pub authority: String,
    /// Civil date of submission, `YYYY-MM-DD`.
    pub submitted: String,
    /// Civil date of acceptance.
    pub accepted: Option<String>,
    /// Civil date and reason of a rejection.
    pub rejected: Option<(String, String)>,
    /// The number that the authority gave.
    pub number: Option<String>,
    /// The as-of date of its figures.
    pub as_of: String,
    /// What was filed.
    pub entries: Vec<FiledEntry>,
}

/// Where a filing stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FilingState {
    /// Handed in; the authority has twenty working days (`miit-166/12`).
    Submitted,
    /// Accepted: the baseline.
    Accepted,
    /// Refused: to be handed in again within fifteen working days (`miit-166/12`).
    Rejected,
    /// Accepted once, and replaced by a later accepted filing with the same authority.
    Superseded,
}

impl FilingState {
    /// The id used in JSON and the inventory.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::Submitted => "submitted",
            Self::Accepted => "accepted",
            Self::Rejected => "rejected",
            Self::Superseded => "superseded",
        }
    }

    /// The state of an id, if it is one.
    #[must_use]
    pub fn from_id(id: &str) -> Option<Self> {
        [Self::Submitted, Self::Accepted, Self::Rejected, Self::Superseded].into_iter().find(|state| state.id() == id)
    }
}

/// One entry as it was filed: every filed field and measure, and what the figures were counted with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FiledEntry {
    /// The id of the class, without the level.
    pub id: String,
    /// The category leaf.
    pub category: String,
    /// The store that is its carrier.
    pub store: String,
    /// The level as filed.
    pub level: Level,
    /// 数据条目数量, if filed.
    pub records: Option<Measure>,
    /// 存储总量 in bytes, if filed.
    pub bytes: Option<Measure>,
    /// Distinct persons, if filed.
    pub subjects: Option<Measure>,
    /// All columns of the form, by column id, as they were written.
    pub fields: BTreeMap<String, String>,
    /// Version of the rule packs that counted it.
    pub rules_version: String,
    /// Version of the taxonomy and criteria that it was classed with.
    pub regime_version: String,
}
