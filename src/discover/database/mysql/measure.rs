//! Rows of the tables of a MySQL server, many in a statement.

use std::time::Duration;

use sqlx::AssertSqlSafe;
use sqlx::mysql::MySqlRow;

use super::super::counting::{self, Entry};
use super::{Session, number, source};

impl Session {
    /// Fills in the rows.
    pub(super) fn measure(&self, entries: &mut [Entry]) -> Result<(), sqlx::Error> {
        counting::count(entries, &self.timeouts, |entries, indices, limit| self.count_all(entries, indices, limit))
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
