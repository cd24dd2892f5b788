//! Each way in which a duty can stand, on the built-in duties and calendar.

use std::collections::BTreeSet;

use jiff::ToSpan;
use jiff::civil::{Date, date};
use proptest::prelude::*;

use super::{Ask, Facts, Happened, Item, Sources, State, happened, reckon};
use crate::model::{Filing, FilingKind, FilingState, InternetKind, InternetRole, Lang, Occurrence};
use crate::regime::Regime;

fn event(id: &str, date: Date, subject: Option<&str>) -> Happened {
    Happened { event: id.to_owned(), date, at_latest: None, time: None, subject: subject.map(str::to_owned) }
}

fn known() -> Facts {
    Facts { important_data: Some(true), roles: Some(Vec::new()) }
}

fn stand(happened: &[Happened], facts: &Facts, as_of: Date) -> Vec<Item> {
    let regime = Regime::builtin().unwrap();
    reckon(&regime.duties, happened, facts, &regime.calendar, (as_of, 30))
}

fn of<'i>(items: &'i [Item], duty: &str) -> Vec<&'i Item> {
    items.iter().filter(|item| item.duty == duty).collect()
}

#[track_caller]
fn one<'i>(items: &'i [Item], duty: &str) -> &'i Item {
    let of = of(items, duty);
    assert_eq!(of.len(), 1, "{duty}: {of:#?}");
    of[0]
}

#[test]
fn the_authority_has_twenty_working_days_and_the_enterprise_fifteen_after_a_refusal() {
    let submitted = event("filing-submitted", date(2026, 2, 10), Some("filing-1"));
    let items = stand(std::slice::from_ref(&submitted), &known(), date(2026, 2, 20));
    let review = one(&items, "filing-review");
    // 2026-02-14 and 02-28 are worked; from the 15th to the 23rd nobody works.
    assert_eq!((review.due, review.state, review.days_left), (Some(date(2026, 3, 16)), State::Soon, Some(24)));
    assert!(!review.is_pressing(), "the authority still has time");
    let late = stand(std::slice::from_ref(&submitted), &known(), date(2026, 3, 17));
    assert!(one(&late, "filing-review").is_pressing(), "an answer that is late is asked for");

    let rejected = event("filing-rejected", date(2026, 3, 10), Some("filing-1"));
    let items = stand(&[submitted, rejected], &known(), date(2026, 3, 20));
    assert_eq!(one(&items, "filing-review").state, State::Done);
    let again = one(&items, "resubmission");
    assert_eq!((again.due, again.state), (Some(date(2026, 3, 31)), State::Soon));
    assert!(again.is_pressing());
}

#[test]
fn a_change_has_a_strict_and_a_lenient_day_and_a_filing_in_hand_discharges_it() {
    let change = Happened {
        at_latest: Some(date(2026, 7, 3)),
        ..event("material-change", date(2026, 6, 19), Some("production.quality · mes"))
    };
    let items = stand(std::slice::from_ref(&change), &known(), date(2026, 8, 1));
    let item = one(&items, "change-filing");
    // 2026-09-19 is a Saturday, the Sunday after it is worked; 2026-10-03 lies in the golden week.
    assert_eq!((item.due, item.lenient, item.shifted), (Some(date(2026, 9, 20)), Some(date(2026, 10, 8)), true));
    assert_eq!(item.state, State::Open);
    assert!(item.remark(Lang::En).contains("2026-10-08 at the latest reading"), "{}", item.remark(Lang::En));
    let early = event("change-submitted", date(2026, 7, 2), Some("filing-2"));
    let items = stand(&[change.clone(), early], &known(), date(2026, 8, 1));
    assert_eq!(one(&items, "change-filing").state, State::Open, "handed in before the change was there");
    let submitted = event("change-submitted", date(2026, 7, 20), Some("filing-2"));
    let items = stand(&[change, submitted], &known(), date(2026, 8, 1));
    assert_eq!(one(&items, "change-filing").done, Some(date(2026, 7, 20)));
}

