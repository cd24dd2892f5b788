//! cpio in its forms of digits: `newc` (with and without sums) and the old one of POSIX.

use std::io::{BufRead, BufReader, Read};

use super::members::{Members, Promised, read_header};
use crate::{
    extract::{Job, Reading, Sink},
    model::Reason,
    open::Format,
};

/// The name of the record that ends an archive.
const END: &[u8] = b"TRAILER!!!";

/// What a header says.
struct Header {
    mode: u64,
    name_bytes: u64,
    bytes: u64,
    /// What name and content are filled up to.
    align_bytes: u64,
    digits: u64,
}

/// What a record leads to.
enum Next {
    Record,
    /// It was the last of its archive.
    Archive,
    /// There are too many members.
    Nothing,
}

/// Reads the members of a cpio archive, and of those behind it: a system may start from several.
pub(super) fn read(job: &Job<'_>, reader: &mut dyn Read, sink: &mut dyn Sink) -> Result<Reading, Reason> {
    let mut members = Members::of(job, sink)?;
    let mut reader = BufReader::new(reader);
    loop {
        let goes_on = match read_member(job.limits.header_bytes, &mut reader, &mut members) {
            Ok(Next::Record) => Ok(true),
            Ok(Next::Archive) => find_archive(&mut reader),
            Ok(Next::Nothing) => Ok(false),
            Err(reason) => Err(reason),
        };
        match goes_on {
            Ok(true) => {}
            Ok(false) => break,
            Err(reason) => {
                members.note(reason);
                break;
            }
        }
    }
    Ok(members.finish(Format::Cpio))
}

/// Passes over the zeros behind an archive. Gives whether another follows; what else follows, mostly a packed one, is not
/// read.
fn find_archive(reader: &mut impl BufRead) -> Result<bool, Reason> {
    loop {
        let ahead = reader.fill_buf().map_err(|error| Reason::from(&error))?;
        match ahead {
            [] => return Ok(false),
            [0, ..] => {
                let zeros = ahead.iter().take_while(|byte| **byte == 0).count();
                reader.consume(zeros);
            }
            // All magic numbers begin with the digit.
            [b'0', ..] => return Ok(true),
            _ => return Err(Reason::ContentNotRead),
        }
    }
}

/// Reads one record.
fn read_member(most_bytes: u64, reader: &mut dyn Read, members: &mut Members<'_>) -> Result<Next, Reason> {
    let header = read_digits(reader)?;
    let name = read_header(reader, header.name_bytes, most_bytes)?;
    skip(reader, header.padding(header.digits.saturating_add(header.name_bytes)))?;
    let name = name.split(|byte| *byte == 0).next().unwrap_or_default();
    if name == END {
        return Ok(Next::Archive);
    }
    let mut content = Promised::new(&mut *reader, header.bytes);
    let goes_on = match header.mode & 0o170_000 {
        0o040_000 => true,
        0o120_000 => members.list(name, Reason::Link),
        0o010_000 | 0o020_000 | 0o060_000 | 0o140_000 => members.list(name, Reason::SpecialFile),
        _ => members.read(name, &mut content),
    };
    content.skip().map_err(|error| Reason::from(&error))?;
    skip(reader, header.padding(header.bytes))?;
    Ok(if goes_on { Next::Record } else { Next::Nothing })
}

fn read_digits(reader: &mut dyn Read) -> Result<Header, Reason> {
    let magic = read_header(reader, 6, 6)?;
    match magic.as_slice() {
        b"070701" | b"070702" => {
            let fields = read_header(reader, 104, 104)?;
            let field = |at: usize| number(fields.get(at * 8..at * 8 + 8), 16);
            Ok(Header { mode: field(1)?, name_bytes: field(11)?, bytes: field(6)?, align_bytes: 4, digits: 110 })
        }
        b"070707" => {
            let fields = read_header(reader, 70, 70)?;
            let field = |from: usize, to: usize| number(fields.get(from..to), 8);
            let (mode, name_bytes, bytes) = (field(12, 18)?, field(53, 59)?, field(59, 70)?);
            Ok(Header { mode, name_bytes, bytes, align_bytes: 1, digits: 76 })
        }
        _ => Err(Reason::Corrupt),
    }
}

fn number(digits: Option<&[u8]>, radix: u32) -> Result<u64, Reason> {
    let digits = digits.and_then(|it| std::str::from_utf8(it).ok());
    digits.and_then(|it| u64::from_str_radix(it, radix).ok()).ok_or(Reason::Corrupt)
}

impl Header {
    fn padding(&self, bytes: u64) -> u64 {
        (self.align_bytes - bytes % self.align_bytes) % self.align_bytes
    }
}

fn skip(reader: &mut dyn Read, bytes: u64) -> Result<(), Reason> {
    Promised::new(reader, bytes).skip().map_err(|error| Reason::from(&error))
}
