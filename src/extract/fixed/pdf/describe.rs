//! What a document says of itself: its information dictionary, and XMP (ISO 16684-1) where that says more.

use std::io::Cursor;

use hayro_syntax::{
    Pdf,
    object::{Dict, Stream},
};
use quick_xml::events::BytesStart;

use super::{
    super::{
        super::{Sink, markup},
        properties::Properties,
    },
    decode::Decoder,
    string,
};
use crate::{model::Fragment, open::Limits};

/// The properties of a document, each value once.
pub(super) fn properties(pdf: &Pdf, catalog: &Dict<'_>, decoder: &Decoder<'_>) -> Properties {
    let mut properties = Properties::default();
    let known = pdf.metadata();
    for (name, value) in [
        ("Title", &known.title),
        ("Author", &known.author),
        ("Subject", &known.subject),
        ("Keywords", &known.keywords),
        ("Creator", &known.creator),
        ("Producer", &known.producer),
    ] {
        if let Some(value) = value {
            properties.add(name, &string::decode(value));
        }
    }
    if let Some(stream) = catalog.get::<Stream<'_>>("Metadata") {
        let packet = decoder.decode(&stream);
        let mut described = Described { properties: &mut properties, name: String::new(), text: String::new() };
        markup::walk(&mut Cursor::new(packet), None, &Limits::default(), &mut described, &mut Nowhere);
    }
    properties
}

/// A packet of XMP while it is walked through.
struct Described<'p> {
    properties: &'p mut Properties,
    /// The innermost element that is a property.
    name: String,
    text: String,
}

impl Described<'_> {
    fn settle(&mut self) {
        if !self.name.is_empty() {
            self.properties.add(&self.name, &std::mem::take(&mut self.text));
        }
        self.text.clear();
    }
}

/// The property of a local name, under the name it has in the information dictionary.
fn property_of(local_name: &str) -> Option<&'static str> {
    Some(match local_name {
        "title" => "Title",
        "creator" => "Author",
        "description" => "Subject",
        "subject" | "Keywords" => "Keywords",
        "rights" => "Rights",
        "publisher" => "Publisher",
        "contributor" => "Contributor",
        "CreatorTool" => "Creator",
        "Producer" => "Producer",
        "Company" => "Company",
        "Manager" => "Manager",
        _ => return None,
    })
}

impl markup::Visitor for Described<'_> {
    fn open(&mut self, tag: &BytesStart<'_>, _sink: &mut dyn Sink) {
        let local_name = tag.local_name();
        let local_name: &str = local_name.as_ref();
        if !matches!(local_name, "Alt" | "Seq" | "Bag" | "li") {
            property_of(local_name).unwrap_or_default().clone_into(&mut self.name);
        }
        self.text.clear();
        if local_name == "Description" {
            for (name, value) in markup::attributes(tag) {
                if let Some(name) = property_of(&name) {
                    self.properties.add(name, &value);
                }
            }
        }
    }

    fn text(&mut self, text: &str, _sink: &mut dyn Sink) {
        self.text.push_str(text);
    }

    fn close(&mut self, local_name: &str, _sink: &mut dyn Sink) {
        self.settle();
        if property_of(local_name).is_some() {
            self.name.clear();
        }
    }

    fn finish(&mut self, _sink: &mut dyn Sink) {}
}

/// What is no property of a packet is not read.
struct Nowhere;

impl Sink for Nowhere {
    fn fragment(&mut self, _fragment: Fragment<'_>) {}

    fn begin_member(&mut self, _raw_name: &[u8]) {}

    fn end_member(&mut self, _outcome: Result<super::super::super::Extracted, crate::model::Reason>) {}
}
