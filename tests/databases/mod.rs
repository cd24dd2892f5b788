//! Databases: listed and read without a trace, whatever is in them.

use mulu::discover::database::{Connector, Database, DatabaseTarget, Error, Flavour, TableFacts};
use mulu::model::Reason;
use mulu::open::table::{RowsRead, Sampling, read};

mod keys;
mod mysql;
mod postgres;
mod sqlite;

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
type Row = Vec<Option<String>>;

/// All cells of what is read of a table.
fn rows_of(database: &Database, table: &TableFacts, sampling: Sampling) -> Result<(Vec<Row>, RowsRead), Reason> {
    let mut rows = Vec::new();
    let read = read(database, table, &sampling, &mut |cells| {
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        rows.push(cells.iter().map(|cell| cell.map(text)).collect());
    })?;
    assert_eq!(rows.len() as u64, read.rows);
    Ok((rows, read))
}

/// An error says one line, in both languages.
fn assert_one_line(error: &Error) {
    use mulu::model::{Lang, Speak};
    for lang in [Lang::En, Lang::Zh] {
        let line = error.say(lang);
        assert!(!line.contains('\n') && !line.ends_with(['.', '。']) && line.chars().count() > 10, "{line}");
    }
}
