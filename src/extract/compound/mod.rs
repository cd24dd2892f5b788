//! Compound (OLE) files: a small file system in a file, of which old office files, messages and plans are made.

use std::io::{Read, SeekFrom};

use super::{Job, Reading, Sink, Source, office};
use crate::{
    model::Reason,
    open::{Format, sniff},
};

/// Reads a compound file, once its directory has said what it is.
pub(super) fn read(
    job: &Job<'_>,
    format: Format,
    source: &mut dyn Source,
    sink: &mut dyn Sink,
) -> Result<Reading, Reason> {
    match kind_of(source)?.unwrap_or(format) {
        Format::EncryptedOffice => Err(Reason::Encrypted),
        Format::Xls => office::read_legacy_workbook(source, job.limits, sink),
        _ => Err(Reason::UnsupportedFormat),
    }
}

/// What a compound file is by its directory, of which one sector is enough; the head rarely reaches that far.
fn kind_of(source: &mut dyn Source) -> Result<Option<Format>, Reason> {
    let mut head = [0; 52];
    let mut sectors = Vec::new();
    let mut look = || -> std::io::Result<()> {
        source.seek(SeekFrom::Start(0))?;
        source.read_exact(&mut head)?;
        let [.., a, b, c, d] = head;
        // Offset 30: the sector size as a power of two; offset 48: the first sector of the directory, after the header.
        let shift = head.get(30).copied().unwrap_or(9).min(12);
        let sector = u64::from(u32::from_le_bytes([a, b, c, d])).saturating_add(1);
        source.seek(SeekFrom::Start(sector << shift))?;
        (&mut *source).take(4096).read_to_end(&mut sectors)?;
        Ok(())
    };
    match look() {
        Ok(()) => Ok(sniff::compound_kind(&sectors)),
        Err(error) => Err(Reason::from(&error)),
    }
}
