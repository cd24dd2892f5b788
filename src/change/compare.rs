//! Entry by entry: what was filed against what is there now.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::deadline::{History, Seen, crossing, refile_by};
use super::moved::Relocated;
use super::{Because, Change, Kind, Scaled, State, Value, fires};
use crate::catalog::{Catalog, CellSource, Class, Entry};
use crate::inventory::StoreNow;
use crate::model::{ClassId, Counting, FiledEntry, Filing, Level, Measure, StoreState};
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
    /// The filed data as the rules of now count it ([`super::Recount`]), by store and class id, of each store whose rules
    /// have changed since and whose filed evidence is still there.
    pub recounted: &'a BTreeMap<String, BTreeMap<String, Class>>,
    /// Filed classes that are gone and whose data stand in another class now ([`super::moved::relocated`]).
    pub relocated: &'a BTreeMap<ClassId, Relocated>,
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
            None => walk.of_gone(entry, &now, &mut new, &mut changes),
        }
    }
    changes.extend(new.into_iter().map(|entry| walk.of_new(entry)));
    let state = changes.iter().map(Change::state).min().unwrap_or(State::Immaterial);
    let number = filing.number.clone().unwrap_or_else(|| filing.id.to_string());
    Comparison { baseline: Baseline { filing: number, accepted: filing.accepted.clone() }, state, changes }
}

/// The level that an entry has now.
pub(super) fn level_of(entry: &Entry) -> Level {
    entry.level().effective().unwrap_or(Level::General)
}

/// One filing against one situation.
pub(super) struct Walk<'a> {
    pub(super) filing: &'a Filing,
    pub(super) situation: &'a Situation<'a>,
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
        changes.extend(self.of_rules(filed, now));
        for scaled in Scaled::ALL {
            changes.extend(self.of_measure(filed, now, scaled, gap));
        }
        self.of_levels(filed, now, gap, changes);
        changes.extend(self.of_level(filed, now, gap));
        changes.extend(self.of_columns(filed, now, gap));
    }

    /// The level, which fires on any change that a person stands for.
    pub(super) fn of_level(&self, filed: &FiledEntry, now: &Entry, gap: Option<Because>) -> Option<Change> {
        if level_of(now) == filed.level {
            return None;
        }
        let level = Change {
            filed: Value::Text(filed.level.id().to_owned()),
            now: Value::Text(level_of(now).id().to_owned()),
            ..awaiting(draft(filed, level_of(now), Kind::Level), now)
        };
        // Less than all of it proposes no lower level.
        let fallen = level.material.is_none() && level_of(now) < filed.level;
        Some(match gap.filter(|_| fallen) {
            Some(because) => Change { because, ..level },
            None => self.dated(level, |_| None),
        })
    }

    pub(super) fn of_columns(&self, filed: &FiledEntry, now: &Entry, gap: Option<Because>) -> Vec<Change> {
        let of_column = |column: &Column| {
            let scanned = now.cells.get(&column.id).is_none_or(|cell| cell.source == CellSource::Scan);
            let change = self.of_column(filed, now, column)?;
            Some(match gap.filter(|_| scanned && column.from == From::Scan) {
                Some(because) => Change { material: None, because, between: None, refile_by: None, ..change },
                None => change,
            })
        };
        self.situation.form.catalog.columns.iter().filter_map(of_column).collect()
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
        // A column that the imported form did not have was not filed.
        if before.is_none() && filed.is_imported() {
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

    /// Whether the present result of the carrier was made with other rules than the filed figures; never so where no scan
    /// made those.
    pub(super) fn has_other_rules(&self, filed: &FiledEntry) -> bool {
        let versions = self.situation.versions.get(&filed.store);
        let is_other = |now: &(String, String)| (&now.0, &now.1) != (&filed.rules_version, &filed.regime_version);
        !filed.is_imported() && versions.is_some_and(is_other)
    }

    /// Whether the filed data of its carrier were counted once more by the rules of now.
    pub(super) fn is_recounted(&self, filed: &FiledEntry) -> bool {
        self.situation.recounted.contains_key(&filed.store)
    }

    /// The filed data of a class as the rules of now count it; `None` where these see nothing of it.
    pub(super) fn recounted(&self, filed: &FiledEntry) -> Option<&Class> {
        self.situation.recounted.get(&filed.store)?.get(&filed.id)
    }

    /// Adds when it happened and by when to re-file.
    pub(super) fn dated(&self, change: Change, changed: impl Fn(&Seen) -> Option<bool>) -> Change {
        let as_of = &self.counted_on(&change);
        let crossed = crossing(as_of, self.history(&change.entry), changed).filter(|crossing| crossing.lasts);
        let between = crossed.map_or_else(|| [as_of.clone(), self.date_of(&change.store)], |found| found.between);
        let refile_by = refile_by(&between, self.situation.calendar);
        Change { between: Some(between), refile_by, ..change }
    }

    /// The day of the filed figures: that of the filing, or of an entry that a person counted on a day of its own.
    fn counted_on(&self, change: &Change) -> String {
        let is_carrier_unscanned = self.store(&change.store).is_none();
        let mut entries = self.filing.entries.iter().filter(|_| is_carrier_unscanned);
        let by_hand = entries.find(|filed| filed.id == change.entry && filed.method.counting == Counting::Hand);
        by_hand.and_then(|filed| filed.fields.get("as_of")).unwrap_or(&self.filing.as_of).clone()
    }

    pub(super) fn history(&self, class: &str) -> &[Seen] {
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
    pub(super) fn gap(&self, filed: &FiledEntry) -> Option<Because> {
        if self.is_by_hand(filed) {
            return None;
        }
        let hidden = self.situation.hidden.iter().any(|class| class.0 == filed.id);
        self.carrier_gap(&filed.store).or(hidden.then_some(Because::AssetsUnread))
    }

    /// Whether a person counts the entry: no scan can miss it, and only that person can say that it is gone.
    fn is_by_hand(&self, filed: &FiledEntry) -> bool {
        let is_now =
            || self.situation.now.entries.iter().any(|now| now.class.id.0 == filed.id && now.class.is_by_hand());
        filed.method.counting == Counting::Hand || (self.store(&filed.store).is_none() && is_now())
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
pub(super) fn awaiting(change: Change, entry: &Entry) -> Change {
    if entry.level().is_confirmed() {
        Change { material: Some(true), because: Because::Article12, ..change }
    } else {
        Change { material: None, because: Because::AwaitsConfirmation, ..change }
    }
}

/// A change of a filed entry of which nothing more is said yet.
pub(super) fn draft(filed: &FiledEntry, level: Level, kind: Kind) -> Change {
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

pub(super) fn filed_measure(filed: &FiledEntry, scaled: Scaled) -> Option<Measure> {
    match scaled {
        Scaled::Records => filed.records,
        Scaled::Bytes => filed.bytes,
        Scaled::Subjects => filed.subjects,
    }
}

pub(super) fn seen_measure(seen: &Seen, scaled: Scaled) -> Option<Measure> {
    match scaled {
        Scaled::Records => seen.records,
        Scaled::Bytes => seen.bytes,
        Scaled::Subjects => seen.subjects,
    }
}

pub(super) fn ratio(filed: u64, now: u64) -> Option<f64> {
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
