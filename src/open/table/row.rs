//! One row on its way from a driver, all its values one behind the other: no cell has memory of its own.

/// A row as it is handed over: cells in the order of the columns.
#[derive(Clone, Copy, Debug)]
pub struct Row<'r> {
    /// The values, one behind the other.
    pub text: &'r [u8],
    /// Where each ends; NULL and the empty value take no bytes.
    pub ends: &'r [usize],
    nulls: &'r [bool],
}

impl<'r> Row<'r> {
    /// The cells; `None` for NULL.
    pub fn cells(self) -> impl Iterator<Item = Option<&'r [u8]>> {
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        let values = starts.zip(self.ends).map(move |(start, end)| self.text.get(start..*end).unwrap_or_default());
        values.zip(self.nulls).map(|(value, is_null)| (!is_null).then_some(value))
    }
}

/// Takes the rows of one table, in order.
pub trait RowSink {
    /// One row.
    fn row(&mut self, row: Row<'_>);

    /// The rows since the last call were drawn together: a page, a range of keys. `of` is how many rows there are in it,
    /// which may be more than were handed over. Never called where rows were read from the top, or all of them.
    fn cluster_end(&mut self, of: u64);
}

/// Room for one row after the other.
#[derive(Debug)]
pub(crate) struct RowBuffer {
    text: Vec<u8>,
    ends: Vec<usize>,
    nulls: Vec<bool>,
    cell_bytes: usize,
    /// Cells of this row that were longer than a cell may be.
    cut: u64,
}

impl RowBuffer {
    pub(crate) fn new(cell_bytes: usize) -> Self {
        Self { text: Vec::new(), ends: Vec::new(), nulls: Vec::new(), cell_bytes, cut: 0 }
    }

    pub(crate) fn clear(&mut self) {
        self.text.clear();
        self.ends.clear();
        self.nulls.clear();
        self.cut = 0;
    }

    /// Adds a whole cell.
    pub(super) fn push(&mut self, cell: Option<&[u8]>) {
        self.text.extend_from_slice(cell.unwrap_or_default());
        self.end_cell(cell.is_none());
    }

    /// Room for the bytes of a cell whose end is told by [`RowBuffer::end_cell`].
    pub(super) fn text(&mut self) -> &mut Vec<u8> {
        &mut self.text
    }

    /// The bytes added since the last cell are one; it is cut if it is longer than a cell may be.
    pub(super) fn end_cell(&mut self, is_null: bool) {
        let start = self.start();
        let length = self.text.len() - start;
        if length > self.cell_bytes {
            let kept = cut(self.text.get(start..).unwrap_or_default(), self.cell_bytes).len();
            self.text.truncate(start + kept);
            self.cut += 1;
        }
        self.ends.push(self.text.len());
        self.nulls.push(is_null);
    }

    /// Where the cell begins that is not ended yet.
    pub(super) fn start(&self) -> usize {
        self.ends.last().copied().unwrap_or(0)
    }

    /// How many cells have ended.
    pub(super) fn cells(&self) -> usize {
        self.ends.len()
    }

    pub(super) fn cut_cells(&self) -> u64 {
        self.cut
    }

    pub(crate) fn row(&self) -> Row<'_> {
        Row { text: &self.text, ends: &self.ends, nulls: &self.nulls }
    }
}

/// The front of a text, not cut within a character of UTF-8.
fn cut(bytes: &[u8], most: usize) -> &[u8] {
    let Some(front) = bytes.get(..most) else { return bytes };
    let Some(next) = bytes.get(most) else { return front };
    if next & 0xc0 != 0x80 {
        return front;
    }
    // A character has at most three bytes that continue it; more of them in a row are no UTF-8.
    let begin = front.iter().rev().take(3).position(|byte| byte & 0xc0 != 0x80);
    begin.and_then(|back| front.get(..most.saturating_sub(back + 1))).unwrap_or(front)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_cut_text_is_whole_characters_and_as_long_as_it_may_be(text in "[a中é𠀀]{0,20}", most in 0usize..40) {
            let front = cut(text.as_bytes(), most);
            prop_assert!(std::str::from_utf8(front).is_ok());
            prop_assert!(front.len() <= most && text.as_bytes().starts_with(front));
            prop_assert!(front.len() == text.len() || front.len() + 4 > most);
        }

        #[test]
        fn no_bytes_make_cutting_panic(bytes in prop::collection::vec(any::<u8>(), 0..20), most in 0usize..24) {
            prop_assert!(cut(&bytes, most).len() <= most.max(bytes.len()));
        }

        #[test]
        fn a_row_gives_back_the_cells_that_were_put_in(
            cells in prop::collection::vec(prop::option::of(prop::collection::vec(any::<u8>(), 0..9)), 0..9),
        ) {
            let mut buffer = RowBuffer::new(100);
            buffer.push(Some(b"of the row before"));
            buffer.clear();
            for cell in &cells {
                buffer.push(cell.as_deref());
            }
            let given: Vec<Option<Vec<u8>>> = buffer.row().cells().map(|cell| cell.map(<[u8]>::to_vec)).collect();
            prop_assert_eq!((given, buffer.cut_cells()), (cells, 0));
        }
    }
}
