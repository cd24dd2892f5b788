//! The suite of every backend on the SQLite file, and what only a file can promise.

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use sqlx::SqliteConnection;
use tempfile::TempDir;

use super::SqliteInventory;
use crate::inventory::suite::{self, begin, file, shard, share};
use crate::inventory::{Error, Inventory, ScanPlan, is_inventory, open, open_existing};
use crate::model::{Act, Decision, Lang, ScanState, Speak, StoreResult, StoreState};

/// One test for each promise of the suite, on a fresh file.
macro_rules! on_a_fresh_file {
    ($($module:ident::$promise:ident)*) => {
        $(#[test]
        fn $promise() {
            let (_folder, path) = fresh();
            let mut inventory = open(&path).expect("opened");
            suite::$module::$promise(inventory.as_mut());
        })*
    };
}
suite::promises!(on_a_fresh_file);

fn fresh() -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("mulu.db");
    (folder, path)
}

fn opened(path: &Path) -> SqliteInventory {
    SqliteInventory::open(path, true).expect("opened")
}

/// Why a file cannot be opened.
fn refusal(path: &Path) -> Error {
    open(path).err().expect("refused")
}

/// Does something to the rows that the contract has no word for.
fn execute(inventory: &mut SqliteInventory, sql: &'static str) -> Result<(), Error> {
    inventory.ask(async |connection: &mut SqliteConnection| {
        sqlx::raw_sql(sql).execute(connection).await?;
        Ok(())
    })
}

fn names_beside(path: &Path) -> Vec<String> {
    let folder = path.parent().expect("a folder");
    let entries = std::fs::read_dir(folder).expect("listed");
    let mut names: Vec<String> =
        entries.map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

fn decision() -> Decision {
    Decision {
        target: "a0000000000000001".to_owned(),
        act: Act::Confirm,
        category: None,
        level: None,
        detector: None,
        by: "王工".to_owned(),
        date: "2026-11-22".to_owned(),
        reason: "checked".to_owned(),
        document: None,
        under: None,
        saw: None,
    }
}

#[test]
fn all_its_files_are_readable_by_their_owner_alone() {
    let (_folder, path) = fresh();
    let mut inventory = opened(&path);
    let store = share(&mut inventory);
    begin(&mut inventory, &[&store], "one");
    let names = names_beside(&path);
    assert_eq!(names, ["mulu.db", "mulu.db-scan", "mulu.db-shm", "mulu.db-wal"]);
    for name in names {
        let mode = std::fs::metadata(path.with_file_name(&name)).expect("there").permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{name}");
    }
    drop(inventory);
    assert_eq!(names_beside(&path), ["mulu.db"]);
}

#[test]
fn a_second_scan_is_refused_while_people_may_read_and_review() {
    let (_folder, path) = fresh();
    let mut scanning = opened(&path);
    let store = share(&mut scanning);
    let id = begin(&mut scanning, &[&store], "one").id;
    let mut other = opened(&path);
    let plan = ScanPlan {
        stores: vec![store],
        versions: suite::versions("r1"),
        fingerprint: "two".to_owned(),
        started: String::new(),
    };
    assert_eq!(other.begin_scan(&plan), Err(Error::ScanRunning { path: path.clone() }));
    assert_eq!(
        other.record_shard(id, &shard("s", Vec::new(), Vec::new())),
        Err(Error::ScanRunning { path: path.clone() })
    );
    other.record_decision(&decision()).expect("reviewed");
    scanning.record_shard(id, &shard("all", vec![file("a", 1)], Vec::new())).expect("recorded");
    assert_eq!(other.scans().expect("read")[0].tally.found, 1);
    scanning.finish_scan(id, &["all".to_owned()], &[], "2026-11-22").expect("finished");
    other.begin_scan(&plan).expect("free again");
}

#[test]
fn a_scan_that_was_killed_at_any_moment_leaves_a_consistent_file_and_resumes() {
    let (folder, path) = fresh();
    let mut inventory = opened(&path);
    let store = share(&mut inventory);
    let id = begin(&mut inventory, &[&store], "one").id;
    inventory.record_shard(id, &shard("s1", vec![file("a", 1)], Vec::new())).expect("recorded");
    // The killed process's half of a shard: written, never committed.
    execute(
        &mut inventory,
        "BEGIN; INSERT INTO shard (scan, key, store, fingerprint, tally) VALUES (1, 'half', 1, '', '')",
    )
    .expect("written");
    let crashed = folder.path().join("crashed.db");
    for suffix in ["", "-wal"] {
        let beside = |path: &Path| PathBuf::from(format!("{}{suffix}", path.display()));
        std::fs::copy(beside(&path), beside(&crashed)).expect("copied");
    }
    let mut resumed = opened(&crashed);
    execute(&mut resumed, "PRAGMA integrity_check; PRAGMA foreign_key_check").expect("sound");
    assert!(begin(&mut resumed, &[&store], "one").resumed);
    assert_eq!(resumed.shards_done(id).expect("read").keys().collect::<Vec<_>>(), ["s1"]);
}

#[test]
fn a_scan_dropped_without_an_end_is_resumed_when_the_file_is_opened_again() {
    let (_folder, path) = fresh();
    let mut inventory = opened(&path);
    let store = share(&mut inventory);
    begin(&mut inventory, &[&store], "one");
    drop(inventory);
    let mut again = open_existing(&path).expect("opened");
    assert_eq!(again.scans().expect("read")[0].state, ScanState::Running);
    assert!(begin(again.as_mut(), &[&store], "one").resumed);
}

#[test]
fn many_processes_may_create_it_at_once() {
    let (_folder, path) = fresh();
    let keys: Vec<_> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..8).map(|_| scope.spawn(|| opened(&path).sketch_key())).collect();
        threads.into_iter().map(|thread| thread.join().expect("opened")).collect()
    });
    assert!(keys.iter().all(|key| *key == keys[0]));
}

