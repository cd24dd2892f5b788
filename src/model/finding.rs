use serde::{Deserialize, Serialize};

use super::{PublicName, Sketch};

/// What one detector found in one asset: counts and a sketch, never a value.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Finding {
    /// The detector's id, e.g. `cn.resident-id`.
    pub detector: String,
    /// Matches seen, exactly.
    pub matches: u64,
    /// Set when rows were sampled; then `matches` and `sketch` speak of the sample alone.
    pub sample: Option<Sample>,
    /// The distinct values among the matches, normalised before hashing.
    pub sketch: Sketch,
    /// The columns that they stood in, in the order of the source; empty for running text.
    pub columns: Vec<PublicName>,
    /// How sure we are that these are what the detector looks for, 0 to 1.
    pub confidence: f64,
    /// For coordinates: the most decimals that a tenth or more of the matches have; `None` for the rest.
    pub decimals: Option<u8>,
    /// Of the values in columns that are named for the detector, the share whose check digit is right, 0 to 1; `None`
    /// where none is wrong. Where most are wrong (invented data), they are counted all the same, at lower confidence.
    pub passed: Option<f64>,
}

/// Rows read of how many, and the share of them that match.
///
/// A row may match more than once: in two columns, or in a list.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Sample {
    /// Rows read.
    pub rows: u64,
    /// Rows there are.
    pub of: u64,
    /// Of the rows read, those that match; 0 where nobody counted them.
    #[serde(default)]
    pub matched: u64,
    /// The 95 % interval of the share of rows that match: low, high. It holds for rows drawn in clusters (pages, ranges
    /// of keys) from a table that is sorted by what is looked for (`detect::share`).
    pub share: [f64; 2],
}

/// How many distinct values: a point with its error where everything was read, a range where rows were sampled.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Distinct {
    /// Everything was read.
    Estimate {
        /// The estimate of the sketch.
        estimate: u64,
        /// Its standard error as a share of it.
        relative_error: f64,
    },
    /// Rows were sampled: from what was seen to the high share of all rows.
    Range {
        /// Seen in the sample.
        at_least: u64,
        /// High share × rows × values of a matching row.
        at_most: u64,
    },
}

impl Sample {
    /// How many values there may be in all rows, of which the rows read gave `matches`: the high share of the rows, times
    /// what a matching row gave.
    #[must_use]
    pub fn at_most(&self, matches: u64) -> u64 {
        let rows = (self.share[1] * self.of as f64).ceil() as u64;
        let matched = if self.matched == 0 { self.rows } else { self.matched };
        rows.saturating_mul(matches.div_ceil(matched.max(1)).max(1))
    }
}

impl Distinct {
    /// A range from what a sketch surely saw; `at_most` never is less than what it saw.
    #[must_use]
    pub fn range(seen: &Sketch, at_most: u64) -> Self {
        Self::Range { at_least: seen.at_least(), at_most: at_most.max(seen.estimate()) }
    }

    /// What is sure to be there.
    #[must_use]
    pub fn at_least(&self) -> u64 {
        match self {
            Self::Estimate { estimate, .. } => *estimate,
            Self::Range { at_least, .. } => *at_least,
        }
    }

    /// What may be there.
    #[must_use]
    pub fn at_most(&self) -> u64 {
        match self {
            Self::Estimate { estimate, .. } => *estimate,
            Self::Range { at_most, .. } => *at_most,
        }
    }

    /// What may be there when the sketch is as far off as it is once in forty times (two standard errors, one side of a
    /// 95 % interval).
    #[must_use]
    pub fn may_reach(&self) -> u64 {
        match self {
            Self::Estimate { estimate, relative_error } => {
                (*estimate as f64 * (1.0 + 2.0 * relative_error)).floor() as u64
            }
            Self::Range { at_most, .. } => *at_most,
        }
    }
}

impl Finding {
    /// How many distinct values it speaks of.
    #[must_use]
    pub fn distinct(&self) -> Distinct {
        match &self.sample {
            None => Distinct::Estimate { estimate: self.sketch.estimate(), relative_error: Sketch::RELATIVE_ERROR },
            Some(sample) => Distinct::range(&self.sketch, sample.at_most(self.matches)),
        }
    }
}
