//! The rich text of a message, which is kept compressed (MS-OXRTFCP).

use super::super::numbers::{size_at, u32_at};

/// What the dictionary holds before the first byte (MS-OXRTFCP, 2.1.2.1).
const FIRST_WORDS: &[u8; 207] = b"{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern \\fscript \\fdecor MS Sans SerifSymbolArialTimes New RomanCourier{\\colortbl\\red0\\green0\\blue0\r\n\\par \\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx";
/// The dictionary is a ring of this many bytes.
const RING_BYTES: usize = 4096;
/// What stands in the header of compressed text, and of text that is not.
const COMPRESSED: u32 = 0x7546_5a4c;
const STORED: u32 = 0x414c_454d;
/// Bytes of the header.
const HEADER_BYTES: usize = 16;

/// The rich text in a stream, at most `most` bytes; `None` where it is none.
pub(super) fn decompress(stream: &[u8], most: usize) -> Option<Vec<u8>> {
    let content = stream.get(HEADER_BYTES..)?;
    let length = size_at(stream, 4)?.min(most);
    match u32_at(stream, 8)? {
        STORED => Some(content.get(..length).unwrap_or(content).to_vec()),
        COMPRESSED => Some(unpack(content, length)),
        _ => None,
    }
}

/// Each byte of flags speaks of eight tokens, the lowest bit first: a byte, or a place in the ring and a length.
fn unpack(content: &[u8], length: usize) -> Vec<u8> {
    let mut ring = [0; RING_BYTES];
    for (place, byte) in ring.iter_mut().zip(FIRST_WORDS) {
        *place = *byte;
    }
    let mut write_at = FIRST_WORDS.len();
    let mut text = Vec::new();
    let mut put = |ring: &mut [u8; RING_BYTES], byte: u8| {
        if let Some(place) = ring.get_mut(write_at) {
            *place = byte;
        }
        write_at = (write_at + 1) % RING_BYTES;
        text.push(byte);
        (write_at, text.len() < length)
    };
    let mut end = FIRST_WORDS.len();
    let mut bytes = content.iter().copied();
    while let Some(flags) = bytes.next() {
        for bit in 0..8 {
            let Some(first) = bytes.next() else { return text };
            if flags >> bit & 1 == 0 {
                let (at, is_room) = put(&mut ring, first);
                end = at;
                if !is_room {
                    return text;
                }
                continue;
            }
            let Some(second) = bytes.next() else { return text };
            let token = usize::from(u16::from_be_bytes([first, second]));
            let (from, count) = (token >> 4, (token & 0xf) + 2);
            // A reference to the place that is written next ends the text.
            if from == end {
                return text;
            }
            for step in 0..count {
                let byte = ring.get((from + step) % RING_BYTES).copied().unwrap_or(0);
                let (at, is_room) = put(&mut ring, byte);
                end = at;
                if !is_room {
                    return text;
                }
            }
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn stream_of(kind: u32, length: u32, content: &[u8]) -> Vec<u8> {
        let sizes = [content.len() as u32 + 12, length, kind, 0];
        [sizes.map(u32::to_le_bytes).concat().as_slice(), content].concat()
    }

    /// The first example of MS-OXRTFCP, 4.1.1.
    #[test]
    fn the_example_of_the_specification_is_unpacked() {
        let content = [
            0x03, 0x00, 0x0a, 0x00, 0x72, 0x63, 0x70, 0x67, 0x31, 0x32, 0x35, 0x42, 0x32, 0x0a, 0xf3, 0x20, 0x68, 0x65,
            0x6c, 0x09, 0x00, 0x20, 0x62, 0x77, 0x05, 0xb0, 0x6c, 0x64, 0x7d, 0x0a, 0x80, 0x0f, 0xa0,
        ];
        let text = decompress(&stream_of(COMPRESSED, 0x2b, &content), 1000).unwrap();
        assert_eq!(String::from_utf8(text).unwrap(), "{\\rtf1\\ansi\\ansicpg1252\\pard hello world}\r\n");
    }

    #[test]
    fn text_that_is_stored_is_as_it_is() {
        assert_eq!(decompress(&stream_of(STORED, 5, b"{\\rtf}"), 100).unwrap(), b"{\\rtf");
    }

    proptest! {
        #[test]
        fn no_bytes_are_more_text_than_is_wanted(content in prop::collection::vec(any::<u8>(), 0..300), most in 0usize..500) {
            let text = decompress(&stream_of(COMPRESSED, u32::MAX, &content), most).unwrap_or_default();
            prop_assert!(text.len() <= most.max(1));
        }
    }
}
