//! tar: ustar, pax, GNU and the oldest ones, read in order, and read on behind a broken header.
//!
//! Not the crate `tar`: it takes extended headers into memory whatever their length, ends at the first header that is
//! broken, and does not know sparse files of pax. Of a sparse file the stored pieces are read, one behind the other; the
//! holes between them hold nothing.

use std::io::Read;

use super::members::{Members, Promised, read_header};
use crate::{
    extract::{Job, Reading, Sink},
    model::Reason,
    open::{Format, sniff},
};

const BLOCK_BYTES: u64 = 512;

/// One header of 512 bytes.
type Block = [u8; 512];

/// What headers before the one of a member say of it.
#[derive(Default)]
struct Extended {
    name: Option<Vec<u8>>,
    bytes: Option<u64>,
    /// The content begins with a list of its pieces (sparse files of pax, version 1.0).
    has_map: bool,
}

/// Reads the members of a tar archive.
pub(super) fn read(job: &Job<'_>, reader: &mut dyn Read, sink: &mut dyn Sink) -> Result<Reading, Reason> {
    let mut members = Members::of(job, sink)?;
    let end = read_members(job.limits.header_bytes, reader, &mut members);
    if let Err(reason) = end {
        members.note(reason);
    }
    Ok(members.finish(Format::Tar))
}

fn read_members(most_bytes: u64, reader: &mut dyn Read, members: &mut Members<'_>) -> Result<(), Reason> {
    let mut extended = Extended::default();
    let mut is_behind_end = false;
    while let Some(block) = next_block(reader)? {
        // The end is two blocks of zeros; archives that were written one behind the other go on behind it.
        if block.iter().all(|byte| *byte == 0) {
            is_behind_end = true;
            continue;
        }
        if !sniff::tar_sum_is_right(&block) {
            if is_behind_end {
                break;
            }
            members.note(Reason::Corrupt);
            continue;
        }
        is_behind_end = false;
        let Some(bytes) = number(&block[124..136]) else {
            members.note(Reason::Corrupt);
            extended = Extended::default();
            continue;
        };
        match block[156] {
            b'L' => extended.name = Some(until_zero(&padded(reader, bytes, most_bytes)?).to_vec()),
            b'x' | b'X' => extended.take(&padded(reader, bytes, most_bytes)?),
            b'g' | b'K' => drop(padded(reader, bytes, most_bytes)?),
            kind => {
                let known = std::mem::take(&mut extended);
                if !read_member(kind, &block, known, bytes, reader, members)? {
                    return Ok(());
                }
            }
        }
    }
    Ok(())
}

/// Reads what follows one header. Gives `false` where nothing more is to be read.
fn read_member(
    kind: u8,
    block: &Block,
    known: Extended,
    bytes: u64,
    reader: &mut dyn Read,
    members: &mut Members<'_>,
) -> Result<bool, Reason> {
    let name = known.name.unwrap_or_else(|| name_of(block));
    let bytes = known.bytes.unwrap_or(bytes);
    let goes_on = match kind {
        // What is linked to is in the archive by its own name, or outside.
        b'1' | b'2' => return Ok(members.list(&name, Reason::Link)),
        b'3' | b'4' | b'6' => return Ok(members.list(&name, Reason::SpecialFile)),
        b'5' => return Ok(true),
        // Volume labels, and the lists of folders of incremental archives.
        b'V' | b'M' | b'N' | b'D' => true,
        b'\0' | b'0' if bytes == 0 && name.ends_with(b"/") => true,
        _ => {
            if kind == b'S' {
                skip_sparse_blocks(block, reader)?;
            }
            let mut content = Promised::new(&mut *reader, bytes);
            if known.has_map {
                skip_map(&mut content)?;
            }
            let goes_on = members.read(&name, &mut content);
            content.skip().map_err(|error| Reason::from(&error))?;
            return skip(reader, padding(bytes)).map(|()| goes_on);
        }
    };
    skip(reader, bytes.saturating_add(padding(bytes))).map(|()| goes_on)
}

/// The next block; `None` at the end, which some programs do not mark.
fn next_block(reader: &mut dyn Read) -> Result<Option<Block>, Reason> {
    let mut block = Vec::new();
    reader.take(BLOCK_BYTES).read_to_end(&mut block).map_err(|error| Reason::from(&error))?;
    match Block::try_from(block) {
        Ok(block) => Ok(Some(block)),
        Err(short) if short.is_empty() => Ok(None),
        Err(_) => Err(Reason::Corrupt),
    }
}

fn padding(bytes: u64) -> u64 {
    (BLOCK_BYTES - bytes % BLOCK_BYTES) % BLOCK_BYTES
}

fn skip(reader: &mut dyn Read, bytes: u64) -> Result<(), Reason> {
    Promised::new(reader, bytes).skip().map_err(|error| Reason::from(&error))
}

/// The content of a header of a header.
fn padded(reader: &mut dyn Read, bytes: u64, most_bytes: u64) -> Result<Vec<u8>, Reason> {
    let content = read_header(reader, bytes, most_bytes)?;
    skip(reader, padding(bytes))?;
    Ok(content)
}

