//! What compound files hold besides their formats' structures: paragraphs, and strings that stand between other bytes.

use std::{io::Read, sync::LazyLock};

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
        let read = (&mut *reader).take(CHUNK_BYTES as u64).read_to_end(&mut chunk);
        // What came before the reader failed is read, too.
        strings_of(&chunk, sink);
        if read.is_err() || chunk.is_empty() {
            return;
        }
    }
}

/// Hands on the readable strings in some bytes.
pub(super) fn strings_of(bytes: &[u8], sink: &mut dyn Sink) {
    for chunk in bytes.chunks(CHUNK_BYTES) {
        let mut wide = WideStrings::new(chunk);
        let mut at = 0;
        while at < chunk.len() {
            let rest = chunk.get(at..).unwrap_or_default();
            // First, since two letters of ASCII read as a Chinese character of two bytes, and hardly ever the other way round.
            let narrow = narrow_run(rest);
            if narrow >= FEWEST_NARROW {
                paragraph(&GB18030.decode_without_bom_handling(rest.get(..narrow).unwrap_or_default()).0, sink);
                at += narrow;
            } else if let Some((string, end)) = wide.string_at(at) {
                paragraph(&string, sink);
                at = end;
            } else {
                at += narrow.max(1);
            }
        }
    }
}

/// Hands on the readable strings of two bytes a character alone.
pub(super) fn wide_strings(bytes: &[u8], sink: &mut dyn Sink) {
    for chunk in bytes.chunks(CHUNK_BYTES) {
        let mut wide = WideStrings::new(chunk);
        let mut at = 0;
        while at < chunk.len() {
            match wide.string_at(at) {
                Some((string, end)) => {
                    paragraph(&string, sink);
                    at = end;
                }
                None => at += 1,
            }
        }
    }
}

/// The strings of two bytes a character in some bytes, asked for from the first place to the last. A run of readable
/// characters is looked at once for each of the two alignments, however many places in it no string begins at.
struct WideStrings<'b> {
    bytes: &'b [u8],
    /// The runs that were met last: at even places, at odd ones.
    runs: [WideRun; 2],
}

/// Readable characters of two bytes, one behind the other.
#[derive(Default)]
struct WideRun {
    end: usize,
    /// For each character, the last one first, whether it and what follows it are everyday enough for a string.
    is_string: Vec<bool>,
}

impl<'b> WideStrings<'b> {
    fn new(bytes: &'b [u8]) -> Self {
        Self { bytes, runs: Default::default() }
    }

    /// The string that begins at this place, and where it ends.
    fn string_at(&mut self, at: usize) -> Option<(String, usize)> {
        let run = self.runs.get_mut(at % 2)?;
        if at >= run.end {
            *run = WideRun::at(self.bytes, at);
        }
        let left = run.end.saturating_sub(at) / 2;
        let is_string = left >= FEWEST_WIDE && *run.is_string.get(left - 1)?;
        let units = is_string.then(|| super::numbers::all_u16(self.bytes.get(at..run.end).unwrap_or_default()));
        units.map(|units| (String::from_utf16_lossy(&units.collect::<Vec<_>>()), run.end))
    }
}

impl WideRun {
    /// The run that begins here. Noise of two bytes is a Chinese character one time in three, but an everyday one only one
    /// time in seventeen: of a string, three in four are everyday.
    fn at(bytes: &[u8], at: usize) -> Self {
        let units: Vec<u16> = super::numbers::all_u16(bytes.get(at..).unwrap_or_default())
            .take_while(|unit| is_readable(*unit))
            .collect();
        let mut balance = 0i64;
        let is_string = units.iter().rev().map(|unit| {
            balance += if is_everyday(*unit) { 1 } else { -3 };
            balance >= 0
        });
        Self { is_string: is_string.collect(), end: at + units.len() * 2 }
    }
}

/// Whether this is ASCII, or a Chinese character or sign.
fn is_readable(unit: u16) -> bool {
    matches!(unit, 9 | 0x20..=0x7e | 0x3001..=0x301f | 0x4e00..=0x9fa5 | 0xff01..=0xff5e)
}

/// Whether this is ASCII, or a Chinese character or sign of the first level of GB 2312: rows 16 to 55, and 1 to 3 for signs.
fn is_everyday(unit: u16) -> bool {
    unit < 0x80 || EVERYDAY.get(usize::from(unit)).copied().unwrap_or(false)
}

/// For each character of two bytes, whether it stands in these rows: to encode each one takes far longer.
static EVERYDAY: LazyLock<Vec<bool>> = LazyLock::new(|| {
    let mut is_everyday = vec![false; 0x1_0000];
    for first in (0xa1..=0xa3).chain(0xb0..=0xd7) {
        for second in 0xa1..=0xfe {
            for character in GB18030.decode_without_bom_handling(&[first, second]).0.chars() {
                if let Some(is_everyday) = is_everyday.get_mut(character as usize) {
                    *is_everyday = true;
                }
            }
        }
    }
    is_everyday
});

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
    use proptest::prelude::*;

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
    fn bytes_that_are_readable_but_no_string_are_looked_over_once() {
        let rare = vec![0x80; 4 << 20];
        assert_eq!(found(&rare), "");
        let mut recorder = Recorder::default();
        wide_strings(&rare, &mut recorder);
        strings_of(&rare, &mut recorder);
        assert_eq!(recorder.shown(), "");
    }

    #[test]
    fn everyday_characters_are_those_that_gb_2312_puts_into_its_first_rows() {
        for unit in (0..=u16::MAX).filter(|unit| is_readable(*unit) && *unit >= 0x80) {
            let character = String::from_utf16(&[unit]).unwrap();
            let encoded = GB18030.encode(&character).0;
            let is_of_first_rows = matches!(*encoded, [0xa1..=0xa3 | 0xb0..=0xd7, 0xa1..=0xfe]);
            assert_eq!(is_everyday(unit), is_of_first_rows, "{character}");
        }
    }

    proptest! {
        #[test]
        fn a_string_begins_at_the_first_place_from_which_enough_is_everyday(
            units in prop::collection::vec(prop::sample::select(vec![0x61u16, 0x8f74, 0x8080, 0x9f9f, 1]), 0..40),
            is_odd in any::<bool>(),
        ) {
            let mut bytes: Vec<u8> = units.iter().flat_map(|unit| unit.to_le_bytes()).collect();
            if is_odd {
                bytes.insert(0, 1);
            }
            let mut wide = WideStrings::new(&bytes);
            for at in 0..bytes.len() {
                let units: Vec<u16> =
                    crate::extract::compound::numbers::all_u16(&bytes[at..]).take_while(|it| is_readable(*it)).collect();
                let everyday = units.iter().filter(|it| is_everyday(**it)).count();
                let is_string = units.len() >= FEWEST_WIDE && everyday * 4 >= units.len() * 3;
                let expected = is_string.then(|| (String::from_utf16(&units).unwrap(), at + units.len() * 2));
                prop_assert_eq!(wide.string_at(at), expected);
            }
        }
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
