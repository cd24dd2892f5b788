//! Opening, creating and bringing up to date.

use std::fs::{File, OpenOptions, Permissions};
use std::hash::{BuildHasher, RandomState};
use std::io::Read;
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::Path;
use std::time::Duration;

use sqlx::sqlite::{SqliteConnectOptions, SqliteSynchronous};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, SqliteConnection};

use super::super::Error;
use super::audit;
use super::fault::Fault;
use crate::model::SketchKey;

/// `mulu` in ASCII, in the header of every inventory (SQLite's `application_id`).
const APPLICATION_ID: i32 = 0x6d75_6c75;

/// Where SQLite's header keeps the application id, big-endian (<https://www.sqlite.org/fileformat2.html#the_database_header>).
const APPLICATION_ID_OFFSET: usize = 68;

/// The steps that lead to today's layout, whose number is how many were taken; a step is never changed once released.
const MIGRATIONS: &[&str] = &[
    include_str!("../migrations/0001_initial.sql"),
    include_str!("../migrations/0002_passed.sql"),
    include_str!("../migrations/0003_filing_life_cycle.sql"),
    include_str!("../migrations/0004_duties_and_access.sql"),
    include_str!("../migrations/0005_connections.sql"),
    include_str!("../migrations/0006_audit_and_register.sql"),
    include_str!("../migrations/0007_tables.sql"),
    include_str!("../migrations/0008_sample_matched.sql"),
];

/// The layout that this mulu writes.
pub(super) const LAYOUT: i64 = 8;
const _: () = assert!(MIGRATIONS.len() == LAYOUT as usize, "each step raises the layout by one");

/// How long a writer waits for another (a review while a scan commits): longer than any one transaction of ours.
const BUSY_TIMEOUT_SECONDS: u64 = 30;

/// Pages kept in memory, in KiB as SQLite wants them (negative): 32 MiB hold the index of a million asset ids, whose
/// hashes come in no order.
const CACHE_SIZE: &str = "-32768";

/// Rows that the thread of the driver may read ahead: with few of them the two threads wait for each other at every row.
const ROWS_WAITING: usize = 512;

/// Whether a file that begins with these bytes is an inventory of mulu; the first 100 bytes are enough.
#[must_use]
pub fn is_inventory(head: &[u8]) -> bool {
    let id = head.get(APPLICATION_ID_OFFSET..APPLICATION_ID_OFFSET + 4);
    head.starts_with(b"SQLite format 3\0") && id == Some(APPLICATION_ID.to_be_bytes().as_slice())
}

/// Makes sure that the file is there, ours and writable; creates an empty one where it may.
pub(super) fn prepare_file(path: &Path, create: bool) -> Result<(), Error> {
    let refused = |error: std::io::Error| Error::from_io(path, &error);
    let mut file = match OpenOptions::new().read(true).write(true).open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound && create => return create_file(path),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            return Err(Error::Missing { path: path.to_owned() });
        }
        Err(error) => return Err(refused(error)),
    };
    let metadata = file.metadata().map_err(refused)?;
    if !metadata.is_file() {
        return Err(Error::NotAnInventory { path: path.to_owned() });
    }
    let mut head = Vec::new();
    Read::by_ref(&mut file).take(100).read_to_end(&mut head).map_err(refused)?;
    // An empty file is one whose creation was cut off, or that somebody reserved.
    if head.is_empty() && create {
        return file.set_permissions(Permissions::from_mode(0o600)).map_err(refused);
    }
    if head.is_empty() {
        return Err(Error::Missing { path: path.to_owned() });
    }
    if is_inventory(&head) { Ok(()) } else { Err(Error::NotAnInventory { path: path.to_owned() }) }
}

/// SQLite gives its side files the mode of the main one, so the mode is set before SQLite sees it.
fn create_file(path: &Path) -> Result<(), Error> {
    let created: std::io::Result<File> = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path);
    match created {
        Ok(_) => Ok(()),
        // Another process was faster; both go on with the same file.
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => Ok(()),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            Err(Error::FolderMissing { path: path.to_owned() })
        }
        Err(error) => Err(Error::from_io(path, &error)),
    }
}

