//! MySQL and MariaDB: sessions that cannot write, and what the catalog says of tables.

mod catalog;
mod load;
mod measure;

use std::sync::Arc;
use std::time::Duration;

use sqlx::mysql::{MySqlConnectOptions, MySqlConnection, MySqlRow, MySqlSslMode};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, Row};
use tokio::runtime::Runtime;

use crate::model::{Encryption, Reason};

use super::counting::Entry;
use super::courtesy::Gate;
use super::session::{Connections, close};
use super::target::Host;
use super::wording::first_understood;
use super::{
    Answer, Choice, Database, DatabaseTarget, Error, Flavour, Listing, Server, TableFacts, Timeouts, failure, quote,
    tls, wait,
};

/// Connections to one server.
pub(crate) struct Session {
    runtime: Arc<Runtime>,
    options: MySqlConnectOptions,
    timeouts: Timeouts,
    choice: Choice,
    /// The database that the target names; else all are meant.
    named: Option<String>,
    answer: Answer,
    gate: Gate,
    connections: Connections<MySqlConnection>,
}

/// The version, what else the server calls itself, and whom it takes us for.
const VERSION: [&str; 2] = [
    "SELECT CAST(VERSION() AS CHAR), CAST(@@version_comment AS CHAR), CAST(CURRENT_USER() AS CHAR)",
    "SELECT CAST(VERSION() AS CHAR), NULL, NULL",
];

impl Session {
    /// Logs in at the host of the address or, where one is given, at that of a replica, and asks the server what it is.
    pub(super) fn open(runtime: &Arc<Runtime>, target: &DatabaseTarget, host: Option<&Host>) -> Result<Self, Error> {
        let store = target.shown();
        // The driver knows the server by one name only.
        let address = target.url.reveal().replacen("mariadb://", "mysql://", 1);
        let mut options: MySqlConnectOptions = address.parse().map_err(|_| target.bad_address())?;
        if !target.names_user() {
            // The driver would take the superuser.
            options = options.username(target.user().unwrap_or_default());
        }
        if let Some(password) = target.password() {
            options = options.password(password);
        }
        if let Some(host) = host {
            let port = host.port.unwrap_or(options.get_port());
            options = options.host(&host.name).port(port);
        }
        target.tls.require_files()?;
        let (options, tries) = target.tls.of_mysql(options);
        let mut session = Self {
            runtime: Arc::clone(runtime),
            named: options.get_database().map(str::to_owned),
            options: options.disable_statement_logging(),
            timeouts: target.timeouts,
            choice: target.choice.clone(),
            answer: Answer { server: Server::of_mysql("", ""), encryption: Encryption::Plain, login: None },
            gate: Gate::new(target.courtesy.clone()),
            connections: Connections::new(target.connections),
        };
        session.answer = session.first_answer(tries).map_err(|error| failure::connecting(&store, &error))?;
        // Whether a session can be made read-only shows before anything is asked of it.
        session.with(target.timeouts.connect, async |_| Ok(())).map_err(|error| failure::connecting(&store, &error))?;
        Ok(session)
    }

    /// What the server is, by the first way of encryption in which it answers.
    fn first_answer(&mut self, tries: Vec<(MySqlSslMode, Encryption)>) -> Result<Answer, sqlx::Error> {
        self.gate.wait_for_window();
        let mut answer = Err(sqlx::Error::PoolClosed);
        for (mode, encryption) in tries {
            self.options = self.options.clone().ssl_mode(mode);
            answer = wait(&self.runtime, self.timeouts.connect, first_answer(&self.options, encryption));
            if !answer.as_ref().is_err_and(tls::is_refused) {
                break;
            }
        }
        answer
    }

