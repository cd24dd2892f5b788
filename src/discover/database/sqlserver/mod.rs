//! SQL Server: sessions that take no locks on rows, and what the catalog says of tables.
//!
//! A session cannot be made read-only here. Nothing but `SELECT` and `SET` is ever sent, a function that a view calls
//! cannot write, and the login for scanning should have the right to read and no other.

mod address;
mod catalog;
mod connection;
pub(crate) mod fault;
mod load;
mod prelogin;
mod secured;
mod trust;
mod types;
pub(crate) mod value;

use std::sync::Arc;
use std::time::Duration;

use tokio::runtime::Runtime;

use crate::model::{Encryption, Reason};

use super::courtesy::Gate;
use super::rows::Cells as _;
use super::session::{Connections, close};
use super::target::Host;
use super::wording::first_understood;
use super::{
    Answer, Choice, Database, DatabaseTarget, Error, Listing, Server, TableFacts, Timeouts, counting, failure, quote,
    tls, wait,
};
use address::Address;
use connection::TextRow;
pub(crate) use connection::{Answered, SqlServerConnection};

/// Connections to one server.
pub(crate) struct Session {
    runtime: Arc<Runtime>,
    address: Address,
    tls: Option<Arc<rustls::ClientConfig>>,
    timeouts: Timeouts,
    choice: Choice,
    /// The database to which a connection goes unless a table names another.
    home: String,
    /// The target names no database, so all of them are meant.
    every: bool,
    answer: Answer,
    gate: Gate,
    connections: Connections<SqlServerConnection>,
}

/// What the server calls itself, its version, and whom it takes us for.
const VERSION: [&str; 2] = [
    "SELECT @@VERSION, CAST(SERVERPROPERTY('ProductVersion') AS nvarchar(128)), SUSER_SNAME()",
    "SELECT @@VERSION, NULL, NULL",
];

/// Databases that the login may enter and that are there; never those of the server itself.
const DATABASES: [&str; 2] = [
    "SELECT name FROM sys.databases
     WHERE database_id > 4 AND is_distributor = 0 AND state = 0 AND HAS_DBACCESS(name) = 1 ORDER BY name",
    "SELECT name FROM sys.databases WHERE name NOT IN ('master', 'tempdb', 'model', 'msdb') ORDER BY name",
];

impl Session {
    /// Logs in at the host of the address or, where one is given, at that of a replica, and asks the server what it is.
    pub(super) fn open(runtime: &Arc<Runtime>, target: &DatabaseTarget, host: Option<&Host>) -> Result<Self, Error> {
        let store = target.shown();
        let mut address = Address::of(target)?;
        if let Some(host) = host {
            address = address.at(host);
        }
        target.tls.require_files()?;
        let named = address.database.clone();
        let mut session = Self {
            runtime: Arc::clone(runtime),
            address,
            tls: None,
            timeouts: target.timeouts,
            choice: target.choice.clone(),
            // Every login may enter it.
            home: named.clone().unwrap_or_else(|| "master".to_owned()),
            every: named.is_none(),
            answer: Answer { server: Server::of_sql_server("", ""), encryption: Encryption::Plain, login: None },
            gate: Gate::new(target.courtesy.clone()),
            connections: Connections::new(target.connections),
        };
        session.answer = session.first_answer(target).map_err(|error| failure::connecting(&store, &error))?;
        Ok(session)
    }

