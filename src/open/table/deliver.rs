//! Rows on their way from a driver to whoever reads them.

use futures_util::TryStreamExt;
use futures_util::stream::BoxStream;
use sqlx::{ColumnIndex, Decode, Row};

use super::{EachRow, Sampling};

/// Takes rows of a driver, cuts and counts them and hands them on.
pub(super) struct Receiver<'e> {
    each: &'e mut EachRow<'e>,
    columns: usize,
    cell_bytes: usize,
    rows: u64,
    most: u64,
    cut_cells: u64,
}

impl<'e> Receiver<'e> {
    pub(super) fn new(sampling: &Sampling, columns: usize, each: &'e mut EachRow<'e>) -> Self {
        let most = if sampling.full { u64::MAX } else { sampling.rows };
        Self { each, columns, cell_bytes: sampling.cell_bytes, rows: 0, most, cut_cells: 0 }
    }

    pub(super) fn rows(&self) -> u64 {
        self.rows
    }

    pub(super) fn cut_cells(&self) -> u64 {
        self.cut_cells
    }

    /// Rows that may still be handed over.
    pub(super) fn left(&self) -> u64 {
        self.most.saturating_sub(self.rows)
    }

    /// Hands over the rows of a stream; gives whether there were more than may be handed over.
    pub(super) async fn take<R>(&mut self, rows: BoxStream<'_, Result<R, sqlx::Error>>) -> Result<bool, sqlx::Error>
    where
        R: Row,
        usize: ColumnIndex<R>,
        for<'r> &'r [u8]: Decode<'r, R::Database>,
    {
        self.take_at_most(u64::MAX, rows).await
    }

    /// The same, and at most `most` rows of this stream.
    /// The stream is read to its end, so that the connection can be used again.
    pub(super) async fn take_at_most<R>(
        &mut self,
        most: u64,
        mut rows: BoxStream<'_, Result<R, sqlx::Error>>,
    ) -> Result<bool, sqlx::Error>
    where
        R: Row,
        usize: ColumnIndex<R>,
        for<'r> &'r [u8]: Decode<'r, R::Database>,
    {
        let mut left = most.min(self.left());
        let mut more = false;
        while let Some(row) = rows.try_next().await? {
            if left == 0 {
                more = true;
                continue;
            }
            left -= 1;
            self.take_row(&row)?;
        }
        Ok(more)
    }

    fn take_row<R>(&mut self, row: &R) -> Result<(), sqlx::Error>
    where
        R: Row,
        usize: ColumnIndex<R>,
        for<'r> &'r [u8]: Decode<'r, R::Database>,
    {
        let mut cells: Vec<Option<&[u8]>> = Vec::with_capacity(self.columns);
        for index in 0..self.columns {
            let whole: Option<&[u8]> = row.try_get_unchecked(index)?;
            if whole.is_some_and(|bytes| bytes.len() > self.cell_bytes) {
                self.cut_cells = self.cut_cells.saturating_add(1);
            }
            cells.push(whole.map(|bytes| cut(bytes, self.cell_bytes)));
        }
        (self.each)(&cells);
        self.rows = self.rows.saturating_add(1);
        Ok(())
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
    }
}
