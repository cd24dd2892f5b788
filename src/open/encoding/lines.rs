//! Texts whose lines are not all in one encoding: a log that two programs write, an export that another was appended to.

use std::borrow::Cow;

use encoding_rs::{BIG5, EUC_JP, Encoding, GB18030, SHIFT_JIS, UTF_8};

use super::{is_utf8_by_chance, legacy, survey};

/// A line that is not UTF-8 stands in a text that is: so many in a hundred of its characters must be everyday ones for
/// it to be read as Chinese. Else it is damaged, and stays as it is.
const EVERYDAY_PERCENT_OF_STRANGERS: usize = 50;

/// Reads a text line by line: each line is either UTF-8 or in one encoding from before Unicode.
///
/// A line of ASCII is both. A line that is valid UTF-8 is UTF-8, since text in another encoding is that only by chance,
/// in a few characters ([`is_utf8_by_chance`]); but in a text that is mostly not UTF-8 only if it has characters of three
/// bytes, as all of Chinese has. A line with some cut characters of UTF-8 in it stays UTF-8.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mixture {
    base: &'static Encoding,
    legacy: &'static Encoding,
}

impl Mixture {
    /// A text that is mostly in `base`, an encoding that ASCII is a part of, and begins with `sample`.
    #[must_use]
    pub fn new(base: &'static Encoding, sample: &[u8]) -> Self {
        if base != UTF_8 {
            return Self { base, legacy: base };
        }
        if simdutf8::basic::from_utf8(sample).is_ok() {
            return Self { base, legacy: GB18030 };
        }
        let strangers = not_in_utf8(sample).other_lines;
        let guessed = if strangers.is_empty() { GB18030 } else { legacy::guess(&strangers) };
        let is_chinese_or_japanese = [BIG5, EUC_JP, SHIFT_JIS].contains(&guessed);
        Self { base, legacy: if is_chinese_or_japanese { guessed } else { GB18030 } }
    }

    /// The encoding of most lines.
    #[must_use]
    pub fn base(&self) -> &'static Encoding {
        self.base
    }

    /// The encoding of the lines that are not UTF-8.
    #[must_use]
    pub fn legacy(&self) -> &'static Encoding {
        self.legacy
    }

    /// The lines at the front of `text` that are in one encoding: which, and how many bytes they are.
    #[must_use]
    pub fn stretch(&self, text: &[u8]) -> (&'static Encoding, usize) {
        if self.base == UTF_8 {
            let valid_bytes = match simdutf8::compat::from_utf8(text) {
                Ok(_) => return (UTF_8, text.len()),
                Err(error) => error.valid_up_to(),
            };
            let before = text.get(..valid_bytes).unwrap_or_default();
            if let Some(line_end) = memchr::memrchr(b'\n', before) {
                return (UTF_8, line_end + 1);
            }
        }
        let mut encoding = None;
        let mut length = 0;
        for line in lines(text) {
            let of_line = self.of_line(line);
            if of_line.is_some() && encoding.is_some() && encoding != of_line {
                break;
            }
            encoding = encoding.or(of_line);
            length += line.len();
        }
        (encoding.unwrap_or(self.base), length)
    }

    /// The whole of `text` decoded, without its mark.
    #[must_use]
    pub fn decode<'t>(&self, text: &'t [u8]) -> Cow<'t, str> {
        let text = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text);
        let (encoding, length) = self.stretch(text);
        if length == text.len() {
            return encoding.decode_without_bom_handling(text).0;
        }
        let mut decoded = String::with_capacity(text.len());
        let mut rest = text;
        while !rest.is_empty() {
            let (encoding, length) = self.stretch(rest);
            let (lines, after) = rest.split_at(length);
            decoded.push_str(&encoding.decode_without_bom_handling(lines).0);
            rest = after;
        }
        Cow::Owned(decoded)
    }

    /// The encoding of one line; `None` where it is ASCII.
    fn of_line(&self, line: &[u8]) -> Option<&'static Encoding> {
        let beyond = line.get(Encoding::ascii_valid_up_to(line)..).unwrap_or_default();
        if beyond.is_empty() {
            return None;
        }
        // Most lines of another encoding are told by their first character, which costs little.
        if self.base != UTF_8 && !begins_like_utf8(beyond) {
            return Some(self.legacy);
        }
        let is_utf8 = match simdutf8::compat::from_utf8(beyond) {
            Ok(text) => self.base == UTF_8 || has_long_character(text) && !is_utf8_by_chance(text),
            Err(_) => is_damaged(beyond) || self.base == UTF_8 && !self.is_plausible(beyond),
        };
        Some(if is_utf8 { UTF_8 } else { self.legacy })
    }

    /// Whether a line that is not UTF-8, in a text that is, reads well in the other encoding.
    fn is_plausible(&self, line: &[u8]) -> bool {
        let survey = if self.legacy == BIG5 { survey::big5(line) } else { survey::gb18030(line) };
        survey.is_everyday(EVERYDAY_PERCENT_OF_STRANGERS) || self.legacy != BIG5 && self.legacy != GB18030
    }
}

