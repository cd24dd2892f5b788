use super::*;
use crate::catalog::fixture::{FINANCE, PARAMETERS, record, with_persons};
use crate::model::{CategoryId, Contribution, TableSummary};

fn file(store: &str, locator: &str, category: &str, content: u128, bytes: u64) -> Trace {
    let mut file = record(store, locator, category, Some(10), bytes);
    file.examined.content_hash = Some(format!("{content:032x}"));
    Trace::of(&file).unwrap()
}

fn table(locator: &str, records: u64, persons: std::ops::Range<u64>) -> Trace {
    let mut table = with_persons(record("mes", locator, PARAMETERS, Some(records), 100), persons.start, persons.end);
    table.examined.asset.kind = AssetKind::Table;
    table.examined.format = Some("postgres-table".to_owned());
    Trace::of(&table).unwrap()
}

fn seen(before: &[Trace], now: &[Trace]) -> Vec<(String, String, Certainty)> {
    let place = |trace: &Trace| trace.place.1.clone();
    let found = moves(before, now);
    found.iter().map(|moved| (place(&before[moved.from]), place(&now[moved.to]), moved.certainty)).collect()
}

fn sure(from: &str, to: &str) -> (String, String, Certainty) {
    (from.to_owned(), to.to_owned(), Certainty::Sure)
}

fn likely(from: &str, to: &str) -> (String, String, Certainty) {
    (from.to_owned(), to.to_owned(), Certainty::Likely)
}

/// A table whose schema the inventory kept, classified by `term` of one of its columns.
fn of_schema(locator: &str, records: u64, schema_hash: Option<&str>, term: &str) -> Trace {
    let mut table = record("mes", locator, PARAMETERS, Some(records), 100);
    table.examined.asset.kind = AssetKind::Table;
    table.examined.table =
        schema_hash.map(|hash| TableSummary { schema_hash: hash.to_owned(), ..TableSummary::default() });
    table.examined.classification.as_mut().unwrap().contributions = vec![Contribution {
        term: term.to_owned(),
        rule: "vocabulary.test".to_owned(),
        place: Place::Column,
        count: 1,
        category: CategoryId::new(PARAMETERS),
        weight: 0.1,
    }];
    Trace::of(&table).unwrap()
}

#[test]
fn tables_are_followed_by_their_schema_and_before_it_was_kept_by_what_classified_them() {
    let of = |schema_hash, term| of_schema("a", 10, schema_hash, term);
    let is_followed = |before: Trace, now: Trace| {
        let now = Trace { place: ("mes".to_owned(), "b".to_owned()), ..now };
        !seen(&[before], &[now]).is_empty()
    };
    assert!(is_followed(of(Some("5a"), "pressure"), of(Some("5a"), "flow")));
    assert!(!is_followed(of(Some("5a"), "pressure"), of(Some("5b"), "pressure")));
    assert!(is_followed(of(None, "pressure"), of(Some("5a"), "pressure")));
    assert!(!is_followed(of(None, "pressure"), of(Some("5a"), "flow")));
}

#[test]
fn a_folder_that_moved_is_every_file_of_it_with_the_same_content() {
    let before =
        [file("s", "old/a", FINANCE, 1, 5), file("s", "old/b", FINANCE, 2, 5), file("s", "stays", FINANCE, 3, 5)];
    let now = [file("s", "new/a", FINANCE, 1, 5), file("s", "new/b", FINANCE, 2, 5), file("s", "stays", FINANCE, 3, 5)];
    assert_eq!(seen(&before, &now), [sure("old/a", "new/a"), sure("old/b", "new/b")]);
}

#[test]
fn what_stands_on_both_sides_of_a_move_rules_out_none() {
    // Logs that are turned over: `log` stands before and after, and is another one.
    let before = [file("s", "log", FINANCE, 1, 5), file("s", "log.1", FINANCE, 2, 5)];
    let now = [file("s", "log", FINANCE, 3, 5), file("s", "log.1", FINANCE, 1, 5), file("s", "log.2", FINANCE, 2, 5)];
    assert_eq!(seen(&before, &now), [sure("log", "log.1"), sure("log.1", "log.2")]);
    // Two tables that changed names.
    let before = [table("t1", 100, 0..100), table("t2", 400, 1000..1400)];
    let now = [table("t1", 400, 1000..1400), table("t2", 100, 0..100)];
    assert_eq!(seen(&before, &now), [likely("t1", "t2"), likely("t2", "t1")]);
}

#[test]
fn a_copy_is_no_move_and_of_copies_one_moves_once() {
    let before = [file("s", "a", FINANCE, 1, 5)];
    let copied = [file("s", "a", FINANCE, 1, 5), file("s", "b", FINANCE, 1, 5)];
    assert!(seen(&before, &copied).is_empty());
    let two = [file("s", "b", FINANCE, 1, 5), file("s", "c", FINANCE, 1, 5)];
    assert_eq!(seen(&before, &two), [sure("a", "b")]);
}

#[test]
fn a_table_is_likely_renamed_by_schema_count_and_distinct_values_together() {
    let before = [table("t_old", 100, 0..100)];
    assert_eq!(seen(&before, &[table("t_new", 110, 0..110)]), [likely("t_old", "t_new")]);
    assert!(seen(&before, &[table("t_new", 130, 0..100)]).is_empty(), "thirty per cent more rows");
    assert!(seen(&before, &[table("t_new", 100, 500..600)]).is_empty(), "other persons");
    let mut other_schema = with_persons(record("mes", "t_new", PARAMETERS, Some(100), 100), 0, 100);
    other_schema.examined.asset.kind = AssetKind::Table;
    other_schema.examined.format = Some("mysql-table".to_owned());
    assert!(seen(&before, &[Trace::of(&other_schema).unwrap()]).is_empty());
}

#[test]
fn tables_that_more_than_one_could_be_are_none_and_views_and_empty_tables_neither() {
    let before = [table("t", 100, 0..100)];
    assert!(seen(&before, &[table("u", 100, 0..100), table("v", 100, 0..100)]).is_empty());
    let mut view = record("mes", "w", PARAMETERS, Some(100), 100);
    view.examined.asset.kind = AssetKind::View;
    let mut renamed = view.clone();
    renamed.examined.asset.locator = crate::model::Locator::stored("x".to_owned());
    assert!(seen(&[Trace::of(&view).unwrap()], &[Trace::of(&renamed).unwrap()]).is_empty());
    assert!(seen(&[table("e", 0, 0..0)], &[table("f", 0, 0..0)]).is_empty());
}

#[test]
fn a_class_is_relocated_where_less_than_thirty_per_cent_of_it_is_missing() {
    let class = |trace: &Trace| trace.class.clone();
    let before =
        [file("a", "x", PARAMETERS, 1, 70), file("a", "y", PARAMETERS, 2, 29), file("a", "z", PARAMETERS, 3, 1)];
    let most = [file("b", "x", PARAMETERS, 1, 70), file("b", "z", PARAMETERS, 3, 1)];
    let found = relocated(&before, &most);
    assert_eq!(
        found.get(&class(&before[0])),
        Some(&Relocated { to: class(&most[0]), certainty: Certainty::Sure }),
        "71 of 100 bytes stand elsewhere"
    );
    assert!(relocated(&before, &most[..1]).is_empty(), "70 of 100: thirty per cent is missing");
    assert!(relocated(&before, &[]).is_empty());
}
