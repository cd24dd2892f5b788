//! Name trees (ISO 32000-1, 7.9.6): entries by name, in nodes that point to further nodes.

use std::collections::BTreeSet;

use hayro_syntax::{
    object::{Array, Dict, MaybeRef, Object},
    xref::XRef,
};

use super::decode::Decoder;
use crate::model::Reason;

/// Nodes and entries of one tree.
const MOST_NODES: usize = 100_000;

/// The items of an array. One that leads nowhere does not end it, as it would end the parser's own iteration.
pub(super) fn items<'a>(xref: &'a XRef, array: &Array<'a>) -> impl Iterator<Item = Object<'a>> + use<'a> {
    array.raw_iter().filter_map(|item| match item {
        MaybeRef::Ref(reference) => xref.get(reference.into()),
        MaybeRef::NotRef(object) => Some(object),
    })
}

/// The dictionaries in an array that an entry holds.
pub(super) fn dictionaries<'a>(xref: &'a XRef, dict: &Dict<'a>, key: &str) -> impl Iterator<Item = Dict<'a>> {
    let array = dict.get::<Array<'a>>(key).unwrap_or_default();
    items(xref, &array).filter_map(Object::into_dict)
}

/// All entries of a tree: name and what it stands for. A node is read once, however often it is pointed to.
pub(super) fn entries<'a>(xref: &'a XRef, root: &Dict<'a>, decoder: &Decoder<'_>) -> Vec<(Vec<u8>, Object<'a>)> {
    let mut entries = Vec::new();
    let mut waiting = vec![root.clone()];
    let mut seen = BTreeSet::new();
    while let Some(node) = waiting.pop() {
        if !seen.insert(address(&node)) {
            continue;
        }
        if seen.len() > MOST_NODES || entries.len() > MOST_NODES {
            decoder.miss(Reason::TooMany);
            break;
        }
        let mut name = None;
        for item in items(xref, &node.get::<Array<'a>>("Names").unwrap_or_default()) {
            match (item, name.take()) {
                (value, Some(name)) => entries.push((name, value)),
                (Object::String(first), None) => name = Some(first.as_bytes().to_vec()),
                _ => {}
            }
        }
        let mut kids: Vec<Dict<'a>> = decoder.up_to(MOST_NODES, dictionaries(xref, &node, "Kids")).collect();
        kids.reverse();
        waiting.append(&mut kids);
    }
    entries
}

/// Tells dictionaries apart: where their bytes are.
pub(super) fn address(dict: &Dict<'_>) -> (usize, usize) {
    (dict.data().as_ptr() as usize, dict.data().len())
}
