//! How sure a detector is, in thousandths: whole numbers, so that sums do not depend on the order of hits.

/// Context takes away this share of the doubt that a check leaves. Design.
const CONTEXT_GAIN: f64 = 0.7;
/// What speaks against a candidate leaves this share of the confidence. Design.
const DENIAL_SHARE: f64 = 0.5;
/// Below this a candidate is no match by itself. Design.
pub const FEWEST: u32 = 500;
/// A check that leaves less doubt than this needs no look around. Design.
const SURE_ALONE: u32 = 900;

/// The confidence of a detector in a candidate that passed its check, in thousandths.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Confidence {
    /// Without any context.
    pub alone: u32,
    /// With context, or in a column named for it.
    pub supported: u32,
    /// With something that speaks against it; also that of a value with a wrong check digit, in a column named for it.
    pub denied: u32,
    /// With both.
    pub disputed: u32,
}

impl Confidence {
    /// From the confidence that the rule states, 0 to 1.
    #[must_use]
    pub(super) fn of(alone: f64) -> Self {
        let supported = alone + (1.0 - alone) * CONTEXT_GAIN;
        let thousandths = |share: f64| (share * 1000.0).round() as u32;
        Self {
            alone: thousandths(alone),
            supported: thousandths(supported),
            denied: thousandths(alone * DENIAL_SHARE),
            disputed: thousandths(supported * DENIAL_SHARE),
        }
    }

    /// Under what was found around the candidate.
    #[must_use]
    pub fn under(self, is_supported: bool, is_denied: bool) -> u32 {
        match (is_supported, is_denied) {
            (false, false) => self.alone,
            (true, false) => self.supported,
            (false, true) => self.denied,
            (true, true) => self.disputed,
        }
    }

    /// Whether context would add little.
    #[must_use]
    pub fn is_sure_alone(self) -> bool {
        self.alone >= SURE_ALONE
    }
}