#[test]
fn a_year_without_a_table_fails_the_working_day_period_alone() {
    let happened = [
        event("filing-submitted", date(2026, 12, 20), Some("filing-1")),
        event("material-change", date(2026, 11, 20), Some("x · y")),
        event("risk-assessment", date(2026, 12, 1), None),
    ];
    let items = stand(&happened, &known(), date(2026, 12, 28));
    let review = one(&items, "filing-review");
    assert_eq!((review.state, review.due, review.calendar_missing.as_slice()), (State::Uncounted, None, &[2027][..]));
    assert!(review.remark(Lang::Zh).contains("2027.toml"), "{}", review.remark(Lang::Zh));
    let change = one(&items, "change-filing");
    assert_eq!(
        (change.due, change.shifted, change.calendar_missing.as_slice()),
        (Some(date(2027, 2, 20)), false, &[2027][..])
    );
    assert!(change.remark(Lang::En).contains("no table for 2027"), "{}", change.remark(Lang::En));
    assert_eq!(one(&items, "risk-assessment").due, Some(date(2027, 12, 1)));
}

#[test]
fn what_recurs_counts_from_the_last_time_and_is_not_moved_from_a_holiday() {
    let happened =
        [event("risk-assessment", date(2025, 10, 3), None), event("risk-assessment", date(2024, 5, 1), None)];
    let items = stand(&happened, &known(), date(2026, 10, 4));
    let item = one(&items, "risk-assessment");
    assert_eq!((item.due, item.state, item.days_left), (Some(date(2026, 10, 3)), State::Overdue, Some(-1)));
    assert!(item.is_pressing());
    let reports = of(&items, "risk-assessment-report");
    assert_eq!(reports.iter().map(|item| item.state).collect::<Vec<_>>(), [State::Overdue, State::Overdue]);
}

#[test]
fn a_duty_whose_start_nobody_recorded_says_so() {
    let items = stand(&[], &known(), date(2026, 6, 1));
    let regime = Regime::builtin().unwrap();
    for duty in &regime.duties.duties {
        assert!(!of(&items, &duty.id).is_empty(), "{} is silent", duty.id);
    }
    let item = one(&items, "risk-assessment");
    assert_eq!((item.state, item.is_pressing()), (State::NotRecorded, false));
    assert!(item.remark(Lang::En).contains("mulu duties record risk-assessment"), "{}", item.remark(Lang::En));
    assert!(one(&items, "incident-report").waits_for_an_occasion());
    assert!(!item.waits_for_an_occasion(), "it is asked every year, whatever happens");
}

#[test]
fn facts_that_nobody_stated_leave_a_duty_undetermined_with_the_way_out() {
    let items = stand(&[], &Facts::default(), date(2026, 6, 1));
    let (assessment, test) = (one(&items, "risk-assessment"), one(&items, "conformity-test-3"));
    assert_eq!((assessment.state, assessment.ask), (State::Undetermined, Some(Ask::ConfirmLevels)));
    assert_eq!((test.state, test.ask), (State::Undetermined, Some(Ask::IndustrialInternet)));
    let none = stand(&[], &Facts { important_data: Some(false), roles: Some(Vec::new()) }, date(2026, 6, 1));
    assert_eq!(one(&none, "risk-assessment").state, State::NotApplicable);
    assert_eq!(one(&none, "conformity-test-3").state, State::NotApplicable);
}

#[test]
fn each_role_of_the_industrial_internet_is_tested_by_its_own_level() {
    let roles = vec![
        InternetRole { kind: InternetKind::Networked, level: 3 },
        InternetRole { kind: InternetKind::Platform, level: 3 },
        InternetRole { kind: InternetKind::Identifier, level: 2 },
    ];
    let facts = Facts { roles: Some(roles), ..known() };
    let happened = [
        event("conformity-test", date(2025, 3, 1), Some("networked")),
        event("conformity-test", date(2025, 9, 1), Some("identifier")),
    ];
    let items = stand(&happened, &facts, date(2026, 4, 1));
    let state = |item: &&Item| (item.subject.clone().unwrap(), item.due, item.state);
    let third: Vec<_> = of(&items, "conformity-test-3").iter().map(state).collect();
    let networked = ("networked".to_owned(), Some(date(2026, 3, 1)), State::Overdue);
    assert_eq!(third, [networked, ("platform".to_owned(), None, State::NotRecorded)]);
    assert_eq!(one(&items, "conformity-test-2").due, Some(date(2027, 9, 1)));
    assert_eq!(one(&items, "conformity-test-1").state, State::NotApplicable);
}

