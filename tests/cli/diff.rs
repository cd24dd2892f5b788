//! `mulu diff`: what a security team wants to know between two scans.

use std::os::unix::fs::PermissionsExt as _;

use serde_json::Value;

use crate::plant::identifiers::{mobile, resident_id};
use crate::support::ScanEnv;

fn set_mode(env: &ScanEnv, name: &str, mode: u32) {
    std::fs::set_permissions(env.share().join(name), std::fs::Permissions::from_mode(mode)).expect("a mode can be set");
}

fn staff(rows: u32, with_ids: bool) -> String {
    let mut text = if with_ids {
        "员工姓名,手机号,身份证号\n".to_owned()
    } else {
        "员工姓名,手机号\n".to_owned()
    };
    for row in 0..rows {
        let id = if with_ids { format!(",{}", resident_id(60_000 + row)) } else { String::new() };
        text.push_str(&format!("员工{row},{}{id}\n", mobile(8_000 + row)));
    }
    text
}

/// Two scans: one file gone, one new, one grown, with new identifiers, two opened to others.
fn changed() -> ScanEnv {
    let env = ScanEnv::new();
    env.put("人事/员工.csv", staff(40, false));
    env.put("人事/花名册.csv", staff(40, false));
    env.put("生产/旧报表.csv", "设备编号,温度\nEQ-1,20.5\n");
    env.put("生产/说明.txt", "设备台账\n");
    for name in ["人事/员工.csv", "人事/花名册.csv", "生产/旧报表.csv", "生产/说明.txt"] {
        set_mode(&env, name, 0o640);
    }
    set_mode(&env, "人事", 0o750);
    env.scan();
    env.put("人事/员工.csv", staff(60, false));
    env.put("人事/花名册.csv", staff(40, true));
    std::fs::remove_file(env.share().join("生产/旧报表.csv")).expect("removed");
    env.put("生产/新报表.csv", "设备编号,温度\nEQ-1,20.5\nEQ-2,21.0\n");
    set_mode(&env, "生产/说明.txt", 0o644);
    set_mode(&env, "人事", 0o755);
    env.scan();
    env
}

fn rows(env: &ScanEnv, arguments: &[&str], code: i32) -> Vec<(String, String)> {
    let answer = env.mulu(&[&["diff", "1", "2", "--format", "jsonl"][..], arguments].concat()).expect_code(code);
    let shown = |row: &Value| {
        let text = |key: &str| row[key].as_str().unwrap_or_default().to_owned();
        (text("kind"), text("locator"))
    };
    answer.json_lines().iter().map(shown).collect()
}

fn pair(kind: &str, locator: &str) -> (String, String) {
    (kind.to_owned(), locator.to_owned())
}

#[test]
fn what_came_went_grew_and_was_opened_is_told() {
    let env = changed();
    let found = rows(&env, &[], 1);
    for wanted in [
        pair("access", "人事/"),
        pair("grown", "人事/员工.csv"),
        pair("identifiers", "人事/花名册.csv"),
        pair("new", "生产/新报表.csv"),
        pair("gone", "生产/旧报表.csv"),
        pair("access", "生产/说明.txt"),
    ] {
        assert!(found.contains(&wanted), "{wanted:?} is missing: {found:#?}");
    }
    assert_eq!(found.iter().filter(|(kind, _)| kind == "access").count(), 2, "{found:#?}");
    // Backwards, what is new is gone, and what was opened was closed.
    let back = env.mulu(&["diff", "2", "1", "--format", "jsonl"]).expect_code(1).json_lines();
    assert!(back.iter().any(|row| row["kind"] == "gone" && row["locator"] == "生产/新报表.csv"), "{back:#?}");
    assert!(back.iter().all(|row| row["kind"] != "access"), "{back:#?}");
}

