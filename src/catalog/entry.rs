//! A class of a filed level as a row of the filing form.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Class, fill};
use crate::inventory::StoreNow;
use crate::model::{
    ChainHead, Counting, Distinct, Enterprise, FiledEntry, Filing, FilingKind, FilingState, Level, LevelDecision,
    Method, Register, Sizes, Store, StoreKind,
};
use crate::regime::Regime;

/// The catalog of an enterprise: what is filed, as far as it is known.
#[derive(Clone, Debug, PartialEq)]
pub struct Catalog {
    /// The cells of the entity sheet, by column id.
    pub entity: BTreeMap<String, Cell>,
    /// The authority that it is filed with.
    pub authority: Option<String>,
    /// The date of its figures.
    pub as_of: String,
    /// One a class, sorted by category and store.
    pub entries: Vec<Entry>,
    /// How old the figures of each store are, by its name; a store that is not here is as old as `as_of`.
    pub results: BTreeMap<String, Result>,
    /// Where the audit log stood.
    pub audit: Option<ChainHead>,
    /// The latest filing with the authority.
    pub filing: Option<FilingNote>,
}

/// Where a filing stands, for those who only read a catalog.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FilingNote {
    /// Its state.
    pub state: FilingState,
    /// The number that the authority gave.
    pub number: Option<String>,
    /// The civil date on which it was handed in.
    pub submitted: String,
    /// The civil date of acceptance.
    pub accepted: Option<String>,
}

impl FilingNote {
    /// The latest of filings with an authority that is no yearly inventory; of an unnamed authority the latest of all.
    #[must_use]
    pub fn latest(filings: &[Filing], authority: Option<&str>) -> Option<Self> {
        let is_wanted = |filing: &&Filing| {
            filing.kind != FilingKind::Inventory && authority.is_none_or(|authority| filing.authority == authority)
        };
        let filing = filings.iter().rev().find(is_wanted)?;
        Some(Self {
            state: filing.state,
            number: filing.number.clone(),
            submitted: filing.submitted.clone(),
            accepted: filing.accepted.clone(),
        })
    }
}

/// The result of a store that its figures are of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Result {
    /// Its civil date.
    pub date: String,
    /// Whether the store has not answered since.
    pub is_behind: bool,
}

/// One row of the catalog.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// The class that it is made from.
    pub class: Class,
    /// Its cells, by column id; a column that nobody has filled is not in the map.
    pub cells: BTreeMap<String, Cell>,
    /// Required columns without a value, in the order of the form.
    pub missing: Vec<String>,
}

/// A value of the form and who gave it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cell {
    /// The value as it is written into the form.
    pub value: String,
    /// Who gave it.
    pub source: CellSource,
}

/// Who gave a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum CellSource {
    /// The scan.
    Scan,
    /// A person, in `mulu.toml`.
    Register,
}

/// What a catalog is made with, beside its classes.
#[derive(Clone, Copy, Debug)]
pub struct Given<'a> {
    /// The stores, for what they are.
    pub stores: &'a [Store],
    /// What no scan can know.
    pub register: &'a Register,
    /// The data processor.
    pub enterprise: &'a Enterprise,
    /// The authority to file with.
    pub authority: Option<&'a str>,
    /// The date of the catalog, `YYYY-MM-DD`.
    pub as_of: &'a str,
    /// How old the figures of each store are, by its name; a store that is not here is as old as `as_of`.
    pub results: &'a BTreeMap<String, Result>,
}

/// Which classes become entries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// Important and core data: what `miit-166/12` asks for.
    Filed,
    /// All classes, for the enterprise's own use.
    AllLevels,
}

impl Catalog {
    /// Makes the catalog from classes and from what persons have declared.
    #[must_use]
    pub fn make(classes: Vec<Class>, given: &Given<'_>, scope: Scope, regime: &Regime) -> Self {
        let wanted = |class: &Class| match scope {
            Scope::Filed => class.level.effective().is_some_and(Level::is_filed),
            Scope::AllLevels => true,
        };
        let mut entries: Vec<Entry> = classes
            .into_iter()
            .filter(wanted)
            .map(|class| {
                let store = given.stores.iter().find(|store| store.name == class.store);
                fill::entry(class, store, given, regime)
            })
            .collect();
        entries.sort_by(|a, b| (&a.class.category, &a.class.store).cmp(&(&b.class.category, &b.class.store)));
        Self {
            entity: fill::entity_cells(given.enterprise, &regime.form),
            authority: given.authority.map(str::to_owned),
            as_of: given.as_of.to_owned(),
            entries,
            results: given.results.clone(),
            audit: None,
            filing: None,
        }
    }

    /// The entries as a filing freezes them, each with the scan of its store that its figures are of.
    #[must_use]
    pub fn freeze(&self, stores: &[StoreNow]) -> Vec<FiledEntry> {
        let freeze = |entry: &Entry| {
            let mut filed = entry.filed();
            // A class entered by hand is of no store, whatever it is called.
            if entry.class.is_by_hand() {
                return filed;
            }
            if let Some(now) = stores.iter().find(|now| now.store.name == filed.store) {
                filed.method.scan = now.scan;
                filed.method.sizes = Some(sizes(now.store.kind));
            }
            filed
        };
        self.entries.iter().map(freeze).collect()
    }

    /// Entries whose level nobody has confirmed yet.
    pub fn unconfirmed(&self) -> impl Iterator<Item = &Entry> {
        self.entries.iter().filter(|entry| !entry.level().is_confirmed())
    }
}

impl Entry {
    /// The value of a column.
    #[must_use]
    pub fn value(&self, column: &str) -> Option<&str> {
        self.cells.get(column).map(|cell| cell.value.as_str())
    }

    /// Proposed, confirmed, authority.
    #[must_use]
    pub fn level(&self) -> &LevelDecision {
        &self.class.level
    }

    /// The entry as a filing freezes it.
    #[must_use]
    pub fn filed(&self) -> FiledEntry {
        FiledEntry {
            id: self.class.id.0.clone(),
            category: self.class.category.as_str().to_owned(),
            store: self.class.store.clone(),
            level: self.level().effective().unwrap_or(self.class.proposal.level),
            records: self.class.scale.records_distinct,
            bytes: self.class.scale.bytes,
            subjects: self.class.scale.subjects_filed(),
            fields: self.cells.iter().map(|(id, cell)| (id.clone(), cell.value.clone())).collect(),
            rules_version: self.class.versions.0.clone(),
            regime_version: self.class.versions.1.clone(),
            method: Method {
                counting: if self.class.is_by_hand() { Counting::Hand } else { Counting::Scan },
                scan: None,
                sampled: matches!(self.class.scale.subjects, Some(Distinct::Range { .. })),
                partial: self.class.scale.partial,
                sizes: None,
                records_stored: self.class.scale.records,
                levels: self.class.scale.levels.clone(),
            },
        }
    }
}

/// What stored bytes are in a store of this kind.
fn sizes(kind: StoreKind) -> Sizes {
    match kind {
        StoreKind::Share => Sizes::FileLength,
        StoreKind::Sqlite => Sizes::SqlitePages,
        StoreKind::Postgres => Sizes::PostgresTableSize,
        StoreKind::Mysql => Sizes::MysqlDataLength,
        StoreKind::SqlServer => Sizes::SqlserverDataPages,
    }
}
