//! Bytes or rows → fragments: running text, and tables of named columns.
//!
//! One file a format. Each reader takes bytes from a `Read` (and `Seek` where the format jumps), so a file of a share
//! and a member of an archive go the same way. What a reader cannot make sense of it hands on as running text, so that
//! identifiers in it are still counted; what it leaves out it says with a reason.

use std::{
    io::{Cursor, Read, Seek},
    path::Path,
    rc::Rc,
};

use crate::{
    discover::database::TableFacts,
    model::{Fragment, Measure, Reason},
    open::{
        FileSource, Format, Limits,
        format::{Access, Family},
        sniff,
        table::RowsRead,
    },
};

mod bounded;
mod deadline;
mod grid;
mod header;
mod records;
mod strings;
mod transcode;

mod delimited;
mod html;
mod json;
mod markup;
mod text;
mod title;
mod xml;

mod compound;
mod data;
mod dump;
mod engineering;
mod fixed;
mod mail;
mod office;
mod packed;

pub mod documents;
pub mod rows;

pub(crate) use header::{is_about_somebody, may_be_shown};
pub(crate) use title::titles;

use bounded::{Budget, Failed, HashingReader, read_head, read_head_of_member};

/// Raised whenever a reader would read something else from the same bytes.
pub const VERSION: &str = "4";

