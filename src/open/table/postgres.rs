//! Rows of a PostgreSQL table, by `COPY … TO STDOUT`: the server writes text as fast as it can, and no cell has memory
//! of its own on the way (docs/performance.md).

use std::time::Duration;

use futures_util::TryStreamExt;
use sqlx::postgres::{PgConnection, PgRow};
use sqlx::{AssertSqlSafe, Row};

use crate::discover::database::postgres::{Session, source};
use crate::discover::database::{Database, TableFacts, failure, format, quote};
use crate::model::{Column, Reason};

use super::copy_text::read_row;
use super::deliver::Receiver;
use super::keyed::Sampled;
use super::long::Long;
use super::pages::{self, Pages};
use super::postgres_columns::{base_type, cells, content, contents};
use super::sqlite::GOLDEN;
use super::{Sampling, is_whole, limit, limit_clause};

pub(super) fn read(
    database: &Database,
    session: &Session,
    table: &TableFacts,
    sampling: &Sampling,
    receiver: &mut Receiver<'_>,
) -> Result<Sampled, Reason> {
    in_transaction(session, table, limit(database, sampling), async |connection, is_raw| {
        Reading { connection, table, sampling, is_raw }.rows(receiver).await
    })
}

/// Hands over long values of a column.
pub(super) fn long_values(
    session: &Session,
    table: &TableFacts,
    column: &Column,
    limit: Duration,
    Long { most, longer_than, bytes }: Long,
    receiver: &mut Receiver<'_>,
) -> Result<(), Reason> {
    let name = quote::ansi(column.name.as_deref().unwrap_or_default());
    // What has no bytes of its own is a text by its looks.
    let value = if matches!(base_type(column).0, "bytea" | "text" | "character varying") {
        name
    } else {
        format!("{name}::text")
    };
    let query = format!(
        "SELECT substring({value} FROM 1 FOR {bytes}) FROM {} \
         WHERE pg_column_size({value}) < {} AND octet_length({value}) > {longer_than} LIMIT {most}",
        source(table),
        bytes.saturating_mul(2)
    );
    let contents = [content(column)];
    in_transaction(session, table, limit, async |connection, is_raw| {
        let sampling = &Sampling::default();
        let mut reading = Reading { connection, table, sampling, is_raw };
        reading
            .lines(&query, &mut |line| {
                let (_, is_whole) = read_row(line, 0, &contents, receiver.next_row());
                receiver.end_row();
                is_whole
            })
            .await
    })
}

/// Does `work` in a transaction in which nothing can be written; it is told whether text comes as the server keeps it.
fn in_transaction<T>(
    session: &Session,
    table: &TableFacts,
    limit: Duration,
    work: impl AsyncFnOnce(&mut PgConnection, bool) -> Result<T, sqlx::Error>,
) -> Result<T, Reason> {
    let done = session.with(session.home_of(table), limit, async |connection| {
        // Safe, as everywhere here: names went through `quote`, the rest is numbers.
        let begin = format!(
            "BEGIN READ ONLY; SET LOCAL statement_timeout = {}; SELECT current_setting('server_encoding')",
            limit.as_millis()
        );
        let encoding = sqlx::raw_sql(AssertSqlSafe(begin)).fetch_one(&mut *connection).await?;
        // Where the server knows no encoding it would refuse what is no UTF-8 on the way to it.
        let is_raw = encoding.try_get_unchecked::<&str, _>(0)? == "SQL_ASCII";
        let done = work(connection, is_raw).await?;
        sqlx::raw_sql("ROLLBACK").execute(connection).await?;
        Ok(done)
    });
    done.map_err(|error| failure::reason(&error))
}

/// The reading of one table in one transaction.
struct Reading<'r> {
    connection: &'r mut PgConnection,
    table: &'r TableFacts,
    sampling: &'r Sampling,
    is_raw: bool,
}

