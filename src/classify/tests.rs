use proptest::prelude::*;

use super::*;
use crate::regime::Regime;

fn taxonomy() -> Taxonomy {
    Regime::builtin().unwrap().taxonomy
}

fn piece(term: &str, place: Place, count: u64, weights: &[(&str, f64)]) -> Evidence {
    Evidence {
        term: term.to_owned(),
        rule: "vocabulary.test".to_owned(),
        place,
        count,
        weights: weights.iter().map(|(id, weight)| (CategoryId::new(*id), *weight)).collect(),
        field: None,
        plumbing: 0.0,
    }
}

#[test]
fn no_evidence_is_no_category() {
    assert_eq!(classify(&[], &taxonomy()), Classification::default());
}

#[test]
fn a_single_weak_column_carries_no_category_and_is_still_shown_as_an_alternative() {
    let found = classify(&[piece("code", Place::Column, 1, &[("management.hr", 0.2)])], &taxonomy());
    assert_eq!(found.best, None);
    assert_eq!(found.alternatives.len(), 1);
    assert_eq!(found.contributions.len(), 1);
}

#[test]
fn a_clear_name_outweighs_a_host_of_weak_columns() {
    let mut evidence = vec![piece("来料检验", Place::Name, 1, &[("production.quality", 0.9)])];
    evidence.extend((0..40).map(|n| piece(&format!("w{n}"), Place::Content, 1, &[("management.hr", 0.1)])));
    let found = classify(&evidence, &taxonomy());
    assert_eq!(found.best.unwrap().id.as_str(), "production.quality");
    assert_eq!(found.alternatives[0].id.as_str(), "management.hr");
}

#[test]
fn plumbing_in_the_name_leaves_an_asset_unclassified() {
    let mut mark = piece("qrtz", Place::Name, 1, &[]);
    mark.plumbing = 1.0;
    let columns = piece("employee", Place::Column, 1, &[("management.hr", 0.9)]);
    let found = classify(&[mark, columns.clone()], &taxonomy());
    assert_eq!(found.best, None);
    assert!(classify(&[columns], &taxonomy()).best.is_some());
}

#[test]
fn a_file_of_an_engineering_format_is_what_its_format_says() {
    let drawing = piece("cad.drawing", Place::Format, 1, &[("research.design", 0.85)]);
    let mut block = piece("block", Place::Name, 1, &[]);
    block.plumbing = 1.0;
    let client = piece("客户", Place::Name, 1, &[("management.customer-product", 0.9)]);
    let text = (0..40).map(|n| piece(&format!("w{n}"), Place::Content, 8, &[("operations.it", 0.3)]));
    for others in [vec![block], vec![client], text.collect()] {
        let evidence = [vec![drawing.clone()], others].concat();
        assert_eq!(classify(&evidence, &taxonomy()).best.unwrap().id.as_str(), "research.design");
    }
}

#[test]
fn unknown_categories_weigh_nothing() {
    assert_eq!(classify(&[piece("x", Place::Name, 1, &[("kitchen.pots", 1.0)])], &taxonomy()).best, None);
}

#[test]
fn contributions_against_are_kept_too() {
    let evidence = [
        piece("iqc", Place::Name, 1, &[("production.quality", 0.9)]),
        piece("vendor", Place::Column, 3, &[("management.supply-chain", 0.9)]),
    ];
    let found = classify(&evidence, &taxonomy());
    let categories: Vec<&str> = found.contributions.iter().map(|said| said.category.as_str()).collect();
    assert_eq!(categories, ["production.quality", "management.supply-chain"]);
}

#[test]
fn field_marks_are_counted_and_sorted_and_a_name_is_worth_three_mentions() {
    let mut water = piece("水源地", Place::Content, 2, &[]);
    water.field = Some("water-source".to_owned());
    let mut earth = piece("稀土", Place::Name, 1, &[]);
    earth.field = Some("rare-earth".to_owned());
    let fields = classify(&[water.clone(), earth, water], &taxonomy()).fields;
    assert_eq!(fields, [("rare-earth".to_owned(), 3), ("water-source".to_owned(), 4)]);
}

fn any_evidence() -> impl Strategy<Value = Vec<Evidence>> {
    let ids = vec!["management.hr", "management.finance", "production.quality", "research.design", "service"];
    let places = vec![Place::Name, Place::Comment, Place::Column, Place::Content, Place::Location];
    let one = (0u8..20, proptest::sample::select(places), 1u64..1000, proptest::sample::select(ids), 0.0f64..1.0);
    let one =
        one.prop_map(|(term, place, count, id, weight)| piece(&format!("t{term}"), place, count, &[(id, weight)]));
    proptest::collection::vec(one, 0..30)
}

proptest! {
    #[test]
    fn the_order_of_evidence_changes_nothing(evidence in any_evidence()) {
        let taxonomy = taxonomy();
        let mut turned = evidence.clone();
        turned.reverse();
        let (forth, back) = (classify(&evidence, &taxonomy), classify(&turned, &taxonomy));
        prop_assert_eq!(forth.best, back.best);
        prop_assert_eq!(forth.alternatives, back.alternatives);
    }

    #[test]
    fn evidence_for_the_winner_never_lowers_its_score(evidence in any_evidence(), count in 1u64..1000, weight in 0.0f64..1.0) {
        let taxonomy = taxonomy();
        if let Some(before) = classify(&evidence, &taxonomy).best {
            let mut more = evidence;
            more.push(piece("more", Place::Column, count, &[(before.id.as_str(), weight)]));
            let after = classify(&more, &taxonomy).best.unwrap();
            prop_assert_eq!(&after.id, &before.id);
            prop_assert!(after.score >= before.score - 1e-12);
        }
    }

    #[test]
    fn scores_are_shares(evidence in any_evidence()) {
        let found = classify(&evidence, &taxonomy());
        let scores: Vec<f64> = found.best.iter().chain(&found.alternatives).map(|score| score.score).collect();
        prop_assert!(scores.iter().all(|score| (0.0..=1.0).contains(score)));
        prop_assert!(scores.iter().sum::<f64>() <= 1.0 + 1e-9, "{scores:?}");
        prop_assert!(scores.is_sorted_by(|a, b| a >= b));
    }
}