/// Connects, brings the layout up to date and reads the sketch key.
pub(super) async fn connect(path: &Path) -> Result<(SqliteConnection, SketchKey), Fault> {
    let options = SqliteConnectOptions::new()
        .filename(path)
        .foreign_keys(true)
        .synchronous(SqliteSynchronous::Normal)
        .pragma("trusted_schema", "OFF")
        .pragma("cache_size", CACHE_SIZE)
        .row_buffer_size(ROWS_WAITING)
        .busy_timeout(Duration::from_secs(BUSY_TIMEOUT_SECONDS))
        .disable_statement_logging();
    let mut connection = SqliteConnection::connect_with(&options).await?;
    migrate(&mut connection, MIGRATIONS).await?;
    // After the first migration, so that the header in the main file already says whose it is.
    match sqlx::query("PRAGMA journal_mode = WAL").execute(&mut connection).await {
        Ok(_) => {}
        // Another process is opening the same new file, and switches in our place: SQLite does not wait here.
        Err(sqlx::Error::Database(error)) if error.code().as_deref() == Some("5") => {}
        Err(error) => return Err(error.into()),
    }
    let key: Vec<u8> = sqlx::query_scalar("SELECT sketch_key FROM meta").fetch_one(&mut connection).await?;
    let key = key.try_into().map_err(|_| Fault::Damaged("meta.sketch_key"))?;
    Ok((connection, SketchKey(key)))
}