#[test]
fn a_link_leads_to_the_same_inventory_and_the_same_lock() {
    let (folder, path) = fresh();
    let mut inventory = opened(&path);
    let elsewhere = folder.path().join("elsewhere");
    std::fs::create_dir(&elsewhere).expect("created");
    let link = elsewhere.join("link.db");
    std::os::unix::fs::symlink(&path, &link).expect("linked");
    let store = share(&mut inventory);
    begin(&mut inventory, &[&store], "one");
    let mut linked = opened(&link);
    assert_eq!(linked.own_files().expect("read"), inventory.own_files().expect("read"));
    assert_eq!(names_beside(&link), ["link.db"]);
    let refused = linked.record_shard(1, &shard("s", Vec::new(), Vec::new()));
    assert_eq!(refused, Err(Error::ScanRunning { path }));
}

#[test]
fn a_lock_that_another_program_keeps_is_named() {
    let (_folder, path) = fresh();
    let (mut inventory, mut other) = (opened(&path), opened(&path));
    execute(&mut other, "BEGIN EXCLUSIVE").expect("locked");
    execute(&mut inventory, "PRAGMA busy_timeout = 10").expect("shortened");
    assert_eq!(inventory.record_decision(&decision()), Err(Error::Locked { path }));
    execute(&mut other, "ROLLBACK").expect("given back");
    inventory.record_decision(&decision()).expect("recorded");
}

#[test]
fn its_first_bytes_say_whose_it_is_from_the_beginning() {
    let (_folder, path) = fresh();
    let _inventory = opened(&path);
    // Read as a scan would meet it: open, and with most of it still in the write-ahead log.
    let bytes = std::fs::File::open(&path).and_then(|file| {
        let mut head = Vec::new();
        std::io::Read::read_to_end(&mut std::io::Read::take(file, 100), &mut head)?;
        Ok(head)
    });
    assert!(is_inventory(&bytes.expect("read")));
}

#[test]
fn the_sketch_key_stays_and_each_inventory_has_its_own() {
    let ((_one, path), (_two, other)) = (fresh(), fresh());
    let key = opened(&path).sketch_key();
    assert!(opened(&path).sketch_key() == key);
    assert!(opened(&other).sketch_key() != key);
}

#[test]
fn a_missing_inventory_says_to_scan_first_and_is_not_created() {
    let (_folder, path) = fresh();
    assert_eq!(open_existing(&path).err(), Some(Error::Missing { path: path.clone() }));
    std::fs::write(&path, "").expect("written");
    assert_eq!(open_existing(&path).err(), Some(Error::Missing { path: path.clone() }));
    assert_eq!(names_beside(&path), ["mulu.db"]);
    drop(opened(&path));
    let mode = std::fs::metadata(&path).expect("there").permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
}

#[test]
fn a_missing_folder_is_not_created() {
    let (folder, path) = fresh();
    let inside = folder.path().join("none/mulu.db");
    assert_eq!(refusal(&inside), Error::FolderMissing { path: inside });
    let under_a_file = path.join("mulu.db");
    std::fs::write(&path, "x").expect("written");
    assert_eq!(refusal(&under_a_file), Error::Unreadable { path: under_a_file });
}

#[test]
fn what_is_no_inventory_is_refused_and_left_alone() {
    let (folder, path) = fresh();
    std::fs::write(&path, "订单,姓名\n").expect("written");
    assert_eq!(refusal(&path), Error::NotAnInventory { path: path.clone() });
    assert_eq!(refusal(folder.path()), Error::NotAnInventory { path: folder.path().to_owned() });
    // Another program's database.
    let foreign = folder.path().join("mes.db");
    let mut inventory = opened(&foreign);
    execute(&mut inventory, "PRAGMA application_id = 0; PRAGMA wal_checkpoint(TRUNCATE)").expect("changed");
    drop(inventory);
    assert_eq!(refusal(&foreign), Error::NotAnInventory { path: foreign });
    assert_eq!(names_beside(&path), ["mes.db", "mulu.db"]);
}

