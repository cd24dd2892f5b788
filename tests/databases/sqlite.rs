//! SQLite files: every way in which one may lie there.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use mulu::extract::documents::Documents;
use mulu::extract::rows;
use mulu::model::{AssetKind, Fragment, Measure};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, SqliteConnection};
use tempfile::TempDir;
use tokio::runtime::Runtime;

use super::*;

/// A program that writes a database file.
pub(super) struct Writer {
    runtime: Runtime,
    connection: SqliteConnection,
}

impl Writer {
    pub(super) fn new(path: &Path, mode: SqliteJournalMode) -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let options = SqliteConnectOptions::new().filename(path).create_if_missing(true).journal_mode(mode);
        let connection = runtime.block_on(options.connect()).unwrap();
        Self { runtime, connection }
    }

    pub(super) fn run(&mut self, sql: &str) -> &mut Self {
        self.runtime.block_on(sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut self.connection)).unwrap();
        self
    }

    pub(super) fn close(self) {
        self.runtime.block_on(self.connection.close()).unwrap();
    }
}

const MANY: &str = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5000)
    INSERT INTO task SELECT i, '任务' || i, i * 0.5 FROM n";

/// A closed database in `folder` with the statements run in it.
pub(super) fn file_with(folder: &Path, statements: &str) -> PathBuf {
    let path = folder.join("plant.db");
    let mut writer = Writer::new(&path, SqliteJournalMode::Delete);
    writer.run(statements);
    writer.close();
    path
}

pub(super) fn place() -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("生产 #1?.db");
    (folder, path)
}

pub(super) fn address(path: &Path) -> String {
    format!("sqlite://{}", path.display())
}

/// Names, bytes and times of everything in a folder.
fn look(folder: &Path) -> BTreeMap<String, (u64, std::time::SystemTime)> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap());
    let look = |entry: std::fs::DirEntry| {
        let metadata = entry.metadata().unwrap();
        (entry.file_name().into_string().unwrap(), (metadata.len(), metadata.modified().unwrap()))
    };
    entries.map(look).collect()
}

#[test]
fn tables_views_and_comments_are_listed_with_exact_rows_and_bytes() {
    let (_folder, path) = place();
    let mut writer = Writer::new(&path, SqliteJournalMode::Delete);
    writer
        .run("CREATE TABLE task ( -- 生产任务\n id INTEGER PRIMARY KEY, -- 编号\n name TEXT, qty REAL)")
        .run(MANY)
        .run("CREATE VIEW few AS SELECT name FROM task WHERE id <= 7")
        .run("CREATE INDEX by_name ON task(name)")
        .run("CREATE TABLE empty (a, b)")
        .run("CREATE VIRTUAL TABLE notes USING fts5(body); INSERT INTO notes VALUES ('泵')");
    writer.close();
    let database = open(&address(&path)).unwrap();
    let listing = database.tables().unwrap();
    let names: Vec<&str> = listing.tables.iter().map(|table| table.name.as_str()).collect();
    assert_eq!(names, ["empty", "few", "notes", "task"]);
    let task = facts(&database, "task");
    assert_eq!((task.kind, task.format, task.records), (AssetKind::Table, "sqlite-table", Some(Measure::exact(5000))));
    assert_eq!(task.comment.as_deref(), Some("生产任务"));
    assert_eq!(task.columns[0].comment.as_deref(), Some("编号"));
    assert_eq!(task.columns[2].declared_type.as_deref(), Some("real"));
    assert_eq!(task.raw_locator(), "main.task");
    // The file is pages of tables, indexes and the schema; the table is the largest part, and not all of it.
    let bytes = task.bytes.unwrap();
    assert!(bytes.exact && bytes.value.is_multiple_of(4096), "{bytes:?}");
    assert!(bytes.value > 5000 * 15 && bytes.value < path.metadata().unwrap().len(), "{bytes:?}");
    let few = facts(&database, "few");
    assert_eq!((few.kind, few.records, few.bytes), (AssetKind::View, Some(Measure::exact(7)), None));
    assert_eq!(rows_of(&database, &facts(&database, "notes"), Sampling::default()).unwrap().0, [[Some("泵".into())]]);
    assert_eq!(
        rows_of(&database, &facts(&database, "empty"), Sampling::default()).unwrap().1.of,
        Some(Measure::exact(0))
    );
}

