//! Values of a table that are documents of their own: a workbook in a BLOB, an object of JSON in a text.
//!
//! A few of each table are kept until its rows are through, since a connection is held meanwhile, and then opened as a
//! file would be. They become no assets: a table of a million orders with a PDF each is one asset that a person can look
//! at, and a million members are none. What is found in them is found in the table.

use std::collections::BTreeSet;
use std::io::Cursor;

use crate::model::{Column, Fragment, Reason};
use crate::open::table::Row;
use crate::open::{Format, Limits, sniff};

use super::{Extracted, Sink, extract_stream, is_guarded};

/// A value that is to be opened.
#[derive(Debug)]
pub struct Document {
    /// What it is by its first bytes.
    pub format: Format,
    /// It.
    pub content: Vec<u8>,
    /// Whether all of it was handed on as a value already, so that what can be found in it is counted.
    is_scanned: bool,
}

/// The documents of one table.
#[derive(Debug)]
pub struct Documents<'l> {
    limits: &'l Limits,
    /// Columns that can hold any.
    columns: BTreeSet<usize>,
    kept: Vec<Document>,
    kept_bytes: u64,
    /// Columns with a document of which only the beginning was read.
    long: BTreeSet<usize>,
    cell_bytes: usize,
    /// Whether a value is a document that nobody can open.
    is_unread: bool,
}

impl<'l> Documents<'l> {
    /// None yet. Cells of `cell_bytes` are taken for the beginning of longer ones.
    #[must_use]
    pub fn new(limits: &'l Limits, columns: &[Column], cell_bytes: usize) -> Self {
        let columns = columns.iter().enumerate().filter(|(_, column)| can_hold(column)).map(|(at, _)| at);
        let columns = columns.collect();
        let long = BTreeSet::new();
        Self { limits, columns, kept: Vec::new(), kept_bytes: 0, long, cell_bytes, is_unread: false }
    }

    /// Looks for documents in a row.
    pub(super) fn look(&mut self, row: Row<'_>) {
        if self.columns.is_empty() || self.is_full() {
            return;
        }
        for column in self.columns.clone() {
            let end = row.ends.get(column).copied().unwrap_or(0);
            let start = column.checked_sub(1).and_then(|before| row.ends.get(before)).copied().unwrap_or(0);
            let cell = row.text.get(start..end).unwrap_or_default();
            if !begins_like_one(cell) {
                continue;
            }
            if cell.starts_with(PDF) {
                self.is_unread = true;
                continue;
            }
            // A cut text may lack the rest of a character.
            if cell.len() + 4 > self.cell_bytes {
                self.long.insert(column);
            } else {
                self.keep_one(cell, true);
            }
        }
    }

    /// Keeps a value of which no more than the beginning was handed on, if it is a document that can be read.
    pub fn keep(&mut self, value: &[u8]) {
        self.keep_one(value, false);
    }

    fn keep_one(&mut self, value: &[u8], is_scanned: bool) {
        let format = sniff::format("", value.get(..self.limits.head_bytes).unwrap_or(value));
        self.is_unread |= !format.is_read() && !matches!(format, Format::Binary | Format::Empty);
        let is_plain = matches!(format, Format::Text | Format::Csv | Format::Tsv);
        if is_plain || !format.is_read() || self.is_full() {
            return;
        }
        self.kept_bytes = self.kept_bytes.saturating_add(value.len() as u64);
        self.kept.push(Document { format, content: value.to_vec(), is_scanned });
    }

    fn is_full(&self) -> bool {
        self.kept.len() >= self.limits.documents || self.kept_bytes >= self.limits.documents_bytes
    }

    /// Columns of which longer values are to be fetched, and how many of each.
    #[must_use]
    pub fn wanted(&self) -> Vec<(usize, usize)> {
        let left = self.limits.documents.saturating_sub(self.kept.len());
        let each = left / self.long.len().max(1);
        self.long.iter().filter(|_| each > 0).map(|column| (*column, each)).collect()
    }

    /// Whether there may be more than were kept.
    #[must_use]
    pub fn are_some(&self) -> bool {
        self.is_full() || !self.long.is_empty()
    }

    /// Whether some are of a format that is known and not read.
    #[must_use]
    pub fn are_unread(&self) -> bool {
        self.is_unread
    }

