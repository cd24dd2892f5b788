//! YAML, line by line: a mapping is a record, the path of its keys the column, as in JSON; items of a list are records.
//!
//! Aliases are never followed and tags never obeyed, so a document cannot multiply itself, and nothing can go wrong: what
//! is not understood is running text. A value in braces or brackets is read as it is written.

use std::io::Read;

use super::{
    super::{
        Reading, Sink,
        records::{Field, RecordTables},
    },
    settings::{Line, Lines, unquoted},
};
use crate::{model::Fragment, open::Limits};

/// A key is a name; what is longer is a sentence with a colon.
const MOST_KEY_BYTES: usize = 128;
/// Fields of one record that are held at once; more are handed on as another.
const MOST_FIELDS: usize = 10_000;

/// Reads one or several documents.
pub(super) fn read(reader: &mut dyn Read, limits: &Limits, sink: &mut dyn Sink) -> Reading {
    let mut lines = Lines::new(reader, limits);
    let mut document = Document::new(limits);
    while let Some(line) = lines.next() {
        match line {
            Line::Whole(line) => document.line(line, sink),
            Line::Piece { text, ends } => document.text(text, ends, sink),
        }
    }
    document.end(sink);
    document.tables.finish(sink);
    Reading { encoding: Some(lines.encoding()), partial: lines.broken, ..Reading::default() }
}

/// A mapping or a list that is open.
struct Level {
    /// Blanks before its keys or dashes.
    indent: usize,
    is_list: bool,
    /// Keys that lead to it.
    path_length: usize,
    /// Whether it is a record of its own: the document, or an item of a list.
    is_record: bool,
}

/// A record that is open.
struct Record {
    group: String,
    path_length: usize,
    fields: Vec<Field>,
    bytes: usize,
}

/// A text that goes on over lines: `key: |`.
struct Block {
    /// Blanks before the key; lines with more belong to the text.
    indent: usize,
    text: Vec<u8>,
}

/// A document while it is read.
struct Document<'l> {
    limits: &'l Limits,
    tables: RecordTables<'l>,
    levels: Vec<Level>,
    path: Vec<String>,
    records: Vec<Record>,
    block: Option<Block>,
    /// Blanks before the last key, as long as it has neither a value nor a child.
    awaiting: Option<usize>,
}

impl<'l> Document<'l> {
    fn new(limits: &'l Limits) -> Self {
        let tables = RecordTables::new(limits);
        let (levels, path, records) = (Vec::new(), Vec::new(), Vec::new());
        Self { limits, tables, levels, path, records, block: None, awaiting: None }
    }

    fn line(&mut self, line: &[u8], sink: &mut dyn Sink) {
        let indent = line.iter().take_while(|byte| **byte == b' ').count();
        let rest = line.get(indent..).unwrap_or_default();
        if let Some(block) = self.block.as_mut() {
            if (rest.is_empty() || indent > block.indent) && block.text.len() < self.limits.lookahead_bytes {
                block.text.extend_from_slice(rest);
                block.text.push(b'\n');
                return;
            }
            self.end_block(sink);
        }
        let is_mark = indent == 0 && (rest == b"---" || rest == b"..." || rest.starts_with(b"%YAML"));
        if is_mark {
            self.end(sink);
        } else if rest.starts_with(b"#") || rest.starts_with(b"\t") {
            self.text(rest, true, sink);
        } else if !rest.is_empty() {
            let rest = rest.strip_prefix(b"--- ").filter(|_| indent == 0).unwrap_or(rest);
            self.content(indent, rest, sink);
        }
    }

    fn content(&mut self, mut indent: usize, mut rest: &[u8], sink: &mut dyn Sink) {
        self.end_key(Some((indent, item(rest).is_some())), sink);
        while let Some(item) = item(rest) {
            self.close_to(indent, true, sink);
            if self.levels.len() >= self.limits.json_depth {
                break;
            }
            if !self.levels.last().is_some_and(|level| level.is_list && level.indent == indent) {
                self.open(indent, true);
            }
            let blanks = item.iter().take_while(|byte| **byte == b' ').count();
            indent += 1 + blanks;
            rest = item.get(blanks..).unwrap_or_default();
        }
        if rest.is_empty() {
            return;
        }
        let Some((key, value)) = entry(rest) else {
            self.scalar(rest, sink);
            return;
        };
        self.close_to(indent, false, sink);
        let is_open = self.levels.last().is_some_and(|level| !level.is_list && level.indent == indent);
        if !is_open && self.levels.len() < self.limits.json_depth {
            self.open(indent, false);
        }
        let length = self.levels.last().map_or(0, |level| level.path_length);
        self.path.truncate(length);
        self.path.push(String::from_utf8_lossy(key).into_owned());
        self.value(indent, value, sink);
    }

    /// Ends what a line with so many blanks before it no longer belongs to.
    fn close_to(&mut self, indent: usize, is_item: bool, sink: &mut dyn Sink) {
        while let Some(level) = self.levels.last() {
            let is_over = level.indent > indent || (level.is_list && level.indent == indent && !is_item);
            if !is_over {
                break;
            }
            self.close(sink);
        }
    }

