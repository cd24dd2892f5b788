//! Bytes or rows → fragments: running text, and tables of named columns.
//!
//! One file a format. Each reader takes bytes from a `Read` (and `Seek` where the format jumps), so a file of a share
//! and a member of an archive go the same way. What a reader cannot make sense of it hands on as running text, so that
//! identifiers in it are still counted; what it leaves out it says with a reason.

use std::{
    io::{Cursor, Read, Seek, SeekFrom},
    path::Path,
};

use crate::{
    model::{Fragment, Measure, Reason},
    open::{FileSource, Format, Limits, sniff},
};

mod bounded;
mod grid;
mod header;
mod records;
mod transcode;
mod zip_reason;

mod archive;
mod delimited;
mod html;
mod json;
mod markup;
mod office;
mod text;
mod title;
mod workbook;
mod xml;

pub mod documents;
pub mod rows;

pub(crate) use header::{is_about_somebody, may_be_shown};
pub(crate) use title::titles;

use bounded::{Budget, HashingReader, read_head};

/// Raised whenever a reader would read something else from the same bytes.
pub const VERSION: &str = "3";

/// Where a reader puts what it finds, in the order of the source.
pub trait Sink {
    /// The first bytes of the asset or the member, as they are stored, before anything is made of them.
    fn head(&mut self, _bytes: &[u8]) {}
    /// A piece of text, a name, a table or a cell of it.
    fn fragment(&mut self, fragment: Fragment<'_>);
    /// A member of a container begins; until [`Sink::end_member`] everything belongs to it. Nests.
    fn begin_member(&mut self, raw_name: &[u8]);
    /// The member that began last ends.
    fn end_member(&mut self, outcome: Result<Extracted, Reason>);
}

/// What a reader says of what it has read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Extracted {
    /// The format by content, e.g. `csv`.
    pub format: &'static str,
    /// The character encoding of a text, e.g. `gb18030`.
    pub encoding: Option<&'static str>,
    /// File: its length; member: uncompressed.
    pub bytes: u64,
    /// Rows without the header, lines of JSONL; `None` where the notion means nothing.
    pub records: Option<Measure>,
    /// Read in part, and why.
    pub partial: Option<Reason>,
    /// xxh3-128 of the content; `None` unless all of it was read.
    pub content_hash: Option<u128>,
}

/// What one reader gives; the bytes and the hash are added around it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Reading {
    /// Set where the reader, having seen the whole directory, knows better than the sniffer.
    format: Option<Format>,
    encoding: Option<&'static str>,
    /// Exact only where the reader came to the end of the records.
    records: Option<Measure>,
    partial: Option<Reason>,
}

/// Whether the reader of this format parses complex structures with code that is not ours, and so runs in the guarded
/// child process: everything in a zip archive or a compound file.
#[must_use]
pub fn is_guarded(format: Format) -> bool {
    format.is_read() && !format.is_streamed()
}

/// Reads a file of a share into `sink`. An error means that nothing, or nothing of use, was read.
pub fn extract_file(path: &Path, limits: &Limits, sink: &mut dyn Sink) -> Result<Extracted, Reason> {
    let mut source = FileSource::open(path)?;
    let head = read_head(&mut source, limits.head_bytes)?;
    sink.head(&head);
    let format = sniff::format(&sniff::name_of(path), &head);
    let budget = Budget::new(limits, source.stat().size);
    let job = Job { limits, budget: &budget, depth: 0 };
    let (reading, content_hash) = if format.is_streamed() {
        let mut whole = Cursor::new(&head).chain(&mut source);
        let reading = job.read_stream(format, &head, &mut whole, sink);
        (reading, source.content_hash())
    } else {
        refuse_unread(format)?;
        let hash = source.hash_whole()?;
        (job.read_seekable(format, &mut source, sink)?, Some(hash))
    };
    let is_unchanged = source.is_unchanged();
    Ok(Extracted {
        format: reading.format.unwrap_or(format).id(),
        encoding: reading.encoding,
        bytes: source.stat().size,
        records: reading.records,
        partial: reading.partial.or((!is_unchanged).then_some(Reason::ChangedWhileRead)),
        content_hash: content_hash.filter(|_| is_unchanged && reading.partial.is_none()),
    })
}

/// Reads a stream of bytes, as a member of a container is read: `name` helps to tell its format. `stored_bytes` is what it
/// takes where it is stored; what archives inside it decompress to is limited by that.
pub fn extract_stream(
    name: &str,
    stored_bytes: u64,
    reader: &mut dyn Read,
    limits: &Limits,
    sink: &mut dyn Sink,
) -> Result<Extracted, Reason> {
    let budget = Budget::new(limits, stored_bytes);
    Job { limits, budget: &budget, depth: 0 }.extract_stream(name, reader, sink)
}

