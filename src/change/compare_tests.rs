use super::super::Kind;
use super::*;
use crate::catalog::Scope;
use crate::catalog::fixture::{
    FINANCE, PARAMETERS, accepted, catalog, classes, decision, full_register, record, regime, store_now, with_persons,
};
use crate::inventory::AssetRecord;
use crate::model::{Act, CategoryId, ClassId, Decision, Register};

/// A filed class of 1,000 records and 10,000 bytes in `mes`, confirmed as important.
fn filed() -> Filing {
    let catalog = catalog(classes(&[parameters(1000, 10_000)], &[confirmed("mes")]), &full_register(), Scope::Filed);
    accepted(&catalog)
}

fn parameters(records: u64, bytes: u64) -> AssetRecord {
    record("mes", "a", PARAMETERS, Some(records), bytes)
}

fn confirmed(store: &str) -> Decision {
    decision(&ClassId::of(PARAMETERS, store).0, Act::Confirm, Some(Level::Important))
}

struct Now {
    records: Vec<AssetRecord>,
    decisions: Vec<Decision>,
    register: Register,
    stores: Vec<StoreNow>,
    history: History,
    hidden: BTreeSet<ClassId>,
    versions: BTreeMap<String, (String, String)>,
    recounted: BTreeMap<String, BTreeMap<String, Class>>,
    relocated: BTreeMap<ClassId, Relocated>,
}

fn now(records: Vec<AssetRecord>) -> Now {
    Now {
        records,
        decisions: vec![confirmed("mes")],
        register: full_register(),
        stores: vec![
            store_now("mes", 2, StoreState::Complete, "2026-06-01"),
            store_now("plant", 2, StoreState::Complete, "2026-06-01"),
        ],
        history: History::new(),
        hidden: BTreeSet::new(),
        versions: ["mes", "plant"].map(|name| (name.to_owned(), ("rules-1".to_owned(), "regime-1".to_owned()))).into(),
        recounted: BTreeMap::new(),
        relocated: BTreeMap::new(),
    }
}

fn compared(filing: &Filing, now: &Now) -> Comparison {
    let regime = regime();
    let catalog = catalog(classes(&now.records, &now.decisions), &now.register, Scope::AllLevels);
    compare(
        filing,
        &Situation {
            now: &catalog,
            stores: &now.stores,
            history: &now.history,
            form: &regime.form,
            calendar: &regime.calendar,
            hidden: &now.hidden,
            versions: &now.versions,
            recounted: &now.recounted,
            relocated: &now.relocated,
        },
    )
}

fn seen(comparison: &Comparison) -> Vec<(Kind, Option<Scaled>, Option<bool>, Because)> {
    comparison.changes.iter().map(|change| (change.kind, change.measure, change.material, change.because)).collect()
}

#[test]
fn nothing_that_stays_as_filed_is_a_change() {
    let comparison = compared(&filed(), &now(vec![parameters(1000, 10_000)]));
    assert_eq!((comparison.state, comparison.changes), (State::Immaterial, Vec::new()));
}

#[test]
fn thirty_per_cent_more_records_are_material_and_a_little_less_is_not() {
    let comparison = compared(&filed(), &now(vec![parameters(1300, 10_000)]));
    assert_eq!(comparison.state, State::Material);
    let [change] = comparison.changes.as_slice() else { panic!("{comparison:?}") };
    assert_eq!((change.kind, change.measure), (Kind::Scale, Some(Scaled::Records)));
    assert_eq!((&change.filed, &change.now, change.ratio), (&Value::Number(1000), &Value::Number(1300), Some(0.3)));
    assert_eq!(change.between, Some(["2026-03-01".to_owned(), "2026-06-01".to_owned()]));
    assert_eq!(change.refile_by.as_ref().unwrap().strict, "2026-06-01");
    let comparison = compared(&filed(), &now(vec![parameters(1299, 10_000)]));
    assert_eq!(comparison.state, State::Immaterial);
    assert_eq!(seen(&comparison), [(Kind::Scale, Some(Scaled::Records), Some(false), Because::BelowThreshold)]);
}

