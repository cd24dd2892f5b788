//! Which characters the bytes of a text spell, from a sample of its beginning.
//!
//! The order of the questions matters: a mark, then Unicode, which is never right by chance, then what the text declares
//! of itself, then the encodings from before Unicode. Files are not always in one encoding (logs of several programs,
//! exports that were appended to), so a guess names the encoding of most of a text, and [`Mixture`] reads it line by line.

use std::borrow::Cow;

use encoding_rs::{BIG5, Encoding, GB18030, GBK, UTF_8, UTF_16BE, UTF_16LE};

mod legacy;
mod lines;
mod survey;
mod wide;

pub use lines::Mixture;

/// The answer to "which encoding".
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Guess {
    /// This one.
    Known(&'static Encoding),
    /// Units of four bytes.
    Utf32 {
        /// The byte that counts most stands first.
        is_big_endian: bool,
    },
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

/// The id shown for UTF-32.
#[must_use]
pub fn utf32_id(is_big_endian: bool) -> &'static str {
    if is_big_endian { "utf-32be" } else { "utf-32le" }
}

/// Tells the encoding of a text from its first bytes. `declared` is what the text says of itself (a web page, XML):
/// asked after the byte-order mark and after UTF-8, which is never right by chance.
#[must_use]
pub fn guess(sample: &[u8], declared: Option<&'static Encoding>) -> Guess {
    if let Some(guess) = wide::utf32_with_mark(sample) {
        return guess;
    }
    if let Some((encoding, _)) = Encoding::for_bom(sample) {
        return Guess::Known(encoding);
    }
    if sample.contains(&0) {
        return wide::utf32(sample).or_else(|| wide::utf16(sample).map(Guess::Known)).unwrap_or(Guess::Binary);
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
    if let Some(encoding) = wide::utf16_of_chinese(sample) {
        return Guess::Known(encoding);
    }
    if has_many_controls(sample) {
        return Guess::Binary;
    }
    let foreign = lines::not_in_utf8(sample);
    if foreign.in_utf8_bytes > foreign.other_bytes {
        return Guess::Known(UTF_8);
    }
    if let Some(encoding) = declared.filter(|it| *it != UTF_8 && *it != UTF_16LE && *it != UTF_16BE) {
        return Guess::Known(legacy::widen(encoding));
    }
    Guess::Known(legacy::guess(&foreign.other_lines))
}

/// The sample as text, whatever it holds, for a look at its first lines.
#[must_use]
pub fn decode(guess: Guess, sample: &[u8]) -> Cow<'_, str> {
    match guess {
        Guess::Known(encoding) if encoding == UTF_16LE || encoding == UTF_16BE => {
            encoding.decode_with_bom_removal(sample).0
        }
        Guess::Known(encoding) => Mixture::new(encoding, sample).decode(sample),
        Guess::Utf32 { is_big_endian } => {
            let unit = if is_big_endian { u32::from_be_bytes } else { u32::from_le_bytes };
            let (units, _) = sample.as_chunks::<4>();
            units.iter().map(|four| char::from_u32(unit(*four)).unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
        }
        Guess::Ascii | Guess::Binary => String::from_utf8_lossy(sample),
    }
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

/// Whether a text is UTF-8 only because a few characters of GBK happen to be, like those of 图纸 and 联通. Two bytes a
/// character read as a jumble of alphabets then; where some take three, every pair of bytes is an everyday character
/// of GB18030, which in UTF-8 the first pair of a Chinese word never is.
#[must_use]
pub fn is_utf8_by_chance(text: &str) -> bool {
    let beyond_ascii = || text.chars().filter(|it| !it.is_ascii());
    // Latin letters with marks are one alphabet; the others have a block of 256 each.
    let alphabet = |character: char| match u32::from(character) {
        0..0x180 => 0,
        code => code >> 8,
    };
    let Some(first) = beyond_ascii().next() else { return false };
    // Told by its first characters, since this is asked of every line.
    let is_few = beyond_ascii().take(legacy::HINTED_BELOW_BYTES + 1).count() <= legacy::HINTED_BELOW_BYTES;
    if first.len_utf8() > 2 || !is_few {
        return false;
    }
    // Latin, Greek, Cyrillic; few letters of any other alphabet are met in these stores.
    let is_known = matches!(u32::from(first), 0..0x250 | 0x391..0x500);
    let has_longer = beyond_ascii().any(|it| it.len_utf8() > 2);
    let is_jumble = has_longer || !is_known || beyond_ascii().any(|it| alphabet(it) != alphabet(first));
    let as_gb18030 = survey::gb18030(text.as_bytes());
    is_jumble && as_gb18030.errors == 0 && (!has_longer || as_gb18030.is_everyday(100))
}

/// The bytes of the byte-order mark, if a text in that encoding begins with one.
#[must_use]
pub fn mark_bytes(sample: &[u8], guess: Guess) -> usize {
    let mark: &[u8] = match guess {
        Guess::Utf32 { is_big_endian: false } => b"\xff\xfe\0\0",
        Guess::Utf32 { is_big_endian: true } => b"\0\0\xfe\xff",
        Guess::Known(encoding) if encoding == GB18030 => b"\x84\x31\x95\x33",
        _ => return Encoding::for_bom(sample).map_or(0, |(_, length)| length),
    };
    if sample.starts_with(mark) { mark.len() } else { 0 }
}

/// More than one control character in fifty: no text has that, random bytes have one in ten. The two that part the values of
/// a table are none.
fn has_many_controls(sample: &[u8]) -> bool {
    let controls = sample.iter().filter(|byte| matches!(byte, 0 | 2..=8 | 11 | 14..=26 | 28..=30 | 127)).count();
    // The lone end-of-file mark of old editors is no sign.
    controls > 1 && controls.saturating_mul(50) > sample.len()
}

#[cfg(test)]
mod tests;

#[cfg(test)]
mod accuracy_tests;
