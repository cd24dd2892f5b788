//! 分级防护 (`miit-166/13`): data of several levels that are processed together are protected as the highest of them asks.

use std::collections::BTreeMap;

use super::class::Class;
use crate::model::Level;

/// The level by which each store is to be protected: the highest that it holds, as it stands now. It is a level of
/// protection; no asset and no entry takes its own level from it.
#[must_use]
pub fn protection(classes: &[Class]) -> BTreeMap<&str, Level> {
    let mut stores = BTreeMap::new();
    for class in classes {
        let level = class.level.effective().unwrap_or(class.proposal.level);
        let highest = stores.entry(class.store.as_str()).or_insert(level);
        *highest = level.max(*highest);
    }
    stores
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{PARAMETERS, classes, record};
    use super::*;

    #[test]
    fn a_store_is_protected_by_its_highest_level_and_no_class_takes_it() {
        let records = [
            record("mes", "a", PARAMETERS, Some(2000), 10),
            record("mes", "b", "management.hr", Some(20), 10),
            record("plant", "c", "management.hr", Some(20), 10),
        ];
        let classes = classes(&records, &[]);
        let stores = protection(&classes);
        assert_eq!(stores, BTreeMap::from([("mes", Level::Important), ("plant", Level::General)]));
        let hr: Vec<Level> = classes
            .iter()
            .filter(|class| class.category.as_str() == "management.hr")
            .map(|class| class.proposal.level)
            .collect();
        assert_eq!(hr, [Level::General, Level::General], "neither from the neighbour in its store");
    }
}
