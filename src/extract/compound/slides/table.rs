//! A table of a slide is a group of shapes: what lies at the same height is a row.

use std::collections::BTreeSet;

use super::super::super::{Sink, grid::Grid};
use crate::open::Limits;

/// The cells of a table, in any order.
#[derive(Default)]
pub(super) struct Table {
    /// From above, from the left, and the text.
    cells: Vec<(i32, i32, String)>,
}

impl Table {
    /// A shape begins at this place.
    pub(super) fn begin_cell(&mut self, top: i32, left: i32) {
        self.cells.push((top, left, String::new()));
    }

    /// Text in the shape that began last.
    pub(super) fn text(&mut self, text: &str) {
        if self.cells.is_empty() {
            self.begin_cell(0, 0);
        }
        if let Some((.., cell)) = self.cells.last_mut() {
            cell.push_str(&text.replace(['\r', '\u{b}'], "\n"));
        }
    }

    /// Hands on the rows from above, each from the left. Lines between the cells are shapes too, without a text.
    pub(super) fn finish(mut self, limits: &Limits, sink: &mut dyn Sink) {
        self.cells.retain(|(.., text)| !text.trim().is_empty());
        self.cells.sort_by_key(|(top, left, _)| (*top, *left));
        let lefts: Vec<i32> =
            self.cells.iter().map(|(_, left, _)| *left).collect::<BTreeSet<_>>().into_iter().collect();
        let mut grid = Grid::new(limits);
        for row in self.cells.chunk_by(|(one, ..), (other, ..)| one == other) {
            let cells =
                row.iter().map(|(_, left, text)| (lefts.partition_point(|it| it < left), text.trim().as_bytes()));
            grid.row(cells, sink);
        }
        grid.finish(sink);
    }
}
