//! Databases: listed and read without a trace, whatever is in them.

use mulu::discover::database::{Connector, Database, DatabaseTarget, Error, Flavour, TableFacts};
use mulu::model::Reason;
use mulu::open::table::{Row, RowSink, RowsRead, Sampling, read};

mod configured;
mod courteous;
mod encrypted;
mod extreme;
mod fallbacks;
mod faults;
mod granted;
mod keys;
mod mysql;
mod postgres;
mod sampling;
mod scene;
mod sqlite;
mod sqlserver;
mod values;

/// Opens what an address names.
fn open(url: &str) -> Result<Database, Error> {
    Connector::new().unwrap().connect(&DatabaseTarget::parse(url)?)
}

/// The facts of one table.
fn facts(database: &Database, name: &str) -> TableFacts {
    let listing = database.tables().unwrap();
    let found = listing.tables.into_iter().find(|table| table.name == name);
    found.unwrap_or_else(|| panic!("no table {name:?} was listed"))
}

/// The cells of a row as text; `None` for NULL.
type TextRow = Vec<Option<String>>;

/// Keeps rows as bytes, and the rows that clusters were drawn from.
#[derive(Default)]
struct Kept {
    rows: Vec<Vec<Option<Vec<u8>>>>,
    clusters: Vec<u64>,
}

impl RowSink for Kept {
    fn row(&mut self, row: Row<'_>) {
        self.rows.push(row.cells().map(|cell| cell.map(<[u8]>::to_vec)).collect());
    }

    fn cluster_end(&mut self, of: u64) {
        self.clusters.push(of);
    }
}

/// Whoever reads the rows has a bug.
struct Buggy;

impl RowSink for Buggy {
    fn row(&mut self, _: Row<'_>) {
        panic!("a bug");
    }

    fn cluster_end(&mut self, _: u64) {}
}

/// All cells of what is read of a table.
fn rows_of(database: &Database, table: &TableFacts, sampling: Sampling) -> Result<(Vec<TextRow>, RowsRead), Reason> {
    let mut kept = Kept::default();
    let read = read(database, table, &sampling, &mut kept)?;
    assert_eq!(kept.rows.len() as u64, read.rows);
    let text = |cell: Option<Vec<u8>>| cell.map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
    Ok((kept.rows.into_iter().map(|row| row.into_iter().map(text).collect()).collect(), read))
}

/// An error says one line, in both languages.
fn assert_one_line(error: &Error) {
    use mulu::model::{Lang, Speak};
    for lang in [Lang::En, Lang::Zh] {
        let line = error.say(lang);
        assert!(!line.contains('\n') && !line.ends_with(['.', '。']) && line.chars().count() > 10, "{line}");
    }
}
