//! Word and PowerPoint documents: paragraphs as text, headings and slide titles as names of parts, tables as tables.

use std::io::{Read, Seek};

use quick_xml::events::BytesStart;
use zip::ZipArchive;

use super::super::{
    Job, Reading, Sink,
    bounded::BudgetReader,
    grid::Grid,
    markup::{self, Visitor},
    packed::reason::reason_of,
};
use crate::{
    model::{Fragment, Reason},
    open::{Format, Limits},
};

/// Reads all parts of a document that hold text, the main part first.
pub(super) fn read<R: Read + Seek>(
    job: &Job<'_>,
    format: Format,
    archive: &mut ZipArchive<R>,
    sink: &mut dyn Sink,
) -> Result<Reading, Reason> {
    let mut parts: Vec<(u32, u64, usize)> = (0..archive.len())
        .filter_map(|index| {
            let name = String::from_utf8_lossy(archive.by_index_data(index).ok()?.name_raw()).into_owned();
            let (rank, number) = rank_of_part(format, &name)?;
            Some((rank, number, index))
        })
        .collect();
    parts.sort_unstable();
    if !parts.iter().any(|(rank, ..)| *rank == 0) {
        return Err(Reason::Corrupt);
    }
    let mut partial = None;
    for (_, _, index) in parts {
        let packed_bytes = archive.by_index_data(index).map_or(0, |entry| entry.compressed_size());
        let mut part = match archive.by_index(index) {
            Ok(part) => BudgetReader::new(part, job.budget, packed_bytes),
            Err(error) => {
                partial = partial.or(Some(reason_of(&error)));
                continue;
            }
        };
        let mut page = Page::new(job.limits);
        let walked = markup::walk(&mut part, None, job.limits, &mut page, sink);
        partial = partial.or(job.budget.tripped()).or(walked.partial);
        if job.budget.tripped().is_some() {
            break;
        }
    }
    Ok(Reading { format: Some(format), partial, ..Reading::default() })
}

/// The order in which a part is read: its kind and its number; `None` for parts without text of their own.
fn rank_of_part(format: Format, name: &str) -> Option<(u32, u64)> {
    let (folder, file) = name.rsplit_once('/')?;
    let stem = file.strip_suffix(".xml")?;
    let kind = stem.trim_end_matches(|it: char| it.is_ascii_digit());
    let number = stem.get(kind.len()..)?.parse().unwrap_or(0);
    let rank = match (format, folder, kind) {
        (Format::Docx, "word", "document") | (Format::Pptx, "ppt/slides", "slide") => 0,
        (Format::Docx, "word", "header" | "footer") | (Format::Pptx, "ppt/notesSlides", "notesSlide") => 1,
        (Format::Docx, "word", "footnotes" | "endnotes" | "comments") | (Format::Pptx, "ppt/comments", "comment") => 2,
        _ => return None,
    };
    Some((rank, number))
}

/// One part while it is walked through.
#[expect(clippy::struct_excessive_bools, reason = "each says what the next text belongs to, and they combine freely")]
struct Page<'l> {
    limits: &'l Limits,
    paragraph: Vec<u8>,
    is_heading: bool,
    /// A slide's title spans the paragraphs of its shape.
    is_title_shape: bool,
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
    fn new(limits: &'l Limits) -> Self {
        Self {
            limits,
            paragraph: Vec::new(),
            is_heading: false,
            is_title_shape: false,
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

    fn end_paragraph(&mut self, sink: &mut dyn Sink) {
        let paragraph = std::mem::take(&mut self.paragraph);
        if paragraph.is_empty() {
            return;
        }
        if self.table_depth > 0 {
            if !self.cell.is_empty() {
                self.cell.push(b'\n');
            }
            self.cell.extend(paragraph);
        } else if self.is_heading || self.is_title_shape {
            sink.fragment(Fragment::PartName(&paragraph));
        } else {
            sink.fragment(Fragment::Text(&paragraph));
            sink.fragment(Fragment::Break);
        }
        self.is_heading = false;
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

    fn end_table(&mut self, sink: &mut dyn Sink) {
        if let Some(grid) = self.grid.take() {
            grid.finish(sink);
        }
    }
}

impl Visitor for Page<'_> {
    fn open(&mut self, tag: &BytesStart<'_>, sink: &mut dyn Sink) {
        let local_name = tag.local_name();
        let value = || markup::attribute(tag, "val").unwrap_or_default();
        match local_name.as_ref() {
            "Fallback" => self.fallback_depth += 1,
            "t" | "delText" => self.is_in_text = true,
            // A paragraph in a paragraph: a text box. What came before it is on its own.
            "p" => self.end_paragraph(sink),
            "pPr" => self.is_in_properties = true,
            "pStyle" => self.is_heading = is_heading_style(&value()),
            "outlineLvl" => self.is_heading = value().parse::<u8>().is_ok_and(|level| level < 9),
            "ph" => {
                self.is_title_shape = matches!(markup::attribute(tag, "type").as_deref(), Some("title" | "ctrTitle"));
            }
            "tab" if !self.is_in_properties => self.paragraph.push(b'\t'),
            "br" | "cr" => self.paragraph.push(b'\n'),
            "tbl" => {
                self.end_paragraph(sink);
                self.table_depth += 1;
                if self.table_depth == 1 {
                    self.grid = Some(Grid::new(self.limits));
                }
            }
            "gridSpan" if self.table_depth == 1 => {
                self.cell_columns = value().parse().unwrap_or(1).clamp(1, self.limits.columns);
            }
            "tc" if self.table_depth == 1 => {
                let spanned = markup::attribute(tag, "gridSpan").and_then(|columns| columns.parse().ok());
                self.cell_columns = spanned.unwrap_or(1).clamp(1, self.limits.columns);
            }
            _ => {}
        }
    }

    fn text(&mut self, text: &str, sink: &mut dyn Sink) {
        if !self.is_in_text || self.fallback_depth > 0 {
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
            "Fallback" => self.fallback_depth = self.fallback_depth.saturating_sub(1),
            "t" | "delText" => self.is_in_text = false,
            "p" => self.end_paragraph(sink),
            "pPr" => self.is_in_properties = false,
            "sp" => self.is_title_shape = false,
            "tc" if self.table_depth == 1 => self.end_cell(),
            "tr" if self.table_depth == 1 => self.end_row(sink),
            "tbl" => {
                self.table_depth = self.table_depth.saturating_sub(1);
                if self.table_depth == 0 {
                    self.end_table(sink);
                }
            }
            _ => {}
        }
    }

    fn finish(&mut self, sink: &mut dyn Sink) {
        self.end_paragraph(sink);
        if self.table_depth > 0 {
            self.end_cell();
            self.end_row(sink);
            self.end_table(sink);
            self.table_depth = 0;
        }
    }
}

/// Style ids of headings: `Heading1`, `Title`, and `1` to `9` as Chinese Word writes them.
fn is_heading_style(style: &str) -> bool {
    let lower = style.to_lowercase();
    lower.starts_with("heading")
        || lower.starts_with("title")
        || lower.starts_with("标题")
        || (lower.len() == 1 && lower.starts_with(|it: char| ('1'..='9').contains(&it)))
}
