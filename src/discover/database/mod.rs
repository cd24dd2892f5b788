//! Databases: connecting without a chance to write, and listing what a login can see.
//!
//! sqlx is asynchronous, everything around it is not: a [`Connector`] owns the runtime, and each function here blocks
//! until the answer is there. Call them from ordinary threads, never from inside a runtime.

mod error;
pub use error::Error;

mod choice;
pub use choice::{Choice, is_pattern, name_parts};

mod courtesy;
use courtesy::Gate;
pub use courtesy::{Clock, Courtesy, Told, Waiting};

mod window;
pub use window::Window;

mod tls;
pub use tls::{Tls, TlsMode};

mod target;
use target::Host;
pub use target::{DatabaseTarget, Timeouts};

mod listing;
pub use listing::{ForeignKey, Listing, TableFacts, format};

mod server;
pub use server::{Flavour, Server};

mod batches;
mod counting;
mod keys;
mod rows;
mod wording;

pub(crate) mod failure;
pub(crate) mod mysql;
pub(crate) mod postgres;
pub(crate) mod quote;
mod session;
pub(crate) mod sqlite;
pub(crate) mod sqlserver;

use std::future::Future;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use tokio::runtime::{Builder, Runtime};

use crate::model::{Connection, Encryption, Measure, Reason, StoreKind, escape_name};

/// Makes connections; one for a whole scan.
#[derive(Debug)]
pub struct Connector {
    runtime: Arc<Runtime>,
}

impl Connector {
    /// Starts the runtime: two threads, since they only wait for sockets.
    pub fn new() -> Result<Self, Error> {
        let runtime = Builder::new_multi_thread().worker_threads(2).thread_name("mulu-database").enable_all().build();
        Ok(Self { runtime: Arc::new(runtime.map_err(|_| Error::NoRuntime)?) })
    }

    /// Connects and logs in, read-only: at the first replica that answers, else at the host of the address.
    pub fn connect(&self, target: &DatabaseTarget) -> Result<Database, Error> {
        let mut replicas = Vec::new();
        for typed in &target.replicas {
            replicas.push(Host::parse(typed).ok_or_else(|| Error::BadReplica { store: target.shown() })?);
        }
        for replica in &replicas {
            if let Ok(database) = self.connect_to(target, Some(replica)) {
                return Ok(database);
            }
        }
        self.connect_to(target, None)
    }

    fn connect_to(&self, target: &DatabaseTarget, host: Option<&Host>) -> Result<Database, Error> {
        match target.kind {
            StoreKind::Postgres => {
                let session = postgres::Session::open(&self.runtime, target, host)?;
                Ok(self.database(target, host, session.answer().clone(), Session::Postgres(session)))
            }
            StoreKind::Mysql => {
                let session = mysql::Session::open(&self.runtime, target, host)?;
                Ok(self.database(target, host, session.answer().clone(), Session::Mysql(session)))
            }
            StoreKind::SqlServer => {
                let session = sqlserver::Session::open(&self.runtime, target, host)?;
                Ok(self.database(target, host, session.answer().clone(), Session::SqlServer(Box::new(session))))
            }
            StoreKind::Sqlite => {
                // What has begun goes on: a file is read by one process, ours, and crowds nobody out.
                Gate::new(target.courtesy.clone()).wait_for_window();
                self.open_sqlite(&target.path(), target.timeouts, target.choice.clone())
            }
            StoreKind::Share => Err(Error::UnsupportedScheme { scheme: "file".to_owned() }),
        }
    }

    /// Opens a SQLite file that lies in a share, read-only; the folder looks the same afterwards.
    pub fn open_sqlite_file(&self, path: &Path) -> Result<Database, Error> {
        self.open_sqlite(path, Timeouts::default(), Choice::default())
    }

    fn open_sqlite(&self, path: &Path, timeouts: Timeouts, choice: Choice) -> Result<Database, Error> {
        let (session, version) = sqlite::Session::open(&self.runtime, path, timeouts, choice)?;
        let server = Server::sqlite(&version);
        Ok(Database {
            runtime: Arc::clone(&self.runtime),
            store: shown_path(path),
            kind: StoreKind::Sqlite,
            connection: Connection {
                kind: StoreKind::Sqlite,
                server: server.to_string(),
                encryption: None,
                replica: None,
                login: None,
            },
            server,
            timeouts,
            session: Session::Sqlite(Box::new(session)),
        })
    }