#[test]
fn bytes_alone_and_shrinkage_alone_are_material_too() {
    for (records, bytes) in [(1000, 13_000), (1000, 7_000), (700, 10_000)] {
        assert_eq!(compared(&filed(), &now(vec![parameters(records, bytes)])).state, State::Material);
    }
    assert_eq!(compared(&filed(), &now(vec![parameters(701, 7_001)])).state, State::Immaterial);
}

#[test]
fn a_measure_that_was_not_filed_does_not_fire() {
    let mut filing = filed();
    filing.entries[0].records = None;
    assert_eq!(compared(&filing, &now(vec![parameters(9000, 10_000)])).state, State::Immaterial);
    filing.entries[0].bytes = None;
    let comparison = compared(&filing, &now(vec![parameters(1000, 10_000)]));
    assert_eq!(comparison.state, State::Undetermined);
    assert_eq!(comparison.changes[0].because, Because::BaselineUnknown);
}

#[test]
fn an_estimate_that_straddles_the_threshold_is_undetermined() {
    let mut estimated = parameters(1200, 10_000);
    estimated.examined.records = Some(Measure::estimate(1200));
    let comparison = compared(&filed(), &now(vec![estimated]));
    assert_eq!(comparison.state, State::Undetermined);
    assert_eq!(comparison.changes[0].because, Because::ExactCountNeeded);
    assert_eq!(comparison.changes[0].material, None);
}

/// What MySQL and MariaDB say of the space of a table is never exact.
#[test]
fn stored_bytes_by_a_servers_statistics_are_doubted_only_where_they_say_that_they_moved() {
    let with = |bytes| {
        let mut estimated = parameters(1000, bytes);
        estimated.examined.bytes = Some(Measure::estimate(bytes));
        compared(&filed(), &now(vec![estimated]))
    };
    assert_eq!((with(10_000).state, with(10_000).changes), (State::Immaterial, Vec::new()));
    assert_eq!(seen(&with(12_000)), [(Kind::Scale, Some(Scaled::Bytes), Some(false), Because::BelowThreshold)]);
    assert_eq!(seen(&with(14_000)), [(Kind::Scale, Some(Scaled::Bytes), None, Because::ExactCountNeeded)]);
    assert_eq!(with(26_000).state, State::Material);
}

#[test]
fn a_new_class_is_material_once_confirmed_and_waits_before() {
    let plant = record("plant", "b", PARAMETERS, Some(2000), 5);
    let mut situation = now(vec![parameters(1000, 10_000), plant]);
    let comparison = compared(&filed(), &situation);
    assert_eq!(seen(&comparison), [(Kind::Added, None, None, Because::AwaitsConfirmation)]);
    assert_eq!(comparison.state, State::Undetermined);
    situation.decisions.push(confirmed("plant"));
    let comparison = compared(&filed(), &situation);
    assert_eq!(seen(&comparison), [(Kind::Added, None, Some(true), Because::Article12)]);
    assert!(comparison.changes[0].refile_by.is_some());
}

#[test]
fn a_new_class_of_general_data_is_no_change() {
    let comparison = compared(&filed(), &now(vec![parameters(1000, 10_000), record("mes", "f", FINANCE, Some(9), 9)]));
    assert_eq!(comparison.state, State::Immaterial);
}

#[test]
fn a_class_that_is_gone_from_a_carrier_that_was_read_is_material() {
    let comparison = compared(&filed(), &now(Vec::new()));
    assert_eq!(seen(&comparison), [(Kind::Removed, None, Some(true), Because::Article12)]);
}

#[test]
fn an_unreachable_carrier_is_incomplete_and_nothing_in_it_is_gone() {
    let mut situation = now(Vec::new());
    situation.stores[0] = store_now("mes", 2, StoreState::Unreachable, "2026-06-01");
    let comparison = compared(&filed(), &situation);
    assert_eq!(seen(&comparison), [(Kind::Removed, None, None, Because::CarrierUnreachable)]);
    assert_eq!(comparison.state, State::Incomplete);
    // With an older result beside the failed attempt the class is still there, and still nothing is settled.
    let mut situation = now(vec![parameters(500, 10_000)]);
    situation.stores[0].last_attempt = Some((3, StoreState::Unreachable, None, "2026-07-01".to_owned()));
    let comparison = compared(&filed(), &situation);
    assert_eq!(comparison.state, State::Incomplete);
    assert!(comparison.changes.iter().all(|change| change.material.is_none()));
}

