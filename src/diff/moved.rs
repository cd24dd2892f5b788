//! Files that stand at another place, recognised by the hash of their content: one line that says from where, and not one
//! gone and one new. What stands on both sides rules out none: `log` became `log.1` although there is a new `log`.
//!
//! Only contents that stand at a new place are held: contents first ([`Moves::came`]), then the places that lost one of
//! them ([`Moves::left`]), then the differences as they come ([`Moves::told`]).

use std::collections::{BTreeMap, HashSet};

use xxhash_rust::xxh3::xxh3_64;

use super::{Kind, Row, Value};
use crate::inventory::{Difference, Left};
use crate::model::Locator;

/// What has moved between two scans of a store. A million moved files take some 230 MB.
#[derive(Clone, Debug, Default)]
pub struct Moves {
    /// Contents that stand at new places.
    contents: BTreeMap<u128, Copies>,
    /// Where they stood: of each content the first place, the second…
    from: BTreeMap<(u128, u32), Locator>,
    /// Places that are empty because what stood there has moved, as 64 bits: two of a million collide with a chance below
    /// 1 in 30 million.
    vacated: HashSet<u64>,
}

/// How many of a content there are; of copies each has moved once at most.
#[derive(Clone, Copy, Debug, Default)]
struct Copies {
    /// At new places.
    came: u32,
    /// At places that lost it, as many as came at most.
    left: u32,
    /// Told as moved so far.
    told: u32,
}

impl Moves {
    /// A content that the second scan saw and the first did not see at that place; counts where the first saw nothing there.
    pub fn came(&mut self, place: &Left) {
        if !place.stands {
            self.contents.entry(place.content).or_default().came += 1;
        }
    }

    /// Whether nothing can have moved: no content stands at a new place.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.contents.is_empty()
    }

    /// A place that lost its content. Call it after every [`Moves::came`], in the order of places.
    pub fn left(&mut self, place: Left) {
        let Some(copies) = self.contents.get_mut(&place.content).filter(|copies| copies.left < copies.came) else {
            return;
        };
        if !place.stands {
            self.vacated.insert(number_of(&place.locator));
        }
        self.from.insert((place.content, copies.left), place.locator);
        copies.left += 1;
    }

    /// The rows of a difference, in the order of places, with what has moved told as such.
    #[must_use]
    pub fn told(&mut self, difference: &Difference, mut rows: Vec<Row>) -> Vec<Row> {
        if difference.after.is_none() && self.vacated.contains(&number_of(&difference.locator)) {
            return Vec::new();
        }
        let Some(new) = rows.iter_mut().find(|row| row.kind == Kind::New) else { return rows };
        let content = difference.after.as_ref().and_then(|after| after.content_hash.as_deref());
        let content = content.and_then(|hash| u128::from_str_radix(hash, 16).ok());
        if let Some(from) = content.and_then(|content| self.take(content)) {
            (new.kind, new.before) = (Kind::Moved, Value::Text(from.to_string()));
            new.after = Value::Text(new.locator.to_string());
        }
        rows
    }

    /// The next place from which a content has moved.
    fn take(&mut self, content: u128) -> Option<Locator> {
        let copies = self.contents.get_mut(&content)?;
        let from = self.from.remove(&(content, copies.told))?;
        copies.told += 1;
        Some(from)
    }
}

fn number_of(place: &Locator) -> u64 {
    xxh3_64(place.as_str().as_bytes())
}

#[cfg(test)]
#[path = "moved_tests.rs"]
mod tests;
