use proptest::prelude::*;

use super::super::fixture::{FINANCE, PARAMETERS, classes, decision, record, regime, with_persons};
use super::*;
use crate::model::Measure;

fn only(classes: Vec<Class>) -> Class {
    assert_eq!(classes.len(), 1, "{classes:?}");
    classes.into_iter().next().unwrap()
}

#[test]
fn assets_of_one_category_in_one_store_are_one_class_and_those_of_two_are_two() {
    let classes = classes(
        &[
            record("mes", "a.csv", PARAMETERS, Some(10), 100),
            record("mes", "b.csv", FINANCE, Some(20), 200),
            record("plant", "a.csv", PARAMETERS, Some(30), 300),
            record("plant", "b.csv", PARAMETERS, Some(40), 400),
        ],
        &[],
    );
    let seen: Vec<_> = classes
        .iter()
        .map(|class| (class.category.as_str(), class.store.as_str(), class.scale.records, class.scale.assets))
        .collect();
    assert_eq!(
        seen,
        [
            (FINANCE, "mes", Some(Measure::exact(20)), 1),
            (PARAMETERS, "mes", Some(Measure::exact(10)), 1),
            (PARAMETERS, "plant", Some(Measure::exact(70)), 2),
        ]
    );
}

#[test]
fn a_container_counts_by_its_members_wherever_they_were_read() {
    let class = only(classes(
        &[
            record("plant", "a.zip", FINANCE, None, 500),
            record("plant", "a.zip b.csv", FINANCE, Some(1), 7),
            record("plant", "a.zip!x.csv", FINANCE, Some(10), 1000),
            record("plant", "a.zip!y.zip", FINANCE, None, 900),
            record("plant", "a.zip!y.zip!z.csv", FINANCE, Some(20), 2000),
        ],
        &[],
    ));
    assert_eq!(class.scale.bytes, Some(Measure::exact(3007)));
    assert_eq!(class.scale.records, Some(Measure::exact(31)));
    assert_eq!(class.scale.assets, 3);
}

#[test]
fn a_container_of_several_categories_adds_nothing_to_the_dominant_one() {
    let classes = classes(
        &[
            record("plant", "mes.db", FINANCE, Some(30), 5000),
            record("plant", "mes.db!ledger", FINANCE, Some(10), 1000),
            record("plant", "mes.db!recipe", PARAMETERS, Some(20), 2000),
        ],
        &[],
    );
    let scale =
        |class: &Class| (class.scale.assets, class.scale.records.unwrap().value, class.scale.bytes.unwrap().value);
    assert_eq!(classes.iter().map(scale).collect::<Vec<_>>(), [(1, 10, 1000), (1, 20, 2000)]);
}

#[test]
fn a_container_whose_members_have_no_category_counts_by_itself() {
    let mut unread = record("plant", "recipes.zip!a.bin", FINANCE, None, 9000);
    unread.category = None;
    unread.examined = crate::model::Examined::unread(unread.examined.asset, crate::model::Reason::UnsupportedFormat);
    let class = only(classes(&[record("plant", "recipes.zip", PARAMETERS, None, 500), unread], &[]));
    assert_eq!((class.scale.assets, class.scale.bytes), (1, Some(Measure::exact(500))));
}

#[test]
fn a_container_does_not_come_back_for_a_member_whose_category_a_person_rejected() {
    let mut rejected = record("plant", "a.zip!x.csv", FINANCE, Some(10), 1000);
    rejected.category = None;
    assert!(classes(&[record("plant", "a.zip", FINANCE, None, 500), rejected], &[]).is_empty());
}

#[test]
fn what_a_person_says_of_a_container_holds_for_what_is_in_it() {
    let mut container = record("plant", "a.zip", FINANCE, None, 500);
    container.decision.confirmed = Some(Level::Important);
    let mut spoken_of = record("plant", "a.zip!y.csv", FINANCE, Some(20), 2000);
    spoken_of.decision.confirmed = Some(Level::General);
    let class = only(classes(&[container, record("plant", "a.zip!x.csv", FINANCE, Some(10), 1000), spoken_of], &[]));
    assert_eq!(class.level.proposed, Some(Level::Important));
    assert_eq!((class.scale.assets, class.scale.bytes), (1, Some(Measure::exact(1000))));
}