#[test]
fn twenty_four_hours_end_at_the_same_time_of_the_next_day_or_on_the_safe_day() {
    let timed = Happened {
        time: Some(jiff::civil::time(22, 30, 0, 0)),
        ..event("vulnerability-found", date(2026, 5, 4), Some("a"))
    };
    let items = stand(&[timed, event("vulnerability-found", date(2026, 5, 4), Some("b"))], &known(), date(2026, 5, 4));
    let found: Vec<_> =
        of(&items, "vulnerability-report").iter().map(|item| (item.subject.clone(), item.due_text())).collect();
    assert!(found.contains(&(Some("a".to_owned()), "2026-05-05 22:30".to_owned())), "{found:?}");
    assert!(found.contains(&(Some("b".to_owned()), "2026-05-04".to_owned())), "{found:?}");
}

#[test]
fn what_is_planned_has_to_be_reviewed_the_day_before_at_the_latest() {
    let planned = event("core-transfer-planned", date(2026, 6, 30), Some("某研究院"));
    let items = stand(std::slice::from_ref(&planned), &known(), date(2026, 6, 10));
    let item = one(&items, "core-transfer-review");
    assert_eq!((item.due, item.state), (Some(date(2026, 6, 29)), State::Soon));
    let reviewed = event("core-transfer-reviewed", date(2026, 6, 1), Some("某研究院"));
    let items = stand(&[planned, reviewed], &known(), date(2026, 6, 10));
    assert_eq!(one(&items, "core-transfer-review").state, State::Done);
}

#[test]
fn logs_reach_back_six_months_or_grow_until_they_do() {
    let since = [event("logs-since", date(2026, 3, 1), None)];
    let growing = stand(&since, &known(), date(2026, 6, 1));
    assert_eq!(
        (one(&growing, "log-retention").state, one(&growing, "log-retention").due),
        (State::Keep, Some(date(2026, 9, 1)))
    );
    let full = stand(&since, &known(), date(2026, 9, 2));
    assert_eq!((one(&full, "log-retention").state, one(&full, "log-retention").due), (State::Keep, None));
}

#[test]
fn an_export_assessment_expires_after_three_years_and_the_next_takes_its_place() {
    let first = event("export-assessment", date(2023, 3, 10), Some("母公司"));
    let items = stand(std::slice::from_ref(&first), &known(), date(2025, 11, 20));
    assert_eq!(one(&items, "export-validity").due, Some(date(2026, 3, 10)));
    let extension = one(&items, "export-extension");
    assert_eq!(extension.state, State::Soon, "{extension:#?}");
    let next = event("export-assessment", date(2026, 2, 1), Some("母公司"));
    let items = stand(&[first, next], &known(), date(2026, 3, 1));
    assert_eq!(one(&items, "export-validity").due, Some(date(2029, 2, 1)));
    let states: Vec<State> = of(&items, "export-extension").iter().map(|item| item.state).collect();
    assert!(states.contains(&State::Done), "{states:?}");
}

#[test]
fn a_text_that_is_not_in_force_yet_asks_nothing() {
    let before = stand(&[], &known(), date(2026, 8, 19));
    assert_eq!(one(&before, "network-risk-assessment").state, State::NotApplicable);
    let after = stand(&[], &known(), date(2026, 8, 20));
    assert_eq!(one(&after, "network-risk-assessment").state, State::NotRecorded);
}

#[test]
fn what_lies_ahead_of_the_as_of_date_has_not_happened() {
    let happened = [event("risk-assessment", date(2026, 6, 1), None)];
    assert_eq!(one(&stand(&happened, &known(), date(2026, 5, 31)), "risk-assessment").state, State::NotRecorded);
}

fn filing(id: i64, state: FilingState, submitted: &str) -> Filing {
    Filing {
        id,
        kind: FilingKind::Initial,
        state,
        by: "王工".to_owned(),
        authority: "某省工信厅".to_owned(),
        submitted: submitted.to_owned(),
        accepted: None,
        rejected: None,
        resubmits: None,
        number: None,
        as_of: submitted.to_owned(),
        cancelled: Vec::new(),
        entries: Vec::new(),
    }
}

fn read(filings: &[Filing], occurrences: &[Occurrence]) -> Vec<(String, String, Option<String>)> {
    let confirmed = BTreeSet::new();
    let happened = happened(&Sources { filings, decisions: &[], confirmed: &confirmed, changes: &[], occurrences });
    happened.into_iter().map(|one| (one.event, one.date.to_string(), one.subject)).collect()
}

