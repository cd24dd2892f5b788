//! Bytes and rows of the tables of one database, many in a statement.

use std::collections::BTreeMap;
use std::time::Duration;

use sqlx::AssertSqlSafe;
use sqlx::postgres::PgRow;

use crate::model::Measure;

use super::super::batches::{self, Batch};
use super::super::listing::COUNTED_UP_TO;
use super::super::wording::first_understood;
use super::super::{TableFacts, failure, format};
use super::catalog::Entry;
use super::{Session, number, source};

/// Tables whose sizes are asked for together. One that is locked makes the server wait, and then each of them is asked
/// for by itself.
const SIZES: Batch = Batch { tables: 200, bytes: u64::MAX };

/// Tables that are counted together: as much as a server reads within a few seconds.
const COUNTS: Batch = Batch { tables: 100, bytes: 256 << 20 };

/// How the bytes of data and of indexes are asked for; a server or login may lack the later functions.
const SIZE_FUNCTIONS: [&str; 3] = [
    "pg_catalog.pg_table_size(c.oid), pg_catalog.pg_indexes_size(c.oid)",
    "pg_catalog.pg_table_size(c.oid), NULL",
    "pg_catalog.pg_relation_size(c.oid), NULL",
];

/// Bytes of data and of indexes, where the server says.
type Sizes = (Option<u64>, Option<u64>);

impl Session {
    /// Fills in bytes and rows; what is locked, denied or too slow stays an estimate or unknown.
    pub(super) fn measure(&self, database: &str, entries: &mut [Entry]) -> Result<(), sqlx::Error> {
        self.measure_bytes(database, entries)?;
        self.measure_records(database, entries)
    }

    fn measure_bytes(&self, database: &str, entries: &mut [Entry]) -> Result<(), sqlx::Error> {
        let keeps = |entry: &Entry| keeps_pages(&entry.facts) && entry.oid.is_some();
        let wanted: Vec<(usize, u64)> =
            entries.iter().enumerate().filter(|(_, entry)| keeps(entry)).map(|(index, _)| (index, 0)).collect();
        let sizes = batches::ask(&wanted, SIZES, failure::is_gone, |indices| {
            let owners: Vec<(usize, i64)> = indices
                .iter()
                .filter_map(|index| Some((*index, entries.get(*index)?)))
                .flat_map(|(index, entry)| {
                    let parts = entry.parts.iter().map(|(part, _)| *part);
                    entry.oid.into_iter().chain(parts).map(move |oid| (index, oid))
                })
                .collect();
            let sizes = self.sizes_of(database, owners.iter().map(|(_, oid)| *oid))?;
            let mut sums: BTreeMap<usize, Sizes> = BTreeMap::new();
            for (index, oid) in owners {
                let (data, indexes) = sizes.get(&oid).copied().unwrap_or_default();
                let sum = sums.entry(index).or_insert((Some(0), Some(0)));
                *sum =
                    (sum.0.zip(data).map(|(sum, data)| sum + data), sum.1.zip(indexes).map(|(sum, data)| sum + data));
            }
            Ok(sums.into_iter().collect())
        })?;
        for (index, _) in wanted {
            let Some(entry) = entries.get_mut(index) else { continue };
            match sizes.get(&index) {
                Some((Some(bytes), indexes)) => {
                    entry.facts.bytes = Some(Measure::exact(*bytes));
                    entry.facts.index_bytes = indexes.map(Measure::exact);
                }
                // What the last analysis saw, where it saw anything.
                _ if entry.bytes_by_pages > 0 => entry.facts.bytes = Some(Measure::estimate(entry.bytes_by_pages)),
                _ => {}
            }
        }
        Ok(())
    }

    fn sizes_of(&self, database: &str, oids: impl Iterator<Item = i64>) -> Result<BTreeMap<i64, Sizes>, sqlx::Error> {
        let numbers = oids.map(|oid| oid.to_string()).collect::<Vec<_>>().join(", ");
        let from = format!("FROM pg_catalog.pg_class c WHERE c.oid IN ({numbers})");
        let queries = SIZE_FUNCTIONS.map(|functions| format!("SELECT c.oid::int8, {functions} {from}"));
        let rows = self.with(database, self.timeouts.statement, async |connection| {
            first_understood(&queries.each_ref().map(String::as_str), failure::is_unknown, async |query: &str| {
                // Safe: our own words and numbers.
                sqlx::raw_sql(AssertSqlSafe(query)).fetch_all(&mut *connection).await
            })
            .await
        })?;
        Ok(rows.iter().filter_map(|row| Some((number(row, 0)?, (number(row, 1), number(row, 2))))).collect())
    }

