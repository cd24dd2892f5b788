//! Encodings of two and of four bytes a unit, told without a byte-order mark.

use encoding_rs::{Encoding, UTF_16BE, UTF_16LE};

use super::Guess;

/// So many units in a hundred must be common characters.
const COMMON_PERCENT: usize = 95;
/// Fewer units than this say nothing.
const FEWEST_UNITS: usize = 4;

/// UTF-16 shows itself when nearly all code units are common characters in one byte order. ASCII read in pairs looks
/// like Chinese, so a zero byte must have raised the question.
pub(super) fn utf16(sample: &[u8]) -> Option<&'static Encoding> {
    let (pairs, _) = sample.as_chunks::<2>();
    let common_percent = |unit: fn([u8; 2]) -> u16| {
        percent_of(pairs.len(), pairs.iter().filter(|pair| is_common(u32::from(unit(**pair)))).count())
    };
    let (little, big) = (common_percent(u16::from_le_bytes), common_percent(u16::from_be_bytes));
    match (little >= COMMON_PERCENT, big >= COMMON_PERCENT) {
        (true, _) if little >= big => Some(UTF_16LE),
        (_, true) => Some(UTF_16BE),
        _ => None,
    }
}

/// UTF-16 without a single zero byte: Chinese without a line end. Half of its characters lie below U+8000, where two bytes
/// of Shift_JIS, which look like Chinese too, never do.
pub(super) fn utf16_of_chinese(sample: &[u8]) -> Option<&'static Encoding> {
    let encoding = utf16(sample)?;
    let (pairs, _) = sample.as_chunks::<2>();
    let unit = if encoding == UTF_16LE { u16::from_le_bytes } else { u16::from_be_bytes };
    let low = pairs.iter().filter(|pair| unit(**pair) < 0x8000).count();
    (low.saturating_mul(5) >= pairs.len()).then_some(encoding)
}

/// UTF-32 likewise; every other unit is a zero byte or two.
pub(super) fn utf32(sample: &[u8]) -> Option<Guess> {
    let (units, _) = sample.as_chunks::<4>();
    let common_percent =
        |unit: fn([u8; 4]) -> u32| percent_of(units.len(), units.iter().filter(|four| is_common(unit(**four))).count());
    if common_percent(u32::from_le_bytes) >= COMMON_PERCENT {
        Some(Guess::Utf32 { is_big_endian: false })
    } else if common_percent(u32::from_be_bytes) >= COMMON_PERCENT {
        Some(Guess::Utf32 { is_big_endian: true })
    } else {
        None
    }
}

/// The byte-order mark of UTF-32, which begins like that of UTF-16: what follows it must be characters.
pub(super) fn utf32_with_mark(sample: &[u8]) -> Option<Guess> {
    let (is_big_endian, rest) = match sample {
        [0xff, 0xfe, 0, 0, rest @ ..] => (false, rest),
        [0, 0, 0xfe, 0xff, rest @ ..] => (true, rest),
        _ => return None,
    };
    let (units, _) = rest.as_chunks::<4>();
    let unit = if is_big_endian { u32::from_be_bytes } else { u32::from_le_bytes };
    units.iter().all(|four| char::from_u32(unit(*four)).is_some()).then_some(Guess::Utf32 { is_big_endian })
}

fn percent_of(units: usize, common: usize) -> usize {
    if units < FEWEST_UNITS { 0 } else { common.saturating_mul(100) / units }
}

fn is_common(unit: u32) -> bool {
    matches!(unit, 0x09 | 0x0a | 0x0d | 0x20..=0x7e | 0xa0..=0xff | 0x0391..=0x03c9 | 0x2010..=0x203b | 0x2103
        | 0x3000..=0x303f | 0x4e00..=0x9fff | 0xff01..=0xff5e
        // Rare Chinese characters, as such and as the two halves that UTF-16 makes of each.
        | 0x20000..=0x2ffff | 0xd840..=0xd87f | 0xdc00..=0xdfff)
}
