//! The filed data counted once more by the rules of now, from the evidence that the inventory keeps. An upgrade of rules or
//! taxonomy moves assets between classes without any change of the data; against the recounted figures only what did
//! change fires.
//!
//! A file whose content is the same now stands in for the filed one: its latest examination is what the rules of now
//! say of the filed content. Of a file or table whose content has changed the filed figures stand, under the category
//! and the level that the rules of now give to what is at its place. What has gone keeps what it was filed as.

use std::collections::{HashMap, HashSet};

use xxhash_rust::xxh3::xxh3_64;

use crate::catalog::ClassCollector;
use crate::inventory::AssetRecord;
use crate::model::{AssetKind, CategoryId, Level};

/// What is at a place now.
#[derive(Clone, Debug)]
struct Present {
    content: Option<u128>,
    category: Option<CategoryId>,
    proposed: Option<Level>,
}

/// Takes the results of one store in four passes: now, filed, now, filed; then the classes are finished.
pub struct Recount<'r> {
    collector: ClassCollector<'r>,
    present: HashMap<u64, Present>,
    /// Places, of outermost containers, that hold the same content in both results.
    same: HashSet<u64>,
    /// Contents that have left their place, with how many times each.
    left: HashMap<u128, u32>,
    /// Of these, how many stand elsewhere now.
    found: HashMap<u128, u32>,
}

impl<'r> Recount<'r> {
    /// A recount into an empty collector.
    #[must_use]
    pub fn new(collector: ClassCollector<'r>) -> Self {
        Self { collector, present: HashMap::new(), same: HashSet::new(), left: HashMap::new(), found: HashMap::new() }
    }

    /// First pass: what is there now.
    pub fn look_at_now(&mut self, record: &AssetRecord) {
        let present = Present {
            content: content(record),
            category: record.category.clone().filter(|_| record.examined.proposal.is_some()),
            proposed: record.decision.proposed,
        };
        self.present.insert(place(record), present);
    }

    /// Second pass: what was there when it was filed.
    pub fn look_at_filed(&mut self, record: &AssetRecord) {
        if record.examined.asset.kind == AssetKind::Member {
            return;
        }
        let Some(content) = content(record) else { return };
        match self.present.get(&place(record)) {
            Some(present) if present.content == Some(content) => _ = self.same.insert(place(record)),
            Some(_) => {}
            None => *self.left.entry(content).or_default() += 1,
        }
    }

    /// Third pass: now again; what holds filed content is counted.
    pub fn take_now(&mut self, record: AssetRecord) {
        let root = root_place(&record);
        if self.same.contains(&root) {
            self.collector.take(record);
            return;
        }
        // Moved whole: its members follow under a place that is the same from here on.
        let Some(content) = content(&record).filter(|_| record.examined.asset.kind == AssetKind::File) else { return };
        if let Some(times) = self.left.get_mut(&content).filter(|times| **times > 0) {
            *times -= 1;
            *self.found.entry(content).or_default() += 1;
            self.same.insert(root);
            self.collector.take(record);
        }
    }

    /// Fourth pass: filed again; what nothing of now stands in for is counted.
    pub fn take_filed(&mut self, mut record: AssetRecord) {
        let root = root_place(&record);
        if self.same.contains(&root) {
            return;
        }
        if record.examined.asset.kind == AssetKind::File
            && let Some(times) = content(&record).and_then(|content| self.found.get_mut(&content))
            && *times > 0
            && !self.present.contains_key(&root)
        {
            *times -= 1;
            // Its members are counted where it is now.
            self.same.insert(root);
            return;
        }
        if let Some(present) = self.present.get(&place(&record)) {
            if present.category.is_some() {
                record.category.clone_from(&present.category);
            }
            record.decision.proposed = present.proposed.or(record.decision.proposed);
        }
        self.collector.take(record);
    }

    /// The collector, with everything taken.
    #[must_use]
    pub fn into_collector(self) -> ClassCollector<'r> {
        self.collector
    }
}

fn content(record: &AssetRecord) -> Option<u128> {
    record.examined.content_hash.as_deref().and_then(|hash| u128::from_str_radix(hash, 16).ok())
}

