//! Entry by entry: what was filed against what is there now.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::deadline::{History, Seen, crossing, refile_by};
use super::material::{Verdict, judge, range};
use super::{Because, Change, Kind, Scaled, State, Value, fires};
use crate::catalog::{Catalog, CellSource, Entry};
use crate::inventory::StoreNow;
use crate::model::{ClassId, FiledEntry, Filing, Level, Measure, Method, StoreState};
use crate::regime::form::{Column, From, OnChange};
use crate::regime::{Calendar, Form};

/// Everything that a filing is compared with.
#[derive(Clone, Copy, Debug)]
pub struct Situation<'a> {
    /// All classes of now as entries, of every level.
    pub now: &'a Catalog,
    /// The stores, each with its latest result and its latest attempt.
    pub stores: &'a [StoreNow],
    /// Results since the filing; may be empty, then changes count from the date of the filed figures.
    pub history: &'a History,
    /// The form, which says what a change in a column means.
    pub form: &'a Form,
    /// The calendar, for the deadlines.
    pub calendar: &'a Calendar,
    /// Classes of which now hides something: an asset of theirs is listed and could not be read.
    pub hidden: &'a BTreeSet<ClassId>,
    /// What the present result of each store was made with: versions of rules and of the regime, by store.
    pub versions: &'a BTreeMap<String, (String, String)>,
}

/// What came out.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Comparison {
    /// The filing that it was compared with.
    pub baseline: Baseline,
    /// What the changes add up to.
    pub state: State,
    /// The changes: filed entries in the order of their filing, then new classes.
    pub changes: Vec<Change>,
}

/// The filing that now is compared with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Baseline {
    /// Its number with the authority, else its id.
    pub filing: String,
    /// The date on which it was accepted.
    pub accepted: Option<String>,
}

/// Compares an accepted filing with now.
#[must_use]
pub fn compare(filing: &Filing, situation: &Situation<'_>) -> Comparison {
    let walk = Walk { filing, situation };
    let now: BTreeMap<&str, &Entry> =
        situation.now.entries.iter().map(|entry| (entry.class.id.0.as_str(), entry)).collect();
    let filed: BTreeSet<&str> = filing.entries.iter().map(|entry| entry.id.as_str()).collect();
    let mut new: Vec<&Entry> = situation
        .now
        .entries
        .iter()
        .filter(|entry| level_of(entry).is_filed() && !filed.contains(entry.class.id.0.as_str()))
        .collect();
    let mut changes = Vec::new();
    for entry in &filing.entries {
        match now.get(entry.id.as_str()) {
            Some(present) => walk.of_present(entry, present, &mut changes),
            None => changes.push(walk.of_gone(entry, &mut new)),
        }
    }
    changes.extend(new.into_iter().map(|entry| walk.of_new(entry)));
    let state = changes.iter().map(Change::state).min().unwrap_or(State::Immaterial);
    let number = filing.number.clone().unwrap_or_else(|| filing.id.to_string());
    Comparison { baseline: Baseline { filing: number, accepted: filing.accepted.clone() }, state, changes }
}

fn level_of(entry: &Entry) -> Level {
    entry.level().effective().unwrap_or(Level::General)
}

struct Walk<'a> {
    filing: &'a Filing,
    situation: &'a Situation<'a>,
}

