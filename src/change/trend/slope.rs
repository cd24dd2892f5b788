//! The pace of a series, and how sure it is: the median of all pairwise slopes (Theil 1950, Sen 1968), which a few odd
//! results do not move, and the interval that the ranks of those slopes give without any assumption on how results
//! scatter (Sen 1968: the number of slopes below the true one is distributed as Kendall's statistic).

/// A pace is never given for fewer points: two always lie on a line.
pub const LEAST_POINTS: usize = 3;

/// The share of intervals that are to hold the true pace; fewer than five points cannot reach it, and say what they do.
const WANTED_COVERAGE: f64 = 0.95;

/// Up to here the distribution of Kendall's statistic is computed; beyond it is as good as normal.
const EXACT_UP_TO_POINTS: usize = 60;

/// Quantile of the normal distribution for 95 per cent.
const Z_95: f64 = 1.959_964;

/// How much a day, and between which bounds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pace {
    /// The median slope.
    pub per_day: f64,
    /// The interval, low end.
    pub low: f64,
    /// High end.
    pub high: f64,
    /// The share of such intervals that hold the true pace.
    pub coverage: f64,
}

/// The pace of points (day, value), the days all different; `None` for fewer than three.
#[must_use]
pub fn pace(points: &[(i64, u64)]) -> Option<Pace> {
    if points.len() < LEAST_POINTS {
        return None;
    }
    let mut slopes = Vec::with_capacity(points.len() * (points.len() - 1) / 2);
    for (place, (day, value)) in points.iter().enumerate() {
        for (later_day, later_value) in points.iter().skip(place + 1).filter(|(later, _)| later != day) {
            slopes.push((*later_value as f64 - *value as f64) / (later_day - day) as f64);
        }
    }
    slopes.sort_unstable_by(f64::total_cmp);
    let (cut, coverage) = cut(points.len());
    let last = slopes.len().checked_sub(1)?;
    let cut = cut.min(last / 2);
    Some(Pace { per_day: median(&slopes)?, low: *slopes.get(cut)?, high: *slopes.get(last - cut)?, coverage })
}

fn median(sorted: &[f64]) -> Option<f64> {
    let (low, high) = (sorted.get((sorted.len().checked_sub(1)?) / 2)?, sorted.get(sorted.len() / 2)?);
    Some(f64::midpoint(*low, *high))
}

/// How many slopes to leave out at either end, and the coverage of what is left.
fn cut(points: usize) -> (usize, f64) {
    if points > EXACT_UP_TO_POINTS {
        let n = points as f64;
        let deviation = (n * (n - 1.0) * (2.0 * n + 5.0) / 18.0).sqrt();
        let left_out = (n * (n - 1.0) / 2.0 - Z_95 * deviation) / 2.0;
        return ((left_out.floor() as usize).saturating_sub(1), WANTED_COVERAGE);
    }
    let chances = inversions(points);
    let mut below = chances.first().copied().unwrap_or(1.0);
    let mut cut = 0;
    for chance in chances.iter().skip(1) {
        if 1.0 - 2.0 * (below + chance) < WANTED_COVERAGE {
            break;
        }
        below += chance;
        cut += 1;
    }
    (cut, 1.0 - 2.0 * below)
}

/// The chance that a random order of so many things has 0, 1, 2… inversions.
fn inversions(things: usize) -> Vec<f64> {
    let mut chances = vec![1.0];
    for added in 2..=things {
        let longest = chances.len() + added - 1;
        let from = |count: usize| {
            let first = (count + 1).saturating_sub(added);
            let known = chances.iter().enumerate().skip(first).take_while(|(one, _)| *one <= count);
            known.map(|(_, chance)| chance).sum::<f64>() / added as f64
        };
        chances = (0..longest).map(from).collect();
    }
    chances
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn two_points_have_no_pace_and_three_say_how_little_they_are_sure_of() {
        assert_eq!(pace(&[(0, 10), (7, 20)]), None);
        let three = pace(&[(0, 10), (10, 20), (20, 60)]).unwrap();
        assert_eq!((three.per_day, three.low, three.high), (2.5, 1.0, 4.0));
        // All orders of three but the rising and the falling one: 4 of 6.
        assert!((three.coverage - 4.0 / 6.0).abs() < 1e-9);
        let five: Vec<(i64, u64)> = (0..5).map(|day| (day, day as u64)).collect();
        assert!(pace(&five).unwrap().coverage >= 0.95);
    }

    #[test]
    fn the_distribution_is_that_of_counting_all_orders() {
        // Of the 24 orders of four things 1, 3, 5, 6, 5, 3, 1 have 0 to 6 inversions.
        let counted: Vec<f64> = inversions(4).iter().map(|chance| chance * 24.0).collect();
        for (chance, count) in counted.iter().zip([1.0, 3.0, 5.0, 6.0, 5.0, 3.0, 1.0]) {
            assert!((chance - count).abs() < 1e-9, "{counted:?}");
        }
    }

    #[test]
    fn the_exact_interval_and_the_normal_one_meet() {
        let (exact, coverage) = cut(EXACT_UP_TO_POINTS);
        let n = EXACT_UP_TO_POINTS as f64;
        let normal = (n * (n - 1.0) / 2.0 - Z_95 * (n * (n - 1.0) * (2.0 * n + 5.0) / 18.0).sqrt()) / 2.0;
        assert!((exact as f64 - normal).abs() <= 2.0, "{exact} {normal}");
        assert!((0.95..0.96).contains(&coverage), "{coverage}");
    }

    #[test]
    fn one_odd_result_does_not_move_the_pace() {
        let mut points: Vec<(i64, u64)> = (0..20).map(|week| (week * 7, 1000 + 14 * week as u64)).collect();
        points[11].1 = 900_000;
        let pace = pace(&points).unwrap();
        assert!((pace.per_day - 2.0).abs() < 1e-9, "{pace:?}");
        assert!(pace.low <= 2.0 && pace.high >= 2.0);
    }

    proptest! {
        #[test]
        fn a_straight_line_has_its_own_pace_whatever_the_days(
            days in proptest::collection::btree_set(0i64..2000, 3..40), per_day in 0u64..1000, start in 0u64..1_000_000,
        ) {
            let points: Vec<(i64, u64)> = days.iter().map(|day| (*day, start + per_day * *day as u64)).collect();
            let pace = pace(&points).unwrap();
            for slope in [pace.per_day, pace.low, pace.high] {
                prop_assert!((slope - per_day as f64).abs() < 1e-6);
            }
        }

        #[test]
        fn the_pace_lies_in_its_interval(values in proptest::collection::vec(0u64..1_000_000, 3..80)) {
            let points: Vec<(i64, u64)> = (0i64..).step_by(7).zip(values).collect();
            let pace = pace(&points).unwrap();
            prop_assert!(pace.low <= pace.per_day && pace.per_day <= pace.high);
            prop_assert!((0.6..=1.0).contains(&pace.coverage));
        }
    }
}
