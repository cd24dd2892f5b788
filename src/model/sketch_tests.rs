use proptest::prelude::*;

use super::*;

/// A hash of a number under a seed: splitmix64 (Steele, Lea, Flood 2014), which is not how the program hashes.
fn hash(seed: u64, number: u64) -> u64 {
    let mut z = seed.wrapping_mul(0x5851_f42d_4c95_7f2d).wrapping_add(number.wrapping_mul(0x9e37_79b9_7f4a_7c15));
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

fn sketch(seed: u64, numbers: impl Iterator<Item = u64>) -> Sketch {
    let mut sketch = Sketch::default();
    numbers.for_each(|number| sketch.insert(hash(seed, number)));
    sketch
}

#[test]
fn over_fifty_seeds_the_estimate_stays_within_three_times_the_stated_error() {
    for count in [1_100u64, 5_000, 20_000, 200_000] {
        let mut squares = 0.0;
        for seed in 1..=50 {
            let estimate = sketch(seed, 0..count).estimate();
            let error = (estimate as f64 - count as f64) / count as f64;
            squares += error * error;
            assert!(error.abs() <= 3.0 * Sketch::RELATIVE_ERROR, "{count} counted as {estimate} with seed {seed}");
        }
        let typical = (squares / 50.0f64).sqrt();
        assert!(typical <= 1.3 * Sketch::RELATIVE_ERROR, "{count}: the typical error is {typical}");
    }
}

#[test]
fn small_numbers_are_exact() {
    for count in [0u64, 1, 2, 10, 500, 1000] {
        assert_eq!(sketch(9, (0..count).chain(0..count)).estimate(), count);
    }
}

#[test]
fn bytes_that_are_no_sketch_are_refused() {
    for bytes in [&b""[..], b"X", b"S\0\0\0", b"S\0\0\0\x02\0\0\0\x01", b"D\0", &[b'D'; 5000]] {
        assert_eq!(Sketch::from_bytes(bytes), None);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn the_merged_sketch_is_that_of_the_union(
        left in 0u64..3000, overlap in 0u64..500, right in 0u64..3000, seed in 0u64..1000,
    ) {
        let start = left.saturating_sub(overlap);
        let mut merged = sketch(seed, 0..left);
        merged.merge(&sketch(seed, start..start + right));
        prop_assert_eq!(merged, sketch(seed, 0..left.max(start + right)));
    }

    #[test]
    fn order_and_repetition_change_nothing(mut numbers in prop::collection::vec(0u64..4000, 0..3000), seed in 0u64..1000) {
        let forward = sketch(seed, numbers.iter().copied());
        numbers.reverse();
        let twice = sketch(seed, numbers.iter().chain(&numbers).copied());
        prop_assert_eq!(&forward, &twice);
        prop_assert_eq!(Sketch::from_bytes(&forward.to_bytes()), Some(forward));
    }
}
