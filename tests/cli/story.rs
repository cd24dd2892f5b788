//! What people live with: scan, confirm, file, let the plant grow, scan again, learn what has to be re-filed and when.

use jiff::civil::Date;
use serde_json::Value;

use crate::support::{ScanEnv, class_category};

/// The plant, scanned and with the settings that complete its catalog.
fn scanned_plant() -> ScanEnv {
    let env = ScanEnv::with_plant(0);
    env.put_beside("mulu.toml", include_str!("../../samples/mulu.toml"));
    env.scan();
    env
}

/// Ids of the classes whose proposed level is above general.
fn important_classes(env: &ScanEnv) -> Vec<(String, String)> {
    let answer = env.done(&["classes", "--format", "json"]).json();
    let classes = answer["classes"].as_array().expect("a list of classes").clone();
    let important =
        classes.into_iter().filter(|class| matches!(class["level"]["proposed"].as_str(), Some("important" | "core")));
    let named = important
        .map(|class| (class["id"].as_str().unwrap_or("").to_owned(), class_category(&class).unwrap_or("").to_owned()));
    named.collect()
}

fn confirm(env: &ScanEnv, id: &str) {
    env.done(&["review", "confirm", id, "--by", "李工", "--reason", "与工艺部核对"]);
}

/// Submits and has the authority accept; gives the id of the filing.
fn file(env: &ScanEnv) -> String {
    env.done(&["filing", "submit", "--by", "王主任", "--date", "2026-03-01", "--authority", "示例省工业和信息化厅"]);
    let filings = env.done(&["filing", "list", "--format", "json"]).json();
    let id = match &filings["filings"][0]["id"] {
        Value::String(text) => text.clone(),
        number => number.to_string(),
    };
    env.done(&["filing", "accept", &id, "--number", "备2026-001", "--date", "2026-03-02"]);
    id
}

/// The plant with an accepted filing of all that is important in it.
fn filed_plant() -> ScanEnv {
    let env = scanned_plant();
    for (id, _) in important_classes(&env) {
        confirm(&env, &id);
    }
    file(&env);
    env
}

fn changes(env: &ScanEnv, code: i32) -> Value {
    env.mulu(&["changes", "--format", "json"]).expect_code(code).json()
}

#[test]
fn a_plant_that_grows_by_forty_per_cent_has_to_re_file() {
    let env = scanned_plant();
    let important = important_classes(&env);
    assert!(important.len() >= 2, "the sample plant has important data in two classes or more: {important:?}");
    for (id, _) in &important {
        confirm(&env, id);
    }
    env.done(&["catalog", "check"]);
    file(&env);

    let unchanged = changes(&env, 0);
    assert_eq!(unchanged["state"], "immaterial", "{unchanged:#}");
    assert_eq!(unchanged["baseline"]["accepted"], "2026-03-02");

    env.grow_plant(40);
    env.scan();
    let grown = changes(&env, 1);
    assert_eq!(grown["state"], "material", "{grown:#}");
    let rows = grown["changes"].as_array().expect("a list of changes");
    for (_, category) in &important {
        let is_ours =
            |row: &&Value| row["category"] == category.as_str() && row["kind"] == "scale" && row["material"] == true;
        let row = rows.iter().find(is_ours).unwrap_or_else(|| panic!("{category} has grown: {grown:#}"));
        let (filed, now) = (row["filed"].as_u64().expect("a number"), row["now"].as_u64().expect("a number"));
        assert!(10 * now.abs_diff(filed) >= 3 * filed, "{row:#}");
        assert_eq!(row["because"], "miit-166/12", "{row:#}");
        let strict: Date = row["refile_by"]["strict"].as_str().expect("a day").parse().expect("a date");
        let lenient: Date = row["refile_by"]["lenient"].as_str().expect("a day").parse().expect("a date");
        assert!(strict <= lenient, "{row:#}");
    }
    // The hazard ledger alone: 1,200 rows filed, 1,680 now.
    let is_ledger = |row: &Value| row["filed"] == 1_200 && row["now"] == 1_680 && row["measure"] == "records";
    assert!(rows.iter().any(is_ledger), "{grown:#}");
}

#[test]
fn a_plant_that_grows_by_four_per_cent_need_not() {
    let env = filed_plant();
    env.grow_plant(4);
    env.scan();
    let grown = changes(&env, 0);
    assert_eq!(grown["state"], "immaterial", "{grown:#}");
    let rows = grown["changes"].as_array().expect("a list of changes");
    assert!(rows.iter().all(|row| row["material"] != true), "{grown:#}");
}

