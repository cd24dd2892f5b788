//! Decoding of encodings from before Unicode, piece by piece; fast where it is GB18030, in which most of them are.
//!
//! The pairs of GB18030 go through a table that encoding_rs fills, on Chinese prose half as fast again as its own decoder
//! (docs/encodings.md); what is no pair (four bytes, an error, a cut) goes to that decoder. A test holds the two together.

use std::sync::OnceLock;

use encoding_rs::{Decoder, Encoding, GB18030};

use super::FIRST_TRAIL_BYTE;

/// Where the number of bytes stands in an entry of the table.
const LENGTH_SHIFT: u32 = 24;

/// Room for what `bytes` of a text become in the worst case, and for what was held back.
pub(super) const fn room_for(bytes: usize) -> usize {
    3 * bytes + 64
}

/// Decodes a text that comes in pieces.
pub(super) struct Legacy {
    decoder: Decoder,
    is_gb18030: bool,
    /// The decoder may hold the beginning of a character.
    is_inside: bool,
    /// The first byte of a pair that the last piece ended with.
    lead: Option<u8>,
}

impl Legacy {
    pub(super) fn new(encoding: &'static Encoding) -> Self {
        let decoder = encoding.new_decoder_without_bom_handling();
        Self { decoder, is_gb18030: encoding == GB18030, is_inside: false, lead: None }
    }

    /// Decodes a piece into `room`, which has [`room_for`] it; tells how many bytes were written.
    pub(super) fn decode(&mut self, piece: &[u8], room: &mut [u8]) -> usize {
        let (mut rest, mut written) = (piece, 0);
        if let (Some(lead), Some((trail, after))) = (self.lead, piece.split_first()) {
            self.lead = None;
            let (read, count) = pairs(&[lead, *trail], room);
            if read == 2 {
                (rest, written) = (after, count);
            } else {
                written = self.decoder.decode_to_utf8(&[lead], room, false).2;
                self.is_inside = true;
            }
        }
        while !rest.is_empty() {
            if self.is_gb18030 && !self.is_inside {
                let (read, count) = pairs(rest, room.get_mut(written..).unwrap_or_default());
                rest = rest.get(read..).unwrap_or_default();
                written += count;
                if let [lead @ 0x81..=0xfe] = rest {
                    self.lead = Some(*lead);
                    break;
                }
            }
            // No character goes on beyond such a byte, so the table may take over again behind it.
            let end = rest.iter().position(|byte| *byte < FIRST_TRAIL_BYTE);
            let (strange, after) = rest.split_at(end.map_or(rest.len(), |at| at + 1));
            written += self.decoder.decode_to_utf8(strange, room.get_mut(written..).unwrap_or_default(), false).2;
            self.is_inside = end.is_none() && (self.is_inside || !strange.is_empty());
            rest = after;
        }
        written
    }

    /// What is left when the text ends inside a character.
    pub(super) fn finish(&mut self, room: &mut [u8]) -> usize {
        let held = self.lead.take();
        self.decoder.decode_to_utf8(held.as_slice(), room, true).2
    }
}

/// Decodes ASCII and pairs, up to the first byte that begins neither: (bytes read, bytes written).
fn pairs(text: &[u8], room: &mut [u8]) -> (usize, usize) {
    let table = table();
    let (mut rest, mut written) = (text, 0);
    loop {
        while let Some((pair, after)) = rest.split_first_chunk() {
            let entry = table.get(usize::from(u16::from_be_bytes(*pair))).copied().unwrap_or(0);
            let length = (entry >> LENGTH_SHIFT) as usize;
            // Four bytes are written whatever the length: the next character overwrites what does not count.
            let Some(slot) = room.get_mut(written..written + 4).filter(|_| length > 0) else { break };
            slot.copy_from_slice(&entry.to_le_bytes());
            written += length;
            rest = after;
        }
        let ascii = Encoding::ascii_valid_up_to(rest);
        let (Some(slot), true) = (room.get_mut(written..written + ascii), ascii > 0) else { break };
        slot.copy_from_slice(rest.get(..ascii).unwrap_or_default());
        written += ascii;
        rest = rest.get(ascii..).unwrap_or_default();
    }
    (text.len() - rest.len(), written)
}

/// By pair, the first byte in the upper half: the bytes of its character in UTF-8, the first in the lowest eight bits,
/// and their number in the highest; 0 for what is no pair.
fn table() -> &'static [u32] {
    static TABLE: OnceLock<Vec<u32>> = OnceLock::new();
    TABLE.get_or_init(|| (0..=u16::MAX).map(|pair| entry(pair.to_be_bytes()).unwrap_or(0)).collect())
}

fn entry(pair: [u8; 2]) -> Option<u32> {
    let text = GB18030.decode_without_bom_handling_and_without_replacement(&pair)?;
    let mut characters = text.chars();
    let (Some(character @ '\u{80}'..='\u{ffff}'), None) = (characters.next(), characters.next()) else { return None };
    let mut bytes = [0; 4];
    let length = character.encode_utf8(&mut bytes).len() as u32;
    Some(u32::from_le_bytes(bytes) | length << LENGTH_SHIFT)
}

#[cfg(test)]
mod tests {
    use encoding_rs::{BIG5, SHIFT_JIS};
    use proptest::prelude::*;

    use super::*;

    fn in_pieces(encoding: &'static Encoding, bytes: &[u8], sizes: &[usize]) -> String {
        let (mut decoder, mut text, mut rest) = (Legacy::new(encoding), Vec::new(), bytes);
        let mut room = vec![0; room_for(bytes.len())];
        for size in sizes.iter().cycle() {
            if rest.is_empty() {
                break;
            }
            let (piece, after) = rest.split_at(rest.len().min(*size));
            let written = decoder.decode(piece, &mut room);
            text.extend_from_slice(&room[..written]);
            rest = after;
        }
        let written = decoder.finish(&mut room);
        text.extend_from_slice(&room[..written]);
        String::from_utf8(text).expect("UTF-8")
    }

    #[test]
    fn every_pair_beside_every_kind_of_neighbour_is_what_encoding_rs_says() {
        for lead in 0x80..=0xffu8 {
            let mut bytes = Vec::new();
            for trail in 0..=0xffu8 {
                for neighbour in [&b" "[..], b"7", b"A", b"\xb0\xa1", b"\x81\x30\x81\x35", b"\n"] {
                    bytes.extend_from_slice(&[b' ', lead, trail]);
                    bytes.extend_from_slice(neighbour);
                }
            }
            let expected = GB18030.decode_without_bom_handling(&bytes).0;
            assert_eq!(in_pieces(GB18030, &bytes, &[usize::MAX]), expected, "{lead:x}");
        }
    }

    fn byte() -> impl Strategy<Value = u8> {
        prop_oneof![4 => 0x81u8..=0xfe, 2 => 0x30u8..=0x39, 1 => 0x40u8..=0x7e, 1 => any::<u8>()]
    }

    proptest! {
        #[test]
        fn any_bytes_in_any_pieces_are_what_encoding_rs_says(
            bytes in prop::collection::vec(byte(), 0..300),
            sizes in prop::collection::vec(1usize..40, 1..8),
        ) {
            for encoding in [GB18030, BIG5, SHIFT_JIS] {
                let expected = encoding.decode_without_bom_handling(&bytes).0;
                prop_assert_eq!(in_pieces(encoding, &bytes, &sizes), expected.as_ref(), "{}", encoding.name());
            }
        }
    }
}