    fn measure_records(&self, database: &str, entries: &mut [Entry]) -> Result<(), sqlx::Error> {
        let few = |entry: &Entry| estimate(entry).is_none_or(|rows| rows <= COUNTED_UP_TO);
        let countable = |entry: &&Entry| entry.is_readable && few(entry);
        // Of a view, and of a table of another server, nobody knows what it costs to count: each by itself.
        let (stored, others): (Vec<usize>, Vec<usize>) = (0..entries.len())
            .filter(|index| entries.get(*index).is_some_and(|entry| countable(&entry)))
            .partition(|index| entries.get(*index).is_some_and(|entry| keeps_pages(&entry.facts)));
        let bytes = |index: usize| {
            let known = entries.get(index).and_then(|entry| entry.facts.bytes);
            known.map_or(0, |bytes| bytes.value)
        };
        let stored: Vec<(usize, u64)> = stored.into_iter().map(|index| (index, bytes(index))).collect();
        let mut counts = batches::ask(&stored, COUNTS, failure::is_gone, |indices| {
            self.count_all(database, entries, indices, self.timeouts.statement)
        })?;
        let others: Vec<(usize, u64)> = others.into_iter().map(|index| (index, 0)).collect();
        let alone = Batch { tables: 1, bytes: 0 };
        counts.extend(batches::ask(&others, alone, failure::is_gone, |indices| {
            self.count_all(database, entries, indices, self.timeouts.view)
        })?);
        for (index, entry) in entries.iter_mut().enumerate() {
            entry.facts.records = match counts.get(&index) {
                Some(rows) => Some(Measure::exact(*rows)),
                // 0 is also what older servers say of a table that was never looked at.
                None => estimate(entry).filter(|rows| *rows > 0).map(Measure::estimate),
            };
        }
        Ok(())
    }

    fn count_all(
        &self,
        database: &str,
        entries: &[Entry],
        indices: &[usize],
        limit: Duration,
    ) -> Result<Vec<(usize, u64)>, sqlx::Error> {
        let one = |index: &usize| {
            entries.get(*index).map(|entry| format!("SELECT {index}, count(*) FROM {}", source(&entry.facts)))
        };
        let counts = indices.iter().filter_map(one).collect::<Vec<_>>().join(" UNION ALL ");
        let sql = format!("BEGIN READ ONLY; SET LOCAL statement_timeout = {}; {counts}; ROLLBACK", limit.as_millis());
        let rows = self.ask(database, limit, &sql)?;
        Ok(rows.iter().filter_map(|row| Some((number(row, 0)?, number(row, 1)?))).collect())
    }

    /// One statement as text: names in it went through `quote`, the rest is ours or a number.
    pub(super) fn ask(&self, database: &str, limit: Duration, sql: &str) -> Result<Vec<PgRow>, sqlx::Error> {
        self.with(database, limit, async |connection| sqlx::raw_sql(AssertSqlSafe(sql)).fetch_all(connection).await)
    }
}

/// Tables that keep rows on pages of their own or of their partitions.
fn keeps_pages(table: &TableFacts) -> bool {
    matches!(table.format, format::POSTGRES_TABLE | format::POSTGRES_PARTITIONED | format::POSTGRES_MATERIALIZED)
}

/// Rows by the server's estimate; of a partitioned table the sum, if all of its partitions have one.
fn estimate(entry: &Entry) -> Option<u64> {
    let known = |rows: f64| (rows >= 0.0).then_some(rows as u64);
    if matches!(entry.facts.format, format::POSTGRES_PARTITIONED | format::POSTGRES_PARTITIONED_FOREIGN) {
        return entry.parts.iter().map(|(_, rows)| known(*rows)).sum();
    }
    known(entry.estimate)
}
