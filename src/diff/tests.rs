//! Each kind of difference, one asset at a time.

use proptest::prelude::*;

use super::*;
use crate::model::{AssetKind, CategoryId, Lang, LevelDecision, PublicName, Reason};

pub(super) fn glimpse() -> Glimpse {
    Glimpse {
        kind: AssetKind::Table,
        status: Status::Classified,
        reason: None,
        bytes: Some(Measure::exact(8_192)),
        records: Some(Measure::exact(1_000)),
        category: Some(CategoryId::new("management.hr")),
        level: LevelDecision { proposed: Some(Level::General), ..LevelDecision::default() },
        identifiers: vec![("cn.mobile".to_owned(), 12)],
        access: Some(Access { mode: 0o640, owner: 1000, group: 100 }),
        versions: ["r1".to_owned(), "g1".to_owned()],
        examination: 1,
        content_hash: Some("aa".to_owned()),
    }
}

fn again() -> Glimpse {
    Glimpse { examination: 2, content_hash: Some("bb".to_owned()), ..glimpse() }
}

const WHOLE: Seen = Seen { whole_before: true, whole_after: true };

fn difference(before: Option<Glimpse>, after: Option<Glimpse>) -> Difference {
    difference_at("public.hr_employee", before, after)
}

pub(super) fn difference_at(place: &str, before: Option<Glimpse>, after: Option<Glimpse>) -> Difference {
    let locator = Locator::of(&PublicName::vouched(place));
    Difference { id: AssetId("a0000000000000001".to_owned()), locator, before, after }
}

fn between(before: Glimpse, after: Glimpse) -> Vec<Row> {
    rows("erp", &difference(Some(before), Some(after)), WHOLE)
}

#[track_caller]
fn only(rows: Vec<Row>) -> Row {
    assert_eq!(rows.len(), 1, "{rows:#?}");
    rows.into_iter().next().unwrap()
}

#[test]
fn what_was_examined_anew_and_came_out_the_same_is_no_difference() {
    assert_eq!(between(glimpse(), again()), []);
}

#[test]
fn new_and_gone_are_said_only_by_a_scan_that_saw_the_whole_store() {
    let new = only(rows("erp", &difference(None, Some(again())), WHOLE));
    assert_eq!((new.kind, new.certain), (Kind::New, true));
    let partly_before = Seen { whole_before: false, ..WHOLE };
    let new = only(rows("erp", &difference(None, Some(again())), partly_before));
    assert_eq!((new.kind, new.certain), (Kind::New, false));
    assert!(new.detail(Lang::En).contains("may have been there"), "{}", new.detail(Lang::En));
    assert_eq!(only(rows("erp", &difference(Some(glimpse()), None), WHOLE)).kind, Kind::Gone);
    let partly_after = Seen { whole_after: false, ..WHOLE };
    assert_eq!(rows("erp", &difference(Some(glimpse()), None), partly_after), []);
}

#[test]
fn growth_is_told_by_records_where_both_are_counted_and_else_by_bytes() {
    let row = only(between(glimpse(), Glimpse { records: Some(Measure::exact(1_300)), bytes: None, ..again() }));
    assert_eq!((row.kind, row.measure, row.ratio, row.certain), (Kind::Grown, Some(Counted::Records), Some(0.3), true));
    assert_eq!(row.detail(Lang::En), "records 1000 → 1300 (+30.0 %)");
    let bytes = Some(Measure::exact(4_096));
    let row = only(between(glimpse(), Glimpse { records: None, bytes, ..again() }));
    assert_eq!((row.kind, row.measure, row.ratio), (Kind::Shrunk, Some(Counted::Bytes), Some(-0.5)));
    let row = only(between(glimpse(), Glimpse { records: Some(Measure::estimate(900)), ..again() }));
    assert_eq!((row.kind, row.certain), (Kind::Shrunk, false));
}

#[test]
fn another_level_and_category_say_what_made_them() {
    let core = LevelDecision { proposed: Some(Level::Core), ..LevelDecision::default() };
    let because = |after: Glimpse| {
        between(glimpse(), Glimpse { level: core, ..after }).into_iter().map(|row| row.because).collect::<Vec<_>>()
    };
    let rules = ["r2".to_owned(), "g1".to_owned()];
    assert_eq!(because(again()), [Because::Data]);
    assert_eq!(
        because(Glimpse { versions: rules.clone(), content_hash: Some("aa".to_owned()), ..again() }),
        [Because::Rules]
    );
    assert_eq!(because(Glimpse { versions: rules, content_hash: None, ..again() }), [Because::DataOrRules]);
    assert_eq!(because(glimpse()), [Because::Decision]);
    let rows = between(glimpse(), Glimpse { level: core, category: None, ..again() });
    let kinds: Vec<_> = rows.iter().map(|row| (row.kind, row.before.clone(), row.after.clone())).collect();
    let text = |text: &str| Value::Text(text.to_owned());
    assert_eq!(
        kinds,
        [(Kind::Level, text("general"), text("core")), (Kind::Category, text("management.hr"), Value::None),]
    );
    assert_eq!(rows[0].detail(Lang::Zh), "一般 → 核心");
}

