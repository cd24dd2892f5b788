//! `scenarios.toml`: facts, and the level, criteria, reasons and notices that are expected of them.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::tests::finding;
use super::*;
use crate::model::{CategoryId, Finding, Measure as Count, Sample};
use crate::regime::Regime;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    scenario: Vec<Scenario>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Scenario {
    id: String,
    /// Several classes side by side.
    #[serde(default)]
    class: Vec<Case>,
    facts: Option<Given>,
    #[serde(default)]
    enterprise: Enterprise,
    #[serde(default)]
    declared: BTreeMap<String, String>,
    confirmed: Option<Level>,
    authority: Option<Level>,
    expect: Option<Expect>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    facts: Given,
    #[serde(default)]
    enterprise: Enterprise,
    #[serde(default)]
    declared: BTreeMap<String, String>,
    #[serde(skip)]
    decision: LevelDecision,
    expect: Expect,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Given {
    category: String,
    records: Option<u64>,
    bytes: Option<u64>,
    persons: Option<u64>,
    #[serde(default)]
    fields: BTreeMap<String, u64>,
    #[serde(default)]
    found: BTreeMap<String, u64>,
    places: Option<u64>,
    decimals: Option<u8>,
    sample: Option<[u64; 2]>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Expect {
    level: Level,
    could_be: Option<Level>,
    effective: Option<Level>,
    articles: Vec<String>,
    criteria: Option<Vec<String>>,
    #[serde(default)]
    open: Vec<String>,
    #[serde(default)]
    notices: Vec<String>,
    #[serde(default)]
    reasons: Vec<String>,
    #[serde(default)]
    stops: bool,
}

impl Scenario {
    fn cases(self) -> Vec<Case> {
        let decision =
            LevelDecision { confirmed: self.confirmed, authority: self.authority, ..LevelDecision::default() };
        let single = self.facts.zip(self.expect).map(|(facts, expect)| Case {
            facts,
            enterprise: self.enterprise,
            declared: self.declared,
            decision,
            expect,
        });
        self.class.into_iter().chain(single).collect()
    }
}

impl Given {
    fn facts(&self) -> Facts {
        let of = |(detector, count): (&String, &u64)| {
            let mut found = finding(detector, 0..*count);
            if let Some([rows, of]) = self.sample {
                found.sample = Some(Sample { rows, of, matched: rows, share: [0.99, 1.0] });
            }
            found
        };
        let mut findings: Vec<Finding> = self.found.iter().map(of).collect();
        if let Some(places) = self.places {
            findings.push(Finding { decimals: self.decimals, ..finding("geo.coordinate", 0..places) });
        }
        let fields: Vec<(String, u64)> = self.fields.clone().into_iter().collect();
        let (records, bytes) = (self.records.map(Count::exact), self.bytes.map(Count::exact));
        let category = CategoryId::new(&self.category);
        let facts = Facts::of(Some(&category), records, bytes, &findings, &fields, &[]);
        Facts { stated_subjects: self.persons.map(Count::exact), ..facts }
    }
}

fn scenarios() -> Vec<Scenario> {
    toml::from_str::<File>(include_str!("../scenarios.toml")).expect("scenarios.toml").scenario
}

#[test]
fn each_scenario_comes_out_as_it_says() {
    let criteria = Regime::builtin().expect("the regime").criteria;
    for scenario in scenarios() {
        let id = scenario.id.clone();
        let cases = scenario.cases();
        assert!(!cases.is_empty(), "{id}: no facts");
        for (number, case) in cases.iter().enumerate() {
            let at = format!("{id}, class {number}");
            let facts = case.facts.facts();
            let proposal = propose(&facts, &criteria, &case.enterprise);
            let expect = &case.expect;
            assert_eq!(proposal.level, expect.level, "{at}: {proposal:#?}");
            assert_eq!(proposal.could_be(), expect.could_be, "{at}");
            let decision = LevelDecision { proposed: Some(proposal.level), ..case.decision };
            assert_eq!(decision.effective(), Some(expect.effective.unwrap_or(expect.level)), "{at}");
            assert_eq!(articles(&decision, &proposal), expect.articles, "{at}");
            let ids = |bases: &[Basis]| bases.iter().map(|basis| basis.criterion.clone()).collect::<Vec<_>>();
            assert!(
                expect.criteria.as_ref().is_none_or(|wanted| *wanted == ids(&proposal.bases)),
                "{at}: {proposal:#?}"
            );
            assert_eq!(ids(&proposal.open), expect.open, "{at}");
            let beside = notices(&facts, &criteria, &case.enterprise, &case.declared);
            let beside: Vec<&str> = beside.iter().map(|notice| notice.notice.as_str()).collect();
            assert_eq!(beside, expect.notices, "{at}");
            assert_eq!(stops(&facts, &criteria, &case.enterprise), expect.stops, "{at}");
            let predicates = proposal.bases.iter().flat_map(|basis| &basis.predicates);
            let said: Vec<String> =
                predicates.map(|it| format!("{} {} {} {}", it.factor, it.measure, it.seen, it.asked)).collect();
            for reason in &expect.reasons {
                assert!(said.contains(reason), "{at}: {reason} is not among {said:#?}");
            }
        }
    }
}

#[test]
fn the_scenarios_reach_every_item_of_articles_9_to_11_and_every_notice() {
    let criteria = Regime::builtin().expect("the regime").criteria;
    let all = scenarios();
    assert!(all.len() >= 20, "{}", all.len());
    let cases: Vec<Case> = all.into_iter().flat_map(Scenario::cases).collect();
    let items = [(9, 3), (10, 5), (11, 4)];
    for (article, last) in items {
        for item in 1..=last {
            let id = format!("miit-166/{article}.{item}");
            assert!(cases.iter().any(|case| case.expect.articles.contains(&id)), "{id}");
        }
    }
    for notice in criteria.notices() {
        assert!(cases.iter().any(|case| case.expect.notices.contains(&notice.id)), "{}", notice.id);
    }
}
