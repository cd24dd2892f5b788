//! Which of the encodings from before Unicode a text is in.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{BIG5, EUC_JP, Encoding, GB18030, GBK, SHIFT_JIS, WINDOWS_1252};

use super::survey;

/// Fewer bytes beyond ASCII than this are too few for the guesser without a hint. With the hint `cn` it calls every
/// Japanese and every Big5 text GBK, so longer samples go without (measured: docs/encodings.md).
pub(super) const HINTED_BELOW_BYTES: usize = 32;
/// So many characters in a hundred are everyday ones in a text of its encoding.
const EVERYDAY_PERCENT: usize = 80;
/// A Chinese text of this many characters has one outside of the rows that Korean shares with it (about four in ten are).
const FEWEST_AGAINST_KOREAN: usize = 8;

/// The encoding of a text that is not Unicode. Everyday Chinese is told by its characters, which needs only a few; the
/// rest is asked of the guesser, which is made for pages of the web and slow (11–16 MB/s measured).
pub(super) fn guess(sample: &[u8]) -> &'static Encoding {
    let as_gb18030 = survey::gb18030(sample);
    let is_japanese = as_gb18030.kana.saturating_mul(8) >= as_gb18030.characters;
    let may_be_korean =
        as_gb18030.characters >= FEWEST_AGAINST_KOREAN && as_gb18030.hangul_rows == as_gb18030.characters;
    if as_gb18030.is_everyday(EVERYDAY_PERCENT) && !is_japanese && !may_be_korean {
        return GB18030;
    }
    let beyond_ascii = sample.iter().filter(|byte| !byte.is_ascii()).count();
    let unhinted = ask(sample, None);
    if beyond_ascii >= HINTED_BELOW_BYTES {
        return unhinted;
    }
    if !as_gb18030.is_everyday(EVERYDAY_PERCENT / 2) && is_latin(sample) {
        return if unhinted.is_single_byte() { unhinted } else { WINDOWS_1252 };
    }
    let is_plausible = if unhinted == BIG5 {
        survey::big5(sample).is_everyday(EVERYDAY_PERCENT)
    } else {
        unhinted == SHIFT_JIS || unhinted == EUC_JP && is_japanese
    };
    if is_plausible { unhinted } else { ask(sample, Some(b"cn")) }
}

/// Whether three of four bytes beyond ASCII are letters with marks in words of plain ones: behind one, or before two.
/// The bytes of other scripts come in rows, at most every other of them an ASCII letter.
fn is_latin(sample: &[u8]) -> bool {
    let is_letter = |at: Option<usize>| at.and_then(|at| sample.get(at)).is_some_and(u8::is_ascii_alphabetic);
    let (mut beyond_ascii, mut in_words) = (0usize, 0usize);
    for (at, _) in sample.iter().enumerate().filter(|(_, byte)| !byte.is_ascii()) {
        beyond_ascii += 1;
        let is_behind = is_letter(at.checked_sub(1)) && is_letter(at.checked_sub(2).or(at.checked_sub(1)));
        in_words += usize::from(is_behind || is_letter(Some(at + 1)) && is_letter(Some(at + 2)));
    }
    in_words.saturating_mul(4) >= beyond_ascii.saturating_mul(3)
}

fn ask(sample: &[u8], hint: Option<&[u8]>) -> &'static Encoding {
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(sample, false);
    widen(detector.guess(hint, Utf8Detection::Deny))
}

/// GBK is read as its superset.
pub(super) fn widen(encoding: &'static Encoding) -> &'static Encoding {
    if encoding == GBK { GB18030 } else { encoding }
}
