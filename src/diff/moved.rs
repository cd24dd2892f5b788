//! Files that stand at another place, recognised by the hash of their content: one line that says from where, and not one
//! gone and one new. What stands on both sides rules out none: `log` became `log.1` although there is a new `log`.
//!
//! Only contents that stand at a new place are held: contents first ([`Moves::came`]), then the places that lost one of
//! them ([`Moves::left`]), then the differences as they come ([`Moves::told`]).

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::{Kind, Row, Value};
use crate::inventory::{Difference, Left};
use crate::model::Locator;

/// What has moved between two scans of a store.
#[derive(Clone, Debug, Default)]
pub struct Moves {
    /// Contents that stand at new places: at how many, and where they stood. Of copies each moved once at most.
    contents: BTreeMap<u128, (usize, VecDeque<Locator>)>,
    /// Places that are empty because what stood there has moved.
    vacated: BTreeSet<Locator>,
}

impl Moves {
    /// A content that the second scan saw and the first did not see at that place; counts where the first saw nothing there.
    pub fn came(&mut self, place: &Left) {
        if !place.stands {
            self.contents.entry(place.content).or_default().0 += 1;
        }
    }

    /// Whether nothing can have moved: no content stands at a new place.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.contents.is_empty()
    }

    /// A place that lost its content. Call it after every [`Moves::came`], in the order of places.
    pub fn left(&mut self, place: Left) {
        let Some((wanted, from)) = self.contents.get_mut(&place.content) else { return };
        if from.len() < *wanted {
            from.push_back(place.locator.clone());
            if !place.stands {
                self.vacated.insert(place.locator);
            }
        }
    }

    /// The rows of a difference, in the order of places, with what has moved told as such.
    #[must_use]
    pub fn told(&mut self, difference: &Difference, mut rows: Vec<Row>) -> Vec<Row> {
        if difference.after.is_none() && self.vacated.contains(&difference.locator) {
            return Vec::new();
        }
        let Some(new) = rows.iter_mut().find(|row| row.kind == Kind::New) else { return rows };
        let content = difference.after.as_ref().and_then(|after| after.content_hash.as_deref());
        let content = content.and_then(|hash| u128::from_str_radix(hash, 16).ok());
        let from = content.and_then(|content| self.contents.get_mut(&content)?.1.pop_front());
        if let Some(from) = from {
            (new.kind, new.before) = (Kind::Moved, Value::Text(from.to_string()));
            new.after = Value::Text(new.locator.to_string());
        }
        rows
    }
}

#[cfg(test)]
#[path = "moved_tests.rs"]
mod tests;
