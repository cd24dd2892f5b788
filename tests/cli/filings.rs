//! The life of a filing, as people live it: drafts, refusals, resubmissions, cancellations, filings from before, and the forms of
//! changes.

use serde_json::Value;

use crate::support::{ScanEnv, text_of};

const AUTHORITY: &str = "示例省工业和信息化厅";

/// The plant, scanned, complete, and everything important in it confirmed.
fn confirmed_plant() -> ScanEnv {
    let env = ScanEnv::with_plant(0);
    env.put_beside("mulu.toml", include_str!("../../samples/mulu.toml"));
    env.scan();
    confirm_all(&env);
    env
}

fn confirm_all(env: &ScanEnv) {
    let classes = env.done(&["classes", "--format", "json"]).json();
    for class in classes["classes"].as_array().expect("a list of classes") {
        if matches!(class["level"]["proposed"].as_str(), Some("important" | "core")) {
            let id = class["id"].as_str().expect("an id");
            env.done(&["review", "confirm", id, "--by", "李工", "--reason", "与工艺部核对"]);
        }
    }
}

fn filed_plant() -> ScanEnv {
    let env = confirmed_plant();
    env.done(&["filing", "submit", "--by", "王主任", "--date", "2026-03-01", "--authority", AUTHORITY]);
    env.done(&["filing", "accept", "1", "--number", "备2026-001", "--date", "2026-03-02"]);
    env
}

fn states(env: &ScanEnv) -> Vec<String> {
    let filings = env.done(&["filing", "list", "--format", "json"]).json();
    let filings = filings["filings"].as_array().expect("a list of filings").clone();
    filings.iter().map(|filing| filing["state"].as_str().expect("a state").to_owned()).collect()
}

fn changes(env: &ScanEnv, code: i32) -> Value {
    env.mulu(&["changes", "--format", "json"]).expect_code(code).json()
}

fn rows(answer: &Value) -> Vec<Value> {
    answer["changes"].as_array().expect("a list of changes").clone()
}

#[test]
fn a_draft_is_handed_in_to_the_authority_that_it_was_drawn_up_for_and_with_all_that_is_asked_of_the_enterprise() {
    let env = confirmed_plant();
    let settings = text_of(&env.path("mulu.toml"));
    let authorities = "[[authorities]]\nname = \"示例省工业和信息化厅\"\ndomain = \"industrial\"\n\n\
                       [[authorities]]\nname = \"通管局\"\ndomain = \"telecom\"\nstores = [\"bss\"]\n";
    env.put_beside("mulu.toml", format!("{settings}\n{authorities}"));
    let who = ["--by", "李工", "--date", "2026-03-01"];
    let paper = ["--category", "research.design", "--carrier", "档案室", "--level", "important", "--records", "9"];
    env.done(&[&["register", "add-class"], &paper[..], &["--by", "x", "--reason", "底图"]].concat());
    for command in [&["filing", "draft"][..], &["filing", "submit"], &["catalog", "export", "-o", "x.xlsx"]] {
        let who = if command[0] == "filing" { &who[..] } else { &[] };
        let refused = env.mulu(&[command, who, &["--authority", "工信局"]].concat()).expect_code(2);
        assert!(
            refused.complaint().contains("通管局") && refused.complaint().contains(AUTHORITY),
            "{}",
            refused.stderr
        );
    }
    env.done(&[&["filing", "draft"], &who[..], &["--authority", "industrial"]].concat());
    let submit = [&["filing", "submit", "--draft", "1"], &who[..]].concat();
    let other = env.mulu(&[&submit[..], &["--authority", "telecom"]].concat()).expect_code(2);
    assert!(other.complaint().contains("is for 示例省工业和信息化厅"), "{}", other.stderr);
    let nameless = settings.replace("\ncredit_code", "\n# credit_code");
    assert_ne!(nameless, settings);
    env.put_beside("mulu.toml", format!("{nameless}\n{authorities}"));
    let incomplete = env.mulu(&submit).expect_code(2);
    assert!(incomplete.complaint().contains("--allow-incomplete"), "{}", incomplete.stderr);
    env.put_beside("mulu.toml", format!("{settings}\n{authorities}"));
    env.done(&[&submit[..], &["--authority", "industrial"]].concat());
}

