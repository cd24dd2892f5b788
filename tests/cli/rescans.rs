//! Several scans of a share, a SQLite and a MariaDB store around one accepted filing: each answer of `mulu changes`
//! compared with what the oracle asks for.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::Value;
use sqlx::{AssertSqlSafe, Connection as _, SqliteConnection};

use super::oracle::{expected, three_months_from};
use crate::support::ScanEnv;
use crate::support::servers::mariadb;

pub(super) fn execute(database: &Path, statements: &str) {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    runtime.block_on(async {
        let url = format!("sqlite://{}?mode=rwc", database.display());
        let mut connection = SqliteConnection::connect(&url).await.unwrap();
        sqlx::raw_sql(AssertSqlSafe(statements)).execute(&mut connection).await.unwrap();
        connection.close().await.unwrap();
    });
}

/// Has every finished scan happen on `day`.
pub(super) fn date_scans(env: &ScanEnv, day: &str) {
    execute(&env.path("mulu.db"), &format!("UPDATE scan SET finished = '{day}T02:00:00Z' WHERE finished IS NOT NULL"));
}

/// A ledger of hazardous sources with so many rows in so many bytes.
fn ledger(rows: usize, bytes: usize) -> String {
    let mut text = "危险源编号,危险化学品名称,CAS号,设计储量_t,危险源等级,应急预案编号,备注\n".to_owned();
    for row in 0..rows {
        text.push_str(&format!("WXY{row:05},液氨,7664-41-7,319.21,三级,YJ-024,\n"));
    }
    assert!(text.len() <= bytes, "{rows} rows take {} bytes", text.len());
    let missing = bytes - text.len();
    text.truncate(text.len() - 1);
    text.push_str(&"备".repeat(missing / 3));
    text.push_str(&"x".repeat(missing % 3));
    text.push('\n');
    assert_eq!(text.len(), bytes);
    text
}

const LEDGER: &str = "安全环保/重大危险源台账.csv";
const SAFETY: &str = "production.energy-safety";

/// A story: an inventory whose scans happen on days of our choice.
struct Story {
    env: ScanEnv,
    targets: Vec<String>,
}

impl Story {
    fn new(targets: &[&str]) -> Self {
        let env = ScanEnv::new();
        env.put_beside("mulu.toml", include_str!("../../samples/mulu.toml").split("[[store]]").next().unwrap());
        Self { env, targets: targets.iter().map(|target| (*target).to_owned()).collect() }
    }

    /// Scans, and has it happen on `day`.
    fn scan(&self, day: &str, code: i32) {
        let targets: Vec<&str> = self.targets.iter().map(String::as_str).collect();
        self.env.mulu(&[&["scan"], &targets[..]].concat()).expect_code(code);
        let update = format!(
            "UPDATE scan SET started = '{day}T01:00:00Z', finished = '{day}T02:00:00Z' WHERE id = (SELECT max(id) FROM scan)"
        );
        execute(&self.env.path("mulu.db"), &update);
    }

    fn classes(&self) -> Vec<Value> {
        let answer = self.env.done(&["classes", "--format", "json"]).json();
        answer["classes"].as_array().unwrap().clone()
    }

    fn class(&self, category: &str, store: &str) -> Value {
        let classes = self.classes();
        let found = classes.iter().find(|class| class["category"] == category && class["store"] == store);
        found.unwrap_or_else(|| panic!("{category} in {store}: {classes:#?}")).clone()
    }

    fn confirm(&self, class: &Value, level: &str) {
        let id = class["id"].as_str().unwrap();
        self.env.done(&["review", "confirm", id, "--level", level, "--by", "李工", "--reason", "核对"]);
    }

    /// Files what is important and has it accepted.
    fn file(&self, day: &str) {
        self.env.done(&["filing", "submit", "--by", "王主任", "--date", day]);
        let filings = self.env.done(&["filing", "list", "--format", "json"]).json();
        let id = filings["filings"].as_array().unwrap().last().unwrap()["id"].to_string();
        self.env.done(&["filing", "accept", &id, "--number", "备-1", "--date", day]);
    }

