//! OpenDocument (ISO/IEC 26300): text, spreadsheets, slides and drawings, in a package or in one file.
//!
//! All of them hold the same elements, so one walk serves all. Spreadsheets go this way too: calamine holds a sheet whole,
//! with the cells that are only said to repeat.

mod content;
mod sheet;

use std::io::{Read, Seek};

use zip::ZipArchive;

use super::{
    super::{Job, Reading, Sink, bounded::read_head, markup},
    package::Package,
    properties::Properties,
};
use crate::{
    model::{Measure, Reason},
    open::Format,
};
use content::Content;

/// Reads a package.
pub(super) fn read_package<R: Read + Seek>(
    job: &Job<'_>,
    format: Format,
    archive: &mut ZipArchive<R>,
    sink: &mut dyn Sink,
) -> Result<Reading, Reason> {
    let mut package = Package::new(job, archive);
    if is_encrypted(&mut package) {
        return Err(Reason::Encrypted);
    }
    if !package.holds("content.xml") {
        return Err(Reason::Corrupt);
    }
    package.walk("meta.xml", &mut Properties::default(), sink);
    let mut content = Content::new(package.limits());
    package.walk("content.xml", &mut content, sink);
    let (rows, partial) = (content.rows(), content.partial());
    package.note(partial);
    // Headers and footers, and what is on every slide.
    package.walk("styles.xml", &mut Content::new(package.limits()), sink);
    // Charts and documents within the document.
    for name in package.names().iter().filter(|name| name.ends_with("/content.xml")) {
        package.walk(name, &mut Content::new(package.limits()), sink);
    }
    package.read_members(is_object, sink);
    let mut reading = package.reading(format);
    if format == Format::Ods {
        reading.records = Some(Measure { value: rows, exact: reading.partial.is_none() });
    }
    Ok(reading)
}

/// Reads a document in one file.
pub(super) fn read_flat(job: &Job<'_>, reader: &mut dyn Read, sink: &mut dyn Sink) -> Reading {
    let mut content = Content::new(job.limits);
    let walked = markup::walk(reader, None, job.limits, &mut content, sink);
    let partial = walked.partial.or(content.partial());
    let rows = Measure { value: content.rows(), exact: partial.is_none() };
    let records = content.is_spreadsheet().then_some(rows);
    Reading { encoding: Some(walked.encoding), records, partial, ..Reading::default() }
}

/// Whether the manifest says how its parts were encrypted (OpenDocument 1.3 part 2, 4.4).
fn is_encrypted<R: Read + Seek>(package: &mut Package<'_, R>) -> bool {
    let most = package.limits().lookahead_bytes;
    let manifest = package.with_part("meta-inf/manifest.xml", |part| read_head(part, most).unwrap_or_default());
    manifest.is_some_and(|bytes| memchr::memmem::find(&bytes, b":encryption-data").is_some())
}

/// An object of another program: `Object 1`, without parts of its own.
fn is_object(name: &str) -> bool {
    name.starts_with("object ") && !name.contains('/')
}