#[test]
fn the_life_of_a_filing_and_the_duties_count_the_same_periods() {
    use crate::change::life_cycle::{WORKING_DAYS_TO_RESUBMIT, WORKING_DAYS_TO_REVIEW};
    use crate::regime::duties::Period;
    let duties = Regime::builtin().unwrap().duties.duties;
    let period = |id: &str| duties.iter().find(|duty| duty.id == id).map(|duty| duty.period);
    assert_eq!(period("filing-review"), Some(Period::WorkingDays(WORKING_DAYS_TO_REVIEW)));
    assert_eq!(period("resubmission"), Some(Period::WorkingDays(WORKING_DAYS_TO_RESUBMIT)));
}

#[test]
fn a_draft_and_a_yearly_inventory_are_no_filings() {
    let draft = filing(1, FilingState::Draft, "2026-01-05");
    let inventory = Filing { kind: FilingKind::Inventory, ..filing(2, FilingState::Recorded, "2026-02-05") };
    assert_eq!(read(&[draft, inventory], &[]), [("data-inventory".to_owned(), "2026-02-05".to_owned(), None)]);
}

#[test]
fn a_filing_that_hands_in_a_rejected_one_again_discharges_that_ones_duty() {
    let rejected = Filing {
        rejected: Some(("2026-03-10".to_owned(), "规模单位有误".to_owned())),
        ..filing(1, FilingState::Resubmitted, "2026-03-01")
    };
    let again = Filing { resubmits: Some(1), ..filing(2, FilingState::Submitted, "2026-03-20") };
    let happened = read(&[rejected, again], &[]);
    let subject = |id: i64| Some(format!("filing-{id}"));
    assert!(happened.contains(&("filing-resubmitted".to_owned(), "2026-03-20".to_owned(), subject(1))), "{happened:?}");
    assert!(happened.contains(&("filing-submitted".to_owned(), "2026-03-20".to_owned(), subject(2))), "{happened:?}");
}

#[test]
fn what_was_taken_back_has_not_happened() {
    let row = |id: i64, voids: Option<i64>| Occurrence {
        id,
        event: "incident".to_owned(),
        date: format!("2026-05-0{id}"),
        time: None,
        subject: None,
        by: "王工".to_owned(),
        note: None,
        recorded: "2026-05-09".to_owned(),
        voids,
    };
    let happened = read(&[], &[row(1, None), row(2, None), row(3, Some(1))]);
    assert_eq!(happened, [("incident".to_owned(), "2026-05-02".to_owned(), None)]);
}

proptest! {
    /// A day later never makes a duty less urgent, and days left shrink by exactly one.
    #[test]
    fn a_duty_only_grows_more_urgent(offset in 0i64..700, ahead in 0i64..400) {
        let start = date(2024, 1, 2).saturating_add(offset.days());
        let as_of = start.saturating_add(ahead.days());
        let happened = [event("risk-assessment", start, None)];
        let (today, tomorrow) =
            (stand(&happened, &known(), as_of), stand(&happened, &known(), as_of.tomorrow().unwrap()));
        let (today, tomorrow) = (one(&today, "risk-assessment").clone(), one(&tomorrow, "risk-assessment").clone());
        prop_assert!(tomorrow.state <= today.state);
        prop_assert_eq!(today.due, tomorrow.due);
        prop_assert_eq!(today.days_left.unwrap() - 1, tomorrow.days_left.unwrap());
    }

    /// The order in which things were recorded says nothing.
    #[test]
    fn the_order_of_events_does_not_matter(mut offsets in prop::collection::vec((0i64..900, 0usize..4), 1..12), turn in 0usize..12) {
        let ids = ["risk-assessment", "risk-assessment-reported", "incident", "incident-reported"];
        let as_of = date(2026, 6, 1);
        let events = |offsets: &[(i64, usize)]| -> Vec<Happened> {
            offsets.iter().map(|(days, id)| event(ids[*id], date(2024, 1, 2).saturating_add(days.days()), None)).collect()
        };
        let before = stand(&events(&offsets), &known(), as_of);
        let turn = turn % offsets.len();
        offsets.rotate_left(turn);
        prop_assert_eq!(before, stand(&events(&offsets), &known(), as_of));
    }
}
