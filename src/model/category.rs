use std::fmt;

use serde::{Deserialize, Serialize};

/// 类别: a node of the category tree as a dotted id, the five of `miit-166/8` on top:
/// `research`, `production`, `management`, `operations`, `service`; below them e.g. `production.quality`.
///
/// The tree itself is data (`catalogs/`), so any id can be held; `regime::Taxonomy` says which exist.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct CategoryId(String);

impl CategoryId {
    /// Takes an id as it stands.
    #[must_use]
    pub fn new(id: impl Into<String>) -> Self {
        Self(id.into())
    }

    /// The whole dotted id.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The category of `miit-166/8` that it belongs to.
    #[must_use]
    pub fn top(&self) -> &str {
        self.0.split('.').next().unwrap_or(&self.0)
    }

    /// Whether this is one of the five itself, without a sub-category.
    #[must_use]
    pub fn is_top(&self) -> bool {
        !self.0.contains('.')
    }
}

impl fmt::Display for CategoryId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}
