//! Visio before 2013: the strings of its drawing, which is kept compressed.
//!
//! The stream is a tree: a pointer leads to a part of it, which holds pointers or content. Neither is published; this follows
//! what Apache POI's HDGF found out. Texts of shapes are among the strings, with names of what the program adds, and which is
//! which is not told, so the file is said to be read in part.

use std::collections::BTreeSet;

use super::{
    super::{Job, Reading, Sink},
    numbers::{size_at, u16_at, u32_at},
    storage::{EntryId, Storage},
    streams, text,
};
use crate::{model::Reason, open::Format};

/// Where the version stands, and the pointer to the root of the tree.
const VERSION_AT: usize = 0x1a;
const ROOT_AT: usize = 0x24;
/// The first version with pointers of this kind (Visio 2000), and the first with texts of two bytes a character (2003).
const OLDEST: u16 = 6;
const WIDE: u16 = 11;
/// Bytes of a pointer.
const POINTER_BYTES: usize = 18;
/// Bytes between the number of pointers and the first of them.
const SKIPPED_BYTES: usize = 8;
/// Parts in parts that are gone into: document, page, shape and what is below it take five.
const MOST_DEPTH: usize = 12;

/// A pointer to a part.
struct Pointer {
    kind: u32,
    at: usize,
    bytes: usize,
    format: u16,
}

impl Pointer {
    fn parse(bytes: &[u8], at: usize) -> Option<Self> {
        Some(Self {
            kind: u32_at(bytes, at)?,
            at: size_at(bytes, at + 8)?,
            bytes: size_at(bytes, at + 12)?,
            format: u16_at(bytes, at + 16)?,
        })
    }

    fn is_compressed(&self) -> bool {
        self.format & 2 != 0
    }

    fn holds_pointers(&self) -> bool {
        self.kind == 0x14 || (self.kind != 0x16 && self.format & 0xf0 == 0x50)
    }

    /// Chunks of shapes and pages, and strings that stand alone (formats 0xd? and 0x4?); icons are of the latter, too.
    fn holds_texts(&self) -> bool {
        matches!(self.format & 0xf0, 0xd0 | 0x40) && self.kind != 0x23
    }
}

/// Reads the drawing in a storage.
pub(super) fn read(
    job: &Job<'_>,
    storage: &mut Storage<'_>,
    root: EntryId,
    sink: &mut dyn Sink,
) -> Result<Reading, Reason> {
    let (stream, broken) = storage.bytes_of(root, "VisioDocument", job.limits.stream_bytes).ok_or(Reason::Corrupt)?;
    let version = u16_at(&stream, VERSION_AT).unwrap_or(0);
    let Some(first) = Pointer::parse(&stream, ROOT_AT).filter(|_| version >= OLDEST) else {
        return Ok(streams::read(job, Format::Vsd, storage, root, sink));
    };
    let mut seen = BTreeSet::new();
    // What all parts unpack to: a token of two bytes gives eighteen, and no part is unpacked twice.
    let mut room = job.limits.stream_bytes as usize;
    let mut open = vec![(first, 0)];
    while let Some((pointer, depth)) = open.pop() {
        if depth > MOST_DEPTH || pointer.bytes == 0 || !seen.insert(pointer.at) {
            continue;
        }
        let stored = stream.get(pointer.at..).unwrap_or_default();
        let stored = stored.get(..pointer.bytes).unwrap_or(stored);
        let unpacked = pointer.is_compressed().then(|| unpack(stored, room));
        room = room.saturating_sub(unpacked.as_ref().map_or(0, Vec::len));
        // Four bytes stand before what was packed.
        let content = unpacked.as_deref().map_or(stored, |unpacked| unpacked.get(4..).unwrap_or_default());
        if pointer.holds_pointers() {
            let pointers = pointers_of(content);
            // The last is taken first.
            open.extend(pointers.into_iter().rev().map(|pointer| (pointer, depth + 1)));
        } else if pointer.holds_texts() {
            if version >= WIDE { text::wide_strings(content, sink) } else { text::strings_of(content, sink) }
        }
    }
    let partial = if room == 0 { Some(Reason::TooLarge) } else { broken };
    Ok(Reading { partial: partial.or(Some(Reason::StringsOnly)), ..Reading::default() })
}

/// The pointers in a part: their number stands where its first four bytes say.
fn pointers_of(content: &[u8]) -> Vec<Pointer> {
    let number_at = size_at(content, 0).unwrap_or(0);
    let declared = size_at(content, number_at).unwrap_or(0);
    let first = number_at.saturating_add(SKIPPED_BYTES);
    let most = content.len().saturating_sub(first) / POINTER_BYTES;
    (0..declared.min(most)).filter_map(|index| Pointer::parse(content, first + index * POINTER_BYTES)).collect()
}

/// Bytes of the ring to which tokens refer.
const RING_BYTES: usize = 4096;
/// Where the first byte of the ring is called 18 less.
const RING_OFFSET: usize = 18;

/// Each byte of flags speaks of eight tokens, the lowest bit first: a byte, or a place in the ring and a length.
fn unpack(packed: &[u8], most: usize) -> Vec<u8> {
    let mut ring = [0u8; RING_BYTES];
    let mut unpacked: Vec<u8> = Vec::new();
    let mut bytes = packed.iter().copied();
    while let Some(flags) = bytes.next() {
        for bit in 0..8 {
            let Some(first) = bytes.next() else { return unpacked };
            let (from, count) = if flags >> bit & 1 == 1 {
                (None, 1)
            } else {
                let Some(second) = bytes.next() else { return unpacked };
                let place = usize::from(second >> 4) << 8 | usize::from(first);
                (Some(place + RING_OFFSET), usize::from(second & 0xf) + 3)
            };
            for step in 0..count {
                let referred = from.map(|from| ring.get((from + step) % RING_BYTES).copied().unwrap_or(0));
                let byte = referred.unwrap_or(first);
                if let Some(place) = ring.get_mut(unpacked.len() % RING_BYTES) {
                    *place = byte;
                }
                unpacked.push(byte);
                if unpacked.len() >= most {
                    return unpacked;
                }
            }
        }
    }
    unpacked
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_place_in_the_ring_is_unpacked() {
        // Three bytes, and twice three more from the place of the first: 4,078 is called 0.
        let packed = [0b0000_0111, b'a', b'b', b'c', 0xee, 0xf3];
        assert_eq!(unpack(&packed, 100), b"abcabcabc");
        assert_eq!(unpack(&packed, 5), b"abcab");
    }

    proptest! {
        #[test]
        fn what_is_packed_as_bytes_comes_back(content in prop::collection::vec(any::<u8>(), 0..200)) {
            let packed: Vec<u8> = content.chunks(8).flat_map(|eight| [&[0xff], eight].concat()).collect();
            prop_assert_eq!(unpack(&packed, usize::MAX), content);
        }

        #[test]
        fn no_bytes_hold_more_pointers_than_they_have_room_for(content in prop::collection::vec(any::<u8>(), 0..200)) {
            prop_assert!(pointers_of(&content).len() * POINTER_BYTES <= content.len());
        }
    }
}
