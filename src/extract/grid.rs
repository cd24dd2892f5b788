//! Rows of cells as they come → a table: looks ahead to find the header, then streams.

use super::{Sink, header};
use crate::{
    model::{Column, Fragment, row_cells},
    open::Limits,
};

/// Rows below a possible header that are looked at.
const LOOKAHEAD_ROWS: usize = header::ROWS_BELOW + header::MOST_TITLES + 1;

/// One table in the making.
pub(super) struct Grid<'l> {
    limits: &'l Limits,
    ahead: Vec<Vec<(usize, Vec<u8>)>>,
    ahead_bytes: usize,
    is_open: bool,
    is_header_marked: bool,
    rows: u64,
}

impl<'l> Grid<'l> {
    /// A table without rows yet.
    pub(super) fn new(limits: &'l Limits) -> Self {
        Self { limits, ahead: Vec::new(), ahead_bytes: 0, is_open: false, is_header_marked: false, rows: 0 }
    }

    /// The source itself marks the next row as a header; it counts when it is the first.
    pub(super) fn expect_header(&mut self) {
        self.is_header_marked |= !self.is_open && self.ahead.is_empty();
    }

    /// Adds a row of (column, value). A row without a value is no row.
    pub(super) fn row<'c>(&mut self, cells: impl Iterator<Item = (usize, &'c [u8])>, sink: &mut dyn Sink) {
        let mut cells = cells.filter(|(_, text)| !text.trim_ascii().is_empty());
        if self.is_open {
            self.rows = self.rows.saturating_add(u64::from(emit_row(cells, sink)));
            return;
        }
        let owned = |(column, text): (usize, &[u8])| (column, text.to_vec());
        let held: Vec<_> = cells.by_ref().take(self.limits.columns).map(owned).collect();
        if held.is_empty() {
            return;
        }
        if let Some(next) = cells.next() {
            // Wider than any table is: no header, and too many cells to hold.
            self.open(sink);
            for (column, text) in &held {
                sink.fragment(Fragment::Cell { column: *column, text });
            }
            self.rows = self.rows.saturating_add(u64::from(emit_row(std::iter::once(next).chain(cells), sink)));
            return;
        }
        self.ahead_bytes = held.iter().fold(self.ahead_bytes, |sum, (_, text)| sum.saturating_add(text.len() + 32));
        self.ahead.push(held);
        if self.ahead.len() >= LOOKAHEAD_ROWS || self.ahead_bytes > self.limits.lookahead_bytes {
            self.open(sink);
        }
    }

    /// Adds a row whose values lie one behind the other, as in [`Fragment::Row`].
    pub(super) fn record(&mut self, text: &[u8], ends: &[usize], sink: &mut dyn Sink) {
        if !self.is_open {
            return self.row(row_cells(text, ends), sink);
        }
        if !text.trim_ascii().is_empty() {
            sink.fragment(Fragment::Row { text, ends });
            sink.fragment(Fragment::RowEnd);
            self.rows = self.rows.saturating_add(1);
        }
    }

    /// Ends the table; gives its rows without the header.
    pub(super) fn finish(mut self, sink: &mut dyn Sink) -> u64 {
        if !self.is_open && !self.ahead.is_empty() {
            self.open(sink);
        }
        if self.is_open {
            sink.fragment(Fragment::TableEnd);
        }
        self.rows
    }

    fn open(&mut self, sink: &mut dyn Sink) {
        self.is_open = true;
        let ahead = std::mem::take(&mut self.ahead);
        let header = header::find(&ahead, self.is_header_marked);
        let first = header.map_or(0, |at| at + 1);
        for (_, title) in ahead.iter().take(header.unwrap_or(0)).flatten() {
            sink.fragment(Fragment::Text(title));
            sink.fragment(Fragment::Break);
        }
        // A name that may not be shown is still read.
        for (_, unfit) in header.and_then(|at| ahead.get(at)).into_iter().flatten().filter(|(_, text)| !is_name(text)) {
            sink.fragment(Fragment::Text(unfit));
            sink.fragment(Fragment::Break);
        }
        let columns = self.columns(&ahead, header);
        sink.fragment(Fragment::Table(&columns));
        for row in ahead.iter().skip(first) {
            let cells = row.iter().map(|(column, text)| (*column, text.as_slice()));
            self.rows = self.rows.saturating_add(u64::from(emit_row(cells, sink)));
        }
    }

    /// Columns as wide as the rows seen so far, named where there is a header.
    fn columns(&self, ahead: &[Vec<(usize, Vec<u8>)>], header: Option<usize>) -> Vec<Column> {
        let widest = ahead.iter().flatten().map(|(column, _)| column.saturating_add(1)).max().unwrap_or(0);
        let mut columns = vec![Column::default(); widest.min(self.limits.columns)];
        for (index, text) in header.and_then(|at| ahead.get(at)).into_iter().flatten().filter(|(_, text)| is_name(text))
        {
            if let Some(column) = columns.get_mut(*index) {
                column.name = Some(String::from_utf8_lossy(text).trim().to_owned());
            }
        }
        columns
    }
}

fn is_name(text: &[u8]) -> bool {
    header::may_be_name(String::from_utf8_lossy(text).trim())
}

fn emit_row<'c>(cells: impl Iterator<Item = (usize, &'c [u8])>, sink: &mut dyn Sink) -> bool {
    let mut is_row = false;
    for (column, text) in cells {
        sink.fragment(Fragment::Cell { column, text });
        is_row = true;
    }
    if is_row {
        sink.fragment(Fragment::RowEnd);
    }
    is_row
}
