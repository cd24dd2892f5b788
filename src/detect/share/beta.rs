//! Quantiles of two distributions, to about twelve digits: more than any interval is shown with.

/// Halvings of an interval that find a quantile: 2⁻⁵² is the last bit of a number below one.
const HALVINGS: u32 = 52;
/// Steps of the continued fraction; it converges in some √max(a, b) of them.
const MOST_STEPS: u32 = 10_000;
const TINY: f64 = 1e-300;

/// The number below which Beta(a, b) falls with that chance.
pub(super) fn beta_quantile(chance: f64, a: f64, b: f64) -> f64 {
    let (mut low, mut high) = (0.0, 1.0);
    for _ in 0..HALVINGS {
        let middle: f64 = f64::midpoint(low, high);
        if beta(middle, a, b) < chance {
            low = middle;
        } else {
            high = middle;
        }
    }
    f64::midpoint(low, high)
}

/// The number above which Student's t with `freedom` degrees of freedom falls with the chance `tail`, below one half.
pub(super) fn student_quantile(tail: f64, freedom: f64) -> f64 {
    // P(|T| > t) = I_x(ν/2, 1/2) with x = ν / (ν + t²).
    let x = beta_quantile(2.0 * tail, freedom / 2.0, 0.5);
    (freedom * (1.0 - x) / x).sqrt()
}

/// The regularised incomplete beta function I_x(a, b), by its continued fraction (DLMF 8.17.22, dlmf.nist.gov).
fn beta(x: f64, a: f64, b: f64) -> f64 {
    if x <= 0.0 {
        return 0.0;
    }
    if x >= 1.0 {
        return 1.0;
    }
    let front = (a * x.ln() + b * (-x).ln_1p() + ln_gamma(a + b) - ln_gamma(a) - ln_gamma(b)).exp();
    // It converges fast on this side; I_x(a, b) = 1 − I_{1−x}(b, a) (DLMF 8.17.4).
    if x < (a + 1.0) / (a + b + 2.0) {
        front * fraction(x, a, b) / a
    } else {
        1.0 - front * fraction(1.0 - x, b, a) / b
    }
}

/// The continued fraction, from its front (Lentz 1976).
fn fraction(x: f64, a: f64, b: f64) -> f64 {
    let not_zero = |number: f64| if number.abs() < TINY { TINY } else { number };
    let mut upper = 1.0;
    let mut lower = 1.0 / not_zero(1.0 - (a + b) * x / (a + 1.0));
    let mut value = lower;
    for step in 1..MOST_STEPS {
        let step = f64::from(step);
        let even = step * (b - step) * x / ((a + 2.0 * step - 1.0) * (a + 2.0 * step));
        let odd = -(a + step) * (a + b + step) * x / ((a + 2.0 * step) * (a + 2.0 * step + 1.0));
        let before = value;
        for term in [even, odd] {
            lower = 1.0 / not_zero(1.0 + term * lower);
            upper = not_zero(1.0 + term / upper);
            value *= lower * upper;
        }
        if (value / before - 1.0).abs() < 1e-15 {
            break;
        }
    }
    value
}

/// B₂ₖ / (2k·(2k − 1)), the terms of Stirling's series.
const STIRLING: [f64; 7] =
    [1.0 / 12.0, -1.0 / 360.0, 1.0 / 1260.0, -1.0 / 1680.0, 1.0 / 1188.0, -691.0 / 360_360.0, 1.0 / 156.0];

/// ln Γ(x) for x > 0: Stirling's series (DLMF 5.11.1), after the argument is moved to where seven terms are enough.
fn ln_gamma(x: f64) -> f64 {
    let mut moved = x;
    let mut below = 0.0;
    while moved < 12.0 {
        below += moved.ln();
        moved += 1.0;
    }
    let square = moved * moved;
    let series = STIRLING.iter().rev().fold(0.0, |sum, term| sum / square + term) / moved;
    (moved - 0.5) * moved.ln() - moved + 0.5 * std::f64::consts::TAU.ln() + series - below
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn quantiles_are_those_of_printed_tables() {
        // Student's t, 97.5 % (Fisher and Yates, table III).
        for (freedom, printed) in [(1.0, 12.706), (4.0, 2.776), (9.0, 2.262), (30.0, 2.042), (120.0, 1.980)] {
            assert!((student_quantile(0.025, freedom) - printed).abs() < 6e-4, "{freedom}");
        }
        // The exact interval of 10 of 100, printed in many a handbook: 4.90 % to 17.62 %.
        assert!((beta_quantile(0.025, 10.0, 91.0) - 0.049_005).abs() < 1e-5);
        assert!((beta_quantile(0.975, 11.0, 90.0) - 0.176_223).abs() < 1e-5);
        // The rule of three: none of 100 gives 1 − 0.025^(1/100).
        assert!((beta_quantile(0.975, 1.0, 100.0) - (1.0 - 0.025f64.powf(0.01))).abs() < 1e-12);
    }

    #[test]
    fn the_logarithm_of_gamma_is_that_of_the_factorial() {
        let mut sum: f64 = 0.0;
        for n in 1..200 {
            assert!((ln_gamma(f64::from(n)) - sum).abs() < 1e-11 * sum.max(1.0), "{n}");
            sum += f64::from(n).ln();
        }
        assert!((ln_gamma(0.5) - std::f64::consts::PI.ln() / 2.0).abs() < 1e-13);
    }

    proptest! {
        #[test]
        fn for_whole_numbers_beta_is_a_sum_of_binomial_chances(x in 0.001f64..0.999, a in 1u32..30, b in 1u32..30) {
            // I_x(a, b) = P(at least a of a + b − 1 at chance x) (DLMF 8.17.5).
            let n = a + b - 1;
            let chance = |k: u32| {
                let choose = ln_gamma(f64::from(n) + 1.0) - ln_gamma(f64::from(k) + 1.0) - ln_gamma(f64::from(n - k) + 1.0);
                (choose + f64::from(k) * x.ln() + f64::from(n - k) * (1.0 - x).ln()).exp()
            };
            let sum: f64 = (a..=n).map(chance).sum();
            prop_assert!((beta(x, f64::from(a), f64::from(b)) - sum).abs() < 1e-9);
        }

        #[test]
        fn a_quantile_has_its_chance_below_it(chance in 0.001f64..0.999, a in 0.5f64..5_000.0, b in 0.5f64..5_000.0) {
            prop_assert!((beta(beta_quantile(chance, a, b), a, b) - chance).abs() < 1e-8);
        }
    }
}
