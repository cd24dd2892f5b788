//! Tables of a listing that were surveyed together, before a row of any is read.

use std::ops::Deref;

use crate::classify::survey::{Described, Survey};
use crate::detect::names;
use crate::discover::database::TableFacts;
use crate::model::{Asset, Evidence, Locator, Place, stable_id};

use super::Engine;
use super::places::Places;

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

/// The place of a table: its database where there are several, its schema, its name.
pub(super) fn asset(
    engine: &Engine,
    table: &TableFacts,
    store: &str,
    places: &mut Places,
    container: Option<&Locator>,
) -> Asset {
    // A dump need not say which schema it is of.
    let schema = Some(&table.schema).filter(|schema| !schema.is_empty());
    let parts = table.database.iter().chain(schema).chain([&table.name]);
    let raw = parts.map(|part| quoted(part)).collect::<Vec<_>>().join(".");
    let published = names::publish(&engine.pack, engine.key, raw.as_bytes());
    let locator = match container {
        None => places.of_unique(&published),
        Some(container) => places.unused(container.member(&published.name)),
    };
    Asset { store: store.to_owned(), locator, kind: table.kind, parent: container.cloned(), stat: None }
}

/// A dot in a name must not look like the one between schema and table.
fn quoted(name: &str) -> String {
    if name.contains(['.', '"']) { format!("\"{}\"", name.replace('"', "\"\"")) } else { name.to_owned() }
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

/// Where a table lies: its database and schema. A file is the database where its schemas say nothing.
fn location(facts: &TableFacts, asset: &Asset) -> String {
    let says_nothing = match facts.format.split_once('-') {
        Some(("sqlite", _)) => facts.schema == SQLITE_SCHEMA,
        Some(("sql", _)) => DUMP_SCHEMAS.iter().any(|schema| facts.schema.eq_ignore_ascii_case(schema)),
        _ => false,
    };
    if facts.database.is_none() && says_nothing {
        let file = asset.parent.as_ref().map_or(asset.store.as_str(), |file| file.as_str());
        let name = file.rsplit('/').next().unwrap_or(file);
        return name.rsplit_once('.').map_or(name, |(stem, _)| stem).to_owned();
    }
    format!("{} {}", facts.database.as_deref().unwrap_or_default(), facts.schema)
}

/// The schema of a SQLite file's own tables.
const SQLITE_SCHEMA: &str = "main";
/// Schemas of dumps that are there before anybody makes one; where none is named, the database that reads it has one.
const DUMP_SCHEMAS: &[&str] = &["", "public", "dbo", "main"];

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
