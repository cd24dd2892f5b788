//! Triangles: the names of the solids in text, the remark of 80 bytes in binary.

use std::io::Read;

use super::{bytes, lines::Lines, name, say};
use crate::{
    extract::{Reading, Sink},
    model::Reason,
};

/// Bytes of the remark at the beginning of a binary file.
const REMARK: usize = 80;
/// Bytes of a triangle.
const TRIANGLE: u64 = 50;

/// Reads a mesh; `head` are its first bytes, and `reader` gives them once more.
pub(super) fn read(head: &[u8], reader: &mut dyn Read, sink: &mut dyn Sink) -> Result<Reading, Reason> {
    if head.contains(&0) {
        return read_binary(head, reader, sink);
    }
    let mut lines = Lines::new(reader);
    let mut is_ended = false;
    while let Some(line) = lines.next() {
        let line = line.trim();
        if let Some(solid) = line.strip_prefix("solid") {
            name(solid, sink);
        } else if !line.is_empty() {
            is_ended = line.starts_with("endsolid");
        }
    }
    let mut reading = lines.reading();
    reading.partial = reading.partial.or((!is_ended).then_some(Reason::Corrupt));
    Ok(reading)
}

fn read_binary(head: &[u8], reader: &mut dyn Read, sink: &mut dyn Sink) -> Result<Reading, Reason> {
    say(&bytes::text(head.get(..REMARK).ok_or(Reason::Corrupt)?), sink);
    let mut record = bytes::Record::new(head.get(REMARK..).unwrap_or_default(), false);
    let triangles = record.u32().ok_or(Reason::Corrupt)?;
    let declared = REMARK as u64 + 4 + u64::from(triangles) * TRIANGLE;
    let is_whole = bytes::skip(reader, declared)?;
    // Some writers put colours behind the triangles.
    bytes::skip(reader, u64::MAX)?;
    Ok(Reading { partial: (!is_whole).then_some(Reason::Corrupt), ..Reading::default() })
}
