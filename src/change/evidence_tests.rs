//! What only looks like a change, or does so to one of two readings: other rules, another place, copies, levels within a class,
//! figures that nobody here has counted.

use super::*;
use crate::change::moved::Certainty;
use crate::model::{Counting, Lang, Method, Speak};

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
    let told = comparison.changes[0].say(Lang::En);
    assert!(told.starts_with("classed anew by the rules of now \"records 1000, bytes 10000\""), "{told}");
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
    imported.entries[0].method.counting = Counting::Imported;
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
    // Of nothing, anything is more: a first important part of a class that was filed as core alone.
    let decisions = situation.decisions.clone();
    let filing = accepted(&catalog(classes(&[core(1000)], &decisions), &full_register(), Scope::Filed));
    situation.records = vec![core(1000), important(10)];
    let comparison = compared(&filing, &situation);
    let fired: Vec<_> = comparison.changes.iter().filter(|change| change.material == Some(true)).collect();
    assert!(fired.iter().all(|change| change.level == Level::Important && change.filed == Value::Number(0)));
    assert_eq!(fired.len(), 2, "records and bytes of the important part: {comparison:#?}");
    // A form from before says nothing of parts: that the core part is smaller than the whole is no change.
    let mut imported = filing;
    imported.entries[0].method = Method { counting: Counting::Imported, ..Method::default() };
    situation.records = vec![core(100), important(900)];
    assert_eq!(compared(&imported, &situation).state, State::Immaterial);
}

#[test]
fn an_imported_filing_is_held_against_what_its_form_stated_and_nothing_else() {
    let mut filing = filed();
    let entry = &mut filing.entries[0];
    entry.method = Method { counting: Counting::Imported, ..Method::default() };
    (entry.rules_version, entry.regime_version) = (String::new(), String::new());
    entry.fields.retain(|column, _| column == "carrier" || column == "purpose");
    assert_eq!(compared(&filing, &now(vec![parameters(1000, 10_000)])).state, State::Immaterial);
    assert_eq!(compared(&filing, &now(vec![parameters(1300, 10_000)])).state, State::Material);
    let mut situation = now(vec![parameters(1000, 10_000)]);
    situation.register.all.insert("purpose".to_owned(), "质量追溯".to_owned());
    assert_eq!(compared(&filing, &situation).state, State::Material);
}