#[test]
fn an_old_table_with_new_identifiers_names_the_new_kinds_alone() {
    let identifiers = vec![("cn.mobile".to_owned(), 40), ("cn.resident-id".to_owned(), 3)];
    let row = only(between(glimpse(), Glimpse { identifiers, ..again() }));
    assert_eq!((row.kind, row.after), (Kind::Identifiers, Value::List(vec!["cn.resident-id".to_owned()])));
    assert_eq!(between(glimpse(), Glimpse { identifiers: Vec::new(), ..again() }), [], "fewer is no alarm");
}

#[test]
fn a_file_that_cannot_be_read_any_more_says_so_and_nothing_else() {
    let unread = Glimpse {
        status: Status::Failed,
        reason: Some(Reason::PermissionDenied),
        records: None,
        bytes: None,
        category: None,
        level: LevelDecision::default(),
        identifiers: Vec::new(),
        ..again()
    };
    let row = only(between(glimpse(), unread));
    assert_eq!((row.kind, row.after), (Kind::Unread, Value::Text(Reason::PermissionDenied.id().to_owned())));
}

#[test]
fn opened_is_told_and_closed_is_not() {
    let with = |mode: u32, owner: u32| Glimpse { access: Some(Access { mode, owner, group: 100 }), ..glimpse() };
    let row = only(between(glimpse(), with(0o666, 1000)));
    assert_eq!(row.widened, ["group-write", "others-read", "others-write"]);
    assert_eq!(
        (row.before, row.after),
        (Value::Text("0640 1000:100".to_owned()), Value::Text("0666 1000:100".to_owned()))
    );
    assert_eq!(only(between(glimpse(), with(0o600, 7))).widened, ["other-owner"]);
    assert_eq!(only(between(glimpse(), with(0o4640, 1000))).widened, ["set-user-id"]);
    assert_eq!(between(glimpse(), with(0o600, 1000)), []);
    assert_eq!(between(glimpse(), with(0o740, 1000)), [], "what the owner may do lets nobody else in");
    let folder = |before, after| FolderAccess {
        locator: Locator::stored("docs/".to_owned()),
        before: Access { mode: before, owner: 0, group: 0 },
        after: Access { mode: after, owner: 0, group: 0 },
    };
    assert_eq!(folder_row("share", &folder(0o750, 0o755)).unwrap().widened, ["others-read", "others-enter"]);
    assert_eq!(folder_row("share", &folder(0o755, 0o750)), None);
}

#[test]
fn filters_take_what_they_name() {
    let grown = only(between(glimpse(), Glimpse { records: Some(Measure::exact(1_299)), ..again() }));
    let filter = |change: &dyn Fn(&mut Filter)| {
        let mut filter = Filter::default();
        change(&mut filter);
        filter.takes(&grown)
    };
    assert!(filter(&|_| ()));
    assert!(filter(&|one| one.min_ratio = "0.299".parse().unwrap()));
    assert!(!filter(&|one| one.min_ratio = "0.3".parse().unwrap()));
    assert!(filter(&|one| one.categories = vec!["management".to_owned()]));
    assert!(!filter(&|one| one.categories = vec!["manage".to_owned()]));
    assert!(filter(&|one| one.kinds = vec![Kind::Gone, Kind::Grown]));
    assert!(!filter(&|one| one.stores = vec!["mes".to_owned()]));
    assert!(filter(&|one| one.places = vec!["public.".to_owned()]));
    assert!(!filter(&|one| one.least_level = Some(Level::Important)));
    for text in ["", ".5", "0.", "0.1234", "-1", "1e3", "1001", "０.3", "NaN"] {
        assert_eq!(text.parse::<Ratio>(), Err(NotARatio), "{text}");
    }
}

proptest! {
    /// Gained rights are exactly the bits that let others in and were not set; nothing is both opened and closed.
    #[test]
    fn widened_rights_are_those_that_were_gained(before in 0u32..0o10000, after in 0u32..0o10000) {
        let at = |mode| Access { mode, owner: 0, group: 0 };
        let gained = widened(at(before), at(after));
        for (bit, right) in RIGHTS {
            prop_assert_eq!(gained.contains(&right), after & bit != 0 && before & bit == 0);
        }
        prop_assert_eq!(at(after).widened_since(at(before)).count_ones() as usize, gained.len());
    }

    /// A ratio is an exact comparison up to the largest counts.
    #[test]
    fn a_ratio_takes_what_moved_by_so_much_or_more(before in any::<u64>(), after in any::<u64>(), thousandths in 0u32..2_000) {
        prop_assume!(before != after);
        let text = format!("{}.{:03}", thousandths / 1_000, thousandths % 1_000);
        let filter = Filter { min_ratio: text.parse().unwrap(), ..Filter::default() };
        let row = only(between(
            Glimpse { records: Some(Measure::exact(before)), ..glimpse() },
            Glimpse { records: Some(Measure::exact(after)), ..again() },
        ));
        let moved = i128::from(after) - i128::from(before);
        prop_assert_eq!(filter.takes(&row), moved.abs() * 1_000 >= i128::from(thousandths) * i128::from(before));
    }
}
