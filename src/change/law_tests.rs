//! What holds for all filings and all situations.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;

use super::*;
use crate::catalog::fixture::{accepted, catalog, classes, decision, full_register, record, regime, store_now};
use crate::catalog::{Catalog, Scope};
use crate::model::{Act, ClassId, Decision, Filing, Measure, Register, StoreState};

const CATEGORIES: [&str; 4] = ["management.finance", "management.asset", "operations.logistics", "service.user"];
const STORES: [&str; 2] = ["mes", "plant"];
/// Columns that a person declares, with two values each that the form takes.
const DECLARED: [(&str, [&str; 2]); 3] =
    [("scope_of_use", ["单位内", "集团内"]), ("purpose", ["生产控制", "质量追溯"]), ("cross_border", ["否", "是"])];

/// One class: records, bytes, whether it is core.
type Figures = (u64, u64, bool);

/// Classes by (category, store), and which of the declared values is written.
#[derive(Clone, Debug)]
struct Side {
    classes: BTreeMap<(usize, usize), Figures>,
    declared: [bool; 3],
}

fn side() -> impl Strategy<Value = Side> {
    let figures = (1u64..50, 1u64..50, any::<bool>());
    let classes = proptest::collection::btree_map((0..CATEGORIES.len(), 0..STORES.len()), figures, 0..8);
    (classes, any::<[bool; 3]>()).prop_map(|(classes, declared)| Side { classes, declared })
}

impl Side {
    fn catalog(&self) -> Catalog {
        let mut records = Vec::new();
        let mut decisions: Vec<Decision> = Vec::new();
        for ((category, store), (count, bytes, core)) in &self.classes {
            let (category, store) = (CATEGORIES[*category], STORES[*store]);
            records.push(record(store, &format!("{category}.csv"), category, Some(*count), *bytes));
            let level = if *core { Level::Core } else { Level::Important };
            decisions.push(decision(&ClassId::of(category, store).0, Act::Confirm, Some(level)));
        }
        let mut register: Register = full_register();
        for ((column, values), second) in DECLARED.iter().zip(self.declared) {
            register.all.insert((*column).to_owned(), values[usize::from(second)].to_owned());
        }
        catalog(classes(&records, &decisions), &register, Scope::AllLevels)
    }
}

fn compared(filing: &Filing, now: &Catalog, history: &History) -> Comparison {
    let regime = regime();
    let stores = STORES.map(|name| store_now(name, 2, StoreState::Complete, "2026-06-01"));
    let versions = STORES.map(|name| (name.to_owned(), ("rules-1".to_owned(), "regime-1".to_owned()))).into();
    compare(
        filing,
        &Situation {
            now,
            stores: &stores,
            history,
            form: &regime.form,
            calendar: &regime.calendar,
            hidden: &BTreeSet::new(),
            versions: &versions,
            recounted: &BTreeMap::new(),
            relocated: &BTreeMap::new(),
        },
    )
}

/// What is filed of a class: level, records, bytes and declared fields. The figures of a class that is new stand in the
/// catalog and not in the line that announces it.
type Filed = (Level, Option<(u64, u64)>, BTreeMap<String, String>);

fn declared(fields: impl Fn(&str) -> Option<String>) -> BTreeMap<String, String> {
    DECLARED.iter().filter_map(|(column, _)| Some(((*column).to_owned(), fields(column)?))).collect()
}

/// Puts the changes on what was filed.
fn apply(filing: &Filing, comparison: &Comparison) -> BTreeMap<String, Filed> {
    let value = |measure: Option<Measure>| measure.map_or(0, |measure| measure.value);
    let filed = filing.entries.iter().map(|entry| {
        let figures = Some((value(entry.records), value(entry.bytes)));
        (entry.id.clone(), (entry.level, figures, declared(|id| entry.fields.get(id).cloned())))
    });
    let mut all: BTreeMap<String, Filed> = filed.collect();
    let mut now_called: BTreeMap<String, String> = BTreeMap::new();
    for change in &comparison.changes {
        let id = now_called.get(&change.entry).unwrap_or(&change.entry).clone();
        match (change.kind, &change.now) {
            (Kind::Removed, _) => _ = all.remove(&id),
            (Kind::Added, _) => _ = all.insert(id, (change.level, None, BTreeMap::new())),
            (Kind::Category, Value::Text(category)) => {
                let other = ClassId::of(category, &change.store).0;
                let mut entry = all.remove(&id).expect("a filed entry");
                entry.0 = change.level;
                all.insert(other.clone(), entry);
                now_called.insert(change.entry.clone(), other);
            }
            (Kind::Level, _) => all.get_mut(&id).expect("a filed entry").0 = change.level,
            (Kind::Scale, Value::Number(now)) => {
                let figures = all.get_mut(&id).expect("a filed entry").1.as_mut().expect("figures");
                match change.measure {
                    Some(Scaled::Records) => figures.0 = *now,
                    Some(Scaled::Bytes) => figures.1 = *now,
                    _ => {}
                }
            }
            (Kind::Field, Value::Text(now)) => {
                let field = change.field.clone().expect("a column");
                if DECLARED.iter().any(|(column, _)| *column == field) {
                    all.get_mut(&id).expect("a filed entry").2.insert(field, now.clone());
                }
            }
            other => panic!("{other:?}"),
        }
    }
    all
}

