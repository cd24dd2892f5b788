//! A sink for tests, that keeps what it is given as lines.

use std::io::Cursor;

use super::{Extracted, Sink, extract_stream};
use crate::{
    model::{Fragment, Reason, row_cells},
    open::Limits,
};

/// Keeps the fragments: running text joined, one line an event.
#[derive(Default)]
pub(super) struct Recorder {
    pub(super) lines: Vec<String>,
    in_text: bool,
    table_width: Option<usize>,
    row: Vec<(usize, String)>,
    members: usize,
}

impl Recorder {
    fn push(&mut self, line: String) {
        self.in_text = false;
        self.lines.push(line);
    }

    /// All lines, one below the other.
    pub(super) fn shown(&self) -> String {
        self.lines.join("\n")
    }
}

impl Sink for Recorder {
    fn fragment(&mut self, fragment: Fragment<'_>) {
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        match fragment {
            Fragment::Text(bytes) => {
                assert!(self.table_width.is_none(), "text in a table");
                match self.lines.last_mut().filter(|_| self.in_text) {
                    Some(line) => line.push_str(&text(bytes)),
                    None => self.lines.push(format!("text {}", text(bytes))),
                }
                self.in_text = true;
            }
            Fragment::Break => self.in_text = false,
            Fragment::PartName(bytes) => self.push(format!("part {}", text(bytes))),
            Fragment::Table(columns) => {
                assert!(self.table_width.is_none(), "a table in a table");
                self.table_width = Some(columns.len());
                let names: Vec<_> = columns.iter().map(|it| it.name.clone().unwrap_or_else(|| "-".into())).collect();
                self.push(format!("table {}", names.join(",")));
            }
            Fragment::Cell { column, text: bytes } => {
                assert!(self.table_width.is_some(), "a cell outside a table");
                self.row.push((column, text(bytes)));
            }
            Fragment::Row { text: values, ends } => {
                assert!(self.table_width.is_some(), "a row outside a table");
                let cells = row_cells(values, ends).filter(|(_, value)| !value.trim_ascii().is_empty());
                self.row.extend(cells.map(|(column, value)| (column, text(value))));
            }
            Fragment::ClusterEnd { .. } => panic!("no file is sampled"),
            Fragment::RowEnd => {
                let cells: Vec<_> = self.row.drain(..).map(|(column, value)| format!("{column}={value}")).collect();
                self.push(format!("row {}", cells.join(" ")));
            }
            Fragment::TableEnd => {
                assert!(self.table_width.take().is_some(), "a table ends that did not begin");
                assert!(self.row.is_empty(), "cells without a row end");
                self.push("end".into());
            }
        }
    }

    fn begin_member(&mut self, raw_name: &[u8]) {
        self.members += 1;
        self.push(format!("begin {}", String::from_utf8_lossy(raw_name)));
    }

    fn end_member(&mut self, outcome: Result<Extracted, Reason>) {
        self.members = self.members.checked_sub(1).expect("a member ends that did not begin");
        self.push(match outcome {
            Ok(extracted) => format!("done {} {:?}", extracted.format, extracted.partial),
            Err(reason) => format!("failed {reason:?}"),
        });
    }
}

/// Reads `content` as a member called `name` would be read.
pub(super) fn read(name: &str, content: &[u8]) -> (Recorder, Result<Extracted, Reason>) {
    read_within(name, content, &Limits::default())
}

/// Reads within other limits.
pub(super) fn read_within(name: &str, content: &[u8], limits: &Limits) -> (Recorder, Result<Extracted, Reason>) {
    let mut recorder = Recorder::default();
    let outcome = extract_stream(name, content.len() as u64, &mut Cursor::new(content), limits, &mut recorder);
    if outcome.is_ok() {
        assert!(recorder.table_width.is_none() && recorder.members == 0, "something was left open");
    }
    (recorder, outcome)
}
