//! A scan accounts for everything that it found, once.

use std::collections::BTreeMap;
use std::os::unix::fs::PermissionsExt as _;

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
fn strict_tells_of_what_could_not_be_read() {
    let env = ScanEnv::new();
    env.put("a.txt", "设备台账\n");
    env.done(&["scan", "share", "--strict"]);
    env.put("b.xlsx", "PK\u{3}\u{4} this is no workbook");
    env.done(&["scan", "share"]);
    env.mulu(&["scan", "share", "--strict"]).expect_code(1);
}
