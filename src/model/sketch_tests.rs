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

/// Around the switch from hashes to registers, at 2,048, and up to what no store of one enterprise goes beyond.
const CARDINALITIES: [u64; 14] =
    [1, 2, 100, 1_024, 2_047, 2_048, 2_049, 2_200, 5_000, 20_000, 100_000, 300_000, 1_000_000, 3_000_000];
const SEEDS: u64 = 50;

#[test]
fn over_fifty_seeds_the_estimate_stays_within_three_times_the_stated_error() {
    let mut squares = [0.0; CARDINALITIES.len()];
    let mut sums = [0.0; CARDINALITIES.len()];
    for seed in 1..=SEEDS {
        let mut sketch = Sketch::default();
        let mut counted = 0;
        for (place, count) in CARDINALITIES.into_iter().enumerate() {
            (counted..count).for_each(|number| sketch.insert(hash(seed, number)));
            counted = count;
            let estimate = sketch.estimate();
            let error = (estimate as f64 - count as f64) / count as f64;
            assert!(error.abs() <= 3.0 * Sketch::RELATIVE_ERROR, "{count} counted as {estimate} with seed {seed}");
            assert!(count > SPARSE_LIMIT as u64 || estimate == count, "{count} counted as {estimate} with seed {seed}");
            squares[place] += error * error;
            sums[place] += error;
        }
    }
    for ((count, squares), sum) in CARDINALITIES.into_iter().zip(squares).zip(sums) {
        let typical = (squares / SEEDS as f64).sqrt();
        // 0.0115 is expected; over 50 seeds it is met within a tenth of itself, and the mean within a seventh of it.
        assert!(typical <= Sketch::RELATIVE_ERROR, "{count}: the typical error is {typical}");
        let bias = (sum / SEEDS as f64).abs();
        assert!(bias <= 0.3 * Sketch::RELATIVE_ERROR, "{count}: the estimates lean by {bias}");
    }
}

#[test]
fn half_of_a_hash_is_kept_and_eight_kilobytes_at_most() {
    for count in [1u64, 900, 2_048, 2_049, 50_000] {
        let whole = sketch(3, 0..count);
        let mut upper = Sketch::default();
        (0..count).for_each(|number| upper.insert(hash(3, number) | 0xffff_ffff));
        assert_eq!(whole, upper, "the lower half of a hash leaves no trace");
        assert!(whole.to_bytes().len() <= 1 + REGISTERS, "{count}");
        assert!(count > SPARSE_LIMIT as u64 || whole.to_bytes().len() <= 1 + 4 * count as usize, "{count}");
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
        left in 0u64..5000, overlap in 0u64..900, right in 0u64..5000, seed in 0u64..1000,
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

    #[test]
    fn merging_is_commutative_associative_and_idempotent(
        sizes in prop::collection::vec(0u64..4_000, 3), starts in prop::collection::vec(0u64..4_000, 3), seed in 0u64..1000,
    ) {
        let parts: Vec<Sketch> =
            sizes.iter().zip(&starts).map(|(size, start)| sketch(seed, *start..start + size)).collect();
        let merged = |order: &[usize]| {
            let mut whole = Sketch::default();
            for part in order {
                whole.merge(&parts[*part]);
            }
            whole
        };
        let expected = merged(&[0, 1, 2]);
        for order in [&[2, 1, 0][..], &[1, 0, 2], &[0, 1, 2, 0, 2, 1, 1]] {
            prop_assert_eq!(&merged(order), &expected);
        }
        let mut right = parts[1].clone();
        right.merge(&parts[2]);
        let mut left = parts[0].clone();
        left.merge(&right);
        prop_assert_eq!(&left, &expected);
        let own = expected.clone();
        left.merge(&own);
        prop_assert_eq!(left, own);
    }

    #[test]
    fn a_sketch_of_the_first_inventories_counts_on_with_new_ones(
        old in 1_000u64..9_000, new in 0u64..9_000, overlap in 0u64..900, seed in 0u64..1000,
    ) {
        let hashes = |range: std::ops::Range<u64>| -> Vec<u32> { range.map(|number| (hash(seed, number) >> 32) as u32).collect() };
        let stored = |hashes: &[u32]| [&b"D"[..], &densify(hashes, OLD_REGISTERS)].concat();
        let first = Sketch::from_bytes(&stored(&hashes(0..old))).expect("a sketch of the first form");
        let second = sketch(seed, old - overlap..old + new);
        let expected = Sketch::from_bytes(&stored(&hashes(0..old + new)));
        let merged = |left: &Sketch, right: &Sketch| {
            let mut left = left.clone();
            left.merge(right);
            Some(left)
        };
        prop_assert_eq!(merged(&first, &second), expected.clone());
        prop_assert_eq!(merged(&second, &first), expected);
    }

    #[test]
    fn what_is_stored_is_read_back_and_merges_as_before(size in 0u64..5_000, seed in 0u64..1000) {
        let fresh = sketch(seed, 0..size);
        let mut read = Sketch::from_bytes(&fresh.to_bytes()).expect("its own stored form");
        let other = sketch(seed, size / 2..size + 700);
        let mut expected = fresh.clone();
        expected.merge(&other);
        read.merge(&other);
        prop_assert_eq!(read, expected);
    }
}
