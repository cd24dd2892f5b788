//! The roll-up of a group.

use serde_json::Value;

use crate::support::{ScanEnv, text_of};

/// A member's catalog: that of the plant, under another name.
fn member(env: &ScanEnv, file: &str, name: &str, code: &str, records: u64) {
    let mut catalog = env.done(&["catalog", "export", "--format", "json"]).json();
    catalog["enterprise"]["name"] = name.into();
    catalog["enterprise"]["credit_code"] = code.into();
    for entry in catalog["entries"].as_array_mut().expect("entries") {
        entry["records"] = serde_json::json!({ "value": records, "exact": true });
        entry["bytes"] = serde_json::json!({ "value": records * 10, "exact": true });
    }
    env.put_beside(file, catalog.to_string());
}

fn plant() -> ScanEnv {
    let env = ScanEnv::with_plant(0);
    env.put_beside("mulu.toml", include_str!("../../samples/mulu.toml"));
    env.scan();
    member(&env, "east.json", "东部公司", "91329900MA9Y900035", 100);
    member(&env, "west.json", "=西部公司", "91110000MA0000000X", 70);
    env
}

fn kinds(answer: &Value) -> Vec<&str> {
    answer["conflicts"].as_array().expect("conflicts").iter().filter_map(|one| one["kind"].as_str()).collect()
}

#[test]
fn members_stand_side_by_side_and_their_kinds_add_up() {
    let env = plant();
    let answer = env.done(&["merge", "east.json", "west.json", "--format", "json"]).json();
    let members = answer["members"].as_array().expect("members");
    assert_eq!(members.len(), 2);
    assert_eq!(members[0]["name"], "东部公司");
    let records: u64 =
        answer["kinds"].as_array().expect("kinds").iter().filter_map(|kind| kind["records"].as_u64()).sum();
    let entries = env.done(&["catalog", "export", "--format", "json"]).json()["entries"].as_array().map_or(0, Vec::len);
    assert_eq!(records, 170 * entries as u64);
    for file in ["group.xlsx", "group.csv"] {
        env.done(&["merge", "east.json", "west.json", "-o", file]);
    }
    assert!(text_of(&env.path("group.csv")).contains("'=西部公司"));
    let table = env.done(&["merge", "east.json", "west.json"]).stdout;
    assert!(table.contains("东部公司") && table.contains("member"), "{table}");
}

#[test]
fn what_stands_twice_is_found_and_told() {
    let env = plant();
    let twice = env.mulu(&["merge", "east.json", "east.json", "--format", "json"]).expect_code(1).json();
    assert!(kinds(&twice).contains(&"same-catalog") && kinds(&twice).contains(&"same-class"), "{twice:#}");
    member(&env, "alike.json", "另一公司", "91110000MA0000001X", 100);
    let alike = env.mulu(&["merge", "east.json", "alike.json", "--format", "json"]).expect_code(1).json();
    assert!(kinds(&alike).iter().all(|kind| *kind == "same-scale"), "{alike:#}");
    let told = env.mulu(&["merge", "east.json", "east.json", "--lang", "zh"]).expect_code(1).stdout;
    assert!(told.contains("只留最新的一份"), "{told}");
}

#[test]
fn what_is_no_catalog_is_refused_by_its_name_and_without_its_content() {
    let env = plant();
    env.put_beside("secret.json", "{\"enterprise\": \"geheim\"}");
    env.put_beside("cut.json", &text_of(&env.path("east.json"))[..300]);
    for file in ["secret.json", "cut.json", "mulu.db", "nothing.json"] {
        let refused = env.mulu(&["merge", "east.json", file]).expect_code(2);
        let told = refused.complaint();
        assert!(told.contains(file) && !told.contains("geheim"), "{told}");
    }
    assert!(env.mulu(&["merge"]).expect_code(2).stderr.contains("FILE"));
}

#[test]
fn the_table_reads_well_in_both_languages() {
    let env = plant();
    // Dates are those of the run.
    let filters = [("[0-9]{4}-[0-9]{2}-[0-9]{2}", "DATE")];
    for lang in ["zh", "en"] {
        let told = env.mulu(&["merge", "east.json", "west.json", "east.json", "--lang", lang]).expect_code(1).stdout;
        insta::with_settings!({ filters => filters.to_vec() }, {
            insta::assert_snapshot!(format!("merge_{lang}"), told);
        });
    }
}
