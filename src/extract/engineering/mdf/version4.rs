//! Version 4: blocks that name their kind and link to each other by their places in the file (ASAM MDF 4.1).

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
/// Bytes before the links of a block.
const BLOCK_HEADER: u64 = 24;
/// Links of a block that are followed: no kind of block without samples has as many.
const MOST_LINKS: u64 = 256;
/// A longer text is no name and no remark.
const LONGEST_TEXT: u64 = 1 << 20;

/// Why a block is gone to.
#[derive(Clone, Copy, PartialEq)]
enum Role {
    Any,
    /// The name of a channel.
    Name,
}

/// Walks through all blocks but those of samples; gives the reason where some could not be read.
pub(super) fn read(source: &mut dyn Source, sink: &mut dyn Sink) -> Result<Option<Reason>, Reason> {
    let mut open = vec![(HEADER_PLACE, Role::Any)];
    let mut seen = BTreeSet::new();
    let mut partial = None;
    while let Some((place, role)) = open.pop() {
        if place == 0 || !seen.insert(place) {
            continue;
        }
        if seen.len() > MOST_BLOCKS {
            return Ok(Some(Reason::TooMany));
        }
        match block(source, place, role, &mut open, sink)? {
            Some(()) => {}
            None if place == HEADER_PLACE => return Err(Reason::Corrupt),
            None => partial = Some(Reason::Corrupt),
        }
    }
    Ok(partial)
}

/// Reads one block and remembers where it leads; `None` where it is none.
fn block(
    source: &mut dyn Source,
    place: u64,
    role: Role,
    open: &mut Vec<(u64, Role)>,
    sink: &mut dyn Sink,
) -> Result<Option<()>, Reason> {
    let header = bytes_at(source, place, BLOCK_HEADER)?;
    let Some((kind, length, links)) = header_of(&header) else { return Ok(None) };
    let content = length.saturating_sub(BLOCK_HEADER);
    match &kind {
        b"TX" | b"MD" => {
            let text = text(&bytes_at(source, place.saturating_add(BLOCK_HEADER), content.min(LONGEST_TEXT))?);
            match (role, &kind) {
                (Role::Name, _) => name(&text, sink),
                (Role::Any, b"MD") => say(&without_tags(&text), sink),
                (Role::Any, _) => say(&text, sink),
            }
        }
        // Samples, packed or not, and lists of them.
        b"DT" | b"SD" | b"RD" | b"DV" | b"DI" | b"DZ" | b"DL" | b"HL" | b"LD" => {}
        _ => {
            let bytes = bytes_at(source, place.saturating_add(BLOCK_HEADER), links.min(MOST_LINKS) * 8)?;
            let mut record = Record::new(&bytes, false);
            let mut found = Vec::new();
            while let Some(link) = record.u64() {
                // The third link of a channel is its name (ASAM MDF 4.1, CNBLOCK), its sixth its samples.
                found.push((link, if kind == *b"CN" && found.len() == 2 { Role::Name } else { Role::Any }));
            }
            // The first is read first.
            open.extend(found.into_iter().rev());
        }
    }
    Ok(Some(()))
}

/// Kind, length and number of links of a block.
fn header_of(header: &[u8]) -> Option<([u8; 2], u64, u64)> {
    let kind = header.strip_prefix(b"##")?.first_chunk::<2>().copied()?;
    let mut record = Record::new(header.get(8..)?, false);
    Some((kind, record.u64()?, record.u64()?))
}

/// The text of a remark in XML, without its tags.
fn without_tags(text: &str) -> String {
    let mut shown = String::new();
    for piece in text.split('<') {
        let piece = piece.split_once('>').map_or(piece, |(_, behind)| behind).trim();
        if !piece.is_empty() {
            shown.push_str(piece);
            shown.push(' ');
        }
    }
    shown
}
