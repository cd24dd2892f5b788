//! Where the parts of words begin in a block, by its masks: what [`words`](crate::rules::words) says of each byte by
//! itself, as a test holds it to.

use std::ops::Range;

use super::blocks::{BLOCK, Block};
use crate::rules::{Dictionary, words};

/// A run of digits as long as this is no part of a word, unless the dictionary says so.
const NUMBER_DIGITS: usize = 4;

/// Parts of words, and characters that are not ASCII, of one block.
pub(super) struct Parts<'t> {
    text: &'t [u8],
    /// Where the block begins in the text.
    start: usize,
    beginnings: u64,
    /// Where a part that has begun ends.
    ends: u64,
    lead: u64,
}

impl<'t> Parts<'t> {
    /// The middle one of three blocks, which begins at `start` in the text.
    #[inline]
    pub(super) fn of(text: &'t [u8], start: usize, blocks: [&Block; 3], dictionary: &Dictionary) -> Self {
        let [before, here, after] = blocks;
        let behind = |here: u64, before: u64| here << 1 | before >> (BLOCK - 1);
        let alphanumeric = here.letter | here.digit;
        let joined = alphanumeric & behind(alphanumeric, before.letter | before.digit);
        let after_digit = behind(here.digit, before.digit);
        let after_capital = behind(here.capital, before.capital);
        let small = here.letter & !here.capital;
        let before_small = small >> 1 | (after.letter & !after.capital) << (BLOCK - 1);
        let turns = (here.digit ^ after_digit) | here.capital & !after_capital;
        let beginnings = alphanumeric & !joined | joined & turns;
        // `IPAddress`, but not `IPs`: the bytes themselves tell.
        let humps = joined & here.capital & after_capital & before_small;
        let beginnings = places(humps)
            .filter(|place| words::starts_part(text, start + place))
            .fold(beginnings, |beginnings, place| beginnings | 1 << place);
        let mut numbers = 0;
        if !dictionary.begins_with_digits(NUMBER_DIGITS) {
            let ahead = |bytes: u32| here.digit >> bytes | after.digit << (BLOCK as u32 - bytes);
            numbers = here.digit & ahead(1) & ahead(2) & ahead(3);
        }
        Self {
            text,
            start,
            beginnings: beginnings & !numbers | here.lead,
            ends: beginnings | !alphanumeric,
            lead: here.lead,
        }
    }

    /// Only those that begin in these places.
    pub(super) fn within(mut self, places: u64) -> Self {
        self.beginnings &= places;
        self
    }
}

impl Iterator for Parts<'_> {
    type Item = Range<usize>;

    #[inline]
    fn next(&mut self) -> Option<Range<usize>> {
        if self.beginnings == 0 {
            return None;
        }
        let place = self.beginnings.trailing_zeros();
        self.beginnings &= self.beginnings - 1;
        let at = self.start + place as usize;
        if self.lead & 1 << place != 0 {
            return Some(at..at);
        }
        let ends = self.ends & (u64::MAX << place) & !(1 << place);
        let end = if ends == 0 { words::part_end(self.text, at) } else { self.start + ends.trailing_zeros() as usize };
        Some(at..end)
    }
}

/// The places of a mask.
fn places(mut mask: u64) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        let place = (mask != 0).then(|| mask.trailing_zeros() as usize);
        mask &= mask.wrapping_sub(1);
        place
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::detect::simd;
    use crate::rules::RulePack;

    proptest! {
        #[test]
        fn parts_are_those_that_a_look_at_each_byte_finds(text in "[a-cA-CsS0-2_ 号é-]{0,180}") {
            let pack = RulePack::builtin().expect("the built-in packs load");
            let text = text.as_bytes();
            let mut blocks = vec![Block::default(); text.len() / BLOCK + 3];
            simd::look(text, &mut blocks[1..]);
            let found: Vec<Range<usize>> = (0..blocks.len() - 2)
                .flat_map(|number| {
                    let three = [&blocks[number], &blocks[number + 1], &blocks[number + 2]];
                    Parts::of(text, number * BLOCK, three, pack.dictionary())
                })
                .collect();
            let number = |at: usize| (at..at + NUMBER_DIGITS).all(|at| text.get(at).is_some_and(u8::is_ascii_digit));
            let wanted: Vec<Range<usize>> = (0..text.len())
                .filter(|at| text[*at] >= 0xc0 || words::starts_part(text, *at) && !number(*at))
                .map(|at| at..if text[at] >= 0xc0 { at } else { words::part_end(text, at) })
                .collect();
            prop_assert_eq!(found, wanted);
        }
    }
}
