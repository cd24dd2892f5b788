//! A sheet of an xlsx while it is walked through, cell by cell: what it declares of its size is not asked.

use quick_xml::events::BytesStart;

use super::{
    super::{
        super::{Sink, markup::Visitor},
        number,
    },
    Book, dates,
    rows::{Rows, Tally},
    texts::push_unescaped,
};
use crate::{model::Fragment, open::Limits};

/// What the value of a cell is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Number,
    Shared,
    Text,
    Boolean,
    Error,
}

/// Where the text that comes belongs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Inside {
    Nothing,
    Value,
    /// What is printed on every page.
    Margin,
}

/// One sheet.
pub(super) struct SheetPart<'b> {
    book: &'b Book,
    limits: &'b Limits,
    rows: Rows<'b>,
    column: usize,
    kind: Kind,
    style: usize,
    value: String,
    inside: Inside,
    is_phonetic: bool,
}

impl<'b> SheetPart<'b> {
    /// Nothing yet; `tally` counts on.
    pub(super) fn new(book: &'b Book, limits: &'b Limits, tally: Tally) -> Self {
        Self {
            book,
            limits,
            rows: Rows::new(limits, tally),
            column: 0,
            kind: Kind::Number,
            style: 0,
            value: String::new(),
            inside: Inside::Nothing,
            is_phonetic: false,
        }
    }

    /// Whether there were more cells than may be read.
    pub(super) fn is_full(&self) -> bool {
        self.rows.is_full()
    }

    /// What has been counted.
    pub(super) fn tally(&mut self, sink: &mut dyn Sink) -> Tally {
        self.rows.end(sink)
    }

    fn open_cell(&mut self, tag: &BytesStart<'_>) {
        (self.kind, self.style) = (Kind::Number, 0);
        self.value.clear();
        let mut attributes = tag.attributes();
        attributes.with_checks(false);
        for attribute in attributes.flatten() {
            let value = attribute.value.as_ref();
            match attribute.key.as_ref() {
                "r" => self.column = column_of(value).unwrap_or(self.column),
                "s" => self.style = value.parse().unwrap_or(0),
                "t" => {
                    self.kind = match value {
                        "s" => Kind::Shared,
                        "b" => Kind::Boolean,
                        "e" => Kind::Error,
                        "n" => Kind::Number,
                        // A text of a formula or in the cell itself, and a date that is written out.
                        _ => Kind::Text,
                    };
                }
                _ => {}
            }
        }
    }

    fn close_cell(&mut self) {
        let (column, value) = (self.column, self.value.as_str());
        self.column = column.saturating_add(1);
        if value.is_empty() || self.kind == Kind::Error {
            return;
        }
        let (book, kind, style) = (self.book, self.kind, self.style);
        self.rows.cell(column, |text| match kind {
            Kind::Shared => {
                let shared = value.trim().parse().ok().and_then(|number| book.texts.get(number));
                text.extend_from_slice(shared.unwrap_or_default());
            }
            Kind::Boolean => text.extend_from_slice(if value.trim() == "0" { b"false" } else { b"true" }),
            Kind::Number => match value.parse().ok().filter(|_| book.styles.is_date(style)) {
                Some(date) => text.extend_from_slice(dates::text_of(date, book.is_1904).as_bytes()),
                None => text.extend_from_slice(number::plain(value).as_bytes()),
            },
            Kind::Text | Kind::Error => push_unescaped(text, value),
        });
    }
}

/// The column of a reference such as `XFD1048576`.
fn column_of(reference: &str) -> Option<usize> {
    let letters = reference.bytes().take_while(u8::is_ascii_alphabetic);
    let number = letters.fold(0usize, |sum, letter| {
        sum.saturating_mul(26).saturating_add(usize::from(letter.to_ascii_uppercase() - b'A') + 1)
    });
    number.checked_sub(1)
}

impl Visitor for SheetPart<'_> {
    fn open(&mut self, tag: &BytesStart<'_>, _sink: &mut dyn Sink) {
        match tag.local_name().as_ref() {
            "c" => self.open_cell(tag),
            "v" => self.inside = Inside::Value,
            "t" if !self.is_phonetic => self.inside = Inside::Value,
            "row" => self.column = 0,
            "rPh" => self.is_phonetic = true,
            "oddHeader" | "oddFooter" | "evenHeader" | "evenFooter" | "firstHeader" | "firstFooter" => {
                self.value.clear();
                self.inside = Inside::Margin;
            }
            _ => {}
        }
    }

    fn text(&mut self, text: &str, _sink: &mut dyn Sink) {
        // A cell holds 32,767 characters; what is longer than a record is no value.
        if self.inside != Inside::Nothing && self.value.len() < self.limits.record_bytes {
            self.value.push_str(text);
        }
    }

    fn close(&mut self, local_name: &str, sink: &mut dyn Sink) {
        match local_name {
            "v" | "t" => self.inside = Inside::Nothing,
            "c" => self.close_cell(),
            "row" => self.rows.end_row(sink),
            "rPh" => self.is_phonetic = false,
            "sheetData" => _ = self.rows.end(sink),
            _ if self.inside == Inside::Margin => {
                self.inside = Inside::Nothing;
                self.rows.end(sink);
                sink.fragment(Fragment::Text(self.value.as_bytes()));
                sink.fragment(Fragment::Break);
            }
            _ => {}
        }
    }

    fn finish(&mut self, sink: &mut dyn Sink) {
        if self.inside == Inside::Value {
            self.close_cell();
        }
        self.rows.end(sink);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_read_from_references() {
        for (reference, column) in
            [("A1", Some(0)), ("Z9", Some(25)), ("aa10", Some(26)), ("XFD1048576", Some(16_383)), ("12", None)]
        {
            assert_eq!(column_of(reference), column, "{reference}");
        }
        assert!(column_of(&"Z".repeat(1000)).is_some());
    }
}