#[test]
fn a_carrier_read_in_part_can_show_growth_but_never_shrinkage() {
    let mut situation = now(vec![parameters(2000, 10_000)]);
    situation.stores[0] = store_now("mes", 2, StoreState::Partial, "2026-06-01");
    assert_eq!(compared(&filed(), &situation).state, State::Material);
    situation.records = vec![parameters(100, 1_000)];
    assert_eq!(compared(&filed(), &situation).state, State::Incomplete);
}

#[test]
fn a_carrier_that_was_never_scanned_is_incomplete() {
    let mut situation = now(Vec::new());
    situation.stores.clear();
    assert_eq!(compared(&filed(), &situation).state, State::Incomplete);
}

#[test]
fn another_level_is_material_once_confirmed() {
    let mut situation = now(vec![parameters(1000, 10_000)]);
    situation.decisions.push(decision(&ClassId::of(PARAMETERS, "mes").0, Act::Confirm, Some(Level::Core)));
    let comparison = compared(&filed(), &situation);
    let level = comparison.changes.iter().find(|change| change.kind == Kind::Level).unwrap();
    assert_eq!((level.material, &level.now), (Some(true), &Value::Text("core".to_owned())));
}

#[test]
fn any_declared_field_is_material_and_a_note_never_is() {
    let mut situation = now(vec![parameters(1000, 10_000)]);
    situation.register.all.insert("remark".to_owned(), "新的备注".to_owned());
    situation.register.all.insert("name".to_owned(), "另一名称".to_owned());
    situation.register.all.insert("time_range".to_owned(), "2020–2026".to_owned());
    assert_eq!(compared(&filed(), &situation).state, State::Immaterial);
    situation.register.all.insert("scope_of_use".to_owned(), "集团内".to_owned());
    let comparison = compared(&filed(), &situation);
    assert_eq!(seen(&comparison), [(Kind::Field, None, Some(true), Because::Article12)]);
    assert_eq!(comparison.changes[0].field.as_deref(), Some("scope_of_use"));
    situation.register = full_register();
    situation.register.all.remove("purpose");
    assert_eq!(seen(&compared(&filed(), &situation)), [(Kind::Field, None, None, Because::NotFilledIn)]);
}

#[test]
fn a_declared_number_moves_by_the_ratio() {
    let mut filing = filed();
    filing.entries[0].fields.insert("devices".to_owned(), "100".to_owned());
    let mut situation = now(vec![parameters(1000, 10_000)]);
    situation.register.all.insert("devices".to_owned(), "129".to_owned());
    assert_eq!(compared(&filing, &situation).state, State::Immaterial);
    situation.register.all.insert("devices".to_owned(), "130".to_owned());
    assert_eq!(compared(&filing, &situation).state, State::Material);
}

#[test]
fn thirty_per_cent_more_persons_are_material() {
    let catalog = catalog(
        classes(&[with_persons(parameters(1000, 10_000), 0, 100)], &[confirmed("mes")]),
        &full_register(),
        Scope::Filed,
    );
    let filing = accepted(&catalog);
    let with = |persons| compared(&filing, &now(vec![with_persons(parameters(1000, 10_000), 0, persons)]));
    assert_eq!(with(129).state, State::Immaterial);
    assert_eq!(with(130).state, State::Material);
    assert_eq!(compared(&filing, &now(vec![parameters(1000, 10_000)])).state, State::Material);
}

#[test]
fn the_same_data_filed_as_another_category_is_one_change_of_category() {
    let mut moved = parameters(1000, 10_000);
    moved.category = Some(CategoryId::new("production.control"));
    let mut situation = now(vec![moved]);
    situation.decisions.push(decision(
        &ClassId::of("production.control", "mes").0,
        Act::Confirm,
        Some(Level::Important),
    ));
    let comparison = compared(&filed(), &situation);
    assert_eq!(seen(&comparison), [(Kind::Category, None, Some(true), Because::Article12)]);
    assert_eq!(comparison.changes[0].now, Value::Text("production.control".to_owned()));
}

