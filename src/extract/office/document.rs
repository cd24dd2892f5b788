//! Word documents and slides.

use std::io::{Read, Seek};

use zip::ZipArchive;

use super::{
    super::{Job, Reading, Sink},
    headings::Headings,
    package::Package,
    parts,
};
use crate::{model::Reason, open::Format};

/// Reads all parts of a document that hold text, the main part first, then what is packed into it.
pub(super) fn read<R: Read + Seek>(
    job: &Job<'_>,
    format: Format,
    archive: &mut ZipArchive<R>,
    sink: &mut dyn Sink,
) -> Result<Reading, Reason> {
    let mut package = Package::new(job, archive);
    let main = package.main_part(sink);
    let mut parts = parts::of(&package, format);
    if let Some(main) = main.filter(|_| format == Format::Docx) {
        parts.make_main(&main);
    }
    if !parts.hold_main() {
        return Err(Reason::Corrupt);
    }
    package.walk_properties(sink);
    let mut headings = Headings::default();
    if format == Format::Docx {
        package.walk("word/styles.xml", &mut headings, sink);
    }
    parts.read(&mut package, &headings, sink);
    package.read_members(parts::is_member, sink);
    Ok(package.reading(format))
}