#[test]
fn a_sample_is_bounded_spread_and_always_the_same() {
    let (_folder, path) = place();
    let mut writer = Writer::new(&path, SqliteJournalMode::Delete);
    writer.run("CREATE TABLE task (id INTEGER PRIMARY KEY, name TEXT, qty REAL)").run(MANY);
    writer.close();
    let database = open(&address(&path)).unwrap();
    let task = facts(&database, "task");
    let sampling = Sampling { rows: 100, ..Sampling::default() };
    let (rows, read) = rows_of(&database, &task, sampling).unwrap();
    assert!(read.rows.abs_diff(100) <= 25, "{read:?}");
    assert_eq!((read.of, read.sampled, read.cut_cells), (Some(Measure::exact(5000)), true, 0));
    let ids: Vec<u64> = rows.iter().map(|row| row[0].as_deref().unwrap().parse().unwrap()).collect();
    assert!(ids.windows(2).all(|pair| pair[0] < pair[1]));
    assert!(ids[0] < 251 && ids[ids.len() - 1] > 4750, "both ends of the table are in the sample: {ids:?}");
    assert_eq!(rows_of(&open(&address(&path)).unwrap(), &task, sampling).unwrap().0, rows);
    let whole = rows_of(&database, &task, Sampling { rows: 100, full: true, ..Sampling::default() }).unwrap().1;
    assert_eq!((whole.rows, whole.sampled), (5000, false));
    assert_eq!(database.count(&task), Ok(Measure::exact(5000)));
}

#[test]
fn values_of_every_kind_come_as_text_and_long_ones_are_cut() {
    let (_folder, path) = place();
    let mut writer = Writer::new(&path, SqliteJournalMode::Delete);
    writer
        .run("CREATE TABLE odd (\"a \"\" b\" , 数量, c, d, e)")
        .run("INSERT INTO odd VALUES (1, 2.5, NULL, x'00ff', printf('%.*c', 300, '中'))")
        .run("CREATE TABLE \"ta\"\"b'l\n名\" (rowid TEXT); INSERT INTO \"ta\"\"b'l\n名\" VALUES ('x')");
    writer.close();
    let database = open(&address(&path)).unwrap();
    let odd = facts(&database, "odd");
    let mut kept = Kept::default();
    let sampling = Sampling { cell_bytes: 100, ..Sampling::default() };
    assert_eq!(read(&database, &odd, &sampling, &mut kept).unwrap().cut_cells, 1);
    let long = "中".repeat(33).into_bytes();
    assert_eq!(kept.rows, [[Some(b"1".to_vec()), Some(b"2.5".to_vec()), None, Some(vec![0, 255]), Some(long)]]);
    let hostile = facts(&database, "ta\"b'l\n名");
    assert_eq!(rows_of(&database, &hostile, Sampling::default()).unwrap().0, [[Some("x".to_owned())]]);
    let mut seen = Vec::new();
    let limits = mulu::open::Limits::default();
    let mut documents = Documents::new(&limits, &odd.columns, sampling.cell_bytes);
    rows::extract(&database, &odd, &sampling, &mut documents, &mut |fragment| {
        seen.push(match fragment {
            Fragment::Table(columns) => format!("table {}", columns.len()),
            Fragment::Row { ends, .. } => format!("row {ends:?}"),
            Fragment::RowEnd => "row end".to_owned(),
            Fragment::TableEnd => "table end".to_owned(),
            _ => "?".to_owned(),
        });
    })
    .unwrap();
    assert_eq!(seen, ["table 5", "row [1, 4, 4, 6, 105]", "row end", "table end"]);
}

#[test]
fn a_database_in_utf_16_reads_like_any_other() {
    let (_folder, path) = place();
    let mut writer = Writer::new(&path, SqliteJournalMode::Delete);
    writer.run(
        "PRAGMA encoding = 'UTF-16le'; CREATE TABLE 班组 (名称 TEXT, n INT); INSERT INTO 班组 VALUES ('甲班', 12), (x'4142', NULL)",
    );
    writer.close();
    let database = open(&address(&path)).unwrap();
    let table = facts(&database, "班组");
    let (rows, _) = rows_of(&database, &table, Sampling::default()).unwrap();
    assert_eq!(rows, [[Some("甲班".to_owned()), Some("12".to_owned())], [Some("AB".to_owned()), None]]);
}

#[test]
fn all_rows_of_a_live_log_are_seen_and_its_writer_goes_on() {
    let (folder, path) = place();
    let mut writer = Writer::new(&path, SqliteJournalMode::Wal);
    writer
        .run("PRAGMA wal_autocheckpoint = 0; CREATE TABLE task (id INTEGER PRIMARY KEY, name TEXT, qty REAL)")
        .run(MANY);
    let before = look(folder.path());
    assert_eq!(before.len(), 3, "the rows are in the log: {before:?}");
    {
        let database = open(&address(&path)).unwrap();
        assert_eq!(facts(&database, "task").records, Some(Measure::exact(5000)));
    }
    let names = |look: &BTreeMap<String, _>| look.keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(&look(folder.path())), names(&before));
    writer.run("INSERT INTO task VALUES (9999, 'x', 1)");
    writer.close();
}