#[test]
fn a_class_that_other_rules_may_have_moved_is_not_said_to_be_gone() {
    let mut situation = now(Vec::new());
    situation.versions.insert("mes".to_owned(), ("rules-2".to_owned(), "regime-1".to_owned()));
    let comparison = compared(&filed(), &situation);
    assert_eq!(seen(&comparison), [(Kind::Removed, None, None, Because::RulesChanged)]);
    assert_eq!(comparison.state, State::Undetermined);
}

#[test]
fn a_scale_that_was_counted_with_other_rules_is_no_change_of_the_data() {
    for (rules, regime) in [("rules-2", "regime-1"), ("rules-1", "regime-2")] {
        let mut other = with_persons(parameters(2000, 10_000), 0, 5);
        other.rules_version = rules.to_owned();
        other.regime_version = regime.to_owned();
        let mut situation = now(vec![other]);
        situation.versions.insert("mes".to_owned(), (rules.to_owned(), regime.to_owned()));
        let comparison = compared(&filed(), &situation);
        assert_eq!(seen(&comparison), [(Kind::Scale, Some(Scaled::Records), None, Because::RulesChanged)]);
        assert_eq!(comparison.state, State::Undetermined);
        assert_eq!(comparison.changes[0].now, Value::Number(2000));
    }
    let mut same = parameters(1200, 10_000);
    same.rules_version = "rules-2".to_owned();
    assert_eq!(compared(&filed(), &now(vec![same])).state, State::Immaterial);
}

#[test]
fn a_class_of_which_something_could_not_be_read_is_incomplete_and_has_not_shrunk() {
    let mut situation = now(vec![parameters(500, 1_000)]);
    situation.hidden.insert(ClassId::of(PARAMETERS, "mes"));
    let comparison = compared(&filed(), &situation);
    assert_eq!(comparison.state, State::Incomplete, "{comparison:?}");
    assert!(comparison.changes.iter().all(|change| change.material.is_none()));
    situation.records = Vec::new();
    assert_eq!(seen(&compared(&filed(), &situation)), [(Kind::Removed, None, None, Because::AssetsUnread)]);
    // What was read is surely there.
    situation.records = vec![parameters(1300, 1_000)];
    assert_eq!(compared(&filed(), &situation).state, State::Material);
}

#[test]
fn history_narrows_when_it_happened_and_a_crossing_that_fell_back_changes_no_state() {
    let point = |date: &str, records: u64| Seen {
        date: date.to_owned(),
        present: Some(true),
        records: Some(Measure::exact(records)),
        bytes: Some(Measure::exact(10_000)),
        subjects: None,
        counted: Counted::AsFiled,
    };
    let id = ClassId::of(PARAMETERS, "mes").0;
    let mut situation = now(vec![parameters(1300, 10_000)]);
    situation
        .history
        .insert(id.clone(), vec![point("2026-04-01", 1100), point("2026-05-01", 1300), point("2026-06-01", 1300)]);
    let comparison = compared(&filed(), &situation);
    assert_eq!(comparison.changes[0].between, Some(["2026-04-01".to_owned(), "2026-05-01".to_owned()]));
    let due = comparison.changes[0].refile_by.as_ref().unwrap();
    assert_eq!((due.strict.as_str(), due.lenient.as_str()), ("2026-07-01", "2026-08-03"));

    situation.records = vec![parameters(1000, 10_000)];
    situation.history.insert(id, vec![point("2026-05-01", 1300), point("2026-06-01", 1000)]);
    let comparison = compared(&filed(), &situation);
    assert_eq!(seen(&comparison), [(Kind::Scale, Some(Scaled::Records), None, Because::FellBack)]);
    assert_eq!(comparison.state, State::Immaterial);
}