#[test]
fn a_draft_is_handed_in_as_it_was_frozen_refused_and_handed_in_again() {
    let env = confirmed_plant();
    env.done(&["filing", "draft", "--by", "李工", "--date", "2026-02-27"]);
    // What happens after the draft is not in it.
    env.grow_plant(40);
    env.scan();
    env.done(&["filing", "submit", "--draft", "1", "--by", "王主任", "--date", "2026-03-01"]);
    assert_eq!(states(&env), ["submitted"]);
    let filed = env.done(&["filing", "show", "1", "--format", "json"]).json();
    let records = |filing: &Value| -> Vec<u64> {
        let entries = filing["entries"].as_array().expect("entries").iter();
        entries.filter_map(|entry| entry["records"]["value"].as_u64()).collect()
    };
    assert!(records(&filed).contains(&1_200) && !records(&filed).contains(&1_680), "{filed:#}");
    assert_eq!(filed["entries"][0]["method"]["counting"], "scan");

    let refused = env.done(&["filing", "reject", "1", "--date", "2026-03-10", "--reason", "规模单位有误"]);
    assert!(refused.stdout.contains("2026-03-31"), "fifteen working days: {}", refused.stdout);
    let listed = env.done(&["filing", "list"]).stdout;
    assert!(listed.contains("规模单位有误") && listed.contains("2026-03-31"), "{listed}");
    confirm_all(&env);
    env.done(&["filing", "submit", "--by", "王主任", "--date", "2026-03-20"]);
    assert_eq!(states(&env), ["resubmitted", "submitted"]);
    env.done(&["filing", "accept", "2", "--number", "备2026-001", "--date", "2026-04-01"]);
    assert_eq!(changes(&env, 0)["baseline"]["filing"], "备2026-001");
    let again = env.mulu(&["filing", "accept", "1", "--number", "x", "--date", "2026-04-02"]).expect_code(2);
    assert!(again.complaint().contains("resubmitted"), "{}", again.stderr);
}

#[test]
fn an_entry_whose_data_were_destroyed_is_cancelled_and_the_others_stay_as_filed() {
    let env = filed_plant();
    let before = env.done(&["filing", "show", "1", "--format", "json"]).json();
    let ledger = env.class("production.energy-safety");
    let id = ledger["id"].as_str().expect("an id");
    std::fs::remove_file(env.share().join("安全环保/重大危险源台账_罐区.csv")).expect("a file can be removed");
    env.scan();
    let gone = changes(&env, 1);
    assert!(rows(&gone).iter().any(|row| row["kind"] == "removed" && row["material"] == true), "{gone:#}");
    let by = ["--by", "王主任", "--date", "2026-06-01", "--authority", AUTHORITY];
    let wrong = ["filing", "cancel", "c0", "--why", "destroyed", "--on", "2026-05-20"];
    assert!(env.mulu(&[&wrong[..], &by].concat()).expect_code(2).complaint().contains("mulu filing show 1"));
    let cancel = ["filing", "cancel", id, "--why", "destroyed", "--on", "2026-05-20", "--detail", "消磁"];
    env.done(&[&cancel[..], &by].concat());
    env.done(&["filing", "accept", "2", "--number", "注2026-001", "--date", "2026-06-20"]);
    assert_eq!(states(&env), ["superseded", "accepted"]);
    assert_eq!(changes(&env, 0)["state"], "immaterial");
    let after = env.done(&["filing", "show", "2", "--format", "json"]).json();
    let entries = |filing: &Value| filing["entries"].as_array().expect("entries").clone();
    let mut left = entries(&before);
    left.retain(|entry| entry["id"] != id);
    assert_eq!(entries(&after), left);
}

