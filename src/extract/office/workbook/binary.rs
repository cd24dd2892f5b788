//! Binary workbooks (MS-XLSB): records one behind the other. Our own walk, since calamine panics on ordinary files of this
//! kind and holds each shared text by itself.

use std::io::{BufRead, BufReader, Read};

use super::super::number;
use super::{
    super::super::Sink,
    Book, SheetOfBook, dates,
    dates::Styles,
    rows::{Rows, Tally},
    texts::Texts,
};
use crate::{
    model::{Fragment, Reason},
    open::Limits,
};

/// Types of records (MS-XLSB 2.3.2).
mod kind {
    pub(super) const ROW: u16 = 0;
    pub(super) const CELL_RK: u16 = 2;
    pub(super) const CELL_BOOLEAN: u16 = 4;
    pub(super) const CELL_REAL: u16 = 5;
    pub(super) const CELL_TEXT: u16 = 6;
    pub(super) const CELL_SHARED: u16 = 7;
    pub(super) const FORMULA_TEXT: u16 = 8;
    pub(super) const FORMULA_NUMBER: u16 = 9;
    pub(super) const FORMULA_BOOLEAN: u16 = 10;
    pub(super) const SHARED_ITEM: u16 = 19;
    pub(super) const NAME: u16 = 39;
    pub(super) const FORMAT: u16 = 44;
    pub(super) const CELL_STYLE: u16 = 47;
    pub(super) const CELL_RICH_TEXT: u16 = 62;
    pub(super) const END_SHEET_DATA: u16 = 146;
    pub(super) const WORKBOOK_PROPERTIES: u16 = 153;
    pub(super) const SHEET_OF_BOOK: u16 = 156;
    pub(super) const BEGIN_HEADER_FOOTER: u16 = 479;
    pub(super) const BEGIN_CELL_STYLES: u16 = 617;
    pub(super) const END_CELL_STYLES: u16 = 618;
    pub(super) const COMMENT_AUTHOR: u16 = 632;
    pub(super) const COMMENT_TEXT: u16 = 637;
}

/// The records of a part.
struct Records<'r> {
    reader: BufReader<&'r mut dyn Read>,
    content: Vec<u8>,
    most_bytes: u64,
    partial: Option<Reason>,
}

impl<'r> Records<'r> {
    fn new(reader: &'r mut dyn Read, limits: &Limits) -> Self {
        let most_bytes = limits.record_bytes as u64;
        Self { reader: BufReader::with_capacity(64 << 10, reader), content: Vec::new(), most_bytes, partial: None }
    }

    /// The type and the content of the next record; `None` at the end, or where the part breaks off.
    fn next(&mut self) -> Option<(u16, Content<'_>)> {
        match self.read() {
            Ok(Some(kind)) => Some((kind, Content(&self.content))),
            Ok(None) => None,
            Err(error) => {
                self.partial = self.partial.or(Some(Reason::from(&error)));
                None
            }
        }
    }

    fn read(&mut self) -> std::io::Result<Option<u16>> {
        if self.reader.fill_buf()?.is_empty() {
            return Ok(None);
        }
        // Groups of seven bits; a type has up to two of them, a length up to four (MS-XLSB 2.1.4).
        let kind = self.number(2)? as u16;
        let length = u64::from(self.number(4)?);
        self.content.clear();
        let kept = length.min(self.most_bytes);
        let taken = (&mut self.reader).take(kept).read_to_end(&mut self.content)?;
        // Nothing of use is that long: a picture in a cell's place.
        let passed = std::io::copy(&mut (&mut self.reader).take(length - kept), &mut std::io::sink())?;
        if (taken as u64).saturating_add(passed) < length {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
        Ok(Some(kind))
    }

    fn number(&mut self, most_bytes: u32) -> std::io::Result<u32> {
        let mut number = 0;
        for place in 0..most_bytes {
            let mut byte = [0];
            self.reader.read_exact(&mut byte)?;
            let [byte] = byte;
            number |= u32::from(byte & 0x7f) << (7 * place);
            if byte & 0x80 == 0 {
                break;
            }
        }
        Ok(number)
    }
}

/// The content of a record; what is asked for past its end is not there.
#[derive(Clone, Copy)]
struct Content<'c>(&'c [u8]);

