//! What people decided and filed outlives every scan.

use std::collections::BTreeMap;

use super::{file, scan};
use crate::inventory::{Error, Inventory};
use crate::model::{
    Act, CancelReason, Cancellation, CategoryId, Counting, Decision, FiledEntry, Filing, FilingKind, FilingState,
    Level, LevelFigures, Measure, Method, Signature, Sizes,
};

pub(in crate::inventory) fn decisions_survive_a_rescan(inventory: &mut dyn Inventory) {
    scan(inventory, "one", vec![file("a", 1)], Vec::new());
    let target = file("a", 1).asset.id().0;
    let decision = Decision {
        target: target.clone(),
        act: Act::Confirm,
        category: Some(CategoryId::new("research.design")),
        level: Some(Level::Core),
        detector: None,
        by: "李工".to_owned(),
        date: "2026-11-22".to_owned(),
        reason: "图纸".to_owned(),
        document: Some("号".to_owned()),
        under: None,
        saw: None,
    };
    let rejection = Decision {
        act: Act::Reject,
        category: None,
        level: None,
        detector: Some("cn.mobile".to_owned()),
        ..decision.clone()
    };
    inventory.record_decision(&decision).expect("recorded");
    inventory.record_decision(&rejection).expect("recorded");
    scan(inventory, "two", vec![file("a", 2)], Vec::new());
    let record = inventory.asset(&target).expect("read").expect("there");
    assert_eq!(record.examined.findings[0].matches, 2);
    assert_eq!(record.category, Some(CategoryId::new("research.design")));
    assert_eq!((record.decision.proposed, record.decision.effective()), (Some(Level::Important), Some(Level::Core)));
    assert_eq!(record.rejected_detectors, ["cn.mobile"]);
    assert_eq!(inventory.decisions().expect("read"), [decision, rejection]);
}

pub(in crate::inventory) fn a_filing_comes_back_as_it_was_filed(inventory: &mut dyn Inventory) {
    let entry = FiledEntry {
        id: "c0000000000000001".to_owned(),
        category: "management.hr".to_owned(),
        store: "plant".to_owned(),
        level: Level::Important,
        records: Some(Measure::exact(1000)),
        bytes: Some(Measure::estimate(4096)),
        subjects: None,
        fields: BTreeMap::from([("purpose".to_owned(), "=1+1".to_owned()), ("owner".to_owned(), "人事部".to_owned())]),
        rules_version: "r1".to_owned(),
        regime_version: "g1".to_owned(),
        method: Method {
            counting: Counting::Scan,
            scan: Some(3),
            sampled: true,
            partial: false,
            sizes: Some(Sizes::FileLength),
            records_stored: Some(Measure::exact(1200)),
            levels: vec![LevelFigures {
                level: Level::Core,
                records: Some(Measure::exact(10)),
                bytes: None,
                subjects: None,
            }],
        },
    };
    let later = FiledEntry { id: "c0000000000000000".to_owned(), ..entry.clone() };
    let mut filing = Filing {
        id: 0,
        kind: FilingKind::Cancellation,
        state: FilingState::Submitted,
        by: "张".to_owned(),
        authority: "某省工信厅".to_owned(),
        submitted: "2026-11-01".to_owned(),
        accepted: None,
        rejected: None,
        resubmits: Some(4),
        number: None,
        as_of: "2026-10-31".to_owned(),
        cancelled: vec![Cancellation {
            entry: "c0000000000000002".to_owned(),
            reason: CancelReason::Destroyed,
            date: "2026-10-30".to_owned(),
            detail: Some("消磁".to_owned()),
        }],
        entries: vec![entry, later],
    };
    let signature = Signature::of("张");
    let save = |inventory: &mut dyn Inventory, filing: &Filing| {
        inventory.save_filings(std::slice::from_ref(filing), &signature)
    };
    filing.id = save(inventory, &filing).expect("saved")[0];
    assert_eq!((filing.id, inventory.filings().expect("read")), (1, vec![filing.clone()]));
    filing.state = FilingState::Rejected;
    filing.rejected = Some(("2026-11-20".to_owned(), "缺项".to_owned()));
    filing.entries.truncate(1);
    assert_eq!(save(inventory, &filing), Ok(vec![1]));
    let second = Filing { id: 0, ..filing.clone() };
    assert_eq!(save(inventory, &second), Ok(vec![2]));
    assert_eq!(inventory.filings().expect("read"), [filing.clone(), Filing { id: 2, ..filing.clone() }]);
    filing.id = 7;
    let unknown = Err(Error::UnknownFiling { filing: 7 });
    assert_eq!(save(inventory, &filing), unknown);
    assert_eq!(inventory.filings().expect("read").len(), 2);
}
