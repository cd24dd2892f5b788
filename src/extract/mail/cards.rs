//! Calendars (RFC 5545) and contacts (RFC 6350, and 2.1 as phones write it): a table for each kind of entry.

use std::io::{BufRead, Read};

use encoding_rs::Encoding as Charset;
use mail_parser::decoders::quoted_printable::quoted_printable_decode;

use super::super::{Reading, Sink, transcode::Transcoder};
use crate::{
    model::{Column, Fragment, Measure, Reason},
    open::{Limits, encoding},
};

/// Kinds of entries that stand for themselves, and the properties of them that are columns; the others share one more,
/// which has no name.
const KINDS: &[(&str, &[&str])] = &[
    (
        "VCARD",
        &[
            "FN",
            "N",
            "NICKNAME",
            "ORG",
            "TITLE",
            "ROLE",
            "TEL",
            "EMAIL",
            "ADR",
            "BDAY",
            "NOTE",
            "URL",
            "IMPP",
            "CATEGORIES",
        ],
    ),
    ("VEVENT", EVENT),
    ("VTODO", EVENT),
    ("VJOURNAL", EVENT),
    ("VFREEBUSY", EVENT),
];
const EVENT: &[&str] = &[
    "SUMMARY",
    "DESCRIPTION",
    "LOCATION",
    "ORGANIZER",
    "ATTENDEE",
    "CONTACT",
    "DTSTART",
    "DTEND",
    "DUE",
    "COMMENT",
    "CATEGORIES",
    "URL",
];
/// Properties that say nothing: structure, numbers of programs, pictures.
const UNREAD: &[&str] = &[
    "BEGIN",
    "END",
    "VERSION",
    "PRODID",
    "DTSTAMP",
    "SEQUENCE",
    "RRULE",
    "TRANSP",
    "REV",
    "PHOTO",
    "LOGO",
    "SOUND",
    "CLASS",
    "STATUS",
    "PRIORITY",
    "TRIGGER",
    "ACTION",
    "TZID",
    "TZOFFSETFROM",
    "TZOFFSETTO",
    "TZNAME",
];

/// Properties that say something where they are short, a number or an address: others are bytes of a program or a key.
const READ_IF_SHORT: [&str; 2] = ["UID", "KEY"];
/// The longest of these that is read, in bytes: no address of mail is longer (RFC 5321, 4.5.3.1).
const SHORT_BYTES: usize = 254;

/// Reads all entries.
pub(super) fn read(limits: &Limits, reader: &mut dyn Read, sink: &mut dyn Sink) -> Reading {
    let mut lines =
        Lines { text: Transcoder::new(reader, None), ahead: None, most_bytes: limits.record_bytes, partial: None };
    let mut entries = Entries { columns: None, records: 0, is_row: false };
    while let Some(line) = lines.next() {
        entries.line(&line, sink);
    }
    entries.end_table(sink);
    let records = Measure { value: entries.records, exact: lines.partial.is_none() };
    let encoding = Some(lines.text.encoding());
    Reading { encoding, records: Some(records), partial: lines.partial, ..Reading::default() }
}

/// The lines of a file, with those joined that were folded.
struct Lines<R> {
    text: Transcoder<R>,
    ahead: Option<Vec<u8>>,
    most_bytes: usize,
    partial: Option<Reason>,
}

impl<R: Read> Lines<R> {
    fn next(&mut self) -> Option<Vec<u8>> {
        let mut line = self.ahead.take().or_else(|| self.stored())?;
        // Quoted-printable (version 2.1) is folded by a sign at its end.
        let is_quoted = memchr::memmem::find(line.get(..256).unwrap_or(&line), b"QUOTED-PRINTABLE").is_some();
        while let Some(more) = self.stored() {
            if is_quoted && line.ends_with(b"=") {
                line.pop();
                self.join(&mut line, &more);
            } else if let [b' ' | b'\t', rest @ ..] = more.as_slice() {
                self.join(&mut line, rest);
            } else {
                self.ahead = Some(more);
                break;
            }
        }
        Some(line)
    }

    fn join(&mut self, line: &mut Vec<u8>, more: &[u8]) {
        if line.len().saturating_add(more.len()) <= self.most_bytes {
            line.extend_from_slice(more);
        } else {
            self.partial = Some(Reason::TooLarge);
        }
    }

    /// A line as it is stored, without its end; one that is too long comes in pieces.
    fn stored(&mut self) -> Option<Vec<u8>> {
        let mut line = Vec::new();
        match (&mut self.text).take(self.most_bytes as u64).read_until(b'\n', &mut line) {
            Ok(0) => None,
            Ok(_) => {
                let length = line.trim_ascii_end().len();
                // Blanks at the end may be between words of a folded text; the end of the line is not.
                line.truncate(length.max(line.iter().rposition(|it| !b"\r\n".contains(it)).map_or(0, |at| at + 1)));
                Some(line)
            }
            Err(error) => {
                self.partial = Some(Reason::from(&error));
                None
            }
        }
    }
}

/// The entries while they are read.
struct Entries {
    /// The columns of the table that is open.
    columns: Option<&'static [&'static str]>,
    records: u64,
    is_row: bool,
}