    fn database(&self, target: &DatabaseTarget, host: Option<&Host>, answer: Answer, session: Session) -> Database {
        let connection = Connection {
            kind: target.kind,
            server: answer.server.to_string(),
            encryption: Some(answer.encryption),
            replica: host.map(ToString::to_string),
            login: answer.login,
        };
        Database {
            runtime: Arc::clone(&self.runtime),
            store: target.shown(),
            kind: target.kind,
            server: answer.server,
            connection,
            timeouts: target.timeouts,
            session,
        }
    }
}

/// What a server says when it is first asked.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    server: Server,
    encryption: Encryption,
    /// Whom it takes us for.
    login: Option<String>,
}

/// A connected database. Nothing can be written through it.
pub struct Database {
    runtime: Arc<Runtime>,
    store: String,
    kind: StoreKind,
    server: Server,
    connection: Connection,
    timeouts: Timeouts,
    session: Session,
}

/// What is behind a [`Database`].
pub(crate) enum Session {
    Sqlite(Box<sqlite::Session>),
    Postgres(postgres::Session),
    Mysql(mysql::Session),
    SqlServer(Box<sqlserver::Session>),
}

impl Database {
    /// What answers.
    #[must_use]
    pub fn kind(&self) -> StoreKind {
        self.kind
    }

    /// The product that answers, and its version.
    #[must_use]
    pub fn server(&self) -> &Server {
        &self.server
    }

    /// Who answers, and how safe the way there is.
    #[must_use]
    pub fn connection(&self) -> &Connection {
        &self.connection
    }

    /// Every table and view that the login can see, with columns, comments, rows and bytes.
    pub fn tables(&self) -> Result<Listing, Error> {
        let mut listing = match &self.session {
            Session::Sqlite(session) => session.tables(self)?,
            Session::Postgres(session) => session.tables(self)?,
            Session::Mysql(session) => session.tables(self)?,
            Session::SqlServer(session) => session.tables(self)?,
        };
        listing.tables.sort_by(|a, b| (&a.database, &a.schema, &a.name).cmp(&(&b.database, &b.schema, &b.name)));
        listing.excluded.sort_by(|a, b| (&a.database, &a.schema, &a.name).cmp(&(&b.database, &b.schema, &b.name)));
        listing.unlistable.sort();
        Ok(listing)
    }

    /// The rows of one table, counted whatever their number; for classes that were filed.
    pub fn count(&self, table: &TableFacts) -> Result<Measure, Reason> {
        match &self.session {
            Session::Sqlite(session) => session.count(self, table, self.timeouts.full),
            Session::Postgres(session) => session.count(self, table, self.timeouts.full),
            Session::Mysql(session) => session.count(self, table, self.timeouts.full),
            Session::SqlServer(session) => session.count(self, table, self.timeouts.full),
        }
        .map(Measure::exact)
    }

    pub(crate) fn session(&self) -> &Session {
        &self.session
    }

    pub(crate) fn store(&self) -> &str {
        &self.store
    }

    pub(crate) fn timeouts(&self) -> &Timeouts {
        &self.timeouts
    }

    /// Waits for an answer, at most `deadline` and a little: the server's own timeout should come first.
    pub(crate) fn wait<T>(
        &self,
        deadline: Duration,
        answer: impl Future<Output = Result<T, sqlx::Error>>,
    ) -> Result<T, sqlx::Error> {
        wait(&self.runtime, deadline.saturating_add(Duration::from_secs(5)), answer)
    }
}

impl std::fmt::Debug for Database {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Database")
            .field("store", &self.store)
            .field("connection", &self.connection)
            .finish_non_exhaustive()
    }
}

impl Drop for Database {
    /// Says goodbye: a server keeps a connection that merely vanishes, SQLite its temporary files.
    fn drop(&mut self) {
        match &self.session {
            Session::Sqlite(session) => session.close(&self.runtime),
            Session::Postgres(session) => session.close(&self.runtime),
            Session::Mysql(session) => session.close(&self.runtime),
            Session::SqlServer(session) => session.close(&self.runtime),
        }
    }
}

/// Waits for an answer; a deadline that passes looks like a pool that ran out of time.
pub(crate) fn wait<T>(
    runtime: &Runtime,
    deadline: Duration,
    answer: impl Future<Output = Result<T, sqlx::Error>>,
) -> Result<T, sqlx::Error> {
    runtime.block_on(async { tokio::time::timeout(deadline, answer).await.unwrap_or(Err(sqlx::Error::PoolTimedOut)) })
}

/// A path as one line of an error.
pub(crate) fn shown_path(path: &Path) -> String {
    escape_name(path.as_os_str().as_encoded_bytes())
}