/// Old GNU sparse files: more headers with the places of the pieces, as long as each says that one follows.
fn skip_sparse_blocks(block: &Block, reader: &mut dyn Read) -> Result<(), Reason> {
    let mut follows = block[482] != 0;
    while follows {
        follows = next_block(reader)?.ok_or(Reason::Corrupt)?[504] != 0;
    }
    Ok(())
}

/// The list of pieces at the beginning of a sparse file of pax 1.0: how many, then two numbers for each, a line each,
/// filled up to a block.
fn skip_map(content: &mut dyn Read) -> Result<(), Reason> {
    let mut left: Option<u64> = None;
    loop {
        let block = next_block(content)?.ok_or(Reason::Corrupt)?;
        let mut lines = block.iter().filter(|byte| **byte == b'\n').count() as u64;
        if left.is_none() {
            let count = decimal(block.split(|byte| *byte == b'\n').next().unwrap_or_default());
            left = Some(count.ok_or(Reason::Corrupt)?.saturating_mul(2));
            lines = lines.saturating_sub(1);
        }
        left = left.map(|left| left.saturating_sub(lines));
        if left == Some(0) {
            return Ok(());
        }
    }
}

impl Extended {
    /// Takes what matters from records of pax: `length key=value\n`, where the length counts all of it.
    fn take(&mut self, mut records: &[u8]) {
        while let Some(space) = records.iter().position(|byte| *byte == b' ') {
            let length = records.get(..space).and_then(decimal).and_then(|it| usize::try_from(it).ok());
            let Some(record) = length.and_then(|length| records.get(space + 1..length)) else { return };
            let record = record.strip_suffix(b"\n").unwrap_or(record);
            if let Some(equals) = record.iter().position(|byte| *byte == b'=') {
                self.take_one(&record[..equals], &record[equals + 1..]);
            }
            records = records.get(length.unwrap_or(usize::MAX)..).unwrap_or_default();
        }
    }

    fn take_one(&mut self, key: &[u8], value: &[u8]) {
        match key {
            b"path" => self.name = self.name.take().or_else(|| Some(value.to_vec())),
            b"GNU.sparse.name" => self.name = Some(value.to_vec()),
            b"size" => self.bytes = decimal(value),
            b"GNU.sparse.major" => self.has_map = value == b"1",
            _ => {}
        }
    }
}

/// The name in a header, with the folder that ustar keeps apart from it. GNU keeps other things there.
fn name_of(block: &Block) -> Vec<u8> {
    let name = until_zero(&block[..100]);
    let folder = until_zero(&block[345..500]);
    if &block[257..263] == b"ustar\0" && !folder.is_empty() { [folder, b"/", name].concat() } else { name.to_vec() }
}

fn until_zero(bytes: &[u8]) -> &[u8] {
    bytes.split(|byte| *byte == 0).next().unwrap_or_default()
}

fn decimal(digits: &[u8]) -> Option<u64> {
    std::str::from_utf8(digits).ok()?.parse().ok()
}

/// A number of a header: octal digits, or, with the highest bit set, all other bits (GNU). One below zero is none.
fn number(field: &[u8]) -> Option<u64> {
    match field.first()? {
        first if first & 0x80 != 0 => {
            let rest = field.get(1..)?.iter();
            rest.fold(Some(u64::from(first & 0x7f)), |sum, byte| {
                sum.filter(|sum| *sum < 1 << 55).map(|sum| sum << 8 | u64::from(*byte))
            })
        }
        _ => {
            let digits = until_zero(field).trim_ascii();
            if digits.is_empty() {
                return Some(0);
            }
            u64::from_str_radix(std::str::from_utf8(digits).ok()?, 8).ok()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_headers_are_read_in_all_their_ways() {
        assert_eq!(number(b"00000000012\0"), Some(10));
        assert_eq!(number(b"      12 \0  "), Some(10));
        assert_eq!(number(b"\0\0\0\0\0\0\0\0\0\0\0\0"), Some(0));
        assert_eq!(number(b"\x80\0\0\0\0\0\0\x02\0\0\0\0"), Some(8 << 30));
        assert_eq!(number(&[0xff; 12]), None, "minus one");
        assert_eq!(number(b"-0000000012\0"), None);
        assert_eq!(number(b"9\0"), None);
    }

    #[test]
    fn records_of_pax_with_wrong_lengths_are_left_alone() {
        for records in
            [b"9999 path=a\n".as_slice(), b"3 path=a\n", b"x path=a\n", b"18446744073709551615 path=a\n", b" "]
        {
            let mut extended = Extended::default();
            extended.take(records);
            assert_eq!(extended.name, None);
        }
        let mut extended = Extended::default();
        extended.take(b"10 path=a\n12 size=0012\n");
        assert_eq!((extended.name.as_deref(), extended.bytes), (Some(b"a".as_slice()), Some(12)));
    }

    #[test]
    fn padding_fills_a_block() {
        assert_eq!([0, 1, 511, 512, 513].map(padding), [0, 511, 1, 0, 511]);
    }
}
