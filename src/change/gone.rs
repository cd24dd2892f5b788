//! Filed classes that are not there any more, and classes that were not filed.

use std::collections::BTreeMap;

use super::compare::{Walk, awaiting, draft, level_of};
use super::deadline::{Counted, Seen};
use super::moved::Certainty;
use super::{Because, Change, Kind, Scaled, Value};
use crate::catalog::{Class, Entry};
use crate::model::{ClassId, FiledEntry, Measure, Method};

impl Walk<'_> {
    /// A filed class without any asset now: gone, or its data stand elsewhere, or its carrier cannot be read.
    pub(super) fn of_gone(
        &self,
        filed: &FiledEntry,
        now: &BTreeMap<&str, &Entry>,
        new: &mut Vec<&Entry>,
        changes: &mut Vec<Change>,
    ) {
        let draft = Change { filed: Value::Text(filed.category.clone()), ..draft(filed, filed.level, Kind::Removed) };
        if let Some(because) = self.gap(filed) {
            changes.push(Change { because, ..draft });
            return;
        }
        // Nothing has happened to the data where the rules of now see nothing of this class in what was filed.
        let has_other_rules = self.has_other_rules(filed);
        if has_other_rules && self.is_recounted(filed) && self.recounted(filed).is_none_or(is_empty) {
            changes.push(Change { because: Because::RulesChanged, ..draft });
            return;
        }
        let relocated = self.situation.relocated.get(&ClassId(filed.id.clone()));
        let found = relocated.and_then(|it| Some((*now.get(it.to.0.as_str())?, it.certainty)));
        let found =
            found.or_else(|| new.iter().find(|entry| is_same_data(filed, entry)).map(|one| (*one, Certainty::Sure)));
        if let Some((entry, certainty)) = found {
            let was_new = new.iter().position(|other| other.class.id == entry.class.id);
            if let Some(place) = was_new {
                new.remove(place);
            }
            self.of_relocated(filed, entry, certainty, was_new.is_some(), changes);
            return;
        }
        if has_other_rules && !self.is_recounted(filed) {
            changes.push(Change { because: Because::RulesChanged, ..draft });
            return;
        }
        changes.push(self.dated(Change { material: Some(true), because: Because::Article12, ..draft }, is_gone));
    }

    /// A filed class whose data stand in another class now: another category, another carrier, or both. Its scale is
    /// compared where nothing else was filed there.
    fn of_relocated(
        &self,
        filed: &FiledEntry,
        entry: &Entry,
        certainty: Certainty,
        was_new: bool,
        changes: &mut Vec<Change>,
    ) {
        let mut found = Vec::new();
        if entry.class.category.as_str() != filed.category {
            let change = Change {
                filed: Value::Text(filed.category.clone()),
                now: Value::Text(entry.class.category.as_str().to_owned()),
                ..awaiting(draft(filed, level_of(entry), Kind::Category), entry)
            };
            found.push(self.dated(change, is_gone));
        }
        if was_new {
            for scaled in Scaled::ALL {
                // That it was gone from its old place is no crossing of its scale.
                let change = self.of_measure(filed, entry, scaled, None);
                found.extend(change.filter(|change| change.because != Because::FellBack));
            }
            found.extend(self.of_level(filed, entry, None).filter(|_| entry.class.category.as_str() == filed.category));
            found.extend(self.of_columns(filed, entry, None));
        } else if entry.class.store != filed.store {
            let change = Change {
                field: Some("carrier".to_owned()),
                filed: Value::Text(filed.store.clone()),
                now: Value::Text(entry.class.store.clone()),
                material: Some(true),
                because: Because::Article12,
                ..draft(filed, level_of(entry), Kind::Field)
            };
            found.push(self.dated(change, is_gone));
        }
        if certainty == Certainty::Likely {
            for change in found.iter_mut().filter(|change| change.material == Some(true)) {
                (change.material, change.because) = (None, Because::LikelyMoved);
            }
        }
        changes.extend(found);
    }

    /// A class of a filed level that was not filed.
    pub(super) fn of_new(&self, entry: &Entry) -> Change {
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
        let then = self.situation.recounted.get(&class.store).and_then(|classes| classes.get(&class.id.0));
        if then.is_some_and(|then| !is_empty(then)) {
            // The data were there when the catalog was filed; the rules of then saw another class in them.
            return Change { now, because: Because::RulesChanged, ..draft };
        }
        self.dated(Change { now, ..awaiting(draft, entry) }, |seen| seen.present)
    }
}

/// Whether a result does not show the class any more; `None` where it cannot say, or was counted with rules under which
/// that says nothing.
fn is_gone(seen: &Seen) -> Option<bool> {
    seen.present.filter(|_| seen.counted != Counted::Otherwise).map(|present| !present)
}

/// Whether a class holds nothing.
fn is_empty(class: &Class) -> bool {
    let nothing = |measure: Option<Measure>| measure.is_none_or(|measure| measure.value == 0);
    nothing(class.scale.records_distinct) && nothing(class.scale.bytes)
}

/// Whether a new class in the store of a filed one that is gone has its very figures: then it is the same data, and
/// another category.
fn is_same_data(filed: &FiledEntry, entry: &Entry) -> bool {
    let scale = &entry.class.scale;
    let value = |measure: Option<Measure>| measure.map(|measure| measure.value);
    entry.class.store == filed.store
        && filed.records.or(filed.bytes).is_some()
        && value(scale.records_distinct) == value(filed.records)
        && value(scale.bytes) == value(filed.bytes)
}