#[test]
fn the_json_of_a_change_has_the_keys_of_the_contract() {
    let comparison = compared(&filed(), &now(vec![parameters(1300, 10_000)]));
    let json = serde_json::to_value(&comparison).unwrap();
    assert_eq!(json["baseline"], serde_json::json!({"filing": "备-2026-001", "accepted": "2026-03-02"}));
    let change = &json["changes"][0];
    for key in ["entry", "field", "between", "refile_by"] {
        assert!(change.as_object().unwrap().contains_key(key), "{key}");
    }
    assert_eq!(change["kind"], "scale");
    assert_eq!(change["because"], "miit-166/12");
    assert_eq!(change["refile_by"]["calendar_missing"], serde_json::json!([]));
}

/// The classes that the rules of now would have made of the filed data.
fn recounted(records: &[AssetRecord]) -> BTreeMap<String, BTreeMap<String, Class>> {
    let classes = classes(records, &[confirmed("mes")]);
    let of_store = classes.into_iter().map(|class| (class.id.0.clone(), class)).collect();
    BTreeMap::from([("mes".to_owned(), of_store)])
}

fn by_other_rules(record: AssetRecord) -> AssetRecord {
    AssetRecord { rules_version: "rules-2".to_owned(), ..record }
}

#[test]
fn after_an_upgrade_of_the_rules_what_they_moved_is_told_apart_from_what_changed() {
    let mut situation = now(vec![by_other_rules(parameters(2000, 10_000))]);
    situation.versions.insert("mes".to_owned(), ("rules-2".to_owned(), "regime-1".to_owned()));
    // The rules of now would have filed 2,000: nothing has changed but the rules.
    situation.recounted = recounted(&[parameters(2000, 10_000)]);
    let comparison = compared(&filed(), &situation);
    assert_eq!(seen(&comparison), [(Kind::Category, None, None, Because::RulesChanged)]);
    assert_eq!(comparison.changes[0].filed, Value::Text("records 1000, bytes 10000".to_owned()));
    assert_eq!(comparison.changes[0].now, Value::Text("records 2000, bytes 10000".to_owned()));
    // They would have filed 1,500: the rest is growth by a third.
    situation.recounted = recounted(&[parameters(1500, 10_000)]);
    let comparison = compared(&filed(), &situation);
    assert_eq!(comparison.state, State::Material);
    assert_eq!(
        (&comparison.changes[1].filed, &comparison.changes[1].now),
        (&Value::Number(1500), &Value::Number(2000))
    );
    // They would have filed the same: there is nothing to tell of the rules.
    situation.recounted = recounted(&[parameters(1000, 10_000)]);
    assert_eq!(
        seen(&compared(&filed(), &situation)),
        [(Kind::Scale, Some(Scaled::Records), Some(true), Because::Article12)]
    );
}

#[test]
fn a_class_that_only_the_rules_of_now_see_is_not_new_data_and_one_that_they_see_no_more_is_not_gone() {
    let mut quality = parameters(1000, 10_000);
    quality.category = Some(CategoryId::new("production.quality"));
    let mut situation = now(vec![by_other_rules(quality.clone())]);
    situation.versions.insert("mes".to_owned(), ("rules-2".to_owned(), "regime-1".to_owned()));
    situation.recounted = recounted(&[quality]);
    let comparison = compared(&filed(), &situation);
    let rules = |kind| (kind, None, None, Because::RulesChanged);
    assert_eq!(seen(&comparison), [rules(Kind::Removed), rules(Kind::Added)]);
    assert_eq!(comparison.state, State::Undetermined);
}

