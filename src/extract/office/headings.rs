//! Which styles of a Word document are headings.

use std::collections::BTreeSet;

use quick_xml::events::BytesStart;

use super::super::{
    Sink,
    markup::{self, Visitor},
};

/// The styles of a document, as far as they are headings.
#[derive(Default)]
pub(super) struct Headings {
    ids: BTreeSet<String>,
    /// All styles that are defined: what is not among them is judged by its name.
    defined: BTreeSet<String>,
    current: Option<String>,
}

impl Headings {
    /// Whether paragraphs of this style are headings.
    pub(super) fn contain(&self, style: &str) -> bool {
        self.ids.contains(style) || (!self.defined.contains(style) && is_heading_name(style))
    }
}

impl Visitor for Headings {
    fn open(&mut self, tag: &BytesStart<'_>, _sink: &mut dyn Sink) {
        let value = || markup::attribute(tag, "val").unwrap_or_default();
        match tag.local_name().as_ref() {
            "style" => {
                self.current = markup::attribute(tag, "styleId");
                self.defined.extend(self.current.clone());
            }
            "name" if is_heading_name(&value()) => self.ids.extend(self.current.clone()),
            "outlineLvl" if is_outline_level(&value()) => self.ids.extend(self.current.clone()),
            _ => {}
        }
    }

    fn text(&mut self, _text: &str, _sink: &mut dyn Sink) {}

    fn close(&mut self, local_name: &str, _sink: &mut dyn Sink) {
        if local_name == "style" {
            self.current = None;
        }
    }

    fn finish(&mut self, _sink: &mut dyn Sink) {}
}

/// Levels 0 to 8 are those of headings, 9 is body text (ECMA-376 part 1, 17.3.1.20).
pub(super) fn is_outline_level(value: &str) -> bool {
    value.parse::<u8>().is_ok_and(|level| level < 9)
}

/// Names and ids of headings: `heading 1`, `Title`, 标题, and `1` to `9` as Chinese Word writes ids.
pub(super) fn is_heading_name(style: &str) -> bool {
    let lower = style.to_lowercase();
    lower.starts_with("heading")
        || lower.starts_with("title")
        || lower.starts_with("标题")
        || (lower.len() == 1 && lower.starts_with(|it: char| ('1'..='9').contains(&it)))
}
