//! Tables whose columns the source itself names.

use super::super::{Sink, header};
use crate::{
    model::{Column, Fragment},
    open::Limits,
};

/// Begins a table with these columns. A name that may be a value (somebody's, a number) names nothing and is read as text.
pub(super) fn open(names: &[String], limits: &Limits, sink: &mut dyn Sink) {
    let (mut columns, mut unfit) = (Vec::new(), Vec::new());
    for name in names.iter().take(limits.columns) {
        let is_name = header::may_be_name(name);
        if !is_name && !name.is_empty() {
            unfit.push(name);
        }
        columns.push(Column { name: is_name.then(|| name.clone()), ..Column::default() });
    }
    for name in unfit {
        sink.fragment(Fragment::Text(name.as_bytes()));
        sink.fragment(Fragment::Break);
    }
    sink.fragment(Fragment::Table(&columns));
}

/// The values of one row, one behind the other; a column may have several, or none.
#[derive(Default)]
pub(super) struct Row {
    text: Vec<u8>,
    /// The column of each value and where it ends.
    cells: Vec<(usize, usize)>,
}

impl Row {
    /// Adds a value as it stands.
    pub(super) fn push(&mut self, column: usize, value: &[u8]) {
        if !value.trim_ascii().is_empty() {
            self.text.extend_from_slice(value);
            self.cells.push((column, self.text.len()));
        }
    }

    /// Adds bytes of which nobody says whether they are text: they are read where they are.
    pub(super) fn push_bytes(&mut self, column: usize, value: &[u8]) {
        if !value.contains(&0) && simdutf8::basic::from_utf8(value).is_ok() {
            self.push(column, value);
        }
    }

    /// Bytes that the values take.
    pub(super) fn bytes(&self) -> usize {
        self.text.len()
    }

    /// Hands the row on and forgets it.
    pub(super) fn emit(&mut self, limits: &Limits, sink: &mut dyn Sink) {
        let mut start = 0;
        for (column, end) in self.cells.iter().copied() {
            if column < limits.columns {
                sink.fragment(Fragment::Cell { column, text: self.text.get(start..end).unwrap_or_default() });
            }
            start = end;
        }
        if !self.cells.is_empty() {
            sink.fragment(Fragment::RowEnd);
        }
        self.text.clear();
        self.cells.clear();
    }
}
