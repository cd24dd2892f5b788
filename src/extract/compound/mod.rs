//! Compound (OLE) files: a small file system in a file, of which old office files, messages and plans are made.
//!
//! `storage` reads the file system and believes nothing in it; `properties` are those of any such file. Each format has a
//! file of its own. What has no reader gives its properties and the strings that stand in its streams.

use super::{Job, Reading, Sink, Source, office};
use crate::{model::Reason, open::Format};

mod codepage;
mod drawing;
mod embedded;
mod kind;
mod message;
mod numbers;
mod properties;
mod rewrap;
mod slides;
mod storage;
mod streams;
mod text;
mod word;

use storage::{EntryId, ROOT, Storage};

/// Reads a compound file, once its directory has said what it is.
pub(super) fn read(
    job: &Job<'_>,
    sniffed: Format,
    source: &mut dyn Source,
    sink: &mut dyn Sink,
) -> Result<Reading, Reason> {
    let mut storage = match Storage::open(&mut *source, job.limits) {
        Ok(storage) => storage,
        // The parser of workbooks has a reader of compound files of its own.
        Err(Reason::Corrupt) if sniffed == Format::Xls => {
            return office::read_legacy_workbook(source, job.limits, sink);
        }
        Err(reason) => return Err(reason),
    };
    // A name counts only where the directory may be the reason why nothing tells.
    let unknown = if storage.damage().is_some() { sniffed } else { Format::Ole };
    let format = kind::of(&storage, ROOT).unwrap_or(unknown);
    if format != Format::Xls {
        return read_storage(job, format, &mut storage, ROOT, sink);
    }
    let properties = properties::read(&mut storage, ROOT, job.limits, sink);
    let objects = storage.children(ROOT);
    let inner = embedded::read_objects(job, &mut storage, &objects, sink);
    match office::read_legacy_workbook(source, job.limits, sink) {
        Ok(reading) => Ok(Reading { partial: reading.partial.or(properties).or(inner), ..reading }),
        // What the parser of workbooks cannot make sense of may still hold strings.
        Err(reason @ (Reason::Corrupt | Reason::Crashed)) => {
            let mut storage = Storage::open(source, job.limits)?;
            streams::read(job, Format::Xls, &mut storage, ROOT, sink);
            Ok(Reading { format: Some(Format::Xls), partial: Some(reason), ..Reading::default() })
        }
        Err(reason) => Err(reason),
    }
}

/// Reads what a storage holds: the whole file, or a document in a document.
fn read_storage(
    job: &Job<'_>,
    format: Format,
    storage: &mut Storage<'_>,
    root: EntryId,
    sink: &mut dyn Sink,
) -> Result<Reading, Reason> {
    if format == Format::EncryptedOffice {
        return Err(Reason::Encrypted);
    }
    let properties = properties::read(storage, root, job.limits, sink);
    let mut reading = match format {
        Format::Doc => word::read(job, storage, root, sink),
        Format::Vsd => drawing::read(job, storage, root, sink),
        Format::Msg => Ok(message::read(job, storage, root, sink)),
        Format::Ppt => slides::read(job, storage, root, sink),
        _ => Ok(streams::read(job, format, storage, root, sink)),
    }?;
    reading.format = Some(format);
    reading.partial = reading.partial.or(properties).or(storage.damage());
    Ok(reading)
}

#[cfg(test)]
mod tests;