/// Whether the first bytes may be a character of UTF-8.
fn begins_like_utf8(text: &[u8]) -> bool {
    let continues = |byte: &u8| matches!(byte, 0x80..=0xbf);
    match text {
        [0xc2..=0xdf, rest @ ..] => rest.iter().take(1).all(continues),
        [0xe0..=0xef, rest @ ..] => rest.iter().take(2).all(continues),
        [0xf0..=0xf4, rest @ ..] => rest.iter().take(3).all(continues),
        _ => false,
    }
}

fn has_long_character(text: &str) -> bool {
    text.bytes().any(|byte| byte >= 0xe0)
}

/// A sample parted into what is UTF-8 and what is not.
pub(super) struct Parted {
    /// Bytes beyond ASCII in lines of UTF-8.
    pub(super) in_utf8_bytes: usize,
    /// Bytes beyond ASCII in the others.
    pub(super) other_bytes: usize,
    /// The others.
    pub(super) other_lines: Vec<u8>,
}

/// Parts a sample, whose last line may be cut anywhere.
pub(super) fn not_in_utf8(sample: &[u8]) -> Parted {
    let mut parted = Parted { in_utf8_bytes: 0, other_bytes: 0, other_lines: Vec::new() };
    for line in lines(sample) {
        let beyond = line.get(Encoding::ascii_valid_up_to(line)..).unwrap_or_default();
        if beyond.is_empty() {
            continue;
        }
        let is_utf8 = match simdutf8::compat::from_utf8(beyond) {
            Ok(text) => !is_utf8_by_chance(text),
            Err(_) => is_damaged(beyond),
        };
        let bytes = beyond.iter().filter(|byte| !byte.is_ascii()).count();
        if is_utf8 {
            parted.in_utf8_bytes += bytes;
        } else {
            parted.other_bytes += bytes;
            parted.other_lines.extend_from_slice(line);
        }
    }
    parted
}

/// The lines of a text with their ends.
fn lines(text: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let end = memchr::memchr(b'\n', rest).map_or(rest.len(), |at| at + 1);
        let (line, after) = rest.split_at(end);
        rest = after;
        (!line.is_empty()).then_some(line)
    })
}

/// Whether a line that is not valid UTF-8 is UTF-8 with something cut: most of it is characters of three bytes and more,
/// which other encodings hardly ever make (one in 150 pairs of GBK), and it is not Chinese in everyday characters.
fn is_damaged(line: &[u8]) -> bool {
    let (mut character_bytes, mut stray_bytes) = (0usize, 0usize);
    for chunk in line.utf8_chunks() {
        character_bytes += chunk.valid().chars().map(char::len_utf8).filter(|length| *length > 2).sum::<usize>();
        stray_bytes += chunk.invalid().len();
    }
    character_bytes > stray_bytes && !survey::gb18030(line).is_everyday(100)
}
