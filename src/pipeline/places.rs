//! The places of one store: each asset has one of its own.

use std::collections::BTreeSet;

use crate::detect::names::PublishedName;
use crate::model::Locator;

/// Places that are given out.
///
/// Two raw names may be shown as one: a masked identifier is the same however it was written, and six digits of a hash
/// are few. An archive may even hold one name twice. Each is an asset, so the later one gets a number.
#[derive(Debug, Default)]
pub(super) struct Places {
    taken: BTreeSet<Locator>,
}

impl Places {
    /// `wanted`, or `wanted<2>`, `wanted<3>`… No name ends so by itself: `<` is escaped in a name, and no mask is a
    /// number.
    pub(super) fn unused(&mut self, wanted: Locator) -> Locator {
        if self.taken.insert(wanted.clone()) {
            return wanted;
        }
        let mut number = 2;
        loop {
            let numbered = Locator::stored(format!("{wanted}<{number}>"));
            if self.taken.insert(numbered.clone()) {
                return numbered;
            }
            number += 1;
        }
    }

    /// The place of a name which no other raw name of the store shares. Only masking makes two names one, so the
    /// others need not be kept.
    pub(super) fn of_unique(&mut self, published: &PublishedName) -> Locator {
        let place = Locator::of(&published.name);
        if published.findings.is_empty() { place } else { self.unused(place) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::PublicName;

    #[test]
    fn the_third_asset_of_one_name_has_a_place_of_its_own() {
        let mut places = Places::default();
        let wanted = || Locator::of(&PublicName::vouched("a.zip"));
        let given: Vec<String> = (0..3).map(|_| places.unused(wanted()).to_string()).collect();
        assert_eq!(given, ["a.zip", "a.zip<2>", "a.zip<3>"]);
    }
}
