//! JSON and JSON lines: objects in arrays become rows, the keys their columns; all else is running text.

use std::io::{BufRead, Read};

use super::{
    Reading, Sink,
    records::{Field, RecordTables},
    text,
    transcode::Transcoder,
};
use crate::{
    model::{Fragment, Measure, Reason},
    open::Limits,
};

mod token;
use token::{Stop, Token, Tokens};

/// Fields of one object that are held at once; more are handed on as another record.
const MOST_FIELDS: usize = 10_000;

/// Reads a JSON value, or several one after the other.
pub(super) fn read(reader: &mut dyn Read, limits: &Limits, sink: &mut dyn Sink) -> Reading {
    let mut tokens = Tokens::new(Transcoder::new(reader, None), limits);
    let mut tables = RecordTables::new(limits);
    let mut walk = Walk::new(limits);
    let stop = walk.run(&mut tokens, &mut tables, sink);
    walk.give_up(&mut tables, sink);
    tables.finish(sink);
    let exact = stop.is_none();
    let partial = stop.and_then(|stop| {
        // The rest is read as text; only what breaks JSON's own rules makes it a part.
        sink.fragment(Fragment::Text(tokens.text()));
        sink.fragment(Fragment::Text(tokens.unread()));
        let broken = text::pour(tokens.rest(), sink);
        match stop {
            Stop::TooLong => broken,
            Stop::Because(reason) => Some(reason),
        }
    });
    let records = (walk.top_others == 0 && walk.top_objects > 0).then_some(Measure { value: walk.top_objects, exact });
    Reading { encoding: Some(tokens.rest().encoding()), records, partial, ..Reading::default() }
}

/// Reads one JSON value a line. A line that is none is read as text.
pub(super) fn read_lines(reader: &mut dyn Read, limits: &Limits, sink: &mut dyn Sink) -> Reading {
    let mut lines = Transcoder::new(reader, None);
    let mut tables = RecordTables::new(limits);
    let (mut records, mut partial) = (Measure::exact(0), None);
    let mut line = Vec::new();
    let mut is_continued = false;
    loop {
        line.clear();
        match (&mut lines).take(limits.record_bytes as u64).read_until(b'\n', &mut line) {
            Ok(0) => break,
            Ok(_) => {}
            Err(error) => {
                partial = Some(Reason::from(&error));
                records.exact = false;
                break;
            }
        }
        let is_whole = line.ends_with(b"\n") || line.len() < limits.record_bytes;
        if is_continued || !is_whole {
            tables.pause(sink);
            sink.fragment(Fragment::Text(&line));
            records.value = records.value.saturating_add(u64::from(!is_continued));
            is_continued = !is_whole;
            continue;
        }
        if line.trim_ascii().is_empty() {
            continue;
        }
        records.value = records.value.saturating_add(1);
        let mut tokens = Tokens::within(std::mem::take(&mut line), limits);
        let stop = Walk::new(limits).run(&mut tokens, &mut tables, sink);
        line = tokens.into_text();
        if stop.is_some() {
            tables.pause(sink);
            sink.fragment(Fragment::Text(&line));
            sink.fragment(Fragment::Break);
            partial = partial.or(Some(Reason::Corrupt));
        }
    }
    tables.finish(sink);
    Reading { encoding: Some(lines.encoding()), records: Some(records), partial, ..Reading::default() }
}

/// An object that becomes a row.
struct Row {
    group: String,
    /// Open containers around and including its own.
    depth: usize,
    /// Keys above its own fields.
    path_length: usize,
    fields: Vec<Field>,
    bytes: usize,
}

/// The place in a value while it is walked through.
struct Walk<'l> {
    limits: &'l Limits,
    /// Open containers: the length of the path inside each, and whether it is an array.
    open: Vec<(usize, bool)>,
    path: Vec<String>,
    rows: Vec<Row>,
    top_objects: u64,
    /// Values on top that are no objects in an array.
    top_others: u64,
}

