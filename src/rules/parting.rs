//! Words that run together in a name (`caseresult`, `plannedeventcost`), parted.

use std::borrow::Cow;
use std::collections::HashSet;
use std::ops::Range;

use super::words;

/// A part of a name that is no word, but as long as this, may be words run together,
const SHORTEST_RUN_TOGETHER: usize = 7;
/// each of at least this many letters, so that one of two has four: shorter ones meet by chance. Design.
const SHORTEST_SPLIT: usize = 3;
/// Of three or more, only one may be shorter than this. Design.
const LONG_SPLIT: usize = 4;
/// More words do not run together.
const MOST_SPLITS: usize = 5;

/// Every part that is a word.
#[derive(Debug, Default)]
pub(super) struct Parting {
    known: HashSet<u64>,
}

/// The best way so far to part the letters up to a place: few words, few short ones, long ones first.
#[derive(Clone, Copy, Debug, Default)]
struct Way {
    words: usize,
    short: usize,
    squares: usize,
    from: usize,
}

impl Parting {
    pub(super) fn know(&mut self, parts: impl IntoIterator<Item = u64>) {
        self.known.extend(parts);
    }

    /// A name with a space between words that run together in it.
    pub(super) fn part<'n>(&self, name: &'n str) -> Cow<'n, str> {
        let cuts: Vec<usize> = words::parts(name).into_iter().flat_map(|part| self.cuts(name, part)).collect();
        if cuts.is_empty() {
            return Cow::Borrowed(name);
        }
        let mut parted = String::with_capacity(name.len() + cuts.len());
        for (at, letter) in name.char_indices() {
            parted.extend(cuts.contains(&at).then_some(' '));
            parted.push(letter);
        }
        Cow::Owned(parted)
    }

    /// Where a part that is no word falls into words without a rest.
    fn cuts(&self, name: &str, part: Range<usize>) -> Vec<usize> {
        let Some(letters) = name.as_bytes().get(part.clone()) else { return Vec::new() };
        let long = (SHORTEST_RUN_TOGETHER..=words::LONGEST_PART_BYTES).contains(&letters.len());
        if !long || !letters.iter().all(u8::is_ascii_alphabetic) || self.is_word(letters) {
            return Vec::new();
        }
        let mut ways: Vec<Option<Way>> = vec![None; letters.len() + 1];
        if let Some(start) = ways.first_mut() {
            *start = Some(Way::default());
        }
        for end in SHORTEST_SPLIT..=letters.len() {
            let best = (0..=end - SHORTEST_SPLIT)
                .filter_map(|from| {
                    let way = ways.get(from).copied().flatten().filter(|way| way.words < MOST_SPLITS)?;
                    let word = letters.get(from..end).filter(|word| self.is_word(word))?;
                    let short = way.short + usize::from(word.len() < LONG_SPLIT);
                    let squares = way.squares + word.len() * word.len();
                    Some(Way { words: way.words + 1, short, squares, from })
                })
                .min_by_key(|way| (way.short, way.words, std::cmp::Reverse(way.squares)));
            if let Some(way) = ways.get_mut(end) {
                *way = best;
            }
        }
        let Some(whole) = ways.last().copied().flatten().filter(|whole| whole.words > 1 && whole.short <= 1) else {
            return Vec::new();
        };
        let mut cuts = Vec::new();
        let mut at = whole.from;
        while at > 0 {
            cuts.push(part.start + at);
            at = ways.get(at).copied().flatten().map_or(0, |way| way.from);
        }
        cuts.reverse();
        cuts
    }

    fn is_word(&self, letters: &[u8]) -> bool {
        words::part_hash(letters).is_some_and(|hash| self.known.contains(&hash))
    }
}
