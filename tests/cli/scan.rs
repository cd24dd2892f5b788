//! A scan accounts for everything that it found, once.

use std::collections::BTreeMap;
use std::os::unix::fs::PermissionsExt as _;

use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode};
use sqlx::{ConnectOptions as _, Connection as _, SqliteConnection};

use crate::support::{Answer, ScanEnv, bytes_of, files_below};

/// found = classified + unclassified + skipped + failed, in the tally of `scan --format json`.
#[track_caller]
pub(crate) fn assert_adds_up(answer: &Answer) -> u64 {
    let answer = answer.json();
    let count = |name: &str| answer["tally"][name].as_u64().unwrap_or_else(|| panic!("no {name} in {answer:#}"));
    let found = count("found");
    assert_eq!(found, count("classified") + count("unclassified") + count("skipped") + count("failed"), "{answer:#}");
    found
}

#[test]
fn every_file_ends_in_exactly_one_way() {
    let env = ScanEnv::with_plant(0);
    let found = assert_adds_up(&env.done(&["scan", "share", "--format", "json"]));
    let assets = env.assets();
    assert_eq!(assets.len() as u64, found, "as many rows as were found");
    let mut statuses = BTreeMap::<&str, usize>::new();
    for asset in &assets {
        let status = asset["status"].as_str().expect("a status");
        *statuses.entry(status).or_default() += 1;
        let needs_reason = matches!(status, "skipped" | "failed");
        assert!(!needs_reason || asset["reason"].is_string(), "{asset:#}");
    }
    let known = ["classified", "unclassified", "skipped", "failed"];
    assert!(statuses.keys().all(|status| known.contains(status)), "{statuses:?}");
    for path in files_below(&env.share()) {
        let relative = path.strip_prefix(env.share()).expect("below the share").to_string_lossy().into_owned();
        let masked = relative.contains("承运司机");
        let listed = assets.iter().any(|asset| asset["locator"] == relative.as_str());
        assert!(listed != masked, "{relative} is listed by its name, unless its name holds an identifier");
    }
}

#[test]
fn rows_have_all_their_keys_in_order_and_are_sorted() {
    const KEYS: [&str; 14] = [
        "id",
        "store",
        "locator",
        "kind",
        "status",
        "reason",
        "format",
        "encoding",
        "bytes",
        "records",
        "modified",
        "category",
        "level",
        "identifiers",
    ];
    let env = ScanEnv::with_plant(0);
    env.scan();
    let assets = env.assets();
    let mut places = Vec::new();
    for asset in &assets {
        let keys: Vec<_> = asset.as_object().expect("an object").keys().map(String::as_str).collect();
        assert_eq!(keys[..14], KEYS, "{asset:#}");
        assert_eq!(keys[14..], ["markers"], "{asset:#}");
        places.push((asset["store"].as_str().unwrap_or(""), asset["locator"].as_str().unwrap_or("")));
    }
    assert!(places.is_sorted(), "{places:#?}");
}

#[test]
fn a_second_scan_of_the_same_share_reads_nothing_again_and_says_the_same() {
    let env = ScanEnv::with_plant(0);
    env.scan();
    let first = env.done(&["assets", "--format", "jsonl"]).stdout;
    let again = env.done(&["scan", "share", "--format", "json"]).json();
    let tally = &again["tally"];
    assert!(tally["unchanged"].as_u64() >= Some(20), "{again:#}");
    assert_eq!(env.done(&["assets", "--format", "jsonl"]).stdout, first);
}

#[test]
fn what_the_tool_writes_is_private_and_never_scanned() {
    let env = ScanEnv::with_plant(0);
    env.put("a.txt", "设备台账\n");
    let inventory = env.share().join("kept.db");
    let export = env.share().join("assets.jsonl");
    let (inventory, export) = (inventory.to_str().expect("UTF-8"), export.to_str().expect("UTF-8"));
    env.done(&["scan", "share", "--inventory", inventory]);
    env.done(&["assets", "--format", "jsonl", "-o", export, "--inventory", inventory]);
    env.done(&["scan", "share", "--inventory", inventory]);
    let assets = env.done(&["assets", "--format", "jsonl", "--inventory", inventory]).json_lines();
    for name in ["kept.db", "assets.jsonl"] {
        let mode = env.share().join(name).metadata().expect("written").permissions().mode() & 0o777;
        assert_eq!(mode, 0o600, "{name}");
        for asset in assets.iter().filter(|asset| asset["locator"] == name) {
            assert_eq!(asset["status"], "skipped", "{asset:#}");
        }
    }
}

#[test]
fn scanning_changes_nothing_in_the_share() {
    let env = ScanEnv::with_plant(0);
    let state = || {
        let describe = |path: std::path::PathBuf| {
            let modified = path.metadata().expect("there").modified().expect("a time");
            (bytes_of(&path), modified, path)
        };
        files_below(&env.share()).into_iter().map(describe).collect::<Vec<_>>()
    };
    let before = state();
    env.scan();
    assert!(before == state(), "the share differs after a scan");
}

#[test]
fn one_command_scans_several_targets() {
    let env = ScanEnv::with_plant(0);
    std::fs::create_dir(env.path("other")).expect("a folder can be made");
    env.put_beside("other/客户名单.csv", "客户名称,联系人,合同编号\n甲公司,王一,HT-1\n乙公司,李二,HT-2\n");
    let database = format!("sqlite://{}", env.share().join(crate::plant::DATABASE).display());
    env.done(&["scan", "share", "other", &database]);
    let stores: std::collections::BTreeSet<_> =
        env.assets().iter().map(|asset| asset["store"].as_str().unwrap_or("").to_owned()).collect();
    assert_eq!(stores.len(), 3, "{stores:?}");
}

