//! How busy a MySQL server is, as far as it says.

use sqlx::mysql::MySqlConnection;
use sqlx::{AssertSqlSafe, Column, Row};

use super::super::courtesy::Load;
use super::super::failure;
use super::super::wording::{first_understood, optional};
use super::{number, text};

/// The second names are those of MySQL 8.0.22 and later; both want the right to see replication.
const LAG: [&str; 2] = ["SHOW SLAVE STATUS", "SHOW REPLICA STATUS"];

/// Asks the server. Its count of running statements holds those of our own connections, this very question among them.
pub(super) async fn look(connection: &mut MySqlConnection, ours: u32) -> Result<Load, sqlx::Error> {
    let status = sqlx::raw_sql("SHOW GLOBAL STATUS LIKE 'Threads_running'").fetch_all(&mut *connection).await;
    let running = optional(status)?.first().and_then(|row| text(row, 1)?.parse::<u64>().ok());
    let lag = first_understood(&LAG, failure::is_unknown, async |query: &str| {
        // Safe: one of the constants above.
        sqlx::raw_sql(AssertSqlSafe(query)).fetch_all(&mut *connection).await
    });
    let lag_seconds = optional(lag.await)?.first().and_then(|row| {
        let behind = |column: &&sqlx::mysql::MySqlColumn| {
            matches!(column.name(), "Seconds_Behind_Master" | "Seconds_Behind_Source")
        };
        number(row, row.columns().iter().find(behind)?.ordinal())
    });
    Ok(Load { running: running.map(|running| running.saturating_sub(u64::from(ours))), lag_seconds })
}