/// Where a reader puts what it finds, in the order of the source.
pub trait Sink {
    /// The first bytes of the asset or the member, as they are stored, before anything is made of them.
    fn head(&mut self, _bytes: &[u8]) {}
    /// A piece of text, a name, a table or a cell of it.
    fn fragment(&mut self, fragment: Fragment<'_>);
    /// The tables of a database that is written out, before a row of any comes. Gives whether rows are wanted.
    fn listing(&mut self, tables: &Rc<[TableFacts]>) -> bool {
        for table in tables.iter() {
            self.fragment(Fragment::PartName(table.name.as_bytes()));
            self.fragment(Fragment::Table(&table.columns));
            self.fragment(Fragment::TableEnd);
        }
        true
    }
    /// Until [`Sink::end_rows`] come rows of the table at this place of the listing. Tables may take turns.
    fn begin_rows(&mut self, _place: usize, table: &TableFacts) {
        self.fragment(Fragment::PartName(table.name.as_bytes()));
        self.fragment(Fragment::Table(&table.columns));
    }
    /// The rows that began last end, for now.
    fn end_rows(&mut self) {
        self.fragment(Fragment::TableEnd);
    }
    /// No more rows of the table at this place come.
    fn end_table(&mut self, _place: usize, _read: RowsRead) {}
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
    /// File: its length; member: uncompressed, where strings were sampled so much of it as was looked at.
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

/// Bytes that a reader can go back and forth in: a file, or a member that is held whole.
trait Source: Read + Seek {}

impl<S: Read + Seek> Source for S {}

/// Whether the reader of this format parses complex structures, mostly with code that is not ours, and so runs in the
/// guarded child process: everything but text, and tables of fixed rows, that are read in order, be it twice.
#[must_use]
pub fn is_guarded(format: Format) -> bool {
    let is_binary = matches!(format, Format::Gdsii | Format::Mat | Format::Evtx | Format::Arrow | Format::Avro);
    let is_text = match format.family() {
        Family::Dump => true,
        Family::Plain | Family::Data | Family::Engineering => format.is_streamed() && !is_binary,
        _ => false,
    };
    format.is_read() && !is_text
}

/// Reads a file of a share into `sink`. An error means that nothing, or nothing of use, was read.
pub fn extract_file(path: &Path, limits: &Limits, sink: &mut dyn Sink) -> Result<Extracted, Reason> {
    let mut source = FileSource::open(path)?;
    let head = read_head(&mut source, limits.head_bytes)?;
    sink.head(&head);
    let format = sniff::format(&sniff::name_of(path), &head);
    let budget = Budget::new(limits, source.stat().size);
    let name = sniff::name_of(path);
    let job = Job { limits, budget: &budget, depth: 0, name: &name };
    let read = job.read_source(format, &head, &mut source, sink);
    let is_unchanged = source.is_unchanged();
    let (reading, content_hash) = match read {
        Ok(read) => read,
        // What looks broken may only be half written.
        Err(_) if !is_unchanged => return Err(Reason::ChangedWhileRead),
        Err(reason) => return Err(reason),
    };
    Ok(Extracted {
        format: reading.format.unwrap_or(format).id(),
        encoding: reading.encoding,
        bytes: source.stat().size,
        records: reading.records,
        partial: (!is_unchanged).then_some(Reason::ChangedWhileRead).or(reading.partial),
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
    Job { limits, budget: &budget, depth: 0, name }.extract_stream(name, reader, sink)
}

/// What a reader works under: the caps, what is left of them, how deep it is in containers, and what it reads.
#[derive(Clone, Copy)]
struct Job<'j> {
    limits: &'j Limits,
    budget: &'j Budget,
    depth: u32,
    /// The name of what is read: that of a packed file says what is in it.
    name: &'j str,
}

impl Job<'_> {
    /// Reads a file of a share, whose first bytes are known; gives the hash of all of it where all of it was passed over.
    fn read_source(
        &self,
        format: Format,
        head: &[u8],
        source: &mut FileSource,
        sink: &mut dyn Sink,
    ) -> Result<(Reading, Option<u128>), Reason> {
        if format.is_streamed() {
            let reading = self.read_in_order(format, head, &mut Cursor::new(head).chain(&mut *source), sink)?;
            return Ok((reading, source.content_hash()));
        }
        if format.access() == Access::Sampled {
            return Ok((strings::sample(source, self.limits, sink)?, None));
        }
        if !format.is_read() {
            return Err(reason_of_unread(format));
        }
        let hash = source.hash_whole()?;
        Ok((self.read_anywhere(format, source, sink)?, Some(hash)))
    }

    /// Reads bytes that cannot be read again: a member of a container.
    fn extract_stream(&self, name: &str, reader: &mut dyn Read, sink: &mut dyn Sink) -> Result<Extracted, Reason> {
        Job { name, ..*self }.extract_named(reader, sink)
    }

    fn extract_named(&self, reader: &mut dyn Read, sink: &mut dyn Sink) -> Result<Extracted, Reason> {
        let mut reader = HashingReader::new(reader, self.budget);
        let (head, failure) = read_head_of_member(&mut reader, self.limits.head_bytes);
        sink.head(&head);
        let format = sniff::format(self.name, &head);
        let broken = failure.as_ref().map(|error| self.budget.blame(Reason::from(error)));
        let mut whole = Cursor::new(&head).chain(Failed::new(failure.as_ref())).chain(&mut reader);
        let reading = if format.access() == Access::Sampled {
            strings::sample_beginning(&mut whole, self.limits, sink)
        } else if !format.is_read() {
            Err(broken.unwrap_or_else(|| reason_of_unread(format)))
        } else if format.is_streamed() {
            self.read_in_order(format, &head, &mut whole, sink)
        } else if format.family() == Family::Dump {
            let held = dump::hold(&mut whole).map_err(|error| self.budget.blame(Reason::from(&error)))?;
            self.read_anywhere(format, &mut { held }, sink)
        } else {
            self.read_held(format, &mut whole, sink)
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

    /// Reads a member whose reader goes back and forth: it is held whole, beside those that it is in. Of a broken one its
    /// reader gets what there is.
    fn read_held(&self, format: Format, reader: &mut dyn Read, sink: &mut dyn Sink) -> Result<Reading, Reason> {
        let most = self.limits.member_bytes.saturating_sub(self.budget.held_bytes());
        let mut content = Vec::new();
        let failure = reader.take(most.saturating_add(1)).read_to_end(&mut content).err();
        let held = content.len() as u64;
        if held > most {
            return Err(Reason::TooLarge);
        }
        let failure = failure.map(|error| self.budget.blame(Reason::from(&error)));
        let read = self.budget.while_holding(held, || self.read_anywhere(format, &mut Cursor::new(content), sink));
        match (read, failure) {
            (Err(_), Some(reason)) => Err(reason),
            (read, failure) => read.map(|reading| Reading { partial: failure.or(reading.partial), ..reading }),
        }
    }

    /// Reads a format whose reader takes the bytes from the first to the last.
    fn read_in_order(
        &self,
        format: Format,
        head: &[u8],
        reader: &mut dyn Read,
        sink: &mut dyn Sink,
    ) -> Result<Reading, Reason> {
        match format.family() {
            Family::Plain => Ok(self.read_plain(format, head, reader, sink)),
            Family::Office => office::read_in_order(self, format, head, reader, sink),
            Family::Mail => mail::read_in_order(self, format, head, reader, sink),
            Family::Packed => packed::read_in_order(self, format, head, reader, sink),
            Family::Data => data::read_in_order(self, format, head, reader, sink),
            Family::Engineering => engineering::read_in_order(self, format, head, reader, sink),
            Family::Compound | Family::Fixed | Family::Dump | Family::Listed => Err(Reason::UnsupportedFormat),
        }
    }

    fn read_plain(&self, format: Format, head: &[u8], reader: &mut dyn Read, sink: &mut dyn Sink) -> Reading {
        match format {
            Format::Csv | Format::Tsv => delimited::read(format, head, reader, self.limits, sink),
            Format::Json => json::read(reader, self.limits, sink),
            Format::Jsonl => json::read_lines(reader, self.limits, sink),
            Format::Xml => xml::read(head, reader, self.limits, sink),
            Format::Html => html::read(head, reader, self.limits, sink),
            _ => text::read(reader, sink),
        }
    }

    /// Reads a format whose reader goes back and forth.
    fn read_anywhere(&self, format: Format, source: &mut dyn Source, sink: &mut dyn Sink) -> Result<Reading, Reason> {
        match format.family() {
            // Which of the packages it is, the directory of the archive says.
            _ if format.is_zip_package() => packed::zip::read(self, format, source, sink),
            Family::Office | Family::Compound => compound::read(self, format, source, sink),
            Family::Fixed => fixed::read(self, format, source, sink),
            Family::Packed => packed::read(self, format, source, sink),
            Family::Data => data::read(self, format, source, sink),
            Family::Engineering => engineering::read(self, format, source, sink),
            Family::Dump => dump::read(self, source, sink),
            Family::Plain | Family::Mail | Family::Listed => Err(Reason::UnsupportedFormat),
        }
    }
}

/// Why a format that has no reader is not read.
fn reason_of_unread(format: Format) -> Reason {
    match format {
        Format::Empty => Reason::Empty,
        Format::EncryptedOffice => Reason::Encrypted,
        _ => Reason::UnsupportedFormat,
    }
}

#[cfg(test)]
mod recorder;

#[cfg(test)]
mod tests;
