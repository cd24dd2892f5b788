//! Rows of a MySQL or MariaDB table.
//!
//! Statements go as text: everything is cast to text anyway, and closing a prepared one costs 40 ms, since the driver
//! waits for no answer to it and the next packet then waits for its acknowledgement (measured on the loopback).

use sqlx::mysql::MySqlConnection;
use sqlx::{AssertSqlSafe, Connection, Row};

use crate::discover::database::mysql::{Session, source};
use crate::discover::database::{Database, TableFacts, failure, quote};
use crate::model::{Column, Reason};

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
    let more = session.with(limit(database, sampling), async |connection| {
        let mut transaction = connection.begin_with("START TRANSACTION READ ONLY").await?;
        let more = read_rows(&mut transaction, table, sampling, receiver).await?;
        transaction.rollback().await?;
        Ok(more)
    });
    more.map_err(|error| failure::reason(&error))
}

async fn read_rows(
    connection: &mut MySqlConnection,
    table: &TableFacts,
    sampling: &Sampling,
    receiver: &mut Receiver<'_>,
) -> Result<bool, sqlx::Error> {
    let cells = table.columns.iter().map(|column| cell(column, sampling)).collect::<Vec<_>>().join(", ");
    let select = format!("SELECT {cells} FROM {}", source(table));
    let Some(key) = table.key.as_deref().filter(|_| !is_whole(table, sampling)) else {
        // Safe, as everywhere here: names went through `quote`, the rest is numbers.
        let sql = format!("{select}{}", limit_clause(sampling));
        return receiver.take(sqlx::raw_sql(AssertSqlSafe(sql)).fetch(connection)).await;
    };
    let key = quote::mysql(key);
    let ends = format!("SELECT CAST(min({key}) AS CHAR), CAST(max({key}) AS CHAR) FROM {}", source(table));
    let ends = sqlx::raw_sql(AssertSqlSafe(ends)).fetch_one(&mut *connection).await?;
    let end = |index: usize| {
        let bytes: Option<&[u8]> = ends.try_get_unchecked(index).ok()?;
        std::str::from_utf8(bytes?).ok()?.parse::<i128>().ok()
    };
    let (Some(first), Some(last)) = (end(0), end(1)) else { return Ok(false) };
    let mut ranges = Ranges::new(first, last, SLICES);
    while let Some(range) = ranges.next(receiver.left()) {
        let sql = format!(
            "{select} WHERE {key} BETWEEN {} AND {} ORDER BY {key} LIMIT {} OFFSET {}",
            range.first,
            range.last,
            range.rows.saturating_add(1),
            range.taken
        );
        let stream = sqlx::raw_sql(AssertSqlSafe(sql)).fetch(&mut *connection);
        let more = receiver.take_at_most(range.rows, stream).await?;
        ranges.answered(range, more);
    }
    Ok(ranges.is_open())
}

/// A column as text or bytes, cut by the server.
fn cell(column: &Column, sampling: &Sampling) -> String {
    let name = quote::mysql(column.name.as_deref().unwrap_or_default());
    let declared = column.declared_type.as_deref().unwrap_or_default();
    let most = cut_at(sampling);
    match declared.split(['(', ' ']).next().unwrap_or_default() {
        "binary" | "varbinary" | "tinyblob" | "blob" | "mediumblob" | "longblob" | "vector" => {
            format!("LEFT({name}, {most})")
        }
        "geometry" | "point" | "linestring" | "polygon" | "multipoint" | "multilinestring" | "multipolygon"
        | "geometrycollection" | "geomcollection" => format!("LEFT(ST_AsText({name}), {most})"),
        // As text a bit field would be unprintable bytes.
        "bit" => format!("CAST({name} + 0 AS CHAR)"),
        _ => format!("LEFT(CAST({name} AS CHAR), {most})"),
    }
}
