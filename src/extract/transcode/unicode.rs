//! UTF-8 as it stands, and UTF-32, which encoding_rs does not know.

use encoding_rs::UTF_8;

/// How many bytes at the end of a text may be the beginning of a character of UTF-8.
pub(super) fn unfinished_utf8(text: &[u8]) -> usize {
    match text {
        [.., 0xf0..=0xf4, 0x80..=0xbf, 0x80..=0xbf] => 3,
        [.., 0xe0..=0xf4, 0x80..=0xbf] => 2,
        [.., 0xc2..=0xf4] => 1,
        _ => 0,
    }
}

/// Copies UTF-8; tells how many bytes it became.
pub(super) fn append_utf8(text: &[u8], room: &mut [u8], repairs: bool) -> usize {
    if repairs {
        return UTF_8.new_decoder_without_bom_handling().decode_to_utf8(text, room, true).2;
    }
    if let Some(room) = room.get_mut(..text.len()) {
        room.copy_from_slice(text);
    }
    text.len()
}

/// Decodes UTF-32 into `room`, which has three bytes for each of the source; tells how many were written.
pub(super) fn decode_utf32(source: &[u8], room: &mut [u8], is_big_endian: bool) -> usize {
    let (units, rest) = source.as_chunks::<4>();
    let unit = if is_big_endian { u32::from_be_bytes } else { u32::from_le_bytes };
    let characters = units.iter().map(|four| char::from_u32(unit(*four)).unwrap_or(char::REPLACEMENT_CHARACTER));
    let cut = (!rest.is_empty()).then_some(char::REPLACEMENT_CHARACTER);
    let mut written = 0;
    for character in characters.chain(cut) {
        if let Some(room) = room.get_mut(written..written + character.len_utf8()) {
            written += character.encode_utf8(room).len();
        }
    }
    written
}
