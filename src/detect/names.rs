//! Names: what they say, and how they may be shown. Nobody else vouches for a name.

use std::collections::BTreeMap;

use super::fold;
use super::judge::{Hit, Judge, Standing};
use super::normalise;
use super::seek::seek;
use super::tally::Tally;
use crate::model::{CategoryId, Column, Evidence, Finding, Place, PublicName, SketchKey, escape_name};
use crate::rules::RulePack;

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

/// Escapes a raw name and puts `<detector:hash>` for each identifier in it: the same identifier is masked alike in
/// one inventory, and without its key the six digits say nothing.
#[must_use]
pub fn publish(pack: &RulePack, key: SketchKey, raw: &[u8]) -> PublishedName {
    let mut folded = Vec::with_capacity(raw.len());
    let mut places: Vec<(usize, usize)> = Vec::new();
    fold::append(raw, &mut folded, |to, from| places.push((to, from)));
    let origin = |at: usize| {
        let run = places.partition_point(|(to, _)| *to <= at).saturating_sub(1);
        places.get(run).map_or(at, |(to, from)| from + (at - to))
    };
    let mut hits: Vec<Hit> = identifiers(pack, &folded);
    hits.sort_by_key(|hit| (hit.range.start, std::cmp::Reverse(hit.range.end)));

    let mut shown = String::new();
    let mut tallies: BTreeMap<usize, Tally> = BTreeMap::new();
    let mut done = 0;
    let mut copied = 0;
    for hit in hits {
        let Some(rule) = pack.detectors().get(hit.detector).filter(|_| hit.range.start >= done) else { continue };
        let value = folded.get(hit.range.clone()).unwrap_or_default();
        let hash = normalise::hash(key, rule.normalise, value);
        tallies.entry(hit.detector).or_default().count(hit.confidence, hash);
        let start = origin(hit.range.start);
        shown.push_str(&escape_name(raw.get(copied..start).unwrap_or_default()));
        shown.push_str(&format!("<{}:{:06x}>", rule.id, hash >> 40));
        done = hit.range.end;
        copied = origin(done).max(start);
    }
    shown.push_str(&escape_name(raw.get(copied..).unwrap_or_default()));
    let findings = tallies.into_iter().filter_map(|(detector, tally)| finding(pack, detector, tally, Vec::new()));
    PublishedName { findings: findings.collect(), name: PublicName::vouched(shown) }
}

/// The name under which a column is shown. A name of a schema is kept unless a detector fires on it; one of content
/// only where it can be a header; else it is `column 3`, counted from 1.
#[must_use]
pub fn column(pack: &RulePack, column: Option<&Column>, index: usize) -> PublicName {
    let name = column.and_then(|column| column.name.as_deref().map(|name| (name, column.from_schema)));
    let shown = name.filter(|(name, from_schema)| {
        let mut folded = Vec::new();
        fold::append(name.as_bytes(), &mut folded, |_, _| {});
        (*from_schema || can_be_header(name, &folded)) && identifiers(pack, &folded).is_empty()
    });
    match shown {
        Some((name, _)) => PublicName::vouched(escape_name(name.as_bytes())),
        None => PublicName::vouched(format!("column {}", index.saturating_add(1))),
    }
}

fn can_be_header(name: &str, folded: &[u8]) -> bool {
    let digits = folded.split(|byte| !byte.is_ascii_digit()).any(|run| run.len() >= HEADER_DIGITS);
    !name.trim().is_empty() && name.chars().count() <= LONGEST_HEADER && !digits
}

/// Every identifier in a folded name. Secrecy markings are no identifiers: they mark, and may be shown.
fn identifiers(pack: &RulePack, folded: &[u8]) -> Vec<Hit> {
    let mut hits = Vec::new();
    seek(Judge { pack, stances: &[] }, folded, 0..folded.len(), &mut |hit| {
        let marking = pack.detectors().get(hit.detector).is_none_or(|rule| rule.id == "secrecy.marking");
        if hit.standing == Standing::Sure && !marking {
            hits.push(hit.clone());
        }
    });
    hits
}

pub(super) fn finding(pack: &RulePack, detector: usize, tally: Tally, columns: Vec<PublicName>) -> Option<Finding> {
    Some(Finding {
        detector: pack.detectors().get(detector)?.id.clone(),
        matches: tally.matches,
        sample: None,
        columns,
        confidence: tally.confidence(),
        decimals: tally.decimals(),
        sketch: tally.into_sketch(),
    })
}

/// The terms in a path, a table's name, a column's name or a comment, in the order of the dictionary.
#[must_use]
pub fn evidence(pack: &RulePack, raw: &str, place: Place) -> Vec<Evidence> {
    let dictionary = pack.dictionary();
    let mut counts: BTreeMap<usize, u64> = BTreeMap::new();
    dictionary.scan(raw.as_bytes(), 0..raw.len(), |hit| *counts.entry(hit.term).or_default() += 1);
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

/// What the extension of a file name says.
#[must_use]
pub fn format_evidence(pack: &RulePack, file_name: &str) -> Option<Evidence> {
    let format = pack.format_of_name(file_name)?;
    let (category, weight) = format.category.as_ref()?;
    Some(Evidence {
        term: format.id.clone(),
        rule: format.pack.clone(),
        place: Place::Format,
        count: 1,
        weights: vec![(CategoryId::new(category.as_str()), *weight)],
        field: None,
        plumbing: false,
    })
}
