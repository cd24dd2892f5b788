//! Cells as they come → the rows of a table.

use super::super::super::{Sink, grid::Grid};
use crate::open::Limits;

/// Cells of all sheets of a workbook, and rows without headers.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Tally {
    /// Cells with something in them.
    pub(super) cells: u64,
    /// Rows of tables.
    pub(super) rows: u64,
}

/// One sheet.
pub(super) struct Rows<'l> {
    limits: &'l Limits,
    grid: Option<Grid<'l>>,
    /// The current row: the columns of its cells, where the text of each ends, and the texts.
    columns: Vec<usize>,
    ends: Vec<usize>,
    text: Vec<u8>,
    tally: Tally,
}

impl<'l> Rows<'l> {
    /// No cells yet; `tally` counts on.
    pub(super) fn new(limits: &'l Limits, tally: Tally) -> Self {
        Self { limits, grid: None, columns: Vec::new(), ends: Vec::new(), text: Vec::new(), tally }
    }

    /// Whether there are more cells than may be read.
    pub(super) fn is_full(&self) -> bool {
        self.tally.cells > self.limits.cells
    }

    /// Adds a cell to the current row. `write` appends its text.
    pub(super) fn cell(&mut self, column: usize, write: impl FnOnce(&mut Vec<u8>)) {
        self.tally.cells = self.tally.cells.saturating_add(1);
        if column >= self.limits.columns || self.columns.len() >= self.limits.columns || self.is_full() {
            return;
        }
        let begins_at = self.text.len();
        write(&mut self.text);
        if self.text.len() > begins_at {
            self.columns.push(column);
            self.ends.push(self.text.len());
        }
    }

    /// The current row ends.
    pub(super) fn end_row(&mut self, sink: &mut dyn Sink) {
        if !self.columns.is_empty() {
            let grid = self.grid.get_or_insert_with(|| Grid::new(self.limits));
            let is_gapless = self.columns.iter().enumerate().all(|(place, column)| place == *column);
            if is_gapless {
                grid.record(&self.text, &self.ends, sink);
            } else {
                let starts = std::iter::once(0).chain(self.ends.iter().copied());
                let cells = self.columns.iter().zip(starts.zip(&self.ends));
                let text_of = |start: usize, end: &usize| self.text.get(start..*end).unwrap_or_default();
                grid.row(cells.map(|(column, (start, end))| (*column, text_of(start, end))), sink);
            }
        }
        self.columns.clear();
        self.ends.clear();
        self.text.clear();
    }

    /// The table ends; running text may follow.
    pub(super) fn end(&mut self, sink: &mut dyn Sink) -> Tally {
        self.end_row(sink);
        if let Some(grid) = self.grid.take() {
            self.tally.rows = self.tally.rows.saturating_add(grid.finish(sink));
        }
        self.tally
    }
}
