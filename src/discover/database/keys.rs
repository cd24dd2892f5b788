//! Keys of tables, put together from one row for each column of each key.

use std::collections::BTreeMap;

use super::ForeignKey;

/// The keys of one table by their names.
#[derive(Debug, Default)]
pub(super) struct Keys {
    primary: Vec<String>,
    unique: BTreeMap<String, Vec<String>>,
    foreign: BTreeMap<String, ForeignKey>,
}

/// What a key is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum KeyKind {
    Primary,
    Unique,
    Foreign,
}

/// Primary key, unique keys and foreign keys as [`super::TableFacts`] holds them.
pub(super) type SortedKeys = (Vec<String>, Vec<Vec<String>>, Vec<ForeignKey>);

impl Keys {
    /// One more column of the key `name`; `target` is the schema, table and column that it refers to.
    pub(super) fn add(&mut self, kind: KeyKind, name: String, column: String, target: Option<[String; 3]>) {
        match (kind, target) {
            (KeyKind::Primary, _) => self.primary.push(column),
            (KeyKind::Unique, _) => self.unique.entry(name).or_default().push(column),
            (KeyKind::Foreign, Some([schema, table, target])) => {
                let key = self.foreign.entry(name).or_insert_with(|| ForeignKey {
                    columns: Vec::new(),
                    schema,
                    table,
                    target_columns: Vec::new(),
                });
                key.columns.push(column);
                key.target_columns.push(target);
            }
            // The table that is referred to is hidden from this login.
            (KeyKind::Foreign, None) => {}
        }
    }

    /// By name, so that the same schema gives the same order.
    pub(super) fn sorted(self) -> SortedKeys {
        (self.primary, self.unique.into_values().collect(), self.foreign.into_values().collect())
    }
}