#[test]
fn a_log_without_its_index_is_replayed_in_a_copy_and_the_folder_stays_as_it_was() {
    let (folder, path) = place();
    let mut writer = Writer::new(&path, SqliteJournalMode::Wal);
    writer
        .run("PRAGMA wal_autocheckpoint = 0; CREATE TABLE task (id INTEGER PRIMARY KEY, name TEXT, qty REAL)")
        .run(MANY);
    let (other, copied) = place();
    for suffix in ["", "-wal"] {
        std::fs::copy(format!("{}{suffix}", path.display()), format!("{}{suffix}", copied.display())).unwrap();
    }
    writer.close();
    drop(folder);
    let before = look(other.path());
    {
        let database = open(&address(&copied)).unwrap();
        let task = facts(&database, "task");
        assert_eq!(task.records, Some(Measure::exact(5000)));
        assert_eq!(rows_of(&database, &task, Sampling::default()).unwrap().1.rows, 1000);
    }
    assert_eq!(look(other.path()), before);
}

#[test]
fn a_log_that_a_crashed_writer_left_is_seen_and_left() {
    let (folder, path) = place();
    let mut writer = Writer::new(&path, SqliteJournalMode::Wal);
    writer
        .run("PRAGMA wal_autocheckpoint = 0; CREATE TABLE task (id INTEGER PRIMARY KEY, name TEXT, qty REAL)")
        .run(MANY);
    let (other, copied) = place();
    for suffix in ["", "-wal", "-shm"] {
        std::fs::copy(format!("{}{suffix}", path.display()), format!("{}{suffix}", copied.display())).unwrap();
    }
    writer.close();
    drop(folder);
    let content = || {
        ["", "-wal"].map(|suffix| {
            let mut bytes = Vec::new();
            let mut file = std::fs::File::open(format!("{}{suffix}", copied.display())).unwrap();
            std::io::Read::read_to_end(&mut file, &mut bytes).unwrap();
            bytes
        })
    };
    let before = content();
    {
        let database = open(&address(&copied)).unwrap();
        assert_eq!(facts(&database, "task").records, Some(Measure::exact(5000)));
    }
    assert_eq!(look(other.path()).len(), 3);
    assert!(content() == before, "neither the database nor its log was written to");
}

#[test]
fn a_closed_log_database_leaves_nothing_behind_and_a_change_is_noticed() {
    let (folder, path) = place();
    let mut writer = Writer::new(&path, SqliteJournalMode::Wal);
    writer.run("CREATE TABLE task (id INTEGER PRIMARY KEY, name TEXT, qty REAL)").run(MANY);
    writer.close();
    let before = look(folder.path());
    assert_eq!(before.len(), 1, "a closed writer removes its log: {before:?}");
    let database = open(&address(&path)).unwrap();
    let task = facts(&database, "task");
    assert_eq!(rows_of(&database, &task, Sampling::default()).unwrap().1.rows, 1000);
    assert_eq!(look(folder.path()), before);
    let mut writer = Writer::new(&path, SqliteJournalMode::Wal);
    writer.run("DELETE FROM task WHERE id > 10");
    assert_eq!(rows_of(&database, &task, Sampling::default()).unwrap_err(), Reason::ChangedWhileRead);
}

#[test]
fn a_file_that_another_program_locks_is_said_to_be_locked() {
    let (folder, path) = place();
    let mut writer = Writer::new(&path, SqliteJournalMode::Delete);
    writer.run("CREATE TABLE task (id INTEGER PRIMARY KEY, name TEXT, qty REAL)").run(MANY);
    let database = open(&address(&path)).unwrap();
    let task = facts(&database, "task");
    writer.run("BEGIN EXCLUSIVE");
    let error = open(&address(&path)).unwrap_err();
    assert!(matches!(error, Error::Locked { .. }), "{error}");
    assert_one_line(&error);
    assert_eq!(rows_of(&database, &task, Sampling::default()).unwrap_err(), Reason::Locked);
    drop(folder);
}

