//! MySQL and MariaDB: sessions that cannot write, and what the catalog says of tables.

mod catalog;
mod measure;

use std::sync::Arc;
use std::time::Duration;

use sqlx::mysql::{MySqlConnectOptions, MySqlConnection, MySqlRow};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, Row};
use tokio::runtime::Runtime;

use crate::model::Reason;

use super::session::{Connections, close};
use super::wording::first_understood;
use super::{Database, DatabaseTarget, Error, Flavour, Listing, Server, TableFacts, Timeouts, failure, quote, wait};

/// Connections to one server.
pub(crate) struct Session {
    runtime: Arc<Runtime>,
    options: MySqlConnectOptions,
    timeouts: Timeouts,
    /// The database that the target names; else all are meant.
    named: Option<String>,
    server: Server,
    connections: Connections<MySqlConnection>,
}

/// The version, and what else the server calls itself.
const VERSION: [&str; 2] =
    ["SELECT CAST(VERSION() AS CHAR), CAST(@@version_comment AS CHAR)", "SELECT CAST(VERSION() AS CHAR), NULL"];

impl Session {
    /// Logs in, and asks the server what it is.
    pub(super) fn open(runtime: &Arc<Runtime>, target: &DatabaseTarget) -> Result<Self, Error> {
        let store = target.shown();
        // The driver knows the server by one name only.
        let address = target.url.reveal().replacen("mariadb://", "mysql://", 1);
        let options: MySqlConnectOptions = address.parse().map_err(|_| target.bad_address())?;
        let named = options.get_database().map(str::to_owned);
        let options = match target.password() {
            Some(password) => options.password(password),
            None => options,
        };
        let mut session = Self {
            runtime: Arc::clone(runtime),
            options: options.disable_statement_logging(),
            timeouts: target.timeouts,
            named,
            server: Server::of_mysql("", ""),
            connections: Connections::new(target.connections),
        };
        let connecting = session.options.connect();
        let answer = wait(runtime, target.timeouts.connect, async {
            let mut connection = connecting.await?;
            let rows = first_understood(&VERSION, failure::is_unknown, async |query: &str| {
                // Safe: one of the constants above.
                sqlx::raw_sql(AssertSqlSafe(query)).fetch_all(&mut connection).await
            });
            let rows = rows.await?;
            connection.close().await?;
            let said = |index: usize| rows.first().and_then(|row| text(row, index)).unwrap_or_default();
            Ok(Server::of_mysql(&said(0), &said(1)))
        });
        session.server = answer.map_err(|error| failure::connecting(&store, &error))?;
        // Whether a session can be made read-only shows before anything is asked of it.
        session.with(target.timeouts.connect, async |_| Ok(())).map_err(|error| failure::connecting(&store, &error))?;
        Ok(session)
    }

    /// Everything the login can see in the one database, or in all of them.
    pub(super) fn tables(&self, database: &Database) -> Result<Listing, Error> {
        let cannot = |error: sqlx::Error| failure::listing(database.store(), &error);
        let is_one = self.named.is_some();
        let entries = self.with(self.timeouts.statement, async |connection| catalog::read(connection, is_one).await);
        let mut entries = entries.map_err(cannot)?;
        self.measure(&mut entries).map_err(cannot)?;
        Ok(Listing { tables: entries.into_iter().map(|entry| entry.facts).collect(), ..Listing::default() })
    }

    /// Counts the rows of a table.
    pub(super) fn count(&self, _: &Database, table: &TableFacts, limit: Duration) -> Result<u64, Reason> {
        self.count_rows(table, limit).map_err(|error| failure::reason(&error))
    }

    fn count_rows(&self, table: &TableFacts, limit: Duration) -> Result<u64, sqlx::Error> {
        // Safe: names went through `quote`.
        let sql = format!("SELECT CAST(count(*) AS CHAR) FROM {}", source(table));
        let rows = self.ask(limit, &sql)?;
        rows.first().and_then(|row| number(row, 0)).ok_or(sqlx::Error::RowNotFound)
    }

    /// Does `work` with a connection whose statements end after `limit`; after an error nobody else gets it.
    pub(crate) fn with<T>(
        &self,
        limit: Duration,
        work: impl AsyncFnOnce(&mut MySqlConnection) -> Result<T, sqlx::Error>,
    ) -> Result<T, sqlx::Error> {
        let (_place, idle) = self.connections.borrow(&self.runtime, "");
        let connecting = async {
            if let Some(mut connection) = idle
                && connection.ping().await.is_ok()
            {
                return Ok(connection);
            }
            let mut connection = self.options.connect().await?;
            self.guard(&mut connection).await?;
            Ok(connection)
        };
        let mut connection = wait(&self.runtime, self.timeouts.connect, connecting).map_err(failure::no_connection)?;
        let working = async {
            // Safe: a number.
            sqlx::raw_sql(AssertSqlSafe(limit_statement(self.server.flavour, limit))).execute(&mut connection).await?;
            work(&mut connection).await
        };
        // The server's own timeout should come first; this one is for a server that is gone.
        let result = wait(&self.runtime, limit.saturating_add(Duration::from_secs(5)), working);
        if result.is_ok() {
            self.connections.give_back("", connection);
        } else {
            close(&self.runtime, connection);
        }
        result
    }

    /// Makes a session one that cannot write and does not wait for locks.
    async fn guard(&self, connection: &mut MySqlConnection) -> Result<(), sqlx::Error> {
        let lock_seconds = self.timeouts.lock.as_secs().max(1);
        // Safe: a number.
        let sql = format!("SET SESSION TRANSACTION READ ONLY; SET SESSION lock_wait_timeout = {lock_seconds}");
        sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut *connection).await?;
        // MySQL 8 keeps the size of a table for a day; MariaDB and older servers know no such setting.
        let fresh = "SET SESSION information_schema_stats_expiry = 0";
        match sqlx::raw_sql(fresh).execute(connection).await {
            Err(error) if error.as_database_error().is_none() => Err(error),
            _ => Ok(()),
        }
    }

    pub(super) fn server(&self) -> &Server {
        &self.server
    }

    pub(super) fn close(&self, runtime: &Runtime) {
        self.connections.close(runtime);
    }
}

/// `schema.table` as a source of rows.
pub(crate) fn source(table: &TableFacts) -> String {
    format!("{}.{}", quote::mysql(&table.schema), quote::mysql(&table.name))
}

/// The statement that limits those that follow it: the two families name their timeout differently.
fn limit_statement(flavour: Flavour, limit: Duration) -> String {
    match flavour {
        Flavour::MariaDb => format!("SET SESSION max_statement_time = {:.3}", limit.as_secs_f64()),
        _ => format!("SET SESSION max_execution_time = {}", limit.as_millis()),
    }
}

fn number<N: std::str::FromStr>(row: &MySqlRow, index: usize) -> Option<N> {
    text(row, index)?.parse().ok()
}

fn text(row: &MySqlRow, index: usize) -> Option<String> {
    let bytes: Option<&[u8]> = row.try_get_unchecked(index).ok()?;
    bytes.map(|bytes| String::from_utf8_lossy(bytes).into_owned())
}
