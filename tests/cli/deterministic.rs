//! The same stores, rules and inventory give the same bytes, with any number of threads.

use crate::support::{ScanEnv, bytes_of};

/// Everything that is exported from an inventory.
pub(crate) fn exports(env: &ScanEnv, inventory: &str) -> Vec<(&'static str, Vec<u8>)> {
    let catalog = ["catalog", "export", "--all-levels", "--as-of", "2126-11-01", "--format"];
    let mut exports = Vec::new();
    for (name, arguments) in [
        ("assets.jsonl", &["assets", "--format", "jsonl"][..]),
        ("assets.csv", &["assets", "--format", "csv"]),
        ("classes.json", &["classes", "--format", "json"]),
        ("catalog.json", &[&catalog[..], &["json"]].concat()),
        ("catalog.csv", &[&catalog[..], &["csv"]].concat()),
        ("catalog.xlsx", &[&catalog[..], &["xlsx"]].concat()),
    ] {
        env.done(&[arguments, &["-o", name, "--inventory", inventory][..]].concat());
        exports.push((name, bytes_of(&env.path(name))));
    }
    exports
}

/// Fails where two lots of exports differ.
#[track_caller]
pub(crate) fn assert_same(one: &[(&str, Vec<u8>)], other: &[(&str, Vec<u8>)]) {
    for ((name, one), (_, other)) in one.iter().zip(other) {
        if one != other && !one.starts_with(b"PK") {
            let (one, other) = (String::from_utf8_lossy(one), String::from_utf8_lossy(other));
            let differing = one.lines().zip(other.lines()).find(|(one, other)| one != other);
            panic!("{name} differs; the first line that does: {differing:#?}");
        }
        assert!(one == other, "{name} differs");
        assert!(!one.is_empty(), "{name} is empty");
    }
}

#[test]
fn one_thread_and_two_export_the_same_bytes() {
    let env = ScanEnv::with_plant(0);
    env.put_beside("mulu.toml", include_str!("../../samples/mulu.toml"));
    env.twin_inventories(["one.db", "two.db"]);
    env.done(&["scan", "share", "--jobs", "1", "--inventory", "one.db"]);
    env.done(&["scan", "share", "--jobs", "2", "--inventory", "two.db"]);
    assert_same(&exports(&env, "one.db"), &exports(&env, "two.db"));
}

#[test]
fn exports_hold_no_path_of_the_inventory() {
    let env = ScanEnv::with_plant(0);
    env.done(&["scan", "share", "--inventory", "kept-where-nobody-asks.db"]);
    for (name, bytes) in exports(&env, "kept-where-nobody-asks.db") {
        assert!(!String::from_utf8_lossy(&bytes).contains("kept-where-nobody-asks"), "{name}");
    }
}
