use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{ClassId, Level, Measure};

/// A data class that no scan can see (paper, offline media, a partner's cloud), entered by hand. Appended, never
/// changed: the latest row of a class counts, so that a count taken anew is a row of its own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ManualClass {
    /// Its category leaf.
    pub category: String,
    /// What carries it, in a person's words; it takes the place of a store.
    pub carrier: String,
    /// 载体类型 of the form, e.g. 纸质.
    pub carrier_type: String,
    /// The level that the person says it has.
    pub level: Level,
    /// 数据条目数量, as counted by a person.
    pub records: Option<Measure>,
    /// 存储总量 in bytes, where it has any.
    pub bytes: Option<Measure>,
    /// Distinct persons.
    pub subjects: Option<Measure>,
    /// The civil date of the count.
    pub as_of: String,
    /// Who entered it.
    pub by: String,
    /// The civil date on which they did.
    pub date: String,
    /// What it is, or why it was changed or ended.
    pub reason: String,
    /// Whether it is there no more (destroyed, given away): kept, and in no catalog from then on.
    pub ended: bool,
}

impl ManualClass {
    /// The id of its class and catalog entry.
    #[must_use]
    pub fn id(&self) -> ClassId {
        ClassId::of(&self.category, &self.carrier)
    }

    /// Those that stand: of each class the latest row, unless it ended, sorted by category and carrier.
    #[must_use]
    pub fn standing(all: &[Self]) -> Vec<&Self> {
        let latest: BTreeMap<(&str, &str), &Self> =
            all.iter().map(|one| ((one.category.as_str(), one.carrier.as_str()), one)).collect();
        latest.into_values().filter(|one| !one.ended).collect()
    }
}

/// A file that a person brought in, for the audit log: what it set stands in entries of its own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Import {
    /// What kind of file, e.g. `review`, `catalog`.
    pub kind: String,
    /// SHA-256 of its bytes, hexadecimal.
    pub digest: String,
    /// How many rows it set.
    pub rows: u64,
    /// Who brought it.
    pub by: String,
    /// Why.
    pub reason: Option<String>,
}
