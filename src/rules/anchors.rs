//! Which detectors want to see which candidate: the table that the scanner's first pass dispatches on.

use std::collections::BTreeMap;

use super::schema::Anchor;
use super::{DetectorRule, Literals};

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
    /// Of literals and labels.
    literals: Literals,
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
        let mut literals = Vec::new();
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
            let words = detector.words.iter().filter(|_| detector.anchor == Anchor::Words);
            literals.extend(words.chain(&detector.labels).map(|literal| (literal.as_str(), number)));
            index.shapes.extend(detector.shape.as_ref().map(|_| number));
        }
        let both = index.digit_runs.iter().zip(&index.letter_digit_runs);
        index.all_runs = both.map(|(digits, mixed)| [digits.as_slice(), mixed].concat()).collect();
        // The surest first: it needs no other opinion.
        let doubt = |number: &usize| {
            detectors.get(*number).map(|rule| (rule.needs_context, std::cmp::Reverse(rule.confidence.alone), *number))
        };
        for numbers in index.all_runs.iter_mut().chain(&mut index.letter_digit_runs).chain(index.groups.values_mut()) {
            numbers.sort_by_key(doubt);
        }
        index.literals = Literals::new(&literals);
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

    /// The literals and labels that the first pass stops at.
    #[must_use]
    pub fn literals(&self) -> &Literals {
        &self.literals
    }

    /// Detectors that a column is taken for by its shape.
    #[must_use]
    pub fn shapes(&self) -> &[usize] {
        &self.shapes
    }
}

/// Lengths as one number; those above 16 share a code that no rule has.
fn groups_code(lengths: &[u8]) -> u64 {
    lengths.iter().fold(0, |code, length| (code << 5) | u64::from((*length).min(31)))
}

/// `3-4-4` as numbers; `None` where it is not that, or would be looked for in every date: of the first two groups one
/// must be long, the first of four digits or the second of three.
pub(super) fn group_lengths(groups: &str) -> Option<Vec<u8>> {
    let lengths: Option<Vec<u8>> = groups.split('-').map(|length| length.parse().ok()).collect();
    lengths.filter(|lengths| {
        // Fewer digits on both sides of a gap are in every date.
        let is_met = matches!(lengths.as_slice(), [first, second, ..] if *first >= 4 || *second >= 3);
        is_met && lengths.len() <= MOST_GROUPS && lengths.iter().all(|length| (1..=16).contains(length))
    })
}
