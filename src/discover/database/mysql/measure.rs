//! Rows of the tables of a MySQL server, many in a statement.

use std::time::Duration;

use sqlx::AssertSqlSafe;
use sqlx::mysql::MySqlRow;

use crate::model::{AssetKind, Measure};

use super::super::batches::{self, Batch};
use super::super::failure;
use super::super::listing::COUNTED_UP_TO;
use super::catalog::Entry;
use super::{Session, number, source};

/// Tables that are counted together: as much as a server reads within a few seconds.
const COUNTS: Batch = Batch { tables: 100, bytes: 256 << 20 };

impl Session {
    /// Fills in the rows; what is locked, denied or too slow stays an estimate or unknown.
    pub(super) fn measure(&self, entries: &mut [Entry]) -> Result<(), sqlx::Error> {
        let few = |entry: &Entry| entry.estimate.is_none_or(|rows| rows <= COUNTED_UP_TO);
        let wanted = |is_view: bool| -> Vec<(usize, u64)> {
            let of_kind =
                entries.iter().enumerate().filter(|(_, entry)| (entry.facts.kind == AssetKind::View) == is_view);
            let few = of_kind.filter(|(_, entry)| few(entry));
            few.map(|(index, entry)| (index, entry.facts.bytes.map_or(0, |bytes| bytes.value))).collect()
        };
        let mut counts = batches::ask(&wanted(false), COUNTS, failure::is_gone, |indices| {
            self.count_all(entries, indices, self.timeouts.statement)
        })?;
        // Of a view nobody knows what it costs to count: each by itself.
        let alone = Batch { tables: 1, bytes: 0 };
        counts.extend(batches::ask(&wanted(true), alone, failure::is_gone, |indices| {
            self.count_all(entries, indices, self.timeouts.view)
        })?);
        for (index, entry) in entries.iter_mut().enumerate() {
            entry.facts.records = match counts.get(&index) {
                Some(rows) => Some(Measure::exact(*rows)),
                None => entry.estimate.map(Measure::estimate),
            };
        }
        Ok(())
    }

    fn count_all(
        &self,
        entries: &[Entry],
        indices: &[usize],
        limit: Duration,
    ) -> Result<Vec<(usize, u64)>, sqlx::Error> {
        let one = |index: &usize| {
            let source = source(&entries.get(*index)?.facts);
            Some(format!("SELECT CAST({index} AS CHAR), CAST(count(*) AS CHAR) FROM {source}"))
        };
        let counts = indices.iter().filter_map(one).collect::<Vec<_>>().join(" UNION ALL ");
        let rows = self.ask(limit, &counts)?;
        Ok(rows.iter().filter_map(|row| Some((number(row, 0)?, number(row, 1)?))).collect())
    }

    /// One statement as text: names in it went through `quote`, the rest is ours or a number.
    pub(super) fn ask(&self, limit: Duration, sql: &str) -> Result<Vec<MySqlRow>, sqlx::Error> {
        self.with(limit, async |connection| sqlx::raw_sql(AssertSqlSafe(sql)).fetch_all(connection).await)
    }
}
