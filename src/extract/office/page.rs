//! One part of a Word document or of slides while it is walked through: paragraphs as text, headings and slide titles as
//! names of parts, tables as tables.

use quick_xml::events::BytesStart;

use super::{
    super::{
        Sink,
        grid::Grid,
        markup::{self, Visitor},
    },
    headings::{Headings, is_outline_level},
};
use crate::{model::Fragment, open::Limits};

/// What the next text of a part belongs to.
#[expect(clippy::struct_excessive_bools, reason = "each says what the next text belongs to, and they combine freely")]
pub(super) struct Page<'l> {
    limits: &'l Limits,
    headings: &'l Headings,
    /// Whether shapes that only say what to type there are left out: those of slide masters.
    skips_prompts: bool,
    paragraph: Vec<u8>,
    is_heading: bool,
    /// A slide's title spans the paragraphs of its shape.
    is_title_shape: bool,
    is_prompt: bool,
    is_in_text: bool,
    is_in_properties: bool,
    /// Open elements of `Fallback`: the same content once more, for old programs.
    fallback_depth: u32,
    table_depth: u32,
    grid: Option<Grid<'l>>,
    row: Vec<(usize, Vec<u8>)>,
    column: usize,
    cell_columns: usize,
    cell: Vec<u8>,
}

impl<'l> Page<'l> {
    /// Nothing yet.
    pub(super) fn new(limits: &'l Limits, headings: &'l Headings) -> Self {
        Self {
            limits,
            headings,
            skips_prompts: false,
            paragraph: Vec::new(),
            is_heading: false,
            is_title_shape: false,
            is_prompt: false,
            is_in_text: false,
            is_in_properties: false,
            fallback_depth: 0,
            table_depth: 0,
            grid: None,
            row: Vec::new(),
            column: 0,
            cell_columns: 1,
            cell: Vec::new(),
        }
    }

    /// Leaves placeholders out.
    pub(super) fn without_prompts(mut self) -> Self {
        self.skips_prompts = true;
        self
    }

    fn end_paragraph(&mut self, sink: &mut dyn Sink) {
        let is_heading = std::mem::take(&mut self.is_heading);
        if self.paragraph.is_empty() {
            return;
        }
        if self.table_depth > 0 {
            if !self.cell.is_empty() {
                self.cell.push(b'\n');
            }
            self.cell.append(&mut self.paragraph);
        } else if is_heading || self.is_title_shape {
            sink.fragment(Fragment::PartName(&self.paragraph));
        } else {
            sink.fragment(Fragment::Text(&self.paragraph));
            sink.fragment(Fragment::Break);
        }
        self.paragraph.clear();
    }

    /// A text beside the running one: who wrote a comment, what a picture shows, where a field leads.
    fn aside(&mut self, text: Option<String>, sink: &mut dyn Sink) {
        let Some(text) = text.filter(|text| !text.trim().is_empty() && self.fallback_depth == 0) else { return };
        self.end_paragraph(sink);
        self.paragraph.extend_from_slice(text.as_bytes());
        self.end_paragraph(sink);
    }

    fn end_cell(&mut self) {
        let cell = std::mem::take(&mut self.cell);
        if self.column < self.limits.columns && !cell.is_empty() {
            self.row.push((self.column, cell));
        }
        self.column = self.column.saturating_add(self.cell_columns);
        self.cell_columns = 1;
    }

    fn end_row(&mut self, sink: &mut dyn Sink) {
        let row = std::mem::take(&mut self.row);
        self.column = 0;
        if let Some(grid) = &mut self.grid {
            grid.row(row.iter().map(|(column, text)| (*column, text.as_slice())), sink);
        }
    }

    fn open_table(&mut self, sink: &mut dyn Sink) {
        self.end_paragraph(sink);
        self.table_depth = self.table_depth.saturating_add(1);
        if self.table_depth == 1 {
            self.grid = Some(Grid::new(self.limits));
        }
    }

    fn close_table(&mut self, sink: &mut dyn Sink) {
        self.table_depth = self.table_depth.saturating_sub(1);
        if self.table_depth == 0
            && let Some(grid) = self.grid.take()
        {
            grid.finish(sink);
        }
    }

