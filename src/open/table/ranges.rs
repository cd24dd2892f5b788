//! Evenly spaced ranges of an integer key: a sample from the whole table without reading it.

use std::collections::VecDeque;

/// Ranges of a sample. Fifty: enough that a month of a five-year table is met, few enough to be quick.
pub(super) const SLICES: u64 = 50;

/// A range of keys, both ends included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Slice {
    pub(super) first: i128,
    pub(super) last: i128,
}

/// Parts the keys from `first` to `last` into at most `count` ranges of the same width, in order, without gaps.
pub(super) fn slices(first: i128, last: i128, count: u64) -> Vec<Slice> {
    if last < first {
        return Vec::new();
    }
    // Keys are 64-bit integers, so neither the width nor a product with the count can overflow.
    let keys = last.saturating_sub(first).saturating_add(1);
    let count = i128::from(count).clamp(1, keys);
    let edge = |index: i128| first.saturating_add(keys.saturating_mul(index) / count);
    (0..count).map(|index| Slice { first: edge(index), last: edge(index + 1) - 1 }).collect()
}

/// What to ask of one range next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Question {
    pub(super) first: i128,
    pub(super) last: i128,
    /// Rows to take.
    pub(super) rows: u64,
    /// Rows that were taken from it before.
    pub(super) taken: u64,
}

/// Asks the ranges in turn for an equal share of what is still wanted. What sparse ranges did not give is asked of
/// those behind them, and in a second round of all that have more: keys may be as uneven as they like.
pub(super) struct Ranges {
    round: VecDeque<(Slice, u64)>,
    next_round: VecDeque<(Slice, u64)>,
}

impl Ranges {
    pub(super) fn new(first: i128, last: i128, count: u64) -> Self {
        let round = slices(first, last, count).into_iter().map(|slice| (slice, 0)).collect();
        Self { round, next_round: VecDeque::new() }
    }

    /// The next question when `wanted` rows are still to come; `None` when there are enough, or no more.
    pub(super) fn next(&mut self, wanted: u64) -> Option<Question> {
        if wanted == 0 {
            return None;
        }
        if self.round.is_empty() {
            std::mem::swap(&mut self.round, &mut self.next_round);
        }
        let rows = wanted.div_ceil(self.round.len().max(1) as u64);
        let (slice, taken) = self.round.pop_front()?;
        Some(Question { first: slice.first, last: slice.last, rows, taken })
    }

    /// Whether the range that was asked has `more` than it was asked for.
    pub(super) fn answered(&mut self, question: Question, more: bool) {
        if more {
            let slice = Slice { first: question.first, last: question.last };
            self.next_round.push_back((slice, question.taken.saturating_add(question.rows)));
        }
    }

    /// Whether rows are left that nobody asked for.
    pub(super) fn is_open(&self) -> bool {
        !(self.round.is_empty() && self.next_round.is_empty())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn ranges_cover_every_key_once_and_in_order(first in any::<i64>(), width in any::<u64>(), count in 0u64..200) {
            let (first, last) = (i128::from(first), i128::from(first) + i128::from(width));
            let ranges = slices(first, last, count);
            prop_assert_eq!(ranges.first().map(|range| range.first), Some(first));
            prop_assert_eq!(ranges.last().map(|range| range.last), Some(last));
            prop_assert!(ranges.windows(2).all(|pair| pair[0].last + 1 == pair[1].first));
            prop_assert!(ranges.iter().all(|range| range.first <= range.last));
            prop_assert!(ranges.len() as u64 <= count.max(1));
        }

        #[test]
        fn as_many_rows_are_taken_as_there_are_or_as_are_wanted(
            keys in prop::collection::btree_set(-1_000i128..1_000, 0..60),
            outlier in any::<i64>(),
            wanted in 0u64..80,
        ) {
            let mut keys: Vec<i128> = keys.into_iter().chain([i128::from(outlier)]).collect();
            keys.sort_unstable();
            keys.dedup();
            let (first, last) = (keys[0], keys[keys.len() - 1]);
            let mut ranges = Ranges::new(first, last, 7);
            let mut seen: Vec<i128> = Vec::new();
            while let Some(question) = ranges.next(wanted - seen.len() as u64) {
                let inside = keys.iter().filter(|key| (question.first..=question.last).contains(key));
                let rest: Vec<i128> = inside.skip(question.taken as usize).copied().collect();
                seen.extend(rest.iter().take(question.rows as usize));
                ranges.answered(question, rest.len() as u64 > question.rows);
            }
            prop_assert_eq!(seen.len() as u64, wanted.min(keys.len() as u64));
            prop_assert!(seen.len() == keys.len() || ranges.is_open());
            seen.sort_unstable();
            prop_assert!(seen.windows(2).all(|pair| pair[0] < pair[1]), "a row was taken twice");
        }
    }
}
