//! Rows of a MySQL or MariaDB table.
//!
//! Statements go as text: the answer to one is text whatever the column, and closing a prepared one costs 40 ms, since
//! the driver waits for no answer to it and the next packet then waits for its acknowledgement (measured on the loopback).

use sqlx::mysql::{MySql, MySqlConnection};
use sqlx::{AssertSqlSafe, Connection, Row};

use crate::discover::database::mysql::{Session, source};
use crate::discover::database::{Database, TableFacts, failure, quote};
use crate::model::{AssetKind, Column, Reason};

use super::deliver::Receiver;
use super::keyed::{self, Dialect, KeyedTable, Sampled, Words};
use super::{Sampling, cut_at, is_whole, limit, limit_clause};

/// Bytes up to which a table without an integer key is walked through by the server for a sample; more would take
/// longer than a plant's server should be kept busy with a thousand rows.
const MOST_WALKED_BYTES: u64 = 256 << 20;

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
    let sampled = session.with(limit(database, sampling), async |connection| {
        let mut transaction = connection.begin_with("START TRANSACTION READ ONLY").await?;
        let sampled = read_rows(&mut transaction, table, sampling, receiver).await?;
        transaction.rollback().await?;
        Ok(sampled)
    });
    sampled.map_err(|error| failure::reason(&error))
}

async fn read_rows(
    connection: &mut MySqlConnection,
    table: &TableFacts,
    sampling: &Sampling,
    receiver: &mut Receiver<'_>,
) -> Result<Sampled, sqlx::Error> {
    let cells = table.columns.iter().map(|column| cell(column, sampling)).collect::<Vec<_>>().join(", ");
    let source = source(table);
    if is_whole(table, sampling) {
        return from_the_top(connection, format!("SELECT {cells} FROM {source}"), u64::MAX, receiver).await;
    }
    if let Some(key) = &table.key {
        let words = Words { key: quote::mysql(key), source, columns: &cells, dialect: Dialect::Limit };
        return keyed::sample(&mut Keyed(connection), &words, table, sampling, receiver).await;
    }
    if let Some(share) = walked_share(table, sampling) {
        // Rows drawn each by itself: each is a cluster of one.
        let sql = format!("SELECT {cells} FROM {source} WHERE RAND({}) < {share:.9}", sampling.seed);
        return each_by_itself(connection, sql, receiver).await;
    }
    let sql = format!("SELECT {cells} FROM {source}{}", limit_clause(sampling));
    from_the_top(connection, sql, sampling.rows, receiver).await
}

/// The share of rows to draw one by one from a table without a key; `None` where it is too large to be walked through.
fn walked_share(table: &TableFacts, sampling: &Sampling) -> Option<f64> {
    let rows = table.records.filter(|_| table.kind == AssetKind::Table)?.value;
    table.bytes.filter(|bytes| bytes.value <= MOST_WALKED_BYTES)?;
    Some(sampling.rows as f64 / rows.max(1) as f64)
}

async fn from_the_top(
    connection: &mut MySqlConnection,
    sql: String,
    most: u64,
    receiver: &mut Receiver<'_>,
) -> Result<Sampled, sqlx::Error> {
    // Safe, as everywhere here: names went through `quote`, the rest is numbers.
    let more = receiver.take(most, sqlx::raw_sql(AssertSqlSafe(sql)).fetch(connection)).await?;
    Ok(Sampled { more, of: None })
}

async fn each_by_itself(
    connection: &mut MySqlConnection,
    sql: String,
    receiver: &mut Receiver<'_>,
) -> Result<Sampled, sqlx::Error> {
    receiver.take_each(sqlx::raw_sql(AssertSqlSafe(sql)).fetch(connection)).await?;
    Ok(Sampled { more: true, of: None })
}

struct Keyed<'c>(&'c mut MySqlConnection);

impl KeyedTable for Keyed<'_> {
    async fn numbers(&mut self, sql: String) -> Result<Vec<Option<i128>>, sqlx::Error> {
        let row = sqlx::raw_sql(AssertSqlSafe(sql)).fetch_one(&mut *self.0).await?;
        let number = |index: usize| {
            let bytes: Option<&[u8]> = row.try_get_unchecked(index).ok()?;
            std::str::from_utf8(bytes?).ok()?.parse().ok()
        };
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
        receiver.take_clusters::<MySql>(&of, answers).await
    }
}

/// A column as the server writes it, cut by the server where it may be long.
fn cell(column: &Column, sampling: &Sampling) -> String {
    let name = quote::mysql(column.name.as_deref().unwrap_or_default());
    let declared = column.declared_type.as_deref().unwrap_or_default();
    let most = cut_at(sampling);
    match declared.split(['(', ' ']).next().unwrap_or_default() {
        // No value of these is long: a row without long columns has at most 65,535 bytes.
        "tinyint" | "smallint" | "mediumint" | "int" | "integer" | "bigint" | "decimal" | "float" | "double"
        | "date" | "datetime" | "timestamp" | "time" | "year" | "enum" | "set" | "char" | "varchar" | "tinytext"
        | "binary" | "varbinary" | "tinyblob" => name,
        "text" | "mediumtext" | "longtext" | "json" | "blob" | "mediumblob" | "longblob" => {
            format!("IF(OCTET_LENGTH({name}) < {most}, {name}, LEFT({name}, {most}))")
        }
        "geometry" | "point" | "linestring" | "polygon" | "multipoint" | "multilinestring" | "multipolygon"
        | "geometrycollection" | "geomcollection" => format!("LEFT(ST_AsText({name}), {most})"),
        "vector" => format!("LEFT({name}, {most})"),
        // As text a bit field would be unprintable bytes.
        "bit" => format!("CAST({name} + 0 AS CHAR)"),
        _ => format!("LEFT(CAST({name} AS CHAR), {most})"),
    }
}
