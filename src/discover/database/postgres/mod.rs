//! PostgreSQL: sessions that cannot write, and what the catalog says of tables.

mod catalog;
mod load;
mod measure;

use std::sync::Arc;
use std::time::Duration;

use sqlx::postgres::{PgConnectOptions, PgConnection, PgRow, PgSslMode};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, Row, ValueRef};
use tokio::runtime::Runtime;

use crate::model::{Encryption, Reason};

use super::courtesy::Gate;
use super::session::{Connections, close};
use super::target::Host;
use super::{
    Answer, Choice, Database, DatabaseTarget, Error, Listing, Server, TableFacts, Timeouts, failure, format, quote,
    tls, wait,
};

/// Connections to one server.
pub(crate) struct Session {
    runtime: Arc<Runtime>,
    options: PgConnectOptions,
    timeouts: Timeouts,
    choice: Choice,
    /// The database to which a connection goes unless a table names another.
    home: String,
    /// The target names no database, so all of them are meant.
    every: bool,
    answer: Answer,
    gate: Gate,
    connections: Connections<PgConnection>,
}

const DATABASES: &str = "
    SELECT datname::text FROM pg_catalog.pg_database
    WHERE datallowconn AND NOT datistemplate AND pg_catalog.has_database_privilege(oid, 'CONNECT')
    ORDER BY datname::text COLLATE \"C\"";

impl Session {
    /// Logs in at the host of the address or, where one is given, at that of a replica, and asks the server what it is.
    pub(super) fn open(runtime: &Arc<Runtime>, target: &DatabaseTarget, host: Option<&Host>) -> Result<Self, Error> {
        let store = target.shown();
        let mut options: PgConnectOptions = target.url.reveal().parse().map_err(|_| target.bad_address())?;
        if let Some(user) = target.user() {
            options = options.username(user);
        }
        if let Some(password) = target.password() {
            options = options.password(password);
        }
        if let Some(host) = host {
            let port = host.port.unwrap_or(options.get_port());
            options = options.host(&host.name).port(port);
        }
        target.tls.require_files()?;
        let named = options.get_database().map(str::to_owned);
        let (options, tries) = target.tls.of_postgres(options);
        let mut session = Self {
            runtime: Arc::clone(runtime),
            options: options.application_name("mulu").disable_statement_logging(),
            timeouts: target.timeouts,
            choice: target.choice.clone(),
            // Every server has it unless somebody dropped it on purpose.
            home: named.clone().unwrap_or_else(|| "postgres".to_owned()),
            every: named.is_none(),
            answer: Answer { server: Server::of_postgres(""), encryption: Encryption::Plain, login: None },
            gate: Gate::new(target.courtesy.clone()),
            connections: Connections::new(target.connections),
        };
        session.answer = session.first_answer(tries).map_err(|error| failure::connecting(&store, &error))?;
        Ok(session)
    }

    /// What the server is, by the first way of encryption in which it answers.
    fn first_answer(&mut self, tries: Vec<(PgSslMode, Encryption)>) -> Result<Answer, sqlx::Error> {
        let mut answer = Err(sqlx::Error::PoolClosed);
        for (mode, encryption) in tries {
            self.options = self.options.clone().ssl_mode(mode);
            let rows = self.ask(&self.home, self.timeouts.connect, "SELECT pg_catalog.version(), current_user");
            answer = rows.map(|rows| {
                let said = |index: usize| rows.first().and_then(|row| text(row, index));
                Answer { server: Server::of_postgres(&said(0).unwrap_or_default()), encryption, login: said(1) }
            });
            if !answer.as_ref().is_err_and(tls::is_refused) {
                break;
            }
        }
        answer
    }

    /// Everything the login can see in the one database, or in all of them.
    pub(super) fn tables(&self, database: &Database) -> Result<Listing, Error> {
        let cannot = |error: sqlx::Error| failure::listing(database.store(), &error);
        if !self.every {
            let (tables, excluded) = self.tables_of(&self.home).map_err(cannot)?;
            return Ok(Listing { tables, excluded, unlistable: Vec::new() });
        }
        let names = self.with(&self.home, self.timeouts.statement, async |connection| {
            sqlx::raw_sql(DATABASES).fetch_all(connection).await
        });
        let names = names.map_err(cannot)?.iter().filter_map(|row| text(row, 0)).collect();
        Ok(Listing::of_databases(names, &self.choice, |name| self.tables_of(name)))
    }

    /// The tables of one database: the wanted ones measured, and the others by name.
    fn tables_of(&self, name: &str) -> Result<(Vec<TableFacts>, Vec<TableFacts>), sqlx::Error> {
        let flavour = self.answer.server.flavour;
        let entries =
            self.with(name, self.timeouts.statement, async |connection| catalog::read(connection, flavour).await)?;
        let is_wanted = |entry: &catalog::Entry| {
            let place = [name, &entry.facts.schema, &entry.facts.name];
            self.choice.wants(if self.every { &place } else { &place[1..] })
        };
        let (mut wanted, excluded): (Vec<_>, Vec<_>) = entries.into_iter().partition(is_wanted);
        self.measure(name, &mut wanted)?;
        let facts = |entries: Vec<catalog::Entry>| entries.into_iter().map(|entry| entry.facts).collect();
        Ok((facts(wanted), facts(excluded)))
    }

