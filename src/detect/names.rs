//! Names: what they say, and how they may be shown. Nobody else vouches for a name.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::fold;
use super::masks;
use super::normalise::KeyedHash;
use super::tally::Tally;
use crate::extract::{is_about_somebody, may_be_shown};
use crate::model::{CategoryId, Column, Evidence, Finding, Place, PublicName, SketchKey, escape_name};
use crate::rules::words::{self, Name};
use crate::rules::{Dictionary, FormatRule, RulePack, TermHit};

/// The longest name that can be a header: longer first rows are sentences, which may hold anything.
const LONGEST_HEADER: usize = 64;
/// A header has years and part numbers of less than so many digits in a row.
const HEADER_DIGITS: usize = 4;

/// A name that may be shown, and the identifiers that were masked in it.
#[derive(Clone, Debug, PartialEq)]
pub struct PublishedName {
    /// The name, escaped and masked.
    pub name: PublicName,
    /// What was masked, sorted by detector.
    pub findings: Vec<Finding>,
}

/// Escapes a raw name and puts `<detector:hash>` for each identifier in it, and for what may be one: the same identifier
/// is masked alike in one inventory, and without its key the six digits say nothing. What may be one is not counted.
#[must_use]
pub fn publish(pack: &RulePack, key: SketchKey, raw: &[u8]) -> PublishedName {
    let mut folded = Vec::with_capacity(raw.len());
    let mut places: Vec<(usize, usize)> = Vec::new();
    fold::append(raw, &mut folded, |to, from| places.push((to, from)));
    let origin = |at: usize| {
        let run = places.partition_point(|(to, _)| *to <= at).saturating_sub(1);
        places.get(run).map_or(at, |(to, from)| from + (at - to))
    };
    let keyed = KeyedHash::new(key);
    let mut shown = String::new();
    let mut tallies: BTreeMap<usize, Tally> = BTreeMap::new();
    let mut copied = 0;
    for mask in masks::find(pack, &folded) {
        let Some(rule) = pack.detectors().get(mask.detector) else { continue };
        let value = folded.get(mask.range.clone()).unwrap_or_default();
        let hash = keyed.of(rule.normalise, value);
        if let Some(confidence) = mask.counts {
            tallies.entry(mask.detector).or_default().count(confidence, hash);
        }
        let start = origin(mask.range.start);
        shown.push_str(&escape_name(raw.get(copied..start).unwrap_or_default()));
        shown.push_str(&format!("<{}:{:06x}>", rule.id, hash >> 40));
        copied = origin(mask.range.end).max(start);
    }
    shown.push_str(&escape_name(raw.get(copied..).unwrap_or_default()));
    let findings = tallies.into_iter().filter_map(|(detector, tally)| finding(pack, detector, tally, Vec::new()));
    PublishedName { findings: findings.collect(), name: PublicName::vouched(shown) }
}

/// The name under which a column is shown. A name of a schema is kept unless a detector fires on it; of one from content
/// only what is a column's word: of a path of keys the others are `*`. Else it is `column 3`, counted from 1.
#[must_use]
pub fn column(pack: &RulePack, column: Option<&Column>, index: usize) -> PublicName {
    let named = column.and_then(|column| column.name.as_deref().map(|name| (name, column.from_schema)));
    let shown = named.and_then(|(name, from_schema)| {
        let mut folded = Vec::new();
        fold::append(name.as_bytes(), &mut folded, |_, _| {});
        if !masks::find(pack, &folded).is_empty() {
            None
        } else if from_schema {
            Some(name.to_owned())
        } else {
            can_be_header(name, &folded).then(|| words_of_columns(pack, name)).flatten()
        }
    });
    PublicName::vouched(match shown {
        Some(name) => escape_name(name.as_bytes()),
        None => format!("column {}", index.saturating_add(1)),
    })
}

/// The keys of a path that are words of columns, the others as `*`; `None` where the last of them is none.
fn words_of_columns(pack: &RulePack, path: &str) -> Option<String> {
    let is_word = |key: &str| {
        let name = Name::new(key);
        let is_asked_for = || pack.detectors().iter().any(|rule| rule.asks_for(&name));
        let is_known = may_be_shown(key) || is_asked_for() || pack.dictionary().column(key).next().is_some();
        is_known && !is_about_somebody(key)
    };
    if is_word(path) && !path.contains('.') {
        return Some(path.to_owned());
    }
    let keys: Vec<&str> = path.split('.').collect();
    let shown: Vec<&str> = keys.iter().map(|key| if is_word(key.trim()) { key } else { "*" }).collect();
    shown.last().filter(|last| **last != "*").map(|_| shown.join("."))
}

fn can_be_header(name: &str, folded: &[u8]) -> bool {
    let digits = folded.split(|byte| !byte.is_ascii_digit()).any(|run| run.len() >= HEADER_DIGITS);
    !name.trim().is_empty() && name.chars().count() <= LONGEST_HEADER && !digits
}

