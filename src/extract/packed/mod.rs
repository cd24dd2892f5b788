//! Archives and packed files: what is in them is read member by member, nested ones too.
//!
//! A packed file and what is in it are two assets, as an archive and its member are: `logs.tar.gz` holds `logs.tar`, which
//! holds the logs. Nothing is ever written to a disk, so no name of a member leads anywhere.

use std::io::{Read, SeekFrom};

use super::{Job, Reading, Sink, Source};
use crate::{
    model::Reason,
    open::{Format, sniff},
};

mod ar;
mod cab;
mod cab_blocks;
mod cpio;
mod iso;
mod iso_record;
mod lzw;
mod members;
mod multi;
mod rar;
mod rar_thread;
pub(super) mod reason;
mod seven_zip;
mod shadowed;
mod stream;
mod tar;
mod watched;
pub(super) mod zip;

/// Reads an archive back and forth.
pub(super) fn read(
    job: &Job<'_>,
    format: Format,
    source: &mut dyn Source,
    sink: &mut dyn Sink,
) -> Result<Reading, Reason> {
    source.seek(SeekFrom::Start(0)).map_err(|error| Reason::from(&error))?;
    let read = match format {
        Format::SevenZip => seven_zip::read(job, source, sink),
        Format::Cab => cab::read(job, source, sink),
        Format::Iso => iso::read(job, source, sink),
        Format::Rar => rar::read(job, source, sink),
        _ => Err(Reason::UnsupportedFormat),
    };
    // The first of several files is not broken, but no archive by itself either.
    read.map_err(|reason| if reason == Reason::Corrupt && is_part(job.name) { Reason::ContentNotRead } else { reason })
}

/// Whether a name is that of one of several files that make up an archive: `x.7z.001`.
fn is_part(name: &str) -> bool {
    let extension = sniff::extension(name);
    extension.len() == 3 && extension.bytes().all(|byte| byte.is_ascii_digit())
}

/// Reads a packed file, or an archive without a directory, in order.
pub(super) fn read_in_order(
    job: &Job<'_>,
    format: Format,
    head: &[u8],
    reader: &mut dyn Read,
    sink: &mut dyn Sink,
) -> Result<Reading, Reason> {
    match format {
        Format::Tar => tar::read(job, reader, sink),
        Format::Cpio => cpio::read(job, reader, sink),
        Format::Ar => ar::read(job, reader, sink),
        Format::Rpm => ar::read_rpm(job, reader, sink),
        _ => stream::read(job, format, head, reader, sink),
    }
}

#[cfg(test)]
mod tests;