impl Entries {
    fn line(&mut self, line: &[u8], sink: &mut dyn Sink) {
        let property = match Property::parse(line) {
            Line::Property(property) => property,
            Line::Text(text) => return self.value(None, &text, sink),
            Line::Binary => return,
        };
        if property.name == "BEGIN" {
            let kind = property.value.trim().to_ascii_uppercase();
            if let Some((_, columns)) = KINDS.iter().find(|(name, _)| *name == kind) {
                self.begin(columns, sink);
            }
            return;
        }
        if property.name == "END" && self.is_row {
            let kind = property.value.trim().to_ascii_uppercase();
            if KINDS.iter().any(|(name, _)| *name == kind) {
                sink.fragment(Fragment::RowEnd);
                self.is_row = false;
            }
            return;
        }
        let name = property.name.as_str();
        let is_long = READ_IF_SHORT.contains(&name) && property.value.len() > SHORT_BYTES;
        if !UNREAD.contains(&name) && !is_long {
            self.value(Some(name), &property.value, sink);
        }
    }

    /// Hands on the value of a property, or what cannot be told to be one.
    fn value(&mut self, name: Option<&str>, value: &str, sink: &mut dyn Sink) {
        if value.trim().is_empty() {
            return;
        }
        if let Some(columns) = self.columns.filter(|_| self.is_row) {
            let column = columns.iter().position(|it| Some(*it) == name).unwrap_or(columns.len());
            sink.fragment(Fragment::Cell { column, text: value.as_bytes() });
        } else {
            // Of the calendar itself: its name, its description.
            self.end_table(sink);
            sink.fragment(Fragment::Text(value.as_bytes()));
            sink.fragment(Fragment::Break);
        }
    }

    fn begin(&mut self, columns: &'static [&'static str], sink: &mut dyn Sink) {
        if self.is_row {
            sink.fragment(Fragment::RowEnd);
        }
        if self.columns != Some(columns) {
            self.end_table(sink);
            let named = columns.iter().map(|name| Some((*name).to_owned()));
            let columns_shown: Vec<Column> =
                named.chain([None]).map(|name| Column { name, ..Column::default() }).collect();
            sink.fragment(Fragment::Table(&columns_shown));
            self.columns = Some(columns);
        }
        self.is_row = true;
        self.records = self.records.saturating_add(1);
    }

    fn end_table(&mut self, sink: &mut dyn Sink) {
        if std::mem::take(&mut self.is_row) {
            sink.fragment(Fragment::RowEnd);
        }
        if self.columns.take().is_some() {
            sink.fragment(Fragment::TableEnd);
        }
    }
}

/// What a line is.
enum Line {
    Property(Property),
    /// A picture, a sound, a key.
    Binary,
    /// What has no name.
    Text(String),
}

/// A name, parameters, a value.
struct Property {
    name: String,
    value: String,
}

impl Property {
    fn parse(line: &[u8]) -> Line {
        let Some((head, stored)) = value_start(line).and_then(|colon| line.split_at_checked(colon)) else {
            return Line::Text(String::from_utf8_lossy(line).trim().to_owned());
        };
        let head = String::from_utf8_lossy(head).into_owned();
        let stored = stored.get(1..).unwrap_or_default();
        let mut parameters = head.split(';');
        // A group may stand before the name: `item1.TEL`.
        let name = parameters.next().and_then(|name| name.rsplit('.').next()).unwrap_or_default();
        let name = name.trim().to_ascii_uppercase();
        let parameters: Vec<&str> = parameters.collect();
        let upper: Vec<String> = parameters.iter().map(|it| it.to_ascii_uppercase()).collect();
        let is = |wanted: &[&str]| upper.iter().any(|it| wanted.contains(&it.as_str()));
        if is(&["ENCODING=B", "ENCODING=BASE64", "BASE64", "VALUE=BINARY"]) {
            return Line::Binary;
        }
        let value = if is(&["ENCODING=QUOTED-PRINTABLE", "QUOTED-PRINTABLE"]) {
            let bytes = quoted_printable_decode(stored).unwrap_or_else(|| stored.to_vec());
            let charset = upper.iter().find_map(|it| it.strip_prefix("CHARSET="));
            let declared = charset.and_then(|label| Charset::for_label(label.as_bytes()));
            encoding::decode(encoding::guess(&bytes, declared), &bytes).into_owned()
        } else {
            String::from_utf8_lossy(stored).into_owned()
        };
        // Who is meant by an address stands beside it: `ATTENDEE;CN=…:mailto:…`.
        let person = parameters.iter().find_map(|it| it.strip_prefix("CN=")).map(|it| it.trim_matches('"'));
        let value = unescape(&value);
        Line::Property(Self { name, value: person.map_or(value.clone(), |person| format!("{person} {value}")) })
    }
}

/// Where the value begins: a colon in quotes is none, unless the quotes have no end.
fn value_start(line: &[u8]) -> Option<usize> {
    let mut is_quoted = false;
    let outside = line.iter().position(|byte| {
        is_quoted ^= *byte == b'"';
        *byte == b':' && !is_quoted
    });
    outside.or_else(|| memchr::memchr(b':', line))
}

/// A value as it is read: parts of a name or an address are parted by blanks, line ends are line ends.
fn unescape(value: &str) -> String {
    let mut plain = String::with_capacity(value.len());
    let mut characters = value.chars();
    while let Some(character) = characters.next() {
        match character {
            '\\' => match characters.next() {
                Some('n' | 'N') => plain.push('\n'),
                Some(escaped) => plain.push(escaped),
                None => {}
            },
            ';' => plain.push(' '),
            _ => plain.push(character),
        }
    }
    plain.trim().to_owned()
}