    /// What the server is, by the first way of encryption in which it answers.
    fn first_answer(&mut self, target: &DatabaseTarget) -> Result<Answer, sqlx::Error> {
        let mut answer = Err(sqlx::Error::PoolClosed);
        for demand in self.address.demands(&target.tls) {
            self.tls = trust::config(&target.tls, demand)?;
            let rows = self.with(&self.home, self.timeouts.connect, async |connection| {
                first_understood(&VERSION, failure::is_unknown, async |query: &str| connection.rows(query).await).await
            });
            answer = rows.map(|rows| {
                let said = |index: usize| rows.first().and_then(|row| row.cell(index));
                let server = Server::of_sql_server(&said(0).unwrap_or_default(), &said(1).unwrap_or_default());
                Answer { server, encryption: demand.encryption(), login: said(2) }
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
            first_understood(&DATABASES, failure::is_unknown, async |query: &str| connection.rows(query).await).await
        });
        let names = names.map_err(cannot)?.iter().filter_map(|row| row.cell(0)).collect();
        Ok(Listing::of_databases(names, &self.choice, |name| self.tables_of(name)))
    }

    /// The tables of one database: the wanted ones measured, and the others by name.
    fn tables_of(&self, name: &str) -> Result<(Vec<TableFacts>, Vec<TableFacts>), sqlx::Error> {
        let entries = self.with(name, self.timeouts.statement, async |connection| catalog::read(connection).await)?;
        let is_wanted = |entry: &counting::Entry| {
            let place = [name, &entry.facts.schema, &entry.facts.name];
            self.choice.wants(if self.every { &place } else { &place[1..] })
        };
        let (mut wanted, excluded): (Vec<_>, Vec<_>) = entries.into_iter().partition(is_wanted);
        counting::count(&mut wanted, &self.timeouts, |entries, indices, limit| {
            self.count_all(name, entries, indices, limit)
        })?;
        let facts = |entries: Vec<counting::Entry>| entries.into_iter().map(|entry| entry.facts).collect();
        Ok((facts(wanted), facts(excluded)))
    }

    fn count_all(
        &self,
        database: &str,
        entries: &[counting::Entry],
        indices: &[usize],
        limit: Duration,
    ) -> Result<Vec<(usize, u64)>, sqlx::Error> {
        let one = |index: &usize| {
            entries.get(*index).map(|entry| format!("SELECT {index}, COUNT_BIG(*) FROM {}", source(&entry.facts)))
        };
        let counts = indices.iter().filter_map(one).collect::<Vec<_>>().join(" UNION ALL ");
        let rows = self.ask(database, limit, &counts)?;
        let number = |row: &TextRow, index: usize| row.cell(index)?.parse::<u64>().ok();
        Ok(rows.iter().filter_map(|row| Some((number(row, 0)? as usize, number(row, 1)?))).collect())
    }

    /// Counts the rows of a table.
    pub(super) fn count(&self, _: &Database, table: &TableFacts, limit: Duration) -> Result<u64, Reason> {
        let sql = format!("SELECT COUNT_BIG(*) FROM {}", source(table));
        let rows = self.ask(self.home_of(table), limit, &sql).map_err(|error| failure::reason(&error))?;
        rows.first().and_then(|row| row.cell(0)?.parse().ok()).ok_or(Reason::QueryFailed)
    }

    /// One statement as text: names in it went through `quote`, the rest is ours or a number.
    fn ask(&self, database: &str, limit: Duration, sql: &str) -> Result<Vec<TextRow>, sqlx::Error> {
        self.with(database, limit, async |connection| connection.rows(sql).await)
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
        work: impl AsyncFnOnce(&mut SqlServerConnection) -> Result<T, sqlx::Error>,
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
            let mut connection = SqlServerConnection::open(&self.address, database, self.tls.clone()).await?;
            guard(&mut connection, self.timeouts).await?;
            Ok(connection)
        };
        let mut connection = wait(&self.runtime, self.timeouts.connect, connecting).map_err(failure::no_connection)?;
        let quiet =
            self.gate.wait_for_quiet(|| wait(&self.runtime, self.timeouts.connect, load::look(&mut connection)));
        // The server has no limit of its own on statements: ours calls them off.
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

/// `schema.table` as a source of rows.
pub(crate) fn source(table: &TableFacts) -> String {
    format!("{}.{}", quote::sql_server(&table.schema), quote::sql_server(&table.name))
}

/// Makes a session one that nobody has to wait for.
///
/// `READ UNCOMMITTED`: no lock on any row is taken or waited for, so that no writer of the plant ever stands behind us.
/// What it costs is told in docs/databases.md. `SNAPSHOT` would be better where it is allowed, but by default it is not,
/// and it keeps old rows in `tempdb` for as long as we read. Locks on the schema of a table are left, hence the limit.
async fn guard(connection: &mut SqlServerConnection, timeouts: Timeouts) -> Result<(), sqlx::Error> {
    let sql = format!(
        "SET TRANSACTION ISOLATION LEVEL READ UNCOMMITTED; SET LOCK_TIMEOUT {}; SET NOCOUNT ON; SET TEXTSIZE 2147483647",
        timeouts.lock.as_millis(),
    );
    connection.rows(&sql).await?;
    // In a deadlock we give way. What follows is what views over indexes and columns that are computed want.
    let wishes = [
        "SET DEADLOCK_PRIORITY LOW",
        "SET IMPLICIT_TRANSACTIONS OFF",
        "SET QUOTED_IDENTIFIER, ANSI_NULLS, ANSI_PADDING, ANSI_WARNINGS, CONCAT_NULL_YIELDS_NULL, ARITHABORT ON",
    ];
    match connection.rows(&wishes.join("; ")).await {
        // A compatible server need not know them.
        Err(error) if error.as_database_error().is_none() => Err(error),
        _ => Ok(()),
    }
}
