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

/// Tagged objects of one document. An invoice has some dozens, and its list of goods some hundreds.
const MOST_TAGGED: usize = 20_000;

/// The tags of a document, and the text of what they point to.
#[derive(Default)]
pub(super) struct Tagged {
    /// Path of names, in the order of the tags.
    fields: Vec<Field>,
    /// Where the text of an object goes, by its page and its id. A tag may leave the page out.
    places: BTreeMap<(String, String), usize>,
    used: BTreeSet<String>,
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
                    tagged.add(&tree);
                }
            }
        }
        tagged
    }

    fn add(&mut self, tree: &Tree) {
        for (_, reference) in tree.named("ObjectRef") {
            let Some((parent, _)) = tree.parent(reference) else { continue };
            if self.fields.len() >= MOST_TAGGED {
                return;
            }
            let page = reference.attribute("PageRef").unwrap_or_default().to_owned();
            self.places.insert((page, reference.text.trim().to_owned()), self.fields.len());
            self.fields.push((tree.path(parent).join("."), Vec::new()));
        }
    }

    /// Notes the text of an object, if it has a tag.
    pub(super) fn fill(&mut self, page: &str, object: &str, text: &str) {
        if self.places.is_empty() || object.is_empty() {
            return;
        }
        let place = [page, ""].iter().find_map(|page| self.places.get(&((*page).to_owned(), object.to_owned())));
        if let Some((_, value)) = place.and_then(|place| self.fields.get_mut(*place)) {
            value.extend_from_slice(text.as_bytes());
        }
    }

    /// Whether a template is used for the first time.
    pub(super) fn first_use(&mut self, template: &str) -> bool {
        self.used.insert(template.to_owned())
    }

    /// The tags that have a text, in their order.
    pub(super) fn into_fields(self) -> Vec<Field> {
        self.fields.into_iter().filter(|(_, value)| !value.is_empty()).collect()
    }
}
