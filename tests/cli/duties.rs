//! `mulu duties`: recorded, counted, shown in both languages, and read back by calendars.

use serde_json::Value;

use crate::support::{ScanEnv, text_of};

/// A plant whose enterprise is of the industrial internet, with what was recorded of it.
fn recorded() -> ScanEnv {
    let env = ScanEnv::with_plant(0);
    let roles = "[enterprise]\nindustrial_internet = [{ kind = \"networked\", level = 3 }]\n";
    env.put_beside("mulu.toml", include_str!("../../samples/mulu.toml").replace("[enterprise]\n", roles));
    env.scan();
    for (event, date, more) in [
        ("risk-assessment", "2025-06-30", &[][..]),
        ("risk-assessment-reported", "2025-07-05", &[]),
        ("conformity-test", "2025-09-10", &["--subject", "networked"]),
        ("incident", "2026-02-28", &["--subject", "2026-01"]),
        ("vulnerability-found", "2026-03-01", &["--subject", "网关", "--time", "22:30"]),
        ("logs-since", "2025-01-01", &[]),
        ("data-provided", "2024-05-01", &["--subject", "某研究院", "--note", "合同 2024-17"]),
        ("export-assessment", "2024-03-10", &["--subject", "母公司"]),
    ] {
        env.done(&[&["duties", "record", event, "--date", date, "--by", "王工"][..], more].concat());
    }
    let submit = ["filing", "submit", "--by", "王主任", "--date", "2026-02-10", "--allow-unconfirmed"];
    env.done(&submit);
    env
}

fn duties(env: &ScanEnv, arguments: &[&str], code: i32) -> Vec<Value> {
    let answer = env.mulu(&[&["duties", "--format", "jsonl"][..], arguments].concat()).expect_code(code);
    answer.json_lines()
}

#[track_caller]
fn one<'d>(duties: &'d [Value], id: &str) -> &'d Value {
    let found: Vec<_> = duties.iter().filter(|item| item["duty"] == id).collect();
    assert_eq!(found.len(), 1, "{id}: {found:#?}");
    found[0]
}

#[test]
fn the_table_reads_well_in_both_languages() {
    let env = recorded();
    for lang in ["zh", "en"] {
        let answer = env.mulu(&["duties", "--as-of", "2026-03-02", "--lang", lang]).expect_code(1);
        insta::assert_snapshot!(format!("duties_{lang}"), answer.stdout);
    }
}

#[test]
fn every_duty_names_its_article_and_the_days_are_those_of_the_law() {
    let env = recorded();
    let all = duties(&env, &["--as-of", "2026-03-02", "--all"], 1);
    assert!(all.iter().all(|item| item["article"].as_str().is_some_and(|article| !article.is_empty())), "{all:#?}");
    // 20 working days over the Spring Festival: 02-14 and 02-28 are worked.
    assert_eq!(one(&all, "filing-review")["due"], "2026-03-16");
    assert_eq!(one(&all, "risk-assessment")["due"], "2026-06-30");
    assert_eq!(one(&all, "risk-assessment-report")["state"], "done");
    assert_eq!(one(&all, "incident-report")["state"], "overdue");
    let defect = one(&all, "vulnerability-report");
    assert_eq!((&defect["due"], &defect["time"]), (&"2026-03-02".into(), &"22:30".into()));
    assert_eq!(one(&all, "conformity-test-3")["due"], "2026-09-10");
    assert_eq!(one(&all, "conformity-test-2")["state"], "not-applicable");
    assert_eq!(one(&all, "export-validity")["due"], "2027-03-10");
    assert_eq!(one(&all, "provision-records-kept")["state"], "keep");
}