#[test]
fn a_later_layout_is_refused_and_left_alone() {
    let (_folder, path) = fresh();
    let mut later = opened(&path);
    execute(&mut later, "PRAGMA user_version = 99").expect("changed");
    assert_eq!(refusal(&path), Error::Newer { path: path.clone(), found: 99, known: super::open::LAYOUT });
    execute(&mut later, "PRAGMA user_version = 8").expect("changed back");
    drop(later);
    assert!(opened(&path).scans().expect("read").is_empty());
}

#[test]
fn recorded_events_can_be_neither_changed_nor_removed() {
    let (_folder, path) = fresh();
    let mut inventory = opened(&path);
    suite::history::recorded_events_come_back_in_order_with_what_takes_them_back(&mut inventory);
    assert!(execute(&mut inventory, "UPDATE occurrence SET date = '2026-01-01'").is_err());
    assert!(execute(&mut inventory, "DELETE FROM occurrence").is_err());
    assert_eq!(inventory.occurrences().expect("read").len(), 2);
}

#[test]
fn an_unchanged_mode_adds_no_row() {
    let (_folder, path) = fresh();
    let mut inventory = opened(&path);
    suite::history::modes_are_known_at_every_scan_though_only_changes_are_kept(&mut inventory);
    let rows: i64 = inventory
        .ask(async |connection: &mut SqliteConnection| {
            Ok(sqlx::query_scalar("SELECT count(*) FROM access").fetch_one(connection).await?)
        })
        .expect("read");
    assert_eq!(rows, 4, "four scans of a file and a folder that changed once");
}

#[test]
fn damage_is_named_by_its_place_and_never_quoted() {
    let (_folder, path) = fresh();
    let mut inventory = opened(&path);
    suite::recording::a_shard_recorded_twice_counts_once(&mut inventory);
    for (sql, what) in [
        ("UPDATE result SET proposal = '{\"13800138000'", "result.proposal"),
        ("UPDATE result SET proposal = NULL, status = '13800138000'", "result.status"),
        ("UPDATE result SET status = 'failed'; UPDATE finding SET sketch = x'13800138'", "finding.sketch"),
    ] {
        execute(&mut inventory, sql).expect("changed");
        let error = inventory.assets_now(&mut |_| {}).expect_err("damaged");
        assert_eq!(error, Error::Damaged { path: path.clone(), what: what.to_owned() });
        assert!(!format!("{error} {error:?}").contains("138"));
    }
}

#[test]
fn a_file_cut_or_overwritten_in_the_middle_is_an_error_and_not_a_panic() {
    for cut in [false, true] {
        let (_folder, path) = fresh();
        drop(opened(&path));
        let file = std::fs::OpenOptions::new().write(true).open(&path).expect("opened");
        if cut {
            file.set_len(8000).expect("cut");
        } else {
            std::os::unix::fs::FileExt::write_all_at(&file, &vec![0xff; 30_000], 200).expect("overwritten");
        }
        drop(file);
        let outcome = open(&path).and_then(|mut inventory| inventory.scans().map(|_| ()));
        assert!(matches!(outcome, Err(Error::Damaged { .. } | Error::Refused { .. })), "{outcome:?}");
    }
}

#[test]
fn a_full_disk_loses_the_shard_under_way_and_nothing_else() {
    let (_folder, path) = fresh();
    let mut inventory = opened(&path);
    let store = share(&mut inventory);
    let id = begin(&mut inventory, &[&store], "one").id;
    inventory.record_shard(id, &shard("s1", vec![file("a", 1)], Vec::new())).expect("recorded");
    // SQLite answers an exhausted page count and an exhausted disk with the same code.
    execute(&mut inventory, "PRAGMA max_page_count = 1").expect("limited");
    let large = (0..500).map(|number| file(&format!("large/{number}"), 1000)).collect();
    assert_eq!(inventory.record_shard(id, &shard("s2", large, Vec::new())), Err(Error::Full { path: path.clone() }));
    assert_eq!(inventory.shards_done(id).expect("read").keys().collect::<Vec<_>>(), ["s1"]);
    execute(&mut inventory, "PRAGMA max_page_count = 1000000").expect("free again");
    let complete =
        [StoreResult { store: "plant".to_owned(), state: StoreState::Complete, reason: None, connection: None }];
    assert_eq!(inventory.finish_scan(id, &["s1".to_owned()], &complete, "2026-11-22").expect("finished").found, 1);
}

