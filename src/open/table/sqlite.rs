//! Rows of a SQLite table.

use std::time::Duration;

use sqlx::sqlite::{Sqlite, SqliteConnection};
use sqlx::{AssertSqlSafe, Connection, Row};

use crate::discover::database::sqlite::Session;
use crate::discover::database::{Database, TableFacts, failure, quote};
use crate::model::Reason;

use super::deliver::Receiver;
use super::keyed::{self, Dialect, KeyedTable, Sampled, Words};
use super::{Sampling, cut_at, is_whole, limit, limit_clause};

/// Rows up to which a table without row numbers, or a view, is walked through for a sample.
const MOST_WALKED_ROWS: u64 = 1_000_000;
/// Rows are drawn by the fractional parts of multiples of the golden ratio, which lie evenly however many they are
/// (Weyl 1916): in 65,536ths.
pub(super) const GOLDEN: u64 = 40_503;

pub(super) fn read(
    database: &Database,
    session: &Session,
    table: &TableFacts,
    sampling: &Sampling,
    receiver: &mut Receiver<'_>,
) -> Result<Sampled, Reason> {
    if table.columns.is_empty() {
        return Err(Reason::QueryFailed);
    }
    let cells = cells(table, sampling, session.is_utf16());
    with(database, session, limit(database, sampling), async |connection| {
        read_rows(connection, table, sampling, receiver, &cells).await
    })
}

/// Does `work` in one transaction, so that all it sees is of one state of the file.
pub(super) fn with<T>(
    database: &Database,
    session: &Session,
    limit: Duration,
    work: impl AsyncFnOnce(&mut SqliteConnection) -> Result<T, sqlx::Error>,
) -> Result<T, Reason> {
    let mut held = session.connection_until(limit);
    let connection = held.as_mut().ok_or(Reason::Unreachable)?;
    let result = database.wait(limit, async {
        let mut transaction = connection.begin().await?;
        let done = work(&mut transaction).await?;
        transaction.rollback().await?;
        Ok(done)
    });
    drop(held);
    let done = result.map_err(|error| failure::reason(&error))?;
    session.require_unchanged()?;
    Ok(done)
}

async fn read_rows(
    connection: &mut SqliteConnection,
    table: &TableFacts,
    sampling: &Sampling,
    receiver: &mut Receiver<'_>,
    cells: &str,
) -> Result<Sampled, sqlx::Error> {
    let source = format!("main.{}", quote::ansi(&table.name));
    if !is_whole(table, sampling) {
        if let Some(key) = &table.key {
            let words = Words { key: quote::ansi(key), source, columns: cells, dialect: Dialect::Limit };
            return keyed::sample(&mut Keyed(connection), &words, table, sampling, receiver).await;
        }
        if let Some(rows) = table.records.map(|records| records.value).filter(|rows| *rows <= MOST_WALKED_ROWS) {
            let share = (sampling.rows << 16) / rows.max(1);
            let numbered = format!("(SELECT row_number() OVER () AS \"mulu number\", * FROM {source})");
            let drawn = format!("(\"mulu number\" * {GOLDEN} + {}) % 65536 < {share}", sampling.seed % 65_536);
            // Safe, as everywhere here: names went through `quote`, the rest is numbers.
            let sql = format!("SELECT {cells} FROM {numbered} WHERE {drawn}");
            receiver.take_each(sqlx::query(AssertSqlSafe(sql)).persistent(false).fetch(connection)).await?;
            return Ok(Sampled { more: true, of: None });
        }
    }
    let (most, limit) =
        if is_whole(table, sampling) { (u64::MAX, String::new()) } else { (sampling.rows, limit_clause(sampling)) };
    let sql = format!("SELECT {cells} FROM {source}{limit}");
    let more = receiver.take(most, sqlx::query(AssertSqlSafe(sql)).persistent(false).fetch(connection)).await?;
    Ok(Sampled { more, of: None })
}

struct Keyed<'c>(&'c mut SqliteConnection);

impl KeyedTable for Keyed<'_> {
    async fn numbers(&mut self, sql: String) -> Result<Vec<Option<i128>>, sqlx::Error> {
        let row = sqlx::query(AssertSqlSafe(sql)).persistent(false).fetch_one(&mut *self.0).await?;
        let number = |index: usize| row.try_get_unchecked::<Option<i64>, _>(index).ok().flatten().map(i128::from);
        Ok((0..row.len()).map(number).collect())
    }

    async fn clusters(
        &mut self,
        statements: Vec<String>,
        of: Vec<u64>,
        receiver: &mut Receiver<'_>,
    ) -> Result<(), sqlx::Error> {
        let sql = statements.join("; ");
        let answers = sqlx::raw_sql(AssertSqlSafe(sql)).fetch_many(&mut *self.0);
        receiver.take_clusters::<Sqlite>(&of, answers).await
    }
}

/// The columns as bytes, cut: a number as its text, a blob as it is. One byte more than wanted tells that it was longer.
fn cells(table: &TableFacts, sampling: &Sampling, is_utf16: bool) -> String {
    let most = cut_at(sampling);
    let cell = |name: &str| {
        let name = quote::ansi(name);
        if is_utf16 {
            format!(
                "CASE typeof({name}) WHEN 'blob' THEN substr({name}, 1, {most}) ELSE substr(CAST({name} AS TEXT), 1, {most}) END"
            )
        } else {
            // Cutting text would stop at a zero byte, cutting bytes does not.
            format!("substr(CAST({name} AS BLOB), 1, {most})")
        }
    };
    table.columns.iter().filter_map(|column| column.name.as_deref()).map(cell).collect::<Vec<_>>().join(", ")
}
