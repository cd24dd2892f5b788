//! What rich text says, as it comes: paragraphs, headings, rows of tables, and what stands beside them.

use super::super::super::{Sink, grid::Grid};
use crate::{model::Fragment, open::Limits};

/// The texts that are open.
pub(super) struct Page<'l> {
    limits: &'l Limits,
    /// The running text, and around it what a footnote or a text box stands in. The innermost is the last.
    paragraphs: Vec<Vec<u8>>,
    cell: Vec<u8>,
    row: Vec<Vec<u8>>,
    row_bytes: usize,
    grid: Option<Grid<'l>>,
    asides: Vec<Vec<u8>>,
    aside_bytes: usize,
}

impl<'l> Page<'l> {
    /// Nothing yet.
    pub(super) fn new(limits: &'l Limits) -> Self {
        Self {
            limits,
            paragraphs: vec![Vec::new()],
            cell: Vec::new(),
            row: Vec::new(),
            row_bytes: 0,
            grid: None,
            asides: Vec::new(),
            aside_bytes: 0,
        }
    }

    /// Adds to the running text.
    pub(super) fn push(&mut self, text: &str, sink: &mut dyn Sink) {
        let Some(paragraph) = self.paragraphs.last_mut() else { return };
        paragraph.extend_from_slice(text.as_bytes());
        if paragraph.len().saturating_add(self.cell.len()) > self.limits.record_bytes {
            // No paragraph is that long; what is held goes out in pieces.
            let is_in_table = self.grid.is_some();
            self.end_paragraph(false, is_in_table, sink);
            if is_in_table {
                self.end_cell(sink);
                self.end_row(sink);
            }
        }
    }

    /// A text within the running one begins.
    pub(super) fn begin_inner(&mut self, sink: &mut dyn Sink) {
        let held: usize = self.paragraphs.iter().map(Vec::len).sum();
        if held > self.limits.record_bytes {
            for at in 0..self.paragraphs.len() {
                let text = self.paragraphs.get_mut(at).map(std::mem::take).unwrap_or_default();
                self.aside(&text, sink);
            }
        }
        self.paragraphs.push(Vec::new());
    }

    /// The text that began last ends.
    pub(super) fn end_inner(&mut self, sink: &mut dyn Sink) {
        if self.paragraphs.len() > 1 {
            self.end_paragraph(false, false, sink);
            self.paragraphs.pop();
        }
    }

    /// A paragraph ends.
    pub(super) fn end_paragraph(&mut self, is_heading: bool, is_in_table: bool, sink: &mut dyn Sink) {
        let is_inner = self.paragraphs.len() > 1;
        let Some(text) = self.paragraphs.last_mut().map(std::mem::take) else { return };
        if is_inner {
            return self.aside(&text, sink);
        }
        if is_in_table {
            if !self.cell.is_empty() {
                self.cell.push(b'\n');
            }
            self.cell.extend(text);
            return;
        }
        self.end_table(sink);
        if !text.trim_ascii().is_empty() {
            if is_heading {
                sink.fragment(Fragment::PartName(text.trim_ascii()));
            } else {
                sink.fragment(Fragment::Text(&text));
                sink.fragment(Fragment::Break);
            }
        }
        self.hand_on_asides(sink);
    }

    /// A cell ends.
    pub(super) fn end_cell(&mut self, sink: &mut dyn Sink) {
        self.end_paragraph(false, true, sink);
        let cell = std::mem::take(&mut self.cell);
        self.row_bytes = self.row_bytes.saturating_add(cell.len()).saturating_add(32);
        self.row.push(cell);
        if self.row.len() >= self.limits.columns || self.row_bytes > self.limits.record_bytes {
            self.end_row(sink);
        }
    }

    /// A row ends.
    pub(super) fn end_row(&mut self, sink: &mut dyn Sink) {
        let row = std::mem::take(&mut self.row);
        self.row_bytes = 0;
        let grid = self.grid.get_or_insert_with(|| Grid::new(self.limits));
        grid.row(row.iter().enumerate().map(|(column, text)| (column, text.as_slice())), sink);
    }

    /// A text that stands beside the running one; handed on when no table is open.
    pub(super) fn aside(&mut self, text: &[u8], sink: &mut dyn Sink) {
        if text.trim_ascii().is_empty() {
            return;
        }
        self.aside_bytes = self.aside_bytes.saturating_add(text.len()).saturating_add(64);
        self.asides.push(text.to_vec());
        let is_between = self.grid.is_none() && self.paragraphs.iter().all(Vec::is_empty);
        if is_between || self.aside_bytes > self.limits.record_bytes {
            self.end_table(sink);
            self.hand_on_asides(sink);
        }
    }

    /// Everything that is open ends.
    pub(super) fn finish(&mut self, sink: &mut dyn Sink) {
        while self.paragraphs.len() > 1 {
            self.end_inner(sink);
        }
        if !self.row.is_empty() || !self.cell.is_empty() {
            self.end_cell(sink);
            self.end_row(sink);
        }
        self.end_paragraph(false, false, sink);
    }

    fn end_table(&mut self, sink: &mut dyn Sink) {
        if let Some(grid) = self.grid.take() {
            grid.finish(sink);
        }
    }

    fn hand_on_asides(&mut self, sink: &mut dyn Sink) {
        self.aside_bytes = 0;
        for text in self.asides.drain(..) {
            sink.fragment(Fragment::Text(&text));
            sink.fragment(Fragment::Break);
        }
    }
}
