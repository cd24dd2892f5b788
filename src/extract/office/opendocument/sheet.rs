//! The table that a walk is in: rows and cells that may be said to repeat, without being written again.

use quick_xml::events::BytesStart;

use super::super::{
    super::{Sink, grid::Grid, markup},
    number,
};
use crate::open::Limits;

/// A table in the making.
pub(super) struct Sheet<'l> {
    limits: &'l Limits,
    grid: Grid<'l>,
    row: Vec<Cells>,
    row_repeats: usize,
    column: usize,
    cell: Option<Cells>,
}

/// What is left of the caps on the cells of a document.
pub(super) struct Room {
    cells: u64,
    repeated: u64,
    is_short: bool,
}

impl Room {
    /// All that the limits allow.
    pub(super) fn new(limits: &Limits) -> Self {
        Self { cells: limits.cells, repeated: limits.repeated_cells, is_short: false }
    }

    /// Whether cells were left out.
    pub(super) fn is_short(&self) -> bool {
        self.is_short
    }

    /// How many of `times` repetitions of `cells` there is room for.
    fn repeats(&mut self, cells: usize, times: usize) -> usize {
        let most = usize::try_from(self.repeated).unwrap_or(usize::MAX) / cells.max(1);
        let given = times.min(most);
        self.is_short |= given < times;
        self.repeated = self.repeated.saturating_sub((given as u64).saturating_mul(cells as u64));
        given
    }

    fn take(&mut self, cells: usize) -> bool {
        let left = self.cells.checked_sub(cells as u64);
        self.is_short |= left.is_none();
        self.cells = left.unwrap_or(0);
        left.is_some()
    }
}

/// A cell, and the equal ones beside it.
struct Cells {
    column: usize,
    repeats: usize,
    /// What the number or date is, whatever it looks like.
    value: Option<String>,
    text: Vec<u8>,
}

impl Cells {
    fn text(&self) -> &[u8] {
        self.value.as_ref().map_or(&self.text, |value| value.as_bytes())
    }
}

impl<'l> Sheet<'l> {
    /// No rows yet.
    pub(super) fn new(limits: &'l Limits) -> Self {
        Self { limits, grid: Grid::new(limits), row: Vec::new(), row_repeats: 1, column: 0, cell: None }
    }

    /// Whether text belongs to a cell.
    pub(super) fn is_in_cell(&self) -> bool {
        self.cell.is_some()
    }

    /// Bytes that the open cell holds.
    pub(super) fn cell_bytes(&self) -> usize {
        self.cell.as_ref().map_or(0, |cell| cell.text.len())
    }

    /// The rows that come next are headers.
    pub(super) fn expect_header(&mut self) {
        self.grid.expect_header();
    }

    /// A row begins.
    pub(super) fn open_row(&mut self, tag: &BytesStart<'_>) {
        self.column = 0;
        self.row_repeats = repeats(tag, "number-rows-repeated");
    }

    /// A cell begins.
    pub(super) fn open_cell(&mut self, tag: &BytesStart<'_>) {
        let repeats = repeats(tag, "number-columns-repeated");
        let (column, value) = (self.column, value_of(tag));
        self.cell = Some(Cells { column, repeats, value, text: Vec::new() });
        self.column = column.saturating_add(repeats);
    }

    /// A paragraph of the open cell.
    pub(super) fn add(&mut self, paragraph: &[u8]) {
        if let Some(cell) = &mut self.cell {
            if !cell.text.is_empty() {
                cell.text.push(b'\n');
            }
            cell.text.extend_from_slice(paragraph);
        }
    }

    /// The open cell ends.
    pub(super) fn close_cell(&mut self) {
        let Some(mut cell) = self.cell.take().filter(|cell| !cell.text().is_empty()) else { return };
        let room = self.limits.columns.saturating_sub(cell.column);
        // Equal neighbours of a long text would be held as often as they are said to be there.
        let most = self.limits.lookahead_bytes / cell.text().len().max(1);
        cell.repeats = cell.repeats.min(room).min(most.max(1));
        if room > 0 && self.row.len() < self.limits.columns {
            self.row.push(cell);
        }
    }

    /// The row ends: hands it on as often as it is there, as far as there is room.
    pub(super) fn close_row(&mut self, room: &mut Room, sink: &mut dyn Sink) {
        self.close_cell();
        let mut row = std::mem::take(&mut self.row);
        let row_repeats = std::mem::replace(&mut self.row_repeats, 1);
        if row.is_empty() {
            return;
        }
        for cell in &mut row {
            cell.repeats = 1 + room.repeats(1, cell.repeats - 1);
        }
        let wide: usize = row.iter().map(|cell| cell.repeats).sum();
        for _ in 0..=room.repeats(wide, row_repeats - 1) {
            if !room.take(wide) {
                return;
            }
            let each = row.iter().flat_map(|cell| (0..cell.repeats).map(|next| (cell.column + next, cell.text())));
            self.grid.row(each, sink);
        }
    }

    /// The table ends. Gives its rows without the header.
    pub(super) fn finish(mut self, room: &mut Room, sink: &mut dyn Sink) -> u64 {
        self.close_row(room, sink);
        self.grid.finish(sink)
    }
}

fn repeats(tag: &BytesStart<'_>, attribute: &str) -> usize {
    markup::attribute(tag, attribute).and_then(|times| times.parse().ok()).unwrap_or(1).max(1)
}

/// The value of a cell that looks otherwise: a number with its unit, a date as it is written here.
fn value_of(tag: &BytesStart<'_>) -> Option<String> {
    match markup::attribute(tag, "value-type")?.as_str() {
        "float" | "currency" | "percentage" => {
            markup::attribute(tag, "value").map(|value| number::plain(&value).into_owned())
        }
        "date" => markup::attribute(tag, "date-value")
            .map(|date| date.strip_suffix("T00:00:00").map(str::to_owned).unwrap_or(date).replace('T', " ")),
        "boolean" => markup::attribute(tag, "boolean-value"),
        "string" => markup::attribute(tag, "string-value"),
        _ => None,
    }
}
