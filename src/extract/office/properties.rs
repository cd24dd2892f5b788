//! What a document says of itself: title, subject, people, company, keywords, and what its users added.
//!
//! The names of people are data as any other: they are looked at, and shown nowhere.

use quick_xml::events::BytesStart;

use super::super::{
    Sink,
    markup::{self, Visitor},
};
use crate::model::Fragment;

/// Elements of `core.xml`, `app.xml` and of OpenDocument's `meta.xml` that hold words of people. What programs count and
/// when they wrote is left out.
const KEPT: [&str; 16] = [
    "title",
    "subject",
    "creator",
    "description",
    "keywords",
    "keyword",
    "category",
    "contentStatus",
    "lastModifiedBy",
    "identifier",
    "initial-creator",
    "printed-by",
    "Company",
    "Manager",
    "HyperlinkBase",
    "contributor",
];

/// Reads properties of any of these parts.
#[derive(Default)]
pub(super) struct Properties {
    name: Option<String>,
    value: Vec<u8>,
}

impl Properties {
    /// Whether the text that comes next belongs to a property.
    pub(super) fn is_open(&self) -> bool {
        self.name.is_some()
    }
}

impl Visitor for Properties {
    fn open(&mut self, tag: &BytesStart<'_>, _sink: &mut dyn Sink) {
        let local_name = tag.local_name();
        match local_name.as_ref() {
            // Properties that users added, of OOXML and of OpenDocument.
            "property" | "user-defined" => {
                self.value.clear();
                self.name = markup::attribute(tag, "name").or(Some(String::new()));
            }
            kept if KEPT.contains(&kept) => {
                self.value.clear();
                self.name = Some(kept.to_owned());
            }
            _ => {}
        }
    }

    fn text(&mut self, text: &str, _sink: &mut dyn Sink) {
        if self.is_open() {
            self.value.extend_from_slice(text.as_bytes());
        }
    }

    fn close(&mut self, local_name: &str, sink: &mut dyn Sink) {
        if matches!(local_name, "property" | "user-defined") || KEPT.contains(&local_name) {
            self.finish(sink);
        }
    }

    fn finish(&mut self, sink: &mut dyn Sink) {
        let value = std::mem::take(&mut self.value);
        let value = value.trim_ascii();
        match self.name.take() {
            Some(_) if value.is_empty() => {}
            Some(name) if name == "title" => sink.fragment(Fragment::PartName(value)),
            Some(name) => {
                sink.fragment(Fragment::Text(name.as_bytes()));
                sink.fragment(Fragment::Text(b": "));
                sink.fragment(Fragment::Text(value));
                sink.fragment(Fragment::Break);
            }
            None => {}
        }
    }
}