/// What a reader works under: the caps, what is left of them, and how deep it is in containers.
#[derive(Clone, Copy)]
struct Job<'j> {
    limits: &'j Limits,
    budget: &'j Budget,
    depth: u32,
}

impl Job<'_> {
    /// Reads bytes that cannot be read again: a member of a container.
    fn extract_stream(&self, name: &str, reader: &mut dyn Read, sink: &mut dyn Sink) -> Result<Extracted, Reason> {
        let mut reader = HashingReader::new(reader);
        let head = read_head(&mut reader, self.limits.head_bytes).map_err(|reason| self.budget.blame(reason))?;
        sink.head(&head);
        let format = sniff::format(name, &head);
        refuse_unread(format)?;
        let reading = if format.is_streamed() {
            Ok(self.read_stream(format, &head, &mut Cursor::new(&head).chain(&mut reader), sink))
        } else {
            let mut content = head.clone();
            let room = self.limits.member_bytes.saturating_sub(content.len() as u64);
            (&mut reader)
                .take(room.saturating_add(1))
                .read_to_end(&mut content)
                .map_err(|error| self.budget.blame(Reason::from(&error)))?;
            if content.len() as u64 > self.limits.member_bytes {
                return Err(Reason::TooLarge);
            }
            self.read_seekable(format, &mut Cursor::new(content), sink)
        }
        .map_err(|reason| self.budget.blame(reason))?;
        let partial = self.budget.tripped().or(reading.partial);
        Ok(Extracted {
            format: reading.format.unwrap_or(format).id(),
            encoding: reading.encoding,
            bytes: reader.byte_count(),
            records: reading.records,
            partial,
            content_hash: partial.is_none().then(|| reader.hash()),
        })
    }

    fn read_stream(&self, format: Format, head: &[u8], reader: &mut dyn Read, sink: &mut dyn Sink) -> Reading {
        match format {
            Format::Csv | Format::Tsv => delimited::read(format, head, reader, self.limits, sink),
            Format::Json => json::read(reader, self.limits, sink),
            Format::Jsonl => json::read_lines(reader, self.limits, sink),
            Format::Xml => xml::read(head, reader, self.limits, sink),
            Format::Html => html::read(head, reader, self.limits, sink),
            _ => text::read(reader, sink),
        }
    }

    fn read_seekable<R: Read + Seek>(
        &self,
        format: Format,
        reader: &mut R,
        sink: &mut dyn Sink,
    ) -> Result<Reading, Reason> {
        match format {
            Format::Xls => match compound_kind(reader)? {
                Some(Format::EncryptedOffice) => Err(Reason::Encrypted),
                None | Some(Format::Xls) => workbook::read(Format::Xls, reader, self.limits, sink),
                Some(_) => Err(Reason::UnsupportedFormat),
            },
            _ => archive::read(self, format, reader, sink),
        }
    }
}

/// What a compound file is by its directory, of which one sector is enough; the head rarely reaches that far.
fn compound_kind<R: Read + Seek>(reader: &mut R) -> Result<Option<Format>, Reason> {
    let mut head = [0; 52];
    let mut sectors = Vec::new();
    let mut look = || -> std::io::Result<()> {
        reader.seek(SeekFrom::Start(0))?;
        reader.read_exact(&mut head)?;
        let [.., a, b, c, d] = head;
        // Offset 30: the sector size as a power of two; offset 48: the first sector of the directory, after the header.
        let shift = head.get(30).copied().unwrap_or(9).min(12);
        let sector = u64::from(u32::from_le_bytes([a, b, c, d])).saturating_add(1);
        reader.seek(SeekFrom::Start(sector << shift))?;
        reader.take(4096).read_to_end(&mut sectors)?;
        Ok(())
    };
    match look() {
        Ok(()) => Ok(sniff::compound_kind(&sectors)),
        Err(error) => Err(Reason::from(&error)),
    }
}

/// The reason why a format is not read, for those that are not.
fn refuse_unread(format: Format) -> Result<(), Reason> {
    match format {
        Format::Empty => Err(Reason::Empty),
        Format::EncryptedOffice => Err(Reason::Encrypted),
        _ if format.is_read() => Ok(()),
        _ => Err(Reason::UnsupportedFormat),
    }
}

#[cfg(test)]
mod recorder;

#[cfg(test)]
mod tests;
