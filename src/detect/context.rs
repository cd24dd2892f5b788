//! Words near a candidate.

use std::collections::VecDeque;
use std::ops::Range;

use super::blocks::BLOCK;
use super::simd;
use crate::rules::{ContextWord, ContextWords, DetectorSet};

/// Bytes before a candidate that are searched: about twenty Chinese characters, a label and a little more.
const BEFORE_BYTES: usize = 64;
/// Bytes behind it: a unit or a remark in brackets.
const AFTER_BYTES: usize = 24;

/// The detectors that the words around a candidate speak for and against.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Voices {
    pub(super) speaks_for: DetectorSet,
    pub(super) speaks_against: DetectorSet,
}

/// The words around the candidates of one text. Each stretch is looked at once, and only where candidates are.
pub(super) struct Nearby<'p> {
    words: &'p ContextWords,
    /// Words that begin in here are known.
    known: Range<usize>,
    /// In the order in which they begin.
    standing: VecDeque<Standing<'p>>,
}

struct Standing<'p> {
    range: Range<usize>,
    word: &'p ContextWord,
}

impl<'p> Nearby<'p> {
    pub(super) fn new(words: &'p ContextWords) -> Self {
        Self { words, known: 0..0, standing: VecDeque::new() }
    }

    /// What stands before and behind a candidate of the text, which is the same text every time.
    pub(super) fn voices(&mut self, text: &[u8], candidate: &Range<usize>) -> Voices {
        let window = candidate.start.saturating_sub(BEFORE_BYTES)..(candidate.end + AFTER_BYTES).min(text.len());
        let mut voices = Voices::default();
        if window == *candidate {
            return voices;
        }
        self.know(text, &window);
        for standing in &self.standing {
            let outside = standing.range.end <= candidate.start && standing.range.start >= window.start
                || standing.range.start >= candidate.end && standing.range.end <= window.end;
            if outside {
                voices.speaks_for.unite(&standing.word.speaks_for);
                voices.speaks_against.unite(&standing.word.speaks_against);
            }
        }
        voices
    }

    /// Looks at what of the window is not known yet, and forgets what stands before it.
    fn know(&mut self, text: &[u8], window: &Range<usize>) {
        if !(self.known.start..=self.known.end).contains(&window.start) {
            self.standing.clear();
            self.known = window.start..window.start;
        }
        self.known.start = window.start;
        while self.standing.front().is_some_and(|standing| standing.range.start < window.start) {
            self.standing.pop_front();
        }
        while self.known.end < window.end {
            let end = (self.known.end + BLOCK).min(window.end);
            self.look(text, self.known.end..end);
            self.known.end = end;
        }
    }

    /// Looks at no more than a block.
    fn look(&mut self, text: &[u8], range: Range<usize>) {
        let block = simd::look_at_cut(text.get(range.clone()).unwrap_or_default());
        let begun = range.start > 0 && text.get(range.start - 1).is_some_and(u8::is_ascii_alphabetic);
        let mut starts = block.letter & !(block.letter << 1 | u64::from(begun)) | block.wide;
        while starts != 0 {
            let place = starts.trailing_zeros();
            starts &= starts - 1;
            let at = range.start + place as usize;
            let mut letters = (!(block.letter >> place)).trailing_zeros() as usize;
            if at + letters == range.end {
                letters += text.iter().skip(range.end).take_while(|byte| byte.is_ascii_alphabetic()).count();
            }
            for (word, length) in self.words.standing(text, at, letters) {
                self.standing.push_back(Standing { range: at..at + length, word });
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::detect::tests::pack;

    /// Whether the word stands at a place: in any case, and no piece of a longer English word.
    fn stands(text: &str, at: usize, word: &str) -> bool {
        let Some((before, rest)) = text.split_at_checked(at) else { return false };
        let Some((found, behind)) = rest.split_at_checked(word.len()) else { return false };
        let is_letter = |character: Option<char>| character.is_some_and(|character| character.is_ascii_alphabetic());
        let begins_amid = is_letter(word.chars().next()) && is_letter(before.chars().next_back());
        let ends_amid = word.ends_with(|last: char| last.is_ascii()) && is_letter(behind.chars().next());
        found.to_lowercase() == word && !begins_amid && !ends_amid
    }

    /// Whether one of the words stands wholly in a stretch of the text.
    fn any_in(text: &str, stretch: Range<usize>, words: &[String]) -> bool {
        let ends_in = |at: usize, word: &str| at + word.len() <= stretch.end;
        stretch.clone().any(|at| words.iter().any(|word| ends_in(at, word) && stands(text, at, word)))
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(300))]

        /// Words that stand wholly in reach of a candidate, whichever candidates were asked about before.
        #[test]
        fn the_words_around_a_candidate_are_those_that_a_search_finds(
            text in "(手机|订单号|银行卡|卡号|IMEI|Phone|order no|orders|id|sim卡|[a-z]{1,70}|[ ,:1_]{1,9}|钢|\n){0,40}",
            candidates in prop::collection::vec((0usize..400, 1usize..40), 1..8),
        ) {
            let mut nearby = Nearby::new(pack().context());
            for (start, length) in candidates {
                let candidate = start.min(text.len())..(start + length).min(text.len());
                let voices = nearby.voices(text.as_bytes(), &candidate);
                let before = candidate.start.saturating_sub(BEFORE_BYTES)..candidate.start;
                let behind = candidate.end..(candidate.end + AFTER_BYTES).min(text.len());
                let heard = |words: &[String]| [&before, &behind].iter().any(|side| any_in(&text, (*side).clone(), words));
                for (number, rule) in pack().detectors().iter().enumerate() {
                    prop_assert_eq!(voices.speaks_for.contains(number), heard(&rule.context), "{}", rule.id);
                    prop_assert_eq!(voices.speaks_against.contains(number), heard(&rule.negative_context), "{}", rule.id);
                }
            }
        }
    }
}