#[test]
fn a_yearly_inventory_is_kept_and_moves_no_baseline() {
    let env = filed_plant();
    env.grow_plant(40);
    env.scan();
    env.done(&["filing", "inventory", "--by", "李工", "--date", "2026-12-31", "--authority", AUTHORITY]);
    assert_eq!(states(&env), ["accepted", "recorded"]);
    assert_eq!(changes(&env, 1)["state"], "material");
}

#[test]
fn a_filing_from_before_is_imported_from_its_form_and_held_against_now() {
    for form in ["form.xlsx", "form.csv"] {
        let env = confirmed_plant();
        env.done(&["catalog", "export", "-o", form]);
        let import = ["filing", "import", form, "--number", "备2025-007", "--date", "2026-12-01"];
        let told = env.done(&[&import[..], &["--authority", AUTHORITY]].concat());
        assert!(told.stdout.contains("entries: 3"), "{}", told.stdout);
        let twice = env.mulu(&import).expect_code(2);
        assert!(twice.complaint().contains("备2025-007"), "{}", twice.stderr);
        assert_eq!(changes(&env, 0)["state"], "immaterial", "{form}");
        env.grow_plant(40);
        env.scan();
        let grown = changes(&env, 1);
        let is_ledger = |row: &Value| row["filed"] == 1_200 && row["now"] == 1_680 && row["material"] == true;
        assert!(rows(&grown).iter().any(is_ledger), "{form}: {grown:#}");
    }
}

#[test]
fn a_form_with_a_cell_that_does_not_fit_is_refused_whole() {
    let env = ScanEnv::new();
    env.put_beside(
        "form.csv",
        "数据级别,载体名称,二级类别,规模-数据条目数(条)\n\
         重要数据,erp,management.finance,1200\n一般数据,mes,management.finance,十二\n",
    );
    let import = ["filing", "import", "form.csv", "--number", "1", "--date", "2026-03-02", "--authority", AUTHORITY];
    let refused = env.mulu(&import).expect_code(2);
    let complaint = refused.complaint();
    assert!(complaint.contains("A3 (数据级别)") && complaint.contains("D3"), "{complaint}");
    let listed = env.mulu(&["filing", "list", "--format", "json"]);
    assert!(listed.code == Some(2) || listed.json()["filings"] == serde_json::json!([]), "{listed:?}");
    let nowhere =
        env.mulu(&["filing", "import", "no.csv", "--number", "1", "--date", "2026-03-02", "--authority", "x"]);
    assert!(nowhere.expect_code(2).complaint().contains("no.csv"));
    let late = [&import[..], &["--submitted", "2026-03-03"]].concat();
    assert!(env.mulu(&late).expect_code(2).complaint().contains("--submitted"));
}

#[test]
fn the_form_of_a_change_filing_says_what_changed_and_leaves_the_reason_to_a_person() {
    let env = filed_plant();
    env.grow_plant(40);
    env.scan();
    env.done(&["changes", "export", "-o", "changes.json"]);
    let form: Value = serde_json::from_str(&text_of(&env.path("changes.json"))).expect("JSON");
    assert_eq!(form["header"]["filing"], "备2026-001");
    let ledger = form["changes"].as_array().expect("rows").iter().find(|row| row["type"] == "规模变化≥30%");
    let ledger = ledger.expect("a scale that moved");
    assert!(ledger["ratio_records"].as_str().is_some_and(|ratio| ratio.starts_with("增加 ")), "{ledger:#}");
    assert_eq!((&ledger["basis"], &ledger["reason"]), (&"miit-166/12".into(), &Value::Null));
    env.done(&["changes", "export", "-o", "changes.csv"]);
    assert!(text_of(&env.path("changes.csv")).starts_with("\u{feff}数据编号,"));
    env.done(&["changes", "export", "--format", "xlsx", "-o", "changes.xlsx"]);
    let wrong = env.mulu(&["changes", "export", "--format", "jsonl"]).expect_code(2);
    assert!(wrong.complaint().contains("xlsx|csv|json"), "{}", wrong.stderr);
}