#[test]
fn decisions_can_be_neither_changed_nor_removed() {
    let (_folder, path) = fresh();
    let mut inventory = opened(&path);
    inventory.record_decision(&decision()).expect("recorded");
    assert!(execute(&mut inventory, "UPDATE decision SET level = 'core'").is_err());
    assert!(execute(&mut inventory, "DELETE FROM decision").is_err());
    assert_eq!(inventory.decisions().expect("read"), [decision()]);
}

#[test]
fn its_own_files_are_known_while_they_stand_where_they_were_written() {
    let (folder, path) = fresh();
    let mut inventory = opened(&path);
    let numbers = |path: &Path| {
        let metadata = std::fs::metadata(path).expect("there");
        (std::os::unix::fs::MetadataExt::dev(&metadata), std::os::unix::fs::MetadataExt::ino(&metadata))
    };
    let export = folder.path().join("catalog.xlsx");
    std::fs::write(&export, "x").expect("written");
    inventory.remember_own_file(&export).expect("remembered");
    inventory.remember_own_file(&export).expect("remembered twice");
    let own = inventory.own_files().expect("read");
    for name in ["mulu.db", "mulu.db-wal", "mulu.db-shm", "catalog.xlsx"] {
        assert!(own.contains(&numbers(&path.with_file_name(name))), "{name}");
    }
    // Under another name it may be another's: its inode can be given anew.
    let moved = folder.path().join("moved.xlsx");
    std::fs::rename(&export, &moved).expect("moved");
    assert!(!inventory.own_files().expect("read").contains(&numbers(&moved)));
    std::fs::write(&export, "of somebody else").expect("written");
    let own = inventory.own_files().expect("read");
    assert!(!own.contains(&numbers(&moved)) && !own.contains(&numbers(&export)));
    let missing = folder.path().join("none");
    assert_eq!(inventory.remember_own_file(&missing), Err(Error::Unreadable { path: missing }));
}

#[test]
fn after_a_scan_no_row_stands_that_nothing_points_to() {
    let (_folder, path) = fresh();
    let mut inventory = opened(&path);
    suite::rescans::a_file_that_changed_twice_leaves_no_rows_behind(&mut inventory);
    let counts: Vec<i64> = ["result", "asset", "finding", "observation", "shard"]
        .map(|table| {
            let sql = sqlx::AssertSqlSafe(format!("SELECT count(*) FROM {table}"));
            inventory
                .ask(async |connection: &mut SqliteConnection| {
                    Ok(sqlx::query_scalar(sql).fetch_one(connection).await?)
                })
                .expect("counted")
        })
        .into();
    assert_eq!(counts, [1, 1, 1, 1, 1]);
}

#[test]
fn every_error_is_one_line_that_says_where_in_both_languages() {
    let path = || PathBuf::from("/srv/mulu.db");
    let word = || "部件".to_owned();
    let errors = [
        Error::Missing { path: path() },
        Error::FolderMissing { path: path() },
        Error::NotAnInventory { path: path() },
        Error::Newer { path: path(), found: 9, known: 1 },
        Error::Denied { path: path() },
        Error::ReadOnly { path: path() },
        Error::Unreadable { path: path() },
        Error::ScanRunning { path: path() },
        Error::Locked { path: path() },
        Error::Full { path: path() },
        Error::Damaged { path: path(), what: word() },
        Error::UnknownStore { store: word() },
        Error::UnknownScan { scan: 4711 },
        Error::ScanFinished { scan: 4711 },
        Error::UnknownResults { shard: word() },
        Error::UnknownFiling { filing: 4711 },
        Error::Refused { path: path(), code: word() },
    ];
    for error in errors {
        for lang in [Lang::Zh, Lang::En] {
            let said = error.say(lang);
            assert!(["/srv/mulu.db", "部件", "4711"].iter().any(|place| said.contains(place)), "{said}");
            assert!(!said.contains('\n') && !said.ends_with(['.', '。']), "{said}");
            assert!(said.contains([';', '；', ':']), "says what to do: {said}");
        }
        assert_eq!(error.to_string(), error.say(Lang::En));
    }
}

#[test]
fn what_the_system_refuses_keeps_its_kind() {
    use std::io::ErrorKind;
    let path = PathBuf::from("/srv/mulu.db");
    let said = |kind: ErrorKind| Error::from_io(&path, &std::io::Error::from(kind));
    assert_eq!(said(ErrorKind::PermissionDenied), Error::Denied { path: path.clone() });
    assert_eq!(said(ErrorKind::ReadOnlyFilesystem), Error::ReadOnly { path: path.clone() });
    assert_eq!(said(ErrorKind::StorageFull), Error::Full { path: path.clone() });
    assert_eq!(said(ErrorKind::Interrupted), Error::Unreadable { path: path.clone() });
}
