//! Counts the periods of all duties as of a day.

use jiff::ToSpan;
use jiff::civil::{Date, Time};

use super::{Ask, Bilingual, Facts, Happened, Item, Start, State};
use crate::regime::Calendar;
use crate::regime::calendar::{MissingYear, months_after};
use crate::regime::duties::{Duties, Duty, Kind, Period, When};
use crate::regime::taxonomy::Label;

/// Every duty as it stands on `as_of`, the urgent first: one item for each starting event, and one that says so where
/// there is none. What is due within `soon` days is near.
#[must_use]
pub fn reckon(
    duties: &Duties,
    happened: &[Happened],
    facts: &Facts,
    calendar: &Calendar,
    (as_of, soon): (Date, u32),
) -> Vec<Item> {
    // What lies ahead has not happened, unless it is planned.
    let known = happened.iter().filter(|one| one.date <= as_of || duties.is_planned(&one.event));
    let mut known: Vec<&Happened> = known.collect();
    let key = |one: &&Happened| (one.date, one.time, one.event.clone(), one.subject.clone());
    known.sort_by_key(key);
    // Recorded twice is meant once.
    known.dedup_by_key(|one| key(one));
    let reckoning = Reckoning { duties, known: &known, calendar, as_of, soon };
    let mut items: Vec<Item> = Vec::new();
    for duty in &duties.duties {
        match applies(duty, facts, as_of) {
            Applies::To(subjects) => reckoning.duty(duty, &subjects, &mut items),
            Applies::No => items.push(reckoning.bare(duty, State::NotApplicable)),
            // Who has recorded its start has said that it concerns him.
            Applies::Unclear(_) if reckoning.is_begun(duty) => reckoning.duty(duty, &[None], &mut items),
            Applies::Unclear(ask) => {
                items.push(Item { ask: Some(ask), ..reckoning.bare(duty, State::Undetermined) });
            }
        }
    }
    // Stable: duties keep the order of the file where nothing is more urgent.
    items.sort_by_key(|item| (item.state, item.due.unwrap_or(Date::MAX)));
    items
}

/// Whom a duty concerns.
enum Applies {
    /// The enterprise: once, or once for each of these roles.
    To(Vec<Option<String>>),
    No,
    Unclear(Ask),
}

fn applies(duty: &Duty, facts: &Facts, as_of: Date) -> Applies {
    if duty.in_force.is_some_and(|day| as_of < day) {
        return Applies::No;
    }
    let once = || Applies::To(vec![None]);
    let of_level = |level: u8| match &facts.roles {
        None => Applies::Unclear(Ask::IndustrialInternet),
        Some(roles) => {
            let roles = roles.iter().filter(|role| role.level == level);
            let roles: Vec<Option<String>> = roles.map(|role| Some(role.kind.id().to_owned())).collect();
            if roles.is_empty() { Applies::No } else { Applies::To(roles) }
        }
    };
    match (duty.when, facts.important_data, &facts.roles) {
        (When::Always, ..) | (When::ImportantData, Some(true), _) | (When::NoImportantData, Some(false), _) => once(),
        (When::ImportantData | When::NoImportantData, None, _) => Applies::Unclear(Ask::ConfirmLevels),
        (When::IndustrialInternet, _, Some(roles)) if !roles.is_empty() => once(),
        (When::IndustrialInternet, _, None) => Applies::Unclear(Ask::IndustrialInternet),
        (When::LevelThree, ..) => of_level(3),
        (When::LevelTwo, ..) => of_level(2),
        (When::LevelOne, ..) => of_level(1),
        (When::ImportantData | When::NoImportantData | When::IndustrialInternet, ..) => Applies::No,
    }
}

/// The last day of a period, and what is to be said of it.
#[derive(Default)]
struct Counted {
    day: Option<Date>,
    time: Option<Time>,
    shifted: bool,
    missing: Vec<i16>,
}

impl Counted {
    fn on(day: Date) -> Self {
        Self { day: Some(day), ..Self::default() }
    }

