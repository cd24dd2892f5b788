//! Characters of a document as they come → paragraphs, headings and tables.

use super::{
    super::super::{Sink, grid::Grid},
    paragraphs::Paragraphs,
};
use crate::{model::Fragment, open::Limits};

/// Fields in fields that are kept apart; deeper ones count to the one that holds them.
const MOST_FIELDS: usize = 64;

/// A document while it is read.
pub(super) struct Flow<'p> {
    limits: &'p Limits,
    paragraphs: &'p Paragraphs,
    text: String,
    /// The first half of a character that takes two units.
    half: Option<u16>,
    /// The open fields: whether what comes is still the instruction (`HYPERLINK "…"`) and not the result.
    fields: Vec<bool>,
    grid: Option<Grid<'p>>,
    row: Vec<(usize, String)>,
    column: usize,
    cell: String,
}

impl<'p> Flow<'p> {
    /// An empty document.
    pub(super) fn new(limits: &'p Limits, paragraphs: &'p Paragraphs) -> Self {
        Self {
            limits,
            paragraphs,
            text: String::new(),
            half: None,
            fields: Vec::new(),
            grid: None,
            row: Vec::new(),
            column: 0,
            cell: String::new(),
        }
    }

    /// A unit of UTF-16, which lies at `place`.
    pub(super) fn unit(&mut self, unit: u16, place: u64, sink: &mut dyn Sink) {
        let units = [self.half.take(), Some(unit)];
        for decoded in char::decode_utf16(units.into_iter().flatten()) {
            match decoded {
                Ok(character) => self.character(character, place, sink),
                Err(lone) if lone.unpaired_surrogate() == unit && unit < 0xdc00 => self.half = Some(unit),
                Err(_) => {}
            }
        }
    }

    /// A character. Those below the blank are marks (MS-DOC, 2.4.1, and the special characters of 2.4.4).
    pub(super) fn character(&mut self, character: char, place: u64, sink: &mut dyn Sink) {
        match character {
            '\u{13}' if self.fields.len() < MOST_FIELDS => self.fields.push(true),
            '\u{14}' => {
                if let Some(is_instruction) = self.fields.last_mut() {
                    *is_instruction = false;
                }
            }
            '\u{15}' => drop(self.fields.pop()),
            _ if self.fields.contains(&true) => {
                // No instruction is longer than a paragraph: the end of its field is missing.
                if matches!(character, '\r' | '\u{7}') {
                    self.fields.clear();
                    self.character(character, place, sink);
                }
            }
            '\r' | '\u{c}' => self.end_paragraph(place, sink),
            '\u{7}' => self.end_cell(place, sink),
            '\u{b}' | '\u{e}' => self.text.push('\n'),
            '\u{1e}' => self.text.push('-'),
            '\t' | ' '.. if character != '\u{ad}' => self.text.push(character),
            _ => {}
        }
        if self.text.len().saturating_add(self.cell.len()) > self.limits.record_bytes {
            self.end_row(sink);
            self.end_table(sink);
            self.emit(false, sink);
        }
    }

    fn end_paragraph(&mut self, place: u64, sink: &mut dyn Sink) {
        let paragraph = self.paragraphs.at(place);
        if paragraph.is_in_table {
            self.text.push('\n');
            self.cell.push_str(&std::mem::take(&mut self.text));
            return;
        }
        self.end_table(sink);
        self.emit(paragraph.is_heading, sink);
    }

    fn end_cell(&mut self, place: u64, sink: &mut dyn Sink) {
        if self.paragraphs.is_empty() {
            // Where a row ends is not known: each cell stands for itself.
            return self.emit(false, sink);
        }
        if self.paragraphs.at(place).is_row_end {
            return self.end_row(sink);
        }
        self.cell.push_str(&std::mem::take(&mut self.text));
        let cell = std::mem::take(&mut self.cell);
        if self.column < self.limits.columns && !cell.trim().is_empty() {
            self.row.push((self.column, cell.trim().to_owned()));
        }
        self.column = self.column.saturating_add(1);
    }

    fn end_row(&mut self, sink: &mut dyn Sink) {
        let row = std::mem::take(&mut self.row);
        self.column = 0;
        if !row.is_empty() {
            let grid = self.grid.get_or_insert_with(|| Grid::new(self.limits));
            grid.row(row.iter().map(|(column, text)| (*column, text.as_bytes())), sink);
        }
    }

    fn end_table(&mut self, sink: &mut dyn Sink) {
        self.end_row(sink);
        if let Some(grid) = self.grid.take() {
            grid.finish(sink);
        }
        // What stood in a cell that never ended.
        let cell = std::mem::take(&mut self.cell);
        self.text.insert_str(0, &cell);
    }

    fn emit(&mut self, is_heading: bool, sink: &mut dyn Sink) {
        let text = std::mem::take(&mut self.text);
        let text = text.trim();
        if text.is_empty() {
            return;
        }
        if is_heading {
            return sink.fragment(Fragment::PartName(text.as_bytes()));
        }
        sink.fragment(Fragment::Text(text.as_bytes()));
        sink.fragment(Fragment::Break);
    }

    /// A part of the document ends, and whatever in it was left open.
    pub(super) fn end_part(&mut self, sink: &mut dyn Sink) {
        self.end_table(sink);
        self.emit(false, sink);
        self.fields.clear();
        self.half = None;
    }
}
