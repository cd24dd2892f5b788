//! Rows of a catalog, whatever server they come from: columns and keys put together by table.

use std::collections::BTreeMap;

use crate::model::Column;

use super::keys::{KeyKind, Keys};

/// Schema and name of a table.
pub(super) type Place = (String, String);

/// A row of a catalog, of which each cell is wanted as text.
pub(super) trait Cells {
    /// The text of a cell; `None` for NULL, and behind the end of the row.
    fn cell(&self, index: usize) -> Option<String>;
}

impl Cells for Vec<Option<String>> {
    fn cell(&self, index: usize) -> Option<String> {
        self.get(index).cloned().flatten()
    }
}

/// From rows of schema, table, column, comment, type, in the order of the columns.
pub(super) fn columns_by_table(rows: &[impl Cells]) -> BTreeMap<Place, Vec<Column>> {
    let mut columns: BTreeMap<Place, Vec<Column>> = BTreeMap::new();
    for row in rows {
        let (Some(schema), Some(table)) = (row.cell(0), row.cell(1)) else { continue };
        columns.entry((schema, table)).or_default().push(Column {
            name: row.cell(2),
            comment: row.cell(3).filter(|comment| !comment.is_empty()),
            declared_type: row.cell(4),
            from_schema: true,
        });
    }
    columns
}

/// From rows of schema, table, kind of key (`p`, `u`, else foreign), its name, one column of it in the order of the key, and
/// the schema, table and column that it refers to.
pub(super) fn keys_by_table(rows: &[impl Cells]) -> BTreeMap<Place, Keys> {
    let mut keys: BTreeMap<Place, Keys> = BTreeMap::new();
    for row in rows {
        let (Some(schema), Some(table), Some(letter)) = (row.cell(0), row.cell(1), row.cell(2)) else { continue };
        let (Some(name), Some(column)) = (row.cell(3), row.cell(4)) else { continue };
        let kind = match letter.trim_end() {
            "p" => KeyKind::Primary,
            "u" => KeyKind::Unique,
            _ => KeyKind::Foreign,
        };
        let target =
            row.cell(5).zip(row.cell(6)).zip(row.cell(7)).map(|((schema, table), column)| [schema, table, column]);
        keys.entry((schema, table)).or_default().add(kind, name, column, target);
    }
    keys
}
