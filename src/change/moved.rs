//! Where data went that is no longer where it was filed. Files and folders are recognised by the hash of their content: the
//! same content elsewhere is the same data. Tables have no such hash; one of the same schema, count and distinct values is
//! *likely* the same, for a person to confirm.
//!
//! What stands on both sides of a move rules out none: where `log` became `log.1` and a new `log` was begun, `log` stands in
//! both results, and its content has moved all the same.

use std::collections::{BTreeMap, HashMap};

use xxhash_rust::xxh3::xxh3_64;

use super::fires;
use crate::inventory::AssetRecord;
use crate::model::{AssetKind, ClassId, Place, Sketch};

/// Overlap of distinct values, in per cent of the larger side, from which two tables are likely the same: what is left
/// out is less than the thirty per cent that would be a material change (design).
const LEAST_OVERLAP_PER_CENT: u128 = 70;

/// One asset as it is followed.
#[derive(Clone, Debug, PartialEq)]
pub struct Trace {
    /// Its class.
    pub class: ClassId,
    /// Where it is: store and locator.
    pub place: (String, String),
    /// Stored bytes.
    pub bytes: u64,
    mark: Mark,
}

/// What it is recognised by.
#[derive(Clone, Debug, PartialEq)]
enum Mark {
    Content(u128),
    Table {
        /// Its schema; `None` in results of inventories that did not keep it yet.
        schema: Option<u64>,
        /// What stands in for the schema there.
        known: u64,
        records: u64,
        distinct: Vec<(String, Sketch)>,
    },
    /// Nothing to recognise it by: a view, or a file that was not read whole.
    None,
}

/// How sure it is that two assets are the same data.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Certainty {
    /// Tables alike in schema, count and distinct values: a person has to confirm it.
    Likely,
    /// The same content.
    Sure,
}

/// An asset that stands at another place now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moved {
    /// Its number among those of before.
    pub from: usize,
    /// Its number among those of now.
    pub to: usize,
    /// How sure that is.
    pub certainty: Certainty,
}

/// A filed class whose data stand in another class now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Relocated {
    /// The class that holds them.
    pub to: ClassId,
    /// How sure that is.
    pub certainty: Certainty,
}

impl Trace {
    /// The trace of an asset that has a class.
    #[must_use]
    pub fn of(record: &AssetRecord) -> Option<Self> {
        let (examined, category) = (&record.examined, record.category.as_ref()?);
        let asset = &examined.asset;
        let content = examined.content_hash.as_deref().and_then(|hash| u128::from_str_radix(hash, 16).ok());
        let is_table = asset.kind == AssetKind::Table;
        let mark = match (content, examined.records) {
            (Some(content), _) => Mark::Content(content),
            (None, Some(records)) if is_table && records.value > 0 => Mark::Table {
                schema: schema(record),
                known: known(record),
                records: records.value,
                distinct: examined.findings.iter().map(|one| (one.detector.clone(), one.sketch.clone())).collect(),
            },
            _ => Mark::None,
        };
        Some(Self {
            class: ClassId::of(category.as_str(), &asset.store),
            place: (asset.store.clone(), asset.locator.as_str().to_owned()),
            bytes: examined.bytes.map_or(0, |bytes| bytes.value),
            mark,
        })
    }
}

/// A fingerprint of a table's schema: its format, with the names and types of its columns.
fn schema(record: &AssetRecord) -> Option<u64> {
    let table = record.examined.table.as_ref()?;
    let format = record.examined.format.as_deref().unwrap_or_default();
    Some(xxh3_64(format!("{format}\0{}", table.schema_hash).as_bytes()))
}

/// A fingerprint of what any inventory knows of a table's schema: its format, the columns that detectors named, and the
/// terms that columns were classified by. Where the table lies decides a little which of these are kept.
fn known(record: &AssetRecord) -> u64 {
    let mut parts: Vec<String> = vec![record.examined.format.clone().unwrap_or_default()];
    for finding in &record.examined.findings {
        parts.extend(finding.columns.iter().map(|column| format!("{}={column}", finding.detector)));
    }
    let seen = record.examined.classification.iter().flat_map(|found| &found.contributions);
    parts.extend(seen.filter(|one| one.place == Place::Column).map(|one| format!("{}:{}", one.rule, one.term)));
    parts.sort_unstable();
    parts.dedup();
    xxh3_64(parts.join("\0").as_bytes())
}