impl Reading<'_> {
    async fn rows(&mut self, receiver: &mut Receiver<'_>) -> Result<Sampled, sqlx::Error> {
        let (table, sampling) = (self.table, self.sampling);
        let source = source(table);
        if is_whole(table, sampling) {
            self.copy(&source, "", u64::MAX, receiver).await?;
            return Ok(Sampled { more: false, of: None });
        }
        if !takes_samples(table) {
            let more = self.copy(&source, &limit_clause(sampling), sampling.rows, receiver).await?;
            return Ok(Sampled { more, of: None });
        }
        self.one_process().await?;
        let (clause, Pages { drawn, percent }) = self.pages(&source).await?;
        if percent >= 100.0 && drawn <= sampling.rows {
            self.copy(&source, "", u64::MAX, receiver).await?;
            return Ok(Sampled { more: false, of: None });
        }
        // Of the rows in the drawn pages as many as wanted, evenly: by the number of the row in its page.
        let share = (u128::from(sampling.rows) << 16) / u128::from(drawn.max(1));
        let condition = format!("({LINE} * {GOLDEN} + {PAGE} * 30011 + {}) % 65536 < {share}", sampling.seed % 65_536);
        let from = format!("{source}{clause} WHERE {condition}");
        self.copy_clusters(&from, drawn, receiver).await?;
        Ok(Sampled { more: true, of: Some((drawn as f64 * 100.0 / percent) as u64) })
    }

    /// Several processes would give the rows of a sample in another order each time, and crowd out the plant.
    async fn one_process(&mut self) -> Result<(), sqlx::Error> {
        let sql = "SELECT set_config(name, '0', true) FROM pg_catalog.pg_settings \
                   WHERE name = 'max_parallel_workers_per_gather'";
        sqlx::raw_sql(sql).execute(&mut *self.connection).await.map(drop)
    }

    /// Draws pages, and tells by which clause.
    async fn pages(&mut self, source: &str) -> Result<(String, Pages), sqlx::Error> {
        let pages = self.number(pages_of(self.table)).await?;
        let sampling = self.sampling;
        // The same seed each time: the same pages of an unchanged table.
        let clause = |percent: f64| format!(" TABLESAMPLE SYSTEM ({percent:.6}) REPEATABLE ({})", sampling.seed);
        let drawn = pages::draw(pages, sampling, async |percent| {
            self.number(format!("SELECT count(*) FROM {source}{}", clause(percent))).await
        });
        let drawn = drawn.await?;
        Ok((clause(drawn.percent), drawn))
    }

    async fn number(&mut self, sql: String) -> Result<u64, sqlx::Error> {
        let row: PgRow = sqlx::raw_sql(AssertSqlSafe(sql)).fetch_one(&mut *self.connection).await?;
        let text: Option<&str> = row.try_get_unchecked(0)?;
        Ok(text.and_then(|text| text.parse().ok()).unwrap_or(0))
    }

    /// Reads rows; gives whether there are more than `most`.
    async fn copy(
        &mut self,
        source: &str,
        limit: &str,
        most: u64,
        receiver: &mut Receiver<'_>,
    ) -> Result<bool, sqlx::Error> {
        let columns = contents(self.table);
        let mut more = false;
        let query = format!("SELECT {} FROM {source}{limit}", cells(self.table, self.sampling));
        self.lines(&query, &mut |line| {
            more |= receiver.rows() >= most;
            if more {
                return true;
            }
            let (_, is_whole) = read_row(line, 0, &columns, receiver.next_row());
            receiver.end_row();
            is_whole
        })
        .await?;
        Ok(more)
    }

    /// Reads the drawn rows; those of one page are a cluster.
    async fn copy_clusters(&mut self, from: &str, drawn: u64, receiver: &mut Receiver<'_>) -> Result<(), sqlx::Error> {
        let columns = contents(self.table);
        let comma = if columns.is_empty() { "" } else { ", " };
        let query = format!("SELECT tableoid::int8, {PAGE}{comma}{} FROM {from}", cells(self.table, self.sampling));
        let mut page = None;
        let mut rows = 0;
        self.lines(&query, &mut |line| {
            let (numbers, is_whole) = read_row(line, 2, &columns, receiver.next_row());
            if page.is_some_and(|page| page != numbers) {
                receiver.cluster_end(rows);
                rows = 0;
            }
            page = Some(numbers);
            rows += 1;
            receiver.end_row();
            is_whole
        })
        .await?;
        receiver.cluster_end(rows);
        debug_assert!(receiver.rows() <= drawn);
        Ok(())
    }

    /// Hands over the lines of a query, one a row, until one of them is not as it should be.
    async fn lines(&mut self, query: &str, each: &mut dyn FnMut(&[u8]) -> bool) -> Result<(), sqlx::Error> {
        let encoding = if self.is_raw { ", ENCODING 'SQL_ASCII'" } else { "" };
        let sql = format!("COPY ({query}) TO STDOUT WITH (FORMAT text{encoding})");
        let mut chunks = self.connection.copy_out_raw(&sql).await?;
        let mut held: Vec<u8> = Vec::new();
        while let Some(chunk) = chunks.try_next().await? {
            let mut rest: &[u8] = &chunk;
            // Within a row a line feed is written with a backslash. Servers send one row at a time, but need not.
            while let Some(end) = memchr::memchr(b'\n', rest) {
                let (line, behind) = rest.split_at(end);
                let is_whole = if held.is_empty() {
                    each(line)
                } else {
                    held.extend_from_slice(line);
                    let is_whole = each(&held);
                    held.clear();
                    is_whole
                };
                if !is_whole {
                    return Err(sqlx::Error::Protocol("a row with another number of cells".to_owned()));
                }
                rest = behind.get(1..).unwrap_or_default();
            }
            held.extend_from_slice(rest);
        }
        Ok(())
    }
}

/// The number of a row's page, and of the row in it.
const PAGE: &str = "(ctid::text::point)[0]::int8";
const LINE: &str = "(ctid::text::point)[1]::int8";

/// Views and foreign tables have no pages to choose from, and of a foreign partition the server would fetch every row.
fn takes_samples(table: &TableFacts) -> bool {
    matches!(table.format, format::POSTGRES_TABLE | format::POSTGRES_PARTITIONED | format::POSTGRES_MATERIALIZED)
}

/// Asks for the pages of a table, with those of its partitions, to any depth.
fn pages_of(table: &TableFacts) -> String {
    let name = format!("{}.{}", quote::ansi(&table.schema), quote::ansi(&table.name));
    format!(
        "WITH RECURSIVE parts(oid) AS (
             SELECT {}::regclass::oid
             UNION ALL
             SELECT i.inhrelid FROM pg_catalog.pg_inherits i JOIN parts p ON i.inhparent = p.oid
             JOIN pg_catalog.pg_class c ON c.oid = i.inhrelid WHERE c.relispartition
         )
         SELECT (sum(pg_catalog.pg_relation_size(p.oid)) / current_setting('block_size')::int8)::int8
         FROM parts p JOIN pg_catalog.pg_class c ON c.oid = p.oid WHERE c.relkind IN ('r', 'm')",
        quote::literal(&name)
    )
}
