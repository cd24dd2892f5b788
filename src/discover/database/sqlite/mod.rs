//! One SQLite file: opened without a trace, its tables listed.

mod comment;
mod file;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection, SqliteRow};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, Row};
use tokio::runtime::Runtime;

use crate::model::{AssetKind, Column, Measure, Reason};

use super::{Database, Error, Listing, TableFacts, Timeouts, failure, format, quote, shown_path, version_digits, wait};
use file::{Stamp, Way};

/// Steps of SQLite's virtual machine between two looks at the clock; some hundred microseconds.
const STEPS_BETWEEN_LOOKS: i32 = 10_000;

/// The one connection to a file. SQLite reads on one thread; two would only wait for each other's disk.
pub(crate) struct Session {
    connection: Mutex<Option<SqliteConnection>>,
    deadline: Arc<Deadline>,
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
    pub(super) fn open(runtime: &Runtime, path: &Path, timeouts: Timeouts) -> Result<(Self, String), Error> {
        let store = shown_path(path);
        let real = path.canonicalize().unwrap_or_else(|_| path.to_owned());
        // The driver takes only UTF-8 names; under another name only a copy can be opened.
        let way = if real.to_str().is_some() { file::way(&real)? } else { file::way(&real).map(|_| Way::Copy)? };
        match Self::open_as(runtime, &real, way, timeouts) {
            // A writer died in the midst of its work.
            Err(OpenError::Driver(error)) if failure::needs_writing(&error) => {
                Self::open_as(runtime, &real, Way::Copy, timeouts)
            }
            result => result,
        }
        .map_err(|error| match error {
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
        let session =
            Self { connection: Mutex::new(Some(connection)), deadline, is_utf16, path: path.to_owned(), stamp };
        // The copy is open, log and all, and needs no name any more: a scan that is killed leaves none of it behind.
        drop(copy);
        Ok((session, version_digits(&version)))
    }

    /// Tables, views and virtual tables of `main`; the tables in which a virtual one keeps its rows are its own.
    pub(super) fn tables(&self, database: &Database) -> Result<Listing, Error> {
        let cannot = |error: sqlx::Error| failure::listing(database.store(), &error);
        let limit = database.timeouts().statement;
        let listed = self.rows(
            database,
            limit,
            "SELECT l.name, l.type, l.wr, s.sql FROM pragma_table_list AS l \
             LEFT JOIN sqlite_schema AS s ON s.name = l.name AND s.type IN ('table', 'view') \
             WHERE l.schema = 'main' AND l.type IN ('table', 'view', 'virtual') \
             AND l.name NOT LIKE 'sqlite\\_%' ESCAPE '\\'",
        );
        let bytes = self.stored_bytes(database);
        let mut tables = Vec::new();
        for row in listed.map_err(cannot)? {
            let Some(name) = text(&row, 0) else { continue };
            let (kind, format) = match text(&row, 1).as_deref() {
                Some("view") => (AssetKind::View, format::SQLITE_VIEW),
                Some("virtual") => (AssetKind::Table, format::SQLITE_VIRTUAL),
                _ => (AssetKind::Table, format::SQLITE_TABLE),
            };
            let has_rowid = row.try_get_unchecked::<i64, _>(2).unwrap_or(1) == 0;
            let comments = comment::read(&text(&row, 3).unwrap_or_default());
            let columns = self.columns(database, &name, &comments);
            let key = (format == format::SQLITE_TABLE && has_rowid).then(|| rowid_name(&columns)).flatten();
            let mut table = TableFacts {
                database: None,
                schema: "main".to_owned(),
                comment: comments.table,
                kind,
                columns,
                records: None,
                bytes: if format == format::SQLITE_TABLE {
                    bytes.get(&name).copied().map(Measure::exact)
                } else {
                    None
                },
                modified: None,
                format,
                key: key.map(str::to_owned),
                name,
            };
            let limit = if kind == AssetKind::View { database.timeouts().view } else { limit };
            table.records = self.count(database, &table, limit).ok().map(Measure::exact);
            tables.push(table);
        }
        self.require_unchanged().map_err(|_| Error::ChangedWhileRead { store: database.store().to_owned() })?;
        Ok(Listing { tables, unlistable: Vec::new() })
    }

    fn columns(&self, database: &Database, table: &str, comments: &comment::Comments) -> Vec<Column> {
        let sql = format!(
            "SELECT name, lower(type) FROM pragma_table_xinfo({}, 'main') WHERE hidden <> 1 ORDER BY cid",
            quote::literal(table)
        );
        // A view over a table that is gone has no columns; reading it will say so.
        let rows = self.rows(database, database.timeouts().statement, &sql).unwrap_or_default();
        let column = |row: &SqliteRow| {
            let name = text(row, 0)?;
            let declared_type = text(row, 1).filter(|declared| !declared.is_empty());
            let comment = comments.columns.get(&name.to_lowercase()).cloned();
            Some(Column { name: Some(name), comment, declared_type, from_schema: true })
        };
        rows.iter().filter_map(column).collect()
    }

    /// Bytes of the pages of each table, overflow pages with them; empty where that took too long.
    fn stored_bytes(&self, database: &Database) -> BTreeMap<String, u64> {
        let sql = "SELECT name, pgsize FROM dbstat WHERE aggregate = 1";
        let rows = self.rows(database, database.timeouts().statement, sql).unwrap_or_default();
        let sizes = rows.iter().filter_map(|row| {
            let size: i64 = row.try_get_unchecked(1).ok()?;
            Some((text(row, 0)?, u64::try_from(size).ok()?))
        });
        sizes.collect()
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

/// A name of the hidden row number that no column hides.
fn rowid_name(columns: &[Column]) -> Option<&'static str> {
    let hidden = |name: &str| {
        columns.iter().any(|column| column.name.as_deref().is_some_and(|column| column.eq_ignore_ascii_case(name)))
    };
    ["rowid", "_rowid_", "oid"].into_iter().find(|name| !hidden(name))
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
