//! What has happened: read from filings, decisions and changes, and recorded by persons.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use super::Happened;
use crate::change::{Change, State};
use crate::model::{Act, Decision, Filing, FilingKind, FilingState, Level, Occurrence};

/// Where events are read from.
#[derive(Clone, Copy, Debug)]
pub struct Sources<'a> {
    /// All filings.
    pub filings: &'a [Filing],
    /// All decisions of persons and of the authority.
    pub decisions: &'a [Decision],
    /// The classes and assets that are important or core, and confirmed, by id.
    pub confirmed: &'a BTreeSet<String>,
    /// What differs from the baseline now.
    pub changes: &'a [Change],
    /// What persons recorded, what was taken back included.
    pub occurrences: &'a [Occurrence],
}

/// Everything that has happened, in no order. A date that is none is left out: the inventory holds no such row.
#[must_use]
pub fn happened(sources: &Sources<'_>) -> Vec<Happened> {
    let mut all: Vec<Happened> = sources.filings.iter().flat_map(of_filing).collect();
    all.extend(resubmissions(sources.filings));
    all.extend(first_confirmation(sources));
    all.extend(of_changes(sources.changes));
    all.extend(Occurrence::standing(sources.occurrences).into_iter().filter_map(of_occurrence));
    all
}

fn event(event: &str, date: &str, subject: Option<String>) -> Option<Happened> {
    let date = date.parse().ok()?;
    Some(Happened { event: event.to_owned(), date, at_latest: None, time: None, subject })
}

/// How a filing is named as the subject of a duty.
fn named(id: i64) -> String {
    format!("filing-{id}")
}

fn is_handed_in(filing: &Filing) -> bool {
    filing.kind != FilingKind::Inventory && filing.state != FilingState::Draft
}

fn of_filing(filing: &Filing) -> Vec<Happened> {
    if filing.kind == FilingKind::Inventory {
        return event("data-inventory", &filing.submitted, None).into_iter().collect();
    }
    if !is_handed_in(filing) {
        return Vec::new();
    }
    let subject = Some(named(filing.id));
    let waits = filing.state == FilingState::Submitted;
    let rejected = filing.rejected.as_ref().map(|(date, _)| date.as_str());
    let accepted = filing.accepted.as_deref();
    [
        event("filing-submitted", &filing.submitted, subject.clone()),
        waits.then(|| event("change-submitted", &filing.submitted, subject.clone())).flatten(),
        accepted.and_then(|date| event("filing-accepted", date, subject.clone())),
        rejected.and_then(|date| event("filing-rejected", date, subject.clone())),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// A filing that hands in a rejected one again discharges the duty of that one.
fn resubmissions(filings: &[Filing]) -> Vec<Happened> {
    let again = filings.iter().filter(|filing| is_handed_in(filing));
    again.filter_map(|filing| event("filing-resubmitted", &filing.submitted, Some(named(filing.resubmits?)))).collect()
}

/// The first day on which important or core data were known to be there. A catalog that was handed in before anybody
/// confirmed in the tool counts from its submission.
fn first_confirmation(sources: &Sources<'_>) -> Option<Happened> {
    let speaks = |decision: &&Decision| {
        let names_level = decision.level.is_some_and(Level::is_filed);
        decision.act != Act::Reject && (names_level || sources.confirmed.contains(&decision.target))
    };
    let decided = sources.decisions.iter().filter(speaks).map(|decision| decision.date.as_str());
    let decided = decided.filter(|_| !sources.confirmed.is_empty());
    let filed = sources.filings.iter().filter(|filing| is_handed_in(filing)).map(|filing| filing.submitted.as_str());
    event("data-confirmed", decided.chain(filed).min()?, None)
}

/// One event for each entry: its measures and fields may have moved on different days, and the first day counts.
fn of_changes(changes: &[Change]) -> Vec<Happened> {
    let mut first: BTreeMap<&str, Happened> = BTreeMap::new();
    for (entry, found) in changes.iter().filter_map(|change| Some((change.entry.as_str(), of_change(change)?))) {
        match first.get_mut(entry) {
            Some(known) if (known.date, known.at_latest) <= (found.date, found.at_latest) => {}
            Some(known) => *known = found,
            None => _ = first.insert(entry, found),
        }
    }
    first.into_values().collect()
}

/// A change that asks for a new filing: between the last day on which all was as filed and the first that shows it.
fn of_change(change: &Change) -> Option<Happened> {
    if change.state() != State::Material {
        return None;
    }
    let [below, above] = change.between.as_ref()?;
    let (date, at_latest): (Date, Date) = (below.parse().ok()?, above.parse().ok()?);
    let subject = Some(format!("{} · {}", change.category, change.store));
    Some(Happened { event: "material-change".to_owned(), date, at_latest: Some(at_latest), time: None, subject })
}

fn of_occurrence(occurrence: &Occurrence) -> Option<Happened> {
    let time = occurrence.time.as_deref().and_then(|text| text.parse().ok());
    Some(Happened { time, ..event(&occurrence.event, &occurrence.date, occurrence.subject.clone())? })
}
