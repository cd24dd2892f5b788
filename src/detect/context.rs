//! Words near a candidate.

use std::ops::Range;

use memchr::memchr_iter;

/// Bytes before a candidate that are searched: about twenty Chinese characters, a label and a little more.
const BEFORE_BYTES: usize = 64;
/// Bytes behind it: a unit or a remark in brackets.
const AFTER_BYTES: usize = 24;

/// Whether one of the lower-case words stands near the candidate; ASCII words only whole.
pub(super) fn is_near(words: &[String], text: &[u8], candidate: &Range<usize>) -> bool {
    if words.is_empty() {
        return false;
    }
    let mut window = [0u8; BEFORE_BYTES + 1 + AFTER_BYTES];
    let before = text.get(candidate.start.saturating_sub(BEFORE_BYTES)..candidate.start).unwrap_or_default();
    let after_end = candidate.end.saturating_add(AFTER_BYTES).min(text.len());
    let after = text.get(candidate.end..after_end).unwrap_or_default();
    // The zero between keeps a word from being made of both sides.
    for (slot, byte) in window.iter_mut().zip(before.iter().chain(&[0]).chain(after)) {
        *slot = byte.to_ascii_lowercase();
    }
    let mut present = [false; 256];
    for byte in window {
        present[usize::from(byte)] = true;
    }
    // Most words miss a byte, and a look at a table costs less than a search.
    let possible = |word: &&String| word.bytes().all(|byte| present[usize::from(byte)]);
    words.iter().filter(possible).any(|word| stands(word.as_bytes(), &window))
}

fn stands(word: &[u8], window: &[u8]) -> bool {
    let letter = |at: Option<usize>| at.and_then(|at| window.get(at)).is_some_and(u8::is_ascii_alphabetic);
    let Some((first, rest)) = word.split_first() else { return false };
    memchr_iter(*first, window).any(|start| {
        if !window.get(start + 1..).is_some_and(|behind| behind.starts_with(rest)) {
            return false;
        }
        let cut_before = word.first().is_some_and(u8::is_ascii) && letter(start.checked_sub(1));
        let cut_after = word.last().is_some_and(u8::is_ascii) && letter(Some(start + word.len()));
        !cut_before && !cut_after
    })
}
