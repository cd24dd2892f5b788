//! How busy a PostgreSQL server is, as far as it says.

use sqlx::AssertSqlSafe;
use sqlx::postgres::PgConnection;

use super::super::courtesy::Load;
use super::super::failure;
use super::super::wording::first_understood;
use super::number;

/// Statements of others that run, and seconds by which a replica is behind; our own connections are not counted. A login
/// without `pg_read_all_stats` sees no state of others: then their open transactions are counted, each of which holds a
/// lock on its own number. A replica that has replayed nothing since it was started is behind since then at least.
const LOAD: [&str; 3] = [
    "SELECT CASE WHEN bool_or(state IS NULL AND backend_type = 'client backend') THEN
              (SELECT count(*) FROM pg_catalog.pg_locks
               WHERE locktype = 'virtualxid' AND granted AND pid NOT IN
                   (SELECT pid FROM pg_catalog.pg_stat_activity
                    WHERE usename = current_user AND application_name = 'mulu'))
            ELSE count(*) FILTER (WHERE state = 'active' AND backend_type = 'client backend') END,
            CASE WHEN NOT pg_catalog.pg_is_in_recovery()
                   OR pg_catalog.pg_last_wal_receive_lsn() = pg_catalog.pg_last_wal_replay_lsn() THEN 0
            ELSE floor(extract(epoch FROM pg_catalog.now() - coalesce(
                pg_catalog.pg_last_xact_replay_timestamp(), pg_catalog.pg_postmaster_start_time())))::int8 END
     FROM pg_catalog.pg_stat_activity
     WHERE pid <> pg_catalog.pg_backend_pid() AND NOT coalesce(usename = current_user AND application_name = 'mulu', false)",
    "SELECT count(*), NULL FROM pg_catalog.pg_stat_activity WHERE state = 'active' AND pid <> pg_catalog.pg_backend_pid()",
    "SELECT NULL, NULL",
];

/// Asks the server.
pub(super) async fn look(connection: &mut PgConnection) -> Result<Load, sqlx::Error> {
    let rows = first_understood(&LOAD, failure::is_unknown, async |query: &str| {
        // Safe: one of the constants above.
        sqlx::raw_sql(AssertSqlSafe(query)).fetch_all(&mut *connection).await
    });
    let rows = rows.await?;
    Ok(rows.first().map_or(Load::default(), |row| Load { running: number(row, 0), lag_seconds: number(row, 1) }))
}
