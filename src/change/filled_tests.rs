use super::super::{Baseline, Because, RefileBy, State, Value};
use super::*;
use crate::catalog::fixture::{PARAMETERS, regime, store_now};
use crate::model::{Level, StoreState};

fn change(kind: Kind, strict: &str) -> Change {
    Change {
        entry: "c0000000000000001".to_owned(),
        category: PARAMETERS.to_owned(),
        store: "mes".to_owned(),
        level: Level::Important,
        kind,
        measure: None,
        field: None,
        filed: Value::Unknown,
        now: Value::Unknown,
        ratio: None,
        material: Some(true),
        because: Because::Article12,
        between: Some(["2026-04-01".to_owned(), "2026-05-01".to_owned()]),
        refile_by: Some(RefileBy {
            strict: strict.to_owned(),
            lenient: "2026-08-03".to_owned(),
            shifted: false,
            calendar_missing: Vec::new(),
        }),
    }
}

fn scale(measure: Scaled, filed: u64, now: u64, strict: &str) -> Change {
    Change {
        measure: Some(measure),
        filed: Value::Number(filed),
        now: Value::Number(now),
        ratio: Some((now as f64 - filed as f64) / filed as f64),
        ..change(Kind::Scale, strict)
    }
}

fn form(changes: Vec<Change>) -> FilledForm {
    let baseline = Baseline { filing: "备-2026-001".to_owned(), accepted: Some("2026-03-02".to_owned()) };
    let comparison = Comparison { baseline, state: State::Material, changes };
    let stores = [store_now("mes", 7, StoreState::Complete, "2026-06-01T08:00:00Z")];
    filled(&comparison, Some("某某公司"), &stores, &regime())
}

#[test]
fn the_measures_of_an_entry_share_a_row_with_their_ratios_and_the_earliest_day() {
    let form =
        form(vec![scale(Scaled::Records, 1000, 1300, "2026-07-15"), scale(Scaled::Bytes, 10_000, 6_500, "2026-07-01")]);
    let [row] = form.changes.as_slice() else { panic!("{form:?}") };
    let cell = |id: &str| row.get(id).map_or("", String::as_str);
    assert_eq!(cell("type"), "规模变化≥30%");
    assert_eq!(cell("filed"), "规模-数据条目数(条)：1000；规模-存储总量(字节)：10000");
    assert_eq!((cell("ratio_records"), cell("ratio_bytes")), ("增加 30.0 %", "减少 35.0 %"));
    assert_eq!((cell("due"), cell("happened")), ("2026-07-01", "2026-04-01 至 2026-05-01"));
    assert_eq!((cell("evidence"), cell("level")), ("扫描 7，2026-06-01", "重要数据"));
    assert_eq!(form.header.get("due").map(String::as_str), Some("2026-07-01"));
    assert!(!row.contains_key("reason"), "a person gives the reason");
}

#[test]
fn fields_are_told_by_their_label_and_type_and_what_is_gone_waits_for_a_person() {
    let field = |id: &str, filed: &str, now: &str| Change {
        field: Some(id.to_owned()),
        filed: Value::Text(filed.to_owned()),
        now: Value::Text(now.to_owned()),
        ..change(Kind::Field, "2026-07-01")
    };
    let gone = Change { entry: "c2".to_owned(), ..change(Kind::Removed, "2026-07-01") };
    let form = form(vec![field("purpose", "甲", "乙"), field("manner", "收集", "收集、提供"), gone]);
    assert_eq!(form.changes.len(), 2);
    assert_eq!(form.changes[0].get("type").map(String::as_str), Some("处理目的/方式变更"));
    assert_eq!(form.changes[0].get("now").map(String::as_str), Some("处理目的：乙；处理方式：收集、提供"));
    assert!(!form.changes[1].contains_key("type"));
    assert_eq!(form.cancellations[0].get("filing").map(String::as_str), Some("备-2026-001"));
    assert!(!form.cancellations[0].contains_key("reason"));
}

#[test]
fn what_cannot_be_said_yet_is_not_filed() {
    let open = Change { material: None, because: Because::AwaitsConfirmation, ..change(Kind::Added, "2026-07-01") };
    let small = Change { material: Some(false), ..scale(Scaled::Records, 10, 11, "2026-07-01") };
    let form = form(vec![open, small]);
    assert!(form.changes.is_empty() && form.cancellations.is_empty());
    assert!(!form.header.contains_key("due"));
}
