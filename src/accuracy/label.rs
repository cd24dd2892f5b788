use serde::Deserialize;

use super::{Error, NONE};

/// What a person says one asset is. Keys that are not named here are left alone, so that labellers can keep notes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct Label {
    /// The group that figures are given for: a system, a store.
    #[serde(default)]
    pub system: String,
    /// The schema of a table; empty where the system has one alone.
    #[serde(default)]
    pub schema: String,
    /// The name of a table.
    #[serde(default)]
    pub table: String,
    /// The path of a file below the root that is given.
    #[serde(default)]
    pub path: String,
    /// The locator of an asset of the inventory, as `mulu assets` shows it.
    #[serde(default)]
    pub locator: String,
    /// An id of the tree, of any depth; `none` for plumbing that is to be left unclassified.
    pub category: String,
    /// Other ids that are right too.
    #[serde(default)]
    pub alt: Vec<String>,
    /// Whether two careful persons would disagree: such a line is left out.
    #[serde(default)]
    pub ambiguous: bool,
    /// How the label was given: `pattern` for a family of like names that was labelled as one.
    #[serde(default)]
    pub rule: String,
}

impl Label {
    /// Reads labels, one a line; `known` says which categories exist.
    pub fn read(text: &str, file: &str, known: impl Fn(&str) -> bool) -> Result<Vec<Self>, Error> {
        let mut labels = Vec::new();
        for (line, text) in (1..).zip(text.lines()).filter(|(_, text)| !text.trim().is_empty()) {
            let malformed = |_| Error::Malformed { file: file.to_owned(), line };
            let label: Self = serde_json::from_str(text).map_err(malformed)?;
            let wrong = std::iter::once(&label.category).chain(&label.alt).find(|id| *id != NONE && !known(id));
            if let Some(category) = wrong {
                return Err(Error::Unknown { file: file.to_owned(), line, category: category.clone() });
            }
            labels.push(label);
        }
        Ok(labels)
    }

    /// Whether it was given to a family of like names as one.
    #[must_use]
    pub fn is_of_family(&self) -> bool {
        self.rule == "pattern"
    }

    /// Whether the category, or one of the others, holds the answer.
    #[must_use]
    pub(super) fn accepts(&self, answer: &str, leniently: bool) -> bool {
        let holds =
            |id: &String| answer == id || answer.strip_prefix(id.as_str()).is_some_and(|below| below.starts_with('.'));
        holds(&self.category) || leniently && self.alt.iter().any(holds)
    }

    /// What a person reads of it: schema and table, path, or locator.
    #[must_use]
    pub fn place(&self) -> String {
        match (self.table.as_str(), self.path.as_str()) {
            ("", "") => self.locator.clone(),
            ("", path) => path.to_owned(),
            (table, _) if self.schema.is_empty() => table.to_owned(),
            (table, _) => format!("{}.{table}", self.schema),
        }
    }
}
