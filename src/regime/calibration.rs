//! From what speaks for a category to the probability that it is right: a logistic map, fitted on labelled assets by
//! `mulu eval --fit`.

use serde::Deserialize;

use super::taxonomy::Schema;
use super::{Error, Problem, parse};
use crate::model::Mark;

/// What an answer rests on, as far as it tells how likely it is right.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Signals {
    /// The winner's share of all weight, doubt included: 0 to 1.
    pub share: f64,
    /// The winner's weight.
    pub weight: f64,
    /// The part of it that names, comments and the format have.
    pub named: f64,
    /// Marks of plumbing, as a share of them and of what names say: 0 to 1.
    pub plumbing: f64,
}

/// The figures of `calibration.toml`: score = 1 / (1 + e^−z), z = intercept + Σ figure · signal.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Calibration {
    /// What is added first.
    pub intercept: f64,
    /// By signal, in the order of [`Signals::of_map`]: never negative, so that more evidence never lowers a score.
    pub figures: [f64; 4],
}

/// Uncalibrated: the score is the share.
impl Default for Calibration {
    fn default() -> Self {
        Self { intercept: 0.0, figures: [1.0, 0.0, 0.0, 0.0] }
    }
}

/// Shares are kept so far from 0 and 1.
const EDGE: f64 = 1e-6;

impl Signals {
    /// The signals as the map takes them; each grows with what speaks for the answer.
    #[must_use]
    pub fn of_map(self) -> [f64; 4] {
        let share = self.share.clamp(EDGE, 1.0 - EDGE);
        [(share / (1.0 - share)).ln(), self.weight.ln_1p(), self.named.ln_1p(), 1.0 - self.plumbing]
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(rename = "schema")]
    _schema: Schema,
    #[serde(rename = "mark")]
    _mark: Mark,
    intercept: f64,
    share: f64,
    weight: f64,
    named: f64,
    no_plumbing: f64,
}

impl Calibration {
    /// Reads `calibration.toml`.
    pub fn parse(text: &str, file: &str) -> Result<Self, Error> {
        let read: File = parse(text, file)?;
        let figures = [read.share, read.weight, read.named, read.no_plumbing];
        if !read.intercept.is_finite() || figures.iter().any(|figure| !figure.is_finite() || *figure < 0.0) {
            let rule = ("除 intercept 外数值不得为负", "no figure but the intercept is negative");
            return Err(Error::new(file, Problem::Unfit { entry: "calibration".to_owned(), rule }));
        }
        Ok(Self { intercept: read.intercept, figures })
    }

    /// The file that says so. Three decimals: more would be noise of the sample.
    #[must_use]
    pub fn to_toml(&self, fitted_on: &str) -> String {
        let [share, weight, named, no_plumbing] = self.figures;
        format!(
            "# How likely an answer is right: score = 1 / (1 + e^-z), z = intercept + share * ln(s / (1 - s)) + weight * ln(1 + w)\n\
             # + named * ln(1 + n) + no_plumbing * (1 - p), where s is the winner's share of all weight, w its weight, n what of it\n\
             # names, comments and the format have, and p the share of marks of plumbing. Written by `mulu eval --fit`,\n\
             # {fitted_on}.\n\
             schema = 1\nmark = \"design\"\n\n\
             intercept = {:.3}\nshare = {share:.3}\nweight = {weight:.3}\nnamed = {named:.3}\nno_plumbing = {no_plumbing:.3}\n",
            self.intercept
        )
    }

    /// The probability that an answer with these signals is right.
    #[must_use]
    pub fn score(&self, signals: Signals) -> f64 {
        self.score_of(signals.of_map())
    }

    fn score_of(&self, signals: [f64; 4]) -> f64 {
        let z = self.intercept + self.figures.iter().zip(signals).map(|(figure, signal)| figure * signal).sum::<f64>();
        1.0 / (1.0 + (-z).exp())
    }

    /// Fits the map to answers and whether each was right, by maximum likelihood with a little shrinkage. Plain gradient
    /// descent from the same start, over the answers in the order given: the same to the last digit each time.
    #[must_use]
    pub fn fit(answers: &[(Signals, bool)]) -> Self {
        const ROUNDS: usize = 4_000;
        const STEP: f64 = 0.5;
        const SHRINKAGE: f64 = 1e-3;
        let rows: Vec<([f64; 4], f64)> =
            answers.iter().map(|(signals, right)| (signals.of_map(), f64::from(u8::from(*right)))).collect();
        let all = rows.len().max(1) as f64;
        let mut fitted = Self::default();
        for _ in 0..ROUNDS {
            let mut slope = [0.0; 4];
            let mut slope_of_intercept = 0.0;
            for (signals, right) in &rows {
                let off = fitted.score_of(*signals) - right;
                slope_of_intercept += off;
                slope.iter_mut().zip(signals).for_each(|(slope, signal)| *slope += off * signal);
            }
            fitted.intercept -= STEP * slope_of_intercept / all;
            for (figure, slope) in fitted.figures.iter_mut().zip(slope) {
                *figure = (*figure - STEP * (slope / all + SHRINKAGE * *figure)).max(0.0);
            }
        }
        fitted
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn signals(share: f64, weight: f64) -> Signals {
        Signals { share, weight, named: weight / 2.0, plumbing: 0.0 }
    }

    #[test]
    fn a_fitted_map_finds_the_shares_that_were_right_and_is_the_same_each_time() {
        let answers: Vec<(Signals, bool)> = (0..2_000)
            .map(|n| {
                let share = 0.3 + 0.1 * f64::from(n % 7);
                // Of ten with the same share, as many are right as the share squared says.
                (signals(share, 1.0), f64::from((n / 7) % 10) < 10.0 * share * share)
            })
            .collect();
        let fitted = Calibration::fit(&answers);
        for share in [0.4, 0.6, 0.8] {
            let score = fitted.score(signals(share, 1.0));
            assert!((score - share * share).abs() < 0.1, "{share}: {score}");
        }
        assert_eq!(fitted.to_toml("x"), Calibration::fit(&answers).to_toml("x"));
        let read = Calibration::parse(&fitted.to_toml("on nothing"), "c.toml").unwrap();
        assert!((read.score(signals(0.7, 1.0)) - fitted.score(signals(0.7, 1.0))).abs() < 0.01);
    }

    #[test]
    fn a_negative_figure_is_refused() {
        let text = Calibration::default().to_toml("on nothing").replace("share = 1", "share = -1");
        assert!(Calibration::parse(&text, "c.toml").is_err());
    }

    proptest! {
        #[test]
        fn more_of_anything_never_lowers_a_score(
            figures in proptest::array::uniform4(0.0f64..3.0), share in 0.0f64..1.0, weight in 0.0f64..5.0, more in 0.0f64..1.0,
        ) {
            let map = Calibration { intercept: -1.0, figures };
            let before = map.score(signals(share, weight));
            prop_assert!(map.score(signals((share + more).min(1.0), weight)) >= before);
            prop_assert!(map.score(signals(share, weight + more)) >= before);
        }
    }
}
