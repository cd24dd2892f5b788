//! Rows of a SQLite table.

use sqlx::sqlite::SqliteConnection;
use sqlx::{AssertSqlSafe, Connection, Row};

use crate::discover::database::sqlite::Session;
use crate::discover::database::{Database, TableFacts, failure, quote};
use crate::model::Reason;

use super::deliver::Receiver;
use super::ranges::{Ranges, SLICES};
use super::{Sampling, cut_at, is_whole, limit, limit_clause};

pub(super) fn read(
    database: &Database,
    session: &Session,
    table: &TableFacts,
    sampling: &Sampling,
    receiver: &mut Receiver<'_>,
) -> Result<bool, Reason> {
    if table.columns.is_empty() {
        return Err(Reason::QueryFailed);
    }
    let limit = limit(database, sampling);
    let mut held = session.connection_until(limit);
    let connection = held.as_mut().ok_or(Reason::Unreachable)?;
    let cells = cells(table, sampling, session.is_utf16());
    let result = database.wait(limit, async {
        // One transaction: the ranges of a sample are of one state of the table.
        let mut transaction = connection.begin().await?;
        let more = read_rows(&mut transaction, table, sampling, receiver, &cells).await?;
        transaction.rollback().await?;
        Ok(more)
    });
    drop(held);
    let more = result.map_err(|error| failure::reason(&error))?;
    session.require_unchanged()?;
    Ok(more)
}

async fn read_rows(
    connection: &mut SqliteConnection,
    table: &TableFacts,
    sampling: &Sampling,
    receiver: &mut Receiver<'_>,
    cells: &str,
) -> Result<bool, sqlx::Error> {
    let select = format!("SELECT {cells} FROM main.{}", quote::ansi(&table.name));
    let Some(key) = table.key.as_deref().filter(|_| !is_whole(table, sampling)) else {
        // Safe, as everywhere here: names went through `quote`, the rest is numbers.
        let sql = format!("{select}{}", limit_clause(sampling));
        return receiver.take(sqlx::query(AssertSqlSafe(sql)).persistent(false).fetch(connection)).await;
    };
    let key = quote::ansi(key);
    let ends = format!(
        "SELECT (SELECT min({key}) FROM main.{0}), (SELECT max({key}) FROM main.{0})",
        quote::ansi(&table.name)
    );
    let ends = sqlx::query(AssertSqlSafe(ends)).persistent(false).fetch_one(&mut *connection).await?;
    let (Some(first), Some(last)) =
        (ends.try_get_unchecked::<Option<i64>, _>(0)?, ends.try_get_unchecked::<Option<i64>, _>(1)?)
    else {
        return Ok(false);
    };
    let mut ranges = Ranges::new(first.into(), last.into(), SLICES);
    while let Some(range) = ranges.next(receiver.left()) {
        let sql = format!(
            "{select} WHERE {key} BETWEEN {} AND {} ORDER BY {key} LIMIT {} OFFSET {}",
            range.first,
            range.last,
            range.rows.saturating_add(1),
            range.taken
        );
        let stream = sqlx::query(AssertSqlSafe(sql)).persistent(false).fetch(&mut *connection);
        let more = receiver.take_at_most(range.rows, stream).await?;
        ranges.answered(range, more);
    }
    Ok(ranges.is_open())
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