impl<'c> Content<'c> {
    fn after(self, bytes: usize) -> Self {
        Self(self.0.get(bytes..).unwrap_or_default())
    }

    fn byte(self) -> Option<u8> {
        self.0.first().copied()
    }

    fn short(self) -> Option<u16> {
        self.0.first_chunk().map(|bytes| u16::from_le_bytes(*bytes))
    }

    fn long(self) -> Option<u32> {
        self.0.first_chunk().map(|bytes| u32::from_le_bytes(*bytes))
    }

    fn real(self) -> Option<f64> {
        self.0.first_chunk().map(|bytes| f64::from_le_bytes(*bytes))
    }

    /// A number in 30 bits (MS-XLSB 2.5.122).
    fn short_real(self) -> Option<f64> {
        let bits = self.long()?;
        let value =
            if bits & 2 != 0 { f64::from(bits.cast_signed() >> 2) } else { f64::from_bits(u64::from(bits & !3) << 32) };
        Some(if bits & 1 != 0 { value / 100.0 } else { value })
    }

    /// A text behind its length in characters, and what follows it; `None` where there is none.
    fn text(self) -> Option<(String, Content<'c>)> {
        let characters = self.long().filter(|count| *count != u32::MAX)? as usize;
        let bytes = self.after(4).0.get(..characters.checked_mul(2)?)?;
        let units =
            bytes.chunks_exact(2).map(|pair| pair.iter().rev().fold(0, |unit, byte| unit << 8 | u16::from(*byte)));
        let text = char::decode_utf16(units).map(|it| it.unwrap_or(char::REPLACEMENT_CHARACTER)).collect();
        Some((text, self.after(4 + bytes.len())))
    }
}

/// Reads the list of sheets.
pub(super) fn read_book(reader: &mut dyn Read, limits: &Limits, book: &mut Book) -> Option<Reason> {
    let mut records = Records::new(reader, limits);
    while let Some((kind, content)) = records.next() {
        match kind {
            kind::WORKBOOK_PROPERTIES => book.is_1904 = content.byte().is_some_and(|flags| flags & 1 != 0),
            kind::SHEET_OF_BOOK => {
                if let Some((relationship, rest)) = content.after(8).text()
                    && let Some((name, _)) = rest.text()
                    && (book.sheets.len() as u64) < limits.members
                {
                    book.sheets.push(SheetOfBook { name, relationship });
                }
            }
            kind::NAME => book.names.extend(content.after(9).text().map(|(name, _)| name)),
            _ => {}
        }
    }
    records.partial
}

/// Reads the formats of cells.
pub(super) fn read_styles(reader: &mut dyn Read, limits: &Limits, styles: &mut Styles) -> Option<Reason> {
    let mut records = Records::new(reader, limits);
    let mut is_in_cell_styles = false;
    while let Some((kind, content)) = records.next() {
        match kind {
            kind::FORMAT => {
                if let Some((format, (code, _))) = content.short().zip(content.after(2).text()) {
                    styles.define(u32::from(format), &code);
                }
            }
            kind::BEGIN_CELL_STYLES => is_in_cell_styles = true,
            kind::END_CELL_STYLES => is_in_cell_styles = false,
            kind::CELL_STYLE if is_in_cell_styles => styles.push(u32::from(content.after(2).short().unwrap_or(0))),
            _ => {}
        }
    }
    records.partial
}

/// Reads the shared texts.
pub(super) fn read_texts(
    reader: &mut dyn Read,
    limits: &Limits,
    texts: &mut Texts,
    sink: &mut dyn Sink,
) -> Option<Reason> {
    let mut records = Records::new(reader, limits);
    while let Some((kind, content)) = records.next() {
        if kind == kind::SHARED_ITEM {
            // One that is not there keeps its number.
            texts.push(&content.after(1).text().map(|(text, _)| text).unwrap_or_default(), sink);
        }
    }
    records.partial
}

