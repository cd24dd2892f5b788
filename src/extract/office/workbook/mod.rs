//! Workbooks: each sheet a table, hidden ones too, then comments, drawings and what else holds words.
//!
//! xlsx and xlsb are read by a walk of our own, cell by cell, under the caps of the package; calamine decompresses by
//! itself, holds each shared text in a String of its own and reserves what a file declares. The old xls is left to it.

mod binary;
mod dates;
pub(super) mod legacy;
mod rows;
mod sheet;
mod texts;

#[cfg(test)]
mod tests;

use std::io::{Read, Seek};

use quick_xml::events::BytesStart;
use zip::ZipArchive;

use super::{
    super::{
        Job, Reading, Sink,
        markup::{self, Visitor},
    },
    headings::Headings,
    package::{Package, Relationship},
    parts,
};
use crate::{
    model::{Fragment, Measure, Reason},
    open::{Format, Limits},
};
use dates::Styles;
use rows::Tally;
use sheet::SheetPart;
use texts::{Texts, TextsPart};

/// What all sheets share.
pub(super) struct Book {
    sheets: Vec<SheetOfBook>,
    /// Names that cells and areas were given.
    names: Vec<String>,
    /// Whether days count from 1904.
    is_1904: bool,
    styles: Styles,
    texts: Texts,
}

/// A sheet, as the workbook names it.
struct SheetOfBook {
    name: String,
    relationship: String,
}

/// Reads a workbook that is a package.
pub(super) fn read_package<R: Read + Seek>(
    job: &Job<'_>,
    format: Format,
    archive: &mut ZipArchive<R>,
    sink: &mut dyn Sink,
) -> Result<Reading, Reason> {
    let mut package = Package::new(job, archive);
    let usual = if format == Format::Xlsb { "xl/workbook.bin" } else { "xl/workbook.xml" };
    let main = package.main_part(sink).unwrap_or_else(|| usual.to_owned());
    let targets = package.relationships(&main, sink);
    let mut workbook = Workbook { package, format, book: Book::new(job.limits), tally: Tally::default() };
    workbook.read_book(&main, &targets, sink);
    if workbook.book.sheets.is_empty() {
        return Err(workbook.package.reading(format).partial.unwrap_or(Reason::Corrupt));
    }
    workbook.package.walk_properties(sink);
    if workbook.read_sheets(&targets, sink) == 0 {
        return Err(workbook.package.reading(format).partial.unwrap_or(Reason::Corrupt));
    }
    workbook.read_beside(sink);
    let rows = workbook.tally.rows;
    let mut reading = workbook.package.reading(format);
    reading.records = Some(Measure { value: rows, exact: reading.partial.is_none() });
    Ok(reading)
}

/// A workbook while it is read.
struct Workbook<'p, R> {
    package: Package<'p, R>,
    format: Format,
    book: Book,
    tally: Tally,
}

