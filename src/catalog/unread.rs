//! What a result does not speak for: assets that it lists and that were not read, or not wholly, though an earlier
//! result had read them. Their class has not shrunk; it cannot be counted.

use std::collections::{BTreeMap, BTreeSet};

use crate::inventory::AssetRecord;
use crate::model::{ClassId, Locator, Reason};

/// The places of one result of a store that hide something.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Unread {
    places: BTreeSet<Locator>,
}

impl Unread {
    /// Takes the assets of the result one by one.
    pub fn take(&mut self, record: &AssetRecord) {
        let examined = &record.examined;
        let hides = examined.reason.is_some_and(|reason| match examined.proposal {
            // Read in part: a cap would have cut the filed figures in the same way, a damage may be new.
            Some(_) => !reason.is_lasting() || reason.is_damage(),
            None => !reason.says_nothing_is_there(),
        });
        if hides {
            self.places.insert(examined.asset.locator.clone());
        }
    }

    /// Whether nothing is hidden.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.places.is_empty()
    }

    /// Whether a place, or a container around it, hides something.
    #[must_use]
    pub fn covers(&self, place: &Locator) -> bool {
        self.places.contains(place) || place.containers().any(|container| self.places.contains(&container))
    }

    /// Adds the places of another result.
    pub fn join(&mut self, other: &Self) {
        self.places.extend(other.places.iter().cloned());
    }
}

/// Follows some places of a store from result to result, oldest first, and knows the class of what stood there last.
#[derive(Clone, Debug, Default)]
pub struct Whereabouts {
    of_interest: Unread,
    last: BTreeMap<Locator, ClassId>,
}

impl Whereabouts {
    /// Follows the places that some result of the store does not speak for.
    #[must_use]
    pub fn of(of_interest: Unread) -> Self {
        Self { of_interest, last: BTreeMap::new() }
    }

    /// Takes the assets of a result one by one.
    pub fn take(&mut self, record: &AssetRecord) {
        let asset = &record.examined.asset;
        // What was damaged already showed no more then.
        let was_shown = record.examined.proposal.is_some() && !record.examined.reason.is_some_and(Reason::is_damage);
        let category = record.category.as_ref().filter(|_| was_shown);
        if let Some(category) = category.filter(|_| self.of_interest.covers(&asset.locator)) {
            self.last.insert(asset.locator.clone(), ClassId::of(category.as_str(), &asset.store));
        }
    }

    /// The classes of which a result hides something that the results so far had shown.
    #[must_use]
    pub fn hidden(&self, unread: &Unread) -> BTreeSet<ClassId> {
        let covered = self.last.iter().filter(|(place, _)| unread.covers(place));
        covered.map(|(_, class)| class.clone()).collect()
    }
}

impl Reason {
    /// Whether it speaks of a fault in the bytes, or of a reader that stumbled over them, and not of a cap.
    fn is_damage(self) -> bool {
        matches!(self, Self::Corrupt | Self::Undecodable | Self::MemoryLimit | Self::Crashed)
    }

    /// Whether an asset that was not read for this reason holds nothing to be counted.
    fn says_nothing_is_there(self) -> bool {
        matches!(self, Self::Empty | Self::Link | Self::SpecialFile | Self::OwnFile | Self::DatabasePart)
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{FINANCE, PARAMETERS, record};
    use super::*;
    use crate::model::Examined;

    fn unread(locator: &str, reason: Reason) -> AssetRecord {
        let mut record = record("plant", locator, FINANCE, None, 1);
        record.examined = Examined::unread(record.examined.asset, reason);
        record.category = None;
        record
    }

    /// The classes that the second result hides, after a first one.
    fn hidden(before: &[AssetRecord], now: &[AssetRecord]) -> Vec<ClassId> {
        let mut unread = Unread::default();
        for record in now {
            unread.take(record);
        }
        let mut whereabouts = Whereabouts::of(unread.clone());
        for record in before {
            whereabouts.take(record);
        }
        whereabouts.hidden(&unread).into_iter().collect()
    }

    #[test]
    fn an_asset_that_was_read_before_and_failed_now_hides_a_part_of_its_class() {
        let before = [record("plant", "a", FINANCE, Some(9), 9), record("plant", "b", PARAMETERS, Some(9), 9)];
        assert_eq!(
            hidden(&before, &[unread("a", Reason::PermissionDenied), before[1].clone()]),
            [ClassId::of(FINANCE, "plant")]
        );
        assert!(hidden(&before, &[before[0].clone(), unread("c", Reason::ReadError)]).is_empty());
        assert!(hidden(&before, &[before[0].clone()]).is_empty(), "what is not listed is gone, not hidden");
    }

    #[test]
    fn a_container_that_failed_hides_what_was_in_it() {
        let before = [record("plant", "a.zip", FINANCE, None, 9), record("plant", "a.zip!x", PARAMETERS, Some(9), 9)];
        let classes = hidden(&before, &[unread("a.zip", Reason::Corrupt)]);
        assert_eq!(classes.len(), 2);
        assert!(classes.contains(&ClassId::of(PARAMETERS, "plant")));
    }

    #[test]
    fn an_asset_that_is_empty_now_hides_nothing_and_one_that_is_encrypted_does() {
        let before = [record("plant", "a", FINANCE, Some(9), 9)];
        assert!(hidden(&before, &[unread("a", Reason::Empty)]).is_empty());
        assert_eq!(hidden(&before, &[unread("a", Reason::Encrypted)]).len(), 1);
    }

    #[test]
    fn a_part_that_was_left_out_for_a_lasting_reason_hides_nothing() {
        let before = [record("plant", "a", FINANCE, Some(9), 9)];
        let partly = |reason| {
            let mut now = before[0].clone();
            now.examined.reason = Some(reason);
            now
        };
        assert!(hidden(&before, &[partly(Reason::Sampled)]).is_empty());
        assert_eq!(hidden(&before, &[partly(Reason::Deadline)]).len(), 1);
        // A download that was cut, a disc that fails: unless it was so already when it was filed.
        assert_eq!(hidden(&before, &[partly(Reason::Corrupt)]).len(), 1);
        assert!(hidden(&[partly(Reason::Corrupt)], &[partly(Reason::Corrupt)]).is_empty());
    }
}
