//! What is written is read back, through the bytes of a workbook; a person is played by changing cells of what was read.

use proptest::prelude::*;

use super::*;
use crate::catalog::fixture::{FINANCE, PARAMETERS, classes, decision, full_register, record, regime};
use crate::catalog::sheet::Sheet;
use crate::model::{Act, Register};
use crate::regime::Regime;
use crate::review::layout::HEADER_ROW;

const ORIGIN: &str = "mes 1 2026-03-01; regime-1";

/// Everything that a form asks for, one value of it given by a person for one class.
fn register() -> Register {
    let mut register = full_register();
    register.give(&[RegisterEdit {
        scope: RegisterScope::Entry { category: PARAMETERS.to_owned(), store: "mes".to_owned() },
        field: "protection".to_owned(),
        value: Some("访问控制；水印".to_owned()),
        by: "李工".to_owned(),
        date: "2026-02-01".to_owned(),
        reason: None,
    }]);
    register
}

fn rows(register: &Register) -> Vec<Row> {
    let records = [
        record("mes", "line/a.csv", PARAMETERS, Some(2000), 10),
        record("mes", "b.csv", FINANCE, Some(3), 10),
        record("plant", "=1+1 \u{202e}.csv", PARAMETERS, Some(5000), u64::MAX >> 1),
    ];
    let form = regime().form;
    let mut rows: Vec<Row> = classes(&records, &[]).iter().map(|class| Row::of_class(class, register, &form)).collect();
    rows.extend(records.iter().map(Row::of_asset));
    rows
}

fn written(rows: &[Row]) -> Vec<Sheet> {
    let bytes = review_xlsx(rows, (ORIGIN, "2026-03-01"), &regime()).unwrap();
    filled_file::workbook(bytes).unwrap()
}

#[test]
fn text_that_consists_of_digits_stays_text() {
    let records = [record("0012", "0034", PARAMETERS, Some(5000), 10)];
    let form = regime().form;
    let mut rows: Vec<Row> =
        classes(&records, &[]).iter().map(|class| Row::of_class(class, &Register::default(), &form)).collect();
    rows.extend(records.iter().map(Row::of_asset));
    let sheets = written(&rows);
    let sheet = sheets.iter().find(|sheet| sheet.name == SHEET).unwrap();
    let place = |id: &str| sheet.rows[0].iter().position(|known| known == id).unwrap();
    assert_eq!(sheet.text(HEADER_ROW + 2, place("store")), "0012");
    assert_eq!(sheet.text(HEADER_ROW + 2, place("locator")), "0034");
    assert_eq!(read(&sheets, &rows).unwrap().changes, []);
}

/// The sheet that a person fills, with cells called by row (from 0, below the headers) and id of the column.
fn put(sheets: &mut [Sheet], row: usize, column: &str, text: &str) {
    let sheet = sheets.iter_mut().find(|sheet| sheet.name == SHEET).unwrap();
    let place = sheet.rows[0].iter().position(|id| id == column).unwrap();
    let cells = &mut sheet.rows[HEADER_ROW + 1 + row];
    cells.resize(cells.len().max(place + 1), String::new());
    text.clone_into(&mut cells[place]);
}

fn read_at(sheets: &[Sheet], rows: &[Row], origin: &str, older: bool) -> Result<Filled, Vec<String>> {
    let rows = rows.iter().map(|row| (row.id.clone(), row.clone())).collect();
    let regime: Regime = regime();
    let now = Now { origin, older, rows: &rows, regime: &regime, by: "王工", date: "2026-03-02" };
    review::fill(sheets, &now).map_err(|faults| faults.iter().map(|fault| fault.say(Lang::En)).collect())
}

fn read(sheets: &[Sheet], rows: &[Row]) -> Result<Filled, Vec<String>> {
    read_at(sheets, rows, ORIGIN, false)
}

/// What is wrong with a workbook in which one cell was changed.
fn wrong(row: usize, column: &str, text: &str) -> String {
    let rows = rows(&register());
    let mut sheets = written(&rows);
    put(&mut sheets, row, column, text);
    let faults = read(&sheets, &rows).expect_err("refused");
    assert_eq!(faults.len(), 1, "{faults:?}");
    faults[0].clone()
}

