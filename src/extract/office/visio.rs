//! Drawings of Visio (MS-VSDX): pages as parts, the text of shapes, and the data that shapes hold.

use std::io::{Read, Seek};

use quick_xml::events::BytesStart;
use zip::ZipArchive;

use super::{
    super::{
        Job, Reading, Sink,
        markup::{self, Visitor},
        xml,
    },
    is_address_of_somebody,
    package::Package,
    parts::{is_member, read_links},
    snippets::{Places, Snippets},
};
use crate::{
    model::{Fragment, Reason},
    open::{Format, Limits},
};

/// Comments and who wrote them.
const COMMENTS: Places = Places { elements: &["CommentEntry"], attributes: &[("AuthorEntry", "Name")] };
/// Where the data of shapes comes from.
const CONNECTIONS: Places =
    Places { elements: &[], attributes: &[("DataConnection", "ConnectionString"), ("DataConnection", "Command")] };

/// Reads pages in their order, then what stands on masters, comments, and recorded data.
pub(super) fn read<R: Read + Seek>(
    job: &Job<'_>,
    archive: &mut ZipArchive<R>,
    sink: &mut dyn Sink,
) -> Result<Reading, Reason> {
    let mut package = Package::new(job, archive);
    if !package.names().iter().any(|name| name.starts_with("visio/pages/")) {
        return Err(Reason::Corrupt);
    }
    package.walk_properties(sink);
    let limits = package.limits();
    for folder in ["pages", "masters"] {
        let index = format!("visio/{folder}/{folder}.xml");
        let mut pages = Pages { most: limits.members as usize, found: Vec::new() };
        package.walk(&index, &mut pages, sink);
        let targets = package.relationships(&index, sink);
        for page in pages.found {
            if !page.name.is_empty() {
                sink.fragment(Fragment::PartName(page.name.as_bytes()));
            }
            if let Some(target) = targets.iter().find(|it| it.id == page.relationship) {
                package.walk(&target.target, &mut Shapes::new(limits), sink);
                read_links(&mut package, &target.target, sink);
            }
        }
    }
    package.walk("visio/comments.xml", &mut Snippets::new(COMMENTS), sink);
    package.walk("visio/data/connections.xml", &mut Snippets::new(CONNECTIONS), sink);
    for name in package.names().iter().filter(|name| name.starts_with("visio/data/recordset")) {
        let partial = package.with_part(name, |part| xml::read(&[], part, limits, sink).partial);
        package.note(partial.flatten());
    }
    package.read_members(is_member, sink);
    Ok(package.reading(Format::Vsdx))
}

/// The list of pages, or of masters.
struct Pages {
    most: usize,
    found: Vec<Page>,
}

#[derive(Default)]
struct Page {
    name: String,
    relationship: String,
}

impl Visitor for Pages {
    fn open(&mut self, tag: &BytesStart<'_>, _sink: &mut dyn Sink) {
        match tag.local_name().as_ref() {
            "Page" | "Master" if self.found.len() < self.most => {
                let name = markup::attribute(tag, "Name").unwrap_or_default();
                self.found.push(Page { name, relationship: String::new() });
            }
            "Rel" => {
                if let Some(page) = self.found.last_mut() {
                    page.relationship = markup::attribute(tag, "id").unwrap_or_default();
                }
            }
            _ => {}
        }
    }

    fn text(&mut self, _text: &str, _sink: &mut dyn Sink) {}

    fn close(&mut self, _local_name: &str, _sink: &mut dyn Sink) {}

    fn finish(&mut self, _sink: &mut dyn Sink) {}
}

/// The sections of a shape that hold words.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Section {
    /// Data of the shape: label and value.
    Property,
    /// Links.
    Hyperlink,
}

/// One page.
struct Shapes<'l> {
    limits: &'l Limits,
    section: Option<Section>,
    label: String,
    value: String,
    text: Vec<u8>,
    is_in_text: bool,
}

impl<'l> Shapes<'l> {
    fn new(limits: &'l Limits) -> Self {
        let (label, value) = (String::new(), String::new());
        Self { limits, section: None, label, value, text: Vec::new(), is_in_text: false }
    }

    fn cell(&mut self, tag: &BytesStart<'_>) {
        let Some(section) = self.section else { return };
        let value = || markup::attribute(tag, "V").unwrap_or_default();
        match (section, markup::attribute(tag, "N").unwrap_or_default().as_str()) {
            (Section::Property, "Label") => self.label = value(),
            (Section::Property, "Value") => self.value = value(),
            (Section::Hyperlink, "Address") => {
                self.value = Some(value()).filter(|it| is_address_of_somebody(it)).unwrap_or_default()
            }
            _ => {}
        }
    }

    fn end_row(&mut self, sink: &mut dyn Sink) {
        let (label, value) = (std::mem::take(&mut self.label), std::mem::take(&mut self.value));
        for (piece, behind) in [(label, ": "), (value, "")] {
            if !piece.trim().is_empty() {
                sink.fragment(Fragment::Text(piece.as_bytes()));
                sink.fragment(Fragment::Text(behind.as_bytes()));
            }
        }
        sink.fragment(Fragment::Break);
    }

    fn end_text(&mut self, sink: &mut dyn Sink) {
        let text = std::mem::take(&mut self.text);
        if !text.trim_ascii().is_empty() {
            sink.fragment(Fragment::Text(text.trim_ascii()));
            sink.fragment(Fragment::Break);
        }
    }
}

impl Visitor for Shapes<'_> {
    fn open(&mut self, tag: &BytesStart<'_>, _sink: &mut dyn Sink) {
        match tag.local_name().as_ref() {
            "Text" => self.is_in_text = true,
            "Section" => {
                self.section = match markup::attribute(tag, "N").unwrap_or_default().as_str() {
                    "Property" => Some(Section::Property),
                    "Hyperlink" => Some(Section::Hyperlink),
                    _ => None,
                }
            }
            "Cell" => self.cell(tag),
            _ => {}
        }
    }

    fn text(&mut self, text: &str, sink: &mut dyn Sink) {
        if self.is_in_text {
            self.text.extend_from_slice(text.as_bytes());
            if self.text.len() > self.limits.record_bytes {
                self.end_text(sink);
            }
        }
    }

    fn close(&mut self, local_name: &str, sink: &mut dyn Sink) {
        match local_name {
            "Text" => {
                self.is_in_text = false;
                self.end_text(sink);
            }
            "Row" if self.section.is_some() => self.end_row(sink),
            "Section" => self.section = None,
            _ => {}
        }
    }

    fn finish(&mut self, sink: &mut dyn Sink) {
        self.end_text(sink);
    }
}
