//! Drawing exchange: layers, blocks, layouts, texts and attributes of a drawing, out of its pairs of group code and value
//! (Autodesk, DXF Reference).

use std::{collections::BTreeSet, io::Read};

use super::{lines::Lines, name, say, say_labelled};
use crate::extract::{Reading, Sink};

mod binary;
mod content;

use binary::BinaryPairs;

/// Distinct layers that are named where no table of layers names them; drawings have some hundreds.
const MOST_LAYERS: usize = 10_000;

/// Reads a drawing; `head` are its first bytes, and `reader` gives them once more.
pub(super) fn read(head: &[u8], reader: &mut dyn Read, sink: &mut dyn Sink) -> Reading {
    let mut drawing = Drawing::default();
    if head.starts_with(binary::SENTINEL) {
        let mut pairs = BinaryPairs::new(reader);
        while let Some((code, value)) = pairs.next() {
            drawing.pair(code, &value, sink);
        }
        drawing.end_entity(sink);
        return Reading { partial: pairs.stopped(), ..Reading::default() };
    }
    let mut lines = Lines::new(reader);
    while let Some(code) = lines.next() {
        let Some(value) = lines.next() else { break };
        // A line that is no code: a writer has broken a text, or it is no drawing from here on.
        if let Ok(code) = code.trim().parse() {
            drawing.pair(code, &value, sink);
        } else {
            say(&code, sink);
            say(&value, sink);
        }
    }
    drawing.end_entity(sink);
    lines.reading()
}

/// A drawing while its pairs come.
#[derive(Default)]
struct Drawing {
    /// What the last pair 0 began.
    entity: String,
    /// The variable of the header that the last pair 9 named.
    variable: String,
    /// Name of a custom property, until its value comes.
    property: String,
    /// The application whose data follow.
    application: String,
    layers: BTreeSet<String>,
    /// Tag of an attribute.
    tag: String,
    /// Prompt of the definition of an attribute.
    prompt: String,
    /// Text of an entity, which may come in pieces.
    text: String,
}

impl Drawing {
    fn pair(&mut self, code: i32, value: &str, sink: &mut dyn Sink) {
        match code {
            0 => {
                self.end_entity(sink);
                value.trim().clone_into(&mut self.entity);
            }
            9 => value.trim().clone_into(&mut self.variable),
            999 => say(&content::plain(value), sink),
            1001 => value.trim().clone_into(&mut self.application),
            1000 if !is_of_the_program(&self.application) => say(&content::plain(value), sink),
            8 => self.layer(value, sink),
            1 if self.entity == "SECTION" => self.header(value, sink),
            1..=4 | 7 | 300..=309 => self.of_entity(code, value, sink),
            _ => {}
        }
    }

    fn layer(&mut self, value: &str, sink: &mut dyn Sink) {
        let layer = content::plain(value);
        if self.layers.len() < MOST_LAYERS && !self.layers.contains(&layer) {
            name(&layer, sink);
            self.layers.insert(layer);
        }
    }

    /// A variable of the header whose value is a text.
    fn header(&mut self, value: &str, sink: &mut dyn Sink) {
        let value = content::plain(value);
        match self.variable.as_str() {
            "$CUSTOMPROPERTYTAG" => self.property = value,
            "$CUSTOMPROPERTY" => say_labelled(&std::mem::take(&mut self.property), &value, sink),
            "$PROJECTNAME" | "$TITLE" | "$SUBJECT" | "$AUTHOR" | "$KEYWORDS" | "$COMMENTS" | "$LASTSAVEDBY" => {
                say(&value, sink);
            }
            _ => {}
        }
    }

    fn of_entity(&mut self, code: i32, value: &str, sink: &mut dyn Sink) {
        match (self.entity.as_str(), code) {
            ("LAYER", 2) => self.layer(value, sink),
            // Blocks whose name begins with a star are the program's own.
            ("BLOCK", 2) | ("LAYOUT", 1) | ("GROUP", 3) if !value.starts_with('*') => {
                name(&content::plain(value), sink);
            }
            ("ATTRIB" | "ATTDEF", 2) => value.clone_into(&mut self.tag),
            ("ATTDEF", 3) => self.prompt = content::plain(value),
            ("TEXT" | "ATTRIB" | "ATTDEF" | "DIMENSION" | "TOLERANCE", 1)
            | ("MTEXT" | "ACAD_TABLE", 1 | 2 | 3 | 302 | 303)
            | ("MULTILEADER" | "MLEADER", 302 | 304) => self.text.push_str(value),
            ("BLOCK", 4) | ("XRECORD", 1..=4 | 300..=309) => say(&content::plain(value), sink),
            _ => {}
        }
        // The cells of a table and the pieces of a note of any length are not held together.
        if self.entity == "ACAD_TABLE" || self.text.len() > content::LONGEST_TEXT_BYTES {
            self.flush_text(sink);
        }
    }

    fn flush_text(&mut self, sink: &mut dyn Sink) {
        let text = std::mem::take(&mut self.text);
        let is_plain = matches!(self.entity.as_str(), "TEXT" | "ATTRIB" | "ATTDEF");
        let shown = if is_plain { content::plain(&text) } else { content::formatted(&text) };
        say_labelled(&std::mem::take(&mut self.tag), &shown, sink);
    }

    fn end_entity(&mut self, sink: &mut dyn Sink) {
        if !self.text.is_empty() {
            self.flush_text(sink);
        }
        say_labelled(&std::mem::take(&mut self.tag), &std::mem::take(&mut self.prompt), sink);
    }
}

/// Whether data of this application are AutoCAD's own: styles and scales of notes.
fn is_of_the_program(application: &str) -> bool {
    application.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("acad"))
}
