//! `mulu eval`: labels of a person against tables of a file, files below a folder, and an inventory.

use serde_json::Value;

use crate::support::{ScanEnv, bytes_of};

/// Tables of two invented systems, with labels: most are plain, one label is wrong on purpose.
const TABLES: [(&str, &str, &str, &str, &[&str]); 9] = [
    ("shop", "mall_cart_item", "购物车", "service", &[]),
    ("shop", "mall_coupon", "优惠券", "service", &[]),
    ("shop", "mall_order", "订单", "service", &["management"]),
    ("shop", "mall_brand", "品牌", "service", &[]),
    ("shop", "sys_menu", "菜单权限表", "none", &[]),
    ("plant", "pro_workorder", "生产工单", "production", &[]),
    ("plant", "pro_feedback", "生产报工", "production", &[]),
    ("plant", "qc_ipqc", "过程检验单", "production", &[]),
    ("plant", "hr_employee", "员工", "research", &[]),
];

fn lines(line: impl Fn(&(&str, &str, &str, &str, &[&str])) -> Value) -> String {
    TABLES.iter().flat_map(|table| [line(table).to_string(), "\n".to_owned()]).collect()
}

/// A folder with `tables.jsonl` and `labels.jsonl`.
fn labelled() -> ScanEnv {
    let env = ScanEnv::new();
    let catalog = lines(|(system, table, comment, ..)| {
        let columns = [serde_json::json!({ "name": "id", "type": "bigint" })];
        serde_json::json!({ "system": system, "schema": "", "table": table, "comment": comment, "columns": columns })
    });
    let gold = lines(
        |(system, table, _, category, alt)| serde_json::json!({ "system": system, "table": table, "category": category, "alt": alt, "why": "a note" }),
    );
    env.put_beside("tables.jsonl", catalog);
    env.put_beside("labels.jsonl", gold);
    env
}

#[test]
fn tables_of_a_file_are_judged_system_by_system() {
    let env = labelled();
    let report = env.done(&["eval", "labels.jsonl", "--catalog", "tables.jsonl", "--format", "json"]).json();
    assert_eq!(report["systems"]["shop"]["with_alternates"], 1.0, "{report:#}");
    assert_eq!(report["systems"]["shop"]["plumbing_left"], 1.0);
    assert_eq!(report["systems"]["plant"]["strict"], 0.75);
    assert_eq!(report["mean"]["with_alternates"], 0.875);
    assert_eq!(report["confusion"]["research"]["management"], 1);
    let errors = report["errors"].as_array().expect("errors");
    assert_eq!(errors.len(), 1);
    assert_eq!((&errors[0]["asset"], &errors[0]["label"]), (&"hr_employee".into(), &"research".into()));
    let bins = report["reliability"].as_array().expect("ranges of scores");
    let counted = bins.iter().map(|bin| bin["assets"].as_u64().expect("a count")).sum::<u64>();
    assert_eq!(counted, 8, "the plumbing that was left has no score");
}

#[test]
fn the_report_reads_well_in_both_languages() {
    let env = labelled();
    for lang in ["en", "zh"] {
        let told = env.done(&["eval", "labels.jsonl", "--catalog", "tables.jsonl", "--errors", "0", "--lang", lang]);
        // Scores move with every word of the packs; what they are counted into stays.
        let settled = told.stdout.lines().take_while(|line| !line.starts_with("score") && !line.starts_with("得分"));
        insta::assert_snapshot!(format!("eval_{lang}"), settled.collect::<Vec<_>>().join("\n"));
    }
}

#[test]
fn a_map_to_scores_is_fitted_alike_each_time_and_taken_back() {
    let env = labelled();
    let fit = |file: &str| {
        env.done(&["eval", "labels.jsonl", "--catalog", "tables.jsonl", "--errors", "0", "--fit", file]);
        bytes_of(&env.path(file))
    };
    assert_eq!(fit("one.toml"), fit("two.toml"));
    env.done(&["eval", "labels.jsonl", "--catalog", "tables.jsonl", "--calibration", "one.toml"]);
}

#[test]
fn files_below_a_folder_and_assets_of_an_inventory_are_judged_too() {
    let env = ScanEnv::new();
    env.put("质检/来料检验单.csv", "检验单号,供应商\nA1,B\n");
    env.put("人事/员工花名册.csv", "工号,姓名\nA1,B\n");
    let label = |path: &str, category: &str| {
        serde_json::json!({ "path": path, "locator": path, "category": category }).to_string()
    };
    let labels = [label("质检/来料检验单.csv", "production.quality"), label("人事/员工花名册.csv", "management")];
    env.put_beside("labels.jsonl", labels.join("\n"));
    let root = env.share().display().to_string();
    let of_files = env.done(&["eval", "labels.jsonl", "--root", &root, "--format", "json"]).json();
    assert_eq!(of_files["mean"]["strict"], 1.0, "{of_files:#}");
    env.scan();
    let of_inventory = env.done(&["eval", "labels.jsonl", "--format", "json"]).json();
    assert_eq!(of_inventory["systems"], of_files["systems"]);
}

#[test]
fn each_way_to_be_wrong_says_what_to_do() {
    let env = labelled();
    env.put_beside("broken.jsonl", "{\"table\": 1}\n");
    env.put_beside("unknown.jsonl", "{\"table\": \"t\", \"category\": \"kitchen\"}\n");
    env.put_beside("stray.jsonl", "{\"system\": \"x\", \"table\": \"t\", \"category\": \"none\"}\n");
    let complaints = [
        (vec!["eval", "nowhere.jsonl"], "nowhere.jsonl"),
        (vec!["eval", "broken.jsonl", "--catalog", "tables.jsonl"], "line 1"),
        (vec!["eval", "unknown.jsonl", "--catalog", "tables.jsonl"], "kitchen"),
        (vec!["eval", "labels.jsonl", "--catalog", "broken.jsonl"], "line 1"),
        (vec!["eval", "stray.jsonl", "--catalog", "tables.jsonl"], "same data"),
        (vec!["eval", "labels.jsonl", "--catalog", "tables.jsonl", "--weighing", "labels.jsonl"], "labels.jsonl"),
        (vec!["eval", "labels.jsonl", "--catalog", "tables.jsonl", "--format", "csv"], "table|json"),
        (vec!["eval", "labels.jsonl", "--catalog", "tables.jsonl", "--fit", "labels.jsonl"], "overwrite"),
    ];
    for (arguments, told) in complaints {
        let answer = env.mulu(&[&arguments[..], &["--lang", "en"]].concat()).expect_code(2);
        assert!(answer.complaint().contains(told), "{arguments:?}: {}", answer.stderr);
    }
}
