//! What the names of a table say, word by word, before it is known what system it stands in.

use std::collections::{BTreeMap, HashMap};
use std::ops::Range;

use super::Described;
use super::grouping::Membership;
use crate::detect::names;
use crate::model::Place;
use crate::regime::SurveyWeights;
use crate::rules::{Meaning, RulePack, words};

/// A text with the words in it: the name of a table, its comment, or where it lies.
#[derive(Clone, Debug, Default)]
pub(super) struct Text {
    pub(super) place: Place,
    /// Words by where they begin, the longest first.
    pub(super) spots: Vec<Spot>,
    /// Where the last word ends: it is what the others describe.
    pub(super) end: usize,
    /// What ends here names the module, and not the table; 0 where it has none.
    pub(super) module_end: usize,
}

/// The terms of one word.
#[derive(Clone, Debug)]
pub(super) struct Spot {
    pub(super) range: Range<usize>,
    pub(super) terms: Vec<usize>,
}

/// A word among the columns.
#[derive(Clone, Copy, Debug)]
pub(super) struct ColumnWord {
    pub(super) term: usize,
    pub(super) count: u64,
    /// What is left of its weight.
    pub(super) share: f64,
}

/// Everything that the names of one table say.
#[derive(Clone, Debug, Default)]
pub(super) struct Reading {
    pub(super) texts: Vec<Text>,
    pub(super) columns: Vec<ColumnWord>,
    /// Numbers of the structures that its columns have.
    pub(super) structures: Vec<usize>,
}

impl Reading {
    /// All terms that were seen, in no order.
    pub(super) fn terms(&self) -> impl Iterator<Item = (usize, Place)> {
        let of_texts = self
            .texts
            .iter()
            .flat_map(|text| text.spots.iter().flat_map(|spot| spot.terms.iter().map(|term| (*term, text.place))));
        of_texts.chain(self.columns.iter().map(|word| (word.term, Place::Column)))
    }
}

impl Text {
    fn of(pack: &RulePack, raw: &str, place: Place, has_module: bool) -> Self {
        let words = names::words_of_table(pack, raw, place);
        let mut spots: Vec<Spot> = Vec::new();
        for hit in words.hits {
            match spots.last_mut() {
                Some(spot) if spot.range == hit.range => spot.terms.push(hit.term),
                _ => spots.push(Spot { range: hit.range, terms: vec![hit.term] }),
            }
        }
        // The strongest meaning first: of those that say the same, one counts.
        let strength = |term: &usize| {
            let term = pack.lexicon().terms().get(*term);
            term.map_or(0.0, |term| term.weights.iter().map(|(_, weight)| *weight).fold(term.plumbing, f64::max))
        };
        for spot in &mut spots {
            spot.terms.sort_by(|a, b| strength(b).total_cmp(&strength(a)).then(a.cmp(b)));
        }
        spots.sort_by_key(|spot| (spot.range.start, std::cmp::Reverse(spot.range.end)));
        let end = spots.iter().map(|spot| spot.range.end).max().unwrap_or_default();
        Self { place, spots, end, module_end: if has_module { words.first_end } else { 0 } }
    }
}

/// In fewer tables nothing is everywhere. Design.
const FEWEST_FOR_SHARE: usize = 8;

/// Reads the tables of one schema; remembers columns, which repeat.
pub(super) struct Reader<'p> {
    pack: &'p RulePack,
    weights: SurveyWeights,
    columns: HashMap<(String, String), Vec<(usize, u64)>>,
    shares: HashMap<u64, f64>,
}

impl<'p> Reader<'p> {
    /// `tables` are those of one schema.
    pub(super) fn new<'t>(
        pack: &'p RulePack,
        weights: SurveyWeights,
        tables: impl Iterator<Item = &'t Described<'t>>,
    ) -> Self {
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
        Self { pack, weights, columns: HashMap::new(), shares }
    }

    /// Reads one table.
    pub(super) fn read(&mut self, table: &Described<'_>, membership: &Membership) -> Reading {
        let pack = self.pack;
        let (prefix, name) = table.name.split_at_checked(membership.prefix_bytes).unwrap_or(("", table.name));
        let hashes = column_hashes(table);
        let structures = pack.structures().iter().enumerate();
        let structures = structures.filter(|(_, rule)| rule.fits(&hashes)).map(|(number, _)| number).collect();
        let comment = table.comment.map(|comment| Text::of(pack, comment, Place::Comment, false));
        let texts = [
            Text::of(pack, &table.location, Place::Location, false),
            Text::of(pack, prefix, Place::Location, false),
            Text::of(pack, name, Place::Name, membership.is_in_prefix_module),
        ];
        Reading {
            texts: texts.into_iter().chain(comment).filter(|text| !text.spots.is_empty()).collect(),
            columns: self.read_columns(table),
            structures,
        }
    }

    fn read_columns(&mut self, table: &Described<'_>) -> Vec<ColumnWord> {
        let mut found: BTreeMap<usize, (u64, f64)> = BTreeMap::new();
        let (everywhere_share, key_share) = (self.weights.everywhere, self.weights.key);
        for column in table.columns {
            let name = column.name.as_deref().unwrap_or_default();
            let everywhere = self.shares.get(&words::name_hash(name)).copied().unwrap_or_default();
            if everywhere > everywhere_share {
                continue;
            }
            let left = (1.0 - everywhere) * if is_key(name) { key_share } else { 1.0 };
            for (term, count) in self.column(name, column.comment.as_deref().unwrap_or_default()) {
                let (seen, share) = found.entry(*term).or_default();
                *seen += count;
                *share = share.max(left);
            }
        }
        found.into_iter().map(|(term, (count, share))| ColumnWord { term, count, share }).collect()
    }

    /// The terms of a column that count among columns, with how often each stands in its name and comment.
    fn column(&mut self, name: &str, comment: &str) -> &[(usize, u64)] {
        let pack = self.pack;
        self.columns.entry((name.to_owned(), comment.to_owned())).or_insert_with(|| {
            let is_of_columns = |term: &usize| {
                let term = pack.lexicon().terms().get(*term).filter(|term| term.may_stand_in(Place::Column));
                term.is_some_and(|term| !matches!(term.meaning, Meaning::Role(..)))
            };
            let counts = names::words_of_column(pack, name, comment);
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
