//! A small XML document as a tree: what a package says of its parts.

use quick_xml::events::BytesStart;

use super::super::{Sink, markup};
use crate::model::{Fragment, Reason};

/// Elements of one such document. A document of ten thousand pages has some tens of thousands.
const MOST_ELEMENTS: usize = 500_000;
/// Bytes of names, attributes and text of one such document.
const MOST_BYTES: usize = 32 << 20;

/// An element, with the text that stands in it directly.
pub(super) struct Element {
    pub(super) name: String,
    attributes: Vec<(String, String)>,
    pub(super) text: String,
    parent: usize,
}

impl Element {
    /// The value of an attribute, by local name.
    pub(super) fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

/// All elements of a document, each behind its parent.
#[derive(Default)]
pub(super) struct Tree {
    elements: Vec<Element>,
    open: Vec<usize>,
    bytes: usize,
    pub(super) partial: Option<Reason>,
}

impl Tree {
    /// All elements, each behind its parent.
    pub(super) fn all(&self) -> impl Iterator<Item = (usize, &Element)> {
        self.elements.iter().enumerate()
    }

    /// The elements of this name, wherever they are.
    pub(super) fn named<'t>(&'t self, name: &'t str) -> impl Iterator<Item = (usize, &'t Element)> {
        self.all().filter(move |(_, element)| element.name == name)
    }

    /// The text of the first element of this name below another.
    pub(super) fn text_below(&self, ancestor: usize, name: &str) -> Option<&str> {
        self.below(ancestor).map(|(_, element)| element).find(|it| it.name == name).map(|it| it.text.trim())
    }

    /// All elements below another.
    pub(super) fn below(&self, ancestor: usize) -> impl Iterator<Item = (usize, &Element)> {
        // What stands below an element follows it without a gap.
        let is_inside = move |element: &Element| element.parent >= ancestor && element.parent != usize::MAX;
        self.all().skip(ancestor + 1).take_while(move |(_, element)| is_inside(element))
    }

    /// The names of an element and of those above it, without the outermost.
    pub(super) fn path(&self, index: usize) -> Vec<&str> {
        let mut path = Vec::new();
        let mut at = index;
        while let Some(element) = self.elements.get(at).filter(|it| it.parent != usize::MAX) {
            path.push(element.name.as_str());
            at = element.parent;
        }
        path.reverse();
        path
    }

    /// The element that another stands in.
    pub(super) fn parent(&self, element: &Element) -> Option<(usize, &Element)> {
        Some((element.parent, self.elements.get(element.parent)?))
    }
}

impl markup::Visitor for Tree {
    fn open(&mut self, tag: &BytesStart<'_>, _sink: &mut dyn Sink) {
        let name = tag.local_name().as_ref().to_owned();
        let attributes: Vec<_> = markup::attributes(tag).collect();
        let added: usize = attributes.iter().map(|(name, value)| name.len() + value.len() + 64).sum();
        self.bytes = self.bytes.saturating_add(name.len() + 128 + added);
        if self.elements.len() >= MOST_ELEMENTS || self.bytes > MOST_BYTES {
            self.partial = Some(Reason::TooMany);
            // What follows belongs to nothing.
            self.open.push(usize::MAX);
            return;
        }
        let parent = self.open.last().copied().unwrap_or(usize::MAX);
        self.open.push(self.elements.len());
        self.elements.push(Element { name, attributes, text: String::new(), parent });
    }

    fn text(&mut self, text: &str, sink: &mut dyn Sink) {
        self.bytes = self.bytes.saturating_add(text.len());
        match self.open.last().map(|at| self.elements.get_mut(*at)) {
            Some(Some(element)) if self.bytes <= MOST_BYTES => element.text.push_str(text),
            // Too much to keep is still read.
            Some(_) => sink.fragment(Fragment::Text(text.as_bytes())),
            None => {}
        }
    }

    fn close(&mut self, _local_name: &str, _sink: &mut dyn Sink) {
        self.open.pop();
    }

    fn finish(&mut self, _sink: &mut dyn Sink) {}
}
