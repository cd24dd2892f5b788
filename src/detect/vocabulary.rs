//! Words in content: counted over a bounded part of an asset, since what they say saturates.

use std::ops::Range;

use super::blocks::{BLOCK, Block, low_bits};
use super::parts::Parts;
use super::simd;
use crate::model::{Evidence, Place};
use crate::rules::Dictionary;

/// The first bytes are read whole, half of the default of 1 MiB an asset.
const HEAD_BYTES: u64 = 512 << 10;
/// Behind them slices of this size are read,
const SLICE_BYTES: u64 = 8 << 10;
/// this many at each distance,
const SLICES_AT_A_DISTANCE: u64 = 16;
/// of distances that start here and grow eightfold, so that a gigabyte is spread over as a megabyte is, without
/// knowing beforehand how long it is.
const FIRST_DISTANCE_BYTES: u64 = 64 << 10;
const DISTANCE_GROWTH: u64 = 8;
/// Distances: with the last, 32 MiB, half a gigabyte is reached. Together the slices are the other half of 1 MiB.
const DISTANCES: u32 = 4;

/// Words of so many letters stand by chance in what is encoded.
const LONGEST_CHANCE: usize = 4;

/// Blocks looked at in one go.
const STRIP: usize = 32;

/// Counts the words of content.
pub(super) struct Vocabulary<'p> {
    dictionary: &'p Dictionary,
    thorough: bool,
    /// By term; empty until the first is met.
    counts: Vec<u64>,
    /// Bytes of content that have gone by.
    position: u64,
    /// Up to here nothing is read.
    skipped_to: u64,
    /// Where the last word ends, in the content: what stands in it is not told.
    done: u64,
    /// No slice is left.
    exhausted: bool,
}

impl<'p> Vocabulary<'p> {
    pub(super) fn new(dictionary: &'p Dictionary, thorough: bool) -> Self {
        Self {
            dictionary,
            thorough,
            counts: Vec::new(),
            position: 0,
            skipped_to: 0,
            done: 0,
            exhausted: dictionary.terms().is_empty(),
        }
    }

    /// Takes a cell of no more than a block, of which is known what stands where.
    pub(super) fn take_cell(&mut self, value: &[u8], block: &Block) {
        let length = value.len() as u64;
        let is_read = self.thorough || self.position + length <= HEAD_BYTES;
        if is_read && !self.exhausted {
            self.count_in(value, 0, [&Block::default(), block, &Block::default()], value.len(), 0);
            self.position += length;
        } else {
            self.take(value, 0..value.len());
        }
    }

    /// Takes the content in `region` of `text`, which stands where the last region ended.
    pub(super) fn take(&mut self, text: &[u8], region: Range<usize>) {
        let length = region.len() as u64;
        if self.exhausted || self.position + length <= self.skipped_to {
            self.position += length;
            return;
        }
        let mut at = region.start;
        while at < region.end && !self.exhausted {
            let (read, length) = if self.thorough { (true, u64::MAX) } else { stretch(self.position) };
            let end = region.end.min(at.saturating_add(usize::try_from(length).unwrap_or(usize::MAX)));
            if read {
                self.count(text, at..end);
            }
            self.exhausted = !read && length == u64::MAX;
            self.skipped_to = if read { 0 } else { self.position.saturating_add(length) };
            self.position += (end - at) as u64;
            at = end;
        }
    }

    /// Counts the words that begin in a region.
    fn count(&mut self, text: &[u8], region: Range<usize>) {
        if region == (0..text.len()) && text.len() <= BLOCK {
            let nothing = Block::default();
            self.count_in(text, 0, [&nothing, &simd::look_at_cut(text), &nothing], text.len(), 0);
            return;
        }
        let mut blocks = [Block::default(); STRIP + 2];
        let mut start = region.start;
        let mut done = start.saturating_add(usize::try_from(self.done.saturating_sub(self.position)).unwrap_or(0));
        while start < region.end {
            let end = region.end.min(start + STRIP * BLOCK);
            let wanted = (end - start).div_ceil(BLOCK);
            simd::look_around(text, start, &mut blocks, wanted);
            for (number, three) in blocks.windows(3).take(wanted).enumerate() {
                let [before, here, after] = three else { continue };
                let at = start + number * BLOCK;
                done = self.count_in(text, at, [before, here, after], end - at, done);
            }
            start = end;
        }
        self.done = self.done.max(self.position + done.saturating_sub(region.start) as u64);
    }

    /// Counts the words that begin in a block, in its first bytes and not before `done`; gives the end of the last.
    fn count_in(&mut self, text: &[u8], start: usize, blocks: [&Block; 3], length: usize, done: usize) -> usize {
        let (dictionary, counts) = (self.dictionary, &mut self.counts);
        let parts = Parts::of(text, start, blocks, dictionary).within(low_bits(length));
        dictionary.scan_at(text, parts, done, |hit| {
            if is_chance(text, &hit.range) {
                return;
            }
            if counts.is_empty() {
                counts.resize(dictionary.terms().len(), 0);
            }
            if let Some(count) = counts.get_mut(hit.term) {
                *count += 1;
            }
        })
    }

    /// What was seen, in the order of the dictionary.
    pub(super) fn evidence(&self) -> impl Iterator<Item = Evidence> {
        let terms = self.dictionary.terms().iter().zip(&self.counts);
        terms
            .filter(|(term, count)| **count > 0 && term.counts_in(Place::Content))
            .map(|(term, count)| term.evidence(Place::Content, *count))
    }
}

/// Whether a word is likely a piece of something encoded (`15CAD2F`, `aGVsbG8Fea`): short, and letters or digits before it.
fn is_chance(text: &[u8], word: &Range<usize>) -> bool {
    let before = word.start.checked_sub(1).and_then(|before| text.get(before));
    word.len() <= LONGEST_CHANCE
        && before.is_some_and(u8::is_ascii_alphanumeric)
        && text.get(word.start).is_some_and(u8::is_ascii)
}

/// Whether the byte at a position is read, and how far that holds.
fn stretch(position: u64) -> (bool, u64) {
    let Some(mut behind) = position.checked_sub(HEAD_BYTES) else { return (true, HEAD_BYTES - position) };
    let mut distance = FIRST_DISTANCE_BYTES;
    for _ in 0..DISTANCES {
        if behind < distance * SLICES_AT_A_DISTANCE {
            // Each distance ends with its slice.
            let within = behind % distance;
            let gap = distance - SLICE_BYTES;
            return if within < gap { (false, gap - within) } else { (true, distance - within) };
        }
        behind -= distance * SLICES_AT_A_DISTANCE;
        distance *= DISTANCE_GROWTH;
    }
    (false, u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_words_in_what_is_encoded_are_chance() {
        let is_chance_in = |text: &str, word: &str| {
            let start = text.find(word).unwrap();
            is_chance(text.as_bytes(), &(start..start + word.len()))
        };
        assert!(is_chance_in("0x15CAD2F", "CAD"));
        assert!(!is_chance_in("a CAD drawing", "CAD"));
        assert!(!is_chance_in("图CAD", "CAD"));
        assert!(!is_chance_in("pumpDrawing", "Drawing"));
    }

    #[test]
    fn a_mebibyte_is_read_of_any_amount() {
        let (mut position, mut read_bytes, mut last) = (0u64, 0u64, 0u64);
        loop {
            let (read, length) = stretch(position);
            if length == u64::MAX {
                break;
            }
            if read {
                read_bytes += length;
                last = position;
            }
            position += length;
        }
        assert_eq!(read_bytes, 1 << 20);
        assert!(last > 512 << 20, "the last slice stands at {last}");
    }
}
