//! Office packages, OpenDocument and rich text.

use std::io::{Read, Seek};

use zip::ZipArchive;

use super::{Job, Reading, Sink};
use crate::{model::Reason, open::Format};

mod document;
pub(super) mod workbook;

/// Reads a package that is a zip archive, without the workbooks: their parser wants the bytes.
pub(super) fn read_package<R: Read + Seek>(
    job: &Job<'_>,
    format: Format,
    archive: &mut ZipArchive<R>,
    sink: &mut dyn Sink,
) -> Result<Reading, Reason> {
    match format {
        Format::Docx | Format::Pptx => document::read(job, format, archive, sink),
        _ => Err(Reason::UnsupportedFormat),
    }
}

/// Reads rich text, or a document in one file, in order.
pub(super) fn read_in_order(
    _job: &Job<'_>,
    _format: Format,
    _head: &[u8],
    _reader: &mut dyn Read,
    _sink: &mut dyn Sink,
) -> Result<Reading, Reason> {
    Err(Reason::UnsupportedFormat)
}