#[test]
fn a_journal_that_a_crash_left_is_rolled_back_in_a_copy() {
    let (folder, path) = place();
    let mut writer = Writer::new(&path, SqliteJournalMode::Delete);
    writer.run("CREATE TABLE task (id INTEGER PRIMARY KEY, name TEXT, qty REAL)").run(MANY);
    // So small a cache makes the writer put changed pages into the file before it commits.
    writer.run("PRAGMA cache_size = 1; BEGIN; UPDATE task SET name = 'changed'");
    let (other, copied) = place();
    for suffix in ["", "-journal"] {
        std::fs::copy(format!("{}{suffix}", path.display()), format!("{}{suffix}", copied.display())).unwrap();
    }
    writer.run("ROLLBACK");
    drop(folder);
    let before = look(other.path());
    {
        let database = open(&address(&copied)).unwrap();
        let (rows, _) = rows_of(&database, &facts(&database, "task"), Sampling::default()).unwrap();
        assert!(
            rows.iter().all(|row| row[1].as_deref().unwrap().starts_with("任务")),
            "what was not committed is not read"
        );
    }
    assert_eq!(look(other.path()), before);
}

#[test]
fn a_file_whose_name_is_not_utf_8_is_read_too() {
    use std::os::unix::ffi::OsStrExt;
    let (folder, path) = place();
    Writer::new(&path, SqliteJournalMode::Delete).run("CREATE TABLE t (a); INSERT INTO t VALUES (1)");
    // 生产.db in GBK.
    let other = folder.path().join(std::ffi::OsStr::from_bytes(b"\xc9\xfa\xb2\xfa.db"));
    std::fs::rename(&path, &other).unwrap();
    let database = Connector::new().unwrap().open_sqlite_file(&other).unwrap();
    assert_eq!(facts(&database, "t").records, Some(Measure::exact(1)));
}

#[test]
fn a_reader_that_panics_leaves_the_database_usable() {
    let (_folder, path) = place();
    Writer::new(&path, SqliteJournalMode::Delete).run("CREATE TABLE t (a); INSERT INTO t VALUES (1), (2)");
    let database = open(&address(&path)).unwrap();
    let table = facts(&database, "t");
    let panicking = std::panic::AssertUnwindSafe(|| read(&database, &table, &Sampling::default(), &mut Buggy));
    assert!(std::panic::catch_unwind(panicking).is_err());
    assert_eq!(rows_of(&database, &table, Sampling::default()).unwrap().1.rows, 2);
}

#[test]
fn what_is_no_database_is_refused_in_one_line() {
    let (folder, path) = place();
    assert!(matches!(open(&address(&path)), Err(Error::MissingFile { .. })));
    std::fs::write(&path, "no database at all, but long enough to hold the header of one; ".repeat(4)).unwrap();
    assert!(matches!(open(&address(&path)), Err(Error::NotADatabase { .. })));
    std::fs::write(&path, "SQLite format 3\0 and then nonsense".repeat(9)).unwrap();
    assert!(matches!(open(&address(&path)), Err(Error::NotADatabase { .. })));
    assert!(matches!(open(&address(folder.path())), Err(Error::NotADatabase { .. })));
    assert_one_line(&open(&address(&path)).unwrap_err());
    std::fs::write(&path, "").unwrap();
    assert_eq!(open(&address(&path)).unwrap().tables().unwrap().tables, []);
    assert_eq!(look(folder.path()).len(), 1);
}

#[test]
fn a_view_that_is_broken_or_endless_costs_only_itself() {
    let (_folder, path) = place();
    let mut writer = Writer::new(&path, SqliteJournalMode::Delete);
    writer
        .run("CREATE TABLE t (a); INSERT INTO t VALUES (1); CREATE TABLE gone (a); CREATE VIEW broken AS SELECT * FROM gone")
        .run("CREATE VIEW endless AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT sum(i) AS s FROM n")
        .run("PRAGMA writable_schema = ON; DELETE FROM sqlite_schema WHERE name = 'gone'; PRAGMA writable_schema = RESET");
    writer.close();
    let mut target = DatabaseTarget::parse(&address(&path)).unwrap();
    target.timeouts.statement = std::time::Duration::from_millis(300);
    target.timeouts.view = std::time::Duration::from_millis(300);
    let database = Connector::new().unwrap().connect(&target).unwrap();
    let (broken, endless) = (facts(&database, "broken"), facts(&database, "endless"));
    assert_eq!((broken.records, endless.records), (None, None));
    assert!(rows_of(&database, &broken, Sampling::default()).is_err());
    assert_eq!(rows_of(&database, &endless, Sampling::default()).unwrap_err(), Reason::Deadline);
    assert_eq!(rows_of(&database, &facts(&database, "t"), Sampling::default()).unwrap().1.rows, 1);
}