impl Walk<'_> {
    /// A filed class that is still there.
    fn of_present(&self, filed: &FiledEntry, now: &Entry, changes: &mut Vec<Change>) {
        let change = |kind| draft(filed, level_of(now), kind);
        let gap = self.gap(filed);
        if let Some(because) = gap {
            // Older figures, or those of a part, stand in the inventory; they are shown, and settle nothing.
            changes.push(Change {
                measure: Some(Scaled::Records),
                filed: number(filed.records),
                because,
                ..change(Kind::Scale)
            });
        }
        if filed.records.is_none() && filed.bytes.is_none() {
            changes.push(Change { because: Because::BaselineUnknown, ..change(Kind::Scale) });
        }
        for scaled in Scaled::ALL {
            changes.extend(self.of_measure(filed, now, scaled, gap));
        }
        if level_of(now) != filed.level {
            let level = Change {
                filed: Value::Text(filed.level.id().to_owned()),
                now: Value::Text(level_of(now).id().to_owned()),
                ..awaiting(change(Kind::Level), now)
            };
            // Less than all of it proposes no lower level.
            let fallen = level.material.is_none() && level_of(now) < filed.level;
            changes.push(match gap.filter(|_| fallen) {
                Some(because) => Change { because, ..level },
                None => self.dated(level, |_| None),
            });
        }
        for column in &self.situation.form.catalog.columns {
            let scanned = now.cells.get(&column.id).is_none_or(|cell| cell.source == CellSource::Scan);
            let change = self.of_column(filed, now, column);
            changes.extend(change.map(|change| match gap.filter(|_| scanned && column.from == From::Scan) {
                Some(because) => Change { material: None, because, between: None, refile_by: None, ..change },
                None => change,
            }));
        }
    }

    /// One measure of a class; `None` where nothing moved. A measure that was not filed cannot fire.
    fn of_measure(&self, filed: &FiledEntry, now: &Entry, scaled: Scaled, gap: Option<Because>) -> Option<Change> {
        let base = filed_measure(filed, scaled)?.value;
        let draft =
            Change { measure: Some(scaled), filed: Value::Number(base), ..draft(filed, level_of(now), Kind::Scale) };
        let scale = &now.class.scale;
        let present = match scaled {
            Scaled::Records => scale.records,
            Scaled::Bytes => scale.bytes,
            Scaled::Subjects => scale.subjects_filed(),
        };
        let Some(present) = present else {
            // No person identifier is left: nobody. Records that are not counted any more are unknown, not zero.
            let versions = (&now.class.versions.0, &now.class.versions.1);
            let because = match gap {
                Some(because) => because,
                None if versions != (&filed.rules_version, &filed.regime_version) => Because::RulesChanged,
                None if scaled == Scaled::Subjects && base > 0 => return Some(self.moved(draft, base, 0, scaled)),
                None => Because::NotCounted,
            };
            return (base > 0).then_some(Change { because, ..draft });
        };
        let (low, high) = range(scaled, present, scale.subjects);
        // A carrier read in part holds at least what was seen: growth is sure, shrinkage is not.
        let high = if gap.is_some() { u64::MAX } else { high };
        let with_now = Change { now: Value::Number(present.value), ratio: ratio(base, present.value), ..draft };
        let verdict = judge(base, (low, high));
        // Counted with other rules it may have moved between classes and not at all.
        let versions = (&now.class.versions.0, &now.class.versions.1);
        let may_have_moved = verdict == Verdict::Moved || verdict == Verdict::Straddles && fires(base, present.value);
        if may_have_moved && gap.is_none() && versions != (&filed.rules_version, &filed.regime_version) {
            return Some(Change { because: Because::RulesChanged, ..with_now });
        }
        match verdict {
            Verdict::Moved => Some(self.moved(with_now, base, present.value, scaled)),
            Verdict::Straddles if gap.is_some() => None,
            // No server counts stored bytes more exactly than its statistics: read in the same way as the filed ones,
            // they are the measure, and are doubted only where they say that it moved.
            Verdict::Straddles if scaled == Scaled::Bytes && !fires(base, present.value) => {
                self.stayed(with_now, base, present.value, scaled)
            }
            Verdict::Straddles => Some(self.dated(Change { because: Because::ExactCountNeeded, ..with_now }, |_| None)),
            Verdict::Stayed => self.stayed(with_now, base, present.value, scaled),
        }
    }

    /// The scale moved by thirty per cent or more.
    fn moved(&self, change: Change, base: u64, now: u64, scaled: Scaled) -> Change {
        let change = Change {
            now: Value::Number(now),
            ratio: ratio(base, now),
            material: Some(true),
            because: Because::Article12,
            ..change
        };
        self.dated(change, |seen| seen_measure(seen, scaled).map(|measure| fires(base, measure.value)))
    }

    /// The scale moved by less; an earlier crossing that fell back is shown, and changes no state.
    fn stayed(&self, change: Change, base: u64, now: u64, scaled: Scaled) -> Option<Change> {
        let history = self.history(&change.entry);
        let moved = |seen: &Seen| seen_measure(seen, scaled).map(|measure| fires(base, measure.value));
        if let Some(crossed) = crossing(&self.filing.as_of, history, moved) {
            return Some(Change { because: Because::FellBack, between: Some(crossed.between), ..change });
        }
        (base != now).then_some(Change { material: Some(false), because: Because::BelowThreshold, ..change })
    }

    /// One column of the form: declared fields fire on any change, numbers by the ratio, notes never.
    fn of_column(&self, filed: &FiledEntry, now: &Entry, column: &Column) -> Option<Change> {
        // These are compared by themselves, by id and not by their words.
        if matches!(column.id.as_str(), "records" | "bytes" | "subjects" | "level" | "category" | "category_top") {
            return None;
        }
        let (before, after) = (filed.fields.get(&column.id).map(String::as_str), now.value(&column.id));
        if column.on_change == OnChange::Note || before == after {
            return None;
        }
        let kind = if column.on_change == OnChange::Ratio { Kind::Scale } else { Kind::Field };
        let change = Change {
            field: Some(column.id.clone()),
            filed: text(before),
            now: text(after),
            ..draft(filed, level_of(now), kind)
        };
        if after.is_none() {
            return Some(self.dated(Change { because: Because::NotFilledIn, ..change }, |_| None));
        }
        let numbers = before.and_then(|one| one.parse::<u64>().ok()).zip(after.and_then(|one| one.parse::<u64>().ok()));
        if let (OnChange::Ratio, Some((base, present))) = (column.on_change, numbers) {
            let change = Change {
                filed: Value::Number(base),
                now: Value::Number(present),
                ratio: ratio(base, present),
                ..change
            };
            if !fires(base, present) {
                return Some(Change { material: Some(false), because: Because::BelowThreshold, ..change });
            }
            return Some(self.dated(Change { material: Some(true), because: Because::Article12, ..change }, |_| None));
        }
        Some(self.dated(Change { material: Some(true), because: Because::Article12, ..change }, |_| None))
    }

    /// A filed class without any asset now: gone, or moved to another category, or its carrier cannot be read.
    fn of_gone(&self, filed: &FiledEntry, new: &mut Vec<&Entry>) -> Change {
        let draft = Change { filed: Value::Text(filed.category.clone()), ..draft(filed, filed.level, Kind::Removed) };
        if let Some(because) = self.gap(filed) {
            return Change { because, ..draft };
        }
        let gone = |seen: &Seen| seen.present.map(|present| !present);
        let same_data = |entry: &&Entry| {
            let scale = &entry.class.scale;
            let value = |measure: Option<Measure>| measure.map(|measure| measure.value);
            entry.class.store == filed.store
                && value(scale.records) == value(filed.records)
                && value(scale.bytes) == value(filed.bytes)
        };
        if let Some(place) = new.iter().position(same_data) {
            let entry = new.remove(place);
            let change = Change { kind: Kind::Category, level: level_of(entry), ..draft };
            let now = Value::Text(entry.class.category.as_str().to_owned());
            return self.dated(Change { now, ..awaiting(change, entry) }, gone);
        }
        let versions = self.situation.versions.get(&filed.store);
        if versions.is_some_and(|now| (&now.0, &now.1) != (&filed.rules_version, &filed.regime_version)) {
            return Change { because: Because::RulesChanged, ..draft };
        }
        self.dated(Change { material: Some(true), because: Because::Article12, ..draft }, gone)
    }

    /// A class of a filed level that was not filed.
    fn of_new(&self, entry: &Entry) -> Change {
        let class = &entry.class;
        let empty = FiledEntry {
            id: class.id.0.clone(),
            category: class.category.as_str().to_owned(),
            store: class.store.clone(),
            level: level_of(entry),
            records: None,
            bytes: None,
            subjects: None,
            fields: BTreeMap::new(),
            rules_version: String::new(),
            regime_version: String::new(),
            method: Method::default(),
        };
        let draft = draft(&empty, level_of(entry), Kind::Added);
        let now = Value::Text(empty.category.clone());
        self.dated(Change { now, ..awaiting(draft, entry) }, |seen| seen.present)
    }

    /// Adds when it happened and by when to re-file.
    fn dated(&self, change: Change, changed: impl Fn(&Seen) -> Option<bool>) -> Change {
        let as_of = &self.filing.as_of;
        let crossed = crossing(as_of, self.history(&change.entry), changed).filter(|crossing| crossing.lasts);
        let between = crossed.map_or_else(|| [as_of.clone(), self.date_of(&change.store)], |found| found.between);
        let refile_by = refile_by(&between, self.situation.calendar);
        Change { between: Some(between), refile_by, ..change }
    }

    fn history(&self, class: &str) -> &[Seen] {
        self.situation.history.get(class).map_or(&[], Vec::as_slice)
    }

    /// The date of the latest result of a store.
    fn date_of(&self, store: &str) -> String {
        let result = self.store(store).and_then(|now| now.scanned.as_deref());
        civil_date(result.unwrap_or(&self.situation.now.as_of)).to_owned()
    }

    fn store(&self, name: &str) -> Option<&StoreNow> {
        self.situation.stores.iter().find(|now| now.store.name == name)
    }

    /// Why nothing of an entry can be said to be gone.
    fn gap(&self, filed: &FiledEntry) -> Option<Because> {
        let hidden = self.situation.hidden.iter().any(|class| class.0 == filed.id);
        self.carrier_gap(&filed.store).or(hidden.then_some(Because::AssetsUnread))
    }

    /// Why nothing can be said to be gone from a store: its latest attempt failed, or saw only a part.
    fn carrier_gap(&self, name: &str) -> Option<Because> {
        let Some(store) = self.store(name) else { return Some(Because::CarrierNotScanned) };
        let of_state = |state: StoreState| match state {
            StoreState::Complete => None,
            StoreState::Partial => Some(Because::CarrierPartial),
            StoreState::Unreachable => Some(Because::CarrierUnreachable),
        };
        let latest = store.last_attempt.as_ref().filter(|attempt| store.scan.is_none_or(|scan| attempt.0 > scan));
        match latest {
            Some((_, state, ..)) if *state != StoreState::Complete => of_state(*state),
            _ if store.scan.is_none() => Some(Because::CarrierNotScanned),
            _ => of_state(store.state),
        }
    }
}

