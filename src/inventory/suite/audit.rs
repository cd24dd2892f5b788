//! What persons did stands in the audit log, and what they said comes back.

use super::{file, scan};
use crate::inventory::audit::BEGINNING;
use crate::inventory::{Deed, Error, Inventory};
use crate::model::{
    Act, AuditEntry, ChainHead, Decision, Filing, FilingKind, FilingState, Import, Level, ManualClass, Measure,
    Occurrence, RegisterEdit, RegisterScope, Saw, Signature, Under,
};

pub(in crate::inventory) fn decision(target: &str, level: Level) -> Decision {
    Decision {
        target: target.to_owned(),
        under: None,
        act: Act::Confirm,
        category: None,
        level: Some(level),
        detector: None,
        by: "王工".to_owned(),
        date: "2026-11-22".to_owned(),
        reason: "年度评审".to_owned(),
        document: None,
        saw: Some(Saw { level: Some(Level::General), category: None }),
    }
}

pub(in crate::inventory) fn value(scope: RegisterScope, value: Option<&str>) -> RegisterEdit {
    RegisterEdit {
        scope,
        field: "purpose".to_owned(),
        value: value.map(str::to_owned),
        by: "李工".to_owned(),
        date: "2026-11-23".to_owned(),
        reason: None,
    }
}

pub(in crate::inventory) fn paper(records: u64) -> ManualClass {
    ManualClass {
        category: "research.design".to_owned(),
        carrier: "档案室".to_owned(),
        carrier_type: "纸质".to_owned(),
        level: Level::Important,
        records: Some(Measure::exact(records)),
        bytes: None,
        subjects: None,
        as_of: "2026-11-20".to_owned(),
        by: "赵工".to_owned(),
        date: "2026-11-23".to_owned(),
        reason: "底图".to_owned(),
        ended: false,
    }
}

pub(in crate::inventory) fn filing(state: FilingState) -> Filing {
    Filing {
        id: 0,
        kind: FilingKind::Initial,
        state,
        by: "张".to_owned(),
        authority: "某省工信厅".to_owned(),
        submitted: "2026-11-24".to_owned(),
        accepted: None,
        rejected: None,
        resubmits: None,
        number: None,
        as_of: "2026-11-22".to_owned(),
        cancelled: Vec::new(),
        entries: Vec::new(),
    }
}

/// One act of each kind.
pub(in crate::inventory) fn one_of_each(inventory: &mut dyn Inventory) {
    scan(inventory, "one", vec![file("a", 1)], Vec::new());
    inventory.record_decision(&decision("c0000000000000001", Level::Important)).expect("decided");
    inventory.record_decision(&decision("c0000000000000001", Level::Core)).expect("decided again");
    let under = Under { store: "plant".to_owned(), prefix: "docs/".to_owned() };
    let everything = Decision { target: under.id(), under: Some(under), ..decision("", Level::General) };
    let import = Import {
        kind: "review".to_owned(),
        digest: BEGINNING.to_owned(),
        rows: 3,
        by: "钱工".to_owned(),
        reason: None,
    };
    let deeds = [
        Deed::Import(import),
        Deed::Decision(everything),
        Deed::Register(value(RegisterScope::All, Some("生产控制"))),
        Deed::Register(value(RegisterScope::All, None)),
        Deed::ManualClass(paper(10)),
        Deed::ManualClass(paper(12)),
        Deed::ManualClass(ManualClass { ended: true, ..paper(12) }),
    ];
    inventory.record(&deeds).expect("recorded");
    let event = Occurrence {
        id: 0,
        event: "data-inventory".to_owned(),
        date: "2026-11-24".to_owned(),
        time: None,
        subject: None,
        by: "孙工".to_owned(),
        note: None,
        recorded: "2026-11-24".to_owned(),
        voids: None,
    };
    let id = inventory.record_occurrence(&event).expect("recorded");
    inventory.record_occurrence(&Occurrence { voids: Some(id), note: Some("误".to_owned()), ..event }).expect("voided");
    let ids = inventory.save_filings(&[filing(FilingState::Draft)], &Signature::of("张")).expect("drafted");
    let accepted = Filing {
        id: ids[0],
        accepted: Some("2026-11-25".to_owned()),
        number: Some("备-1".to_owned()),
        ..filing(FilingState::Accepted)
    };
    inventory.save_filings(&[accepted], &Signature::of("周工")).expect("accepted");
}

