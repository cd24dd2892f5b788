//! Records with named fields that come one by one (objects of JSON, elements of XML) → tables.
//!
//! A key may itself be data (a map from resident to address), so it is offered as a column's name only where it recurs
//! in other records, or where its words are those of a column. A refused key stands before its value in the nameless column,
//! as in running text: what stands in it is counted, and it says what the value is (`mill.token: k3v9Q2m7T5`).

use std::collections::{BTreeMap, BTreeSet};

use super::{Sink, header};
use crate::{
    model::{Column, Fragment},
    open::Limits,
};

/// Records looked at before the columns of a group are settled.
const LOOKAHEAD_RECORDS: usize = 20;

/// Kinds of records in one file; more share one nameless table.
const MOST_GROUPS: usize = 256;

/// What stands between a key and its value in a text.
const KEY_END: &[u8] = b": ";

/// A field: the path of its keys, parted by dots, and its value.
pub(super) type Field = (String, Vec<u8>);

/// The tables of one file, a table a kind of record.
pub(super) struct RecordTables<'l> {
    limits: &'l Limits,
    groups: BTreeMap<String, Group>,
    /// The group whose table is open in the sink.
    active: Option<String>,
    held_bytes: usize,
}

/// Records of one kind.
#[derive(Default)]
struct Group {
    ahead: Vec<Vec<Field>>,
    columns: Vec<Column>,
    places: BTreeMap<String, usize>,
    /// Paths and places in the order of the last record: the next is mostly like it.
    last: Vec<(String, usize)>,
    is_settled: bool,
}

impl<'l> RecordTables<'l> {
    /// No tables yet.
    pub(super) fn new(limits: &'l Limits) -> Self {
        Self { limits, groups: BTreeMap::new(), active: None, held_bytes: 0 }
    }

    /// Adds a record of the kind `group`.
    pub(super) fn record(&mut self, group: &str, fields: Vec<Field>, sink: &mut dyn Sink) {
        if fields.is_empty() {
            return;
        }
        let is_room = self.groups.len() < MOST_GROUPS || self.groups.contains_key(group);
        let key = if is_room { group } else { "" };
        let held = self.groups.entry(key.to_owned()).or_default();
        if held.is_settled {
            self.emit(key, &[fields], sink);
            return;
        }
        let bytes: usize = fields.iter().map(|(path, value)| path.len() + value.len() + 64).sum();
        held.ahead.push(fields);
        let is_full = held.ahead.len() >= LOOKAHEAD_RECORDS;
        self.held_bytes = self.held_bytes.saturating_add(bytes);
        if self.held_bytes > self.limits.lookahead_bytes {
            self.settle_all(sink);
        } else if is_full {
            self.settle(key, sink);
        }
    }

    /// Ends the open table, so that running text may follow.
    pub(super) fn pause(&mut self, sink: &mut dyn Sink) {
        if self.active.take().is_some() {
            sink.fragment(Fragment::TableEnd);
        }
    }

    /// Hands on what is still held, and ends the last table.
    pub(super) fn finish(&mut self, sink: &mut dyn Sink) {
        self.settle_all(sink);
        self.pause(sink);
    }

    fn settle_all(&mut self, sink: &mut dyn Sink) {
        let open: Vec<String> =
            self.groups.iter().filter(|(_, group)| !group.is_settled).map(|(key, _)| key.clone()).collect();
        for key in open {
            self.settle(&key, sink);
        }
        self.held_bytes = 0;
    }

    /// Decides the columns of a group by the records held, and hands these on.
    fn settle(&mut self, key: &str, sink: &mut dyn Sink) {
        let Some(group) = self.groups.get_mut(key) else { return };
        let ahead = std::mem::take(&mut group.ahead);
        group.settle(&ahead, self.limits);
        self.emit(key, &ahead, sink);
    }

    fn emit(&mut self, key: &str, records: &[Vec<Field>], sink: &mut dyn Sink) {
        let Some(group) = self.groups.get_mut(key) else { return };
        if self.active.as_deref() != Some(key) {
            if self.active.is_some() {
                sink.fragment(Fragment::TableEnd);
            }
            sink.fragment(Fragment::Table(&group.columns));
            self.active = Some(key.to_owned());
        }
        for fields in records {
            for (number, (path, value)) in fields.iter().enumerate() {
                let column = group.place_of_field(number, path, self.limits);
                let is_blank = value.trim_ascii().is_empty();
                let is_named = group.columns.get(column).is_some_and(|it| it.name.is_some());
                if is_named || path.is_empty() {
                    if !is_blank {
                        sink.fragment(Fragment::Cell { column, text: value });
                    }
                } else if is_blank {
                    sink.fragment(Fragment::Cell { column, text: path.as_bytes() });
                } else {
                    let text = [path.as_bytes(), KEY_END, value].concat();
                    sink.fragment(Fragment::Cell { column, text: &text });
                }
            }
            sink.fragment(Fragment::RowEnd);
        }
    }
}

impl Group {
    fn settle(&mut self, ahead: &[Vec<Field>], limits: &Limits) {
        self.is_settled = true;
        let mut recurring: BTreeMap<&str, usize> = BTreeMap::new();
        for fields in ahead {
            let paths: BTreeSet<&str> = fields.iter().map(|(path, _)| path.as_str()).collect();
            for path in paths {
                *recurring.entry(path).or_default() += 1;
            }
        }
        let are_names = recurring.len() <= limits.keys;
        for path in ahead.iter().flatten().map(|(path, _)| path.as_str()) {
            if self.places.contains_key(path) || self.columns.len() >= limits.columns {
                continue;
            }
            let recurs = recurring.get(path).is_some_and(|times| *times > 1);
            let is_name =
                are_names && header::may_be_key(path) && (recurs || path.split('.').all(header::is_known_column_word));
            self.places.insert(path.to_owned(), self.columns.len());
            self.columns.push(Column { name: is_name.then(|| path.to_owned()), ..Column::default() });
        }
    }

    /// The column of a field of a record, which has it in the same place as the one before, or else anywhere.
    fn place_of_field(&mut self, number: usize, path: &str, limits: &Limits) -> usize {
        if let Some((known, place)) = self.last.get(number)
            && known == path
        {
            return *place;
        }
        let place = self.place(path, limits);
        // Only places that stay are kept in mind, and no more of them than a record has that is settled by.
        if self.places.contains_key(path) && number < limits.keys {
            self.last.truncate(number);
            if self.last.len() == number {
                self.last.push((path.to_owned(), place));
            }
        }
        place
    }

    /// The column of a path. One that comes late has a place past the named ones; past the limit all share the last.
    fn place(&mut self, path: &str, limits: &Limits) -> usize {
        if let Some(place) = self.places.get(path) {
            return *place;
        }
        let next = self.places.len();
        if next < limits.keys.max(self.columns.len()) && next < limits.columns {
            self.places.insert(path.to_owned(), next);
        }
        next
    }
}
