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