pub(in crate::inventory) fn log(inventory: &mut dyn Inventory) -> Vec<AuditEntry> {
    let mut log = Vec::new();
    inventory.audit_entries(&mut |entry| log.push(entry)).expect("read");
    log
}

pub(in crate::inventory) fn every_act_stands_in_the_log_with_what_was_there_before(inventory: &mut dyn Inventory) {
    let beginning = ChainHead { length: 0, head: BEGINNING.to_owned() };
    assert_eq!(inventory.audit_head(), Ok(beginning));
    one_of_each(inventory);
    let log = log(inventory);
    let told: Vec<(&str, &str, &str, bool)> = log
        .iter()
        .map(|entry| (entry.act.as_str(), entry.subject.as_str(), entry.by.as_str(), entry.from.is_some()))
        .collect();
    let place = Under { store: "plant".to_owned(), prefix: "docs/".to_owned() }.id();
    let class = paper(0).id().0;
    assert_eq!(
        told,
        [
            ("review.confirm", "c0000000000000001", "王工", false),
            ("review.confirm", "c0000000000000001", "王工", true),
            ("import.review", "review", "钱工", false),
            ("review.confirm", place.as_str(), "王工", false),
            ("register.set", "all purpose", "李工", false),
            ("register.unset", "all purpose", "李工", true),
            ("class.add", class.as_str(), "赵工", false),
            ("class.update", class.as_str(), "赵工", true),
            ("class.end", class.as_str(), "赵工", true),
            ("duty.record", "data-inventory", "孙工", false),
            ("duty.void", "data-inventory", "孙工", true),
            ("filing.draft", "filing 1", "张", false),
            ("filing.accepted", "filing 1", "周工", true),
        ]
    );
    assert_eq!(log[1].why.as_deref(), Some("年度评审"));
    assert!(log[1].from.as_deref().is_some_and(|from| from.contains("important")), "{:?}", log[1].from);
    assert!(log[1].to.as_deref().is_some_and(|to| to.contains("core")), "{:?}", log[1].to);
    let head = ChainHead { length: 13, head: log[12].hash.clone() };
    assert_eq!(inventory.audit_head(), Ok(head.clone()));
    let checked = inventory.verify_audit(Some(&log[4].hash)).expect("checked");
    assert_eq!((checked.head, checked.found, checked.faults), (head, Some(5), Vec::new()));
}

pub(in crate::inventory) fn of_several_filings_all_are_kept_or_none(inventory: &mut dyn Inventory) {
    let unknown = Filing { id: 7, ..filing(FilingState::Draft) };
    let both = [filing(FilingState::Draft), unknown];
    assert_eq!(inventory.save_filings(&both, &Signature::of("张")), Err(Error::UnknownFiling { filing: 7 }));
    assert!(inventory.filings().expect("read").is_empty());
    assert!(log(inventory).is_empty());
}

pub(in crate::inventory) fn values_of_the_register_come_back_as_they_were_given(inventory: &mut dyn Inventory) {
    let (category, store) = ("research.design".to_owned(), "plant".to_owned());
    let edits = [
        value(RegisterScope::Enterprise, Some("a")),
        value(RegisterScope::All, Some("b")),
        value(RegisterScope::Store { store: store.clone() }, Some("=1+1")),
        value(RegisterScope::Category { category: category.clone() }, None),
        RegisterEdit {
            reason: Some("合同".to_owned()), ..value(RegisterScope::Entry { category, store }, Some("d"))
        },
    ];
    inventory.record(&edits.clone().map(Deed::Register)).expect("recorded");
    assert_eq!(inventory.register_edits().expect("read"), edits);
}

pub(in crate::inventory) fn classes_entered_by_hand_come_back_and_end(inventory: &mut dyn Inventory) {
    let other = ManualClass {
        carrier: "合作方云".to_owned(),
        records: None,
        bytes: Some(Measure::estimate(5)),
        subjects: Some(Measure::exact(7)),
        ..paper(0)
    };
    let rows = [paper(10), other.clone(), paper(12)];
    inventory.record(&rows.clone().map(Deed::ManualClass)).expect("recorded");
    let kept = inventory.manual_classes().expect("read");
    assert_eq!(kept, rows);
    assert_eq!(ManualClass::standing(&kept), [&other, &paper(12)], "by carrier");
    inventory.record(&[Deed::ManualClass(ManualClass { ended: true, ..paper(12) })]).expect("ended");
    assert_eq!(ManualClass::standing(&inventory.manual_classes().expect("read")), [&other]);
}
