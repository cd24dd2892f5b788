//! One SQLite file: opened without a trace, its tables listed.

mod catalog;
mod comment;
mod file;

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection, SqliteRow};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, Row};
use tokio::runtime::Runtime;

use crate::model::Reason;

use super::{Choice, Database, Error, TableFacts, Timeouts, failure, quote, shown_path, wait};
use file::{Stamp, Way};

/// Steps of SQLite's virtual machine between two looks at the clock; some hundred microseconds.
const STEPS_BETWEEN_LOOKS: i32 = 10_000;

/// The one connection to a file. SQLite reads on one thread; two would only wait for each other's disk.
pub(crate) struct Session {
    connection: Mutex<Option<SqliteConnection>>,
    deadline: Arc<Deadline>,
    choice: Choice,
    is_utf16: bool,
    path: PathBuf,
    /// What the file looked like when it was opened as immutable.
    stamp: Option<Stamp>,
}

/// When the statement that runs must end. SQLite has no clock of its own: its progress handler asks here.
struct Deadline {
    start: Instant,
    /// Milliseconds since `start`.
    end: AtomicU64,
}

impl Deadline {
    fn set(&self, limit: Duration) {
        let end = self.start.elapsed().saturating_add(limit).as_millis();
        self.end.store(u64::try_from(end).unwrap_or(u64::MAX), Ordering::Relaxed);
    }

    fn has_passed(&self) -> bool {
        self.start.elapsed().as_millis() > u128::from(self.end.load(Ordering::Relaxed))
    }
}

impl Session {
    /// Opens the file; gives the version of the SQLite library too.
    pub(super) fn open(
        runtime: &Runtime,
        path: &Path,
        timeouts: Timeouts,
        choice: Choice,
    ) -> Result<(Self, String), Error> {
        let store = shown_path(path);
        let real = path.canonicalize().unwrap_or_else(|_| path.to_owned());
        // The driver takes only UTF-8 names; under another name only a copy can be opened.
        let way = if real.to_str().is_some() { file::way(&real)? } else { file::way(&real).map(|_| Way::Copy)? };
        let opened = match Self::open_as(runtime, &real, way, timeouts) {
            // A writer died in the midst of its work.
            Err(OpenError::Driver(error)) if failure::needs_writing(&error) => {
                Self::open_as(runtime, &real, Way::Copy, timeouts)
            }
            result => result,
        };
        let opened = opened.map(|(session, version)| (Self { choice, ..session }, version));
        opened.map_err(|error| match error {
            OpenError::Own(error) => error,
            OpenError::Driver(error) => match failure::reason(&error) {
                Reason::Locked => Error::Locked { store },
                Reason::Corrupt => Error::NotADatabase { store },
                Reason::PermissionDenied => Error::FileDenied { store },
                _ => failure::listing(&store, &error),
            },
        })
    }

    fn open_as(runtime: &Runtime, path: &Path, way: Way, timeouts: Timeouts) -> Result<(Self, String), OpenError> {
        let stamp = (way == Way::Immutable).then(|| Stamp::of(path)).flatten();
        let copy = if way == Way::Copy { Some(file::copy(path)?) } else { None };
        let options = SqliteConnectOptions::new()
            .filename(copy.as_ref().map_or(path, |(_, main)| main.as_path()))
            // A log can only be replayed by one who may write; the copy is ours.
            .read_only(way != Way::Copy)
            .immutable(way == Way::Immutable)
            .busy_timeout(timeouts.lock)
            .foreign_keys(false)
            .pragma("query_only", "ON")
            .pragma("trusted_schema", "OFF")
            .row_buffer_size(8)
            .disable_statement_logging();
        let deadline = Arc::new(Deadline { start: Instant::now(), end: AtomicU64::new(u64::MAX) });
        let clock = Arc::clone(&deadline);
        let opening = async {
            let mut connection = options.connect().await?;
            connection.lock_handle().await?.set_progress_handler(STEPS_BETWEEN_LOOKS, move || !clock.has_passed());
            // The first look at the schema: whoever holds a lock, or is no database, shows now.
            sqlx::query("SELECT count(*) FROM sqlite_schema").fetch_one(&mut connection).await?;
            let encoding = sqlx::query("PRAGMA encoding").fetch_one(&mut connection).await?;
            let is_utf16 = text(&encoding, 0).is_some_and(|name| name.starts_with("UTF-16"));
            let version = sqlx::query("SELECT sqlite_version()").fetch_one(&mut connection).await?;
            Ok((connection, is_utf16, text(&version, 0).unwrap_or_default()))
        };
        let (connection, is_utf16, version) = wait(runtime, timeouts.connect, opening)?;
        let connection = Mutex::new(Some(connection));
        let session = Self { connection, deadline, choice: Choice::default(), is_utf16, path: path.to_owned(), stamp };
        // The copy is open, log and all, and needs no name any more: a scan that is killed leaves none of it behind.
        drop(copy);
        Ok((session, version))
    }

