//! How busy a SQL Server is, as far as it says.

use super::super::courtesy::Load;
use super::super::failure;
use super::super::rows::Cells as _;
use super::super::wording::{first_understood, optional};
use super::connection::SqlServerConnection;

/// Requests of others that run. Without VIEW SERVER STATE a login sees itself alone, which says nothing of the server.
const RUNNING: &str = "SELECT COUNT(*) FROM sys.dm_exec_requests r
     JOIN sys.dm_exec_sessions s ON s.session_id = r.session_id
     WHERE s.is_user_process = 1 AND r.session_id <> @@SPID AND COALESCE(s.program_name, N'') <> N'mulu'
     HAVING HAS_PERMS_BY_NAME(NULL, NULL, 'VIEW SERVER STATE') = 1";

/// Seconds by which the databases of this replica are behind (2016 and later); the older view does not say.
const LAG: [&str; 1] = [
    "SELECT MAX(secondary_lag_seconds) FROM sys.dm_hadr_database_replica_states WHERE is_local = 1 AND is_primary_replica = 0",
];

/// Asks the server.
pub(super) async fn look(connection: &mut SqlServerConnection) -> Result<Load, sqlx::Error> {
    let number = |rows: Vec<Vec<Option<String>>>| rows.first().and_then(|row| row.cell(0)?.parse::<u64>().ok());
    let running = number(optional(connection.rows(RUNNING).await)?);
    let lag = first_understood(&LAG, failure::is_unknown, async |query: &str| connection.rows(query).await).await;
    Ok(Load { running, lag_seconds: number(optional(lag)?) })
}
