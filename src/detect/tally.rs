//! Counts of one detector in one place. Hits are added and forgotten.

use crate::model::Sketch;

/// Decimals past this are counted as this many: 10⁻¹⁵ degrees is finer than any survey.
const MOST_DECIMALS: usize = 15;

/// What a detector has found so far.
#[derive(Clone, Debug, Default)]
pub(super) struct Tally {
    /// Matches.
    pub(super) matches: u64,
    /// Sum of the confidences in thousandths: integers, so that the order of hits does not matter.
    thousandths: u64,
    sketch: Sketch,
    /// In columns named for it: values whose check digit is right, and values whose is wrong.
    checked: [u64; 2],
    /// For coordinates: matches by their number of decimals.
    decimals: Option<Box<[u64; MOST_DECIMALS + 1]>>,
}

impl Tally {
    /// Counts a match, of so many thousandths of confidence.
    pub(super) fn count(&mut self, confidence: u32, hash: u64) {
        self.matches += 1;
        self.thousandths += u64::from(confidence);
        self.sketch.insert(hash);
    }

    /// Notes the decimals of a match.
    pub(super) fn note_decimals(&mut self, decimals: u8) {
        let counts = self.decimals.get_or_insert_default();
        if let Some(count) = counts.get_mut(usize::from(decimals).min(MOST_DECIMALS)) {
            *count += 1;
        }
    }

    /// Notes how many values of a column that is named for it passed the check, and how many did not.
    pub(super) fn note_checked(&mut self, passed: u64, refuted: u64) {
        self.checked = [self.checked[0] + passed, self.checked[1] + refuted];
    }

    /// The share of them that passed; `None` where no value failed.
    pub(super) fn passed(&self) -> Option<f64> {
        let [passed, refuted] = self.checked;
        (refuted > 0).then(|| passed as f64 / (passed + refuted) as f64)
    }

    /// Takes over the counts of another, each match with `share` of its confidence.
    pub(super) fn add(&mut self, other: &Self, share: f64) {
        self.matches += other.matches;
        self.thousandths += (other.thousandths as f64 * share).round() as u64;
        self.sketch.merge(&other.sketch);
        self.note_checked(other.checked[0], other.checked[1]);
        if let Some(theirs) = &other.decimals {
            let ours = self.decimals.get_or_insert_default();
            ours.iter_mut().zip(theirs.iter()).for_each(|(mine, their)| *mine += their);
        }
    }

    /// The mean confidence of the matches, 0 to 1.
    pub(super) fn confidence(&self) -> f64 {
        if self.matches == 0 { 0.0 } else { self.thousandths as f64 / self.matches as f64 / 1000.0 }
    }

    /// The most decimals that a tenth or more of the matches have.
    pub(super) fn decimals(&self) -> Option<u8> {
        let counts = self.decimals.as_ref()?;
        let mut at_least = 0;
        for (decimals, count) in counts.iter().enumerate().rev() {
            at_least += count;
            if at_least > 0 && at_least * 10 >= self.matches {
                return u8::try_from(decimals).ok();
            }
        }
        None
    }

    /// How many distinct values, by estimate.
    pub(super) fn distinct(&self) -> u64 {
        self.sketch.estimate()
    }

    /// The distinct values.
    pub(super) fn into_sketch(self) -> Sketch {
        self.sketch
    }
}