    fn open(&mut self, indent: usize, is_list: bool) {
        let is_record = !is_list && self.levels.last().is_none_or(|level| level.is_list);
        if self.levels.is_empty() {
            self.path.clear();
        }
        // The path of an item is that of its list.
        if let Some(level) = self.levels.last().filter(|level| level.is_list) {
            self.path.truncate(level.path_length);
        }
        let path_length = self.path.len();
        if is_record {
            let group = self.path.iter().fold(String::new(), |group, key| group + "/" + key);
            self.records.push(Record { group, path_length, fields: Vec::new(), bytes: 0 });
        }
        self.levels.push(Level { indent, is_list, path_length, is_record });
    }

    fn close(&mut self, sink: &mut dyn Sink) {
        let Some(level) = self.levels.pop() else { return };
        if level.is_record
            && let Some(record) = self.records.pop()
        {
            self.tables.record(&record.group, record.fields, sink);
        }
        self.path.truncate(level.path_length);
    }

    /// What stands behind a key.
    fn value(&mut self, indent: usize, value: &[u8], sink: &mut dyn Sink) {
        let value = without_marks(value);
        if value.is_empty() {
            self.awaiting = Some(indent);
        } else if matches!(value.first(), Some(b'|' | b'>')) && value.len() <= 4 {
            self.block = Some(Block { indent, text: Vec::new() });
        } else {
            self.field(value, sink);
        }
    }

    /// An item of a list that is no mapping, or a line that goes on.
    fn scalar(&mut self, text: &[u8], sink: &mut dyn Sink) {
        let text = without_marks(text);
        if self.records.is_empty() { self.text(text, true, sink) } else { self.field(text, sink) }
    }

    /// Hands on the last key if it has neither a value nor a child; `next` are the blanks before the line that follows, and
    /// whether that is an item of a list. A name may itself be what matters: an inventory of hosts is keys alone.
    fn end_key(&mut self, next: Option<(usize, bool)>, sink: &mut dyn Sink) {
        let Some(indent) = self.awaiting.take() else { return };
        let is_room = self.levels.len() < self.limits.json_depth;
        let is_child = |(next, is_item): (usize, bool)| next > indent || (is_item && next == indent);
        if !(is_room && next.is_some_and(is_child)) {
            self.field(b"", sink);
        }
    }

    fn field(&mut self, value: &[u8], sink: &mut dyn Sink) {
        let value = unquoted(value);
        let Some(record) = self.records.last_mut() else {
            // Too deep for a record.
            let key = self.path.last().map_or("", String::as_str);
            let text = [key.as_bytes(), b": ", value].concat();
            self.text(&text, true, sink);
            return;
        };
        let path = self.path.get(record.path_length..).unwrap_or_default().join(".");
        record.bytes = record.bytes.saturating_add(path.len()).saturating_add(value.len());
        record.fields.push((path, value.to_vec()));
        if record.bytes > self.limits.lookahead_bytes || record.fields.len() >= MOST_FIELDS {
            record.bytes = 0;
            let fields = std::mem::take(&mut record.fields);
            self.tables.record(&record.group, fields, sink);
        }
    }

    fn end_block(&mut self, sink: &mut dyn Sink) {
        if let Some(block) = self.block.take() {
            self.field(block.text.trim_ascii(), sink);
        }
    }

    fn text(&mut self, text: &[u8], ends: bool, sink: &mut dyn Sink) {
        self.tables.pause(sink);
        sink.fragment(Fragment::Text(text));
        if ends {
            sink.fragment(Fragment::Break);
        }
    }

    /// Ends the document.
    fn end(&mut self, sink: &mut dyn Sink) {
        self.end_block(sink);
        self.end_key(None, sink);
        while !self.levels.is_empty() {
            self.close(sink);
        }
    }
}

/// What stands behind the dash of an item of a list.
fn item(line: &[u8]) -> Option<&[u8]> {
    line.strip_prefix(b"-").filter(|it| it.is_empty() || it.starts_with(b" "))
}

/// The key and the value of a line, if it has a key: `key: value`, `"key": value`, `? key`.
pub(super) fn entry(line: &[u8]) -> Option<(&[u8], &[u8])> {
    let line = line.strip_prefix(b"? ").unwrap_or(line);
    let quote = line.first().copied().filter(|byte| matches!(byte, b'"' | b'\''));
    let begin = match quote {
        Some(quote) => line.iter().skip(1).position(|byte| *byte == quote)? + 2,
        None => 0,
    };
    let behind = line.get(begin..)?;
    let is_end = |at: &usize| behind.get(*at) == Some(&b':') && behind.get(at + 1).is_none_or(|it| *it == b' ');
    let at = begin + (0..behind.len()).find(is_end)?;
    let key = unquoted(line.get(..at)?.trim_ascii());
    let is_key = !key.is_empty() && key.len() <= MOST_KEY_BYTES && !matches!(key.first(), Some(b'{' | b'[' | b'#'));
    is_key.then(|| (key, line.get(at + 1..).unwrap_or_default().trim_ascii()))
}

/// A value without what says how it is meant: `&anchor`, `!!str`.
fn without_marks(mut value: &[u8]) -> &[u8] {
    while let Some(b'&' | b'!') = value.first() {
        let length = value.iter().position(|byte| *byte == b' ').unwrap_or(value.len());
        value = value.get(length..).unwrap_or_default().trim_ascii();
    }
    value
}