#[test]
fn the_trend_shows_each_filed_measure_and_says_nothing_ahead_of_three_results() {
    let env = filed_plant();
    let trends = env.done(&["trend", "--format", "json"]).json();
    let rows = trends["trends"].as_array().expect("a list of trends");
    assert_eq!(trends["baseline"]["filing"], "备2026-001");
    assert!(!rows.is_empty(), "{trends:#}");
    for row in rows {
        assert_eq!(row["outlook"], "too-few-points", "{row:#}");
        assert!(row["pace"].is_null() && row["crosses"].is_null(), "{row:#}");
    }
    let table = env.done(&["trend"]).stdout;
    assert!(table.contains("Theil–Sen") && table.contains("fewer than three results"), "{table}");
}

#[test]
fn data_that_moved_to_another_share_are_a_change_of_carrier() {
    let env = filed_plant();
    std::fs::rename(env.share(), env.path("elsewhere")).expect("the share can be moved");
    std::fs::create_dir(env.share()).expect("an empty share can be made");
    env.done(&["scan", "share", "elsewhere"]);
    let answer = changes(&env, 1);
    let carriers = rows(&answer).into_iter().filter(|row| row["field"] == "carrier").collect::<Vec<_>>();
    assert_eq!(carriers.len(), 3, "{answer:#}");
    assert_eq!(rows(&answer).len(), 3, "the scale is what it was: {answer:#}");
    for carrier in carriers {
        // The two others hold tables, of which schema, count and distinct values alone are known: a person has to say so.
        let is_sure = carrier["category"] == "production.energy-safety";
        let likely = (Value::Null, "likely moved, awaits confirmation");
        let wanted = if is_sure { (true.into(), "miit-166/12") } else { likely };
        assert_eq!((&carrier["material"], &carrier["because"]), (&wanted.0, &wanted.1.into()), "{answer:#}");
    }
    assert!(rows(&answer).iter().all(|row| row["kind"] != "removed" && row["kind"] != "added"), "{answer:#}");
}

#[test]
fn a_copy_of_a_filed_file_is_stored_twice_and_counted_once() {
    let env = filed_plant();
    let ledger = env.share().join("安全环保/重大危险源台账_罐区.csv");
    std::fs::copy(&ledger, env.share().join("安全环保/重大危险源台账_罐区_备份.csv")).expect("a file can be copied");
    env.scan();
    let answer = changes(&env, 1);
    let of = |measure: &str| {
        rows(&answer).into_iter().find(|row| row["category"] == "production.energy-safety" && row["measure"] == measure)
    };
    assert_eq!(of("bytes").expect("stored twice")["ratio"], 1.0, "{answer:#}");
    assert!(of("records").is_none(), "{answer:#}");
}

#[test]
fn an_upgrade_of_the_rules_is_no_change_of_the_data_and_hides_none() {
    let env = filed_plant();
    std::fs::create_dir(env.path("patterns")).expect("a folder can be made");
    let term = "[[term]]\ncategory = \"research.design\"\nweight = 0.5\nwords = [\"gizmo\"]\nbasis = \"design\"\n";
    env.put_beside("patterns/own.toml", format!("schema = 1\npack = \"own\"\n{term}"));
    env.done(&["scan", "share", "--rules", "patterns"]);
    let same = changes(&env, 0);
    assert_eq!((&same["state"], rows(&same).len()), (&"immaterial".into(), 0), "{same:#}");
    env.grow_plant(40);
    env.done(&["scan", "share", "--rules", "patterns"]);
    let grown = changes(&env, 1);
    let is_ledger = |row: &Value| row["filed"] == 1_200 && row["now"] == 1_680 && row["material"] == true;
    assert!(rows(&grown).iter().any(is_ledger), "{grown:#}");
}
