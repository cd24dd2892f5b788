//! Values never leave the store (docs/architecture.md): unique values are planted wherever a scan can reach, then looked
//! for in everything that the program says and keeps.

mod search;
mod secrets;
mod servers;

use crate::support::ScanEnv;
use search::Haystack;
use secrets::Secret;

/// Runs every command that shows something, and gathers all that came out.
fn everything_said(env: &ScanEnv, targets: &[&str]) -> Haystack {
    let mut said = Haystack::default();
    let scan = [&["scan"][..], targets, &["-v", "--progress", "json"]].concat();
    said.hear("scan -v", &env.mulu(&scan));
    said.hear("scan again", &env.mulu(&[&["scan"][..], targets, &["--format", "json"]].concat()));
    let assets = env.assets();
    for format in ["table", "json", "jsonl", "csv"] {
        for command in ["assets", "classes"] {
            said.hear(command, &env.mulu(&[command, "--format", format]));
        }
    }
    for lang in ["zh", "en"] {
        for asset in &assets {
            let id = asset["id"].as_str().expect("an id");
            said.hear("explain", &env.mulu(&["explain", id, "--lang", lang, "-v"]));
        }
    }
    for asset in &assets {
        let id = asset["id"].as_str().expect("an id");
        said.hear("review", &env.mulu(&["review", "show", id]));
    }
    for (name, format) in [("c.xlsx", "xlsx"), ("c.csv", "csv"), ("c.json", "json")] {
        let export = ["catalog", "export", "--all-levels", "--format", format, "-o", name];
        said.hear("catalog export", &env.done(&export));
    }
    let submit = ["filing", "submit", "--by", "x", "--date", "2026-03-01", "--authority", "y"];
    said.hear("filing", &env.mulu(&[&submit[..], &["--allow-incomplete", "--allow-unconfirmed"]].concat()));
    for command in [&["catalog", "check"][..], &["review", "list"], &["filing", "list"], &["changes"]] {
        said.hear("later commands", &env.mulu(command));
    }
    said.keep_files_beside(env);
    said
}

/// Fails for every secret that stands in `said`.
#[track_caller]
fn assert_silent(said: &Haystack, secrets: &[Secret]) {
    assert!(said.len() > 10_000, "too little was said for this test to mean anything");
    let told: Vec<_> =
        secrets.iter().filter_map(|secret| said.find(&secret.value).map(|place| (secret.place, place))).collect();
    assert!(told.is_empty(), "leaked (planted in, found in): {told:#?}");
}

#[test]
fn no_value_of_a_file_is_said_or_kept() {
    let env = ScanEnv::new();
    let secrets = secrets::plant_files(&env);
    let said = everything_said(&env, &["share"]);
    assert_silent(&said, &secrets);
}

#[test]
fn the_values_were_really_read() {
    let env = ScanEnv::new();
    secrets::plant_files(&env);
    env.scan();
    for (locator, detector) in [
        ("text.txt", "cn.mobile"),
        ("book.xlsx", "cn.resident-id"),
        ("letter.docx", "cn.resident-id"),
        ("talk.pptx", "cn.mobile"),
        ("table.csv", "cn.mobile"),
        ("headerless.csv", "cn.mobile"),
        ("keys.json", "cn.mobile"),
        ("small.db!main.people", "cn.resident-id"),
    ] {
        let asset = env.asset(locator);
        let findings = asset["identifiers"].as_array().expect("a list of identifiers");
        assert!(findings.iter().any(|finding| finding["detector"] == detector), "{locator} {detector}: {asset:#}");
    }
}

#[test]
fn a_secret_that_is_said_would_be_found() {
    let env = ScanEnv::new();
    env.put("Zq7Vxkname.txt", "设备台账\n");
    let said = everything_said(&env, &["share"]);
    assert!(said.find("Zq7Vxkname").is_some(), "names of files are shown, and the search finds them");
}

#[test]
fn a_password_in_an_address_is_masked_wherever_it_appears() {
    let env = ScanEnv::new();
    let mut said = Haystack::default();
    for address in [
        "postgres://reader:Zq7Vxkpassword@127.0.0.1:1/erp",
        "mysql://reader:Zq7Vxkpassword@127.0.0.1:1/erp",
        "postgres://reader:Zq7Vxk%70assword@127.0.0.1:1/erp?sslmode=disable",
    ] {
        let answer = env.mulu(&["scan", address, "-v"]).expect_code(2);
        assert!(answer.stderr.contains("127.0.0.1"), "{}", answer.stderr);
        said.hear("scan", &answer);
    }
    said.hear("assets", &env.mulu(&["assets"]));
    said.keep_files_beside(&env);
    assert_eq!(said.find("Zq7Vxk"), None);
}