/// What is there now, with as much of it as was there when it was filed.
fn there(now: &Catalog, filing: &Filing, comparison: &Comparison) -> BTreeMap<String, Filed> {
    let value = |measure: Option<Measure>| measure.map_or(0, |measure| measure.value);
    let is_new = |id: &str| comparison.changes.iter().any(|change| change.kind == Kind::Added && change.entry == id);
    let _ = filing;
    let entries = now.entries.iter().map(|entry| {
        let (id, scale) = (entry.class.id.0.clone(), &entry.class.scale);
        let level = entry.level().effective().unwrap_or(Level::General);
        let figures = Some((value(scale.records_distinct), value(scale.bytes)));
        let fields = declared(|id| entry.value(id).map(str::to_owned));
        if is_new(&id) { (id, (level, None, BTreeMap::new())) } else { (id, (level, figures, fields)) }
    });
    entries.collect()
}

/// What of a comparison does not depend on order and history.
fn verdicts(comparison: &Comparison) -> BTreeSet<String> {
    let verdict = |change: &Change| {
        format!("{} {:?} {:?} {:?} {:?}", change.entry, change.kind, change.measure, change.field, change.material)
    };
    // A crossing that fell back is a matter of history, and changes no verdict.
    let told = comparison.changes.iter().filter(|change| change.material != Some(false));
    told.filter(|change| change.because != Because::FellBack).map(verdict).collect()
}

fn history(now: &Catalog, points: &[(u64, u64)]) -> History {
    let seen = |(week, share): (usize, &(u64, u64)), entry: &crate::catalog::Entry| {
        let part = |measure: Option<Measure>| measure.map(|measure| Measure::exact(measure.value * share.0 / share.1));
        Seen {
            date: format!("2026-04-{:02}", week + 1),
            present: Some(true),
            records: part(entry.class.scale.records_distinct),
            bytes: part(entry.class.scale.bytes),
            subjects: None,
            counted: Counted::AsFiled,
        }
    };
    let of_entry = |entry: &crate::catalog::Entry| {
        let seen = points.iter().enumerate().map(|point| seen(point, entry)).collect();
        (entry.class.id.0.clone(), seen)
    };
    now.entries.iter().map(of_entry).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn the_changes_put_on_what_was_filed_give_what_is_there(before in side(), after in side()) {
        let (filing, now) = (accepted(&before.catalog()), after.catalog());
        let comparison = compared(&filing, &now, &History::new());
        prop_assert_eq!(apply(&filing, &comparison), there(&now, &filing, &comparison));
    }

    #[test]
    fn nothing_changes_between_a_catalog_and_itself(one in side()) {
        let catalog = one.catalog();
        let comparison = compared(&accepted(&catalog), &catalog, &History::new());
        prop_assert_eq!((comparison.state, comparison.changes), (State::Immaterial, Vec::new()));
    }

    #[test]
    fn the_order_of_entries_says_nothing(before in side(), after in side(), turn in 0usize..8) {
        let (filing, now) = (accepted(&before.catalog()), after.catalog());
        let (mut turned, mut other) = (filing.clone(), now.clone());
        let turn = turn.min(turned.entries.len());
        turned.entries.rotate_left(turn);
        other.entries.reverse();
        let (one, two) = (compared(&filing, &now, &History::new()), compared(&turned, &other, &History::new()));
        prop_assert_eq!(one.state, two.state);
        // Where several new classes have the very figures of one that is gone, either may be it.
        let figures: Vec<_> = after.classes.values().map(|(records, bytes, _)| (records, bytes)).collect();
        let is_plain = figures.iter().collect::<BTreeSet<_>>().len() == figures.len();
        prop_assume!(is_plain);
        prop_assert_eq!(verdicts(&one), verdicts(&two));
    }

    #[test]
    fn scans_in_between_say_when_and_never_whether(
        before in side(), after in side(), points in proptest::collection::vec((1u64..30, 1u64..30), 0..12),
    ) {
        let (filing, now) = (accepted(&before.catalog()), after.catalog());
        let alone = compared(&filing, &now, &History::new());
        let with_history = compared(&filing, &now, &history(&now, &points));
        prop_assert_eq!(alone.state, with_history.state);
        prop_assert_eq!(verdicts(&alone), verdicts(&with_history));
    }
}
