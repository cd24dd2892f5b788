//! The sink of a reader. Containers nest, so an [`Examination`] holds a stack of open parts; each gets a scanner of its own,
//! and is concluded when its last byte has been read.

use std::rc::Rc;

use crate::detect::names::{self, PublishedName};
use crate::detect::{ScanOptions, Scanner};
use crate::discover::database::TableFacts;
use crate::extract::{Extracted, Sink};
use crate::model::{Asset, AssetKind, Evidence, Examined, Finding, Fragment, Place, Reason};
use crate::open::Format;
use crate::open::table::RowsRead;
use crate::rules::ToldFormat;

use super::Engine;
use super::beginning;
use super::conclude::conclude_file;
use super::dumped::Dumped;
use super::places::Places;

/// Longer ends of names are words.
const LONGEST_EXTENSION: usize = 8;

/// What the folders above a file say: the nearest in whole, each further one less.
fn of_folders(engine: &Engine, location: &[u8]) -> Vec<Evidence> {
    let further = engine.regime.taxonomy.weighing().files.further;
    let folders = location.split(|byte| *byte == b'/').filter(|folder| !folder.is_empty()).rev();
    let mut evidence: Vec<Evidence> = Vec::new();
    let mut share = 1.0;
    for folder in folders.take(DEEPEST_FOLDER) {
        for mut piece in names::evidence(&engine.pack, &String::from_utf8_lossy(folder), Place::Folder) {
            // Said by a nearer folder already.
            if evidence.iter().any(|said| said.rule == piece.rule && said.term == piece.term) {
                continue;
            }
            for (_, weight) in &mut piece.weights {
                *weight *= share;
            }
            piece.plumbing = 0.0;
            evidence.push(piece);
        }
        share *= further;
    }
    evidence
}

/// Folders further up say what a whole share says.
const DEEPEST_FOLDER: usize = 8;

/// The folders above a name, and the name.
pub(super) fn split_path(raw_path: &[u8]) -> (&[u8], &[u8]) {
    let cut = raw_path.iter().rposition(|byte| *byte == b'/').map_or(0, |slash| slash + 1);
    raw_path.split_at(cut)
}

/// A name without its extension, which is for the formats: a `.doc` is no documentation, a `.log` no log book.
fn stem(name: &str) -> &str {
    let is_extension = |text: &str| {
        (1..=LONGEST_EXTENSION).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_alphanumeric())
    };
    name.rsplit_once('.').filter(|(stem, end)| !stem.is_empty() && is_extension(end)).map_or(name, |(stem, _)| stem)
}

pub(super) struct Part<'e> {
    pub(super) asset: Asset,
    pub(super) scanner: Scanner<'e>,
    pub(super) evidence: Vec<Evidence>,
    pub(super) name_findings: Vec<Finding>,
    pub(super) file_name: String,
    /// What it is by content; `None` before its first bytes have been seen.
    pub(super) content: Option<Format>,
    /// What its first bytes, or its name, tell.
    pub(super) format: Option<ToldFormat<'e>>,
    /// Where its result belongs among those that are done: before its members.
    pub(super) place_in_done: usize,
    /// The tables of a dump.
    tables: Option<Box<Dumped<'e>>>,
}

impl<'e> Part<'e> {
    /// `location` is what stands above the name: folders, or a schema.
    pub(super) fn new(engine: &'e Engine, asset: Asset, location: &[u8], name: &[u8]) -> Self {
        let mut evidence = names::evidence(&engine.pack, &asset.store, Place::Location);
        evidence.extend(of_folders(engine, location));
        let mut named = names::evidence(&engine.pack, stem(&String::from_utf8_lossy(name)), Place::Name);
        // Frameworks keep tables rather than files: `config` of a machine is no plumbing.
        let left = engine.regime.taxonomy.weighing().files.plumbing;
        for piece in &mut named {
            piece.plumbing *= left;
        }
        evidence.extend(named);
        Self::knowing(engine, asset, name, evidence)
    }