#[test]
fn a_container_that_was_read_in_part_leaves_its_members_class_in_part() {
    let mut container = record("plant", "a.zip", FINANCE, None, 500);
    container.examined.reason = Some(crate::model::Reason::TooMany);
    let class = only(classes(&[container, record("plant", "a.zip!x.csv", FINANCE, Some(10), 1000)], &[]));
    assert!(class.scale.partial);
}

#[test]
fn a_view_adds_no_record_and_no_byte() {
    let mut view = record("mes", "v", FINANCE, Some(10), 100);
    view.examined.asset.kind = AssetKind::View;
    let class = only(classes(&[record("mes", "t", FINANCE, Some(10), 100), view], &[]));
    assert_eq!((class.scale.records, class.scale.bytes), (Some(Measure::exact(10)), Some(Measure::exact(100))));
}

#[test]
fn persons_of_a_class_are_counted_once_however_many_assets_name_them() {
    let class = only(classes(
        &[
            with_persons(record("mes", "a", FINANCE, None, 1), 0, 100),
            with_persons(record("mes", "b", FINANCE, None, 1), 50, 150),
        ],
        &[],
    ));
    assert_eq!(class.scale.subjects.unwrap().at_least(), 150);
}

#[test]
fn a_rejected_detector_counts_nobody() {
    let mut rejected = with_persons(record("mes", "a", FINANCE, None, 1), 0, 100);
    rejected.rejected_detectors.push("cn.resident-id".to_owned());
    assert_eq!(only(classes(&[rejected], &[])).scale.subjects, None);
}

#[test]
fn a_level_that_rests_on_scale_is_that_of_all_assets() {
    let halves = [record("mes", "a", PARAMETERS, Some(600), 10), record("mes", "b", PARAMETERS, Some(400), 20)];
    assert!(halves.iter().all(|half| half.decision.effective() == Some(Level::General)));
    let class = only(classes(&halves, &[]));
    assert_eq!(class.level.effective(), Some(Level::Important));
    assert!(class.class_wide);
    assert_eq!((class.scale.assets, class.scale.records), (2, Some(Measure::exact(1000))));
}

#[test]
fn a_level_that_one_asset_carries_counts_that_asset_alone() {
    let mut carrier = record("mes", "b", FINANCE, Some(7), 20);
    carrier.decision.confirmed = Some(Level::Important);
    let class = only(classes(&[record("mes", "a", FINANCE, Some(600), 10), carrier], &[]));
    assert_eq!(class.level.proposed, Some(Level::Important));
    assert!(!class.class_wide);
    assert_eq!((class.scale.assets, class.scale.records), (1, Some(Measure::exact(7))));
}

#[test]
fn what_holds_for_the_class_is_not_lost_beside_a_higher_level_that_one_asset_carries() {
    let mut core = record("mes", "b", PARAMETERS, Some(400), 20);
    core.decision.confirmed = Some(Level::Core);
    let class = only(classes(&[record("mes", "a", PARAMETERS, Some(600), 10), core], &[]));
    assert_eq!(class.level.proposed, Some(Level::Core));
    assert!(class.class_wide, "a thousand records of a sensitive field are important, all of them");
    assert_eq!((class.scale.assets, class.scale.records), (2, Some(Measure::exact(1000))));
}

#[test]
fn a_level_that_only_merged_facts_reach_leaves_the_lower_one_that_holds_for_the_class() {
    let regime = regime();
    let basis = |level, class_wide| Basis {
        criterion: format!("{level:?}"),
        article: "miit-166/10.2".to_owned(),
        level,
        class_wide,
        object: None,
        degree: None,
        predicates: Vec::new(),
    };
    let merged = vec![basis(Level::Core, false), basis(Level::Important, true)];
    let proposal = highest(of_class(merged, None), &regime.criteria);
    assert_eq!(proposal.level, Level::Important);
    assert!(proposal.bases[0].class_wide);
}

