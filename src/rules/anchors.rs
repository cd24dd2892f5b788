//! Which detectors want to see which candidate: the table that the scanner's first pass dispatches on.

use std::collections::BTreeMap;

use aho_corasick::{AhoCorasick, MatchKind};

use super::DetectorRule;
use super::schema::Anchor;

/// Runs longer than this are nobody's identifier.
const LONGEST_RUN: usize = 40;
/// More groups than this are nobody's number.
const MOST_GROUPS: usize = 6;

/// Detectors by what they are anchored on, as indices into the pack's detectors.
#[derive(Debug, Default)]
pub struct AnchorIndex {
    digit_runs: Vec<Vec<usize>>,
    letter_digit_runs: Vec<Vec<usize>>,
    /// Both of these, for runs that hold digits alone.
    all_runs: Vec<Vec<usize>>,
    groups: BTreeMap<u64, Vec<usize>>,
    /// By the length of the first group: a bit for each length of the second.
    second_groups: [u32; 32],
    by_anchor: BTreeMap<Anchor, Vec<usize>>,
    words: Option<AhoCorasick>,
    /// By literal: the detectors that it belongs to.
    word_owners: Vec<Vec<usize>>,
    shortest_word: usize,
    longest_word: usize,
    key_ends: Vec<bool>,
    shapes: Vec<usize>,
}

impl AnchorIndex {
    pub(super) fn new(detectors: &[DetectorRule]) -> Self {
        let mut index = Self {
            digit_runs: vec![Vec::new(); LONGEST_RUN + 1],
            letter_digit_runs: vec![Vec::new(); LONGEST_RUN + 1],
            key_ends: vec![false; 256],
            ..Self::default()
        };
        let mut words: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for (number, detector) in detectors.iter().enumerate() {
            index.by_anchor.entry(detector.anchor).or_default().push(number);
            let runs = match detector.anchor {
                Anchor::DigitRun => &mut index.digit_runs,
                Anchor::LetterDigitRun => &mut index.letter_digit_runs,
                _ => &mut Vec::new(),
            };
            for length in &detector.lengths {
                if let Some(slot) = runs.get_mut(*length) {
                    slot.push(number);
                }
            }
            for lengths in detector.groups.iter().filter_map(|groups| group_lengths(groups)) {
                if let [first, second, ..] = lengths.as_slice()
                    && let Some(seconds) = index.second_groups.get_mut(usize::from(*first))
                {
                    *seconds |= 1 << second;
                }
                index.groups.entry(groups_code(&lengths)).or_default().push(number);
            }
            for last in detector.words.iter().filter_map(|word| word.bytes().last()) {
                for byte in [last, last.to_ascii_uppercase()] {
                    if let Some(ends) = index.key_ends.get_mut(usize::from(byte)) {
                        *ends |= detector.anchor == Anchor::Assignment;
                    }
                }
            }
            // The keys of an assignment are looked for behind its sign, not everywhere.
            let literals = detector.words.iter().filter(|_| detector.anchor == Anchor::Words);
            for word in literals.chain(&detector.labels) {
                words.entry(word.as_str()).or_default().push(number);
            }
            index.shapes.extend(detector.shape.as_ref().map(|_| number));
        }
        let both = index.digit_runs.iter().zip(&index.letter_digit_runs);
        index.all_runs = both.map(|(digits, mixed)| [digits.as_slice(), mixed].concat()).collect();
        index.shortest_word = words.keys().map(|word| word.len()).min().unwrap_or(usize::MAX);
        index.longest_word = words.keys().map(|word| word.len()).max().unwrap_or(0);
        if !words.is_empty() {
            index.words = AhoCorasick::builder().match_kind(MatchKind::LeftmostLongest).build(words.keys()).ok();
        }
        index.word_owners = words.into_values().collect();
        index
    }

    /// Detectors of a run of that many digits, those of letters and digits among them.
    #[must_use]
    pub fn digit_run(&self, length: usize) -> &[usize] {
        self.all_runs.get(length).map_or(&[], Vec::as_slice)
    }

    /// Detectors of a run of that many letters and digits.
    #[must_use]
    pub fn letter_digit_run(&self, length: usize) -> &[usize] {
        self.letter_digit_runs.get(length).map_or(&[], Vec::as_slice)
    }

    /// Whether some grouped number begins with a group of that many digits.
    #[must_use]
    pub fn starts_groups(&self, first: usize) -> bool {
        self.second_groups.get(first).is_some_and(|seconds| *seconds != 0)
    }

    /// Whether some grouped number begins with groups of these lengths: dates and times mostly end here.
    #[must_use]
    pub fn continues_groups(&self, first: usize, second: usize) -> bool {
        second < 32 && self.second_groups.get(first).is_some_and(|seconds| seconds & (1 << second) != 0)
    }

    /// Detectors of a number in groups of these lengths.
    #[must_use]
    pub fn grouped(&self, lengths: &[u8]) -> &[usize] {
        self.groups.get(&groups_code(lengths)).map_or(&[], Vec::as_slice)
    }

    /// Detectors of any other anchor.
    #[must_use]
    pub fn of(&self, anchor: Anchor) -> &[usize] {
        self.by_anchor.get(&anchor).map_or(&[], Vec::as_slice)
    }

    /// Whether the name of an assignment that some detector wants can end in this byte.
    #[must_use]
    pub fn ends_key(&self, byte: u8) -> bool {
        self.key_ends.get(usize::from(byte)).copied().unwrap_or(false)
    }

    /// Length of the longest literal.
    #[must_use]
    pub fn longest_word(&self) -> usize {
        self.longest_word
    }

    /// Detectors that a column is taken for by its shape.
    #[must_use]
    pub fn shapes(&self) -> &[usize] {
        &self.shapes
    }

    /// Where literals and labels stand: position and detector.
    pub fn find_words<'t>(&'t self, text: &'t [u8]) -> impl Iterator<Item = (usize, usize)> + 't {
        let searched = self.words.as_ref().filter(|_| text.len() >= self.shortest_word);
        let found = searched.into_iter().flat_map(move |words| words.find_iter(text));
        found.flat_map(|found| {
            let owners = self.word_owners.get(found.pattern().as_usize()).map_or(&[][..], Vec::as_slice);
            owners.iter().map(move |owner| (found.start(), *owner))
        })
    }
}

/// Lengths as one number; those above 16 share a code that no rule has.
fn groups_code(lengths: &[u8]) -> u64 {
    lengths.iter().fold(0, |code, length| (code << 5) | u64::from((*length).min(31)))
}

/// `3-4-4` as numbers; `None` where it is not that.
pub(super) fn group_lengths(groups: &str) -> Option<Vec<u8>> {
    let lengths: Option<Vec<u8>> = groups.split('-').map(|length| length.parse().ok()).collect();
    lengths.filter(|lengths| {
        (2..=MOST_GROUPS).contains(&lengths.len()) && lengths.iter().all(|length| (1..=16).contains(length))
    })
}
