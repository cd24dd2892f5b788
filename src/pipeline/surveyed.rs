//! Tables of a listing that were surveyed together, before a row of any is read.

use std::ops::Deref;

use crate::classify::survey::{Described, Survey};
use crate::detect::names;
use crate::discover::database::TableFacts;
use crate::model::{Asset, Evidence, Place, stable_id};

use super::Engine;

/// A table with what its names say in the light of all others; else it is its facts.
pub(crate) struct Surveyed<'a> {
    facts: &'a TableFacts,
    survey: &'a Survey<'a>,
    number: usize,
}

impl Deref for Surveyed<'_> {
    type Target = TableFacts;

    fn deref(&self) -> &TableFacts {
        self.facts
    }
}

impl<'a> Surveyed<'a> {
    /// The table of this number in the listing that was surveyed.
    pub(super) fn new(facts: &'a TableFacts, survey: &'a Survey<'a>, number: usize) -> Self {
        Self { facts, survey, number }
    }

    /// What is known before a row is read; the name of its store says where it lies.
    pub(super) fn evidence(&self, engine: &Engine, asset: &Asset) -> Vec<Evidence> {
        let mut evidence = names::evidence(&engine.pack, &asset.store, Place::Location);
        evidence.extend(self.survey.evidence(self.number));
        evidence
    }
}

/// Surveys a listing; each table is called by the locator of its asset in what is said of another.
pub(super) fn survey<'a>(engine: &'a Engine, tables: &[TableFacts], assets: &[Asset]) -> Survey<'a> {
    let described: Vec<Described<'_>> = tables
        .iter()
        .zip(assets)
        .map(|(facts, asset)| Described {
            location: location(facts, asset),
            name: &facts.name,
            comment: facts.comment.as_deref(),
            columns: &facts.columns,
            references: facts.foreign_keys.iter().map(|key| key.table.as_str()).collect(),
            shown: asset.locator.to_string(),
        })
        .collect();
    Survey::of(&engine.pack, &engine.regime.taxonomy, &described)
}

/// Where a table lies: its database and schema. In SQLite the file is the database, and `main` says nothing.
fn location(facts: &TableFacts, asset: &Asset) -> String {
    if facts.database.is_none() && facts.schema == SQLITE_SCHEMA && facts.format.starts_with("sqlite-") {
        let file = asset.parent.as_ref().map_or(asset.store.as_str(), |file| file.as_str());
        let name = file.rsplit('/').next().unwrap_or(file);
        return name.rsplit_once('.').map_or(name, |(stem, _)| stem).to_owned();
    }
    format!("{} {}", facts.database.as_deref().unwrap_or_default(), facts.schema)
}

/// The schema of a SQLite file's own tables.
const SQLITE_SCHEMA: &str = "main";

/// Changes with every name that a survey rests on.
pub(super) fn digest(tables: &[TableFacts]) -> String {
    let mut names: Vec<&str> = Vec::new();
    for table in tables {
        names.extend([table.schema.as_str(), table.name.as_str(), table.comment.as_deref().unwrap_or_default()]);
        let of_columns = table.columns.iter().flat_map(|column| [&column.name, &column.comment]);
        names.extend(of_columns.map(|name| name.as_deref().unwrap_or_default()));
        names.extend(table.foreign_keys.iter().map(|key| key.table.as_str()));
    }
    stable_id("n", &names)
}
