/// A column of a table, a sheet, a CSV or a list of JSON objects, as its source names it.
///
/// The names are raw: only detection decides which of them may be shown (`detect::names`).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Column {
    /// Its name; `None` where the source has none (a CSV without a header).
    pub name: Option<String>,
    /// What the database's designer wrote about it.
    pub comment: Option<String>,
    /// Its declared type as the server says it: its own words in lower case, what a designer named or listed as written.
    pub declared_type: Option<String>,
    /// Whether the name comes from a schema (a database's catalog) and not from content.
    pub from_schema: bool,
}

/// One piece of what a reader found, in the order of the source. Text is UTF-8; stray bytes may occur.
#[derive(Clone, Copy, Debug)]
pub enum Fragment<'a> {
    /// Running text. Pieces that follow each other are one stream: an identifier may begin in one and end in
    /// the next, and what is found must not depend on where the pieces end.
    Text(&'a [u8]),
    /// The running text ends; what follows is not its continuation (a paragraph, a table cell, a slide).
    Break,
    /// The name of a part inside the asset (a sheet, a heading, a slide title). Content: may be data.
    PartName(&'a [u8]),
    /// A table begins; the cells that follow belong to these columns until the next `Table` or `TableEnd`.
    Table(&'a [Column]),
    /// One value of a column. Cells of one row come in any order; empty cells may be left out.
    Cell {
        /// Index into the columns of the table; one past them is allowed (a longer row).
        column: usize,
        /// The value as text.
        text: &'a [u8],
    },
    /// All cells of a row, or of what is left of it: the value of column n ends at `ends[n]` in `text`, where that of
    /// the next begins. An empty value is none. It says the same as the cells one by one and spares most of the way.
    Row {
        /// The values, one behind the other.
        text: &'a [u8],
        /// Where each ends; they never fall, and the last is no larger than the text is long.
        ends: &'a [usize],
    },
    /// A row of the table ends.
    RowEnd,
    /// The rows since the last one were drawn together: a page, a range of keys. Only of sampled rows.
    ClusterEnd {
        /// How many rows there are in it; those read may be fewer.
        of: u64,
    },
    /// The table ends; running text may follow.
    TableEnd,
}

/// The values of a [`Fragment::Row`], with their columns.
pub fn row_cells<'a>(text: &'a [u8], ends: &'a [usize]) -> impl Iterator<Item = (usize, &'a [u8])> {
    let starts = std::iter::once(0).chain(ends.iter().copied());
    starts.zip(ends).enumerate().map(|(column, (start, end))| (column, text.get(start..*end).unwrap_or_default()))
}
