//! Kinds of system (`patterns/systems/*.toml`): words that tell one from all of its tables together, what its tables
//! mostly are, and what ambiguous words mean in it; and what sets of columns say (`[[structure]]`).

use serde::Deserialize;

use super::Error;
use super::schema::{Label, TermEntry};
use super::words;
use crate::model::{CategoryId, Mark, Place};

/// `[[system]]`: a kind of system, such as a manufacturing execution system or a shop.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SystemEntry {
    /// Lower-case words with hyphens, unique over all packs: `mes`, `network-monitoring`.
    pub id: String,
    /// What a person reads.
    pub name: Label,
    /// What its tables are where nothing else is said: shares that add up to at most 1.
    #[serde(default)]
    pub prior: std::collections::BTreeMap<String, f64>,
    /// Words that tell it.
    #[serde(default, rename = "tell")]
    pub tells: Vec<TellEntry>,
    /// What words mean in it.
    #[serde(default, rename = "role")]
    pub roles: Vec<RoleEntry>,
    /// `law`, `public`, `recalled` or `design`.
    #[serde(default)]
    pub basis: Option<Mark>,
}

/// `[[system.tell]]`: words that tell the kind of a system.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TellEntry {
    /// How strongly, 0 to 1.
    pub weight: f64,
    /// Words in names and comments of tables, and in names of databases and schemas.
    #[serde(default)]
    pub words: Vec<String>,
    /// Whole names of columns.
    #[serde(default)]
    pub columns: Vec<String>,
}

/// `[[system.role]]`: what words mean in a system of this kind.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RoleEntry {
    /// The category; absent for what is plumbing in such a system.
    #[serde(default)]
    pub category: Option<String>,
    /// How strongly, 0 to 1.
    #[serde(default = "strong")]
    pub weight: f64,
    /// Whether it is plumbing there.
    #[serde(default)]
    pub plumbing: bool,
    /// Words in names and comments of tables.
    pub words: Vec<String>,
}

/// As strongly as a clear word of the vocabulary.
fn strong() -> f64 {
    0.8
}

/// `[[structure]]`: a set of columns that says what a table is, whatever it is called.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StructureEntry {
    /// Dotted words, unique over all packs: `structure.scheduler`.
    pub id: String,
    /// What a person reads.
    pub name: Label,
    /// Whole names of columns, whatever separates their parts; one entry may hold spellings parted by `|`.
    pub columns: Vec<String>,
    /// So many of them, or more, must be there.
    pub at_least: usize,
    /// What it speaks for.
    #[serde(default)]
    pub category: Option<String>,
    /// How strongly, 0 to 1.
    pub weight: f64,
    /// Whether it tells plumbing.
    #[serde(default)]
    pub plumbing: bool,
    /// `law`, `public`, `recalled` or `design`.
    #[serde(default)]
    pub basis: Option<Mark>,
}

/// What a term of the dictionary is for.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Meaning {
    /// It speaks for a category wherever it stands.
    #[default]
    General,
    /// It tells a kind of system, and how strongly.
    Tell(String, f64),
    /// It speaks for its category in a system of this kind.
    Role(String),
}

/// A kind of system, compiled; its words stand in the dictionary.
#[derive(Clone, Debug, PartialEq)]
pub struct SystemKind {
    /// Its id.
    pub id: String,
    /// What a person reads.
    pub name: Label,
    /// The pack that it stands in; the rule of its evidence.
    pub pack: String,
    /// The file that it stands in.
    pub file: String,
    /// What its tables are where nothing else is said.
    pub prior: Vec<(CategoryId, f64)>,
}

impl SystemKind {
    pub(super) fn new(entry: &SystemEntry, pack: &str, file: &str) -> Result<Self, Error> {
        let shares_are_sound = entry.prior.values().all(|share| (0.0..=1.0).contains(share))
            && entry.prior.values().sum::<f64>() <= 1.0 + 1e-9;
        if !shares_are_sound {
            return Err(Error::Value { file: file.to_owned(), rule: entry.id.clone(), field: "prior" });
        }
        if entry.tells.iter().any(|tell| !(0.0..=1.0).contains(&tell.weight)) {
            return Err(Error::Value { file: file.to_owned(), rule: entry.id.clone(), field: "tell" });
        }
        if entry.roles.iter().any(|role| role.category.is_some() == role.plumbing) {
            return Err(Error::Value { file: file.to_owned(), rule: entry.id.clone(), field: "role" });
        }
        Ok(Self {
            id: entry.id.clone(),
            name: entry.name.clone(),
            pack: pack.to_owned(),
            file: file.to_owned(),
            prior: entry.prior.iter().map(|(id, share)| (CategoryId::new(id.as_str()), *share)).collect(),
        })
    }

    /// The entry's words as terms, each with what it is for.
    pub(super) fn terms(entry: SystemEntry) -> impl Iterator<Item = (TermEntry, Meaning)> {
        let (teller, player) = (entry.id.clone(), entry.id);
        let tells = entry.tells.into_iter().map(move |tell| {
            let places = vec![Place::Name, Place::Comment, Place::Location];
            let term = TermEntry { words: tell.words, columns: tell.columns, places, ..TermEntry::default() };
            (term, Meaning::Tell(teller.clone(), tell.weight))
        });
        let roles = entry.roles.into_iter().map(move |role| {
            let term = TermEntry {
                category: role.category,
                weight: role.weight,
                words: role.words,
                plumbing: role.plumbing,
                places: vec![Place::Name, Place::Comment],
                ..TermEntry::default()
            };
            (term, Meaning::Role(player.clone()))
        });
        tells.chain(roles)
    }
}

/// What a set of columns says, compiled.
#[derive(Clone, Debug, PartialEq)]
pub struct StructureRule {
    /// Its id.
    pub id: String,
    /// What a person reads.
    pub name: Label,
    /// The pack that it stands in; the rule of its evidence.
    pub pack: String,
    /// The file that it stands in.
    pub file: String,
    /// What it speaks for, and how strongly.
    pub category: Option<(CategoryId, f64)>,
    /// Whether it tells plumbing.
    pub plumbing: bool,
    /// How strongly it says what it says, 0 to 1.
    pub weight: f64,
    /// By column, the hashes of its spellings.
    columns: Vec<Vec<u64>>,
    at_least: usize,
}

impl StructureRule {
    pub(super) fn new(entry: StructureEntry, pack: &str, file: &str) -> Result<Self, Error> {
        let refuse = |field| Err(Error::Value { file: file.to_owned(), rule: entry.id.clone(), field });
        if !(0.0..=1.0).contains(&entry.weight) {
            return refuse("weight");
        }
        if !(1..=entry.columns.len()).contains(&entry.at_least) {
            return refuse("at_least");
        }
        if entry.category.is_some() == entry.plumbing {
            return refuse("category");
        }
        let spellings = |column: &String| column.split('|').map(words::name_hash).collect();
        Ok(Self {
            columns: entry.columns.iter().map(spellings).collect(),
            id: entry.id,
            name: entry.name,
            pack: pack.to_owned(),
            file: file.to_owned(),
            category: entry.category.map(|category| (CategoryId::new(category), entry.weight)),
            plumbing: entry.plumbing,
            weight: entry.weight,
            at_least: entry.at_least,
        })
    }

    /// Whether a table with columns of these names (`words::name_hash`, sorted) has the structure.
    #[must_use]
    pub fn fits(&self, names: &[u64]) -> bool {
        let held = |spellings: &&Vec<u64>| spellings.iter().any(|name| names.binary_search(name).is_ok());
        self.columns.iter().filter(held).count() >= self.at_least
    }
}
