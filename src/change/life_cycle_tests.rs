use super::*;
use crate::catalog::Scope;
use crate::catalog::fixture::{PARAMETERS, accepted, catalog, classes, full_register, record};
use crate::model::CancelReason;

const AUTHORITY: &str = "某省工业和信息化厅";

/// An accepted filing (1) of two entries.
fn first() -> Filing {
    let records = [record("mes", "a", PARAMETERS, Some(2000), 10), record("plant", "b", PARAMETERS, Some(3000), 20)];
    accepted(&catalog(classes(&records, &[]), &full_register(), Scope::Filed))
}

fn submitted(id: i64, kind: FilingKind) -> Filing {
    Filing {
        id,
        kind,
        state: FilingState::Submitted,
        accepted: None,
        number: None,
        submitted: "2026-06-01".to_owned(),
        as_of: "2026-05-30".to_owned(),
        ..first()
    }
}

fn cancelled(entry: &str) -> Cancellation {
    Cancellation {
        entry: entry.to_owned(),
        reason: CancelReason::Destroyed,
        date: "2026-05-20".to_owned(),
        detail: Some("消磁，两人见证".to_owned()),
    }
}

#[test]
fn an_accepted_change_supersedes_the_baseline_and_one_with_another_authority_stands() {
    let mut other = first();
    (other.id, other.authority) = (2, "某省通信管理局".to_owned());
    let filings = [first(), other, submitted(3, FilingKind::Change)];
    let changed = accept(&filings, 3, "备-2026-009", "2026-06-20").unwrap();
    let seen: Vec<_> = changed.iter().map(|filing| (filing.id, filing.state)).collect();
    assert_eq!(seen, [(3, FilingState::Accepted), (1, FilingState::Superseded)]);
    assert_eq!(changed[0].number.as_deref(), Some("备-2026-009"));
    assert_eq!(changed[1].entries, first().entries, "a superseded baseline stays readable");
}

#[test]
fn a_step_is_taken_from_its_state_alone_and_not_before_the_step_before() {
    let filings = [first(), submitted(2, FilingKind::Change)];
    assert_eq!(accept(&filings, 9, "x", "2026-06-20"), Err(Refusal::Unknown(9)));
    assert!(matches!(accept(&filings, 1, "x", "2026-06-20"), Err(Refusal::WrongState { id: 1, .. })));
    assert!(matches!(accept(&filings, 2, "x", "2026-05-31"), Err(Refusal::TooEarly { .. })));
    assert!(matches!(reject(&filings, 1, "2026-06-20", "缺项"), Err(Refusal::WrongState { .. })));
    assert!(accept(&filings, 2, "x", "2026-06-01").is_ok(), "the same day will do");
}

#[test]
fn a_rejected_filing_waits_to_be_handed_in_again_and_then_no_more() {
    let mut filings = vec![first(), submitted(2, FilingKind::Change)];
    filings[1] = reject(&filings, 2, "2026-06-10", "规模单位有误").unwrap();
    assert_eq!(waiting_for_resubmission(&filings, AUTHORITY).map(|filing| filing.id), Some(2));
    assert_eq!(baseline(&filings, None).map(|filing| filing.id), Some(1), "a rejected filing moves no baseline");
    let again = Filing { submitted: "2026-06-20".to_owned(), ..submitted(3, FilingKind::Change) };
    assert!(matches!(
        resubmitted(&filings, 2, &Filing { submitted: "2026-06-09".to_owned(), ..again.clone() }),
        Err(Refusal::TooEarly { .. })
    ));
    let elsewhere = Filing { authority: "别处".to_owned(), ..again.clone() };
    assert_eq!(resubmitted(&filings, 2, &elsewhere), Err(Refusal::OtherAuthority(2)));
    filings[1] = resubmitted(&filings, 2, &again).unwrap();
    assert_eq!(filings[1].state, FilingState::Resubmitted);
    assert_eq!(waiting_for_resubmission(&filings, AUTHORITY), None);
}