/// Reads a sheet.
pub(super) fn read_sheet(
    reader: &mut dyn Read,
    limits: &Limits,
    book: &Book,
    tally: Tally,
    sink: &mut dyn Sink,
) -> (Tally, Option<Reason>) {
    let mut records = Records::new(reader, limits);
    let mut rows = Rows::new(limits, tally);
    while let Some((kind, content)) = records.next() {
        match kind {
            kind::ROW => rows.end_row(sink),
            kind::END_SHEET_DATA => _ = rows.end(sink),
            kind::BEGIN_HEADER_FOOTER => {
                rows.end(sink);
                hand_on_margins(content, sink);
            }
            _ => read_cell(kind, content, book, &mut rows),
        }
    }
    let is_full = rows.is_full();
    (rows.end(sink), records.partial.or(is_full.then_some(Reason::TooMany)))
}

/// A cell: its column, its style in 24 bits, flags, its value.
fn read_cell(kind: u16, content: Content<'_>, book: &Book, rows: &mut Rows<'_>) {
    let Some(column) = content.long() else { return };
    let style = content.after(4).long().unwrap_or(0) & 0x00ff_ffff;
    let value = content.after(8);
    let number = match kind {
        kind::CELL_RK => value.short_real(),
        kind::CELL_REAL | kind::FORMULA_NUMBER => value.real(),
        _ => None,
    };
    let text = match kind {
        kind::CELL_TEXT | kind::FORMULA_TEXT => value.text(),
        kind::CELL_RICH_TEXT => value.after(1).text(),
        _ => None,
    };
    let column = column as usize;
    match (number, text, kind) {
        (Some(number), ..) if book.styles.is_date(style as usize) => {
            rows.cell(column, |cell| cell.extend_from_slice(dates::text_of(number, book.is_1904).as_bytes()));
        }
        (Some(number), ..) => rows.cell(column, |cell| cell.extend_from_slice(number::of(number).as_bytes())),
        (_, Some((text, _)), _) => rows.cell(column, |cell| cell.extend_from_slice(text.as_bytes())),
        (.., kind::CELL_SHARED) => {
            let shared = value.long().and_then(|number| book.texts.get(number as usize));
            rows.cell(column, |cell| cell.extend_from_slice(shared.unwrap_or_default()));
        }
        (.., kind::CELL_BOOLEAN | kind::FORMULA_BOOLEAN) => {
            let is_true = value.byte().is_some_and(|byte| byte != 0);
            rows.cell(column, |cell| cell.extend_from_slice(is_true.to_string().as_bytes()));
        }
        _ => {}
    }
}

/// Headers and footers: six texts, some of them not there.
fn hand_on_margins(content: Content<'_>, sink: &mut dyn Sink) {
    let mut rest = content.after(2);
    for _ in 0..6 {
        rest = match rest.text() {
            Some((text, behind)) => {
                hand_on(&text, sink);
                behind
            }
            None => rest.after(4),
        };
    }
}

/// Reads comments and who wrote them.
pub(super) fn read_comments(reader: &mut dyn Read, limits: &Limits, sink: &mut dyn Sink) -> Option<Reason> {
    let mut records = Records::new(reader, limits);
    while let Some((kind, content)) = records.next() {
        let text = match kind {
            kind::COMMENT_AUTHOR => content.text(),
            kind::COMMENT_TEXT => content.after(1).text(),
            _ => None,
        };
        if let Some((text, _)) = text {
            hand_on(&text, sink);
        }
    }
    records.partial
}

fn hand_on(text: &str, sink: &mut dyn Sink) {
    if !text.trim().is_empty() {
        sink.fragment(Fragment::Text(text.as_bytes()));
        sink.fragment(Fragment::Break);
    }
}