    /// The changes, after the exit code was found to be that of their state.
    fn changes(&self) -> Value {
        let answer = self.env.mulu(&["changes", "--format", "json"]);
        let changes = answer.json();
        let code = i32::from(changes["state"] != "immaterial");
        assert_eq!(answer.code, Some(code), "{changes:#}");
        changes
    }
}

fn rows(changes: &Value) -> &Vec<Value> {
    changes["changes"].as_array().unwrap()
}

fn compare_with_oracle(changes: &Value, figures: &BTreeMap<&str, Vec<u64>>) {
    let wanted: Vec<(&str, u64, u64, Value)> = ["records", "bytes"]
        .into_iter()
        .filter_map(|measure| expected(&figures[measure]).map(|(filed, now, material)| (measure, filed, now, material)))
        .collect();
    let given: Vec<(&str, u64, u64, Value)> = rows(changes)
        .iter()
        .map(|row| {
            assert_eq!((&row["kind"], &row["field"]), (&"scale".into(), &Value::Null), "{row:#}");
            let number = |key: &str| row[key].as_u64().unwrap_or_else(|| panic!("{row:#}"));
            (row["measure"].as_str().unwrap(), number("filed"), number("now"), row["material"].clone())
        })
        .collect();
    assert_eq!(given, wanted, "{changes:#}");
    let material = wanted.iter().any(|(.., material)| *material == true);
    assert_eq!(changes["state"], if material { "material" } else { "immaterial" }, "{changes:#}");
}

#[test]
fn records_and_bytes_of_a_share_fire_at_thirty_per_cent_exactly_in_both_directions() {
    let story = Story::new(&["share"]);
    let (filed_rows, filed_bytes) = (1000, 200_000);
    story.env.put(LEDGER, ledger(filed_rows, filed_bytes));
    story.scan("2026-03-02", 0);
    let class = story.class(SAFETY, "share");
    assert_eq!((&class["records"]["value"], &class["bytes"]["value"]), (&1000.into(), &200_000.into()), "{class:#}");
    story.confirm(&class, "important");
    story.file("2026-03-03");
    let mut figures = BTreeMap::from([("records", vec![1000]), ("bytes", vec![200_000])]);
    compare_with_oracle(&story.changes(), &figures);
    let before_crossing = [(1290, 200_000), (1299, 259_999), (710, 142_000), (701, 140_001), (1000, 258_000)];
    let crossing = [(1300, 200_000), (1310, 262_000), (700, 200_000), (690, 140_000), (1000, 260_000), (1290, 138_000)];
    for (day, (rows, bytes)) in (4..).zip(before_crossing.into_iter().chain(crossing).chain([(1000, 200_000)])) {
        story.env.put(LEDGER, ledger(rows, bytes));
        story.scan(&format!("2026-03-{day:02}"), 0);
        figures.get_mut("records").unwrap().push(rows as u64);
        figures.get_mut("bytes").unwrap().push(bytes as u64);
        compare_with_oracle(&story.changes(), &figures);
    }
}

#[test]
fn from_nothing_anything_is_more() {
    let story = Story::new(&["mes.sqlite"]);
    let sqlite = story.env.path("mes.sqlite");
    let table =
        "CREATE TABLE work_order (id INTEGER PRIMARY KEY, work_order_no TEXT, plan_quantity INTEGER, plan_start TEXT);";
    execute(&sqlite, &format!("{table} INSERT INTO work_order VALUES (1, 'WO1', 5, '2026-01-01')"));
    let story = Story { targets: vec![format!("sqlite://{}", sqlite.display())], ..story };
    story.scan("2026-03-02", 0);
    let class = story.classes().swap_remove(0);
    story.confirm(&class, "important");
    story.file("2026-03-03");
    // As a catalog that was filed while the table was empty would say.
    execute(&story.env.path("mulu.db"), "UPDATE filing_entry SET records = 0");
    let filed_bytes = class["bytes"]["value"].as_u64().unwrap();
    let figures = BTreeMap::from([("records", vec![0, 1]), ("bytes", vec![filed_bytes, filed_bytes])]);
    compare_with_oracle(&story.changes(), &figures);
    assert_eq!(rows(&story.changes())[0]["ratio"], Value::Null);
}

