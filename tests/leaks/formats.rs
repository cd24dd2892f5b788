//! Each format that is read, with a value in it.

use serde_json::Value;

use super::search::Haystack;
use crate::fixtures;
use crate::plant::identifiers::resident_id;
use crate::support::ScanEnv;

/// One file of each format in a folder of its own, with `planted` in it; their paths in the share.
fn plant(env: &ScanEnv, folder: &str, planted: &str) -> Vec<String> {
    let put = |(number, fixture): (usize, fixtures::Fixture)| {
        let path = format!("{folder}/{number:03}/{}", fixture.name);
        env.put(&path, fixture.content);
        path
    };
    fixtures::all(planted).into_iter().enumerate().map(put).collect()
}

/// What is said of each asset and of all of them. The other commands say no more of a file than of any other, and are heard
/// in the tests beside this one.
fn said_of_all(env: &ScanEnv, assets: &[Value]) -> Haystack {
    let mut said = Haystack::default();
    for format in ["table", "json", "jsonl", "csv"] {
        said.hear("assets", &env.mulu(&["assets", "--format", format]));
    }
    said.hear("classes", &env.mulu(&["classes", "--format", "json"]));
    for (name, format) in [("c.xlsx", "xlsx"), ("c.csv", "csv"), ("c.json", "json")] {
        said.hear("export", &env.done(&["catalog", "export", "--all-levels", "--format", format, "-o", name]));
    }
    for asset in assets {
        let id = asset["id"].as_str().expect("an id");
        said.hear("explain", &env.mulu(&["explain", id, "-v"]));
    }
    said.keep_files_beside(env);
    said
}

#[test]
fn a_value_in_any_format_is_read_and_not_said() {
    let env = ScanEnv::new();
    // One that no program takes for a number.
    let id = (61_000..62_000).map(resident_id).find(|id| id.ends_with('X')).expect("each eleventh ends so");
    let paths = plant(&env, "ids", &id);
    plant(&env, "words", "Zq7Vxkformatw");
    let scanned = env.done(&["scan", "share", "-v", "--progress", "json", "--log", "scan.log"]);
    let assets = env.assets();
    let mut said = said_of_all(&env, &assets);
    said.hear("scan", &scanned);
    assert!(said.len() > 10_000, "too little was said for this test to mean anything");
    assert_eq!((said.find(&id), said.find("Zq7Vxkformatw")), (None, None));
    let holds = |asset: &Value| {
        let findings = asset["identifiers"].as_array().into_iter().flatten();
        findings.into_iter().any(|finding| finding["detector"] == "cn.resident-id")
    };
    let of_file = |asset: &Value, path: &str| asset["locator"].as_str().is_some_and(|it| it.starts_with(path));
    let missed: Vec<_> =
        paths.iter().filter(|path| !assets.iter().any(|asset| of_file(asset, path) && holds(asset))).collect();
    assert!(missed.is_empty(), "not found in {missed:?}");
}
