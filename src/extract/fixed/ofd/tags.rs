//! Custom tags (clause 16): names for what stands in text objects, as electronic invoices have them.

use std::{
    collections::{BTreeMap, BTreeSet},
    io::{Read, Seek},
};

use super::super::{
    super::{Sink, records::Field},
    package::{Package, folder_of},
    tree::Tree,
};
use crate::model::Reason;

/// Tagged objects of one document. An invoice has some dozens, and its list of goods some hundreds.
const MOST_TAGGED: usize = 20_000;

/// The tags of a document, and the text of what they point to.
#[derive(Default)]
pub(super) struct Tagged {
    /// In the order of the tags.
    tags: Vec<Tag>,
    /// Where the text of an object goes, by its page and its id. A tag may leave the page out.
    places: BTreeMap<(String, String), usize>,
    used: BTreeSet<String>,
}

/// A name for a text.
struct Tag {
    /// The names above it.
    group: String,
    name: String,
    text: String,
}

impl Tagged {
    /// Reads all tags of a document.
    pub(super) fn read<R: Read + Seek>(
        package: &mut Package<'_, '_, R>,
        document: &Tree,
        folder: &str,
        sink: &mut dyn Sink,
    ) -> Self {
        let mut tagged = Self::default();
        for list in super::parts_named(package, document, "CustomTags", folder) {
            let tags = package.tree(&list, sink);
            let locations: Vec<String> = tags.named("FileLoc").map(|(_, it)| it.text.clone()).collect();
            for location in locations {
                if let Some(path) = package.find(folder_of(&list), &location) {
                    let tree = package.tree(&path, sink);
                    let partial = tagged.add(&tree);
                    package.miss(partial);
                }
            }
        }
        tagged
    }

    /// Adds the tags of a part. Gives why those are not all, if they are not.
    fn add(&mut self, tree: &Tree) -> Option<Reason> {
        for (parent, object) in tree.all().filter_map(|(_, it)| Some((tree.parent(it)?.0, it))) {
            let is_text = object.name == "ObjectData";
            if !is_text && object.name != "ObjectRef" {
                continue;
            }
            if self.tags.len() >= MOST_TAGGED {
                return Some(Reason::TooMany);
            }
            if !is_text {
                let page = object.attribute("PageRef").unwrap_or_default().to_owned();
                self.places.insert((page, object.text.trim().to_owned()), self.tags.len());
            }
            let mut path = tree.path(parent);
            let name = path.pop().unwrap_or_default().to_owned();
            let text = if is_text { object.text.clone() } else { String::new() };
            self.tags.push(Tag { group: path.join("."), name, text });
        }
        None
    }

    /// Notes the text of an object, if it has a tag.
    pub(super) fn fill(&mut self, page: &str, object: &str, text: &str) {
        if self.places.is_empty() || object.is_empty() {
            return;
        }
        let place = [page, ""].iter().find_map(|page| self.places.get(&((*page).to_owned(), object.to_owned())));
        if let Some(tag) = place.and_then(|place| self.tags.get_mut(*place)) {
            tag.text.push_str(text);
        }
    }

    /// Whether a template is used for the first time.
    pub(super) fn first_use(&mut self, template: &str) -> bool {
        self.used.insert(template.to_owned())
    }

    /// The tags that have a text, in their order: those of one parent are a record, until a name comes again.
    pub(super) fn into_records(self) -> Vec<(String, Vec<Field>)> {
        let mut records: Vec<(String, Vec<Field>)> = Vec::new();
        for Tag { group, name, text } in self.tags.into_iter().filter(|tag| !tag.text.trim().is_empty()) {
            let field = (name, text.into_bytes());
            match records.last_mut() {
                Some((known, fields)) if *known == group && fields.iter().all(|(name, _)| *name != field.0) => {
                    fields.push(field);
                }
                _ => records.push((group, vec![field])),
            }
        }
        records
    }
}
