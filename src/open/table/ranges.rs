//! Which keys a sample looks at: many short ranges of an integer key, spread over the whole table.
//!
//! The keys are cut into as many strata of equal width as clusters are wanted, each stratum into as many cells as there
//! are rows for each row wanted, and one cell of each stratum is drawn. So every row is as likely to be drawn as any
//! other, however unevenly the keys lie: a dense cell gives more rows, and none is counted twice (Cochran 1977, chapter
//! 9: clusters of unequal size). Where keys leave wide gaps (an outlier, keys made of a time), the empty parts are left
//! out first.

/// A range of keys, both ends included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Slice {
    pub(super) first: i128,
    pub(super) last: i128,
}

/// The keys that are looked at: ranges in order that do not touch each other's keys.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Frame {
    bins: Vec<Slice>,
}

impl Frame {
    /// All keys from `first` to `last`.
    pub(super) fn new(first: i128, last: i128) -> Self {
        Self { bins: if first <= last { vec![Slice { first, last }] } else { Vec::new() } }
    }

    /// How many keys it holds.
    pub(super) fn width(&self) -> i128 {
        self.bins.iter().map(|bin| bin.last.saturating_sub(bin.first).saturating_add(1)).sum()
    }

    /// The same keys in about `count` ranges of like width; none is cut in fewer than two, unless it is one key.
    pub(super) fn split(&self, count: usize) -> Self {
        let parts = (count / self.bins.len().max(1)).max(2);
        Self { bins: self.bins.iter().flat_map(|bin| slices(*bin, parts)).collect() }
    }

    pub(super) fn bins(&self) -> &[Slice] {
        &self.bins
    }

    /// The ranges of which `is_kept` holds, by their number.
    pub(super) fn keep(&mut self, is_kept: &[bool]) {
        let mut flags = is_kept.iter();
        self.bins.retain(|_| flags.next().copied().unwrap_or(true));
    }

    /// The keys that stand at the places `first` to `last` among all its keys.
    fn keys(&self, first: i128, last: i128) -> Vec<Slice> {
        let mut found = Vec::new();
        let mut before: i128 = 0;
        for bin in &self.bins {
            let width = bin.last - bin.first + 1;
            let from = (first - before).max(0);
            let to = (last - before).min(width - 1);
            if from <= to {
                found.push(Slice { first: bin.first + from, last: bin.first + to });
            }
            before += width;
        }
        found
    }
}

/// Parts of the same width, in order, without gaps.
fn slices(whole: Slice, count: usize) -> Vec<Slice> {
    // Keys are 64-bit integers, so neither the width nor a product with the count can overflow.
    let keys = whole.last - whole.first + 1;
    let count = i128::try_from(count).unwrap_or(i128::MAX).clamp(1, keys.max(1));
    let edge = |index: i128| whole.first + keys * index / count;
    (0..count).map(|index| Slice { first: edge(index), last: edge(index + 1) - 1 }).collect()
}

/// What may be drawn: strata of a frame, each of as many cells.
#[derive(Clone, Debug)]
pub(super) struct Cells {
    frame: Frame,
    strata: i128,
    per_stratum: i128,
    seed: u64,
}

impl Cells {
    /// More cells than a stratum is ever cut into, so that no product overflows.
    const MOST_CELLS: i128 = 1 << 40;

    /// At most `strata` strata with at most `cells` cells each: no cell is less than a key.
    pub(super) fn new(frame: Frame, strata: u64, cells: u64, seed: u64) -> Self {
        let width = frame.width().max(1);
        let strata = i128::from(strata).clamp(1, width);
        let cells = i128::from(cells).clamp(1, (width / strata).min(Self::MOST_CELLS));
        Self { frame, strata, per_stratum: cells, seed }
    }

    /// How many cells a stratum has.
    pub(super) fn of_a_stratum(&self) -> u64 {
        u64::try_from(self.per_stratum).unwrap_or(u64::MAX)
    }

    /// Draws a cell of each stratum: another one in each of the first rounds, as long as there are enough.
    pub(super) fn draw(&self, round: u64) -> Vec<Vec<Slice>> {
        (0..self.strata).map(|stratum| self.cell(stratum, self.drawn(stratum, round))).collect()
    }

    fn drawn(&self, stratum: i128, round: u64) -> i128 {
        let start = (i128::from(mix(self.seed ^ mix(stratum as u64)) >> 1) * self.per_stratum) >> 63;
        let step = (self.per_stratum / i128::from(Self::ROUNDS)).max(1);
        (start + i128::from(round) * step) % self.per_stratum
    }

