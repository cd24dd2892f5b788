//! Access databases (Jet 3 and 4, ACE): each table of the users a table, with the names of its columns.
//!
//! What stands beside the tables (forms, queries, programs) is not read, nor are the values of multi-valued fields and
//! attachments.

use std::{
    collections::HashMap,
    io,
    panic::{AssertUnwindSafe, catch_unwind},
};

use jetdb::{
    CatalogEntry, ColumnType, FileError, ObjectType, PageReader, TableDef, TableRows, Value,
    calculated_column_types_in, read_catalog, read_table_def, timestamp::format_default,
};

use super::{
    super::{Reading, Sink, Source},
    copy,
    table::{self, Row},
};
use crate::{
    model::{Fragment, Measure, Reason},
    open::Limits,
};

/// Reads all tables that a person who opens the database sees.
pub(super) fn read(source: &mut dyn Source, limits: &Limits, sink: &mut dyn Sink) -> Result<Reading, Reason> {
    // The parser keeps its file; this one has no name, and is gone with the process.
    let mut file = tempfile::tempfile().map_err(|error| Reason::from(&error))?;
    copy::whole(source, &mut file, limits.database_bytes)?;
    let mut pages = caught(|| PageReader::open_reader(file))?;
    let catalog = caught(|| read_catalog(&mut pages))?;
    let is_table = |entry: &&CatalogEntry| entry.object_type == ObjectType::Table && !entry.is_system_or_hidden();
    let (mut records, mut partial) = (0u64, None);
    for (number, entry) in (1u64..).zip(catalog.iter().filter(is_table)) {
        if number > limits.members {
            partial = partial.or(Some(Reason::TooMany));
            break;
        }
        sink.fragment(Fragment::PartName(entry.name.as_bytes()));
        match caught(|| read_table_def(&mut pages, &entry.name, entry.table_page)) {
            Ok(definition) => {
                let outcome = read_table(&mut pages, &catalog, &definition, &mut records, limits, sink);
                partial = partial.or(outcome.err());
            }
            Err(reason) => partial = partial.or(Some(reason)),
        }
    }
    let records = Measure { value: records, exact: partial.is_none() };
    Ok(Reading { records: Some(records), partial, ..Reading::default() })
}

fn read_table(
    pages: &mut PageReader,
    catalog: &[CatalogEntry],
    definition: &TableDef,
    records: &mut u64,
    limits: &Limits,
    sink: &mut dyn Sink,
) -> Result<(), Reason> {
    let shown: Vec<usize> = (0..definition.columns.len())
        .filter(|at| definition.columns.get(*at).is_some_and(|column| column.is_shown(false)))
        .collect();
    let names: Vec<String> = shown.iter().filter_map(|at| Some(definition.columns.get(*at)?.name.clone())).collect();
    let calculated: HashMap<String, ColumnType> =
        caught(|| Ok::<_, FileError>(calculated_column_types_in(catalog, definition)))?;
    let mut rows = TableRows::new(definition, &calculated).with_columns(&shown);
    let mut row = Row::default();
    table::open(&names, limits, sink);
    let ended = loop {
        match caught(|| rows.next_row(pages)) {
            Ok(Some(read)) => {
                for (column, at) in shown.iter().enumerate() {
                    if let Some(value) = read.values.get(*at) {
                        add(value, column, &mut row);
                    }
                }
                row.emit(limits, sink);
                *records = records.saturating_add(1);
            }
            Ok(None) => break Ok(()),
            Err(reason) => break Err(reason),
        }
    };
    sink.fragment(Fragment::TableEnd);
    let is_whole = rows.skipped_rows() == 0;
    ended.and(if is_whole { Ok(()) } else { Err(Reason::Corrupt) })
}

/// Adds a value as a person reads it.
fn add(value: &Value, column: usize, row: &mut Row) {
    let text = match value {
        Value::Text(text)
        | Value::Money(text)
        | Value::Numeric(text)
        | Value::Guid(text)
        | Value::DateTimeExtended(text) => text.clone(),
        Value::Binary(bytes) => return row.push_bytes(column, bytes),
        Value::Bool(yes) => yes.to_string(),
        Value::Byte(number) => number.to_string(),
        Value::Int(number) => number.to_string(),
        Value::Long(number) => number.to_string(),
        Value::BigInt(number) => number.to_string(),
        Value::Float(number) => number.to_string(),
        Value::Double(number) => number.to_string(),
        Value::Timestamp(days) => format_default(*days),
        _ => return,
    };
    row.push(column, text.as_bytes());
}

/// Calls the parser; its errors become reasons of ours, and so do its panics.
fn caught<T>(call: impl FnOnce() -> Result<T, FileError>) -> Result<T, Reason> {
    match catch_unwind(AssertUnwindSafe(call)) {
        Ok(outcome) => outcome.map_err(|error| match error {
            FileError::PasswordRequired | FileError::InvalidPassword | FileError::UnsupportedEncryption { .. } => {
                Reason::Encrypted
            }
            FileError::Io(error) if error.kind() != io::ErrorKind::UnexpectedEof => Reason::from(&error),
            _ => Reason::Corrupt,
        }),
        Err(_) => Err(Reason::Crashed),
    }
}
