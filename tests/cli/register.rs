//! `mulu register`: what no scan can know, who said it, and classes that no scan can see.

use serde_json::Value;

use crate::support::ScanEnv;

const BY: [&str; 4] = ["--by", "王工", "--date", "2026-02-20"];

/// A plant whose `mulu.toml` gives every value that the form asks for.
fn plant() -> ScanEnv {
    let env = ScanEnv::with_plant(0);
    env.put_beside("mulu.toml", include_str!("../../samples/mulu.toml"));
    env.scan();
    env
}

fn set(env: &ScanEnv, arguments: &[&str]) {
    env.done(&[&["register", "set"], arguments, &BY].concat());
}

/// The purpose of the entry of a category, as it would be filed.
fn purpose(env: &ScanEnv, category: &str) -> Value {
    let catalog = env.done(&["catalog", "export", "--all-levels", "--format", "json"]).json();
    let entries = catalog["entries"].as_array().expect("entries").clone();
    let id = env.class(category)["id"].clone();
    let entry = entries.iter().find(|entry| entry["id"] == id).unwrap_or_else(|| panic!("no {category}: {entries:#?}"));
    let text = entry.to_string();
    assert!(text.contains("purpose"), "{text}");
    find(entry, "purpose").clone()
}

/// The value of a key, wherever in the entry it stands.
fn find<'v>(value: &'v Value, key: &str) -> &'v Value {
    static NOTHING: Value = Value::Null;
    match value {
        Value::Object(fields) => fields.get(key).map_or_else(
            || fields.values().map(|inner| find(inner, key)).find(|found| !found.is_null()).unwrap_or(&NOTHING),
            |found| found.get("value").unwrap_or(found),
        ),
        _ => &NOTHING,
    }
}

#[test]
fn a_narrower_value_outranks_a_wider_one_and_each_says_who_gave_it() {
    let env = plant();
    let configured = purpose(&env, "research.process");
    set(&env, &["purpose", "甲"]);
    assert_eq!(purpose(&env, "research.process"), "甲", "a person's outranks that of mulu.toml");
    let store = env.class("research.process")["store"].as_str().expect("a store").to_owned();
    set(&env, &["purpose", "乙", "--store", &store]);
    set(&env, &["purpose", "丙", "--category", "research"]);
    assert_eq!(purpose(&env, "research.process"), "丙");
    assert_eq!(purpose(&env, "production.quality"), "乙");
    set(&env, &["purpose", "丁", "--category", "research.process", "--store", &store]);
    assert_eq!(purpose(&env, "research.process"), "丁");
    let listed = env.done(&["register", "list", "--format", "json"]).json();
    let given: Vec<(&Value, &Value)> = listed["register"]
        .as_array()
        .expect("a list")
        .iter()
        .filter(|line| line["column"] == "purpose" && line["by"] == "王工" && line["date"] == "2026-02-20")
        .map(|line| (&line["scope"], &line["value"]))
        .collect();
    let scopes = ["all", "store", "category", "entry"].map(Value::from);
    assert_eq!(given.iter().map(|(scope, _)| (*scope).clone()).collect::<Vec<_>>(), scopes);
    let id = env.class("research.process")["id"].as_str().expect("an id").to_owned();
    let shown = env.done(&["register", "show", &id]).stdout;
    assert!(shown.contains("丁") && shown.contains("王工") && shown.contains("mulu.toml"), "{shown}");
    for scope in [
        &["--category", "research.process", "--store", &store][..],
        &["--category", "research"],
        &["--store", &store],
        &[],
    ] {
        env.done(&[&["register", "unset", "purpose"], scope, &BY].concat());
    }
    assert_eq!(purpose(&env, "research.process"), configured);
    assert_eq!(env.done(&["audit", "verify", "--format", "json"]).json()["length"], 8);
}

#[test]
fn a_fact_about_the_enterprise_that_a_person_gives_raises_a_proposal() {
    let env = plant();
    let id = env.class("production.process-parameter")["id"].as_str().expect("an id").to_owned();
    let criteria = || env.done(&["explain", &id, "--format", "json"]).json()["bases"].to_string();
    assert!(!criteria().contains("control-of-key-enterprise"), "{}", criteria());
    set(&env, &["critical_infrastructure", "是", "--enterprise"]);
    assert!(criteria().contains("control-of-key-enterprise"), "{}", criteria());
    let listed = env.done(&["register", "list"]).stdout;
    assert!(listed.contains("critical_infrastructure") && listed.contains("王工"), "{listed}");
}