/// A store that was not there when the catalog was filed: a new class, if a person says so.
#[test]
fn a_new_class_awaits_confirmation_and_is_material_then() {
    let env = filed_plant();
    let ledger = "安全环保/重大危险源台账_罐区.csv";
    std::fs::create_dir(env.path("new-site")).expect("a folder can be made");
    std::fs::copy(env.share().join(ledger), env.path("new-site/重大危险源台账.csv")).expect("a file can be copied");
    env.done(&["scan", "new-site"]);
    let proposed = changes(&env, 1);
    assert_eq!(proposed["state"], "undetermined", "{proposed:#}");
    let rows = proposed["changes"].as_array().expect("a list of changes").clone();
    let added: Vec<_> = rows.iter().filter(|row| row["kind"] == "added").collect();
    assert!(!added.is_empty() && added.iter().all(|row| row["material"].is_null()), "{proposed:#}");
    for row in added {
        confirm(&env, row["entry"].as_str().expect("an id"));
    }
    let confirmed = changes(&env, 1);
    assert_eq!(confirmed["state"], "material", "{confirmed:#}");
}

#[test]
fn a_filing_refuses_what_nobody_confirmed_unless_told_otherwise() {
    let env = scanned_plant();
    let submit = ["filing", "submit", "--by", "王主任", "--date", "2026-03-01", "--authority", "示例省工业和信息化厅"];
    let refused = env.mulu(&submit);
    assert_ne!(refused.code, Some(0), "{refused:?}");
    assert!(refused.stderr.contains("--allow-unconfirmed"), "{}", refused.stderr);
    env.done(&[&submit[..], &["--allow-unconfirmed"]].concat());
}

#[test]
fn a_filing_refuses_an_incomplete_catalog_unless_told_otherwise() {
    let env = ScanEnv::with_plant(0);
    env.scan();
    for (id, _) in important_classes(&env) {
        confirm(&env, &id);
    }
    let check = env.mulu(&["catalog", "check"]).expect_code(1);
    assert!(check.stdout.contains("purpose"), "the check names the cell that is missing: {}", check.stdout);
    let submit = ["filing", "submit", "--by", "王主任", "--date", "2026-03-01", "--authority", "示例省工业和信息化厅"];
    let refused = env.mulu(&submit);
    assert_ne!(refused.code, Some(0), "{refused:?}");
    assert!(refused.stderr.contains("--allow-incomplete"), "{}", refused.stderr);
    env.done(&[&submit[..], &["--allow-incomplete"]].concat());
}

#[test]
fn a_store_that_cannot_be_reached_is_incomplete_and_never_gone() {
    let env = filed_plant();
    std::fs::rename(env.share(), env.path("unmounted")).expect("the share can be moved");
    env.mulu(&["scan", "share"]).expect_code(2);
    let answer = changes(&env, 1);
    assert_eq!(answer["state"], "incomplete", "{answer:#}");
    let rows = answer["changes"].as_array().expect("a list of changes");
    assert!(rows.iter().all(|row| row["material"] != true), "{answer:#}");
}

#[test]
fn changes_without_a_filing_say_what_to_do() {
    let env = scanned_plant();
    let answer = env.mulu(&["changes"]);
    assert_ne!(answer.code, Some(0));
    assert!(format!("{}{}", answer.stdout, answer.stderr).contains("mulu filing"), "{answer:?}");
}

#[test]
fn the_authority_outranks_the_person_and_the_person_the_proposal() {
    let env = scanned_plant();
    let (id, category) = important_classes(&env).swap_remove(0);
    env.done(&["review", "confirm", &id, "--level", "general", "--by", "李工", "--reason", "规模小"]);
    let level = |env: &ScanEnv| env.class(&category)["level"].clone();
    assert_eq!(level(&env)["effective"], "general");
    let authority = ["--level", "core", "--document", "工信函1号", "--by", "王主任", "--reason", "主管部门认定"];
    env.done(&[&["review", "override", &id][..], &authority].concat());
    let decided = level(&env);
    assert_eq!(
        (&decided["effective"], &decided["confirmed"], &decided["authority"]),
        (&"core".into(), &"general".into(), &"core".into()),
    );
    env.scan();
    assert_eq!(level(&env)["effective"], "core", "a decision survives a scan");
}

#[test]
fn explain_gives_evidence_and_article() {
    let env = scanned_plant();
    let (id, category) = important_classes(&env).swap_remove(0);
    let answer = env.done(&["explain", &id]);
    assert!(answer.stdout.contains(&category) && answer.stdout.contains("miit-166/"), "{}", answer.stdout);
    let asset = env.asset("批次配方参数.csv");
    let answer = env.done(&["explain", asset["id"].as_str().expect("an id")]);
    assert!(answer.stdout.contains("miit-166/"), "{}", answer.stdout);
}
