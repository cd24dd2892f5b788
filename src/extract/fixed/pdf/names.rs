//! Name trees (ISO 32000-1, 7.9.6): entries by name, in nodes that point to further nodes.

use std::collections::BTreeSet;

use hayro_syntax::object::{Array, Dict, Object};

/// Nodes and entries of one tree.
const MOST_NODES: usize = 100_000;

/// All entries of a tree: name and what it stands for. A node is read once, however often it is pointed to.
pub(super) fn entries<'a>(root: &Dict<'a>) -> Vec<(Vec<u8>, Object<'a>)> {
    let mut entries = Vec::new();
    let mut waiting = vec![root.clone()];
    let mut seen = BTreeSet::new();
    while let Some(node) = waiting.pop() {
        if !seen.insert(address(&node)) || seen.len() > MOST_NODES || entries.len() > MOST_NODES {
            continue;
        }
        let mut pairs = node.get::<Array<'a>>("Names").unwrap_or_default().flex_iter();
        while let Some(Object::String(name)) = pairs.next::<Object<'a>>() {
            let Some(value) = pairs.next::<Object<'a>>() else { break };
            entries.push((name.as_bytes().to_vec(), value));
        }
        let mut kids: Vec<Dict<'a>> =
            node.get::<Array<'a>>("Kids").unwrap_or_default().iter::<Dict<'a>>().take(MOST_NODES).collect();
        kids.reverse();
        waiting.append(&mut kids);
    }
    entries
}

/// Tells dictionaries apart: where their bytes are.
pub(super) fn address(dict: &Dict<'_>) -> (usize, usize) {
    (dict.data().as_ptr() as usize, dict.data().len())
}
