//! Rows of a PostgreSQL table.

use sqlx::postgres::PgConnection;
use sqlx::{AssertSqlSafe, Row};

use crate::discover::database::postgres::{Session, begin, source};
use crate::discover::database::{Database, TableFacts, failure, format, quote};
use crate::model::Reason;

use super::deliver::Receiver;
use super::{Sampling, cut_at, is_whole, limit, limit_clause};

pub(super) fn read(
    database: &Database,
    session: &Session,
    table: &TableFacts,
    sampling: &Sampling,
    receiver: &mut Receiver<'_>,
) -> Result<bool, Reason> {
    let limit = limit(database, sampling);
    let more = session.with(session.home_of(table), limit, async |connection| {
        let mut transaction = begin(connection, limit).await?;
        let from = match sample_clause(&mut transaction, table, sampling).await? {
            Some(clause) => format!("{}{clause}", source(table)),
            None => source(table),
        };
        let cells = table.columns.iter().map(|column| cell(column, sampling)).collect::<Vec<_>>().join(", ");
        // Safe: names went through `quote`, the rest is numbers.
        let sql = format!("SELECT {cells} FROM {from}{}", limit_clause(sampling));
        let more = receiver.take(sqlx::query(AssertSqlSafe(sql)).persistent(false).fetch(&mut *transaction)).await?;
        transaction.rollback().await?;
        Ok(more)
    });
    let more = more.map_err(|error| failure::reason(&error))?;
    // A sample of blocks never sees the end of the table.
    Ok(more
        || (takes_samples(table)
            && !is_whole(table, sampling)
            && table.records.is_some_and(|of| of.value > receiver.rows())))
}

/// Views and foreign tables have no blocks to choose from.
fn takes_samples(table: &TableFacts) -> bool {
    matches!(table.format, format::POSTGRES_TABLE | format::POSTGRES_PARTITIONED | format::POSTGRES_MATERIALIZED)
}

/// `TABLESAMPLE` with the smallest share of the blocks that holds as many rows as wanted; `None` to read from the top.
async fn sample_clause(
    connection: &mut PgConnection,
    table: &TableFacts,
    sampling: &Sampling,
) -> Result<Option<String>, sqlx::Error> {
    let Some(of) = table.records.filter(|_| takes_samples(table) && !is_whole(table, sampling)) else {
        return Ok(None);
    };
    let mut percent = 100.0 * sampling.rows as f64 / of.value.max(1) as f64;
    while percent < 100.0 {
        // The same seed each time: the same blocks of an unchanged table.
        let clause = format!(" TABLESAMPLE SYSTEM ({percent:.6}) REPEATABLE (166)");
        let sql = format!("SELECT count(*) FROM {}{clause}", source(table));
        let row = sqlx::query(AssertSqlSafe(sql)).persistent(false).fetch_one(&mut *connection).await?;
        if row.try_get_unchecked::<i64, _>(0)? >= i64::try_from(sampling.rows).unwrap_or(i64::MAX) {
            return Ok(Some(clause));
        }
        percent = (percent * 1.25).max(0.000_001);
    }
    Ok(None)
}

/// A column as text, cut by the server; bytes stay bytes.
fn cell(column: &crate::model::Column, sampling: &Sampling) -> String {
    let name = quote::ansi(column.name.as_deref().unwrap_or_default());
    let most = cut_at(sampling);
    match column.declared_type.as_deref() {
        Some("bytea") => format!("substring({name} FROM 1 FOR {most})"),
        _ => format!("left({name}::text, {most})"),
    }
}