#[test]
fn a_class_entered_by_hand_is_filed_and_neither_missing_nor_removed_because_of_a_scan() {
    let env = plant();
    let paper = |records: &str, as_of: &str| {
        let what = ["--category", "research.design", "--carrier", "档案室", "--level", "important", "--reason", "底图"];
        let count = ["--records", records, "--as-of", as_of, "--by", "赵工", "--date", as_of];
        env.done(&[&["register", "add-class"], &what[..], &count].concat());
    };
    paper("1000", "2026-02-25");
    let classes = env.done(&["classes", "--format", "json"]).json();
    let by_hand: Vec<&Value> =
        classes["classes"].as_array().expect("a list").iter().filter(|class| class["store"] == "档案室").collect();
    assert_eq!(by_hand.len(), 1);
    assert_eq!(
        (&by_hand[0]["level"]["confirmed"], &by_hand[0]["records"]["value"]),
        (&"important".into(), &1000.into())
    );
    let submit = ["filing", "submit", "--by", "王主任", "--date", "2026-03-01", "--allow-unconfirmed"];
    env.done(&[&submit[..], &["--authority", "示例省工业和信息化厅"]].concat());
    env.done(&["filing", "accept", "1", "--number", "备2026-001", "--date", "2026-03-02"]);
    let of_paper = |code: i32| {
        let changes = env.mulu(&["changes", "--format", "json"]).expect_code(code).json();
        let all = changes["changes"].as_array().expect("a list").clone();
        all.into_iter()
            .filter(|change| change["store"] == "档案室" || change["entry"] == by_hand[0]["id"])
            .collect::<Vec<_>>()
    };
    env.scan();
    assert_eq!(of_paper(0), Vec::<Value>::new(), "a scan says nothing of it");
    paper("1299", "2026-06-01");
    let below = of_paper(0);
    assert!(below.iter().all(|change| change["material"] == false), "{below:#?}");
    paper("1300", "2026-07-01");
    let above = of_paper(1);
    let fired: Vec<&Value> = above.iter().filter(|change| change["material"] == true).collect();
    assert_eq!(fired.len(), 1, "{above:#?}");
    assert_eq!(
        (&fired[0]["kind"], &fired[0]["between"][0], &fired[0]["between"][1]),
        (&"scale".into(), &"2026-06-01".into(), &"2026-07-01".into())
    );
    let id = by_hand[0]["id"].as_str().expect("an id");
    env.done(&["register", "end-class", id, "--by", "赵工", "--date", "2026-08-01", "--reason", "已销毁"]);
    let gone = of_paper(1);
    assert_eq!((&gone[0]["kind"], &gone[0]["material"]), (&"removed".into(), &true.into()), "{gone:#?}");
    env.done(&["audit", "verify"]);
}

#[test]
fn what_does_not_fit_is_refused_with_the_way_out() {
    let env = plant();
    let refused = |arguments: &[&str]| {
        let answer = env.mulu(&[&["register"], arguments, &BY[..2]].concat()).expect_code(2);
        answer.complaint().to_owned()
    };
    assert!(refused(&["set", "purpos", "x"]).contains("--columns"));
    assert!(refused(&["set", "cross_border", "也许"]).contains("是 or 否"));
    assert!(refused(&["set", "credit_code", "91329900MA9Y900036", "--enterprise"]).contains("check digit"));
    assert!(refused(&["set", "purpose", "x", "--category", "managment.hr"]).contains("managment.hr"));
    assert!(refused(&["set", "purpose", " "]).contains("unset"));
    let class = ["add-class", "--level", "core", "--reason", "x"];
    let add = |rest: &[&str]| refused(&[&class[..], rest].concat());
    assert!(add(&["--category", "research", "--carrier", "x", "--records", "1"]).contains("research.design"));
    assert!(add(&["--category", "research.design", "--carrier", "share", "--records", "1"]).contains("is scanned"));
    assert!(add(&["--category", "research.design", "--carrier", "x"]).contains("--records"));
    let kind = ["--category", "research.design", "--carrier", "x", "--records", "1", "--carrier-type", "石板"];
    assert!(add(&kind).contains("纸质"));
    let late = ["--category", "research.design", "--carrier", "x", "--records", "1", "--as-of", "2126-01-01"];
    assert!(add(&late).contains("--as-of"));
    assert!(refused(&["end-class", "c0000000000000000", "--reason", "x"]).contains("mulu classes"));
    assert!(env.mulu(&["register", "show", "c0"]).expect_code(2).complaint().contains("mulu classes"));
    assert_eq!(env.done(&["audit", "list", "--format", "json"]).json()["length"], 0, "nothing half done");
}
