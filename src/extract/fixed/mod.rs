//! Pages of a fixed layout: their text in the order of reading, and what they say of themselves.

use std::io::{Read, Seek};

use zip::ZipArchive;

use super::{Job, Reading, Sink, Source};
use crate::{model::Reason, open::Format};

mod lines;
mod ofd;
mod package;
mod pdf;
mod properties;
mod tree;
mod xps;

use package::Package;

/// Reads a file of pages back and forth.
pub(super) fn read(
    job: &Job<'_>,
    format: Format,
    source: &mut dyn Source,
    sink: &mut dyn Sink,
) -> Result<Reading, Reason> {
    match format {
        Format::Pdf => pdf::read(job, source, sink),
        _ => Err(Reason::UnsupportedFormat),
    }
}

/// Reads a package that is a zip archive.
pub(super) fn read_package<R: Read + Seek>(
    job: &Job<'_>,
    format: Format,
    archive: &mut ZipArchive<R>,
    sink: &mut dyn Sink,
) -> Result<Reading, Reason> {
    let package = Package::new(job, archive);
    match format {
        Format::Ofd => ofd::read(job, package, sink),
        Format::Xps => xps::read(job, package, sink),
        _ => Err(Reason::UnsupportedFormat),
    }
}

#[cfg(test)]
mod tests;