    /// Rounds that draw different cells.
    pub(super) const ROUNDS: u64 = 8;

    fn cell(&self, stratum: i128, cell: i128) -> Vec<Slice> {
        let width = self.frame.width();
        let (from, to) = (width * stratum / self.strata, width * (stratum + 1) / self.strata);
        let edge = |index: i128| from + (to - from) * index / self.per_stratum;
        self.frame.keys(edge(cell), edge(cell + 1) - 1)
    }
}

/// Spreads the bits of a number over all others (the finaliser of SplitMix64, Steele, Lea and Flood 2014).
pub(super) fn mix(number: u64) -> u64 {
    let mut bits = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    bits ^ (bits >> 31)
}

/// How many rows to take of each cell, when all together should be no more than `wanted`: of a dense cell no more than
/// leaves something for the others, of the rest all there is.
pub(super) fn shares(counts: &[u64], wanted: u64) -> Vec<u64> {
    let mut sorted = counts.to_vec();
    sorted.sort_unstable();
    let mut left = wanted;
    let mut most = u64::MAX;
    for (number, count) in sorted.iter().enumerate() {
        let even = left / (sorted.len() - number) as u64;
        if *count > even {
            most = even.max(1);
            break;
        }
        left -= count;
    }
    counts.iter().map(|count| (*count).min(most)).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn frame() -> impl Strategy<Value = Frame> {
        let gaps = prop::collection::vec((1i128..50, 0i128..1_000), 1..6);
        (-1_000i128..1_000, gaps).prop_map(|(start, gaps)| {
            let mut at = start;
            let bins = gaps.into_iter().map(|(width, gap)| {
                let first = at + gap;
                at = first + width;
                Slice { first, last: at - 1 }
            });
            Frame { bins: bins.collect() }
        })
    }

    fn keys(slices: &[Slice]) -> Vec<i128> {
        slices.iter().flat_map(|slice| slice.first..=slice.last).collect()
    }

    proptest! {
        #[test]
        fn a_split_frame_has_the_same_keys_in_order(first in any::<i64>(), width in any::<u64>(), count in 0usize..200) {
            let whole = Frame::new(i128::from(first), i128::from(first) + i128::from(width));
            let split = whole.split(count);
            prop_assert_eq!(split.width(), whole.width());
            prop_assert!(split.bins().windows(2).all(|pair| pair[0].last + 1 == pair[1].first));
            prop_assert!(split.bins().iter().all(|range| range.first <= range.last));
        }

        #[test]
        fn all_cells_of_all_strata_together_are_every_key_once(
            frame in frame(), strata in 1u64..9, cells in 1u64..9, seed in any::<u64>(),
        ) {
            let all = Cells::new(frame.clone(), strata, cells, seed);
            let mut every: Vec<i128> = Vec::new();
            for stratum in 0..all.strata {
                for cell in 0..all.per_stratum {
                    every.extend(keys(&all.cell(stratum, cell)));
                }
            }
            prop_assert_eq!(every, keys(frame.bins()));
        }

        #[test]
        fn the_first_rounds_draw_no_key_twice(frame in frame(), strata in 1u64..9, cells in 1u64..30, seed in any::<u64>()) {
            let all = Cells::new(frame, strata, cells, seed);
            let rounds = all.of_a_stratum().min(Cells::ROUNDS);
            let mut drawn: Vec<i128> = (0..rounds).flat_map(|round| all.draw(round)).flat_map(|cell| keys(&cell)).collect();
            let count = drawn.len();
            drawn.sort_unstable();
            drawn.dedup();
            prop_assert_eq!(drawn.len(), count);
        }

        #[test]
        fn no_cell_gives_more_than_it_has_and_all_together_no_more_than_wanted(
            counts in prop::collection::vec(0u64..100, 1..30), wanted in 1u64..400,
        ) {
            let taken = shares(&counts, wanted);
            let sum: u64 = taken.iter().sum();
            prop_assert!(taken.iter().zip(&counts).all(|(taken, count)| taken <= count && (*taken > 0 || *count == 0)));
            prop_assert!(sum <= wanted.max(counts.len() as u64));
            let all: u64 = counts.iter().sum();
            prop_assert!(sum == all || sum + counts.len() as u64 * 2 > wanted, "{sum} of {wanted}");
        }
    }
}