    fn working(counted: Result<Date, MissingYear>) -> Self {
        match counted {
            Ok(day) => Self::on(day),
            Err(MissingYear(year)) => Self { missing: vec![year], ..Self::default() },
        }
    }
}

struct Reckoning<'a> {
    duties: &'a Duties,
    /// Oldest first.
    known: &'a [&'a Happened],
    calendar: &'a Calendar,
    as_of: Date,
    soon: u32,
}

impl Reckoning<'_> {
    /// Whether a duty that does not depend on a level or a lack has a starting event.
    fn is_begun(&self, duty: &Duty) -> bool {
        let by_itself = matches!(duty.when, When::ImportantData | When::IndustrialInternet);
        by_itself && self.known.iter().any(|one| one.event == duty.from)
    }

    fn duty(&self, duty: &Duty, subjects: &[Option<String>], items: &mut Vec<Item>) {
        let starts: Vec<&Happened> = self.known.iter().copied().filter(|one| one.event == duty.from).collect();
        match duty.kind {
            Kind::Once | Kind::Keep | Kind::Expires if starts.is_empty() => {
                items.push(self.bare(duty, State::NotRecorded));
            }
            Kind::Once => items.extend(starts.iter().map(|start| self.once(duty, start, &starts))),
            Kind::Keep => items.extend(starts.iter().map(|start| self.kept(duty, start))),
            Kind::Recurring | Kind::LookBack => {
                for subject in subjects {
                    let of_it = |one: &&Happened| subject.is_none() || one.subject.is_none() || one.subject == *subject;
                    let last = starts.iter().copied().rfind(of_it);
                    let item = last.map_or_else(|| self.bare(duty, State::NotRecorded), |one| self.since(duty, one));
                    items.push(Item { subject: subject.clone(), ..item });
                }
            }
            Kind::Expires => {
                let is_last = |start: &&&Happened| {
                    !starts.iter().any(|later| later.subject == start.subject && later.date > start.date)
                };
                items.extend(starts.iter().filter(is_last).map(|start| self.since(duty, start)));
            }
        }
    }

    /// A duty that its own starting event opens and another one discharges.
    fn once(&self, duty: &Duty, start: &Happened, starts: &[&Happened]) -> Item {
        let counted = self.count(duty.period, start.date, start.time);
        let lenient = start.at_latest.map(|day| self.count(duty.period, day, None));
        let mut item = self.counted(duty, start, &counted);
        if let Some(lenient) = lenient {
            item.calendar_missing.extend(lenient.missing.iter().filter(|year| !counted.missing.contains(year)));
            item.shifted |= lenient.shifted;
            item.lenient = lenient.day;
        }
        if duty.period == Period::Unstated {
            item.state = State::Unstated;
        }
        if let Some(done) = self.discharged(duty, start, starts) {
            item.state = State::Done;
            item.done = Some(done);
            item.days_left = None;
        }
        item
    }

    /// The day on which it was discharged. What is asked before an event may be done at any time.
    fn discharged(&self, duty: &Duty, start: &Happened, starts: &[&Happened]) -> Option<Date> {
        let from = start.at_latest.unwrap_or(start.date);
        let in_time = |one: &Happened| duty.period == Period::Before || one.date >= from;
        let same = |one: &Happened| duty.any_subject || one.subject == start.subject;
        let done = self.known.iter().filter(|one| duty.done.contains(&one.event) && in_time(one) && same(one));
        let done = done.map(|one| one.date).find(|date| *date <= self.as_of);
        let replaced = || {
            let next = starts.iter().find(|one| one.subject == start.subject && one.date > start.date)?;
            duty.replaced_by_next.then_some(next.date)
        };
        done.or_else(replaced)
    }

    /// What is kept for a time. The day is not moved: nothing has to be done on it.
    fn kept(&self, duty: &Duty, start: &Happened) -> Item {
        let mut item = self.counted(duty, start, &unmoved(duty.period, start.date));
        item.state = if item.due.is_some_and(|until| until < self.as_of) { State::Done } else { State::Keep };
        item.done = item.due.filter(|_| item.state == State::Done);
        item
    }

    /// What recurs, ends, or reaches back: counted from its latest event, not moved.
    fn since(&self, duty: &Duty, last: &Happened) -> Item {
        let mut item = self.counted(duty, last, &unmoved(duty.period, last.date));
        if duty.kind == Kind::LookBack {
            // Until then the months are not full, and nothing may go; afterwards the last months always have to be there.
            item.state = State::Keep;
            if item.due.is_some_and(|full| full <= self.as_of) {
                item.due = None;
                item.days_left = None;
            }
        }
        item
    }

    fn count(&self, period: Period, start: Date, time: Option<Time>) -> Counted {
        match period {
            Period::WorkingDays(days) => Counted::working(self.calendar.add_working_days(start, days)),
            Period::WorkingDaysBeforeEnd { days, months } => {
                Counted::working(self.calendar.working_days_before(months_after(start, months), days))
            }
            Period::Months(months) => {
                let due = self.calendar.add_months(start, months);
                Counted { day: Some(due.day), time: None, shifted: due.shifted, missing: due.calendar_missing }
            }
            Period::Hours(hours) => hours_after(start, time, hours),
            Period::AtOnce => Counted::on(start),
            Period::Before => Counted::on(start.yesterday().unwrap_or(start)),
            Period::Unstated => Counted::default(),
        }
    }

    fn counted(&self, duty: &Duty, start: &Happened, counted: &Counted) -> Item {
        let days_left = counted.day.map(|day| self.as_of.duration_until(day).as_hours() / 24);
        let state = match days_left {
            None => State::Uncounted,
            Some(days) if days < 0 => State::Overdue,
            Some(days) if days <= i64::from(self.soon) => State::Soon,
            Some(_) => State::Open,
        };
        let is_timed = matches!(duty.period, Period::Hours(_));
        Item {
            subject: start.subject.clone(),
            due: counted.day,
            time: counted.time,
            days_left: days_left.and_then(|days| i32::try_from(days).ok()),
            shifted: counted.shifted,
            calendar_missing: counted.missing.clone(),
            start: Some(Start { date: Some(start.date), time: start.time.filter(|_| is_timed), ..self.start_of(duty) }),
            ..self.bare(duty, state)
        }
    }

    fn start_of(&self, duty: &Duty) -> Start {
        let label = self.duties.event(&duty.from).map(|event| bilingual(&event.label));
        let label = label.unwrap_or_else(|| Bilingual { zh: duty.from.clone(), en: duty.from.clone() });
        Start { event: duty.from.clone(), label, date: None, time: None }
    }

    /// A duty of which no more is known than its text.
    fn bare(&self, duty: &Duty, state: State) -> Item {
        Item {
            duty: duty.id.clone(),
            subject: None,
            kind: duty.kind,
            who: duty.who,
            label: bilingual(&duty.label),
            state,
            due: None,
            time: None,
            lenient: None,
            days_left: None,
            shifted: false,
            calendar_missing: Vec::new(),
            start: Some(self.start_of(duty)),
            period: duty.period,
            done: None,
            advisory: duty.advisory,
            article: duty.article.clone(),
            mark: duty.mark,
            basis: duty.basis.as_ref().map(bilingual),
            ask: None,
        }
    }
}

fn bilingual(label: &Label) -> Bilingual {
    Bilingual { zh: label.zh.clone(), en: label.en.clone() }
}

/// The corresponding day, whether or not it is a holiday.
fn unmoved(period: Period, start: Date) -> Counted {
    match period {
        Period::Months(months) => Counted::on(months_after(start, months)),
        _ => Counted::default(),
    }
}

/// Hours from a known time of day; from an unknown one the day itself is the last that is safe.
fn hours_after(start: Date, time: Option<Time>, hours: u32) -> Counted {
    let known = time.is_some();
    let from = start.to_datetime(time.unwrap_or(Time::midnight()));
    let end = from.saturating_add(i64::from(hours).hours());
    if known {
        return Counted { day: Some(end.date()), time: Some(end.time()), ..Counted::default() };
    }
    let last = end.saturating_sub(1.minute());
    Counted::on(last.date())
}