/// Runs the steps that are missing, all in one transaction. Our own few lines: the driver's migrator takes no lock on
/// SQLite, so two processes could both run a step.
async fn migrate(connection: &mut SqliteConnection, steps: &[&'static str]) -> Result<(), Fault> {
    if usize::try_from(layout(connection).await?) == Ok(steps.len()) {
        return Ok(());
    }
    let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await?;
    let found = layout(&mut transaction).await?;
    let done = usize::try_from(found).ok().filter(|done| *done <= steps.len()).ok_or(Fault::Newer(found))?;
    let was_logged = audit::exists(&mut transaction).await?;
    for step in steps.iter().skip(done) {
        sqlx::raw_sql(*step).execute(&mut *transaction).await?;
    }
    if done > 0 && !was_logged && audit::exists(&mut transaction).await? {
        audit::adopt(&mut transaction).await?;
    }
    let layout = AssertSqlSafe(format!("PRAGMA user_version = {}", steps.len()));
    sqlx::raw_sql(layout).execute(&mut *transaction).await?;
    if done == 0 {
        sqlx::raw_sql("PRAGMA application_id = 0x6d756c75").execute(&mut *transaction).await?;
        sqlx::query("INSERT INTO meta (one, sketch_key) VALUES (1, ?1)")
            .bind(draw_key().to_vec())
            .execute(&mut *transaction)
            .await?;
    }
    transaction.commit().await?;
    Ok(())
}

async fn layout(connection: &mut SqliteConnection) -> Result<i64, Fault> {
    Ok(sqlx::query_scalar("PRAGMA user_version").fetch_one(connection).await?)
}

/// Sixteen bytes from the system's randomness, by way of the keys that the standard library draws for hash tables.
fn draw_key() -> [u8; 16] {
    let drawn = RandomState::new();
    let halves = [drawn.hash_one("sketch key, first half"), drawn.hash_one("sketch key, second half")];
    (u128::from(halves[0]) << 64 | u128::from(halves[1])).to_be_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Runs `steps` over the file and says whether they went through, and the layout afterwards.
    fn migrate_file(path: &Path, steps: &[&'static str]) -> (bool, i64) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().expect("a runtime");
        runtime.block_on(async {
            let options = SqliteConnectOptions::new().filename(path).create_if_missing(true);
            let mut connection = SqliteConnection::connect_with(&options).await.expect("connected");
            let went_through = migrate(&mut connection, steps).await.is_ok();
            let after = layout(&mut connection).await.expect("read");
            connection.close().await.expect("closed");
            (went_through, after)
        })
    }

    const SECOND_STEP: &str = "ALTER TABLE meta ADD COLUMN note TEXT; PRAGMA user_version = 2";
    const FAILING_STEP: &str = "ALTER TABLE meta ADD COLUMN note TEXT; PRAGMA user_version = 2; SELECT nothing";

    #[test]
    fn an_empty_file_and_one_of_the_first_layout_are_brought_up_to_date() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("mulu.db");
        assert_eq!(migrate_file(&path, &MIGRATIONS[..1]), (true, 1));
        let newest = i64::try_from(MIGRATIONS.len()).expect("few steps");
        assert_eq!(migrate_file(&path, MIGRATIONS), (true, newest));
        assert_eq!(migrate_file(&path, MIGRATIONS), (true, newest));
    }

    #[test]
    fn a_step_that_fails_leaves_the_layout_as_it_was() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("mulu.db");
        assert_eq!(migrate_file(&path, &[MIGRATIONS[0], FAILING_STEP]), (false, 0));
        assert_eq!(migrate_file(&path, &MIGRATIONS[..1]), (true, 1));
        assert_eq!(migrate_file(&path, &[MIGRATIONS[0], FAILING_STEP]), (false, 1));
        assert_eq!(migrate_file(&path, &[MIGRATIONS[0], SECOND_STEP]), (true, 2));
    }

    #[test]
    fn filings_of_the_first_layout_are_kept_and_say_that_nobody_recorded_how_they_were_counted() {
        const FILED: &str = "INSERT INTO filing (id, state, submitter, authority, submitted, as_of)
            VALUES (1, 'accepted', '王工', '某省工信厅', '2026-03-01', '2026-02-28');
            INSERT INTO filing_entry (filing, position, class, category, store, level, records, records_exact, fields,
            rules, regime) VALUES (1, 0, 'c1', 'management.hr', 'plant', 'important', 1000, 1, '{}', 'r1', 'g1')";
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("mulu.db");
        assert_eq!(migrate_file(&path, &MIGRATIONS[..1]), (true, 1));
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().expect("a runtime");
        let filings = runtime.block_on(async {
            let options = SqliteConnectOptions::new().filename(&path);
            let mut before = SqliteConnection::connect_with(&options).await.expect("connected");
            sqlx::raw_sql(FILED).execute(&mut before).await.expect("filed");
            before.close().await.expect("closed");
            let (mut connection, _) = connect(&path).await.expect("brought up to date");
            super::super::filings::all(&mut connection).await.expect("read")
        });
        assert_eq!((filings.len(), filings[0].kind), (1, crate::model::FilingKind::Initial));
        assert_eq!(filings[0].entries[0].method, crate::model::Method::default());
    }

    #[test]
    fn what_an_older_inventory_holds_is_taken_into_the_audit_log_and_marked() {
        const HELD: &str = "INSERT INTO decision (target, act, level, decider, date, reason)
            VALUES ('c1', 'confirm', 'core', '王工', '2026-03-01', '评审'), ('a1', 'reject', NULL, '李工', '2026-03-02', '误');
            INSERT INTO occurrence (event, date, recorder, recorded)
            VALUES ('data-inventory', '2026-01-05', '李工', '2026-01-05');
            INSERT INTO filing (id, state, submitter, authority, submitted, as_of)
            VALUES (1, 'accepted', '王工', '某省工信厅', '2026-03-01', '2026-02-28')";
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("mulu.db");
        let unlogged = 5;
        assert!(migrate_file(&path, &MIGRATIONS[..unlogged]).0);
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().expect("a runtime");
        let (log, checked) = runtime.block_on(async {
            let options = SqliteConnectOptions::new().filename(&path);
            let mut before = SqliteConnection::connect_with(&options).await.expect("connected");
            sqlx::raw_sql(HELD).execute(&mut before).await.expect("held");
            before.close().await.expect("closed");
            let (mut connection, _) = connect(&path).await.expect("brought up to date");
            let log = audit::page(&mut connection, 0).await.expect("read");
            (log, audit::verify(&mut connection, None).await.expect("checked"))
        });
        let told: Vec<_> =
            log.iter().map(|entry| (entry.act.as_str(), entry.subject.as_str(), entry.by.as_str())).collect();
        assert_eq!(
            told,
            [
                ("adopt.decision", "c1", "王工"),
                ("adopt.decision", "a1", "李工"),
                ("adopt.occurrence", "data-inventory", "李工"),
                ("adopt.filing", "filing 1", "王工")
            ]
        );
        assert_eq!(checked.faults, []);
    }

    #[test]
    fn keys_are_drawn_anew() {
        assert_ne!(draw_key(), draw_key());
    }

    #[test]
    fn short_or_foreign_bytes_are_no_inventory() {
        let mut head = [0; 100];
        assert!(!is_inventory(&[]));
        head[..16].copy_from_slice(b"SQLite format 3\0");
        assert!(!is_inventory(&head));
        assert!(!is_inventory(&head[..70]));
        head[68..72].copy_from_slice(b"mulu");
        assert!(is_inventory(&head));
    }
}
