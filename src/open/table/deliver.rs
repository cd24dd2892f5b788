//! Rows on their way from a driver to whoever reads them: cut, counted, handed on.

use futures_util::TryStreamExt;
use futures_util::stream::BoxStream;
use sqlx::{ColumnIndex, Database, Decode, Either, Row};

use super::row::RowBuffer;
use super::{RowSink, Sampling};

/// Rows of several statements, and the end of each.
type Answers<'a, DB> = BoxStream<'a, Result<Either<<DB as Database>::QueryResult, <DB as Database>::Row>, sqlx::Error>>;

/// Takes rows of a driver, cuts and counts them and hands them on.
pub(super) struct Receiver<'e> {
    sink: &'e mut dyn RowSink,
    buffer: RowBuffer,
    columns: usize,
    rows: u64,
    cut_cells: u64,
}

impl<'e> Receiver<'e> {
    pub(super) fn new(sampling: &Sampling, columns: usize, sink: &'e mut dyn RowSink) -> Self {
        Self { sink, buffer: RowBuffer::new(sampling.cell_bytes), columns, rows: 0, cut_cells: 0 }
    }

    pub(super) fn rows(&self) -> u64 {
        self.rows
    }

    pub(super) fn cut_cells(&self) -> u64 {
        self.cut_cells
    }

    /// The rows since the last call were drawn together, out of `of`.
    pub(super) fn cluster_end(&mut self, of: u64) {
        self.sink.cluster_end(of);
    }

    /// Room for the next row; [`Receiver::end_row`] hands it on.
    pub(super) fn next_row(&mut self) -> &mut RowBuffer {
        self.buffer.clear();
        &mut self.buffer
    }

    pub(super) fn end_row(&mut self) {
        self.cut_cells = self.cut_cells.saturating_add(self.buffer.cut_cells());
        self.rows = self.rows.saturating_add(1);
        self.sink.row(self.buffer.row());
    }

    /// Hands over at most `most` rows of a stream; gives whether there were more. The stream is read to its end, so
    /// that the connection can be used again.
    pub(super) async fn take<R>(
        &mut self,
        most: u64,
        mut rows: BoxStream<'_, Result<R, sqlx::Error>>,
    ) -> Result<bool, sqlx::Error>
    where
        R: Row,
        usize: ColumnIndex<R>,
        for<'r> &'r [u8]: Decode<'r, R::Database>,
    {
        let mut left = most;
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

    /// Hands over rows that were drawn each by itself: each is a cluster of one.
    pub(super) async fn take_each<R>(
        &mut self,
        mut rows: BoxStream<'_, Result<R, sqlx::Error>>,
    ) -> Result<(), sqlx::Error>
    where
        R: Row,
        usize: ColumnIndex<R>,
        for<'r> &'r [u8]: Decode<'r, R::Database>,
    {
        while let Some(row) = rows.try_next().await? {
            self.take_row(&row)?;
            self.cluster_end(1);
        }
        Ok(())
    }

    /// Hands over the answers of several statements that were sent at once. Each is a cluster, out of as many rows as
    /// `of` says of it.
    pub(super) async fn take_clusters<DB>(
        &mut self,
        of: &[u64],
        mut answers: Answers<'_, DB>,
    ) -> Result<(), sqlx::Error>
    where
        DB: Database,
        usize: ColumnIndex<DB::Row>,
        for<'r> &'r [u8]: Decode<'r, DB>,
    {
        let mut of = of.iter();
        let mut seen = 0u64;
        while let Some(answer) = answers.try_next().await? {
            match answer {
                Either::Right(row) => {
                    seen += 1;
                    self.take_row(&row)?;
                }
                Either::Left(_) => {
                    let of = of.next().copied().unwrap_or_default();
                    // Rows may have come or gone since they were counted.
                    self.cluster_end(of.max(seen));
                    seen = 0;
                }
            }
        }
        Ok(())
    }

    fn take_row<R>(&mut self, row: &R) -> Result<(), sqlx::Error>
    where
        R: Row,
        usize: ColumnIndex<R>,
        for<'r> &'r [u8]: Decode<'r, R::Database>,
    {
        let columns = self.columns;
        let buffer = self.next_row();
        for index in 0..columns {
            buffer.push(row.try_get_unchecked(index)?);
        }
        self.end_row();
        Ok(())
    }
}
