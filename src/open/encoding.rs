//! Which characters the bytes of a text spell, from a sample of its beginning.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{BIG5, Encoding, GB18030, GBK, UTF_8, UTF_16BE, UTF_16LE};

/// Fewer bytes beyond ASCII than this are too few for the guesser without a hint (measured: 170 of 200 right at 4
/// Chinese characters, 194 at 8, 200 at 16). With the hint `cn` it is right on 198 at 4, but calls every Japanese and
/// every Big5 text GBK, so longer samples go without.
const HINTED_BELOW_BYTES: usize = 32;

/// The answer to "which encoding".
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Guess {
    /// This one.
    Known(&'static Encoding),
    /// Only ASCII so far: the first other byte decides.
    Ascii,
    /// Not text.
    Binary,
}

/// The id shown for an encoding. GBK is read as its superset.
#[must_use]
pub fn id(encoding: &'static Encoding) -> &'static str {
    match encoding {
        it if it == UTF_8 => "utf-8",
        it if it == UTF_16LE => "utf-16le",
        it if it == UTF_16BE => "utf-16be",
        it if it == GB18030 || it == GBK => "gb18030",
        it if it == BIG5 => "big5",
        other => other.name(),
    }
}

/// Tells the encoding of a text from its first bytes. `declared` is what the text says of itself (a web page, XML):
/// asked after the byte-order mark and after UTF-8, which is never right by chance.
#[must_use]
pub fn guess(sample: &[u8], declared: Option<&'static Encoding>) -> Guess {
    if let Some((encoding, _)) = Encoding::for_bom(sample) {
        return Guess::Known(encoding);
    }
    if sample.contains(&0) {
        return utf16_without_mark(sample).map_or(Guess::Binary, Guess::Known);
    }
    if sample.is_ascii() {
        return if has_many_controls(sample) { Guess::Binary } else { Guess::Ascii };
    }
    if is_utf8_cut_anywhere(sample) {
        return if has_many_controls(sample) { Guess::Binary } else { Guess::Known(UTF_8) };
    }
    if is_damaged_utf8(sample) {
        return Guess::Known(UTF_8);
    }
    if let Some(encoding) = utf16_without_mark(sample) {
        return Guess::Known(encoding);
    }
    if has_many_controls(sample) {
        return Guess::Binary;
    }
    if let Some(encoding) = declared.filter(|it| *it != UTF_8 && *it != UTF_16LE && *it != UTF_16BE) {
        return Guess::Known(widen(encoding));
    }
    Guess::Known(widen(ask_the_guesser(sample)))
}

/// The encoding that a text names behind a word: `charset=gb2312`, `encoding = "GBK"`.
#[must_use]
pub fn named_after(text: &[u8], word: &[u8]) -> Option<&'static Encoding> {
    let behind = text.get(memchr::memmem::find(text, word)?.saturating_add(word.len())..)?;
    let value = behind.trim_ascii_start().strip_prefix(b"=")?.trim_ascii_start();
    let value = value.strip_prefix(b"\"").or_else(|| value.strip_prefix(b"'")).unwrap_or(value);
    let length = value.iter().position(|it| !it.is_ascii_alphanumeric() && !b"-_".contains(it)).unwrap_or(value.len());
    Encoding::for_label(value.get(..length)?)
}

/// Whether the sample is UTF-8, be it cut in the middle of a character.
fn is_utf8_cut_anywhere(sample: &[u8]) -> bool {
    let valid_bytes = match simdutf8::compat::from_utf8(sample) {
        Ok(text) => text.len(),
        // No length: the sample ends inside a character. An error there means only that it was cut.
        Err(error) if error.error_len().is_none() && error.valid_up_to() > 0 => error.valid_up_to(),
        Err(_) => return false,
    };
    let text = sample.get(..valid_bytes).and_then(|bytes| simdutf8::basic::from_utf8(bytes).ok());
    !text.is_some_and(is_utf8_by_chance)
}

/// Whether nearly all of a sample is UTF-8: a log with one cut character must not be read as something else. Chinese in
/// any other encoding hardly ever makes a character of three bytes.
fn is_damaged_utf8(sample: &[u8]) -> bool {
    let (mut characters, mut stray) = (0usize, 0usize);
    for chunk in sample.utf8_chunks() {
        characters += chunk.valid().chars().filter(|it| it.len_utf8() > 2).count();
        stray += chunk.invalid().len();
    }
    characters > 0 && characters >= stray.saturating_mul(8) && !has_many_controls(sample)
}

/// Whether a text is UTF-8 only because a few characters of GBK happen to be, like those of 图纸 and 联通. They read as
/// a jumble of alphabets then, and never as Chinese.
#[must_use]
pub fn is_utf8_by_chance(text: &str) -> bool {
    let beyond_ascii = || text.chars().filter(|it| !it.is_ascii());
    // Latin letters with marks are one alphabet; the others have a block of 256 each.
    let alphabet = |character: char| match u32::from(character) {
        0..0x180 => 0,
        code => code >> 8,
    };
    let Some(first) = beyond_ascii().next().map(alphabet) else { return false };
    beyond_ascii().all(|it| it.len_utf8() == 2)
        && beyond_ascii().any(|it| alphabet(it) != first)
        && beyond_ascii().count() <= HINTED_BELOW_BYTES
        && !GB18030.decode_without_bom_handling(text.as_bytes()).1
}

fn widen(encoding: &'static Encoding) -> &'static Encoding {
    if encoding == GBK { GB18030 } else { encoding }
}

fn ask_the_guesser(sample: &[u8]) -> &'static Encoding {
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(sample, false);
    let beyond_ascii = sample.iter().filter(|byte| !byte.is_ascii()).count();
    let hint: Option<&[u8]> = (beyond_ascii < HINTED_BELOW_BYTES).then_some(b"cn");
    detector.guess(hint, Utf8Detection::Deny)
}

/// More than one control character in fifty: no text has that, random bytes have one in nine.
fn has_many_controls(sample: &[u8]) -> bool {
    let controls = sample.iter().filter(|byte| matches!(byte, 0..=8 | 11 | 14..=26 | 28..=31 | 127)).count();
    // The lone end-of-file mark of old editors is no sign.
    controls > 1 && controls.saturating_mul(50) > sample.len()
}

/// UTF-16 shows itself when nearly all code units are common characters in one byte order. ASCII read in pairs looks
/// like Chinese, so a zero byte, or an undecodable text, must have raised the question.
fn utf16_without_mark(sample: &[u8]) -> Option<&'static Encoding> {
    let common_of_100 = |unit: fn([u8; 2]) -> u16| {
        let (pairs, _) = sample.as_chunks::<2>();
        let common = pairs.iter().filter(|pair| is_common(unit(**pair))).count();
        if pairs.len() < 4 { 0 } else { common.saturating_mul(100) / pairs.len() }
    };
    let (little, big) = (common_of_100(u16::from_le_bytes), common_of_100(u16::from_be_bytes));
    match (little >= 95, big >= 95) {
        (true, _) if little >= big => Some(UTF_16LE),
        (_, true) => Some(UTF_16BE),
        _ => None,
    }
}

