//! The thirty-per-cent rule of `miit-166/12`, in integers.

use super::Scaled;
use crate::model::{Distinct, Measure, Sketch};

/// A server's statistics may be off by half: the MySQL manual says so of InnoDB row counts (40 to 50 %), the others
/// promise nothing.
const STATISTICS_ERROR_PER_CENT: u128 = 50;

/// Up to here a sketch holds every hash and counts exactly (1,024 of them; a dense one a little above may show less).
const COUNTED_EXACTLY: u64 = 900;

/// Whether a scale that moved from `filed` to `now` moved by thirty per cent or more, in either direction (以上
/// includes the number). From nothing, anything is more.
#[must_use]
pub fn fires(filed: u64, now: u64) -> bool {
    if filed == 0 {
        return now > 0;
    }
    10 * u128::from(filed.abs_diff(now)) >= 3 * u128::from(filed)
}

/// What can be said of a scale that is known as a range.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// All of the range moved by thirty per cent or more, the same way.
    Moved,
    /// None of it did.
    Stayed,
    /// Some of it did: an exact count is needed.
    Straddles,
}

/// Judges the range from `low` to `high` against what was filed.
#[must_use]
pub fn judge(filed: u64, (low, high): (u64, u64)) -> Verdict {
    let grown = fires(filed, low) && low >= filed;
    let shrunk = fires(filed, high) && high <= filed;
    if grown || shrunk {
        return Verdict::Moved;
    }
    let low_moved = fires(filed, low);
    let high_moved = fires(filed, high);
    if low_moved || high_moved { Verdict::Straddles } else { Verdict::Stayed }
}

/// The values that a present figure may stand for.
#[must_use]
pub fn range(scaled: Scaled, now: Measure, subjects: Option<Distinct>) -> (u64, u64) {
    match (scaled, subjects) {
        (Scaled::Subjects, Some(Distinct::Range { at_least, at_most })) => (at_least, at_most),
        (Scaled::Subjects, Some(Distinct::Estimate { estimate, .. })) if estimate > COUNTED_EXACTLY => {
            // Two standard errors: 95 of 100 estimates lie within. Per mille, rounded up, in integers.
            let per_mille = (Sketch::RELATIVE_ERROR * 2.0 * 1000.0).ceil() as u128;
            around(estimate, per_mille, 1000)
        }
        (Scaled::Records | Scaled::Bytes, _) if !now.exact => around(now.value, STATISTICS_ERROR_PER_CENT, 100),
        _ => (now.value, now.value),
    }
}

fn around(value: u64, error: u128, of: u128) -> (u64, u64) {
    let off = (u128::from(value) * error).div_ceil(of);
    let off = u64::try_from(off).unwrap_or(u64::MAX);
    (value.saturating_sub(off), value.saturating_add(off))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_worked_vectors_of_the_rule_hold() {
        let vectors = [
            (1000, 1299, false),
            (1000, 1300, true),
            (1000, 700, true),
            (1000, 701, false),
            (0, 1, true),
            (0, 0, false),
            (1, 1, false),
            (1, 2, true),
            (3, 4, true),
            (10, 13, true),
            (10, 12, false),
            (1, 0, true),
            (u64::MAX, u64::MAX, false),
            (u64::MAX, 0, true),
            (u64::MAX, u64::MAX / 2, true),
            (1, u64::MAX, true),
        ];
        for (filed, now, moved) in vectors {
            assert_eq!(fires(filed, now), moved, "{filed} -> {now}");
        }
    }

    #[test]
    fn five_per_cent_a_month_fires_in_the_sixth_month() {
        let mut now = 100_000u64;
        for month in 1..=6 {
            now += now / 20;
            assert_eq!(fires(100_000, now), month == 6, "month {month}: {now}");
        }
    }

    #[test]
    fn an_estimate_that_straddles_the_threshold_asks_for_an_exact_count() {
        let estimate = |value| range(Scaled::Records, Measure::estimate(value), None);
        assert_eq!(judge(1000, estimate(1300)), Verdict::Straddles);
        assert_eq!(judge(1000, estimate(1000)), Verdict::Straddles);
        assert_eq!(judge(1000, estimate(2600)), Verdict::Moved);
        assert_eq!(judge(1000, estimate(400)), Verdict::Moved);
        let sampled = Some(Distinct::Range { at_least: 900, at_most: 1200 });
        assert_eq!(judge(1000, range(Scaled::Subjects, Measure::estimate(900), sampled)), Verdict::Stayed);
    }

    #[test]
    fn a_range_over_both_sides_of_the_filed_figure_has_not_moved_for_sure() {
        assert_eq!(judge(1000, (500, 2000)), Verdict::Straddles);
        assert_eq!(judge(0, (0, 10)), Verdict::Straddles);
    }

    #[test]
    fn few_persons_are_counted_exactly_and_many_within_two_errors_of_the_sketch() {
        let estimate = |estimate| {
            let distinct = Distinct::Estimate { estimate, relative_error: Sketch::RELATIVE_ERROR };
            range(Scaled::Subjects, Measure::exact(estimate), Some(distinct))
        };
        assert_eq!(estimate(650), (650, 650));
        assert_eq!(estimate(10_000), (9_680, 10_320));
    }

    proptest! {
        #[test]
        fn growth_fires_exactly_when_the_same_shrinkage_does(filed in 1u64..u64::MAX / 2, share in 0u64..=1000) {
            let moved = (u128::from(filed) * u128::from(share) / 1000) as u64;
            prop_assert_eq!(fires(filed, filed + moved), fires(filed, filed - moved));
        }

        /// The oracle bounds the figure instead of the difference: at most 7 or at least 13 tenths of what was filed.
        #[test]
        fn any_pair_of_figures_fires_outside_seven_to_thirteen_tenths(filed in 1u64.., now: u64) {
            let (tenths_filed, tenths_now) = (u128::from(filed), 10 * u128::from(now));
            prop_assert_eq!(fires(filed, now), tenths_now <= 7 * tenths_filed || tenths_now >= 13 * tenths_filed);
        }

        #[test]
        fn an_estimate_lies_in_its_own_range(value: u64) {
            let (low, high) = range(Scaled::Bytes, Measure::estimate(value), None);
            prop_assert!(low <= value && value <= high);
        }

        #[test]
        fn a_move_further_away_still_fires(filed in 1u64..1_000_000, now: u64, further in 0u64..1_000_000) {
            prop_assume!(fires(filed, now));
            let further = if now > filed { now.saturating_add(further) } else { now.saturating_sub(further) };
            prop_assert!(fires(filed, further));
        }

        #[test]
        fn a_range_is_moved_only_if_every_value_in_it_is(filed in 0u64..200, low in 0u64..400, width in 0u64..200) {
            let every = (low..=low + width).all(|now| fires(filed, now));
            let none = !(low..=low + width).any(|now| fires(filed, now));
            let one_side = low >= filed || low + width <= filed;
            match judge(filed, (low, low + width)) {
                Verdict::Moved => prop_assert!(every),
                Verdict::Stayed => prop_assert!(none),
                Verdict::Straddles => prop_assert!(!(none || every && one_side)),
            }
        }
    }
}