/// Material once a person has confirmed the level, unsaid before.
fn awaiting(change: Change, entry: &Entry) -> Change {
    if entry.level().is_confirmed() {
        Change { material: Some(true), because: Because::Article12, ..change }
    } else {
        Change { material: None, because: Because::AwaitsConfirmation, ..change }
    }
}

/// A change of a filed entry of which nothing more is said yet.
fn draft(filed: &FiledEntry, level: Level, kind: Kind) -> Change {
    Change {
        entry: filed.id.clone(),
        category: filed.category.clone(),
        store: filed.store.clone(),
        level,
        kind,
        measure: None,
        field: None,
        filed: Value::Unknown,
        now: Value::Unknown,
        ratio: None,
        material: None,
        because: Because::BaselineUnknown,
        between: None,
        refile_by: None,
    }
}

/// The civil date of a time stamp or a date.
fn civil_date(text: &str) -> &str {
    text.get(..10).unwrap_or(text)
}

fn filed_measure(filed: &FiledEntry, scaled: Scaled) -> Option<Measure> {
    match scaled {
        Scaled::Records => filed.records,
        Scaled::Bytes => filed.bytes,
        Scaled::Subjects => filed.subjects,
    }
}

fn seen_measure(seen: &Seen, scaled: Scaled) -> Option<Measure> {
    match scaled {
        Scaled::Records => seen.records,
        Scaled::Bytes => seen.bytes,
        Scaled::Subjects => seen.subjects,
    }
}

fn ratio(filed: u64, now: u64) -> Option<f64> {
    (filed > 0).then(|| (now as f64 - filed as f64) / filed as f64)
}

fn number(measure: Option<Measure>) -> Value {
    measure.map_or(Value::Unknown, |measure| Value::Number(measure.value))
}

fn text(value: Option<&str>) -> Value {
    value.map_or(Value::Unknown, |value| Value::Text(value.to_owned()))
}

#[cfg(test)]
#[path = "compare_tests.rs"]
mod tests;
