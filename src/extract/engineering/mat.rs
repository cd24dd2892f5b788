//! Arrays of MATLAB (MAT-file format, level 5): their names, the texts of character arrays and the names of fields.

use std::io::{BufReader, Read};

use flate2::read::ZlibDecoder;

use super::{
    bytes::{Record, read_up_to, skip},
    name, say,
};
use crate::{
    extract::{Reading, Sink},
    model::Reason,
};

/// Bytes of the text at the beginning, and of the whole header.
const REMARK: usize = 116;
const HEADER: u64 = 128;
/// Kinds of elements.
const MATRIX: u32 = 14;
const COMPRESSED: u32 = 15;
/// Classes of arrays.
const STRUCTURE: u8 = 2;
const CHARACTERS: u8 = 4;
/// What is looked at of one array: its name stands at its beginning, a text seldom is longer.
const BEGINNING: u64 = 64 << 10;

/// Reads a file of arrays.
pub(super) fn read(reader: &mut dyn Read, sink: &mut dyn Sink) -> Result<Reading, Reason> {
    let mut reader = BufReader::new(reader);
    let header = read_up_to(&mut reader, HEADER)?;
    let remark = header.get(..REMARK).ok_or(Reason::Corrupt)?;
    say(&String::from_utf8_lossy(remark), sink);
    let is_big_endian = header.ends_with(b"MI");
    let mut partial = None;
    loop {
        let tag = read_up_to(&mut reader, 8)?;
        if tag.is_empty() {
            break;
        }
        let mut record = Record::new(&tag, is_big_endian);
        let (Some(kind), Some(length)) = (record.u32(), record.u32()) else {
            partial = Some(Reason::Corrupt);
            break;
        };
        let beginning = read_up_to(&mut reader, u64::from(length).min(BEGINNING))?;
        let is_whole = skip(&mut reader, u64::from(length) - beginning.len() as u64)?;
        let is_told = match kind {
            MATRIX => array(&beginning, is_big_endian, sink).is_some(),
            COMPRESSED => {
                let unpacked = unpack(&beginning);
                array(unpacked.get(8..).unwrap_or_default(), is_big_endian, sink).is_some()
            }
            _ => true,
        };
        if !(is_whole && is_told) {
            partial = Some(Reason::Corrupt);
        }
    }
    Ok(Reading { partial, ..Reading::default() })
}

/// The beginning of what an element decompresses to.
fn unpack(packed: &[u8]) -> Vec<u8> {
    let mut unpacked = Vec::new();
    // What was unpacked before the packed bytes were cut off stays.
    let outcome = ZlibDecoder::new(packed).take(BEGINNING).read_to_end(&mut unpacked);
    outcome.map_or_else(drop, drop);
    unpacked
}

/// Tells an array: flags, dimensions, name, and what its class adds. `None` where it ends before its name.
fn array(content: &[u8], is_big_endian: bool, sink: &mut dyn Sink) -> Option<()> {
    let mut record = Record::new(content, is_big_endian);
    let (_, flags) = element(&mut record)?;
    let class = if is_big_endian { *flags.get(3)? } else { *flags.first()? };
    element(&mut record)?;
    let (_, title) = element(&mut record)?;
    name(&String::from_utf8_lossy(title), sink);
    match class {
        CHARACTERS => {
            let (kind, characters) = element(&mut record)?;
            say(&text(kind, characters, is_big_endian), sink);
        }
        STRUCTURE => {
            let (_, width) = element(&mut record)?;
            let width = Record::new(width, is_big_endian).length()?.max(1);
            let (_, names) = element(&mut record)?;
            names.chunks(width).for_each(|field| name(&super::bytes::text(field), sink));
        }
        _ => {}
    }
    Some(())
}

/// The next element: its kind and its bytes; a short one has both in its tag.
fn element<'r>(record: &mut Record<'r>) -> Option<(u32, &'r [u8])> {
    let tag = record.u32()?;
    let (short_length, kind) = (tag >> 16, tag & 0xffff);
    if short_length > 0 {
        let bytes = record.take(4)?;
        return Some((kind, bytes.get(..usize::try_from(short_length).ok()?.min(4))?));
    }
    let length = record.length()?;
    let bytes = record.take(length)?;
    // Elements begin at multiples of eight bytes; the last one may lack its filling.
    record.take((8 - length % 8) % 8);
    Some((kind, bytes))
}

/// Characters of one byte (kinds 1, 2 and 16) or two.
fn text(kind: u32, characters: &[u8], is_big_endian: bool) -> String {
    if matches!(kind, 1 | 2 | 16) {
        return super::bytes::text(characters);
    }
    let mut record = Record::new(characters, is_big_endian);
    let units: Vec<u16> = std::iter::from_fn(|| record.u16()).collect();
    String::from_utf16_lossy(&units)
}