#[test]
fn a_workbook_that_nobody_filled_changes_nothing() {
    for register in [register(), Register::default()] {
        let rows = rows(&register);
        assert_eq!(read(&written(&rows), &rows).unwrap(), Filled { rows: rows.len(), changes: Vec::new() });
    }
}

#[test]
fn decisions_and_facts_of_a_filled_workbook_come_back_as_they_were_typed() {
    let rows = rows(&register());
    let mut sheets = written(&rows);
    let place = |id: &str| rows.iter().position(|row| row.id == id).unwrap();
    let class = rows.iter().position(|row| row.is_class() && !row.own.is_empty()).unwrap();
    let asset = place(&record("mes", "b.csv", FINANCE, Some(3), 10).id.0);
    put(&mut sheets, class, "decision", "确认");
    put(&mut sheets, class, "reason", "与工艺部核对");
    put(&mut sheets, class, "fact.purpose", "订单 管理");
    put(&mut sheets, class, "fact.protection", "");
    put(&mut sheets, class, "fact.responsible_contact", "+86 10-8888 0000");
    put(&mut sheets, asset, "decision", "override");
    put(&mut sheets, asset, "level", "核心");
    put(&mut sheets, asset, "category_decided", "production.quality  质量检测");
    put(&mut sheets, asset, "reason", "来函");
    put(&mut sheets, asset, "document", "工信数字〔2026〕1号");
    let filled = read(&sheets, &rows).unwrap();
    let mut decisions = filled.changes.iter().filter_map(|change| match change {
        Change::Decision { decision, .. } => Some(decision),
        Change::Fact { .. } => None,
    });
    let confirmed = decisions.next().unwrap();
    assert_eq!((confirmed.act, confirmed.level), (Act::Confirm, Some(Level::Important)));
    assert_eq!((confirmed.by.as_str(), confirmed.date.as_str()), ("王工", "2026-03-02"));
    let decided = decisions.next().unwrap();
    assert_eq!((decided.act, decided.level), (Act::Override, Some(Level::Core)));
    assert_eq!(decided.category.as_ref().unwrap().as_str(), "production.quality");
    assert_eq!(decided.document.as_deref(), Some("工信数字〔2026〕1号"));
    let facts = filled.changes.iter().filter_map(|change| match change {
        Change::Fact { column, before, after, .. } => Some((column.as_str(), before.as_deref(), after.as_deref())),
        Change::Decision { .. } => None,
    });
    let facts: Vec<_> = facts.collect();
    assert!(facts.contains(&("purpose", Some("生产控制"), Some("订单 管理"))), "{facts:?}");
    assert!(facts.contains(&("protection", Some("访问控制；水印"), None)), "{facts:?}");
    assert!(facts.contains(&("responsible_contact", Some("总机转信息部"), Some("+86 10-8888 0000"))), "{facts:?}");
    assert_eq!(facts.len(), 3);
}

#[test]
fn rows_may_be_sorted_and_deleted_and_blank_ones_left() {
    let rows = rows(&register());
    let mut sheets = written(&rows);
    put(&mut sheets, 0, "decision", "否定");
    put(&mut sheets, 0, "reason", "测试数据");
    let sheet = sheets.iter_mut().find(|sheet| sheet.name == SHEET).unwrap();
    sheet.rows[HEADER_ROW + 1..].reverse();
    sheet.rows.remove(HEADER_ROW + 1);
    sheet.rows.insert(HEADER_ROW + 2, vec![" ".to_owned(); 4]);
    let filled = read(&sheets, &rows).unwrap();
    assert_eq!((filled.rows, filled.changes.len()), (rows.len() - 1, 1));
}

