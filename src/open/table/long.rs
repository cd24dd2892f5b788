//! Long values of one column, for those that are documents of their own.

use sqlx::{AssertSqlSafe, Connection};

use crate::discover::database::{Database, Session, TableFacts, failure, mysql, quote};
use crate::model::{Column, Reason};

use super::deliver::Receiver;
use super::{RowSink, Sampling, postgres, sqlite, sqlserver};

/// Which values are long, and how much of them is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Long {
    /// So many values at most.
    pub most: usize,
    /// Those of more bytes than this.
    pub longer_than: usize,
    /// Bytes of each; the server cuts longer ones.
    pub bytes: u64,
}

/// Hands long values of a column to `sink`, one a row.
///
/// They are the first that the server finds in the time that a view may take to be counted: nothing says where in a large
/// table they are, and looking for them must not keep a plant's server busy.
///
/// # Errors
/// The reason why no more could be read.
pub fn long_values(
    database: &Database,
    table: &TableFacts,
    column: &Column,
    long: Long,
    sink: &mut dyn RowSink,
) -> Result<(), Reason> {
    let Long { most, longer_than, bytes } = long;
    let name = column.name.as_deref().unwrap_or_default();
    let limit = database.timeouts().view;
    let cell_bytes = usize::try_from(bytes).unwrap_or(usize::MAX);
    let mut receiver = Receiver::new(&Sampling { cell_bytes, ..Sampling::default() }, 1, sink);
    let receiver = &mut receiver;
    match database.session() {
        Session::Sqlite(session) => {
            let name = quote::ansi(name);
            let sql = format!(
                "SELECT substr(CAST({name} AS BLOB), 1, {bytes}) FROM main.{} \
                 WHERE length(CAST({name} AS BLOB)) > {longer_than} LIMIT {most}",
                quote::ansi(&table.name)
            );
            sqlite::with(database, session, limit, async |connection| {
                // Safe, as everywhere here: names went through `quote`, the rest is numbers.
                receiver.take(u64::MAX, sqlx::query(AssertSqlSafe(sql)).persistent(false).fetch(connection)).await
            })
            .map(drop)
        }
        Session::Postgres(session) => postgres::long_values(session, table, column, limit, long, receiver),
        Session::SqlServer(session) => sqlserver::long_values(session, table, column, limit, long, receiver),
        Session::Mysql(session) => {
            let name = quote::mysql(name);
            let sql = format!(
                "SELECT LEFT({name}, {bytes}) FROM {} WHERE OCTET_LENGTH({name}) > {longer_than} LIMIT {most}",
                mysql::source(table)
            );
            let read = session.with(limit, async |connection| {
                let mut transaction = connection.begin_with("START TRANSACTION READ ONLY").await?;
                let rows = sqlx::raw_sql(AssertSqlSafe(sql)).fetch(&mut *transaction);
                receiver.take(u64::MAX, rows).await?;
                transaction.rollback().await
            });
            read.map_err(|error| failure::reason(&error))
        }
    }
}
