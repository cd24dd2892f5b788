//! Inventories of earlier layouts: what an older mulu wrote is opened, brought up to date, and answers as before.

use serde_json::Value;

use super::rescans::execute;
use crate::support::ScanEnv;

/// What takes an inventory back from each layout to the one before, as an older mulu would have left it.
const BACK: [(u32, &str); 7] = [
    (7, "ALTER TABLE finding DROP COLUMN sample_matched;"),
    (6, "ALTER TABLE result DROP COLUMN table_summary;"),
    (
        5,
        "DROP TABLE audit; DROP TABLE register; DROP TABLE manual_class;
         ALTER TABLE decision DROP COLUMN under_store; ALTER TABLE decision DROP COLUMN under_prefix;
         ALTER TABLE decision DROP COLUMN saw_level; ALTER TABLE decision DROP COLUMN saw_category;
         ALTER TABLE decision DROP COLUMN saw;",
    ),
    (4, "ALTER TABLE scan_store DROP COLUMN connection;"),
    (3, "DROP TABLE occurrence; DROP TABLE access;"),
    (
        2,
        "ALTER TABLE filing DROP COLUMN kind; ALTER TABLE filing DROP COLUMN resubmits;
         ALTER TABLE filing DROP COLUMN cancelled; ALTER TABLE filing_entry DROP COLUMN method;",
    ),
    (1, "ALTER TABLE finding DROP COLUMN passed;"),
];

/// A plant that was filed and has grown, all of it on the days that the filing and its growth had.
fn grown_plant() -> ScanEnv {
    let env = ScanEnv::with_plant(0);
    env.put_beside("mulu.toml", include_str!("../../samples/mulu.toml"));
    env.scan();
    let submit = ["filing", "submit", "--by", "王主任", "--date", "2026-03-01", "--allow-unconfirmed"];
    env.done(&[&submit[..], &["--authority", "示例省工业和信息化厅"]].concat());
    env.done(&["filing", "accept", "1", "--number", "备2026-001", "--date", "2026-03-02"]);
    env.grow_plant(40);
    env.scan();
    env
}

/// What the inventory answers, without what an older one never knew: who may do what with a file.
fn answers(env: &ScanEnv) -> [Vec<Value>; 4] {
    let differences = env.mulu(&["diff", "1", "2", "--format", "jsonl"]).expect_code(1).json_lines();
    let changes = env.mulu(&["changes", "--format", "json"]).expect_code(1).json();
    [
        differences.into_iter().filter(|row| row["kind"] != "access").collect(),
        changes["changes"].as_array().expect("a list of changes").clone(),
        vec![env.done(&["filing", "list", "--format", "json"]).json()],
        vec![env.done(&["classes", "--format", "json"]).json()],
    ]
}

#[test]
fn an_inventory_of_each_earlier_layout_is_brought_up_to_date_and_answers_as_before() {
    let env = grown_plant();
    let before = answers(&env);
    assert!(before.iter().all(|answer| !answer.is_empty()), "{before:#?}");
    let mut back = String::new();
    for (layout, step) in BACK {
        back.push_str(step);
        execute(&env.path("mulu.db"), &format!("{back} PRAGMA user_version = {layout};"));
        assert_eq!(answers(&env), before, "layout {layout}");
        env.done(&["duties", "record", "data-inventory", "--date", "2026-01-05", "--by", "李工"]);
        env.done(&["trend"]);
        env.done(&["audit", "verify"]);
    }
    env.scan();
    assert_eq!(env.mulu(&["diff", "2", "3"]).expect_code(0).code, Some(0));
}