#[test]
fn a_folder_that_moved_is_told_file_by_file_and_a_copy_is_new() {
    let env = ScanEnv::new();
    env.put("研发/配方.csv", "批次,温度\nB1,20\n");
    env.put("研发/日志.txt", "设备台账一\n");
    env.scan();
    std::fs::rename(env.share().join("研发"), env.share().join("新研发")).expect("moved");
    env.put("副本/配方.csv", "批次,温度\nB1,20\n");
    env.scan();
    let told = env.mulu(&["diff", "--format", "jsonl"]).expect_code(1).json_lines();
    let mut told: Vec<_> = told
        .iter()
        .filter(|row| row["asset"] == "file")
        .map(|row| format!("{} {} ← {}", row["kind"], row["locator"], row["before"]).replace('"', ""))
        .collect();
    told.sort();
    // Which of two equal files is the moved one cannot be told: the first place is.
    assert_eq!(
        told,
        ["moved 副本/配方.csv ← 研发/配方.csv", "moved 新研发/日志.txt ← 研发/日志.txt", "new 新研发/配方.csv ← null"]
    );
    assert_eq!(rows(&env, &["--kind", "gone"], 0), []);
    assert_eq!(rows(&env, &["--kind", "moved", "--below", "新研发/"], 1), [pair("moved", "新研发/日志.txt")]);
    let table = env.mulu(&["diff"]).expect_code(1).stdout;
    assert!(table.contains("from 研发/日志.txt"), "{table}");
}

#[test]
fn the_table_reads_well_in_both_languages() {
    let env = changed();
    // Dates are those of the run; files belong to whoever runs it, and columns are as wide as his number.
    let filters = [("[0-9]{4}-[0-9]{2}-[0-9]{2}", "DATE"), ("[0-9]+:[0-9]+", "OWNER"), ("( |─){2,}", "$1$1")];
    for lang in ["zh", "en"] {
        let answer = env.mulu(&["diff", "--lang", lang]).expect_code(1);
        insta::with_settings!({ filters => filters.to_vec() }, {
            insta::assert_snapshot!(format!("diff_{lang}"), answer.stdout);
        });
    }
}

#[test]
fn filters_narrow_and_exit_codes_follow_them() {
    let env = changed();
    assert_eq!(rows(&env, &["--kind", "gone"], 1), [pair("gone", "生产/旧报表.csv")]);
    assert_eq!(rows(&env, &["--kind", "grown", "--min-ratio", "0.5"], 1), [pair("grown", "人事/员工.csv")]);
    assert_eq!(rows(&env, &["--kind", "grown", "--min-ratio", "0.501"], 0), []);
    assert_eq!(rows(&env, &["--kind", "access", "--below", "生产/"], 1), [pair("access", "生产/说明.txt")]);
    assert_eq!(rows(&env, &["--level", "core"], 0), []);
    let production = rows(&env, &["--category", "production.planning"], 1);
    let wanted = [pair("new", "生产/新报表.csv"), pair("gone", "生产/旧报表.csv"), pair("access", "生产/说明.txt")];
    assert_eq!(production, wanted);
    let short = env.mulu(&["diff", "--limit", "1"]).expect_code(1).stdout;
    assert!(short.contains("more rows; see --limit"), "{short}");
}

#[test]
fn every_format_holds_the_same_rows_and_no_formula() {
    let env = changed();
    let lines = env.mulu(&["diff", "--format", "jsonl"]).expect_code(1).json_lines();
    let whole = env.mulu(&["diff", "--format", "json"]).expect_code(1).json();
    assert_eq!(whole["differences"].as_array(), Some(&lines));
    assert_eq!(whole["stores"][0]["state"], "compared");
    let csv = env.mulu(&["diff", "--format", "csv"]).expect_code(1).stdout;
    assert_eq!(csv.lines().count(), lines.len() + 1);
    let nothing = env.done(&["diff", "--level", "core", "--format", "json"]).json();
    assert_eq!(nothing["differences"], serde_json::json!([]));
}