/// Dates of the filed figures and of the scan that sees the change, with the days that follow by hand.
#[test]
fn three_months_end_on_a_working_day_of_2026_and_stay_where_they_are_without_a_table() {
    let by_hand = [
        // 2026-07-01 is a Wednesday; 07-02 a Thursday.
        ("2026-04-01", "2026-04-02", "2026-07-01", "2026-07-02", false, vec![]),
        // 10-01 to 10-07 are off, 10-08 is a Thursday.
        ("2026-07-01", "2026-07-05", "2026-10-08", "2026-10-08", true, vec![]),
        // 06-19 (a Friday) to 06-21 are off; 06-06 is a plain Saturday.
        ("2026-03-06", "2026-03-19", "2026-06-08", "2026-06-22", true, vec![]),
        // 09-20, a Sunday, is worked, and so is Saturday 10-10.
        ("2026-06-20", "2026-07-10", "2026-09-20", "2026-10-10", false, vec![]),
        // 11-30 has no twin in February.
        ("2026-09-30", "2026-11-30", "2026-12-30", "2027-02-28", false, vec![2027]),
        ("2026-11-20", "2026-11-25", "2027-02-20", "2027-02-25", false, vec![2027]),
    ];
    for (filed, seen, strict, lenient, shifted, missing) in by_hand {
        assert_eq!((three_months_from(filed), three_months_from(seen)), (strict.to_owned(), lenient.to_owned()));
        let story = Story::new(&["share"]);
        story.env.put(LEDGER, ledger(1000, 200_000));
        story.scan(filed, 0);
        story.confirm(&story.class(SAFETY, "share"), "important");
        story.file(filed);
        story.env.put(LEDGER, ledger(1500, 200_000));
        story.scan(seen, 0);
        let changes = story.changes();
        let row = &rows(&changes)[0];
        assert_eq!(row["between"], serde_json::json!([filed, seen]), "{changes:#}");
        let due = serde_json::json!({
            "strict": strict, "lenient": lenient, "shifted": shifted, "calendar_missing": missing,
        });
        assert_eq!(row["refile_by"], due, "{changes:#}");
    }
}