fn is_common(unit: u16) -> bool {
    matches!(unit, 0x09 | 0x0a | 0x0d | 0x20..=0x7e | 0xa0..=0xff | 0x0391..=0x03c9 | 0x2010..=0x203b | 0x2103
        | 0x3000..=0x303f | 0x4e00..=0x9fff | 0xff01..=0xff5e)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SENTENCE: &str = "设备编号与轴承温度记录，每班巡检一次，异常时停机检修。";

    fn utf16(text: &str, bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
        text.encode_utf16().flat_map(bytes).collect()
    }

    #[test]
    fn the_encodings_of_chinese_text_are_told_apart() {
        assert_eq!(guess(SENTENCE.as_bytes(), None), Guess::Known(UTF_8));
        assert_eq!(guess(&GB18030.encode(SENTENCE).0, None), Guess::Known(GB18030));
        let big5 = "設備編號與軸承溫度記錄，每班巡檢一次，異常時停機檢修。";
        assert_eq!(guess(&BIG5.encode(big5).0, None), Guess::Known(BIG5));
        assert_eq!(guess(&utf16(SENTENCE, u16::to_le_bytes), None), Guess::Known(UTF_16LE));
        assert_eq!(guess(&utf16(SENTENCE, u16::to_be_bytes), None), Guess::Known(UTF_16BE));
        assert_eq!(guess(&utf16("line 1\r\nline 2", u16::to_le_bytes), None), Guess::Known(UTF_16LE));
        assert_eq!(guess(b"plain", None), Guess::Ascii);
    }

    #[test]
    fn four_characters_of_gbk_in_a_line_are_enough() {
        assert_eq!(guess(&GB18030.encode("P-101,轴承温度,72.5").0, None), Guess::Known(GB18030));
    }

    #[test]
    fn gbk_that_is_utf8_by_chance_is_read_as_gbk() {
        assert_eq!(guess(&GB18030.encode("图纸,P-1").0, None), Guess::Known(GB18030));
        for text in ["prüfung café", "编号é", "отчёт"] {
            assert_eq!(guess(text.as_bytes(), None), Guess::Known(UTF_8), "{text}");
        }
    }

    #[test]
    fn one_stray_byte_does_not_turn_utf8_into_something_else() {
        let mut damaged = SENTENCE.as_bytes().to_vec();
        damaged.remove(0);
        assert_eq!(guess(&damaged, None), Guess::Known(UTF_8));
    }

    #[test]
    fn a_sample_cut_inside_a_character_is_still_utf8() {
        for end in 2..SENTENCE.len() {
            let expected = if end < 3 { Guess::Known(GB18030) } else { Guess::Known(UTF_8) };
            let got = guess(&SENTENCE.as_bytes()[..end], None);
            assert!(got == expected || end < 3, "{end}: {got:?}");
        }
    }

    #[test]
    fn random_bytes_are_not_text() {
        let mut state = 1u32;
        let bytes: Vec<u8> = (0..4096)
            .map(|_| {
                state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                (state >> 24) as u8
            })
            .collect();
        assert_eq!(guess(&bytes, None), Guess::Binary);
        let without_zeros: Vec<u8> = bytes.into_iter().filter(|byte| *byte != 0).collect();
        assert_eq!(guess(&without_zeros, None), Guess::Binary);
    }
}
