//! Printable strings in bytes that have no reader: sampled, and none that chance makes.
//!
//! One byte in three of noise is a printable character, so short runs of them say nothing. What is kept is a run that noise
//! would make less than about once in [`CHANCE_BITS`] bits of bytes, or one that reads like a word or a long number.

use std::{
    io::{Read, SeekFrom},
    ops::Range,
};

use encoding_rs::GBK;

use super::{Reading, Sink, Source};
use crate::{
    model::{Fragment, Reason},
    open::Limits,
};

mod runs;

use runs::{Narrow, Order, Run, Wide};

/// How surprising a run must be: 2^24 bytes of noise, several samples of a file, hold one such run.
const CHANCE_BITS: f64 = 24.0;
/// Bits of surprise in one printable ASCII character: 95 of 256 bytes are one.
const ASCII_BITS: f64 = 1.43;
/// What a run must have more where letters stand between pairs: ten characters mix in some 2^8 ways.
const MIXTURE_BITS: f64 = 8.0;
/// In a common Chinese character of GB 2312 (level 1: 40 × 94 of 65,536 pairs).
const HAN_PAIR_BITS: f64 = 4.12;
/// In a Chinese character of UTF-8 (6 first bytes, two that go on: 20,992 of 2^24).
const HAN_UTF8_BITS: f64 = 9.64;
/// In an ASCII character of UTF-16 (95 of 65,536 pairs).
const WIDE_ASCII_BITS: f64 = 9.43;
/// Words of programs and formats are as short; names of things that matter are longer.
const FEWEST_CHARACTERS: usize = 6;
/// Letters of one word in a run that is short: of 26^6 words of noise hardly one is among the few hundred of a vocabulary.
const FEWEST_LETTERS: usize = 6;
/// Digits of a number in a run that is short.
const FEWEST_DIGITS: usize = 8;

/// Samples a file: its beginning, its middle and its end.
pub(super) fn sample(source: &mut dyn Source, limits: &Limits, sink: &mut dyn Sink) -> Result<Reading, Reason> {
    let broken = |error: std::io::Error| Reason::from(&error);
    let length = source.seek(SeekFrom::End(0)).map_err(broken)?;
    let piece = limits.strings_bytes;
    let places = if length <= piece.saturating_mul(3) {
        vec![(0, length)]
    } else {
        vec![(0, piece), ((length - piece) / 2, piece), (length - piece, piece)]
    };
    let mut is_kept = false;
    for (start, bytes) in places {
        source.seek(SeekFrom::Start(start)).map_err(broken)?;
        let mut content = Vec::new();
        source.take(bytes).read_to_end(&mut content).map_err(broken)?;
        is_kept |= pour(&content, sink);
    }
    outcome(is_kept)
}

/// Samples the beginning of bytes that come once; `head` are the first of them.
pub(super) fn sample_beginning(reader: &mut dyn Read, limits: &Limits, sink: &mut dyn Sink) -> Result<Reading, Reason> {
    let mut content = Vec::new();
    reader.take(limits.strings_bytes).read_to_end(&mut content).map_err(|error| Reason::from(&error))?;
    outcome(pour(&content, sink))
}

/// What a sample is worth: nothing, where no string was kept.
fn outcome(is_kept: bool) -> Result<Reading, Reason> {
    if !is_kept {
        return Err(Reason::UnsupportedFormat);
    }
    Ok(Reading { partial: Some(Reason::StringsOnly), ..Reading::default() })
}

/// Hands on the strings in `content`, each as a text of its own; whether there were any.
pub(super) fn pour(content: &[u8], sink: &mut dyn Sink) -> bool {
    let mut is_kept = false;
    let mut keep = |text: &str| {
        sink.fragment(Fragment::Text(text.trim().as_bytes()));
        sink.fragment(Fragment::Break);
        is_kept = true;
    };
    for run in Narrow::new(content) {
        if let Some(text) = narrow_text(content, &run) {
            keep(&text);
        }
    }
    for wide in wide_texts(content) {
        keep(&wide.text);
    }
    is_kept
}

/// The text of a run of single bytes, UTF-8 or GBK, if it is one that counts.
fn narrow_text(content: &[u8], run: &Run) -> Option<String> {
    let bytes = content.get(run.bytes.clone())?;
    let han_bits = if run.is_gbk { HAN_PAIR_BITS } else { HAN_UTF8_BITS };
    let bits = ASCII_BITS * run.ascii as f64 + han_bits * run.han as f64;
    // Pairs and letters mix in many ways, and each way has its chance.
    let needed = if run.is_gbk && run.ascii > 0 { CHANCE_BITS + MIXTURE_BITS } else { CHANCE_BITS };
    let is_text = bits >= needed && (run.han == 0 || run.han >= 2);
    if !(is_text || run.han == 0 && reads_like_text(bytes)) || is_of_an_archive(bytes) {
        return None;
    }
    let text = if run.is_gbk {
        GBK.decode_without_bom_handling(bytes).0.into_owned()
    } else {
        String::from_utf8_lossy(bytes).into_owned()
    };
    has_variety(&text).then_some(text)
}