#[test]
fn a_share_a_sqlite_and_a_mariadb_store_each_tell_their_own_changes() {
    let name = mariadb().new_database("story");
    let batches = "CREATE TABLE process_parameter (id INT PRIMARY KEY, furnace_temp DECIMAL(8,2) COMMENT '炉温', \
                   upper_limit DECIMAL(8,2) COMMENT '上限', process_name VARCHAR(40) COMMENT '工艺参数') COMMENT '工艺参数'";
    mariadb().sql(
        &name,
        &format!("{batches}; INSERT INTO process_parameter SELECT seq, 1, 2, '稀土萃取' FROM seq_1_to_1000"),
    );
    let url = mariadb().url(&name);
    let story = Story::new(&["share", "sqlite:///nowhere", &url]);
    let sqlite = story.env.path("mes.sqlite");
    let mut story = story;
    story.targets[1] = format!("sqlite://{}", sqlite.display());
    execute(
        &sqlite,
        "CREATE TABLE work_order (id INTEGER PRIMARY KEY, work_order_no TEXT, plan_quantity INTEGER, plan_start TEXT);
         WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000)
         INSERT INTO work_order SELECT i, 'WO' || i, 5, '2026-01-01' FROM n",
    );
    story.env.put(LEDGER, ledger(1000, 200_000));
    story.scan("2026-03-02", 0);
    let filed = story.classes();
    assert_eq!(filed.len(), 3, "one class a store: {filed:#?}");
    for class in &filed {
        assert_eq!(class["records"], serde_json::json!({"value": 1000, "exact": true}), "{class:#}");
        story.confirm(class, "important");
    }
    story.file("2026-03-03");
    let changes = story.changes();
    assert_eq!(changes["state"], "immaterial", "{changes:#}");

    let of = |changes: &Value, store: &str| -> Vec<Value> {
        rows(changes).iter().filter(|row| row["store"] == store && row["measure"] != "bytes").cloned().collect()
    };
    let brief = |rows: &[Value]| -> Vec<(String, Value, Value)> {
        let text = |row: &Value, key: &str| row[key].as_str().unwrap_or_default().to_owned();
        rows.iter().map(|row| (text(row, "kind"), row["now"].clone(), row["material"].clone())).collect()
    };
    let store_of = |url: &str| {
        let stores: Vec<_> = filed.iter().filter_map(|class| class["store"].as_str()).collect();
        (*stores.iter().find(|store| url.contains(**store)).unwrap_or(&"")).to_owned()
    };
    let (of_sqlite, of_mariadb) = (store_of("mes.sqlite"), store_of(&name));

    // 29 % in one, 31 % in the other: only one fires, and a class of the share appears.
    execute(
        &sqlite,
        "WITH RECURSIVE n(i) AS (SELECT 1001 UNION ALL SELECT i + 1 FROM n WHERE i < 1290)
         INSERT INTO work_order SELECT i, 'WO' || i, 5, '2026-01-01' FROM n",
    );
    mariadb().sql(&name, "DELETE FROM process_parameter WHERE id > 690");
    story.env.put(
        "管理/员工花名册.csv",
        "工号,姓名,部门,入职日期,岗位,职级,基本工资\n1,甲,研发部,2020-01-01,工程师,三级,100\n",
    );
    story.scan("2026-04-02", 0);
    let changes = story.changes();
    assert_eq!(brief(&of(&changes, &of_sqlite)), [("scale".to_owned(), 1290.into(), false.into())], "{changes:#}");
    assert_eq!(brief(&of(&changes, &of_mariadb)), [("scale".to_owned(), 690.into(), true.into())], "{changes:#}");
    assert_eq!(brief(&of(&changes, "share")), [], "general data are no change: {changes:#}");

    // A new class counts once a person has said that it is important.
    story.confirm(&story.class("management.hr", "share"), "important");
    let changes = story.changes();
    assert_eq!(brief(&of(&changes, "share")), [("added".to_owned(), "management.hr".into(), true.into())]);

    // Another level, and another declared fact.
    story.confirm(&story.class(SAFETY, "share"), "core");
    let toml = include_str!("../../samples/mulu.toml").split("[[store]]").next().unwrap();
    story.env.put_beside("mulu.toml", toml.replace("scope_of_use = \"单位内\"", "scope_of_use = \"集团内\""));
    let changes = story.changes();
    let kinds: Vec<_> = of(&changes, "share").iter().map(|row| row["kind"].as_str().unwrap().to_owned()).collect();
    assert_eq!(kinds, ["level", "field", "added"], "{changes:#}");
    assert!(of(&changes, "share").iter().all(|row| row["material"] == true), "{changes:#}");
    assert_eq!(of(&changes, &of_sqlite).len(), 2, "its scale and its field: {changes:#}");

    // A file that is there and cannot be read is not gone, a store out of reach is not empty.
    story.env.put_beside("mulu.toml", toml);
    story.confirm(&story.class(SAFETY, "share"), "important");
    std::fs::rename(&sqlite, story.env.path("away")).unwrap();
    story.scan("2026-05-06", 2);
    let changes = story.changes();
    assert!(of(&changes, &of_sqlite).iter().all(|row| row["material"].is_null()), "{changes:#}");
    assert!(rows(&changes).iter().any(|row| row["because"] == "carrier unreachable"), "{changes:#}");

    // The class is gone from a store that was read.
    std::fs::rename(story.env.path("away"), &sqlite).unwrap();
    std::fs::remove_file(story.env.share().join(LEDGER)).unwrap();
    story.scan("2026-06-02", 0);
    let changes = story.changes();
    let gone: Vec<_> = of(&changes, "share").into_iter().filter(|row| row["kind"] == "removed").collect();
    assert_eq!(gone.len(), 1, "{changes:#}");
    assert_eq!(
        (&gone[0]["material"], &gone[0]["between"]),
        (&true.into(), &serde_json::json!(["2026-05-06", "2026-06-02"]))
    );
}

