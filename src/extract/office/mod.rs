//! Office packages, OpenDocument and rich text.

use std::io::{Read, Seek};

use zip::ZipArchive;

use super::{Job, Reading, Sink};
use crate::{model::Reason, open::Format};

mod document;
mod headings;
mod number;
mod opendocument;
mod package;
mod page;
mod parts;
mod properties;
mod rtf;
mod snippets;
mod visio;
mod workbook;

pub(super) use workbook::legacy::read as read_legacy_workbook;

/// Reads a package that is a zip archive.
pub(super) fn read_package<R: Read + Seek>(
    job: &Job<'_>,
    format: Format,
    archive: &mut ZipArchive<R>,
    sink: &mut dyn Sink,
) -> Result<Reading, Reason> {
    match format {
        Format::Xlsx | Format::Xlsb => workbook::read_package(job, format, archive, sink),
        Format::Docx | Format::Pptx => document::read(job, format, archive, sink),
        Format::Ods | Format::Odt | Format::Odp => opendocument::read_package(job, format, archive, sink),
        Format::Vsdx => visio::read(job, archive, sink),
        _ => Err(Reason::UnsupportedFormat),
    }
}

/// Reads rich text, or a document in one file, in order.
pub(super) fn read_in_order(
    job: &Job<'_>,
    format: Format,
    _head: &[u8],
    reader: &mut dyn Read,
    sink: &mut dyn Sink,
) -> Result<Reading, Reason> {
    match format {
        Format::FlatOpenDocument => Ok(opendocument::read_flat(job, reader, sink)),
        Format::Rtf => rtf::read(job.limits, reader, sink),
        _ => Err(Reason::UnsupportedFormat),
    }
}

/// Whether the target of a link names somebody, or a place on a share: a mailbox, a telephone, a file.
fn is_address_of_somebody(target: &str) -> bool {
    let scheme = target.split(':').next().unwrap_or_default().to_ascii_lowercase();
    matches!(scheme.as_str(), "mailto" | "file" | "tel" | "sms" | "sip") || target.starts_with("\\\\")
}