#[test]
fn progress_is_json_lines_on_request() {
    let env = ScanEnv::with_plant(0);
    let answer = env.done(&["scan", "share", "--progress", "json"]);
    let lines: Vec<_> = answer.stderr.lines().filter(|line| line.starts_with('{')).collect();
    assert!(!lines.is_empty(), "no progress on standard error: {}", answer.stderr);
    for line in lines {
        let line: serde_json::Value = serde_json::from_str(line).expect("a line of progress is JSON");
        assert!(line.is_object(), "{line}");
    }
}

#[test]
fn a_log_is_private_appended_to_and_names_what_was_not_read() {
    let env = ScanEnv::new();
    env.put("broken.xlsx", b"PK\x03\x04 and no more");
    env.put("orders.csv", "订单号,数量\nA-1,2\nA-2,3\n".as_bytes());
    let log = env.share().join("mulu.log");
    let log_name = log.to_str().expect("a plain name");
    env.done(&["scan", "share", "--log", log_name]);
    env.done(&["scan", "share", "--log", log_name]);

    assert_eq!(log.metadata().unwrap().permissions().mode() & 0o777, 0o600);
    let lines: Vec<serde_json::Value> = String::from_utf8(bytes_of(&log))
        .unwrap()
        .lines()
        .map(|line| serde_json::from_str(line).expect("each line is an object"))
        .collect();
    let of = |event: &str| lines.iter().filter(|line| line["event"] == event).collect::<Vec<_>>();
    assert_eq!([of("begun").len(), of("store-done").len(), of("finished").len()], [2, 2, 2]);
    assert!(lines.iter().all(|line| line["time"].as_str().is_some_and(|time| time.ends_with('Z'))));
    let assets = of("asset");
    assert!(assets.iter().any(|line| line["locator"] == "broken.xlsx" && line["status"] == "failed"), "{assets:?}");
    assert!(assets.iter().all(|line| line["locator"] != "orders.csv"), "what was read whole is no news");
    assert_eq!(env.asset("mulu.log")["reason"], "own-file");
}

#[test]
fn strict_tells_of_what_could_not_be_read() {
    let env = ScanEnv::new();
    env.put("a.txt", "设备台账\n");
    env.put("empty.csv", "");
    env.done(&["scan", "share", "--strict"]);
    env.put("b.xlsx", "PK\u{3}\u{4} this is no workbook");
    env.done(&["scan", "share"]);
    env.mulu(&["scan", "share", "--strict"]).expect_code(1);
}

/// Runs statements over a SQLite file in write-ahead mode, on a connection that stays open.
fn write_database(runtime: &tokio::runtime::Runtime, path: &std::path::Path, sql: &[&'static str]) -> SqliteConnection {
    let options = SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .pragma("wal_autocheckpoint", "0");
    runtime.block_on(async {
        let mut connection = options.connect().await.expect("a database can be opened");
        for statement in sql {
            sqlx::raw_sql(*statement).execute(&mut connection).await.expect("a statement runs");
        }
        connection
    })
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime")
}

#[test]
fn two_names_that_are_masked_alike_are_two_assets() {
    let env = ScanEnv::new();
    for name in ["13800138000.txt", "１３８００１３８０００.txt", "plain.txt"] {
        env.put(name, format!("设备台账 {name}\n"));
    }
    let runtime = runtime();
    let tables = ["CREATE TABLE t_13800138000 (a)", "CREATE TABLE t_１３８００１３８０００ (a)"];
    let connection = write_database(&runtime, &env.path("tables.db"), &tables);
    runtime.block_on(connection.close()).expect("closed");
    let target = format!("sqlite://{}", env.path("tables.db").display());
    let first = assert_adds_up(&env.done(&["scan", "share", &target, "--format", "json"]));
    let assets = env.done(&["assets", "--format", "jsonl"]);
    assert_eq!(assets.json_lines().len(), 5, "{}", assets.stdout);
    assert_eq!(first, 5);
    assert_eq!(assets.stdout.matches("<2>").count(), 2, "{}", assets.stdout);
    let again = env.done(&["scan", "share", "--format", "json"]).json();
    assert_eq!(again["tally"]["unchanged"].as_u64(), Some(3), "{again:#}");
}

#[test]
fn rows_that_a_program_has_only_in_its_log_are_seen_by_the_next_scan() {
    let env = ScanEnv::new();
    let path = env.share().join("mes.db");
    let runtime = runtime();
    let setup = ["CREATE TABLE 工单 (编号 TEXT)", "PRAGMA wal_checkpoint(TRUNCATE)", "INSERT INTO 工单 VALUES ('a')"];
    let mut connection = write_database(&runtime, &path, &setup);
    let rows = || {
        env.scan();
        let assets = env.assets();
        let table = assets.iter().find(|asset| asset["kind"] == "table").expect("the table is listed");
        table["records"]["value"].as_u64()
    };
    assert_eq!(rows(), Some(1));
    let before = std::fs::metadata(&path).and_then(|file| file.modified()).expect("a time");
    let insert = sqlx::raw_sql("INSERT INTO 工单 VALUES ('b'), ('c')");
    runtime.block_on(insert.execute(&mut connection)).expect("rows go in");
    let after = std::fs::metadata(&path).and_then(|file| file.modified()).expect("a time");
    assert_eq!(before, after, "the new rows are in the log alone");
    assert_eq!(rows(), Some(3));
    let again = env.done(&["scan", "share", "--format", "json"]).json();
    assert!(again["tally"]["unchanged"].as_u64() >= Some(2), "a log that stays still is not read again: {again:#}");
    runtime.block_on(connection.close()).expect("closed");
}
