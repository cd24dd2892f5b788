//! Rows and keys: columnar files, tables of old databases, settings.

use std::{
    io::{self, Read},
    panic::{AssertUnwindSafe, catch_unwind},
};

use super::{Job, Reading, Sink, Source};
use crate::{model::Reason, open::Format};

mod copy;
mod table;

mod access;
mod arrow;
mod avro;
mod batch;
mod dbf;
mod parquet;
mod plist;
mod settings;
mod sqlite;
mod yaml;

/// Reads data back and forth.
pub(super) fn read(
    job: &Job<'_>,
    format: Format,
    source: &mut dyn Source,
    sink: &mut dyn Sink,
) -> Result<Reading, Reason> {
    match format {
        Format::Parquet => parquet::read(source, job.limits, sink),
        Format::PropertyList => plist::read(job, source, sink),
        Format::Sqlite => sqlite::read(source, job.limits, sink),
        Format::Access => access::read(source, job.limits, sink),
        _ => Err(Reason::UnsupportedFormat),
    }
}

/// Reads data in order.
pub(super) fn read_in_order(
    job: &Job<'_>,
    format: Format,
    head: &[u8],
    reader: &mut dyn Read,
    sink: &mut dyn Sink,
) -> Result<Reading, Reason> {
    let reading = match format {
        Format::Yaml => Ok(yaml::read(reader, job.limits, sink)),
        Format::Ini | Format::Toml => Ok(settings::read(reader, job.limits, sink)),
        Format::Dbf => dbf::read(head, reader, job.limits, sink),
        Format::Arrow => arrow::read(reader, job.limits, sink),
        Format::Avro => avro::read(reader, job.limits, sink),
        _ => Err(Reason::UnsupportedFormat),
    }?;
    // What stands behind the rows (a footer, padding) belongs to the content that is hashed.
    let rest = io::copy(reader, &mut io::sink()).err().map(|error| Reason::from(&error));
    Ok(Reading { partial: reading.partial.or(rest), ..reading })
}

/// Calls a parser that is not ours; its errors become reasons of ours, since they may quote what it read, and so do its
/// panics.
fn caught<T, E>(call: impl FnOnce() -> Result<T, E>) -> Result<T, Reason> {
    match catch_unwind(AssertUnwindSafe(call)) {
        Ok(outcome) => outcome.map_err(|_| Reason::Corrupt),
        Err(_) => Err(Reason::Crashed),
    }
}

#[cfg(test)]
mod tests;
