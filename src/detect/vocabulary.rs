//! Words in content: counted over a bounded part of an asset, since what they say saturates.

use std::ops::Range;

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

/// Counts the words of content.
pub(super) struct Vocabulary<'p> {
    dictionary: &'p Dictionary,
    thorough: bool,
    /// By term; empty until the first is met.
    counts: Vec<u64>,
    /// Bytes of content that have gone by.
    position: u64,
    /// No slice is left.
    exhausted: bool,
}

impl<'p> Vocabulary<'p> {
    pub(super) fn new(dictionary: &'p Dictionary, thorough: bool) -> Self {
        Self { dictionary, thorough, counts: Vec::new(), position: 0, exhausted: dictionary.terms().is_empty() }
    }

    /// Takes the content in `region` of `text`, which stands where the last region ended.
    pub(super) fn take(&mut self, text: &[u8], region: Range<usize>) {
        let mut at = region.start;
        while at < region.end && !self.exhausted {
            let (read, length) = if self.thorough { (true, u64::MAX) } else { stretch(self.position) };
            let end = region.end.min(at.saturating_add(usize::try_from(length).unwrap_or(usize::MAX)));
            if read {
                self.count(text, at..end);
            }
            self.exhausted = !read && length == u64::MAX;
            self.position += (end - at) as u64;
            at = end;
        }
    }

    fn count(&mut self, text: &[u8], region: Range<usize>) {
        let (dictionary, counts) = (self.dictionary, &mut self.counts);
        dictionary.scan(text, region, |hit| {
            if counts.is_empty() {
                counts.resize(dictionary.terms().len(), 0);
            }
            if let Some(count) = counts.get_mut(hit.term) {
                *count += 1;
            }
        });
    }

    /// What was seen, in the order of the dictionary.
    pub(super) fn evidence(&self) -> impl Iterator<Item = Evidence> {
        let terms = self.dictionary.terms().iter().zip(&self.counts);
        terms
            .filter(|(term, count)| **count > 0 && term.counts_in(Place::Content))
            .map(|(term, count)| term.evidence(Place::Content, *count))
    }
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
