//! The content of a document while it is walked through.

use quick_xml::events::BytesStart;

use super::super::{
    super::{
        Sink,
        markup::{self, Visitor},
    },
    is_address_of_somebody,
    properties::Properties,
};
use super::sheet::{Room, Sheet};
use crate::{
    model::{Fragment, Reason},
    open::Limits,
};

/// Elements that hold running text: paragraphs, headings, who wrote a note, what a picture shows.
const PARAGRAPHS: [&str; 5] = ["p", "h", "creator", "title", "desc"];

/// What the next text belongs to.
pub(super) struct Content<'l> {
    limits: &'l Limits,
    properties: Option<Properties>,
    /// Open paragraphs; a note or a text box may stand in one. The innermost is the last.
    paragraphs: Vec<Paragraph>,
    held_bytes: usize,
    is_title_frame: bool,
    annotation_depth: u32,
    /// Texts that stand beside the running one, until it ends.
    asides: Vec<Vec<u8>>,
    aside_bytes: usize,
    table_depth: u32,
    sheet: Option<Sheet<'l>>,
    is_spreadsheet: bool,
    room: Room,
    rows: u64,
}

#[derive(Default)]
struct Paragraph {
    text: Vec<u8>,
    is_heading: bool,
}

impl<'l> Content<'l> {
    /// Nothing yet.
    pub(super) fn new(limits: &'l Limits) -> Self {
        Self {
            limits,
            properties: None,
            paragraphs: Vec::new(),
            held_bytes: 0,
            is_title_frame: false,
            annotation_depth: 0,
            asides: Vec::new(),
            aside_bytes: 0,
            table_depth: 0,
            sheet: None,
            is_spreadsheet: false,
            room: Room::new(limits),
            rows: 0,
        }
    }

    /// Rows of all tables, without headers.
    pub(super) fn rows(&self) -> u64 {
        self.rows
    }

    /// Whether the document is a spreadsheet.
    pub(super) fn is_spreadsheet(&self) -> bool {
        self.is_spreadsheet
    }

    /// Why cells were left out, if some were.
    pub(super) fn partial(&self) -> Option<Reason> {
        self.room.is_short().then_some(Reason::TooMany)
    }

    fn open_paragraph(&mut self, name: &str, sink: &mut dyn Sink) {
        if self.held_bytes > self.limits.record_bytes {
            self.flush_paragraphs(sink);
        }
        let is_heading = name == "h" || (name == "p" && self.is_title_frame);
        self.paragraphs.push(Paragraph { text: Vec::new(), is_heading });
    }

    fn flush_paragraphs(&mut self, sink: &mut dyn Sink) {
        self.held_bytes = 0;
        for at in 0..self.paragraphs.len() {
            let is_heading = self.paragraphs.get(at).is_some_and(|it| it.is_heading);
            let text = self.paragraphs.get_mut(at).map(|it| std::mem::take(&mut it.text));
            self.hand_on(Paragraph { text: text.unwrap_or_default(), is_heading }, sink);
        }
    }

    fn close_paragraph(&mut self, sink: &mut dyn Sink) {
        let Some(paragraph) = self.paragraphs.pop() else { return };
        self.held_bytes = self.held_bytes.saturating_sub(paragraph.text.len());
        self.hand_on(paragraph, sink);
        if self.paragraphs.is_empty() && self.table_depth == 0 {
            self.hand_on_asides(sink);
        }
    }

    fn hand_on(&mut self, paragraph: Paragraph, sink: &mut dyn Sink) {
        let text = paragraph.text.trim_ascii();
        if text.is_empty() {
            return;
        }
        match &mut self.sheet {
            Some(sheet) if sheet.is_in_cell() && self.annotation_depth == 0 => {
                sheet.add(text);
                if sheet.cell_bytes() > self.limits.record_bytes {
                    sheet.close_cell();
                }
            }
            Some(_) => self.aside(text, sink),
            None if paragraph.is_heading => sink.fragment(Fragment::PartName(text)),
            None => {
                sink.fragment(Fragment::Text(text));
                sink.fragment(Fragment::Break);
            }
        }
    }

    /// Keeps a text until it may be handed on: not in a table.
    fn aside(&mut self, text: &[u8], sink: &mut dyn Sink) {
        self.aside_bytes = self.aside_bytes.saturating_add(text.len()).saturating_add(64);
        self.asides.push(text.to_vec());
        if self.aside_bytes > self.limits.record_bytes {
            let sheet = self.sheet.take();
            self.end_sheet(sheet, sink);
            self.sheet = (self.table_depth > 0).then(|| Sheet::new(self.limits));
        }
    }

    fn end_sheet(&mut self, sheet: Option<Sheet<'_>>, sink: &mut dyn Sink) {
        if let Some(sheet) = sheet {
            self.rows = self.rows.saturating_add(sheet.finish(&mut self.room, sink));
        }
        self.hand_on_asides(sink);
    }

    fn hand_on_asides(&mut self, sink: &mut dyn Sink) {
        self.aside_bytes = 0;
        for text in self.asides.drain(..) {
            sink.fragment(Fragment::Text(&text));
            sink.fragment(Fragment::Break);
        }
    }

