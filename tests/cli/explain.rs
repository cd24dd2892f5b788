//! `mulu explain`: contributions for and against, where each was seen, in both languages, and no value.

use crate::support::ScanEnv;

/// A value in the plant below.
const VALUE: &str = "Q7-secret-value";

/// A small shop floor: a head with its detail, an ambiguous word, plumbing, and a table that says nothing.
const STATEMENTS: &str = "
    CREATE TABLE pro_workorder (id INTEGER, workorder_code TEXT, product_code TEXT, quantity_produced REAL);
    CREATE TABLE pro_workorder_item (id INTEGER, pro_workorder_id INTEGER, line TEXT);
    CREATE TABLE pro_task (id INTEGER, workstation TEXT, team TEXT);
    CREATE TABLE qc_ipqc (id INTEGER, defect TEXT, inspector TEXT);
    CREATE TABLE pro_feedback (id INTEGER, workorder_code TEXT, shift TEXT);
    CREATE TABLE sys_menu (id INTEGER, parent_id INTEGER, path TEXT, icon TEXT);
    CREATE TABLE xyzzy (id INTEGER, a TEXT);
    INSERT INTO xyzzy VALUES (1, 'Q7-secret-value'), (2, 'Q7-secret-value');";

fn explained(env: &ScanEnv, table: &str, lang: &str) -> String {
    let asset = env.asset(&format!("plant.db!main.{table}"));
    let id = asset["id"].as_str().expect("an id").to_owned();
    let told = env.done(&["explain", &id, "--lang", lang]).stdout;
    assert!(!told.contains(VALUE), "{told}");
    told.replace(&id, "<id>")
}

#[test]
fn contributions_name_what_was_seen_and_where_in_both_languages() {
    let env = ScanEnv::new();
    env.put_database("plant.db", STATEMENTS);
    let tables = ["pro_workorder_item", "pro_task", "qc_ipqc", "sys_menu", "xyzzy"];
    env.scan();
    for lang in ["en", "zh"] {
        let told: Vec<String> = tables.iter().map(|table| explained(&env, table, lang)).collect();
        insta::assert_snapshot!(format!("explain_{lang}"), told.join("\n"));
    }
}
