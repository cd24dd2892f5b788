//! Settings in lines: INI, properties, `.env`, TOML. A section is a record, its keys the columns.
//!
//! Nothing can go wrong: a line that is no assignment is running text, and so are the remarks. A value that goes on over
//! several lines in brackets or three quotes is its first line, and the others are read for themselves.

use std::io::{BufRead, Read};

use super::super::{
    Reading, Sink,
    records::{Field, RecordTables},
    transcode::Transcoder,
};
use crate::{
    model::{Fragment, Reason},
    open::Limits,
};

/// The column that the name of a section is a value of.
const SECTION: &str = "section";
/// A key is a name; what is longer is a sentence with a colon.
const MOST_KEY_BYTES: usize = 128;
/// Fields of one record that are held at once; more are handed on as another.
const MOST_FIELDS: usize = 10_000;

/// Reads settings in any encoding.
pub(super) fn read(reader: &mut dyn Read, limits: &Limits, sink: &mut dyn Sink) -> Reading {
    let mut lines = Lines::new(reader, limits);
    let mut settings = Settings { tables: RecordTables::new(limits), fields: Vec::new(), bytes: 0, limits };
    while let Some(line) = lines.next() {
        match line {
            Line::Whole(line) => settings.line(line, sink),
            Line::Piece { text, ends } => settings.text(text, ends, sink),
        }
    }
    settings.end_record(sink);
    settings.tables.finish(sink);
    Reading { encoding: Some(lines.encoding()), partial: lines.broken, ..Reading::default() }
}

/// What the lines have said so far.
struct Settings<'l> {
    tables: RecordTables<'l>,
    fields: Vec<Field>,
    bytes: usize,
    limits: &'l Limits,
}

impl Settings<'_> {
    fn line(&mut self, line: &[u8], sink: &mut dyn Sink) {
        let line = line.trim_ascii();
        if line.is_empty() {
            return;
        }
        if let Some(name) = section(line) {
            self.end_record(sink);
            self.field(SECTION, name, sink);
        } else if let Some((key, value)) = assignment(line) {
            self.field(&String::from_utf8_lossy(key), value, sink);
        } else {
            self.text(line, true, sink);
        }
    }

    fn field(&mut self, key: &str, value: &[u8], sink: &mut dyn Sink) {
        self.bytes = self.bytes.saturating_add(key.len()).saturating_add(value.len());
        self.fields.push((key.to_owned(), value.to_vec()));
        if self.bytes > self.limits.lookahead_bytes || self.fields.len() >= MOST_FIELDS {
            self.end_record(sink);
        }
    }

    fn text(&mut self, text: &[u8], ends: bool, sink: &mut dyn Sink) {
        self.tables.pause(sink);
        sink.fragment(Fragment::Text(text));
        if ends {
            sink.fragment(Fragment::Break);
        }
    }

    fn end_record(&mut self, sink: &mut dyn Sink) {
        self.bytes = 0;
        self.tables.record("", std::mem::take(&mut self.fields), sink);
    }
}

/// The name of a section: `[server]`, `[[servers]]`, `[HKEY_LOCAL_MACHINE\SOFTWARE]`.
pub(super) fn section(line: &[u8]) -> Option<&[u8]> {
    let end = line.iter().rposition(|byte| *byte == b']')?;
    let is_remark_behind = line.get(end + 1..)?.trim_ascii().first().is_none_or(|it| b"#;".contains(it));
    let inside = line.get(..end)?.strip_prefix(b"[").filter(|_| is_remark_behind)?;
    let inside = inside.strip_prefix(b"[").map_or(inside, |inner| inner.strip_suffix(b"]").unwrap_or(inner));
    let name = unquoted(inside.trim_ascii());
    (!name.is_empty() && !name.iter().any(|it| b",{}\"".contains(it))).then_some(name)
}

/// The key and the value of a line that assigns: `key = value`, `key: value`, `export KEY="value"`.
pub(super) fn assignment(line: &[u8]) -> Option<(&[u8], &[u8])> {
    if matches!(line.first(), Some(b'#' | b';' | b'!' | b'/' | b'<' | b'-' | b'*')) {
        return None;
    }
    let at = line.iter().position(|byte| matches!(byte, b'=' | b':'))?;
    let (key, value) = line.split_at_checked(at)?;
    let key = key.strip_prefix(b"export ").unwrap_or(key).trim_ascii();
    let key = unquoted(key);
    let value = value.get(1..)?.trim_ascii();
    let is_key = !key.is_empty() && key.len() <= MOST_KEY_BYTES && !key.iter().any(|it| b"{}();,".contains(it));
    is_key.then(|| (key, unquoted(value)))
}

/// A text without the quotes around it.
pub(super) fn unquoted(text: &[u8]) -> &[u8] {
    for quote in [b"\"", b"'"] {
        let inside = text.strip_prefix(quote).and_then(|it| it.strip_suffix(quote));
        if let Some(inside) = inside {
            return inside;
        }
    }
    text
}

/// A line of a text, or a piece of one that is longer than is held.
pub(super) enum Line<'t> {
    /// Without its end.
    Whole(&'t [u8]),
    /// Of a line that is too long to be looked at.
    Piece {
        text: &'t [u8],
        /// Whether the line ends here.
        ends: bool,
    },
}

/// The lines of a text in any encoding.
pub(super) struct Lines<R> {
    text: Transcoder<R>,
    line: Vec<u8>,
    most_bytes: usize,
    is_within: bool,
    /// Why the text broke off, if it did.
    pub(super) broken: Option<Reason>,
}

impl<R: Read> Lines<R> {
    pub(super) fn new(reader: R, limits: &Limits) -> Self {
        let text = Transcoder::new(reader, None);
        Self { text, line: Vec::new(), most_bytes: limits.record_bytes, is_within: false, broken: None }
    }

    pub(super) fn encoding(&self) -> &'static str {
        self.text.encoding()
    }

    pub(super) fn next(&mut self) -> Option<Line<'_>> {
        self.line.clear();
        match (&mut self.text).take(self.most_bytes as u64).read_until(b'\n', &mut self.line) {
            Ok(0) => return None,
            Ok(_) => {}
            Err(error) => {
                self.broken = Some(Reason::from(&error));
                return None;
            }
        }
        let ends = self.line.ends_with(b"\n") || self.line.len() < self.most_bytes;
        let is_piece = std::mem::replace(&mut self.is_within, !ends) || !ends;
        Some(if is_piece { Line::Piece { text: &self.line, ends } } else { Line::Whole(self.line.trim_ascii_end()) })
    }
}
