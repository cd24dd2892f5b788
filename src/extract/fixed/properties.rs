//! What a document says of itself: one row, with a column for each property.

use super::super::{Sink, header};
use crate::model::{Column, Fragment};

/// The properties of a document, in the order in which they were found.
#[derive(Default)]
pub(super) struct Properties {
    named: Vec<(String, String)>,
}

impl Properties {
    /// Adds a property; one that was there under any name already says nothing new.
    pub(super) fn add(&mut self, name: &str, value: &str) {
        let value = value.trim_matches(|it: char| it.is_whitespace() || it == '\0');
        if !value.is_empty() && !self.named.iter().any(|(_, known)| known == value) {
            self.named.push((name.to_owned(), value.to_owned()));
        }
    }

    /// Hands them on as a table of one row. A name that may not be one stands in front of its value.
    pub(super) fn finish(self, sink: &mut dyn Sink) {
        if self.named.is_empty() {
            return;
        }
        let name_of = |name: &String| header::may_be_key(name).then(|| name.clone());
        let columns: Vec<Column> =
            self.named.iter().map(|(name, _)| Column { name: name_of(name), ..Column::default() }).collect();
        sink.fragment(Fragment::Table(&columns));
        for (column, (name, value)) in self.named.iter().enumerate() {
            if columns.get(column).is_some_and(|it| it.name.is_none()) {
                sink.fragment(Fragment::Cell { column, text: name.as_bytes() });
            }
            sink.fragment(Fragment::Cell { column, text: value.as_bytes() });
        }
        sink.fragment(Fragment::RowEnd);
        sink.fragment(Fragment::TableEnd);
    }
}