/// A text of UTF-16.
struct WideText {
    bytes: Range<usize>,
    /// Characters that speak for it, ASCII and common Chinese ones, less the others.
    telling: usize,
    text: String,
}

/// The texts of UTF-16 in either order of bytes, where they stand. Letters of one order, read from the byte beside, are
/// those of the other: of two readings of the same bytes the one that tells more is right.
fn wide_texts(content: &[u8]) -> Vec<WideText> {
    let mut found: Vec<WideText> = Vec::new();
    for order in [Order::LowFirst, Order::HighFirst] {
        for alignment in 0..2 {
            found.extend(Wide::new(content, order, alignment).filter_map(|run| wide_text(content, order, &run)));
        }
    }
    found.sort_by_key(|wide| wide.bytes.start);
    let mut kept: Vec<WideText> = Vec::with_capacity(found.len());
    for wide in found {
        match kept.last_mut().filter(|last| are_the_same_bytes(&last.bytes, &wide.bytes)) {
            Some(last) if wide.telling > last.telling => *last = wide,
            Some(_) => {}
            None => kept.push(wide),
        }
    }
    kept
}

/// Whether the second, which begins no earlier, stands for the most part in the first, or the first in it.
fn are_the_same_bytes(first: &Range<usize>, second: &Range<usize>) -> bool {
    let shared = first.end.min(second.end).saturating_sub(second.start);
    2 * shared > first.len().min(second.len())
}

/// The text of a run of UTF-16, if it is one that counts.
fn wide_text(content: &[u8], order: Order, run: &Run) -> Option<WideText> {
    let bits = |han: usize| WIDE_ASCII_BITS * run.ascii as f64 + HAN_PAIR_BITS * han as f64;
    // What cannot count is not decoded: noise is full of it.
    if bits(run.han) < CHANCE_BITS {
        return None;
    }
    let pairs = content.get(run.bytes.clone())?.chunks_exact(2);
    let units: Vec<u16> = pairs.map(|pair| order.unit([pair[0], pair[1]])).collect();
    let text = String::from_utf16_lossy(&units);
    let common = if run.han > 0 { text.chars().filter(|character| is_common_han(*character)).count() } else { 0 };
    // Numbers of two bytes that are small look like letters: as many as of single ones are asked for.
    let is_long = run.ascii + common >= FEWEST_CHARACTERS || common >= 2 && run.ascii >= 2;
    let is_text = bits(common) >= CHANCE_BITS && is_long && has_variety(&text);
    let telling = (2 * (run.ascii + common)).saturating_sub(units.len());
    is_text.then(|| WideText { bytes: run.bytes.clone(), telling, text })
}

/// Whether a short run of ASCII holds a word or a long number, and nothing odd beside it.
fn reads_like_text(run: &[u8]) -> bool {
    let is_plain = |byte: &u8| byte.is_ascii_alphanumeric() || b" ._-/\\:,=@()+".contains(byte);
    let digits = run.iter().filter(|byte| byte.is_ascii_digit()).count();
    run.len() >= FEWEST_CHARACTERS
        && run.iter().all(is_plain)
        && (digits >= FEWEST_DIGITS || run.split(|byte| !byte.is_ascii_alphabetic()).any(is_word))
}

/// Whether a run is numbers of the header of a tar or cpio archive: octal, and filled up with zeros.
fn is_of_an_archive(run: &[u8]) -> bool {
    let is_octal = |byte: &u8| matches!(byte, b'0'..=b'7' | b' ');
    run.iter().all(is_octal) && run.split(|byte| *byte == b' ').any(|number| number.first() == Some(&b'0'))
}

/// Letters of one case, the first aside, with a vowel in each four.
fn is_word(letters: &[u8]) -> bool {
    let Some((_, rest)) = letters.split_first() else { return false };
    let is_of_one_case = rest.iter().all(u8::is_ascii_lowercase) || letters.iter().all(u8::is_ascii_uppercase);
    let is_vowel = |byte: &u8| b"aeiouyAEIOUY".contains(byte);
    letters.len() >= FEWEST_LETTERS
        && is_of_one_case
        && letters.chunks(4).take(letters.len() / 4).all(|four| four.iter().any(is_vowel))
}

/// Fillings repeat one or two characters; texts do not.
fn has_variety(text: &str) -> bool {
    let mut seen: Vec<char> = Vec::new();
    for character in text.chars() {
        if !seen.contains(&character) {
            seen.push(character);
        }
        if seen.len() >= 4 {
            return true;
        }
    }
    false
}

/// Whether a character is one of the 3,755 common ones, by its place in GB 2312.
fn is_common_han(character: char) -> bool {
    let mut utf8 = [0; 4];
    let (pair, _, is_unmapped) = GBK.encode(character.encode_utf8(&mut utf8));
    !is_unmapped && matches!(*pair, [0xb0..=0xd7, 0xa1..=0xfe])
}

#[cfg(test)]
mod tests;
