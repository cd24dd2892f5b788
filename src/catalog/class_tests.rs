use proptest::prelude::*;

use super::super::fixture::{FINANCE, PARAMETERS, classes, decision, record, with_persons};
use super::*;

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
fn a_container_counts_its_bytes_once_and_its_members_their_records() {
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
    assert_eq!(class.scale.bytes, Some(Measure::exact(507)));
    assert_eq!(class.scale.records, Some(Measure::exact(31)));
    assert_eq!(class.scale.assets, 5);
}

#[test]
fn a_member_of_another_category_than_its_container_counts_its_own_bytes() {
    let classes = classes(
        &[
            record("plant", "a.zip", FINANCE, None, 500),
            record("plant", "a.zip!x.csv", FINANCE, Some(10), 1000),
            record("plant", "a.zip!y.csv", PARAMETERS, Some(20), 2000),
        ],
        &[],
    );
    let bytes: Vec<_> = classes.iter().map(|class| class.scale.bytes.unwrap().value).collect();
    assert_eq!(bytes, [500, 2000]);
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
    /// An oracle that keeps everything: an asset's bytes count unless a container around it is in its class.
    #[test]
    fn bytes_of_a_class_are_those_of_its_outermost_assets(
        names in prop::collection::btree_set("[ab]( b)?(![ab]){0,3}", 1..12),
        finance in prop::collection::vec(any::<bool>(), 12),
    ) {
        let records: Vec<AssetRecord> = names
            .iter()
            .zip(&finance)
            .enumerate()
            .map(|(index, (name, finance))| {
                record("plant", name, if *finance { FINANCE } else { "management.hr" }, None, 1 << index)
            })
            .collect();
        let inside = |one: &AssetRecord, other: &AssetRecord| {
            let (one, other) = (one.examined.asset.locator.as_str(), other.examined.asset.locator.as_str());
            one.starts_with(&format!("{other}!"))
        };
        for class in classes(&records, &[]) {
            let of_class: Vec<&AssetRecord> =
                records.iter().filter(|record| record.category.as_ref() == Some(&class.category)).collect();
            let bytes: u64 = of_class
                .iter()
                .filter(|record| !of_class.iter().any(|other| inside(record, other)))
                .map(|record| record.examined.bytes.unwrap().value)
                .sum();
            prop_assert_eq!(class.scale.bytes.unwrap().value, bytes);
        }
    }
}
