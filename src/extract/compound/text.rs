//! What compound files hold besides their formats' structures: paragraphs, and strings that stand between other bytes.

use std::io::Read;

use encoding_rs::GB18030;

use super::super::Sink;
use crate::model::Fragment;

/// Hands on a text that stands for itself.
pub(super) fn paragraph(text: &str, sink: &mut dyn Sink) {
    if !text.trim().is_empty() {
        sink.fragment(Fragment::Text(text.as_bytes()));
        sink.fragment(Fragment::Break);
    }
}

/// Characters below which a string of two bytes a character is chance.
const FEWEST_WIDE: usize = 4;
/// Bytes below which another string is.
const FEWEST_NARROW: usize = 8;
/// Bytes looked at together; a string that is cut here is two.
const CHUNK_BYTES: usize = 64 << 10;

/// Hands on the readable strings of a stream, those of two bytes a character and those in ASCII or GB18030.
pub(super) fn strings(reader: &mut dyn Read, sink: &mut dyn Sink) {
    let mut chunk = Vec::new();
    loop {
        chunk.clear();
        if (&mut *reader).take(CHUNK_BYTES as u64).read_to_end(&mut chunk).is_err() || chunk.is_empty() {
            return;
        }
        strings_of(&chunk, sink);
    }
}

/// Hands on the readable strings in some bytes.
pub(super) fn strings_of(chunk: &[u8], sink: &mut dyn Sink) {
    let mut at = 0;
    while at < chunk.len() {
        let rest = chunk.get(at..).unwrap_or_default();
        // First, since two letters of ASCII read as a Chinese character of two bytes, and hardly ever the other way round.
        let narrow = narrow_run(rest);
        if narrow >= FEWEST_NARROW {
            paragraph(&GB18030.decode_without_bom_handling(rest.get(..narrow).unwrap_or_default()).0, sink);
            at += narrow;
        } else if let Some((string, length)) = wide_string(rest) {
            paragraph(&string, sink);
            at += length;
        } else {
            at += narrow.max(1);
        }
    }
}

/// Hands on the readable strings of two bytes a character alone.
pub(super) fn wide_strings(chunk: &[u8], sink: &mut dyn Sink) {
    let mut at = 0;
    while at < chunk.len() {
        match wide_string(chunk.get(at..).unwrap_or_default()) {
            Some((string, length)) => {
                paragraph(&string, sink);
                at += length;
            }
            None => at += 1,
        }
    }
}

/// The string of two bytes a character that begins here, and its bytes. Noise of two bytes is a Chinese character one time
/// in three, but an everyday one only one time in seventeen.
fn wide_string(bytes: &[u8]) -> Option<(String, usize)> {
    let is_readable =
        |unit: &u16| matches!(*unit, 9 | 0x20..=0x7e | 0x3001..=0x301f | 0x4e00..=0x9fa5 | 0xff01..=0xff5e);
    let units: Vec<u16> = super::numbers::all_u16(bytes).take_while(is_readable).collect();
    if units.len() < FEWEST_WIDE {
        return None;
    }
    let string = String::from_utf16_lossy(&units);
    let everyday = string.chars().filter(|it| it.is_ascii() || is_everyday(*it)).count();
    (everyday.saturating_mul(4) >= units.len().saturating_mul(3)).then_some((string, units.len() * 2))
}

/// Whether a Chinese character or sign is of the first level of GB 2312: rows 16 to 55, and 1 to 3 for signs.
fn is_everyday(character: char) -> bool {
    let mut buffer = [0; 4];
    let (encoded, ..) = GB18030.encode(character.encode_utf8(&mut buffer));
    matches!(*encoded, [0xa1..=0xa3 | 0xb0..=0xd7, 0xa1..=0xfe])
}

/// How many bytes a string in ASCII or GB18030 has here: pairs only of the rows that hold its everyday characters.
fn narrow_run(bytes: &[u8]) -> usize {
    let mut length = 0;
    loop {
        match bytes.get(length..).unwrap_or_default() {
            [9 | 0x20..=0x7e, ..] => length += 1,
            [0xa1..=0xa3 | 0xb0..=0xd7, 0xa1..=0xfe, ..] => length += 2,
            _ => return length,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{super::super::recorder::Recorder, *};

    fn found(bytes: &[u8]) -> String {
        let mut recorder = Recorder::default();
        strings(&mut &*bytes, &mut recorder);
        recorder.shown()
    }

    #[test]
    fn strings_of_either_width_are_found_between_other_bytes() {
        let wide: Vec<u8> = "轴承温度 P-12".encode_utf16().flat_map(u16::to_le_bytes).collect();
        let narrow = GB18030.encode("润滑油位计").0;
        let bytes = [b"\x01\x02valve 12\0\x07".as_slice(), &wide, b"\0\0\x01\x02", &narrow, b"\0"].concat();
        assert_eq!(found(&bytes), "text valve 12\ntext 轴承温度 P-12\ntext 润滑油位计");
    }

    #[test]
    fn noise_holds_hardly_any_string() {
        let mut state = 1u32;
        let noise: Vec<u8> = std::iter::repeat_with(|| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 24) as u8
        })
        .take(64 << 10)
        .collect();
        let strings = found(&noise).lines().count();
        assert!(strings < 64 * 3, "{strings}");
    }
}
