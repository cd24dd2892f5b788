//! Calendars, read back by an independent parser.

use icalendar::parser::{read_calendar, unfold};
use icalendar::{Calendar, CalendarComponent, Component};
use jiff::civil::date;
use proptest::prelude::*;

use super::*;
use crate::duty::{Facts, Happened, reckon};
use crate::regime::Regime;

fn items(subject: &str) -> Vec<Item> {
    let event = |id: &str, day| Happened {
        event: id.to_owned(),
        date: day,
        at_latest: None,
        time: Some(jiff::civil::time(6, 30, 0, 0)),
        subject: Some(subject.to_owned()),
    };
    let happened = [
        event("filing-submitted", date(2026, 2, 10)),
        event("vulnerability-found", date(2026, 2, 11)),
        event("risk-assessment", date(2025, 6, 30)),
        event("risk-assessment-reported", date(2025, 7, 1)),
    ];
    let regime = Regime::builtin().unwrap();
    let facts = Facts { important_data: Some(true), roles: Some(Vec::new()) };
    reckon(&regime.duties, &happened, &facts, &regime.calendar, (date(2026, 3, 1), 30))
}

fn written(items: &[Item], lang: Lang) -> String {
    duties_ics(items, Heading { enterprise: "91329900MA9Y900035", as_of: date(2026, 3, 1), alarm_days: 30, lang })
}

fn parsed(text: &str) -> Vec<icalendar::Event> {
    read_calendar(&unfold(text)).unwrap_or_else(|error| panic!("{error}\n{text}"));
    let calendar: Calendar = text.parse().unwrap_or_else(|error| panic!("{error}\n{text}"));
    let events = calendar.components.into_iter().filter_map(|component| match component {
        CalendarComponent::Event(event) => Some(event),
        _ => None,
    });
    events.collect()
}

fn property(event: &icalendar::Event, name: &str) -> String {
    event.property_value(name).unwrap_or_default().to_owned()
}

#[test]
fn an_independent_parser_finds_every_open_duty_on_its_day() {
    let items = items("filing-1");
    let events = parsed(&written(&items, Lang::Zh));
    let open: Vec<&Item> = items.iter().filter(|item| item.due.is_some() && item.state != State::Done).collect();
    assert_eq!(events.len(), open.len());
    assert!(events.len() >= 3, "{events:#?}");
    for (event, item) in events.iter().zip(&open) {
        assert!(property(event, "SUMMARY").starts_with(&item.label.zh), "{event:#?}");
        assert_eq!(property(event, "DTSTAMP"), "20260301T000000Z");
        if item.time.is_none() {
            assert_eq!(property(event, "DTSTART"), basic(item.due.unwrap()));
        }
    }
    // 06:30 in China on the twelfth is 22:30 UTC on the eleventh.
    let timed = events.iter().find(|event| property(event, "SUMMARY").contains("24")).unwrap();
    assert_eq!(property(timed, "DTSTART"), "20260211T223000Z");
}

#[test]
fn an_event_keeps_its_uid_and_two_events_never_share_one() {
    let uids = |text: &str| parsed(text).iter().map(|event| property(event, "UID")).collect::<Vec<_>>();
    let items = items("filing-1");
    let chinese = uids(&written(&items, Lang::Zh));
    assert_eq!(chinese, uids(&written(&items, Lang::En)));
    let unique: std::collections::BTreeSet<&String> = chinese.iter().collect();
    assert_eq!(unique.len(), chinese.len());
    let other =
        duties_ics(&items, Heading { enterprise: "another", as_of: date(2026, 3, 1), alarm_days: 30, lang: Lang::Zh });
    assert!(uids(&other).iter().all(|uid| !chinese.contains(uid)));
}

#[test]
fn the_calendar_reads_well() {
    insta::assert_snapshot!(written(&items("filing-1"), Lang::En).replace("\r\n", "\n"));
}

proptest! {
    #[test]
    fn whatever_a_subject_holds_lines_are_short_whole_and_read_back(subject in any::<String>()) {
        let text = written(&items(&subject), Lang::Zh);
        for line in text.split("\r\n") {
            prop_assert!(line.len() <= 75, "{line}");
            prop_assert!(!line.contains(['\r', '\n']), "{line}");
        }
        let events = parsed(&text);
        prop_assert!(events.iter().any(|event| property(event, "SUMMARY").contains(cell::plain(&subject).trim())), "{text}");
    }
}
