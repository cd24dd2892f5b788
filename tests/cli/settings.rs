//! `mulu init` and `mulu rules`.

use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use crate::support::{ScanEnv, text_of};

#[test]
fn init_writes_a_private_file_that_the_next_command_reads() {
    let env = ScanEnv::new();
    env.put("a.txt", "设备台账\n");
    env.done(&["init"]);
    let mode = env.path("mulu.toml").metadata().expect("written").permissions().mode() & 0o777;
    assert_eq!(mode, 0o600);
    env.scan();
}

#[test]
fn init_leaves_a_file_that_is_there_alone() {
    let env = ScanEnv::new();
    env.put_beside("mulu.toml", "authority = \"x\"\n");
    let answer = env.mulu(&["init"]).expect_code(2);
    assert!(answer.complaint().contains("mulu.toml"), "{}", answer.stderr);
    assert_eq!(text_of(&env.path("mulu.toml")), "authority = \"x\"\n");
}

#[test]
fn every_example_of_the_rules_holds() {
    let env = ScanEnv::new();
    let answer = env.done(&["rules", "test"]);
    assert!(answer.stdout.contains(" 0 faults"), "{}", answer.stdout);
}

#[test]
fn the_detectors_that_others_name_are_there() {
    let env = ScanEnv::new();
    let listed = env.done(&["rules", "list"]).stdout;
    for id in [
        "cn.resident-id",
        "cn.uscc",
        "cn.org-code",
        "cn.bank-card",
        "cn.mobile",
        "cn.landline",
        "cn.plate",
        "cn.passport",
        "vin",
        "imei",
        "imeisv",
    ] {
        let is_listed = listed.lines().any(|line| line.split_whitespace().next() == Some(id));
        assert!(is_listed, "{id} is part of the interface:\n{listed}");
    }
}

#[test]
fn the_identifiers_of_persons_and_places_in_the_criteria_are_detectors() {
    let levels = Path::new(env!("CARGO_MANIFEST_DIR")).join("catalogs/miit-166/levels.toml");
    let levels: toml::Table = text_of(&levels).parse().expect("the criteria are TOML");
    let listed = ScanEnv::new().done(&["rules", "list", "--format", "json"]).json();
    let known: Vec<&str> =
        listed["detectors"].as_array().expect("a list").iter().filter_map(|it| it["id"].as_str()).collect();
    for list in ["persons", "places"] {
        let ids = levels[list].as_array().expect("a list");
        assert!(!ids.is_empty());
        for id in ids.iter().filter_map(toml::Value::as_str) {
            assert!(known.contains(&id), "{list}: {id}");
        }
    }
}