    /// Counts the rows of a table.
    pub(super) fn count(&self, _: &Database, table: &TableFacts, limit: Duration) -> Result<u64, Reason> {
        self.count_in(self.home_of(table), table, limit).map_err(|error| failure::reason(&error))
    }

    fn count_in(&self, database: &str, table: &TableFacts, limit: Duration) -> Result<u64, sqlx::Error> {
        // Safe: names went through `quote`.
        let sql = format!("SELECT count(*) FROM {}", source(table));
        let sql = format!("BEGIN READ ONLY; SET LOCAL statement_timeout = {}; {sql}; ROLLBACK", limit.as_millis());
        let rows = self.ask(database, limit, &sql)?;
        rows.first().and_then(|row| number(row, 0)).ok_or(sqlx::Error::RowNotFound)
    }

    /// The database to which a connection goes unless a table names another.
    pub(crate) fn home(&self) -> &str {
        &self.home
    }

    /// The database that a table is in.
    pub(crate) fn home_of<'t>(&'t self, table: &'t TableFacts) -> &'t str {
        table.database.as_deref().unwrap_or(&self.home)
    }

    /// Does `work` with a connection to `database`; after an error nobody else gets that connection.
    pub(crate) fn with<T>(
        &self,
        database: &str,
        limit: Duration,
        work: impl AsyncFnOnce(&mut PgConnection) -> Result<T, sqlx::Error>,
    ) -> Result<T, sqlx::Error> {
        let (_place, idle) = self.connections.borrow(&self.runtime, database);
        // Only with a place: the window may close while others have them all.
        self.gate.wait_for_window();
        let connecting = async {
            if let Some(mut idle) = idle
                && (!idle.may_be_cut() || idle.connection.ping().await.is_ok())
            {
                return Ok(idle.connection);
            }
            let mut connection = self.options.clone().database(database).connect().await?;
            guard(&mut connection, self.timeouts).await?;
            Ok(connection)
        };
        let mut connection = wait(&self.runtime, self.timeouts.connect, connecting).map_err(failure::no_connection)?;
        let quiet =
            self.gate.wait_for_quiet(|| wait(&self.runtime, self.timeouts.connect, load::look(&mut connection)));
        // The server's own timeout should come first; this one is for a server that is gone.
        let limit = limit.saturating_add(Duration::from_secs(5));
        let result = quiet.and_then(|()| wait(&self.runtime, limit, work(&mut connection)));
        if result.is_ok() {
            self.connections.give_back(database, connection, None);
        } else {
            close(&self.runtime, connection);
        }
        result
    }

    pub(super) fn answer(&self) -> &Answer {
        &self.answer
    }

    pub(super) fn close(&self, runtime: &Runtime) {
        self.connections.close(runtime);
    }
}

/// `schema.table` as a source of rows. Without `ONLY` a plain table would give the rows of those that inherit from it.
pub(crate) fn source(table: &TableFacts) -> String {
    let only = if table.format == format::POSTGRES_TABLE { "ONLY " } else { "" };
    format!("{only}{}.{}", quote::ansi(&table.schema), quote::ansi(&table.name))
}

/// Makes a session one that cannot write and does not wait. Set after the login: poolers refuse most settings in it, and
/// so the last word is ours whatever the address says.
async fn guard(connection: &mut PgConnection, timeouts: Timeouts) -> Result<(), sqlx::Error> {
    let sql = format!(
        "SET default_transaction_read_only = on; SET statement_timeout = {}; SET lock_timeout = {}; \
         SET idle_in_transaction_session_timeout = {}; SET synchronize_seqscans = off",
        timeouts.statement.as_millis(),
        timeouts.lock.as_millis(),
        timeouts.idle.as_millis(),
    );
    // Safe: numbers. A scan that begins where another one stands would give other rows each time, hence the last one.
    sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut *connection).await?;
    // Rows that a policy hides would be missing without a word: such a table is rather refused. Sessions that rest are
    // closed since PostgreSQL 14. Older and compatible servers know neither.
    let idle = format!("SET idle_session_timeout = {}", timeouts.idle.as_millis());
    for setting in ["SET row_security = off", &idle] {
        match sqlx::raw_sql(AssertSqlSafe(setting)).execute(&mut *connection).await {
            Err(error) if !failure::is_unknown(&error) => return Err(error),
            _ => {}
        }
    }
    Ok(())
}

fn number<N: std::str::FromStr>(row: &PgRow, index: usize) -> Option<N> {
    text(row, index)?.parse().ok()
}

/// What the server sent, whatever the type: a decoder would refuse bytes that are no UTF-8.
fn text(row: &PgRow, index: usize) -> Option<String> {
    let value = row.try_get_raw(index).ok().filter(|value| !value.is_null())?;
    value.as_bytes().ok().map(|bytes| String::from_utf8_lossy(bytes).into_owned())
}
