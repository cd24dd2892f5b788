//! Each format that is read, with a value in it.

use serde_json::Value;

use super::everything_said;
use crate::fixtures;
use crate::plant::identifiers::resident_id;
use crate::support::ScanEnv;

/// One file of each format in a folder of its own, with `planted` in it; their paths in the share.
fn plant(env: &ScanEnv, planted: &str) -> Vec<String> {
    let put = |(number, fixture): (usize, fixtures::Fixture)| {
        let path = format!("{number:03}/{}", fixture.name);
        env.put(&path, fixture.content);
        path
    };
    fixtures::all(planted).into_iter().enumerate().map(put).collect()
}

#[test]
fn no_value_of_any_format_is_said_or_kept() {
    let env = ScanEnv::new();
    plant(&env, "Zq7Vxkformatw");
    let said = everything_said(&env, &["share"]);
    assert!(said.len() > 10_000, "too little was said for this test to mean anything");
    assert_eq!(said.find("Zq7Vxkformatw"), None);
}

#[test]
fn an_identifier_in_any_format_is_found_and_not_said() {
    let env = ScanEnv::new();
    // One that no program takes for a number.
    let id = (61_000..62_000).map(resident_id).find(|id| id.ends_with('X')).expect("each eleventh ends so");
    let paths = plant(&env, &id);
    let said = everything_said(&env, &["share"]);
    assert_eq!(said.find(&id), None);
    let assets = env.assets();
    let holds = |asset: &Value| {
        let findings = asset["identifiers"].as_array().into_iter().flatten();
        findings.into_iter().any(|finding| finding["detector"] == "cn.resident-id")
    };
    let of_file = |asset: &Value, path: &str| asset["locator"].as_str().is_some_and(|it| it.starts_with(path));
    let missed: Vec<_> =
        paths.iter().filter(|path| !assets.iter().any(|asset| of_file(asset, path) && holds(asset))).collect();
    assert!(missed.is_empty(), "not found in {missed:?}");
}
