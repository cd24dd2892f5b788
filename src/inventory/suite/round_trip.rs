//! Everything that can be examined comes back as it was.

use std::cell::RefCell;

use proptest::option;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use super::{now, scan};
use crate::inventory::Inventory;
use crate::model::{
    Asset, AssetKind, Basis, CategoryId, Classification, Contribution, Examined, Finding, Level, Locator, Mark,
    Measure, Place, Predicate, Proposal, PublicName, Reason, Sample, Score, Sketch, Stat, Status, TableSummary,
    escape_name,
};

pub(in crate::inventory) fn whatever_is_examined_comes_back_the_same(inventory: &mut dyn Inventory) {
    let inventory = RefCell::new(inventory);
    let mut runner = TestRunner::new(Config { cases: 96, failure_persistence: None, ..Config::default() });
    let outcome = runner.run(&examined(), |examined| {
        let mut inventory = inventory.borrow_mut();
        scan(*inventory, "round trip", vec![examined.clone()], Vec::new());
        let records = now(*inventory);
        prop_assert_eq!(records.len(), 1);
        prop_assert_eq!(&records[0].examined, &examined);
        prop_assert_eq!(&records[0].id, &examined.asset.id());
        Ok(())
    });
    outcome.expect("the same");
}

/// Text of any characters but NUL, which escaped names and ids never hold.
fn text() -> impl Strategy<Value = String> {
    any::<String>().prop_map(|text| text.replace('\0', ""))
}

fn name() -> impl Strategy<Value = PublicName> {
    any::<Vec<u8>>().prop_map(|raw| PublicName::vouched(escape_name(&raw)))
}

/// A count that a database can hold: up to 2⁶³−1.
fn count() -> impl Strategy<Value = u64> {
    prop_oneof![0..1000u64, Just(u64::MAX >> 1), any::<u64>().prop_map(|count| count >> 1)]
}

/// Shares that are whole in binary, since reading JSON may round others in the last place.
fn share() -> impl Strategy<Value = f64> {
    (0..=1024u16).prop_map(|part| f64::from(part) / 1024.0)
}

fn measure() -> impl Strategy<Value = Option<Measure>> {
    option::of((count(), any::<bool>()).prop_map(|(value, exact)| Measure { value, exact }))
}

fn table() -> impl Strategy<Value = TableSummary> {
    let counts = prop::array::uniform5(0..1_000u64);
    (text(), counts, measure(), any::<bool>()).prop_map(|(schema_hash, counts, index_bytes, hides_rows)| {
        let [columns, primary_key, unique_keys, references, partitions] = counts;
        TableSummary { schema_hash, columns, primary_key, unique_keys, references, index_bytes, partitions, hides_rows }
    })
}

fn category() -> impl Strategy<Value = CategoryId> {
    text().prop_map(CategoryId::new)
}

fn level() -> impl Strategy<Value = Level> {
    prop_oneof![Just(Level::General), Just(Level::Important), Just(Level::Core)]
}

fn sketch() -> impl Strategy<Value = Sketch> {
    // More than a thousand make it dense.
    (any::<u64>(), prop_oneof![0..40u64, 1000..1100u64]).prop_map(|(seed, distinct)| {
        let mut sketch = Sketch::default();
        (0..distinct).for_each(|value| sketch.insert((seed ^ value).wrapping_mul(0x9e37_79b9_7f4a_7c15)));
        sketch
    })
}

fn finding(number: usize) -> impl Strategy<Value = Finding> {
    let sample = (count(), count(), count(), share(), share()).prop_map(|(rows, of, matched, low, high)| Sample {
        rows,
        of,
        matched,
        share: [low, high],
    });
    let columns = prop::collection::vec(name(), 0..3);
    (text(), count(), option::of(sample), sketch(), columns, share(), any::<Option<u8>>(), option::of(share()))
        .prop_map(move |(detector, matches, sample, sketch, columns, confidence, decimals, passed)| Finding {
            detector: format!("{number}{detector}"),
            matches,
            sample,
            sketch,
            columns,
            confidence,
            decimals,
            passed,
        })
}

fn classification() -> impl Strategy<Value = Classification> {
    let score = || (category(), share()).prop_map(|(id, score)| Score { id, score });
    let contribution =
        (text(), text(), count(), category(), share()).prop_map(|(term, rule, count, category, weight)| Contribution {
            term,
            rule,
            place: Place::Column,
            count,
            category,
            weight: -weight,
        });
    (
        option::of(score()),
        prop::collection::vec(score(), 0..3),
        prop::collection::vec(contribution, 0..3),
        prop::collection::vec((text(), count()), 0..3),
    )
        .prop_map(|(best, alternatives, contributions, fields)| Classification {
            best,
            alternatives,
            contributions,
            fields,
        })
}

fn proposal() -> impl Strategy<Value = Proposal> {
    let predicate = (text(), text(), text()).prop_map(|(factor, seen, source)| Predicate {
        factor,
        measure: "records".to_owned(),
        seen,
        asked: "≥ 1".to_owned(),
        source,
        mark: Mark::Recalled,
    });
    let basis = (text(), level(), any::<bool>(), prop::collection::vec(predicate, 0..3)).prop_map(
        |(criterion, level, class_wide, predicates)| Basis {
            criterion,
            article: "miit-166/10.2".to_owned(),
            level,
            class_wide,
            object: class_wide.then(|| "public-interest".to_owned()),
            degree: class_wide.then(|| "serious".to_owned()),
            predicates,
        },
    );
    let bases = prop::collection::vec(basis.boxed(), 0..3);
    (level(), bases.clone(), bases).prop_map(|(level, bases, open)| Proposal { level, bases, open })
}

fn asset() -> impl Strategy<Value = Asset> {
    let kind = prop_oneof![
        Just(AssetKind::File),
        Just(AssetKind::Member),
        Just(AssetKind::Table),
        Just(AssetKind::View),
        Just(AssetKind::Object),
    ];
    let stat =
        (count(), any::<i64>(), any::<u64>()).prop_map(|(size, modified_ns, inode)| Stat { size, modified_ns, inode });
    (name(), option::of(name()), kind, option::of(stat)).prop_map(|(outer, inner, kind, stat)| {
        let outer = Locator::of(&outer);
        let locator = inner.map_or_else(|| outer.clone(), |inner| outer.member(&inner));
        let parent = (locator != outer).then_some(outer);
        Asset { store: "plant".to_owned(), locator, kind, parent, stat }
    })
}

fn examined() -> impl Strategy<Value = Examined> {
    let status =
        prop_oneof![Just(Status::Classified), Just(Status::Unclassified), Just(Status::Skipped), Just(Status::Failed),];
    let findings = prop_oneof![
        Just(Vec::new()).boxed(),
        finding(0).prop_map(|one| vec![one]).boxed(),
        (finding(0), finding(1)).prop_map(|(one, two)| vec![one, two]).boxed(),
    ];
    let facts = (option::of(text()), option::of(text()), option::of(text()), option::of(text()), measure(), measure());
    (
        asset(),
        (status, option::of(prop::sample::select(Reason::ALL))),
        facts,
        findings,
        option::of(classification()),
        (option::of(proposal()), option::of(table())),
        prop::collection::vec(text(), 0..3),
    )
        .prop_map(|(asset, (status, reason), facts, findings, classification, (proposal, table), markers)| {
            let (format, encoding, modified, content_hash, bytes, records) = facts;
            Examined {
                asset,
                status,
                reason,
                format,
                encoding,
                bytes,
                records,
                modified,
                content_hash,
                table,
                findings,
                classification,
                proposal,
                markers,
            }
        })
}