    /// `evidence` is what is known before it is read.
    pub(super) fn knowing(engine: &'e Engine, asset: Asset, name: &[u8], evidence: Vec<Evidence>) -> Self {
        Self {
            scanner: Scanner::new(&engine.pack, engine.key, ScanOptions { thorough: engine.options().thorough }),
            name_findings: names::publish(&engine.pack, engine.key, name).findings,
            evidence,
            asset,
            file_name: String::from_utf8_lossy(name).into_owned(),
            content: None,
            format: None,
            place_in_done: 0,
            tables: None,
        }
    }
}

pub(super) struct Examination<'e> {
    engine: &'e Engine,
    open: Vec<Part<'e>>,
    done: Vec<Examined>,
    places: Places,
}

impl<'e> Examination<'e> {
    pub(super) fn new(engine: &'e Engine) -> Self {
        Self { engine, open: Vec::new(), done: Vec::new(), places: Places::default() }
    }

    pub(super) fn begin(&mut self, asset: Asset, raw_path: &[u8]) {
        let (location, name) = split_path(raw_path);
        let mut part = Part::new(self.engine, asset, location, name);
        part.place_in_done = self.done.len();
        self.open.push(part);
    }

    /// Concludes the innermost open part.
    fn end(&mut self, outcome: Result<Extracted, Reason>) {
        let Some(mut part) = self.open.pop() else { return };
        if let Some(tables) = part.tables.take() {
            let broken = outcome.as_ref().map_or_else(|reason| Some(*reason), |extracted| extracted.partial);
            self.done.extend(tables.finish(broken));
        }
        let members = &self.done[part.place_in_done..];
        let place = part.place_in_done;
        let examined = conclude_file(self.engine, part, outcome, members);
        self.done.insert(place, examined);
    }

    /// The tables of the innermost open part.
    fn tables(&mut self) -> Option<&mut Dumped<'e>> {
        self.open.last_mut()?.tables.as_deref_mut()
    }

    pub(super) fn finish(mut self, outcome: Result<Extracted, Reason>) -> Vec<Examined> {
        // A reader that gave up inside a container has not ended the members that it had begun.
        while self.open.len() > 1 {
            self.end(Err(Reason::Corrupt));
        }
        self.end(outcome);
        self.done
    }
}

impl Sink for Examination<'_> {
    fn head(&mut self, bytes: &[u8]) {
        if let Some(part) = self.open.last_mut() {
            let beginning = beginning::read(&self.engine.pack, &part.file_name, bytes);
            part.content = Some(beginning.content);
            part.format = beginning.format;
            part.evidence.extend(beginning.titles);
        }
    }

    fn fragment(&mut self, fragment: Fragment<'_>) {
        if let Some(part) = self.open.last_mut()
            && !part.tables.as_mut().is_some_and(|tables| tables.take(fragment))
        {
            part.scanner.take(fragment);
        }
    }

    fn listing(&mut self, tables: &Rc<[TableFacts]>) -> bool {
        if let Some(part) = self.open.last_mut() {
            part.tables = Some(Box::new(Dumped::new(self.engine, &part.asset, tables, &mut self.places)));
        }
        !self.engine.options().metadata_only
    }

    fn begin_rows(&mut self, place: usize, _: &TableFacts) {
        if let Some(tables) = self.tables() {
            tables.begin_rows(place);
        }
    }

    fn end_rows(&mut self) {
        if let Some(tables) = self.tables() {
            tables.end_rows();
        }
    }

    fn end_table(&mut self, place: usize, read: RowsRead) {
        if let Some(tables) = self.tables() {
            tables.end_table(place, read);
        }
    }

    fn begin_member(&mut self, raw_name: &[u8]) {
        let Some(container) = self.open.last() else { return };
        let PublishedName { name, .. } = names::publish(&self.engine.pack, self.engine.key, raw_name);
        let (store, parent) = (container.asset.store.clone(), container.asset.locator.clone());
        let locator = self.places.unused(parent.member(&name));
        let asset = Asset { store, locator, kind: AssetKind::Member, parent: Some(parent), stat: None };
        self.begin(asset, raw_name);
    }

    fn end_member(&mut self, outcome: Result<Extracted, Reason>) {
        if self.open.len() > 1 {
            self.end(outcome);
        }
    }
}
