//! Rows of a table: streamed, sampled evenly and always alike, nothing kept.
//!
//! A sample is of many small clusters: pages of PostgreSQL and SQL Server (`TABLESAMPLE SYSTEM`), ranges of an integer key elsewhere
//! (`keyed`). Each row of a table is as likely to be in it as any other, so that shares seen in it are those of the table;
//! how far off they may be is said by what differs between clusters (`detect::share`). Where neither is possible (a view,
//! a foreign table), rows are read from the top, and nothing is claimed of the others.

pub(crate) mod copy_text;
mod deliver;
mod keyed;
mod long;
mod mysql;
mod pages;
mod postgres;
mod postgres_columns;
mod ranges;
mod row;
mod sqlite;
mod sqlserver;

use std::time::Duration;

use sqlx::Connection;

use crate::discover::database::{Database, Session, TableFacts};
use crate::model::{Measure, Reason};

use deliver::Receiver;
pub use long::{Long, long_values};
pub(crate) use row::RowBuffer;
pub use row::{Row, RowSink};

/// How much of a table is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sampling {
    /// About how many rows a sample has, never more than a quarter above; a table with no more is read whole.
    pub rows: u64,
    /// Read every row, whatever their number.
    pub full: bool,
    /// Bytes of one cell that are read; the server cuts longer ones.
    pub cell_bytes: usize,
    /// Which of all samples: the same seed draws the same rows of an unchanged table.
    pub seed: u64,
}

impl Default for Sampling {
    /// 1,000 rows: the share of a value that is in every tenth row is then known within two points.
    /// 64 KiB: more than any field a person fills in; what is longer is a document.
    fn default() -> Self {
        Self { rows: 1_000, full: false, cell_bytes: 64 * 1024, seed: 166 }
    }
}

/// What was read of a table.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RowsRead {
    /// Rows that were handed over.
    pub rows: u64,
    /// Rows that there are, where somebody knows.
    pub of: Option<Measure>,
    /// Not all rows were read.
    pub sampled: bool,
    /// Cells that were longer than a cell may be; their rest was not read.
    pub cut_cells: u64,
}

/// Reads rows of `table` and hands each to `sink`.
///
/// The same table gives the same rows in the same order. A connection is held meanwhile: `sink` must not ask the database
/// anything, nor hand work to a thread pool whose threads read tables themselves.
///
/// # Errors
/// The reason why this table, and only this one, could not be read; some rows may have been handed over.
pub fn read(
    database: &Database,
    table: &TableFacts,
    sampling: &Sampling,
    sink: &mut dyn RowSink,
) -> Result<RowsRead, Reason> {
    let mut receiver = Receiver::new(sampling, table.columns.len(), sink);
    let sampled = match database.session() {
        Session::Sqlite(session) => sqlite::read(database, session, table, sampling, &mut receiver),
        Session::Postgres(session) => postgres::read(database, session, table, sampling, &mut receiver),
        Session::Mysql(session) => mysql::read(database, session, table, sampling, &mut receiver),
        Session::SqlServer(session) => sqlserver::read(database, session, table, sampling, &mut receiver),
    }?;
    let rows = receiver.rows();
    // Who saw the end of the table has counted it.
    let of =
        if sampled.more { table.records.or(sampled.of.map(Measure::estimate)) } else { Some(Measure::exact(rows)) };
    Ok(RowsRead { rows, of, sampled: sampled.more, cut_cells: receiver.cut_cells() })
}

/// Whether the server answers, on a connection that may be a new one.
#[must_use]
pub fn answers(database: &Database) -> bool {
    let connect = database.timeouts().connect;
    match database.session() {
        Session::Sqlite(_) => true,
        Session::Postgres(session) => {
            session.with(session.home(), connect, async |connection| connection.ping().await).is_ok()
        }
        Session::Mysql(session) => session.with(connect, async |connection| connection.ping().await).is_ok(),
        Session::SqlServer(session) => {
            session.with(session.home(), connect, async |connection| connection.ping().await).is_ok()
        }
    }
}

/// Whether all rows are to be read at once: wanted, or known to be few.
fn is_whole(table: &TableFacts, sampling: &Sampling) -> bool {
    sampling.full || table.records.is_some_and(|records| records.exact && records.value <= sampling.rows)
}

/// How long the reading of one table may take.
fn limit(database: &Database, sampling: &Sampling) -> Duration {
    if sampling.full { database.timeouts().full } else { database.timeouts().statement }
}

/// Characters or bytes after which the server cuts a cell: one more than wanted tells that it was longer. Servers count
/// them in 32 bits.
fn cut_at(sampling: &Sampling) -> u32 {
    u32::try_from(sampling.cell_bytes)
        .map_or(i32::MAX.unsigned_abs(), |bytes| bytes.saturating_add(1).min(i32::MAX.unsigned_abs()))
}

/// `LIMIT` for reading from the top: one more row than wanted tells whether there are more.
fn limit_clause(sampling: &Sampling) -> String {
    format!(" LIMIT {}", sampling.rows.saturating_add(1))
}
