//! The tables of a dump, examined while it is read: surveyed together like those of a server, each with a scanner of its
//! own from its first row to its last.

use std::collections::BTreeMap;
use std::rc::Rc;

use crate::classify::survey::Survey;
use crate::discover::database::TableFacts;
use crate::model::{Asset, Examined, Fragment, Reason};
use crate::open::table::RowsRead;

use super::Engine;
use super::examination::Part;
use super::examine;
use super::places::Places;
use super::surveyed::{self, Surveyed};

/// Tables whose rows come in any order.
pub(super) struct Dumped<'e> {
    engine: &'e Engine,
    listing: Rc<[TableFacts]>,
    assets: Vec<Asset>,
    survey: Survey<'e>,
    /// Those of which rows may still come, by place in the listing.
    open: BTreeMap<usize, Part<'e>>,
    done: Vec<Option<Examined>>,
    /// The table whose rows come now; none while running text does.
    current: Option<usize>,
    /// Whether these rows are of one table too many.
    is_refused: bool,
}

impl<'e> Dumped<'e> {
    /// Before a row was read of any. `container` is the dump.
    pub(super) fn new(engine: &'e Engine, container: &Asset, listing: &Rc<[TableFacts]>, places: &mut Places) -> Self {
        let assets: Vec<Asset> = listing
            .iter()
            .map(|table| surveyed::asset(engine, table, &container.store, places, Some(&container.locator)))
            .collect();
        let survey = surveyed::survey(engine, listing, &assets);
        let done = vec![None; assets.len()];
        let listing = Rc::clone(listing);
        Self { engine, listing, assets, survey, open: BTreeMap::new(), done, current: None, is_refused: false }
    }

    /// Rows of the table at this place come.
    pub(super) fn begin_rows(&mut self, place: usize) {
        self.is_refused = false;
        if !self.open.contains_key(&place) {
            let (Some(facts), Some(asset)) = (self.listing.get(place), self.assets.get(place)) else { return };
            if self.open.len() >= self.engine.limits.open_tables {
                self.is_refused = true;
                let refused = examine::unread_table(asset.clone(), facts, Reason::TooMany);
                if let Some(done) = self.done.get_mut(place) {
                    *done = Some(refused);
                }
                return;
            }
            let facts = &Surveyed::new(facts, &self.survey, place);
            let mut part = examine::open_table(self.engine, asset.clone(), facts);
            part.scanner.take(Fragment::Table(&facts.columns));
            self.open.insert(place, part);
        }
        self.current = Some(place);
    }

    /// The rows end for now.
    pub(super) fn end_rows(&mut self) {
        self.current = None;
        self.is_refused = false;
    }

    /// Takes what is of the rows that come; gives whether it was.
    pub(super) fn take(&mut self, fragment: Fragment<'_>) -> bool {
        if let Some(part) = self.current.and_then(|place| self.open.get_mut(&place)) {
            part.scanner.take(fragment);
            return true;
        }
        self.is_refused
    }

    /// All rows of a table were read.
    pub(super) fn end_table(&mut self, place: usize, read: RowsRead) {
        if let Some(part) = self.open.remove(&place) {
            self.conclude(place, part, read, None);
        }
    }

    fn conclude(&mut self, place: usize, part: Part<'e>, read: RowsRead, reason: Option<Reason>) {
        let Some(facts) = self.listing.get(place) else { return };
        let facts = &Surveyed::new(facts, &self.survey, place);
        let mut examined = examine::conclude_table(self.engine, part, facts, Ok(read));
        examined.reason = reason.or(examined.reason);
        if let Some(done) = self.done.get_mut(place) {
            // Of a table that was one too many at first, not all rows were read.
            examined.reason = done.take().and_then(|refused| refused.reason).or(examined.reason);
            *done = Some(examined);
        }
    }

    /// The results in the order of the listing; `broken` says why the dump was not read to its end.
    pub(super) fn finish(mut self, broken: Option<Reason>) -> Vec<Examined> {
        let only_names = self.engine.options().metadata_only.then_some(Reason::MetadataOnly);
        for (place, part) in std::mem::take(&mut self.open) {
            let of = self.listing.get(place).and_then(|facts| facts.records);
            self.conclude(place, part, RowsRead { of, ..RowsRead::default() }, broken.or(Some(Reason::Corrupt)));
        }
        for place in 0..self.assets.len() {
            if self.done.get(place).is_some_and(Option::is_some) {
                continue;
            }
            let (Some(facts), Some(asset)) = (self.listing.get(place), self.assets.get(place)) else { continue };
            let surveyed = &Surveyed::new(facts, &self.survey, place);
            let mut part = examine::open_table(self.engine, asset.clone(), surveyed);
            part.scanner.take(Fragment::Table(&facts.columns));
            let read = RowsRead { of: facts.records, ..RowsRead::default() };
            self.conclude(place, part, read, only_names);
        }
        self.done.into_iter().flatten().collect()
    }
}