#[test]
fn data_that_stand_in_another_store_are_a_change_of_carrier_and_not_gone_and_new() {
    let plant = record("plant", "a", PARAMETERS, Some(1400), 10_000);
    let mut situation = now(vec![plant]);
    situation.decisions.push(confirmed("plant"));
    // The last results of the old store do not show the class any more.
    let gone = Seen {
        date: "2026-05-01".to_owned(),
        present: Some(false),
        records: Some(Measure::exact(0)),
        bytes: Some(Measure::exact(0)),
        subjects: None,
        counted: Counted::AsFiled,
    };
    situation.history.insert(ClassId::of(PARAMETERS, "mes").0, vec![gone]);
    let to = ClassId::of(PARAMETERS, "plant");
    for (certainty, material, because) in
        [(Certainty::Sure, Some(true), Because::Article12), (Certainty::Likely, None, Because::LikelyMoved)]
    {
        situation.relocated =
            BTreeMap::from([(ClassId::of(PARAMETERS, "mes"), Relocated { to: to.clone(), certainty })]);
        let comparison = compared(&filed(), &situation);
        assert_eq!(
            seen(&comparison),
            [(Kind::Scale, Some(Scaled::Records), material, because), (Kind::Field, None, material, because)]
        );
        let carrier = &comparison.changes[1];
        assert_eq!(carrier.field.as_deref(), Some("carrier"));
        assert_eq!((&carrier.filed, &carrier.now), (&Value::Text("mes".to_owned()), &Value::Text("plant".to_owned())));
    }
}

#[test]
fn a_copy_of_the_same_content_is_stored_twice_and_is_one_set_of_records() {
    let hashed = |locator: &str| {
        let mut one = record("mes", locator, PARAMETERS, Some(1000), 10_000);
        one.examined.content_hash = Some(format!("{:032x}", 7));
        one
    };
    let filing = accepted(&catalog(classes(&[hashed("a")], &[confirmed("mes")]), &full_register(), Scope::Filed));
    let comparison = compared(&filing, &now(vec![hashed("a"), hashed("b")]));
    assert_eq!(seen(&comparison), [(Kind::Scale, Some(Scaled::Bytes), Some(true), Because::Article12)]);
    // Where nobody says how the filed records were counted, both readings are possible.
    let mut imported = filing;
    imported.entries[0].method.counting = crate::model::Counting::Imported;
    let comparison = compared(&imported, &now(vec![hashed("a"), hashed("b")]));
    assert_eq!(seen(&comparison)[0], (Kind::Scale, Some(Scaled::Records), None, Because::ExactCountNeeded));
}

#[test]
fn each_level_of_a_class_fires_by_itself_even_where_the_class_as_a_whole_does_not() {
    let core = |records: u64| {
        let mut core = record("mes", "core", "management.finance", Some(records), records);
        core.decision.confirmed = Some(Level::Core);
        core
    };
    let important = |records: u64| {
        let mut important = record("mes", "important", "management.finance", Some(records), records);
        important.decision.confirmed = Some(Level::Important);
        important
    };
    let confirmed = decision(&ClassId::of("management.finance", "mes").0, Act::Confirm, Some(Level::Core));
    let both = [core(100), important(1000)];
    let filing = accepted(&catalog(classes(&both, std::slice::from_ref(&confirmed)), &full_register(), Scope::Filed));
    assert_eq!(filing.entries[0].method.levels.len(), 2);
    let mut situation = now(vec![core(130), important(1000)]);
    situation.decisions = vec![confirmed];
    let comparison = compared(&filing, &situation);
    let fired: Vec<_> = comparison.changes.iter().filter(|change| change.material == Some(true)).collect();
    assert_eq!(fired.len(), 2, "records and bytes of the core part: {comparison:#?}");
    assert!(fired.iter().all(|change| change.level == Level::Core && change.filed == Value::Number(100)));
    situation.records = vec![core(129), important(1000)];
    assert_eq!(compared(&filing, &situation).state, State::Immaterial);
}

#[test]
fn an_imported_filing_is_held_against_what_its_form_stated_and_nothing_else() {
    let mut filing = filed();
    let entry = &mut filing.entries[0];
    entry.method = Method { counting: crate::model::Counting::Imported, ..Method::default() };
    (entry.rules_version, entry.regime_version) = (String::new(), String::new());
    entry.fields.retain(|column, _| column == "carrier" || column == "purpose");
    assert_eq!(compared(&filing, &now(vec![parameters(1000, 10_000)])).state, State::Immaterial);
    assert_eq!(compared(&filing, &now(vec![parameters(1300, 10_000)])).state, State::Material);
    let mut situation = now(vec![parameters(1000, 10_000)]);
    situation.register.all.insert("purpose".to_owned(), "质量追溯".to_owned());
    assert_eq!(compared(&filing, &situation).state, State::Material);
}