    fn span(&mut self, columns: Option<String>) {
        let columns = columns.and_then(|columns| columns.parse().ok()).unwrap_or(1);
        self.cell_columns = columns.clamp(1, self.limits.columns);
    }

    fn placeholder(&mut self, tag: &BytesStart<'_>) {
        let kind = markup::attribute(tag, "type");
        self.is_title_shape = matches!(kind.as_deref(), Some("title" | "ctrTitle"));
        self.is_prompt = true;
    }
}

/// Where the instruction of a field leads, if it leads somewhere.
pub(super) fn address_of_field(instruction: &str) -> Option<String> {
    let (_, target) = instruction.trim().split_once("HYPERLINK")?;
    let target = target.split('"').nth(1)?;
    super::is_address_of_somebody(target).then(|| target.to_owned())
}

impl Visitor for Page<'_> {
    fn open(&mut self, tag: &BytesStart<'_>, sink: &mut dyn Sink) {
        let local_name = tag.local_name();
        let value = || markup::attribute(tag, "val").unwrap_or_default();
        match local_name.as_ref() {
            "t" | "delText" | "v" => self.is_in_text = true,
            // A paragraph in a paragraph: a text box. What came before it is on its own.
            "p" => self.end_paragraph(sink),
            "pPr" => self.is_in_properties = true,
            "pStyle" => self.is_heading = self.headings.contain(&value()),
            "outlineLvl" => self.is_heading = is_outline_level(&value()),
            "tab" | "ptab" if !self.is_in_properties => self.paragraph.push(b'\t'),
            "br" | "cr" => self.paragraph.push(b'\n'),
            "noBreakHyphen" => self.paragraph.push(b'-'),
            "tbl" => self.open_table(sink),
            "tc" if self.table_depth == 1 => self.span(markup::attribute(tag, "gridSpan")),
            "gridSpan" if self.table_depth == 1 => self.span(markup::attribute(tag, "val")),
            "tblHeader" if self.table_depth == 1 && !matches!(value().as_str(), "0" | "false") => {
                if let Some(grid) = &mut self.grid {
                    grid.expect_header();
                }
            }
            "ph" => self.placeholder(tag),
            "docPr" | "cNvPr" => self.aside(markup::attribute(tag, "descr"), sink),
            "comment" => self.aside(markup::attribute(tag, "author"), sink),
            "fldSimple" => {
                self.aside(markup::attribute(tag, "instr").and_then(|it| address_of_field(&it)), sink);
            }
            // A choice of a drop-down field.
            "listEntry" => self.aside(Some(value()), sink),
            "Fallback" => self.fallback_depth = self.fallback_depth.saturating_add(1),
            _ => {}
        }
    }

    fn text(&mut self, text: &str, sink: &mut dyn Sink) {
        if !self.is_in_text || self.fallback_depth > 0 || (self.skips_prompts && self.is_prompt) {
            return;
        }
        self.paragraph.extend_from_slice(text.as_bytes());
        let held = self.paragraph.len().saturating_add(self.cell.len());
        if held <= self.limits.record_bytes {
            return;
        }
        // No paragraph or cell is that long; what is held goes out in pieces.
        self.end_paragraph(sink);
        if self.table_depth > 0 {
            self.end_cell();
            self.end_row(sink);
        }
    }

    fn close(&mut self, local_name: &str, sink: &mut dyn Sink) {
        match local_name {
            "t" | "delText" => self.is_in_text = false,
            // A value of a chart.
            "v" => {
                self.is_in_text = false;
                self.end_paragraph(sink);
            }
            "p" => self.end_paragraph(sink),
            "pPr" => self.is_in_properties = false,
            "sp" => (self.is_title_shape, self.is_prompt) = (false, false),
            "tc" if self.table_depth == 1 => self.end_cell(),
            "tr" if self.table_depth == 1 => self.end_row(sink),
            "tbl" => self.close_table(sink),
            "Fallback" => self.fallback_depth = self.fallback_depth.saturating_sub(1),
            _ => {}
        }
    }

    fn finish(&mut self, sink: &mut dyn Sink) {
        self.end_paragraph(sink);
        if self.table_depth > 0 {
            self.end_cell();
            self.end_row(sink);
            self.table_depth = 1;
            self.close_table(sink);
        }
    }
}