impl<'l> Walk<'l> {
    fn new(limits: &'l Limits) -> Self {
        Self { limits, open: Vec::new(), path: Vec::new(), rows: Vec::new(), top_objects: 0, top_others: 0 }
    }

    /// Walks until the end, or until something stops it.
    fn run<R: Read>(
        &mut self,
        tokens: &mut Tokens<R>,
        tables: &mut RecordTables<'_>,
        sink: &mut dyn Sink,
    ) -> Option<Stop> {
        loop {
            match tokens.next() {
                Ok(Token::End) => return None,
                Ok(token) => self.take(token, tokens.text(), tables, sink),
                Err(stop) => return Some(stop),
            }
        }
    }

    fn take(&mut self, token: Token, text: &[u8], tables: &mut RecordTables<'_>, sink: &mut dyn Sink) {
        match token {
            Token::Key => {
                let length = self.open.last().map_or(0, |(length, _)| *length);
                self.path.truncate(length);
                self.path.push(String::from_utf8_lossy(text).into_owned());
            }
            Token::Open { is_array } => {
                let is_element = self.open.last().is_none_or(|(_, in_array)| *in_array);
                match (self.open.len(), is_array) {
                    (1, false) if is_element => self.top_objects = self.top_objects.saturating_add(1),
                    (0, false) => self.top_others = self.top_others.saturating_add(1),
                    (1, true) if is_element => self.top_others = self.top_others.saturating_add(1),
                    _ => {}
                }
                self.open.push((self.path.len(), is_array));
                if !is_array && is_element {
                    let depth = self.open.len();
                    let group = self.group();
                    self.rows.push(Row { group, depth, path_length: self.path.len(), fields: Vec::new(), bytes: 0 });
                }
            }
            Token::Close => self.close(tables, sink),
            Token::Value => {
                if self.open.len() == 1 && self.rows.is_empty() {
                    self.top_others = self.top_others.saturating_add(1);
                }
                self.value(text, tables, sink);
            }
            Token::Remark => {
                tables.pause(sink);
                sink.fragment(Fragment::Text(text));
                sink.fragment(Fragment::Break);
            }
            Token::End => {}
        }
    }

    /// The kind of record at this place: the keys that lead to it.
    fn group(&self) -> String {
        let mut group = String::new();
        for key in &self.path {
            group.push('/');
            group.push_str(key);
        }
        group
    }

    fn value(&mut self, text: &[u8], tables: &mut RecordTables<'_>, sink: &mut dyn Sink) {
        let Some(row) = self.rows.last_mut() else {
            tables.pause(sink);
            sink.fragment(Fragment::Text(text));
            sink.fragment(Fragment::Break);
            return;
        };
        let path = self.path.get(row.path_length..).unwrap_or_default().join(".");
        row.bytes = row.bytes.saturating_add(path.len()).saturating_add(text.len());
        row.fields.push((path, text.to_vec()));
        if row.bytes > self.limits.lookahead_bytes || row.fields.len() >= MOST_FIELDS {
            row.bytes = 0;
            tables.record(&row.group, std::mem::take(&mut row.fields), sink);
        }
    }

    fn close(&mut self, tables: &mut RecordTables<'_>, sink: &mut dyn Sink) {
        if self.rows.last().is_some_and(|row| row.depth == self.open.len())
            && let Some(row) = self.rows.pop()
        {
            tables.record(&row.group, row.fields, sink);
        }
        if let Some((length, _)) = self.open.pop() {
            self.path.truncate(length);
        }
    }

    /// Hands on the rows that never ended.
    fn give_up(&mut self, tables: &mut RecordTables<'_>, sink: &mut dyn Sink) {
        while let Some(row) = self.rows.pop() {
            tables.record(&row.group, row.fields, sink);
        }
    }
}

#[cfg(test)]
mod tests;