#[test]
fn a_file_that_cannot_be_read_this_time_leaves_its_class_incomplete() {
    let story = Story::new(&["share"]);
    story.env.put(LEDGER, ledger(1000, 200_000));
    story.env.put("安全环保/重大危险源台账.zip", zip_of(&ledger(1000, 200_000)));
    story.scan("2026-03-02", 0);
    let class = story.class(SAFETY, "share");
    assert_eq!((&class["records"]["value"], &class["assets"]), (&2000.into(), &2.into()), "{class:#}");
    story.confirm(&class, "important");
    story.file("2026-03-03");
    story.env.put("安全环保/重大危险源台账.zip", &zip_of(&ledger(1000, 200_000))[..300]);
    story.scan("2026-04-02", 0);
    let changes = story.changes();
    assert_eq!(changes["state"], "incomplete", "{changes:#}");
    assert!(rows(&changes).iter().all(|row| row["material"].is_null()), "{changes:#}");
    assert!(rows(&changes).iter().any(|row| row["because"] == "assets not read"), "{changes:#}");
    // Deleted, it is gone for sure.
    std::fs::remove_file(story.env.share().join("安全环保/重大危险源台账.zip")).unwrap();
    story.scan("2026-04-03", 0);
    assert_eq!(story.changes()["state"], "material");
}

#[test]
fn other_rules_and_other_facts_of_the_enterprise_are_no_change_of_the_data_and_hide_none() {
    let story = Story::new(&["share"]);
    story.env.put(LEDGER, ledger(1000, 200_000));
    story.scan("2026-03-02", 0);
    story.confirm(&story.class(SAFETY, "share"), "important");
    story.file("2026-03-03");
    let toml = include_str!("../../samples/mulu.toml").split("[[store]]").next().unwrap();
    // A standing that criteria look at: everything is read again, and what was filed is counted once more by them.
    story.env.put_beside("mulu.toml", toml.replace("backbone = false", "backbone = true"));
    story.scan("2026-04-01", 0);
    let changes = story.changes();
    assert!(rows(&changes).iter().all(|row| row["kind"] != "scale" && row["kind"] != "category"), "{changes:#}");
    story.env.put(LEDGER, ledger(1500, 200_000));
    story.scan("2026-04-03", 0);
    let changes = story.changes();
    let row = &rows(&changes)[0];
    assert_eq!((&row["kind"], &row["material"]), (&"scale".into(), &true.into()), "{changes:#}");
    assert_eq!((&row["filed"], &row["now"]), (&1000.into(), &1500.into()), "{changes:#}");
    assert_eq!(row["between"], serde_json::json!(["2026-04-01", "2026-04-03"]), "{changes:#}");
    std::fs::remove_file(story.env.share().join(LEDGER)).unwrap();
    story.scan("2026-04-04", 0);
    let row = rows(&story.changes())[0].clone();
    assert_eq!((&row["kind"], &row["material"]), (&"removed".into(), &true.into()), "{row:#}");
}

fn zip_of(text: &str) -> Vec<u8> {
    use std::io::Write as _;
    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    writer.start_file("重大危险源台账.csv", zip::write::SimpleFileOptions::default()).unwrap();
    writer.write_all(text.as_bytes()).unwrap();
    writer.finish().unwrap().into_inner()
}

#[test]
fn the_summary_of_a_scan_tells_the_figures_of_the_classes() {
    let story = Story::new(&["share"]);
    story.env.put(LEDGER, ledger(1000, 200_000));
    story.env.put("安全环保/备份.zip", zip_of(&ledger(500, 100_000)));
    let told = story.env.scan().stdout;
    let told: Vec<&str> = told.lines().find(|line| line.starts_with(SAFETY)).unwrap().split_whitespace().collect();
    let listed = story.env.done(&["classes"]).stdout;
    let listed: Vec<&str> = listed.lines().find(|line| line.contains(SAFETY)).unwrap().split_whitespace().collect();
    assert!(told.contains(&"1,500") && listed.contains(&"1,500"), "{told:?} {listed:?}");
    assert!(told.join(" ").contains("300.0 kB") && listed.join(" ").contains("300.0 kB"), "{told:?} {listed:?}");
}
