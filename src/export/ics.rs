//! Duties as an iCalendar file (RFC 5545) that calendars import: all-day events, each with an alarm.
//!
//! An event keeps its UID from export to export, so that importing again moves it and makes no second one. Time stamps
//! come from the as-of date: the same duties give the same bytes.

use jiff::ToSpan;
use jiff::civil::{Date, Time};

use super::cell;
use crate::duty::{Item, State};
use crate::model::{Lang, stable_id};

/// Most octets of a line without its end (RFC 5545, 3.1).
const MOST_OCTETS: usize = 75;

/// China is eight hours ahead of UTC, all year.
const HOURS_AHEAD: i64 = 8;

/// What stands over all events.
#[derive(Clone, Copy, Debug)]
pub struct Heading<'a> {
    /// Whose duties they are: parts the events of two enterprises in one calendar.
    pub enterprise: &'a str,
    /// The day as of which they stand.
    pub as_of: Date,
    /// Days before the last one on which the alarm rings.
    pub alarm_days: u32,
    /// The language of what a person reads.
    pub lang: Lang,
}

/// The duties that have a last day and are not discharged, as a calendar.
#[must_use]
pub fn duties_ics(items: &[Item], heading: Heading<'_>) -> String {
    let mut calendar = Lines::default();
    calendar.line("BEGIN:VCALENDAR");
    calendar.line("VERSION:2.0");
    calendar.line(&format!("PRODID:-//mulu//duties//{}", heading.lang.pick("ZH", "EN")));
    calendar.line("CALSCALE:GREGORIAN");
    calendar.line("METHOD:PUBLISH");
    calendar.line(&format!("X-WR-CALNAME:{}", text(heading.lang.pick("数据安全义务期限", "Data security deadlines"))));
    for item in items.iter().filter(|item| item.state != State::Done) {
        if let Some(due) = item.due {
            event(&mut calendar, item, due, heading);
        }
    }
    calendar.line("END:VCALENDAR");
    calendar.written
}

fn event(calendar: &mut Lines, item: &Item, due: Date, heading: Heading<'_>) {
    let Heading { lang, as_of, alarm_days, enterprise } = heading;
    let started = item.start.as_ref().and_then(|start| start.date).map(|date| date.to_string()).unwrap_or_default();
    let subject = item.subject.as_deref().unwrap_or_default();
    let time = item.start.as_ref().and_then(|start| start.time).map(|time| time.to_string()).unwrap_or_default();
    let uid = stable_id("d", &[enterprise, &item.duty, subject, &started, &time]);
    let summary = match (subject, lang) {
        ("", _) => item.label.say(lang).to_owned(),
        (subject, Lang::Zh) => format!("{}（{subject}）", item.label.say(lang)),
        (subject, Lang::En) => format!("{} ({subject})", item.label.say(lang)),
    };
    calendar.line("BEGIN:VEVENT");
    calendar.line(&format!("UID:{uid}@mulu"));
    calendar.line(&format!("DTSTAMP:{}T000000Z", basic(as_of)));
    if let Some(time) = item.time {
        calendar.line(&format!("DTSTART:{}", utc(due, time)));
    } else {
        calendar.line(&format!("DTSTART;VALUE=DATE:{}", basic(due)));
        // The end of an all-day event is the day after, which is not in it.
        calendar.line(&format!("DTEND;VALUE=DATE:{}", basic(due.tomorrow().unwrap_or(due))));
    }
    calendar.line(&format!("SUMMARY:{}", text(&summary)));
    let description = [item.actor(lang).to_owned(), item.remark(lang)].join(lang.pick("：", ": "));
    calendar.line(&format!("DESCRIPTION:{}", text(&description)));
    calendar.line(&format!("CATEGORIES:{}", text(&item.article)));
    calendar.line("TRANSP:TRANSPARENT");
    calendar.line("BEGIN:VALARM");
    calendar.line("ACTION:DISPLAY");
    calendar.line(&format!("DESCRIPTION:{}", text(&summary)));
    // Of a day and an hour nobody is told a month ahead.
    let ahead = if item.time.is_some() { "PT2H".to_owned() } else { format!("P{alarm_days}D") };
    calendar.line(&format!("TRIGGER:-{ahead}"));
    calendar.line("END:VALARM");
    calendar.line("END:VEVENT");
}

/// `20260327`.
fn basic(day: Date) -> String {
    format!("{:04}{:02}{:02}", day.year(), day.month(), day.day())
}

/// A time of day in China as one in UTC.
fn utc(day: Date, time: Time) -> String {
    let moment = day.to_datetime(time).saturating_sub(HOURS_AHEAD.hours());
    format!("{}T{:02}{:02}00Z", basic(moment.date()), moment.hour(), moment.minute())
}

/// A TEXT value (RFC 5545, 3.3.11): one line, with the signs escaped that part values.
fn text(raw: &str) -> String {
    let mut escaped = String::with_capacity(raw.len());
    for letter in cell::plain(raw).chars() {
        if matches!(letter, '\\' | ';' | ',') {
            escaped.push('\\');
        }
        escaped.push(letter);
    }
    escaped
}

/// Content lines, folded: no letter is cut in two.
#[derive(Default)]
struct Lines {
    written: String,
}

impl Lines {
    fn line(&mut self, line: &str) {
        let mut room = MOST_OCTETS;
        for letter in line.chars() {
            if letter.len_utf8() > room {
                self.written.push_str("\r\n ");
                // The blank that marks a continued line counts.
                room = MOST_OCTETS - 1;
            }
            self.written.push(letter);
            room -= letter.len_utf8();
        }
        self.written.push_str("\r\n");
    }
}

#[cfg(test)]
#[path = "ics_tests.rs"]
mod tests;
