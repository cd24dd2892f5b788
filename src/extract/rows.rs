//! Rows of a database as fragments: a table with named columns, then row by row.

use super::documents::Documents;
use crate::discover::database::{Database, TableFacts};
use crate::model::{Fragment, Reason};
use crate::open::table::{Row, RowSink, RowsRead, Sampling, read};

/// Reads a table as far as `sampling` wants and hands its columns, rows and clusters of rows to `sink`, and values that are
/// documents of their own to `documents`.
///
/// # Errors
/// The reason why this table could not be read; the fragments that were handed over until then are right.
pub fn extract(
    database: &Database,
    table: &TableFacts,
    sampling: &Sampling,
    documents: &mut Documents<'_>,
    sink: &mut dyn FnMut(Fragment<'_>),
) -> Result<RowsRead, Reason> {
    sink(Fragment::Table(&table.columns));
    let read = read(database, table, sampling, &mut Fragments { sink, documents });
    sink(Fragment::TableEnd);
    read
}

/// Hands rows on as fragments.
struct Fragments<'s, 'd, 'l> {
    sink: &'s mut dyn FnMut(Fragment<'_>),
    documents: &'d mut Documents<'l>,
}

impl RowSink for Fragments<'_, '_, '_> {
    fn row(&mut self, row: Row<'_>) {
        self.documents.look(row);
        (self.sink)(Fragment::Row { text: row.text, ends: row.ends });
        (self.sink)(Fragment::RowEnd);
    }

    fn cluster_end(&mut self, of: u64) {
        (self.sink)(Fragment::ClusterEnd { of });
    }
}