#[test]
fn a_refused_filing_is_handed_in_again_within_fifteen_working_days() {
    let env = recorded();
    env.done(&["filing", "reject", "1", "--date", "2026-03-10", "--reason", "规模单位有误"]);
    let refused = duties(&env, &["--as-of", "2026-03-20"], 1);
    let again = one(&refused, "resubmission");
    // From the 11th: three days of that week, five, five, and the 30th and 31st.
    assert_eq!((&again["due"], &again["subject"]), (&"2026-03-31".into(), &"filing-1".into()), "{again:#}");
    let submit =
        ["filing", "submit", "--by", "王主任", "--date", "2026-03-20", "--allow-unconfirmed", "--resubmits", "1"];
    env.done(&submit);
    let all = duties(&env, &["--as-of", "2026-03-21", "--all"], 1);
    assert_eq!(one(&all, "resubmission")["done"], "2026-03-20");
    let reviews: Vec<_> =
        all.iter().filter(|item| item["duty"] == "filing-review").map(|item| &item["state"]).collect();
    assert_eq!(reviews, ["soon", "done"], "{all:#?}");
}

#[test]
fn the_exit_code_follows_what_is_over_or_near() {
    let env = ScanEnv::with_plant(0);
    env.put_beside("mulu.toml", include_str!("../../samples/mulu.toml"));
    env.scan();
    duties(&env, &["--as-of", "2026-06-01"], 0);
    env.done(&["duties", "record", "risk-assessment", "--date", "2025-06-30", "--by", "王工"]);
    env.done(&["duties", "record", "risk-assessment-reported", "--date", "2025-07-01", "--by", "王工"]);
    duties(&env, &["--as-of", "2026-05-30"], 0);
    duties(&env, &["--as-of", "2026-05-31"], 1);
    duties(&env, &["--as-of", "2026-05-31", "--soon", "29"], 0);
    duties(&env, &["--as-of", "2026-07-01", "--soon", "0"], 1);
}

#[test]
fn a_calendar_is_private_the_same_each_time_and_chosen_by_its_name() {
    use std::os::unix::fs::PermissionsExt as _;
    let env = recorded();
    let ics = |name: &str| {
        env.mulu(&["duties", "--as-of", "2026-03-02", "-o", name]).expect_code(1);
        assert_eq!(env.path(name).metadata().expect("written").permissions().mode() & 0o777, 0o600);
        text_of(&env.path(name))
    };
    let text = ics("a.ics");
    assert_eq!(text, ics("b.ics"));
    let calendar: icalendar::Calendar = text.parse().expect("a calendar");
    assert!(calendar.components.len() >= 6, "{text}");
    let said = env.mulu(&["duties", "--as-of", "2026-03-02", "--format", "ics"]).expect_code(1);
    assert_eq!(said.stdout, text);
}

#[test]
fn a_mistake_is_taken_back_and_both_rows_stay() {
    let env = ScanEnv::new();
    env.done(&["duties", "record", "incident", "--date", "2026-03-01", "--by", "王工"]);
    env.put("a.txt", "设备台账\n");
    env.scan();
    duties(&env, &["--as-of", "2026-03-02"], 1);
    env.done(&["duties", "void", "1", "--by", "李工", "--reason", "演练"]);
    duties(&env, &["--as-of", "2026-03-02"], 0);
    let events = env.done(&["duties", "events", "--format", "json"]).json();
    assert_eq!(events["events"].as_array().expect("a list").len(), 2, "{events:#}");
    assert_eq!(events["events"][1]["voids"], 1);
    let listed = env.done(&["duties", "events"]).stdout;
    assert!(listed.contains("taken back by 2") && listed.contains("takes back 1; 演练"), "{listed}");
}

#[test]
fn a_missing_year_names_the_table_and_a_table_of_ones_own_mends_it() {
    let env = ScanEnv::with_plant(0);
    let settings = include_str!("../../samples/mulu.toml");
    env.put_beside("mulu.toml", settings);
    env.scan();
    env.done(&["filing", "submit", "--by", "王主任", "--date", "2026-12-20", "--allow-unconfirmed"]);
    let items = duties(&env, &["--as-of", "2026-12-21"], 0);
    let review = one(&items, "filing-review");
    assert_eq!((&review["state"], &review["due"]), (&"uncounted".into(), &Value::Null), "{review:#}");
    assert_eq!(review["calendar_missing"], serde_json::json!([2027]));
    let table = env.done(&["duties", "--as-of", "2026-12-21"]).stdout;
    assert!(table.contains("put 2027.toml into the folder that calendar of mulu.toml names"), "{table}");
    std::fs::create_dir(env.path("holidays")).expect("a folder");
    let year = "schema = 1\nyear = 2027\nmark = \"design\"\nsource = \"invented\"\noff = [[\"2027-01-01\", \"2027-01-03\"]]\nwork = []\n";
    env.put_beside("holidays/2027.toml", year);
    env.put_beside("mulu.toml", format!("calendar = \"holidays\"\n{settings}"));
    let items = duties(&env, &["--as-of", "2026-12-21"], 0);
    // 9 working days of 2026 from the 21st, then the 4th to the 18th of January.
    assert_eq!(one(&items, "filing-review")["due"], "2027-01-18", "{items:#?}");
}