impl<R: Read + Seek> Workbook<'_, R> {
    fn is_binary(&self) -> bool {
        self.format == Format::Xlsb
    }

    fn read_book(&mut self, main: &str, targets: &[Relationship], sink: &mut dyn Sink) {
        let limits = self.package.limits();
        let (is_binary, book) = (self.is_binary(), &mut self.book);
        let extension = if is_binary { "bin" } else { "xml" };
        let named = |kind: &str, usual: &str| {
            let target = targets.iter().find(|it| it.kind == kind && !it.is_external);
            target.map_or_else(|| format!("xl/{usual}.{extension}"), |it| it.target.clone())
        };
        let (styles, texts) = (named("styles", "styles"), named("sharedStrings", "sharedStrings"));
        if is_binary {
            let read = self.package.with_part(main, |part| binary::read_book(part, limits, book));
            self.package.note(read.flatten());
            let read = self.package.with_part(&styles, |part| binary::read_styles(part, limits, &mut book.styles));
            self.package.note(read.flatten());
            let read = self.package.with_part(&texts, |part| binary::read_texts(part, limits, &mut book.texts, sink));
            self.package.note(read.flatten());
        } else {
            self.package.walk(main, &mut BookPart { limits, book }, sink);
            self.package.walk(&styles, &mut book.styles, sink);
            self.package.walk(&texts, &mut TextsPart::new(&mut book.texts), sink);
        }
        self.package.note(book.texts.is_full().then_some(Reason::TooLarge));
    }

    /// Gives how many sheets were there.
    fn read_sheets(&mut self, targets: &[Relationship], sink: &mut dyn Sink) -> usize {
        let limits = self.package.limits();
        let mut read_sheets = 0;
        for sheet in &self.book.sheets {
            sink.fragment(Fragment::PartName(sheet.name.as_bytes()));
            let target = targets.iter().find(|it| it.id == sheet.relationship && !it.is_external);
            let Some(target) = target else {
                self.package.note(Some(Reason::Corrupt));
                continue;
            };
            let name = target.target.as_str();
            read_sheets += usize::from(self.package.holds(name));
            if self.format == Format::Xlsb {
                let (book, tally) = (&self.book, self.tally);
                let read = self.package.with_part(name, |part| binary::read_sheet(part, limits, book, tally, sink));
                let (tally, partial) = read.unwrap_or((tally, Some(Reason::Corrupt)));
                self.tally = tally;
                self.package.note(partial);
            } else {
                let mut part = SheetPart::new(&self.book, limits, self.tally);
                let is_there = self.package.walk(name, &mut part, sink);
                let is_full = part.is_full();
                self.tally = part.tally(sink);
                self.package.note((!is_there).then_some(Reason::Corrupt));
                self.package.note(is_full.then_some(Reason::TooMany));
            }
            parts::read_links(&mut self.package, name, sink);
        }
        read_sheets
    }

    /// Names, comments, drawings, and what is packed into it.
    fn read_beside(&mut self, sink: &mut dyn Sink) {
        for name in &self.book.names {
            sink.fragment(Fragment::Text(name.as_bytes()));
            sink.fragment(Fragment::Break);
        }
        if self.is_binary() {
            let limits = self.package.limits();
            for name in self.package.names().iter().filter(|it| it.starts_with("xl/comments") && it.ends_with(".bin")) {
                let partial = self.package.with_part(name, |part| binary::read_comments(part, limits, sink));
                self.package.note(partial.flatten());
            }
        }
        parts::of(&self.package, self.format).read(&mut self.package, &Headings::default(), sink);
        self.package.read_members(parts::is_member, sink);
    }
}

impl Book {
    fn new(limits: &Limits) -> Self {
        let (styles, texts) = (Styles::default(), Texts::new(limits));
        Self { sheets: Vec::new(), names: Vec::new(), is_1904: false, styles, texts }
    }
}

/// The part of an xlsx that lists its sheets.
struct BookPart<'b> {
    limits: &'b Limits,
    book: &'b mut Book,
}

impl Visitor for BookPart<'_> {
    fn open(&mut self, tag: &BytesStart<'_>, _sink: &mut dyn Sink) {
        let value = |name| markup::attribute(tag, name).unwrap_or_default();
        let has_room = |count: usize| (count as u64) < self.limits.members;
        match tag.local_name().as_ref() {
            "workbookPr" => self.book.is_1904 = matches!(value("date1904").as_str(), "1" | "true"),
            "sheet" if has_room(self.book.sheets.len()) => {
                let (name, relationship) = (value("name"), value("id"));
                self.book.sheets.push(SheetOfBook { name, relationship });
            }
            "definedName" if has_room(self.book.names.len()) => self.book.names.push(value("name")),
            _ => {}
        }
    }

    fn text(&mut self, _text: &str, _sink: &mut dyn Sink) {}

    fn close(&mut self, _local_name: &str, _sink: &mut dyn Sink) {}

    fn finish(&mut self, _sink: &mut dyn Sink) {}
}
