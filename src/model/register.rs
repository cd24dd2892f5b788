use serde::{Deserialize, Serialize};

use super::{ClassId, Level, Measure};

/// Which entries a value of the register is for. A narrower scope outranks a wider one: entry, category, store, all.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(tag = "scope", rename_all = "lowercase")]
pub enum RegisterScope {
    /// A fact about the data processor itself.
    Enterprise,
    /// Every entry of the catalog.
    All,
    /// The entries of a store.
    Store {
        /// Its name.
        store: String,
    },
    /// The entries of a category and of those below it, in every store.
    Category {
        /// Its id.
        category: String,
    },
    /// One entry.
    Entry {
        /// Its category.
        category: String,
        /// Its carrier: a store, a system, or what a person named.
        store: String,
    },
}

impl RegisterScope {
    /// The id used in JSON and the inventory.
    #[must_use]
    pub fn id(&self) -> &'static str {
        match self {
            Self::Enterprise => "enterprise",
            Self::All => "all",
            Self::Store { .. } => "store",
            Self::Category { .. } => "category",
            Self::Entry { .. } => "entry",
        }
    }

    /// Its category and its store, as far as it names them.
    #[must_use]
    pub fn parts(&self) -> (Option<&str>, Option<&str>) {
        match self {
            Self::Enterprise | Self::All => (None, None),
            Self::Store { store } => (None, Some(store)),
            Self::Category { category } => (Some(category), None),
            Self::Entry { category, store } => (Some(category), Some(store)),
        }
    }

    /// The scope of an id and its parts, if they make one.
    #[must_use]
    pub fn from_parts(id: &str, category: Option<String>, store: Option<String>) -> Option<Self> {
        match (id, category, store) {
            ("enterprise", None, None) => Some(Self::Enterprise),
            ("all", None, None) => Some(Self::All),
            ("store", None, Some(store)) => Some(Self::Store { store }),
            ("category", Some(category), None) => Some(Self::Category { category }),
            ("entry", Some(category), Some(store)) => Some(Self::Entry { category, store }),
            _ => None,
        }
    }
}

/// A value that a named person gave for a column of the form, or took back. Appended, never changed: the latest for a
/// scope and field counts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RegisterEdit {
    /// For which entries.
    #[serde(flatten)]
    pub scope: RegisterScope,
    /// The column of the form, or the fact about the enterprise.
    pub field: String,
    /// What it is; `None` takes the value back that was given before.
    pub value: Option<String>,
    /// Who said so.
    pub by: String,
    /// The civil date on which they did.
    pub date: String,
    /// Why, where they said.
    pub reason: Option<String>,
}

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
        let latest: std::collections::BTreeMap<(&str, &str), &Self> =
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