#[test]
fn an_asset_without_a_category_or_unread_belongs_to_no_class() {
    let mut unclassified = record("mes", "a", FINANCE, None, 1);
    unclassified.category = None;
    let mut unread = record("mes", "b", FINANCE, None, 1);
    unread.examined = crate::model::Examined::unread(unread.examined.asset, crate::model::Reason::Encrypted);
    assert!(classes(&[unclassified, unread], &[]).is_empty());
}

#[test]
fn the_authority_outranks_a_person_and_a_person_the_proposal() {
    let records = [record("mes", "a", FINANCE, Some(1), 1)];
    let id = ClassId::of(FINANCE, "mes").0;
    let confirm = decision(&id, Act::Confirm, Some(Level::Core));
    let mut authority = decision(&id, Act::Override, Some(Level::Important));
    authority.document = Some("工信函〔2026〕1号".to_owned());
    let level = |decisions: &[Decision]| only(classes(&records, decisions)).level;
    assert_eq!(level(&[]).effective(), Some(Level::General));
    assert_eq!(level(std::slice::from_ref(&confirm)).effective(), Some(Level::Core));
    let class = only(classes(&records, &[authority.clone(), confirm.clone()]));
    assert_eq!(class.level.effective(), Some(Level::Important));
    assert_eq!(class.document.as_deref(), Some("工信函〔2026〕1号"));
}

#[test]
fn the_latest_of_confirm_and_reject_counts() {
    let records = [record("mes", "a", PARAMETERS, Some(2000), 1)];
    let id = ClassId::of(PARAMETERS, "mes").0;
    let confirm = decision(&id, Act::Confirm, None);
    let reject = decision(&id, Act::Reject, None);
    let confirmed = |decisions: &[Decision]| only(classes(&records, decisions)).level.confirmed;
    assert_eq!(confirmed(std::slice::from_ref(&confirm)), Some(Level::Important));
    assert_eq!(confirmed(&[confirm.clone(), reject.clone()]), Some(Level::General));
    assert_eq!(confirmed(&[reject, confirm]), Some(Level::Important));
}

proptest! {
    /// Each asset has a bit of its own, so the sums of bytes tell which assets were counted. The law: none twice, no
    /// two that lie one in the other, each with its own category, and none left out that has no counted one in it.
    /// So all classes together hold at most, for each outermost object, its own bytes or those of its members.
    #[test]
    fn each_stored_object_is_counted_once_in_all_classes_together(
        names in prop::collection::btree_set("[ab]( b)?(![ab]){0,3}", 1..14),
        categories in prop::collection::vec(prop::option::of(prop::sample::select(vec![FINANCE, "management.hr", "research.design"])), 14),
    ) {
        let records: Vec<AssetRecord> = names
            .iter()
            .zip(&categories)
            .enumerate()
            .map(|(index, (name, category))| {
                let mut one = record("plant", name, category.unwrap_or(FINANCE), Some(1 << index), 1 << index);
                if category.is_none() {
                    one.category = None;
                    one.examined.classification = None;
                }
                one
            })
            .collect();
        let inside = |one: &AssetRecord, other: &AssetRecord| {
            let (one, other) = (one.examined.asset.locator.as_str(), other.examined.asset.locator.as_str());
            one.starts_with(&format!("{other}!"))
        };
        let mut counted: Vec<&AssetRecord> = Vec::new();
        for class in classes(&records, &[]) {
            let bytes = class.scale.bytes.unwrap().value;
            prop_assert_eq!(class.scale.records.unwrap().value, bytes);
            prop_assert_eq!(u64::from(bytes.count_ones()), class.scale.assets);
            for (_, one) in records.iter().enumerate().filter(|(index, _)| bytes & (1 << index) != 0) {
                prop_assert_eq!(one.category.as_ref(), Some(&class.category));
                prop_assert!(!counted.iter().any(|other| other.id == one.id));
                counted.push(one);
            }
        }
        for one in &counted {
            prop_assert!(!counted.iter().any(|other| inside(one, other)));
        }
        for one in records.iter().filter(|one| one.category.is_some()) {
            prop_assert!(counted.iter().any(|other| inside(other, one) || other.id == one.id));
        }
    }
}