/// A place as 64 bits: two of a million collide with a chance below 1 in 30 million.
fn place(record: &AssetRecord) -> u64 {
    xxh3_64(record.examined.asset.locator.as_str().as_bytes())
}

/// The place of the outermost container.
fn root_place(record: &AssetRecord) -> u64 {
    let locator = record.examined.asset.locator.as_str();
    let root = match record.examined.asset.kind {
        AssetKind::Member => record.examined.asset.locator.containers().next(),
        _ => None,
    };
    xxh3_64(root.as_ref().map_or(locator, |root| root.as_str()).as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::Class;
    use crate::catalog::fixture::{FINANCE, PARAMETERS, record, regime};
    use crate::model::{Enterprise, Measure};

    fn file(locator: &str, category: &str, records: u64, content: u128) -> AssetRecord {
        let mut file = record("plant", locator, category, Some(records), records * 10);
        file.examined.content_hash = Some(format!("{content:032x}"));
        file
    }

    fn recounted(filed: &[AssetRecord], now: &[AssetRecord]) -> Vec<Class> {
        let (regime, enterprise) = (regime(), Enterprise::default());
        let mut recount = Recount::new(ClassCollector::new(&regime, &enterprise));
        for record in now {
            recount.look_at_now(record);
        }
        for record in filed {
            recount.look_at_filed(record);
        }
        for record in now {
            recount.take_now(record.clone());
        }
        for record in filed {
            recount.take_filed(record.clone());
        }
        recount.into_collector().finish(&[])
    }

    fn figures(classes: &[Class]) -> Vec<(&str, u64, u64)> {
        let value = |measure: Option<Measure>| measure.map_or(0, |measure| measure.value);
        let figures = |class: &Class| (value(class.scale.records_distinct), value(class.scale.bytes));
        classes.iter().map(|class| (class.category.as_str(), figures(class).0, figures(class).1)).collect()
    }

    #[test]
    fn data_that_other_rules_put_elsewhere_is_counted_there_with_its_filed_figures() {
        let filed = [file("a", FINANCE, 100, 1), file("b", FINANCE, 200, 2), file("c", FINANCE, 400, 3)];
        // a is the same and is process parameters now; b has grown and is so too; c has gone.
        let now = [file("a", PARAMETERS, 100, 1), file("b", PARAMETERS, 900, 7)];
        assert_eq!(figures(&recounted(&filed, &now)), [(FINANCE, 400, 4000), (PARAMETERS, 300, 3000)]);
    }

    #[test]
    fn a_file_that_moved_is_counted_once_and_a_copy_beside_it_is_not_filed_data() {
        let filed = [file("a", FINANCE, 100, 1), file("old/b", FINANCE, 200, 2)];
        let now = [file("a", FINANCE, 100, 1), file("copy/a", FINANCE, 100, 1), file("new/b", PARAMETERS, 200, 2)];
        assert_eq!(figures(&recounted(&filed, &now)), [(FINANCE, 100, 1000), (PARAMETERS, 200, 2000)]);
    }

    #[test]
    fn members_follow_their_container_and_are_never_mixed_with_those_of_before() {
        let filed =
            [file("x.zip", FINANCE, 9, 5), file("x.zip!one", FINANCE, 10, 6), file("x.zip!two", FINANCE, 20, 7)];
        let kept =
            [file("y.zip", FINANCE, 9, 5), file("y.zip!one", PARAMETERS, 10, 6), file("y.zip!two", FINANCE, 20, 7)];
        assert_eq!(figures(&recounted(&filed, &kept)), [(FINANCE, 20, 200), (PARAMETERS, 10, 100)]);
        let repacked = [file("x.zip", FINANCE, 9, 8), file("x.zip!one", PARAMETERS, 99, 9)];
        assert_eq!(figures(&recounted(&filed, &repacked)), [(FINANCE, 20, 200), (PARAMETERS, 10, 100)]);
    }

    #[test]
    fn with_the_same_rules_and_data_the_recount_is_the_count() {
        let filed =
            [file("a", FINANCE, 100, 1), file("b", PARAMETERS, 200, 2), record("plant", "t", FINANCE, Some(5), 6)];
        assert_eq!(figures(&recounted(&filed, &filed)), [(FINANCE, 105, 1006), (PARAMETERS, 200, 2000)]);
    }
}
