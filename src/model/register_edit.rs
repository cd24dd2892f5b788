use serde::{Deserialize, Serialize};

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
