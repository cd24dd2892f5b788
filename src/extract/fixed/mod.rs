//! Pages of a fixed layout: their text in the order of reading, and what they say of themselves.

use std::io::{Read, Seek};

use zip::ZipArchive;

use super::{Job, Reading, Sink, Source};
use crate::{model::Reason, open::Format};

/// Reads a file of pages back and forth.
pub(super) fn read(
    _job: &Job<'_>,
    _format: Format,
    _source: &mut dyn Source,
    _sink: &mut dyn Sink,
) -> Result<Reading, Reason> {
    Err(Reason::UnsupportedFormat)
}

/// Reads a package that is a zip archive.
pub(super) fn read_package<R: Read + Seek>(
    _job: &Job<'_>,
    _format: Format,
    _archive: &mut ZipArchive<R>,
    _sink: &mut dyn Sink,
) -> Result<Reading, Reason> {
    Err(Reason::UnsupportedFormat)
}