    /// Counts the rows of a table.
    pub(super) fn count(&self, database: &Database, table: &TableFacts, limit: Duration) -> Result<u64, Reason> {
        let sql = format!("SELECT count(*) FROM main.{}", quote::ansi(&table.name));
        let rows = self.rows(database, limit, &sql).map_err(|error| failure::reason(&error))?;
        let count = rows.first().and_then(|row| row.try_get_unchecked::<i64, _>(0).ok());
        count.and_then(|count| u64::try_from(count).ok()).ok_or(Reason::QueryFailed)
    }

    fn rows(&self, database: &Database, limit: Duration, sql: &str) -> Result<Vec<SqliteRow>, sqlx::Error> {
        let mut held = self.connection();
        let connection = held.as_mut().ok_or(sqlx::Error::PoolClosed)?;
        self.deadline.set(limit);
        // Safe: names in it went through `quote`.
        let query = sqlx::query(AssertSqlSafe(sql)).persistent(false);
        database.wait(limit, query.fetch_all(connection))
    }

    /// The connection, with which nobody else works meanwhile; `limit` holds for everything that is asked of it now.
    pub(crate) fn connection_until(&self, limit: Duration) -> MutexGuard<'_, Option<SqliteConnection>> {
        let held = self.connection();
        self.deadline.set(limit);
        held
    }

    fn connection(&self) -> MutexGuard<'_, Option<SqliteConnection>> {
        self.connection.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether the database keeps its text as UTF-16; the driver gives it as UTF-8, but not what is cast to bytes.
    pub(crate) fn is_utf16(&self) -> bool {
        self.is_utf16
    }

    /// Whether an immutable file stayed what it was.
    pub(crate) fn require_unchanged(&self) -> Result<(), Reason> {
        match self.stamp {
            Some(stamp) if Stamp::of(&self.path) != Some(stamp) => Err(Reason::ChangedWhileRead),
            _ => Ok(()),
        }
    }

    pub(super) fn close(&self, runtime: &Runtime) {
        let connection = self.connection().take();
        if let Some(connection) = connection {
            // Nothing was written, so nothing can be lost.
            drop(wait(runtime, Duration::from_secs(5), connection.close()));
        }
    }
}

/// Why a file could not be opened: known before, or said by the driver.
enum OpenError {
    Own(Error),
    Driver(sqlx::Error),
}

impl From<Error> for OpenError {
    fn from(error: Error) -> Self {
        Self::Own(error)
    }
}

impl From<sqlx::Error> for OpenError {
    fn from(error: sqlx::Error) -> Self {
        Self::Driver(error)
    }
}

fn text(row: &SqliteRow, index: usize) -> Option<String> {
    let bytes: Option<&[u8]> = row.try_get_unchecked(index).ok()?;
    bytes.map(|bytes| String::from_utf8_lossy(bytes).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_copy_has_no_name_any_more_once_it_is_open_and_is_still_read_with_its_log() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("x.db");
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().expect("a runtime");
        let writing = async {
            let options =
                SqliteConnectOptions::new().filename(&path).create_if_missing(true).pragma("journal_mode", "WAL");
            let mut writer = options.connect().await?;
            sqlx::raw_sql("CREATE TABLE t (a); INSERT INTO t VALUES (1), (2), (3)").execute(&mut writer).await?;
            Ok::<_, sqlx::Error>(writer)
        };
        let writer = runtime.block_on(writing).expect("a database in use");
        let opened = Session::open_as(&runtime, &path, Way::Copy, Timeouts::default());
        let (session, _) = opened.map_err(|_| "refused").expect("opened");
        let mut held = session.connection();
        let connection = held.as_mut().expect("a connection");
        let looked = runtime.block_on(async {
            let row = sqlx::query("SELECT file, (SELECT count(*) FROM t) FROM pragma_database_list")
                .fetch_one(connection)
                .await?;
            Ok::<_, sqlx::Error>((text(&row, 0), row.try_get_unchecked::<i64, _>(1)?))
        });
        let (file, rows) = looked.expect("read");
        let file = file.expect("the name of the copy");
        assert!(file.ends_with("copy.db") && !Path::new(&file).exists(), "{file}");
        assert_eq!(rows, 3);
        drop(writer);
    }
}
