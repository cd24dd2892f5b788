//! Parts of which only some elements and attributes hold words: comments, names of people, links, pivot caches.

use quick_xml::events::BytesStart;

use super::super::{
    Sink,
    markup::{self, Visitor},
};
use crate::model::Fragment;

/// Where the words of a kind of part stand, by local names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Places {
    /// Elements that hold text; each is a text of its own.
    pub(super) elements: &'static [&'static str],
    /// Attributes of elements that hold text.
    pub(super) attributes: &'static [(&'static str, &'static str)],
}

/// Hands on what stands in these places.
pub(super) struct Snippets {
    places: Places,
    /// Open elements below, and including, one that holds text.
    depth: u32,
    has_text: bool,
}

impl Snippets {
    /// Looks there.
    pub(super) fn new(places: Places) -> Self {
        Self { places, depth: 0, has_text: false }
    }
}

impl Visitor for Snippets {
    fn open(&mut self, tag: &BytesStart<'_>, sink: &mut dyn Sink) {
        let local_name = tag.local_name();
        let name = local_name.as_ref();
        if self.depth > 0 || self.places.elements.contains(&name) {
            self.depth = self.depth.saturating_add(1);
        }
        for (_, attribute) in self.places.attributes.iter().filter(|(element, _)| *element == name) {
            let value = markup::attribute(tag, attribute).unwrap_or_default();
            if !value.trim().is_empty() {
                self.finish(sink);
                sink.fragment(Fragment::Text(value.as_bytes()));
                sink.fragment(Fragment::Break);
            }
        }
    }

    fn text(&mut self, text: &str, sink: &mut dyn Sink) {
        if self.depth > 0 {
            sink.fragment(Fragment::Text(text.as_bytes()));
            self.has_text = true;
        }
    }

    fn close(&mut self, _local_name: &str, sink: &mut dyn Sink) {
        if self.depth > 0 {
            self.depth -= 1;
            if self.depth == 0 {
                self.finish(sink);
            }
        }
    }

    fn finish(&mut self, sink: &mut dyn Sink) {
        if std::mem::take(&mut self.has_text) {
            sink.fragment(Fragment::Break);
        }
    }
}
