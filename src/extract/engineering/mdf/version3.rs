//! Versions 2 and 3: blocks of fixed layouts that link to each other by 32-bit places (MDF format specification 3.3).

use std::collections::BTreeSet;

use super::{MOST_BLOCKS, bytes_at};
use crate::{
    extract::{
        Sink, Source,
        engineering::{
            bytes::{Record, text},
            name, say,
        },
    },
    model::Reason,
};

/// Where the header stands.
const HEADER_PLACE: u64 = 64;
/// Bytes of the longest of the blocks that are read: a channel.
const LONGEST_BLOCK: u64 = 228;
/// A text states its length in two bytes.
const LONGEST_TEXT: u64 = 65_535;

/// Walks through header, groups and channels; gives the reason where some could not be read.
pub(super) fn read(
    source: &mut dyn Source,
    is_big_endian: bool,
    sink: &mut dyn Sink,
) -> Result<Option<Reason>, Reason> {
    let mut open = vec![HEADER_PLACE];
    let mut seen = BTreeSet::new();
    let mut partial = None;
    while let Some(place) = open.pop() {
        if place == 0 || !seen.insert(place) {
            continue;
        }
        if seen.len() > MOST_BLOCKS {
            return Ok(Some(Reason::TooMany));
        }
        let bytes = bytes_at(source, place, LONGEST_BLOCK)?;
        let links = match bytes.get(..2) {
            Some(b"HD") => {
                // Author, department, project and subject, behind date and time.
                (0..4)
                    .filter_map(|field| bytes.get(36 + 32 * field..68 + 32 * field))
                    .for_each(|it| say(&text(it), sink));
                2
            }
            Some(b"DG") => 2,
            Some(b"CG") => 3,
            Some(b"CN") => {
                bytes.get(26..58).into_iter().for_each(|it| name(&text(it), sink));
                bytes.get(58..186).into_iter().for_each(|it| say(&text(it), sink));
                // The long name stands further back.
                open.extend(bytes.get(218..222).and_then(|it| Record::new(it, is_big_endian).u32()).map(u64::from));
                5
            }
            Some(b"CC") => {
                bytes.get(22..42).into_iter().for_each(|it| say(&text(it), sink));
                0
            }
            Some(b"TX") => {
                let length = bytes.get(2..4).and_then(|it| Record::new(it, is_big_endian).u16()).map_or(0, u64::from);
                let content = bytes_at(source, place + 4, length.saturating_sub(4).min(LONGEST_TEXT))?;
                say(&text(&content), sink);
                0
            }
            _ if place == HEADER_PLACE => return Err(Reason::Corrupt),
            // Of other kinds nothing is read.
            Some([b'A'..=b'Z', b'A'..=b'Z']) => 0,
            _ => {
                partial = Some(Reason::Corrupt);
                0
            }
        };
        let mut record = Record::new(bytes.get(4..).unwrap_or_default(), is_big_endian);
        let mut found: Vec<u64> = std::iter::from_fn(|| record.u32()).take(links).map(u64::from).collect();
        found.reverse();
        open.extend(found);
    }
    Ok(partial)
}
