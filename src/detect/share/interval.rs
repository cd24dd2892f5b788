//! The interval of a share that was seen in clusters.

use super::beta::{beta_quantile, student_quantile};
use super::{Clusters, MatchedRows};

/// The chance that is left out on each side of a 95 % interval.
const TAIL: f64 = 0.025;

/// The 95 % interval of the share of rows that match, from at least two clusters drawn alike.
///
/// 1. The share is that of two sums over clusters, p = Σy / Σm: y of m rows of a cluster match (ratio to size; Cochran
///    1977, Sampling Techniques, 9A.1). Its variance is what clusters differ by, for k of them
///    v = k / (k − 1) · Σ(y − p·m)² / (Σm)² (ibid., 9A.2, without the correction for a finite number of clusters, so
///    rather too large).
/// 2. So many rows drawn one by one would have the same variance: n = p·(1 − p) / v, the number of rows that were read
///    divided by the design effect (Kish 1965). Few clusters say little of v: n is multiplied by the square of
///    t(rows − 1) / t(k − 1), the 97.5 % quantiles of Student's distribution.
/// 3. The interval is the exact one for p·n of n (Clopper and Pearson 1934): the quantiles of Beta(p·n, n − p·n + 1) and
///    Beta(p·n + 1, n − p·n). Steps 2 and 3 together are Korn and Graubard 1998, Survey Methodology 24, 193–201, with
///    n never above the number of rows.
///
/// Where no row matches or all do, nothing is known of how clusters differ: n is then the number of clusters, as though
/// each were of one kind. How often it holds: docs/sampling.md.
pub(super) fn of_clusters(matched: &MatchedRows, clusters: &Clusters) -> [f64; 2] {
    let (count, rows) = (clusters.count as f64, clusters.read as f64);
    if clusters.rows <= 0.0 {
        return [0.0, 1.0];
    }
    let share = (matched.sum / clusters.rows).clamp(0.0, 1.0);
    let worth = if matched.sum <= 0.0 || matched.sum >= clusters.rows {
        count
    } else {
        let differences = matched.squares - 2.0 * share * matched.products + share * share * clusters.squares;
        let variance = count / (count - 1.0) * differences / (clusters.rows * clusters.rows);
        let alone = share * (1.0 - share) / variance;
        let correction = student_quantile(TAIL, rows - 1.0) / student_quantile(TAIL, count - 1.0);
        // Where clusters do not differ at all, the quotient is no number or without end.
        if alone.is_finite() && variance > 0.0 { alone * correction * correction } else { rows }
    };
    let worth = worth.min(rows);
    let seen = share * worth;
    let low = if seen > 0.0 { beta_quantile(TAIL, seen, worth - seen + 1.0) } else { 0.0 };
    let high = if seen < worth { beta_quantile(1.0 - TAIL, seen + 1.0, worth - seen) } else { 1.0 };
    [low.min(share), high.max(share)]
}
