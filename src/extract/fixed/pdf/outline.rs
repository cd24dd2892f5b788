//! The outline of a document: titles, and the pages they lead to.

use std::collections::{BTreeMap, BTreeSet};

use hayro_syntax::{
    object::{Array, Dict, MaybeRef, Object, ObjectIdentifier},
    xref::XRef,
};

use super::{decode::Decoder, names, string};
use crate::model::Reason;

/// Titles of one document.
const MOST_TITLES: usize = 50_000;

/// The titles of each page. One that leads nowhere stands with the one before it.
pub(super) fn by_page(
    xref: &XRef,
    catalog: &Dict<'_>,
    pages: &BTreeMap<ObjectIdentifier, usize>,
    decoder: &Decoder<'_>,
) -> BTreeMap<usize, Vec<String>> {
    let mut titles: BTreeMap<usize, Vec<String>> = BTreeMap::new();
    let Some(outline) = catalog.get::<Dict<'_>>("Outlines") else { return titles };
    let named = named_pages(xref, catalog, pages, decoder);
    let mut waiting: Vec<Dict<'_>> = outline.get_ref("First").and_then(|id| xref.get(id.into())).into_iter().collect();
    let mut seen = BTreeSet::new();
    let mut page = 0;
    while let Some(item) = waiting.pop() {
        if !seen.insert(names::address(&item)) {
            continue;
        }
        if seen.len() > MOST_TITLES {
            decoder.miss(Reason::TooMany);
            break;
        }
        let target = item.get::<Object<'_>>("Dest").or_else(|| item.get::<Dict<'_>>("A")?.get("D"));
        page = target.and_then(|target| page_of(&target, pages, &named)).unwrap_or(page);
        if let Some(title) = string::text(&item, "Title").filter(|it| !it.trim().is_empty()) {
            titles.entry(page).or_default().push(title.trim().to_owned());
        }
        // Asked for anew, and not from the item: a dictionary carries the whole chain that led to it.
        let follow = |key: &str| xref.get::<Dict<'_>>(item.get_ref(key)?.into());
        waiting.extend(follow("Next"));
        waiting.extend(follow("First"));
    }
    titles
}

/// Destinations with a name: in the old dictionary, and in the name tree.
fn named_pages(
    xref: &XRef,
    catalog: &Dict<'_>,
    pages: &BTreeMap<ObjectIdentifier, usize>,
    decoder: &Decoder<'_>,
) -> BTreeMap<Vec<u8>, usize> {
    let tree = catalog.get::<Dict<'_>>("Names").and_then(|it| it.get::<Dict<'_>>("Dests"));
    let mut entries = tree.map(|tree| names::entries(xref, &tree, decoder)).unwrap_or_default();
    if let Some(old) = catalog.get::<Dict<'_>>("Dests") {
        let keys: Vec<_> = old.keys().take(MOST_TITLES).collect();
        entries.extend(keys.into_iter().filter_map(|key| Some((key.to_vec(), old.get(&*key)?))));
    }
    let no_names = BTreeMap::new();
    entries.into_iter().filter_map(|(name, target)| Some((name, page_of(&target, pages, &no_names)?))).collect()
}

fn page_of(
    target: &Object<'_>,
    pages: &BTreeMap<ObjectIdentifier, usize>,
    named: &BTreeMap<Vec<u8>, usize>,
) -> Option<usize> {
    match target {
        Object::Array(place) => page_at(place, pages),
        Object::Dict(dict) => page_at(&dict.get::<Array<'_>>("D")?, pages),
        Object::String(name) => named.get(name.as_bytes()).copied(),
        Object::Name(name) => named.get(&**name).copied(),
        _ => None,
    }
}

/// The page of an explicit destination: a reference to it, or its number.
fn page_at(place: &Array<'_>, pages: &BTreeMap<ObjectIdentifier, usize>) -> Option<usize> {
    match place.raw_iter().next()? {
        MaybeRef::Ref(reference) => pages.get(&reference.into()).copied(),
        MaybeRef::NotRef(Object::Number(number)) => usize::try_from(number.as_i64()).ok(),
        MaybeRef::NotRef(_) => None,
    }
}