#[test]
fn each_way_to_be_wrong_is_one_line_that_says_what_to_do() {
    let env = ScanEnv::new();
    env.put("a.txt", "设备台账\n");
    env.scan();
    let record = |more: &[&str]| [&["duties", "record"][..], more, &["--by", "王工"]].concat().join("\u{1}");
    let long = "长".repeat(301);
    for (typed, wanted) in [
        (record(&["party", "--date", "2026-01-01"]), "mulu duties events --known"),
        (record(&["filing-accepted", "--date", "2026-01-01"]), "use mulu filing"),
        (record(&["incident", "--date", "2999-01-01"]), "correct --date"),
        (record(&["incident", "--date", "2026-02-30"]), "2026-03-01"),
        (record(&["incident", "--date", "2026-01-01", "--time", "10:00"]), "leave out --time"),
        (record(&["vulnerability-found", "--date", "2026-01-01", "--time", "25:00"]), "14:30"),
        (record(&["incident", "--date", "2026-01-01", "--subject", " "]), "--subject is empty; "),
        (record(&["incident", "--date", "2026-01-01", "--note", &long]), "make it shorter"),
        (["duties", "record", "incident", "--date", "2026-01-01"].join("\u{1}"), "--by <NAME>"),
        (["duties", "void", "7", "--by", "x", "--reason", "y"].join("\u{1}"), "mulu duties events"),
        (["duties", "events", "--format", "csv"].join("\u{1}"), "--format table|json"),
        (["duties", "--format", "xlsx"].join("\u{1}"), "table|json|jsonl|csv|ics"),
        (["duties", "--as-of", "2026-01-01", "events"].join("\u{1}"), "leave them out"),
        (["duties", "--soon", "x"].join("\u{1}"), "give a whole number"),
    ] {
        let typed: Vec<&str> = typed.split('\u{1}').collect();
        let answer = env.mulu(&typed).expect_code(2);
        assert!(answer.complaint().contains(wanted), "{typed:?}: {}", answer.stderr);
        let chinese = env.mulu(&[&typed[..], &["--lang", "zh"]].concat()).expect_code(2);
        assert!(chinese.complaint().contains('；'), "{typed:?}: {}", chinese.stderr);
    }
    assert_eq!(env.done(&["duties", "events", "--format", "json"]).json()["events"], serde_json::json!([]));
    env.done(&["duties", "record", "core-transfer-planned", "--date", "2999-01-01", "--by", "王工"]);
}

#[test]
fn a_holiday_table_that_cannot_be_used_is_named_with_its_line() {
    let env = ScanEnv::new();
    env.put_beside("mulu.toml", "calendar = \"2027.toml\"\n");
    let answer = env.mulu(&["duties"]).expect_code(2);
    assert!(answer.complaint().contains("cannot read the holiday table 2027.toml"), "{}", answer.stderr);
    env.put_beside("2027.toml", "schema = 1\nyear = 2027\nmark = \"public\"\nsource = \"x\"\noff = [[\"2026-01-01\", \"2026-01-01\"]]\nwork = []\n");
    let answer = env.mulu(&["duties"]).expect_code(2);
    assert!(answer.complaint().contains("in 2027.toml breaks a rule"), "{}", answer.stderr);
    env.put_beside("2027.toml", "schema = 1\nyear = \"x\"\n");
    let answer = env.mulu(&["duties"]).expect_code(2);
    assert!(answer.complaint().contains("2027.toml is malformed at line 2"), "{}", answer.stderr);
}