    /// Opens those whose readers work on the bytes in order, and hands what is in them to `sink`; gives the others, which
    /// are for a guarded reader.
    pub fn open(self, sink: &mut dyn FnMut(Fragment<'_>)) -> Vec<Document> {
        let mut guarded = Vec::new();
        for document in self.kept {
            let mut inner = Inner { sink: &mut *sink, names_only: document.is_scanned };
            if is_guarded(document.format) {
                guarded.push(document);
                continue;
            }
            let length = document.content.len() as u64;
            let opened = extract_stream("", length, &mut Cursor::new(document.content), self.limits, &mut inner);
            // What is not as it should be was handed on as far as it could be read.
            opened.map_or_else(drop, drop);
            sink(Fragment::TableEnd);
            sink(Fragment::Break);
        }
        guarded
    }
}

/// How a portable document begins (ISO 32000-1, 7.5.2).
const PDF: &[u8] = b"%PDF-";

/// Whether a column of that type can hold a document.
fn can_hold(column: &Column) -> bool {
    let Some(declared) = column.declared_type.as_deref() else { return true };
    let base = declared.split(['(', '[']).next().unwrap_or_default().trim();
    ["text", "blob", "json", "xml", "bytea", "varchar", "character varying", "binary", "clob", "image"]
        .iter()
        .any(|kind| base.contains(kind))
        && !declared.contains('[')
}

/// By the first byte most values are none: an object or list of JSON, a tag, a zip archive, a compound file.
fn begins_like_one(value: &[u8]) -> bool {
    match value.trim_ascii_start().first() {
        Some(b'{' | b'[') => {
            value.trim_ascii_end().last().is_some_and(|last| matches!(last, b'}' | b']')) || value.len() > 4096
        }
        Some(b'<') => true,
        Some(b'%') => value.starts_with(PDF),
        Some(b'P') => value.starts_with(b"PK\x03\x04"),
        Some(0xd0) => value.starts_with(b"\xd0\xcf\x11\xe0"),
        Some(0xef) => value.starts_with(b"\xef\xbb\xbf<"),
        _ => false,
    }
}

/// What is in a document is in the table: its members have no names of their own.
struct Inner<'s> {
    sink: &'s mut dyn FnMut(Fragment<'_>),
    /// Its values were counted where they stood; only the names of its columns are new.
    names_only: bool,
}

impl Sink for Inner<'_> {
    fn fragment(&mut self, fragment: Fragment<'_>) {
        let is_name = matches!(fragment, Fragment::Table(_) | Fragment::TableEnd | Fragment::Break);
        if is_name || !self.names_only {
            (self.sink)(fragment);
        }
    }

    fn begin_member(&mut self, _: &[u8]) {
        (self.sink)(Fragment::Break);
    }

    fn end_member(&mut self, _: Result<Extracted, Reason>) {
        (self.sink)(Fragment::Break);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_of_numbers_times_and_lists_hold_no_document() {
        for (declared, can) in [
            ("text", true),
            ("jsonb", true),
            ("longblob", true),
            ("varchar(4000)", true),
            ("bytea", true),
            ("integer", false),
            ("timestamp without time zone", false),
            ("text[]", false),
            ("character(5)", false),
        ] {
            let column = Column { declared_type: Some(declared.to_owned()), ..Column::default() };
            assert_eq!(can_hold(&column), can, "{declared}");
        }
    }

    #[test]
    fn an_object_is_opened_with_its_names_and_a_workbook_is_left_to_the_guard() {
        let limits = Limits::default();
        let mut documents = Documents::new(&limits, &[Column::default()], 1 << 16);
        documents.keep(br#"{"phone": "13800138000", "note": {"id": 7}}"#);
        documents.keep("停机检修".as_bytes());
        documents.keep(b"a,b\n1,2\n");
        let mut seen = Vec::new();
        let guarded = documents.open(&mut |fragment| {
            if let Fragment::Table(columns) = fragment {
                seen.extend(columns.iter().filter_map(|column| column.name.clone()));
            }
        });
        assert!(seen.iter().any(|name| name == "phone"), "{seen:?}");
        assert!(guarded.is_empty());
    }

    #[test]
    fn no_more_are_kept_than_may_be() {
        let limits = Limits { documents: 3, ..Limits::default() };
        let mut documents = Documents::new(&limits, &[Column::default()], 1 << 16);
        (0..9).for_each(|_| documents.keep(b"{\"a\": 1}"));
        assert_eq!(documents.kept.len(), 3);
    }
}
