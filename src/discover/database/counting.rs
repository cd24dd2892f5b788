//! Rows of tables, many in a statement, for servers that keep an estimate for each table.

use std::time::Duration;

use crate::model::{AssetKind, Measure};

use super::batches::{self, Batch};
use super::listing::COUNTED_UP_TO;
use super::{TableFacts, Timeouts, failure};

/// Tables that are counted together: as much as a server reads within a few seconds.
const COUNTS: Batch = Batch { tables: 100, bytes: 256 << 20 };

/// A table with what is needed to count it.
pub(super) struct Entry {
    /// What is known of it so far.
    pub(super) facts: TableFacts,
    /// Rows by the server's estimate.
    pub(super) estimate: Option<u64>,
    /// Whether the login may read it, as far as the server says.
    pub(super) is_readable: bool,
}

/// Fills in the rows; what is locked, denied or too slow stays an estimate or unknown. `ask` counts those of the given
/// numbers, each of which it gives with its count.
///
/// # Errors
/// The server is gone.
pub(super) fn count(
    entries: &mut [Entry],
    timeouts: &Timeouts,
    mut ask: impl FnMut(&[Entry], &[usize], Duration) -> Result<Vec<(usize, u64)>, sqlx::Error>,
) -> Result<(), sqlx::Error> {
    let wanted = |is_stored: bool| -> Vec<(usize, u64)> {
        let of_kind = entries.iter().enumerate().filter(|(_, entry)| is_stored_here(&entry.facts) == is_stored);
        let few =
            of_kind.filter(|(_, entry)| entry.is_readable && entry.estimate.is_none_or(|rows| rows <= COUNTED_UP_TO));
        few.map(|(index, entry)| (index, entry.facts.bytes.map_or(0, |bytes| bytes.value))).collect()
    };
    let mut counts =
        batches::ask(&wanted(true), COUNTS, failure::is_gone, |indices| ask(entries, indices, timeouts.statement))?;
    // Of a view, and of a table of another server, nobody knows what it costs to count: each by itself.
    let alone = Batch { tables: 1, bytes: 0 };
    counts
        .extend(batches::ask(&wanted(false), alone, failure::is_gone, |indices| ask(entries, indices, timeouts.view))?);
    for (index, entry) in entries.iter_mut().enumerate() {
        entry.facts.records = match counts.get(&index) {
            Some(rows) => Some(Measure::exact(*rows)),
            None => entry.estimate.map(Measure::estimate),
        };
    }
    Ok(())
}

fn is_stored_here(table: &TableFacts) -> bool {
    table.kind == AssetKind::Table && table.format != super::format::SQLSERVER_EXTERNAL
}
