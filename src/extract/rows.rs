//! Rows of a database as fragments: a table with named columns, then cell by cell.

use crate::discover::database::{Database, TableFacts};
use crate::model::{Fragment, Reason};
use crate::open::table::{RowsRead, Sampling, read};

/// Reads a table as far as `sampling` wants and hands its columns, cells and ends of rows to `sink`.
///
/// # Errors
/// The reason why this table could not be read; the fragments that were handed over until then are right.
pub fn extract(
    database: &Database,
    table: &TableFacts,
    sampling: &Sampling,
    sink: &mut dyn FnMut(Fragment<'_>),
) -> Result<RowsRead, Reason> {
    sink(Fragment::Table(&table.columns));
    let read = read(database, table, sampling, &mut |cells| {
        for (column, cell) in cells.iter().enumerate() {
            if let Some(text) = cell.filter(|text| !text.is_empty()) {
                sink(Fragment::Cell { column, text });
            }
        }
        sink(Fragment::RowEnd);
    });
    sink(Fragment::TableEnd);
    read
}
