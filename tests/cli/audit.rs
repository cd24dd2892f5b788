//! `mulu audit`: every act of a story stands in the log, and what was changed past mulu is told.

use super::rescans::execute;
use crate::support::ScanEnv;

/// A plant that was reviewed, filed and accepted, with an event recorded.
fn story() -> ScanEnv {
    let env = ScanEnv::with_plant(0);
    env.put_beside("mulu.toml", include_str!("../../samples/mulu.toml"));
    env.scan();
    let class = env.class("research.process");
    let id = class["id"].as_str().expect("an id");
    let who = ["--by", "王工", "--reason", "年度评审", "--date", "2026-02-20"];
    env.done(&[&["review", "confirm", id][..], &who].concat());
    env.done(&[&["review", "override", id, "--level", "core", "--document", "工信函1号"][..], &who].concat());
    env.done(&["duties", "record", "data-inventory", "--date", "2026-01-05", "--by", "李工"]);
    let submit = ["filing", "submit", "--by", "王主任", "--date", "2026-03-01", "--allow-unconfirmed"];
    env.done(&[&submit[..], &["--authority", "示例省工业和信息化厅"]].concat());
    let accept = ["filing", "accept", "1", "--number", "备2026-001", "--date", "2026-03-02", "--by", "周工"];
    env.done(&accept);
    env
}

#[test]
fn every_act_of_a_story_stands_in_the_log_and_a_later_one_moves_its_head() {
    let env = story();
    let log = env.done(&["audit", "list", "--format", "json"]).json();
    let told: Vec<_> = log["entries"].as_array().expect("a list").iter().map(|it| (&it["act"], &it["by"])).collect();
    let expected = [
        ("review.confirm", "王工"),
        ("review.override", "王工"),
        ("duty.record", "李工"),
        ("filing.submitted", "王主任"),
        ("filing.accepted", "周工"),
    ];
    assert!(told.iter().zip(expected).all(|((act, by), (a, b))| *act == a && *by == b) && told.len() == 5, "{told:?}");
    let head = log["head"].as_str().expect("a head").to_owned();
    env.done(&["audit", "verify", "--head", &head]);
    env.done(&["filing", "inventory", "--by", "王工", "--date", "2026-12-31", "--authority", "示例省工业和信息化厅"]);
    let checked = env.done(&["audit", "verify", "--head", &head, "--format", "json"]).json();
    assert_eq!((&checked["whole"], &checked["length"], &checked["found"]), (&true.into(), &6.into(), &5.into()));
    assert_ne!(checked["head"], head.as_str());
    let shown = env.done(&["audit", "show", "2"]).stdout;
    assert!(
        shown.contains("工信函1号") && shown.contains(checked["head"].as_str().map_or("", |_| "previous")),
        "{shown}"
    );
    let listed = env.done(&["audit", "list", "--act", "filing", "--lang", "zh"]).stdout;
    assert!(listed.contains("备案通过") && listed.contains("周工") && !listed.contains("李工"), "{listed}");
}

#[test]
fn what_was_changed_past_mulu_is_told_and_exits_with_one() {
    let env = story();
    let head = env.done(&["audit", "list", "--format", "json"]).json()["head"].as_str().expect("a head").to_owned();
    execute(
        &env.path("mulu.db"),
        "DROP TRIGGER decision_is_never_changed; UPDATE decision SET level = 'general' WHERE id = 2",
    );
    let told = env.mulu(&["audit", "verify"]).expect_code(1).stdout;
    assert!(told.contains("decision 2 is not as entry 2 left it"), "{told}");
    let told = env.mulu(&["audit", "verify", "--lang", "zh"]).expect_code(1).stdout;
    assert!(told.contains("decision 2 与第 2 条所记不符"), "{told}");
    execute(
        &env.path("mulu.db"),
        "DROP TRIGGER audit_is_never_removed; DELETE FROM audit WHERE seq > 3; DELETE FROM filing_entry;
         DELETE FROM filing; DROP TRIGGER audit_is_never_changed",
    );
    let told = env.mulu(&["audit", "verify", "--head", &head, "--format", "json"]).expect_code(1).json();
    let kinds: Vec<_> = told["faults"].as_array().expect("a list").iter().map(|fault| fault["kind"].clone()).collect();
    assert_eq!(kinds, ["head-gone", "row-altered"]);
}

#[test]
fn a_head_that_is_no_hash_and_an_entry_that_is_not_there_are_refused() {
    let env = ScanEnv::new();
    assert!(env.mulu(&["audit", "verify"]).expect_code(2).complaint().contains("mulu scan"));
    env.scan();
    let short = env.mulu(&["audit", "verify", "--head", "3fbf"]).expect_code(2);
    assert!(short.complaint().contains("64"), "{}", short.stderr);
    assert!(env.mulu(&["audit", "show", "1"]).expect_code(2).complaint().contains("mulu audit list"));
    let empty = env.done(&["audit", "list"]).stdout;
    assert!(empty.contains("entries: 0"), "{empty}");
}