    /// Everything the login can see in the one database, or in all of them.
    pub(super) fn tables(&self, database: &Database) -> Result<Listing, Error> {
        let cannot = |error: sqlx::Error| failure::listing(database.store(), &error);
        let is_one = self.named.is_some();
        let entries = self.with(self.timeouts.statement, async |connection| catalog::read(connection, is_one).await);
        let is_wanted = |entry: &Entry| self.choice.wants(&[&entry.facts.schema, &entry.facts.name]);
        let (mut wanted, excluded): (Vec<_>, Vec<_>) = entries.map_err(cannot)?.into_iter().partition(is_wanted);
        self.measure(&mut wanted).map_err(cannot)?;
        let facts = |entries: Vec<Entry>| entries.into_iter().map(|entry| entry.facts).collect();
        Ok(Listing { tables: facts(wanted), excluded: facts(excluded), unlistable: Vec::new() })
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
        // Only with a place: the window may close while others have them all.
        self.gate.wait_for_window();
        let connecting = async {
            if let Some(mut idle) = idle
                && (!idle.may_be_cut() || idle.connection.ping().await.is_ok())
            {
                return Ok((idle.connection, idle.limit));
            }
            let mut connection = self.options.connect().await?;
            self.guard(&mut connection).await?;
            Ok((connection, None))
        };
        let connected = wait(&self.runtime, self.timeouts.connect, connecting);
        let (mut connection, limited) = connected.map_err(failure::no_connection)?;
        let quiet = self.gate.wait_for_quiet(|| {
            wait(&self.runtime, self.timeouts.connect, load::look(&mut connection, self.connections.lent()))
        });
        let working = async {
            if limited != Some(limit) {
                let sql = limit_statement(self.answer.server.flavour, limit);
                // Safe: a number.
                match sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut connection).await {
                    // A compatible server that knows no such limit has ours alone.
                    Err(error) if !failure::is_unknown(&error) => return Err(error),
                    _ => {}
                }
            }
            work(&mut connection).await
        };
        // The server's own timeout should come first; this one is for a server that is gone.
        let result = quiet.and_then(|()| wait(&self.runtime, limit.saturating_add(Duration::from_secs(5)), working));
        if result.is_ok() {
            self.connections.give_back("", connection, Some(limit));
        } else {
            close(&self.runtime, connection);
        }
        result
    }

    /// Makes a session one that cannot write and does not wait for locks.
    async fn guard(&self, connection: &mut MySqlConnection) -> Result<(), sqlx::Error> {
        let lock_seconds = self.timeouts.lock.as_secs().max(1);
        // Safe: numbers.
        let sql = format!(
            "SET SESSION TRANSACTION READ ONLY; SET SESSION lock_wait_timeout = {lock_seconds}; \
             SET SESSION wait_timeout = {}",
            self.timeouts.idle.as_secs().max(1)
        );
        sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut *connection).await?;
        // MySQL 8 keeps the size of a table for a day; MariaDB and older servers know no such setting.
        let fresh = "SET SESSION information_schema_stats_expiry = 0";
        match sqlx::raw_sql(fresh).execute(connection).await {
            Err(error) if error.as_database_error().is_none() => Err(error),
            _ => Ok(()),
        }
    }

    pub(super) fn answer(&self) -> &Answer {
        &self.answer
    }

    pub(super) fn close(&self, runtime: &Runtime) {
        self.connections.close(runtime);
    }
}

/// `schema.table` as a source of rows.
pub(crate) fn source(table: &TableFacts) -> String {
    format!("{}.{}", quote::mysql(&table.schema), quote::mysql(&table.name))
}

/// Connects once, to ask what the server is.
async fn first_answer(options: &MySqlConnectOptions, encryption: Encryption) -> Result<Answer, sqlx::Error> {
    let mut connection = options.connect().await?;
    let rows = first_understood(&VERSION, failure::is_unknown, async |query: &str| {
        // Safe: one of the constants above.
        sqlx::raw_sql(AssertSqlSafe(query)).fetch_all(&mut connection).await
    });
    let rows = rows.await?;
    connection.close().await?;
    let said = |index: usize| rows.first().and_then(|row| text(row, index));
    let server = Server::of_mysql(&said(0).unwrap_or_default(), &said(1).unwrap_or_default());
    Ok(Answer { server, encryption, login: said(2) })
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