    fn open_table(&mut self, tag: &BytesStart<'_>, sink: &mut dyn Sink) {
        self.table_depth = self.table_depth.saturating_add(1);
        if self.table_depth > 1 {
            return;
        }
        if let Some(name) = markup::attribute(tag, "name").filter(|_| self.is_spreadsheet) {
            sink.fragment(Fragment::PartName(name.as_bytes()));
        }
        self.sheet = Some(Sheet::new(self.limits));
    }

    fn close_table(&mut self, sink: &mut dyn Sink) {
        self.table_depth = self.table_depth.saturating_sub(1);
        if self.table_depth == 0 {
            let sheet = self.sheet.take();
            self.end_sheet(sheet, sink);
        }
    }

    fn close_row(&mut self, sink: &mut dyn Sink) {
        if let Some(sheet) = &mut self.sheet {
            sheet.close_row(&mut self.room, sink);
        }
    }

    fn push(&mut self, byte: u8, times: usize) {
        if let Some(paragraph) = self.paragraphs.last_mut() {
            let end = paragraph.text.len().saturating_add(times);
            paragraph.text.resize(end, byte);
            self.held_bytes = self.held_bytes.saturating_add(times);
        }
    }

    /// The sheet whose rows and cells the walk is at: that of the outermost table.
    fn outer_sheet(&mut self) -> Option<&mut Sheet<'l>> {
        self.sheet.as_mut().filter(|_| self.table_depth == 1)
    }
}

impl Visitor for Content<'_> {
    fn open(&mut self, tag: &BytesStart<'_>, sink: &mut dyn Sink) {
        if let Some(properties) = &mut self.properties {
            return properties.open(tag, sink);
        }
        let local_name = tag.local_name();
        match local_name.as_ref() {
            // Within a paragraph it is a remark of its own kind.
            "meta" if self.paragraphs.is_empty() => self.properties = Some(Properties::default()),
            "spreadsheet" => self.is_spreadsheet = true,
            "table" => self.open_table(tag, sink),
            "table-header-rows" => {
                if let Some(sheet) = self.outer_sheet() {
                    sheet.expect_header();
                }
            }
            "table-row" => {
                if let Some(sheet) = self.outer_sheet() {
                    sheet.open_row(tag);
                }
            }
            "table-cell" | "covered-table-cell" => {
                if let Some(sheet) = self.outer_sheet() {
                    sheet.open_cell(tag);
                }
            }
            "annotation" => self.annotation_depth = self.annotation_depth.saturating_add(1),
            "frame" => self.is_title_frame = markup::attribute(tag, "class").as_deref() == Some("title"),
            "page" => {
                if let Some(name) = markup::attribute(tag, "name").filter(|_| self.sheet.is_none()) {
                    sink.fragment(Fragment::PartName(name.as_bytes()));
                }
            }
            "named-range" => {
                if let Some(name) = markup::attribute(tag, "name") {
                    self.aside(name.as_bytes(), sink);
                }
            }
            "a" => {
                if let Some(target) = markup::attribute(tag, "href").filter(|it| is_address_of_somebody(it)) {
                    self.aside(target.as_bytes(), sink);
                }
            }
            "s" => {
                let times = markup::attribute(tag, "c").and_then(|count| count.parse().ok()).unwrap_or(1);
                self.push(b' ', times.min(64));
            }
            "tab" => self.push(b'\t', 1),
            "line-break" => self.push(b'\n', 1),
            name if PARAGRAPHS.contains(&name) => self.open_paragraph(name, sink),
            _ => {}
        }
    }

    fn text(&mut self, text: &str, sink: &mut dyn Sink) {
        if let Some(properties) = &mut self.properties {
            return properties.text(text, sink);
        }
        let Some(paragraph) = self.paragraphs.last_mut() else { return };
        let before = paragraph.text.len();
        for piece in text.split_inclusive(|it: char| it.is_ascii_whitespace()) {
            let word = piece.trim_end_matches(|it: char| it.is_ascii_whitespace());
            paragraph.text.extend_from_slice(word.as_bytes());
            // White space of any length is one blank (OpenDocument 1.3 part 3, 6.1.2).
            if word.len() < piece.len() && !paragraph.text.ends_with(b" ") {
                paragraph.text.push(b' ');
            }
        }
        self.held_bytes = self.held_bytes.saturating_add(paragraph.text.len() - before);
        if self.held_bytes > self.limits.record_bytes {
            self.flush_paragraphs(sink);
        }
    }

    fn close(&mut self, local_name: &str, sink: &mut dyn Sink) {
        if let Some(properties) = &mut self.properties {
            properties.close(local_name, sink);
            if local_name == "meta" {
                self.properties = None;
            }
            return;
        }
        match local_name {
            "table" => self.close_table(sink),
            "table-row" if self.table_depth == 1 => self.close_row(sink),
            "table-cell" | "covered-table-cell" => {
                if let Some(sheet) = self.outer_sheet() {
                    sheet.close_cell();
                }
            }
            "annotation" => self.annotation_depth = self.annotation_depth.saturating_sub(1),
            "frame" => self.is_title_frame = false,
            name if PARAGRAPHS.contains(&name) => self.close_paragraph(sink),
            _ => {}
        }
    }

    fn finish(&mut self, sink: &mut dyn Sink) {
        if let Some(properties) = &mut self.properties {
            properties.finish(sink);
        }
        while !self.paragraphs.is_empty() {
            self.close_paragraph(sink);
        }
        self.close_row(sink);
        let sheet = self.sheet.take();
        self.table_depth = 0;
        self.end_sheet(sheet, sink);
    }
}
