//! Which tables of a listing belong together: those of one schema, and in it those whose names begin alike.

use std::collections::BTreeMap;

use super::Described;
use super::described::parts_of;
use crate::rules::{RulePack, words};

/// A prefix that this share of a schema's tables has (`tbl_`, `jsh_`) names the whole, and no table. Design.
const COMMON_SHARE: f64 = 0.6;
/// In a schema of fewer tables nothing is common: two may begin alike by chance. Design.
const FEWEST_FOR_COMMON: usize = 5;
/// Tables that begin alike are a module from this many on. Design.
const FEWEST_IN_MODULE: usize = 3;

/// One table's place in the listing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Membership {
    /// The number of its schema.
    pub(super) schema: usize,
    /// The number of its module; modules are numbered over all schemas.
    pub(super) module: usize,
    /// Whether its module is told by the first part of its name behind the common prefix.
    pub(super) is_in_prefix_module: bool,
    /// Bytes of its name that are the common prefix of the schema.
    pub(super) prefix_bytes: usize,
    /// The words of its name behind the common prefix, also those that run together.
    pub(super) parts: Vec<u64>,
}

/// All tables of a listing, by schema and module.
#[derive(Debug, Default)]
pub(super) struct Grouping {
    pub(super) tables: Vec<Membership>,
    /// By schema, its tables.
    pub(super) schemas: Vec<Vec<usize>>,
    /// By module, its tables.
    pub(super) modules: Vec<Vec<usize>>,
}

impl Grouping {
    pub(super) fn of(pack: &RulePack, tables: &[Described<'_>]) -> Self {
        let mut by_schema: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for (number, table) in tables.iter().enumerate() {
            by_schema.entry(&table.location).or_default().push(number);
        }
        let mut grouping = Self::default();
        let mut members: Vec<Option<Membership>> = vec![None; tables.len()];
        for (schema, numbers) in by_schema.into_values().enumerate() {
            let parts: Vec<Vec<u64>> =
                numbers.iter().filter_map(|number| tables.get(*number)).map(|table| parts_of(table.name)).collect();
            let common = common_prefix(&parts);
            let behind = |parts: &[u64]| parts.get(common_length(parts, &common)..).unwrap_or_default().to_vec();
            let rest: Vec<Vec<u64>> = parts.iter().map(|parts| behind(parts)).collect();
            let sizes = first_parts(&rest);
            let mut modules: BTreeMap<Option<u64>, Vec<usize>> = BTreeMap::new();
            for (number, rest) in numbers.iter().zip(&rest) {
                let first = rest.first().copied().filter(|_| rest.len() > 1);
                let module = first.filter(|first| sizes.get(first).is_some_and(|size| *size >= FEWEST_IN_MODULE));
                modules.entry(module).or_default().push(*number);
            }
            for (first, of_module) in modules {
                for number in &of_module {
                    let place = numbers.binary_search(number).unwrap_or_default();
                    let name = tables.get(*number).map_or("", |table| table.name);
                    let own = parts.get(place).map_or(0, |parts| common_length(parts, &common));
                    let prefix_bytes = words::parts(name).get(..own).and_then(<[_]>::last).map_or(0, |part| part.end);
                    let membership = Membership {
                        schema,
                        module: grouping.modules.len(),
                        is_in_prefix_module: first.is_some(),
                        prefix_bytes,
                        parts: parts_of(&pack.lexicon().part_words(name.get(prefix_bytes..).unwrap_or_default())),
                    };
                    if let Some(member) = members.get_mut(*number) {
                        *member = Some(membership);
                    }
                }
                grouping.modules.push(of_module);
            }
            grouping.schemas.push(numbers);
        }
        grouping.tables = members.into_iter().flatten().collect();
        grouping
    }
}

/// The parts that most names begin with, and that are never the whole of a name.
fn common_prefix(names: &[Vec<u64>]) -> Vec<u64> {
    let mut common: Vec<u64> = Vec::new();
    if names.len() < FEWEST_FOR_COMMON {
        return common;
    }
    loop {
        let longer = names.iter().filter(|parts| parts.starts_with(&common) && parts.len() > common.len() + 1);
        let mut counts: BTreeMap<u64, usize> = BTreeMap::new();
        for part in longer.filter_map(|parts| parts.get(common.len())) {
            *counts.entry(*part).or_default() += 1;
        }
        let most = counts.into_iter().max_by_key(|(part, count)| (*count, *part));
        match most.filter(|(_, count)| *count as f64 >= COMMON_SHARE * names.len() as f64) {
            Some((part, _)) => common.push(part),
            None => return common,
        }
    }
}

/// How many parts of a name are the common prefix.
fn common_length(parts: &[u64], common: &[u64]) -> usize {
    let alike = parts.iter().zip(common).take_while(|(part, common)| part == common).count();
    if alike < parts.len() { alike } else { 0 }
}

fn first_parts(names: &[Vec<u64>]) -> BTreeMap<u64, usize> {
    let mut sizes = BTreeMap::new();
    for first in names.iter().filter(|parts| parts.len() > 1).filter_map(|parts| parts.first()) {
        *sizes.entry(*first).or_default() += 1;
    }
    sizes
}
