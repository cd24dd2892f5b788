//! The words that speak for or against a candidate that they stand near, of all detectors, arranged for one pass.

use std::collections::{BTreeMap, HashMap};

use super::DetectorRule;
use super::detector_set::DetectorSet;

/// Letters of the first word that go into its key; the others are compared.
const KEY_LETTERS: usize = 8;
/// Bits of the filter before the table: with some hundred words one probe in forty goes on to it by chance.
const FILTER_BITS: usize = 1 << 14;

/// A word, and who asks for it.
#[derive(Debug)]
pub struct ContextWord {
    /// Lower case.
    text: Vec<u8>,
    /// Detectors that it speaks for.
    pub speaks_for: DetectorSet,
    /// Detectors that it speaks against.
    pub speaks_against: DetectorSet,
}

/// All words of all detectors, by what they begin with.
#[derive(Debug)]
pub struct ContextWords {
    words: Vec<ContextWord>,
    filter: Vec<u64>,
    by_key: HashMap<u64, Vec<usize>>,
}

impl ContextWords {
    pub(super) fn new(detectors: &[DetectorRule]) -> Self {
        let mut sets: BTreeMap<&str, (DetectorSet, DetectorSet)> = BTreeMap::new();
        for (number, detector) in detectors.iter().enumerate() {
            for word in &detector.context {
                sets.entry(word).or_default().0.insert(number);
            }
            for word in &detector.negative_context {
                sets.entry(word).or_default().1.insert(number);
            }
        }
        let mut index = Self { words: Vec::new(), filter: vec![0; FILTER_BITS / 64], by_key: HashMap::new() };
        for (word, (speaks_for, speaks_against)) in sets {
            let text = word.as_bytes().to_vec();
            let letters = text.iter().take_while(|byte| byte.is_ascii_alphabetic()).count();
            let key = if letters > 0 { letters_key(&text, 0, letters) } else { wide_key(&text, 0) };
            let Some(key) = key else { continue };
            let (place, bit) = Self::filtered(key);
            if let Some(bits) = index.filter.get_mut(place) {
                *bits |= bit;
            }
            index.by_key.entry(key).or_default().push(index.words.len());
            index.words.push(ContextWord { text, speaks_for, speaks_against });
        }
        index
    }

    /// Whether a word can be found by its beginning: a letter, or a character of three bytes or more, as Chinese is.
    #[must_use]
    pub fn can_hold(word: &str) -> bool {
        word.chars().next().is_some_and(|first| first.is_ascii_alphabetic() || first.len_utf8() >= 3)
    }

    /// The words that stand at `at`: the first letter of a run of `letters` ASCII letters, or the first byte of another
    /// character, of which there are none. ASCII words are whole ones, in any case. Gives each word and its length.
    pub fn standing<'w>(
        &'w self,
        text: &[u8],
        at: usize,
        letters: usize,
    ) -> impl Iterator<Item = (&'w ContextWord, usize)> {
        let key = if letters > 0 { letters_key(text, at, letters) } else { wide_key(text, at) };
        let known = key.filter(|key| {
            let (place, bit) = Self::filtered(*key);
            self.filter.get(place).is_some_and(|bits| bits & bit != 0)
        });
        let numbers = known.and_then(|key| self.by_key.get(&key)).into_iter().flatten();
        let words = numbers.filter_map(|number| self.words.get(*number));
        words.filter(move |word| stands(&word.text, text, at)).map(|word| (word, word.text.len()))
    }

    fn filtered(key: u64) -> (usize, u64) {
        let mixed = (key.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 48) as usize % FILTER_BITS;
        (mixed / 64, 1 << (mixed % 64))
    }
}

/// The first letters of a run, in lower case, and how many there are.
#[inline]
fn letters_key(text: &[u8], at: usize, letters: usize) -> Option<u64> {
    let kept = letters.min(KEY_LETTERS);
    let first = match text.get(at..at + KEY_LETTERS) {
        Some(eight) => u64::from_le_bytes(eight.try_into().ok()?),
        None => text.get(at..at + kept)?.iter().rev().fold(0, |key, byte| key << 8 | u64::from(*byte)),
    };
    let kept_bits = u64::MAX >> (64 - 8 * kept);
    // How many there are makes the keys of `order` and `orders` differ in more than a letter; words are compared anyway.
    Some(((first | 0x2020_2020_2020_2020) & kept_bits).wrapping_add((letters as u64) << 57))
}

/// The bytes of the first character.
#[inline]
fn wide_key(text: &[u8], at: usize) -> Option<u64> {
    Some(text.get(at..at + 3)?.iter().fold(0, |key, byte| key << 8 | u64::from(*byte)))
}

fn stands(word: &[u8], text: &[u8], at: usize) -> bool {
    let end = at + word.len();
    let cut = word.last().is_some_and(u8::is_ascii) && text.get(end).is_some_and(u8::is_ascii_alphabetic);
    !cut && text.get(at..end).is_some_and(|found| found.eq_ignore_ascii_case(word))
}