#[test]
fn every_cell_that_does_not_fit_is_named_with_what_to_do() {
    for (column, text, said) in [
        ("fact.purpose", "=1+1", "put a word before it"),
        ("fact.purpose", "@SUM(A1)", "put a word before it"),
        ("fact.purpose", "-2+3", "put a word before it"),
        ("fact.purpose", "+cmd|' /C calc'!A0", "put a word before it"),
        ("fact.purpose", "\t=1", "put a word before it"),
        ("fact.purpose", "a\u{7}b", "nobody sees"),
        ("fact.purpose", "a\tb", "nobody sees"),
        ("fact.purpose", "a\u{202e}b", "nobody sees"),
        ("fact.external_sharing", "也许", "是 (yes) or 否 (no)"),
        ("fact.scope_of_use", "全世界", "单位内"),
        ("fact.purpose", "", "write another one here"),
        ("decision", "同意", "confirm, reject or override"),
        ("level", "核心", "choose the decision"),
        ("reason", "因为", "choose the decision"),
        ("store", "other", "locked cell"),
        ("criteria", "miit-166/11.1", "locked cell"),
        ("seal", "0-0", "locked cell"),
        ("id", "", "no id"),
        ("id", "c0000000000000000", "nothing has this id"),
    ] {
        let said_was = wrong(0, column, text);
        assert!(said_was.contains(said) && said_was.starts_with("审核!"), "{column} {text:?}: {said_was}");
        assert!(text.len() < 4 || !said_was.contains(text), "what was typed is repeated: {said_was}");
    }
    let long = "长".repeat(2_001);
    assert!(wrong(0, "fact.purpose", &long).contains("2000"));
    assert!(wrong(0, "fact.purpose", &"x".repeat(32_768)).contains("2000"));
}

#[test]
fn a_decision_that_lacks_something_says_what() {
    let rows = rows(&register());
    let faults = |cells: &[(&str, &str)]| {
        let mut sheets = written(&rows);
        for (column, text) in cells {
            put(&mut sheets, 0, column, text);
        }
        read(&sheets, &rows).expect_err("refused").join("; ")
    };
    assert!(faults(&[("decision", "确认")]).contains("has a reason"));
    let of_authority = [("decision", "主管部门认定"), ("reason", "来函"), ("level", "重要")];
    assert!(faults(&of_authority).contains("has a document"));
    assert!(faults(&[&of_authority[..2], &[("document", "1号")]].concat()).contains("what has the authority decided"));
    assert!(faults(&[("decision", "确认"), ("reason", "x"), ("level", "绝密")]).contains("general, important or core"));
    assert!(
        faults(&[("decision", "确认"), ("reason", "x"), ("document", "1号")]).contains("decision of the authority")
    );
    let category = [("decision", "确认"), ("reason", "x"), ("category_decided", "production.quality")];
    assert!(faults(&category).contains("assets (a…)"));
}

#[test]
fn one_wrong_cell_keeps_everything_else_out_and_all_of_them_are_named() {
    let rows = rows(&register());
    let mut sheets = written(&rows);
    put(&mut sheets, 0, "decision", "确认");
    put(&mut sheets, 0, "reason", "x");
    put(&mut sheets, 1, "fact.purpose", "=1");
    put(&mut sheets, 2, "decision", "?");
    assert_eq!(read(&sheets, &rows).expect_err("refused").len(), 2);
}

#[test]
fn an_id_that_stands_twice_and_a_formula_are_refused() {
    let rows = rows(&register());
    let mut sheets = written(&rows);
    let sheet = sheets.iter_mut().find(|sheet| sheet.name == SHEET).unwrap();
    let first = sheet.rows[HEADER_ROW + 1].clone();
    sheet.rows.push(first);
    assert!(read(&sheets, &rows).expect_err("refused")[0].contains("row 3 already"));
    let mut sheets = written(&rows);
    let sheet = sheets.iter_mut().find(|sheet| sheet.name == SHEET).unwrap();
    let place = sheet.rows[0].iter().position(|id| id == "fact.purpose").unwrap();
    sheet.formulas.insert((HEADER_ROW + 1, place));
    assert!(read(&sheets, &rows).expect_err("refused")[0].contains("paste its value"));
}

