use proptest::prelude::*;

use super::*;
use crate::model::{CategoryId, Distinct, Finding, Measure as Count, Sample, Sketch};
use crate::regime::Regime;

fn criteria() -> Criteria {
    Regime::builtin().unwrap().criteria
}

fn facts(category: &str, records: u64, field: &str) -> Facts {
    let category = CategoryId::new(category);
    let fields = [(field.to_owned(), 3)];
    Facts::of(Some(&category), Some(Count::exact(records)), None, &[], &fields, &[])
}

fn level(facts: &Facts, enterprise: &Enterprise) -> Level {
    propose(facts, &criteria(), enterprise).level
}

/// SplitMix64 (Steele, Lea, Flood 2014): spreads consecutive numbers over the hash space.
fn hash(value: u64) -> u64 {
    let mut mixed = value.wrapping_add(1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    mixed ^ (mixed >> 31)
}

pub(super) fn finding(detector: &str, values: std::ops::Range<u64>) -> Finding {
    let mut sketch = Sketch::default();
    for value in values.clone() {
        sketch.insert(hash(value));
    }
    Finding {
        detector: detector.to_owned(),
        matches: values.end - values.start,
        sample: None,
        sketch,
        columns: Vec::new(),
        confidence: 0.9,
        decimals: None,
        passed: None,
    }
}

fn key_enterprise() -> Enterprise {
    Enterprise { critical_infrastructure: Some(true), backbone: Some(true), ..Enterprise::default() }
}

#[test]
fn what_no_criterion_raises_is_general_by_article_9_3() {
    let proposal = propose(&Facts::default(), &criteria(), &Enterprise::default());
    assert_eq!(proposal.level, Level::General);
    assert_eq!(proposal.articles(), ["miit-166/9.3"]);
    assert!(proposal.bases.iter().all(|basis| basis.predicates.is_empty()));
}

#[test]
fn a_recipe_of_a_sensitive_field_is_important_from_a_thousand_records_on() {
    let nobody = Enterprise::default();
    assert_eq!(level(&facts("research.process", 999, "rare-earth"), &nobody), Level::General);
    assert_eq!(level(&facts("research.process", 1000, "rare-earth"), &nobody), Level::Important);
    assert_eq!(level(&facts("research.process", 1000, "gardening"), &nobody), Level::General);
    assert_eq!(level(&facts("management.hr", 1000, "rare-earth"), &nobody), Level::General);
}

#[test]
fn core_needs_both_standings_a_field_and_a_million_records() {
    let one = Enterprise { backbone: Some(true), ..Enterprise::default() };
    let control = facts("production.control", 1_000_000, "power-grid");
    assert_eq!(level(&control, &one), Level::Important);
    assert_eq!(level(&control, &key_enterprise()), Level::Core);
    assert_eq!(level(&facts("production.control", 999_999, "power-grid"), &key_enterprise()), Level::Important);
}

#[test]
fn what_fires_below_the_highest_level_is_told_too_and_is_no_part_of_the_proposal() {
    let facts = facts("production.control", 1_000_000, "power-grid");
    let fired = fired(&facts, &criteria(), &key_enterprise());
    assert!(fired.iter().any(|basis| basis.level == Level::Important && basis.class_wide), "{fired:?}");
    let proposal = propose(&facts, &criteria(), &key_enterprise());
    assert!(proposal.bases.iter().all(|basis| basis.level == Level::Core));
}

#[test]
fn no_marker_raises_a_level() {
    let markers = ["secrecy-marking".to_owned(), "credential".to_owned()];
    let marked =
        Facts::of(Some(&CategoryId::new("research.design")), Some(Count::exact(u64::MAX)), None, &[], &[], &markers);
    assert_eq!(level(&marked, &key_enterprise()), Level::General);
}

#[test]
fn persons_are_the_largest_identifier_and_never_the_sum() {
    let both = [finding("cn.resident-id", 0..60_000), finding("cn.mobile", 100_000..160_000)];
    let counted = Facts::of(Some(&CategoryId::new("management.hr")), None, None, &both, &[], &[]);
    let subjects = counted.subjects(&criteria()).unwrap().at_least();
    assert!((57_000..63_000).contains(&subjects), "{subjects}");
    let maker = Enterprise { industry: Some("C361".to_owned()), ..Enterprise::default() };
    assert_eq!(level(&counted, &maker), Level::General);
    let more = Facts::of(counted.category.as_ref(), None, None, &[finding("cn.mobile", 0..120_000)], &[], &[]);
    assert_eq!(level(&more, &maker), Level::Important);
    assert_eq!(level(&more, &Enterprise::default()), Level::General);
}

#[test]
fn a_sample_fires_on_what_was_seen_and_not_on_what_may_be_there() {
    let mut sampled = finding("cn.mobile", 0..50_000);
    sampled.sample = Some(Sample { rows: 50_000, of: 5_000_000, matched: 50_000, share: [0.99, 1.0] });
    let counted = Facts::of(Some(&CategoryId::new("management.hr")), None, None, &[sampled], &[], &[]);
    assert!(matches!(counted.subjects(&criteria()), Some(Distinct::Range { at_most: 5_000_000, .. })));
    let maker = Enterprise { industry: Some("C36".to_owned()), ..Enterprise::default() };
    assert_eq!(level(&counted, &maker), Level::General);
}

#[test]
fn findings_that_are_more_likely_wrong_count_nobody() {
    let mut unsure = finding("cn.mobile", 0..10);
    unsure.confidence = 0.3;
    assert_eq!(Facts::of(None, None, None, &[unsure], &[], &[]).subjects(&criteria()), None);
}

#[test]
fn coordinates_raise_by_precision_number_and_field_together() {
    let place = |decimals, number| {
        let mut found = finding("geo.coordinate", 0..number);
        found.decimals = Some(decimals);
        let fields = [("pipeline".to_owned(), 5)];
        level(&Facts::of(None, None, None, &[found], &fields, &[]), &Enterprise::default())
    };
    assert_eq!(place(6, 100), Level::Important);
    assert_eq!(place(4, 100), Level::General);
    assert_eq!(place(6, 99), Level::General);
}

fn any_facts() -> impl Strategy<Value = Facts> {
    let fields = proptest::collection::vec(
        (proptest::sample::select(vec!["rare-earth", "power-grid", "pipeline"]), 0u64..5),
        0..3,
    );
    let persons = (0u64..3000, 0u64..300, proptest::bool::ANY, 0u8..8);
    (proptest::option::of(0u64..2_000_000), proptest::option::of(0u64..20_000_000_000), fields, persons).prop_map(
        |(records, bytes, fields, (from, count, sampled, decimals))| {
            let mut person = finding("cn.mobile", from..from + count);
            if sampled {
                person.sample = Some(Sample { rows: count, of: count * 7, matched: count, share: [0.5, 1.0] });
            }
            let mut place = finding("geo.coordinate", from..from + count);
            place.decimals = Some(decimals);
            let fields: Vec<(String, u64)> =
                fields.into_iter().map(|(field, times)| (field.to_owned(), times)).collect();
            let category = CategoryId::new("production.control");
            Facts::of(
                Some(&category),
                records.map(Count::exact),
                bytes.map(Count::exact),
                &[person, place],
                &fields,
                &[],
            )
        },
    )
}

fn merged(parts: &[&Facts]) -> Facts {
    let mut whole = Facts::default();
    for part in parts {
        whole.merge(part);
    }
    whole
}

proptest! {
    #[test]
    fn more_data_never_lowers_a_level(less in any_facts(), more in any_facts(), key in proptest::bool::ANY) {
        let enterprise = if key { key_enterprise() } else { Enterprise::default() };
        prop_assert!(level(&merged(&[&less, &more]), &enterprise) >= level(&less, &enterprise));
    }

    #[test]
    fn more_data_never_lowers_what_it_could_be(less in any_facts(), more in any_facts(), key in proptest::bool::ANY) {
        let enterprise = if key { key_enterprise() } else { Enterprise::default() };
        let most = |facts: &Facts| {
            let proposal = propose(facts, &criteria(), &enterprise);
            proposal.could_be().unwrap_or(proposal.level)
        };
        prop_assert!(most(&merged(&[&less, &more])) >= most(&less));
    }

    #[test]
    fn more_data_never_lowers_a_level_that_the_authoritys_catalog_gives(less in any_facts(), more in any_facts()) {
        let rows = [
            &["类别", "级别", "条目数不少于", "领域"][..],
            &["production.control", "important", "1000", ""],
            &["production.control", "core", "1000000", "rare-earth"],
        ];
        let rows: Vec<Vec<String>> = rows.iter().map(|row| row.iter().map(|cell| (*cell).to_owned()).collect()).collect();
        let taxonomy = Regime::builtin().unwrap().taxonomy;
        let criteria = criteria().with_authority(&rows, &taxonomy).unwrap();
        let level = |facts: &Facts| propose(facts, &criteria, &key_enterprise()).level;
        prop_assert!(level(&merged(&[&less, &more])) >= level(&less));
    }

    #[test]
    fn the_order_of_merging_changes_nothing(a in any_facts(), b in any_facts(), c in any_facts()) {
        let forth = merged(&[&a, &b, &c]);
        prop_assert_eq!(&forth, &merged(&[&c, &b, &a]));
        let mut grouped = merged(&[&b, &c]);
        grouped.merge(&a);
        prop_assert_eq!(&forth, &grouped);
    }

    #[test]
    fn every_raised_level_names_both_halves_of_the_definition(facts in any_facts()) {
        let proposal = propose(&facts, &criteria(), &key_enterprise());
        prop_assert!(!proposal.bases.is_empty());
        for basis in proposal.bases.iter().filter(|basis| basis.level > Level::General) {
            prop_assert!(basis.predicates.iter().any(|said| ["field", "group", "region"].contains(&said.factor.as_str())));
            prop_assert!(
                basis.predicates.iter().any(|said| ["precision", "scale", "coverage", "importance"].contains(&said.factor.as_str()))
            );
        }
    }
}