pub(super) fn finding(pack: &RulePack, detector: usize, tally: Tally, columns: Vec<PublicName>) -> Option<Finding> {
    Some(Finding {
        detector: pack.detectors().get(detector)?.id.clone(),
        matches: tally.matches,
        sample: None,
        columns,
        confidence: tally.confidence(),
        decimals: tally.decimals(),
        passed: tally.passed(),
        sketch: tally.into_sketch(),
    })
}

/// The terms in a path, a table's name, a column's name or a comment, in the order of the dictionary.
#[must_use]
pub fn evidence(pack: &RulePack, raw: &str, place: Place) -> Vec<Evidence> {
    let dictionary = pack.dictionary();
    let mut counts: BTreeMap<usize, u64> = BTreeMap::new();
    // Prose has spaces of its own.
    let name = if place == Place::Comment { Cow::Borrowed(raw) } else { dictionary.part_words(raw) };
    let mut at_one_place: Vec<TermHit> = Vec::new();
    let mut count = |hits: &mut Vec<TermHit>| {
        for term in heaviest(dictionary, hits) {
            *counts.entry(term).or_default() += 1;
        }
        hits.clear();
    };
    dictionary.scan(name.as_bytes(), 0..name.len(), |hit| {
        if at_one_place.last().is_some_and(|last| last.range != hit.range) {
            count(&mut at_one_place);
        }
        at_one_place.push(hit);
    });
    count(&mut at_one_place);
    if place == Place::Column {
        for term in dictionary.column(raw) {
            counts.insert(term, 1);
        }
    }
    counts
        .into_iter()
        .filter_map(|(number, count)| Some((dictionary.terms().get(number)?, count)))
        .filter(|(term, _)| term.counts_in(place))
        .map(|(term, count)| term.evidence(place, count))
        .collect()
}

/// Of the terms that stand at one place, the heaviest for each thing that they say: a word that several packs have, or that
/// is written in the singular and the plural, is one word.
fn heaviest(dictionary: &Dictionary, hits: &[TermHit]) -> Vec<usize> {
    let says =
        |number: usize| dictionary.terms().get(number).map(|term| (term.weights.first(), &term.field, term.plumbing));
    let mut kept: Vec<usize> = Vec::new();
    for hit in hits {
        let Some((weight, field, plumbing)) = says(hit.term) else { continue };
        let same = kept.iter_mut().find(|kept| {
            says(**kept).is_some_and(|(other, other_field, other_plumbing)| {
                let category = weight.map(|(category, _)| category) == other.map(|(category, _)| category);
                category && field == other_field && (plumbing > 0.0) == (other_plumbing > 0.0)
            })
        });
        match same {
            Some(same) => {
                let strength = |number: usize| {
                    says(number).map_or(0.0, |(weight, _, plumbing)| weight.map_or(plumbing, |(_, weight)| *weight))
                };
                if strength(hit.term) > strength(*same) {
                    *same = hit.term;
                }
            }
            None => kept.push(hit.term),
        }
    }
    kept
}

/// Words of the lexicon in a text, also those inside of others.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Words {
    /// Where they stand in the text as it is parted.
    pub hits: Vec<TermHit>,
    /// Where the first part of the text ends.
    pub first_end: usize,
}

/// The words in a name of a table, or in its comment.
#[must_use]
pub fn words_of_table(pack: &RulePack, raw: &str, place: Place) -> Words {
    let lexicon = pack.lexicon();
    // Prose has spaces of its own.
    let text = if place == Place::Comment { Cow::Borrowed(raw) } else { lexicon.part_words(raw) };
    let mut hits = Vec::new();
    lexicon.scan_every(text.as_bytes(), |hit| hits.push(hit));
    Words { hits, first_end: words::parts(&text).first().map_or(0, |part| part.end) }
}

/// The words of the lexicon in a name or comment of a column, the longest at each place, and the whole name.
#[must_use]
pub fn words_of_column(pack: &RulePack, name: &str, comment: &str) -> BTreeMap<usize, u64> {
    let lexicon = pack.lexicon();
    let mut counts: BTreeMap<usize, u64> = BTreeMap::new();
    for text in [name, comment].into_iter().filter(|text| !text.is_empty()) {
        let parted = lexicon.part_words(text);
        lexicon.scan(parted.as_bytes(), 0..parted.len(), |hit| *counts.entry(hit.term).or_default() += 1);
        for term in lexicon.column(text) {
            counts.insert(term, 1);
        }
    }
    counts
}

/// What the format of a file says.
#[must_use]
pub fn format_evidence(format: &FormatRule) -> Option<Evidence> {
    let weights = format.category.iter().map(|(category, weight)| (CategoryId::new(category.as_str()), *weight));
    let weights: Vec<_> = weights.collect();
    let says_something = !weights.is_empty() || format.plumbing > 0.0;
    says_something.then(|| Evidence {
        term: format.id.clone(),
        rule: format.pack.clone(),
        place: Place::Format,
        count: 1,
        weights,
        field: None,
        plumbing: format.plumbing,
    })
}