#[test]
fn a_store_that_one_scan_was_not_given_is_not_compared_and_never_gone() {
    let env = ScanEnv::new();
    env.put("a.txt", "设备台账\n");
    std::fs::create_dir(env.path("other")).expect("a folder");
    env.put_beside("other/b.txt", "设备台账\n");
    env.done(&["scan", "share", "other"]);
    env.scan();
    let answer = env.done(&["diff", "1", "2"]);
    assert!(answer.stdout.contains("not compared, other: only scan 1 was given it"), "{}", answer.stdout);
    let whole = env.done(&["diff", "1", "2", "--format", "json"]).json();
    assert_eq!(whole["differences"], serde_json::json!([]), "{whole:#}");
}

#[test]
fn a_store_that_could_not_be_reached_is_not_compared_and_exits_2() {
    let env = ScanEnv::new();
    env.put("a.txt", "设备台账\n");
    env.scan();
    std::fs::rename(env.share(), env.path("unmounted")).expect("moved");
    env.mulu(&["scan", "share"]).expect_code(2);
    let answer = env.mulu(&["diff", "1", "2"]).expect_code(2);
    assert!(answer.stdout.contains("not compared, share: scan 2 could not reach it"), "{}", answer.stdout);
    assert!(!answer.stdout.contains("gone"), "{}", answer.stdout);
}

#[test]
fn what_a_partial_scan_does_not_show_is_not_called_gone() {
    // Root may list every folder, so there is no partial scan to be had.
    if rustix_is_root() {
        return;
    }
    let env = ScanEnv::new();
    env.put("a.txt", "设备台账\n");
    env.put("secret/b.txt", "设备台账\n");
    env.scan();
    set_mode(&env, "secret", 0o000);
    env.scan();
    set_mode(&env, "secret", 0o700);
    let answer = env.mulu(&["diff", "1", "2", "--kind", "gone"]).expect_code(0);
    assert!(answer.stdout.contains("1 not seen, not called gone"), "{}", answer.stdout);
}

fn rustix_is_root() -> bool {
    std::fs::read_dir("/proc/self").is_ok_and(|_| {
        use std::os::unix::fs::MetadataExt as _;
        std::fs::metadata("/proc/self").is_ok_and(|metadata| metadata.uid() == 0)
    })
}

#[test]
fn each_way_to_be_wrong_is_one_line_that_says_what_to_do() {
    let env = ScanEnv::new();
    env.put("a.txt", "设备台账\n");
    env.scan();
    for (typed, wanted) in [
        (&["diff"][..], "scan once more first"),
        (&["diff", "1"], "scan once more first"),
        (&["diff", "1", "7"], "no finished scan 7; there are: 1"),
        (&["diff", "1", "1"], "name two"),
        (&["diff", "0", "1"], "give a whole number"),
        (&["diff", "1", "2", "--kind", "bigger"], "it takes one of new, gone, "),
        (&["diff", "1", "2", "--min-ratio", "30%"], "a share is written 0.3"),
        (&["diff", "1", "2", "--format", "ics"], "table|json|jsonl|csv"),
    ] {
        let answer = env.mulu(typed).expect_code(2);
        assert!(answer.complaint().contains(wanted), "{typed:?}: {}", answer.stderr);
    }
    env.scan();
    let answer = env.mulu(&["diff", "--store", "mes"]).expect_code(2);
    assert!(answer.complaint().contains("there are: share"), "{}", answer.stderr);
    env.done(&["diff"]);
}

#[test]
fn old_scans_are_let_go_and_the_others_stay() {
    let env = ScanEnv::new();
    env.put("a.txt", "设备台账\n");
    env.scan();
    env.scan();
    env.put_beside("mulu.toml", "[scan]\nkeep_days = 0\n");
    // Nothing is older than today.
    env.scan();
    env.done(&["diff", "1", "3"]);
    super::rescans::date_scans(&env, "2020-01-01");
    env.scan();
    let answer = env.mulu(&["diff", "1", "4"]).expect_code(2);
    assert!(answer.complaint().contains("no finished scan 1; there are: 4"), "{}", answer.stderr);
    assert_eq!(env.asset("a.txt")["kind"], "file");
}
