use proptest::prelude::*;

use super::*;

/// A share from clusters of (rows with a match, rows read, rows there are).
fn share(clusters: &[(u64, u64, u64)]) -> Share {
    let (mut matched, mut all) = (MatchedRows::default(), Clusters::default());
    for (hits, read, of) in clusters {
        (0..*hits).for_each(|_| matched.add_row());
        let cluster = Cluster { read: *read, of: *of };
        matched.end_cluster(cluster);
        all.add(cluster);
    }
    Share::new(matched, all, all.rows_read())
}

#[test]
fn rows_drawn_one_by_one_have_the_exact_interval() {
    let rows: Vec<_> = (0..1000).map(|row| (u64::from(row % 10 == 0), 1, 1)).collect();
    let [low, high] = share(&rows).interval(None);
    // 100 of 1,000 (Clopper and Pearson): 8.21 % to 12.03 %.
    assert!((low - 0.0821).abs() < 2e-4 && (high - 0.1203).abs() < 2e-4, "{low} {high}");
}

#[test]
fn clusters_of_one_kind_are_worth_one_row_each() {
    let sorted: Vec<_> = (0..100).map(|cluster| (if cluster < 10 { 10 } else { 0 }, 10, 10)).collect();
    let [low, high] = share(&sorted).interval(None);
    // 10 of 100, not 100 of 1,000.
    assert!((low - 0.049).abs() < 3e-3 && (high - 0.176).abs() < 5e-3, "{low} {high}");
}

#[test]
fn what_was_never_seen_may_be_in_clusters_that_were_not_drawn() {
    let none: Vec<_> = (0..100).map(|_| (0, 10, 10)).collect();
    let [low, high] = share(&none).interval(Some(1_000_000));
    assert!(low.abs() < 1e-12 && (high - 0.0362).abs() < 1e-4, "{high}");
    let all: Vec<_> = (0..100).map(|_| (10, 10, 10)).collect();
    assert!(share(&all).interval(Some(1_000_000))[0] < 0.9639);
}

#[test]
fn rows_from_the_top_say_nothing_of_the_others() {
    let mut matched = MatchedRows::default();
    (0..30).for_each(|_| matched.add_row());
    let share = Share::new(matched, Clusters::default(), 100);
    let [low, high] = share.interval(Some(1000));
    assert!((low - 0.03).abs() < 1e-12 && (high - 0.93).abs() < 1e-12, "{low} {high}");
    let [low, high] = share.interval(None);
    assert!(low <= 0.0 && high >= 1.0, "{low} {high}");
}

#[test]
fn a_cluster_read_in_part_stands_for_all_of_it() {
    let in_part = share(&[(2, 4, 400), (0, 4, 4), (1, 4, 40)]);
    let whole = share(&[(200, 400, 400), (0, 4, 4), (10, 40, 40)]);
    let (part, whole) = (in_part.matched, whole.matched);
    assert!((part.sum - whole.sum).abs() < 1e-9 && (part.squares - whole.squares).abs() < 1e-9);
}

proptest! {
    #[test]
    fn an_interval_holds_the_share_that_was_seen(
        clusters in prop::collection::vec((0u64..9, 1u64..9, 0u64..50), 0..40), of in prop::option::of(0u64..10_000),
    ) {
        let clusters: Vec<_> =
            clusters.into_iter().map(|(hits, read, more)| (hits.min(read), read, read + more)).collect();
        let share = share(&clusters);
        let [low, high] = share.interval(of);
        prop_assert!((0.0..=1.0).contains(&low) && (0.0..=1.0).contains(&high) && low <= high, "{low} {high}");
        let total: u64 = clusters.iter().map(|(.., of)| of).sum();
        if total > 0 && clusters.len() > 1 && of.is_none() {
            let seen = share.matched.sum / total as f64;
            prop_assert!(low <= seen + 1e-9 && seen <= high + 1e-9, "{low} {seen} {high}");
        }
        if let Some(of) = of {
            // What was seen is there.
            prop_assert!(low * of.max(share.rows) as f64 + 1e-6 >= share.matched() as f64);
        }
    }
}
