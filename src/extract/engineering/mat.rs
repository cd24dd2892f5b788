//! Arrays of MATLAB (MAT-file format, level 5): their names, the texts of character arrays, the names of fields, and the
//! same of what is in cells and fields. Numbers are passed over.

use std::io::{BufReader, Read};

use flate2::read::ZlibDecoder;

use super::{
    bytes::{Record, read_up_to, skip},
    name, say,
};
use crate::{
    extract::{
        Job, Reading, Sink,
        bounded::{Budget, BudgetReader},
    },
    model::Reason,
};

/// Bytes of the text at the beginning, and of the whole header.
const REMARK: usize = 116;
const HEADER: u64 = 128;
/// Kinds of elements.
const MATRIX: u32 = 14;
const COMPRESSED: u32 = 15;
/// Classes of arrays.
const CELLS: u8 = 1;
const STRUCTURE: u8 = 2;
const CHARACTERS: u8 = 4;
/// What is looked at of one array: its name stands at its beginning, texts and fields seldom take more.
const BEGINNING: u64 = 1 << 20;
/// Arrays in cells and fields of arrays.
const DEEPEST: usize = 16;

/// Reads a file of arrays.
pub(super) fn read(job: &Job<'_>, reader: &mut dyn Read, sink: &mut dyn Sink) -> Result<Reading, Reason> {
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
        let content = if kind == COMPRESSED { unpack(&beginning, job.budget) } else { beginning };
        if let Some(reason) = job.budget.tripped() {
            partial = Some(reason);
            break;
        }
        let told = match kind {
            MATRIX => array(&content, is_big_endian, 0, sink),
            // Behind the tag of the array that it holds.
            COMPRESSED => array(content.get(8..).unwrap_or_default(), is_big_endian, 0, sink),
            _ => Ok(()),
        };
        let is_beginning = content.len() as u64 == BEGINNING;
        partial = partial.or(match told {
            _ if !is_whole => Some(Reason::Corrupt),
            Ok(()) => None,
            Err(Stopped::Deep) => Some(Reason::TooDeep),
            Err(Stopped::Cut) if is_beginning => Some(Reason::TooLarge),
            Err(Stopped::Cut) => Some(Reason::Corrupt),
        });
    }
    Ok(Reading { partial, ..Reading::default() })
}

/// The beginning of what an element decompresses to, as far as it goes and the budget lets it.
fn unpack(packed: &[u8], budget: &Budget) -> Vec<u8> {
    let mut unpacked = Vec::new();
    let reader = BudgetReader::new(ZlibDecoder::new(packed), budget, packed.len() as u64);
    // What was unpacked before the packed bytes were cut off stays.
    reader.take(BEGINNING).read_to_end(&mut unpacked).map_or_else(drop, drop);
    unpacked
}

/// Why an array is not told whole.
#[derive(PartialEq)]
enum Stopped {
    /// It ends before it should.
    Cut,
    /// Arrays in arrays.
    Deep,
}

/// Tells an array: flags, dimensions, name, and what its class adds.
fn array(content: &[u8], is_big_endian: bool, depth: usize, sink: &mut dyn Sink) -> Result<(), Stopped> {
    if depth > DEEPEST {
        return Err(Stopped::Deep);
    }
    let mut record = Record::new(content, is_big_endian);
    let class = begin(&mut record, is_big_endian, sink).ok_or(Stopped::Cut)?;
    match class {
        CHARACTERS => {
            let (kind, characters) = element(&mut record).ok_or(Stopped::Cut)?;
            say(&text(kind, characters, is_big_endian), sink);
        }
        STRUCTURE => {
            fields(&mut record, is_big_endian, sink).ok_or(Stopped::Cut)?;
            inner(&mut record, is_big_endian, depth, sink)?;
        }
        CELLS => inner(&mut record, is_big_endian, depth, sink)?,
        _ => {}
    }
    Ok(())
}

/// Reads up to the name of an array, and gives its class.
fn begin(record: &mut Record<'_>, is_big_endian: bool, sink: &mut dyn Sink) -> Option<u8> {
    let (_, flags) = element(record)?;
    let class = if is_big_endian { *flags.get(3)? } else { *flags.first()? };
    element(record)?;
    let (_, title) = element(record)?;
    name(&String::from_utf8_lossy(title), sink);
    Some(class)
}

/// The names of the fields of a structure, each of the same width.
fn fields(record: &mut Record<'_>, is_big_endian: bool, sink: &mut dyn Sink) -> Option<()> {
    let (_, width) = element(record)?;
    let width = Record::new(width, is_big_endian).length()?.max(1);
    let (_, names) = element(record)?;
    names.chunks(width).for_each(|field| name(&super::bytes::text(field), sink));
    Some(())
}

/// The arrays in cells and fields.
fn inner(record: &mut Record<'_>, is_big_endian: bool, depth: usize, sink: &mut dyn Sink) -> Result<(), Stopped> {
    while !record.is_empty() {
        let (kind, content) = element(record).ok_or(Stopped::Cut)?;
        if kind == MATRIX && !content.is_empty() {
            array(content, is_big_endian, depth + 1, sink)?;
        }
    }
    Ok(())
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
