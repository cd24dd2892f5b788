//! What folders, databases and containers hold, so that a person can confirm everything below one at once. Pure.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::model::{AssetKind, CategoryId, Locator, Status};

/// What lies below one place.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Summary {
    /// The store.
    pub store: String,
    /// The folder (`drawings/`), schema (`public.`) or container (`mes.db!`); empty for the whole store.
    pub place: String,
    /// Assets below it. A container counts as one; its members are summed up at its own place.
    pub assets: u64,
    /// Those that were read and have no category.
    pub unclassified: u64,
    /// Those that were not read.
    pub unread: u64,
    /// By category, most assets first.
    pub mix: Vec<(CategoryId, u64)>,
}

impl Summary {
    /// The category that most assets have, and its share of those that have one.
    #[must_use]
    pub fn dominant(&self) -> Option<(&CategoryId, f64)> {
        let classified = self.mix.iter().map(|(_, assets)| assets).sum::<u64>();
        self.mix.first().map(|(id, assets)| (id, *assets as f64 / classified as f64))
    }
}

/// Summaries of all places of all stores, made from the assets one by one.
#[derive(Clone, Debug, Default)]
pub struct Summaries {
    places: BTreeMap<(String, String), Counts>,
}

#[derive(Clone, Debug, Default)]
struct Counts {
    assets: u64,
    unclassified: u64,
    unread: u64,
    mix: BTreeMap<CategoryId, u64>,
}

impl Summaries {
    /// Counts an asset at every place that it lies below. `category` is the effective one.
    pub fn take(
        &mut self,
        store: &str,
        locator: &Locator,
        kind: AssetKind,
        status: Status,
        category: Option<&CategoryId>,
    ) {
        for place in places_of(locator, kind) {
            let counts = self.places.entry((store.to_owned(), place)).or_default();
            counts.assets += 1;
            match (category, status) {
                (Some(category), _) => *counts.mix.entry(category.clone()).or_default() += 1,
                (None, Status::Classified | Status::Unclassified) => counts.unclassified += 1,
                (None, Status::Skipped | Status::Failed) => counts.unread += 1,
            }
        }
    }

    /// The summaries, by store and place.
    #[must_use]
    pub fn finish(self) -> Vec<Summary> {
        let summary = |((store, place), counts): ((String, String), Counts)| {
            let mut mix: Vec<(CategoryId, u64)> = counts.mix.into_iter().collect();
            mix.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
            let Counts { assets, unclassified, unread, .. } = counts;
            Summary { store, place, assets, unclassified, unread, mix }
        };
        self.places.into_iter().map(summary).collect()
    }
}

/// Whether an asset lies below a place, in a container there too: what a decision on the place is about.
#[must_use]
pub fn is_below(place: &str, locator: &Locator) -> bool {
    locator.as_str().starts_with(place)
}

/// The places that an asset lies below: of a member its container alone, of all else the store and each folder, or the
/// database and schema.
fn places_of(locator: &Locator, kind: AssetKind) -> Vec<String> {
    let text = locator.as_str();
    if let Some(container) = locator.containers().last() {
        return vec![format!("{container}!")];
    }
    let ends: Vec<usize> = match kind {
        AssetKind::Table | AssetKind::View => schema_ends(text),
        _ => text.match_indices('/').map(|(at, _)| at + 1).filter(|end| *end < text.len()).collect(),
    };
    std::iter::once(0).chain(ends).filter_map(|end| text.get(..end)).map(str::to_owned).collect()
}

/// Where the database and schema of a table end, each behind its dot; dots in quotes part nothing.
fn schema_ends(text: &str) -> Vec<usize> {
    let mut quoted = false;
    let mut ends = Vec::new();
    for (at, letter) in text.char_indices() {
        match letter {
            '"' => quoted = !quoted,
            '.' if !quoted => ends.push(at + 1),
            _ => {}
        }
    }
    ends
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn summed(assets: &[(&str, AssetKind, Option<&str>)]) -> Vec<Summary> {
        let mut summaries = Summaries::default();
        for (locator, kind, category) in assets {
            let category = category.map(CategoryId::new);
            let status = if category.is_some() { Status::Classified } else { Status::Unclassified };
            let locator = Locator::stored((*locator).to_owned());
            summaries.take("s", &locator, *kind, status, category.as_ref());
        }
        summaries.finish()
    }

    #[test]
    fn a_folder_sums_what_lies_below_it_and_names_what_most_of_it_is() {
        let file = AssetKind::File;
        let found = summed(&[
            ("a/b/1.dwg", file, Some("research.design")),
            ("a/b/2.dwg", file, Some("research.design")),
            ("a/3.csv", file, Some("management.hr")),
            ("a/4.txt", file, None),
        ]);
        let places: Vec<(&str, u64)> = found.iter().map(|one| (one.place.as_str(), one.assets)).collect();
        assert_eq!(places, [("", 4), ("a/", 4), ("a/b/", 2)]);
        let (dominant, share) = found[1].dominant().unwrap();
        assert_eq!((dominant.as_str(), found[1].unclassified), ("research.design", 1));
        assert!((share - 2.0 / 3.0).abs() < 1e-9);
    }

    #[test]
    fn members_are_summed_at_their_container_and_tables_at_their_schema() {
        let found = summed(&[
            ("x/mes.db", AssetKind::File, Some("production.planning")),
            ("x/mes.db!main.task", AssetKind::Table, Some("production.planning")),
            ("erp.\"a.b\"", AssetKind::Table, Some("management.finance")),
        ]);
        let places: Vec<(&str, u64)> = found.iter().map(|one| (one.place.as_str(), one.assets)).collect();
        assert_eq!(places, [("", 2), ("erp.", 1), ("x/", 1), ("x/mes.db!", 1)]);
    }

    #[test]
    fn an_exclamation_mark_of_a_name_is_no_container_and_a_database_is_summed_above_its_schemas() {
        let (file, table) = (AssetKind::File, AssetKind::Table);
        let found = summed(&[
            (r"news\!/a.csv", file, None),
            (r"x\\!inner\!.csv", AssetKind::Member, None),
            ("erp.hr.staff", table, None),
        ]);
        let places: Vec<(&str, u64)> = found.iter().map(|one| (one.place.as_str(), one.assets)).collect();
        assert_eq!(places, [("", 2), ("erp.", 1), ("erp.hr.", 1), (r"news\!/", 1), (r"x\\!", 1)]);
    }

    proptest! {
        #[test]
        fn each_place_holds_as_many_assets_as_lie_below_it(names in proptest::collection::btree_set("[a-c]/[a-c]/[a-d]|[a-c]/[a-d]", 0..20)) {
            let assets: Vec<_> = names.iter().map(|name| (name.as_str(), AssetKind::File, Some("service"))).collect();
            for summary in summed(&assets) {
                let below = names.iter().filter(|name| is_below(&summary.place, &Locator::stored((*name).clone())));
                prop_assert_eq!(summary.assets, below.count() as u64);
            }
        }
    }
}
