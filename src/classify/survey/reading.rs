//! What the names of a table say, word by word, before it is known what system it stands in.

use std::collections::{BTreeMap, HashMap};

use super::Described;
use crate::detect::names;
use crate::model::Place;
use crate::rules::{Meaning, RulePack, words};

/// One word of the dictionary, seen in a name.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Seen {
    /// The term's number.
    pub(super) term: usize,
    /// Where it was seen.
    pub(super) place: Place,
    /// How often.
    pub(super) count: u64,
    /// Which occurrence of words at one place it belongs to: a role takes the place of what stands there.
    pub(super) spot: u32,
    /// What is left of its weight.
    pub(super) share: f64,
}

/// Everything that the names of one table say.
#[derive(Clone, Debug, Default)]
pub(super) struct Reading {
    pub(super) seen: Vec<Seen>,
    /// Numbers of the structures that its columns have.
    pub(super) structures: Vec<usize>,
}

/// A column that this share of a schema's tables has says nothing of any of them. Design.
const EVERYWHERE_SHARE: f64 = 0.6;
/// In fewer tables nothing is everywhere. Design.
const FEWEST_FOR_SHARE: usize = 8;
/// What is left of the weight of a column that points to something else (`customer_id`). Design.
const KEY_SHARE: f64 = 0.6;

/// Reads the tables of one schema; remembers columns, which repeat.
pub(super) struct Reader<'p> {
    pack: &'p RulePack,
    columns: HashMap<(String, String), Vec<(usize, u64)>>,
    shares: HashMap<u64, f64>,
}

impl<'p> Reader<'p> {
    /// `tables` are those of one schema.
    pub(super) fn new<'t>(pack: &'p RulePack, tables: impl Iterator<Item = &'t Described<'t>>) -> Self {
        let mut counts: HashMap<u64, usize> = HashMap::new();
        let mut all = 0;
        for table in tables {
            all += 1;
            for name in column_hashes(table) {
                *counts.entry(name).or_default() += 1;
            }
        }
        let share = |count: usize| if all < FEWEST_FOR_SHARE { 0.0 } else { count as f64 / all as f64 };
        let shares = counts.into_iter().map(|(name, count)| (name, share(count))).collect();
        Self { pack, columns: HashMap::new(), shares }
    }

    /// `prefix_bytes` of its name are the schema's, and say where it lies.
    pub(super) fn read(&mut self, table: &Described<'_>, prefix_bytes: usize) -> Reading {
        let mut reading = Reading::default();
        let mut spot = 0;
        let mut texts = vec![(table.location.as_str(), Place::Location)];
        let (prefix, name) = table.name.split_at_checked(prefix_bytes).unwrap_or(("", table.name));
        texts.extend([(prefix, Place::Location), (name, Place::Name)]);
        texts.extend(table.comment.map(|comment| (comment, Place::Comment)));
        for (text, place) in texts {
            for (terms, _) in names::occurrences(self.pack, text, place) {
                spot += 1;
                let seen = terms.into_iter().map(|term| Seen { term, place, count: 1, spot, share: 1.0 });
                reading.seen.extend(seen);
            }
        }
        self.read_columns(table, &mut reading);
        let hashes = column_hashes(table);
        let structures = self.pack.structures().iter().enumerate();
        reading.structures = structures.filter(|(_, rule)| rule.fits(&hashes)).map(|(number, _)| number).collect();
        reading
    }

    fn read_columns(&mut self, table: &Described<'_>, reading: &mut Reading) {
        let mut counts: BTreeMap<usize, (u64, f64)> = BTreeMap::new();
        for column in table.columns {
            let name = column.name.as_deref().unwrap_or_default();
            let everywhere = self.shares.get(&words::name_hash(name)).copied().unwrap_or_default();
            if everywhere > EVERYWHERE_SHARE {
                continue;
            }
            let left = (1.0 - everywhere) * if is_key(name) { KEY_SHARE } else { 1.0 };
            for (term, count) in self.column(name, column.comment.as_deref().unwrap_or_default()) {
                let (seen, share) = counts.entry(*term).or_default();
                *seen += count;
                *share = share.max(left);
            }
        }
        let seen = counts.into_iter().map(|(term, (count, share))| Seen {
            term,
            place: Place::Column,
            count,
            spot: 0,
            share,
        });
        reading.seen.extend(seen);
    }

    /// The terms of a column, with how often each stands in its name and comment.
    fn column(&mut self, name: &str, comment: &str) -> &[(usize, u64)] {
        let pack = self.pack;
        self.columns.entry((name.to_owned(), comment.to_owned())).or_insert_with(|| {
            let mut counts: BTreeMap<usize, u64> = BTreeMap::new();
            for text in [name, comment].into_iter().filter(|text| !text.is_empty()) {
                for (terms, _) in names::occurrences(pack, text, Place::Column) {
                    for term in terms {
                        *counts.entry(term).or_default() += 1;
                    }
                }
            }
            let is_of_columns = |term: &usize| {
                let term = pack.dictionary().terms().get(*term).filter(|term| term.may_stand_in(Place::Column));
                term.is_some_and(|term| !matches!(term.meaning, Meaning::Role(..)))
            };
            counts.into_iter().filter(|(term, _)| is_of_columns(term)).collect()
        })
    }
}

/// Whether a column points to something: `customer_id`, `customerId`; `id` alone is the table's own.
fn is_key(name: &str) -> bool {
    let parts = words::parts(name);
    let last = parts.last().and_then(|part| name.get(part.clone()));
    parts.len() > 1 && last.is_some_and(|last| last.eq_ignore_ascii_case("id"))
}

/// The hashes of the names of a table's columns, sorted, each once.
fn column_hashes(table: &Described<'_>) -> Vec<u64> {
    let names = table.columns.iter().filter_map(|column| column.name.as_deref());
    let mut hashes: Vec<u64> = names.map(words::name_hash).collect();
    hashes.sort_unstable();
    hashes.dedup();
    hashes
}
