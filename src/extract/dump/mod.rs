//! Databases written out as statements, read as if they were the tables.
//!
//! A dump is read twice. What it says of its tables stands all over it: comments behind all rows (Dameng), keys at its end
//! (PostgreSQL, SQL Server), and what one table is depends on the others. So the first reading gathers tables, columns,
//! comments, keys and the number of rows, the second one hands rows to their tables. Nothing of a row is held longer
//! than the row.

use std::io::{ErrorKind, Read, Seek, SeekFrom};

use tempfile::SpooledTempFile;

use super::bounded::read_head_of_member;
use super::transcode::Transcoder;
use super::{Job, Reading, Sink, Source};
use crate::model::Reason;
use crate::open::{Format, encoding};

mod alteration;
mod copy;
mod declared_type;
mod definition;
mod delivery;
mod description;
mod dialect;
mod input;
mod insert;
mod lexer;
mod quoted;
mod statements;
mod structure;
mod tables;
mod token;
mod values;

#[cfg(test)]
mod corpus_tests;
#[cfg(test)]
mod tests;

use delivery::Delivery;
use dialect::Dialect;
use statements::Statements;
use structure::Structure;

/// Bytes of a dump in an archive that are held; what is longer waits for its second reading in a file without a name.
const HELD_BYTES: usize = 8 << 20;

/// Reads a dump, back and forth.
pub(super) fn read(job: &Job<'_>, source: &mut dyn Source, sink: &mut dyn Sink) -> Result<Reading, Reason> {
    let limits = job.limits;
    let (head, failure) = from_start(source, |source| read_head_of_member(source, limits.head_bytes))?;
    if let Some(error) = failure.filter(|_| head.is_empty()) {
        return Err(Reason::from(&error));
    }
    let dialect = Dialect::of(&encoding::decode(encoding::guess(&head, None), &head));

    let mut structure = Structure::new(limits);
    let (broken, is_cut, encoding) = from_start(source, |source| {
        let text = Transcoder::new(source, None);
        let (broken, lexer) = Statements::new(text, dialect, limits, &mut structure).read();
        (broken, lexer.is_cut, lexer.input.reader().encoding())
    })?;
    let mut tables = structure.tables;
    tables.settle(broken.is_none());
    let partial = broken.or(tables.partial).or(is_cut.then_some(Reason::TooMany));

    let mut delivery = Delivery::new(tables, sink);
    let is_empty = delivery.listing().is_empty();
    if is_empty || delivery.announce() {
        from_start(source, |source| {
            Statements::new(Transcoder::new(source, None), dialect, limits, &mut delivery).read().0
        })?;
    }
    Ok(Reading { format: is_empty.then_some(Format::Text), encoding: Some(encoding), partial, ..Reading::default() })
}

/// Goes back to the beginning and reads from there.
fn from_start<T>(source: &mut dyn Source, read: impl FnOnce(&mut dyn Read) -> T) -> Result<T, Reason> {
    source.seek(SeekFrom::Start(0)).map_err(|error| Reason::from(&error))?;
    let mut source = source;
    Ok(read(&mut source))
}

/// A member of an archive that is held for two readings; behind what could be held of a broken one it fails each time.
pub(super) struct Held {
    content: SpooledTempFile,
    failure: Option<ErrorKind>,
}

impl Read for Held {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        match (self.content.read(buffer)?, self.failure) {
            (0, Some(kind)) if !buffer.is_empty() => Err(kind.into()),
            (count, _) => Ok(count),
        }
    }
}

impl Seek for Held {
    fn seek(&mut self, to: SeekFrom) -> std::io::Result<u64> {
        self.content.seek(to)
    }
}

/// Holds a member of an archive for two readings.
pub(super) fn hold(reader: &mut dyn Read) -> std::io::Result<Held> {
    let mut content = tempfile::spooled_tempfile(HELD_BYTES);
    let failure = std::io::copy(reader, &mut content).err().map(|error| error.kind());
    content.rewind()?;
    Ok(Held { content, failure })
}