#[test]
fn a_cancellation_leaves_the_other_entries_as_they_were_filed() {
    let filed = first();
    let gone = filed.entries[0].id.clone();
    let filing =
        cancellation(std::slice::from_ref(&filed), AUTHORITY, ("王工", "2026-06-01"), vec![cancelled(&gone)]).unwrap();
    assert_eq!(filing.entries, filed.entries[1..]);
    assert_eq!((filing.as_of.as_str(), filing.kind), (filed.as_of.as_str(), FilingKind::Cancellation));
    let unknown = vec![cancelled("c0")];
    let refused = cancellation(std::slice::from_ref(&filed), AUTHORITY, ("王工", "2026-06-01"), unknown);
    assert!(matches!(refused, Err(Refusal::NoSuchEntry { .. })));
    let twice = vec![cancelled(&gone), cancelled(&gone)];
    let once = cancellation(std::slice::from_ref(&filed), AUTHORITY, ("王工", "2026-06-01"), twice).unwrap();
    assert_eq!(once.cancelled, [cancelled(&gone)]);
    let before = Filing { accepted: Some("2026-06-02".to_owned()), ..filed.clone() };
    let refused = cancellation(&[before], AUTHORITY, ("王工", "2026-06-01"), vec![cancelled(&gone)]);
    assert!(matches!(refused, Err(Refusal::TooEarly { .. })), "not before what it cancels was accepted");
    let early = cancellation(&[filed], AUTHORITY, ("王工", "2026-05-19"), vec![cancelled(&gone)]);
    assert!(matches!(early, Err(Refusal::TooEarly { .. })), "not before it was destroyed");
    assert_eq!(cancellation(&[], AUTHORITY, ("王工", "2026-06-01"), Vec::new()), Err(Refusal::NothingAccepted));
}

#[test]
fn a_cancellation_takes_its_entries_out_of_what_is_filed_on_the_day_of_its_acceptance() {
    let filed = first();
    let gone = filed.entries[0].id.clone();
    let mut cancelling =
        cancellation(std::slice::from_ref(&filed), AUTHORITY, ("王工", "2026-06-01"), vec![cancelled(&gone)]).unwrap();
    cancelling.id = 2;
    // In between a change was accepted, which filed larger figures.
    let mut change = submitted(3, FilingKind::Change);
    change.state = FilingState::Accepted;
    change.accepted = Some("2026-06-05".to_owned());
    change.entries[1].records = Some(crate::model::Measure::exact(9000));
    let filings = [Filing { state: FilingState::Superseded, ..filed }, cancelling, change.clone()];
    let saved = accept(&filings, 2, "注-1", "2026-06-25").unwrap();
    assert_eq!(saved[0].entries, change.entries[1..]);
    assert_eq!(saved[0].as_of, change.as_of);
    assert_eq!((saved[1].id, saved[1].state), (3, FilingState::Superseded));
}

#[test]
fn a_yearly_inventory_is_answered_by_nobody_and_is_no_baseline() {
    let record =
        Filing { state: FilingState::Recorded, kind: FilingKind::Inventory, ..submitted(2, FilingKind::Inventory) };
    let filings = [first(), record];
    assert!(matches!(accept(&filings, 2, "x", "2026-07-01"), Err(Refusal::WrongState { .. })));
    assert_eq!(baseline(&filings, Some(AUTHORITY)).map(|filing| filing.id), Some(1));
}

#[test]
fn the_first_catalog_is_an_initial_filing_and_a_later_one_a_change() {
    assert_eq!(kind(&[], AUTHORITY), FilingKind::Initial);
    assert_eq!(kind(&[first()], AUTHORITY), FilingKind::Change);
    assert_eq!(kind(&[first()], "别处"), FilingKind::Initial);
}

#[test]
fn an_imported_filing_is_the_baseline_unless_a_later_one_is_known() {
    let old = Filing { id: 0, accepted: Some("2025-05-01".to_owned()), ..first() };
    let saved = imported(&[first()], old.clone());
    assert_eq!(
        saved.iter().map(|filing| (filing.id, filing.state)).collect::<Vec<_>>(),
        [(0, FilingState::Superseded)]
    );
    let new = Filing { accepted: Some("2026-09-01".to_owned()), ..old };
    let saved = imported(&[first()], new);
    let states: Vec<_> = saved.iter().map(|filing| (filing.id, filing.state)).collect();
    assert_eq!(states, [(0, FilingState::Accepted), (1, FilingState::Superseded)]);
}