#[test]
fn a_workbook_of_an_older_scan_is_refused_unless_its_rows_say_the_same() {
    let rows = rows(&register());
    let mut sheets = written(&rows);
    put(&mut sheets, 0, "decision", "确认");
    put(&mut sheets, 0, "reason", "x");
    let newer = "mes 2 2026-04-01; regime-1";
    let told = read_at(&sheets, &rows, newer, false).expect_err("refused");
    assert!(told[0].contains("2026-03-01") && told[0].contains("--older"), "{told:?}");
    let mut grown = rows.clone();
    grown[0].figures[0] = Some(9_999);
    assert_eq!(read_at(&sheets, &grown, newer, true).unwrap().changes.len(), 1, "figures alone moved");
    grown[0].level.proposed = Some(Level::Core);
    assert!(read_at(&sheets, &grown, newer, true).expect_err("refused")[0].contains("has changed since"));
    assert!(read(&sheets, &grown).expect_err("refused")[0].contains("has changed since"), "decided meanwhile");
}

#[test]
fn a_row_that_changed_meanwhile_and_that_nobody_filled_is_no_fault() {
    let rows = rows(&register());
    let mut now = rows.clone();
    now[0].level.confirmed = Some(Level::Core);
    assert_eq!(read(&written(&rows), &now).unwrap().changes, []);
}

#[test]
fn what_is_no_review_and_what_lost_a_column_is_refused() {
    let rows = rows(&register());
    assert!(read(&[], &rows).expect_err("refused")[0].contains("export one"));
    let mut sheets = written(&rows);
    sheets[1].rows[0][3] = "elsewhere".to_owned();
    assert!(read(&sheets, &rows).expect_err("refused")[0].contains("locator"));
    let mut sheets = written(&rows);
    sheets.iter_mut().find(|sheet| sheet.name == "_mulu").unwrap().rows[0][1] = "0".to_owned();
    assert!(read(&sheets, &rows).expect_err("refused")[0].contains("another version"));
}

#[test]
fn the_same_rows_give_the_same_bytes() {
    let rows = rows(&register());
    let bytes = || review_xlsx(&rows, (ORIGIN, "2026-03-01"), &regime()).unwrap();
    assert_eq!(bytes(), bytes());
}

#[test]
fn an_asset_lies_under_one_of_the_places_or_there_are_none() {
    let asset = record("mes", "line/a.csv", FINANCE, None, 1);
    let place = |store: &str, prefix: &str| Under { store: store.to_owned(), prefix: prefix.to_owned() };
    assert!(is_under(&asset, &[]) && is_under(&asset, &[place("plant", ""), place("mes", "line/")]));
    assert!(!is_under(&asset, &[place("plant", ""), place("mes", "other/")]));
}

#[test]
fn a_class_that_a_person_confirmed_awaits_nobody() {
    let records = [record("mes", "a", PARAMETERS, Some(2000), 10)];
    let open = classes(&records, &[]);
    let confirmed = classes(&records, &[decision(&open[0].id.0, Act::Confirm, Some(Level::Important))]);
    assert!(awaits(&open[0]) && !awaits(&confirmed[0]));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// Whatever the register holds, a workbook that nobody filled changes nothing.
    #[test]
    fn no_fact_changes_by_being_written_and_read(value in any::<String>(), lines in prop::collection::vec("[a-c \u{200b}]{0,3}", 1..4)) {
        let mut register = register();
        register.all.insert("purpose".to_owned(), value);
        register.all.insert("source".to_owned(), lines.join("\n"));
        let rows = rows(&register);
        prop_assert_eq!(read(&written(&rows), &rows), Ok(Filled { rows: rows.len(), changes: Vec::new() }));
    }

    /// Whatever stands in the cells, a workbook is read or refused, and what is taken fits a form.
    #[test]
    fn any_text_in_any_cell_is_taken_whole_or_refused(
        cells in prop::collection::vec((0..6_usize, prop::sample::select(vec!["decision", "level", "reason", "fact.purpose", "fact.manner", "id", "seal", "store"]), any::<String>()), 1..8),
    ) {
        let rows = rows(&register());
        let mut sheets = written(&rows);
        for (row, column, text) in &cells {
            put(&mut sheets, row % rows.len(), column, text);
        }
        if let Ok(filled) = read(&sheets, &rows) {
            for change in filled.changes {
                let text = match change {
                    Change::Fact { after, .. } => after.unwrap_or_default(),
                    Change::Decision { decision, .. } => decision.reason,
                };
                prop_assert!(!text.chars().any(is_invisible) && text.chars().count() <= 2_000);
            }
        }
    }
}