/// What stands elsewhere now. Each asset is paired once at most; of several that could be one, the pairs follow the order
/// of their places, and tables that more than one could be are none.
#[must_use]
pub fn moves(before: &[Trace], now: &[Trace]) -> Vec<Moved> {
    let at_now: HashMap<&(String, String), &Trace> = now.iter().map(|trace| (&trace.place, trace)).collect();
    let at_before: HashMap<&(String, String), &Trace> = before.iter().map(|trace| (&trace.place, trace)).collect();
    // What is as it was at its own place has not moved, and nothing has moved there.
    let stays = |trace: &Trace, beside: &HashMap<&(String, String), &Trace>| {
        beside.get(&trace.place).is_some_and(|other| is_same(&trace.mark, &other.mark).is_some())
    };
    let left: Vec<usize> = (0..before.len()).filter(|one| !stays(&before[*one], &at_now)).collect();
    let came: Vec<usize> = (0..now.len()).filter(|one| !stays(&now[*one], &at_before)).collect();
    let mut found = by_content(before, now, &left, &came);
    found.extend(likely_tables(before, now, &left, &came));
    found.sort_unstable_by_key(|moved| moved.from);
    found
}

fn by_content(before: &[Trace], now: &[Trace], left: &[usize], came: &[usize]) -> Vec<Moved> {
    let mut targets: HashMap<u128, Vec<usize>> = HashMap::new();
    for to in came.iter().rev() {
        if let Mark::Content(content) = now[*to].mark {
            targets.entry(content).or_default().push(*to);
        }
    }
    let mut pair = |from: usize| {
        let Mark::Content(content) = before[from].mark else { return None };
        let to = targets.get_mut(&content)?.pop()?;
        Some(Moved { from, to, certainty: Certainty::Sure })
    };
    left.iter().filter_map(|from| pair(*from)).collect()
}

fn likely_tables(before: &[Trace], now: &[Trace], left: &[usize], came: &[usize]) -> Vec<Moved> {
    let alike = |from: usize, to: usize| is_same(&before[from].mark, &now[to].mark) == Some(Certainty::Likely);
    let mut found = Vec::new();
    for from in left {
        let mut could_be = came.iter().filter(|to| alike(*from, **to));
        let (Some(to), None) = (could_be.next(), could_be.next()) else { continue };
        if left.iter().filter(|other| alike(**other, *to)).count() == 1 {
            found.push(Moved { from: *from, to: *to, certainty: Certainty::Likely });
        }
    }
    found
}

/// Whether two marks are those of the same data, and how sure that is.
fn is_same(before: &Mark, now: &Mark) -> Option<Certainty> {
    match (before, now) {
        (Mark::Content(one), Mark::Content(other)) => (one == other).then_some(Certainty::Sure),
        (
            Mark::Table { schema, known, records, distinct },
            Mark::Table { schema: other_schema, known: other_known, records: other_records, distinct: other_distinct },
        ) => {
            let is_same_schema = match (schema, other_schema) {
                (Some(one), Some(other)) => one == other,
                _ => known == other_known,
            };
            let alike = is_same_schema
                && if distinct.is_empty() { records == other_records } else { !fires(*records, *other_records) }
                && distinct.len() == other_distinct.len()
                && distinct
                    .iter()
                    .zip(other_distinct)
                    .all(|(one, other)| one.0 == other.0 && overlap(&one.1, &other.1));
            alike.then_some(Certainty::Likely)
        }
        _ => None,
    }
}

/// Whether most distinct values of the larger side are on both.
fn overlap(one: &Sketch, other: &Sketch) -> bool {
    let mut both = one.clone();
    both.merge(other);
    let (a, b, union) = (u128::from(one.estimate()), u128::from(other.estimate()), u128::from(both.estimate()));
    100 * (a + b).saturating_sub(union) >= LEAST_OVERLAP_PER_CENT * a.max(b)
}

/// The classes of which most data, by stored bytes, stand in one other class now: less than the thirty per cent that would
/// be a material change of scale is missing there.
#[must_use]
pub fn relocated(before: &[Trace], now: &[Trace]) -> BTreeMap<ClassId, Relocated> {
    let mut whole: BTreeMap<&ClassId, u128> = BTreeMap::new();
    for trace in before {
        *whole.entry(&trace.class).or_default() += u128::from(trace.bytes);
    }
    let mut parts: BTreeMap<(&ClassId, &ClassId), (u128, Certainty)> = BTreeMap::new();
    for moved in moves(before, now) {
        let (from, to) = (&before[moved.from], &now[moved.to]);
        let part = parts.entry((&from.class, &to.class)).or_insert((0, Certainty::Sure));
        *part = (part.0 + u128::from(from.bytes), part.1.min(moved.certainty));
    }
    let mut found = BTreeMap::new();
    for ((from, to), (bytes, certainty)) in parts {
        let all = whole.get(from).copied().unwrap_or_default();
        if from != to && bytes > 0 && 10 * (all - bytes) < 3 * all {
            found.insert(from.clone(), Relocated { to: to.clone(), certainty });
        }
    }
    found
}

#[cfg(test)]
#[path = "moved_tests.rs"]
mod tests;
