use serde::{Deserialize, Serialize};

/// 规模: a count of records or bytes, and whether it was counted or estimated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Measure {
    /// Records or bytes.
    pub value: u64,
    /// `true`: counted; `false`: a server's statistics or a sample.
    pub exact: bool,
}

impl Measure {
    /// A counted figure.
    #[must_use]
    pub fn exact(value: u64) -> Self {
        Self { value, exact: true }
    }

    /// An estimated figure.
    #[must_use]
    pub fn estimate(value: u64) -> Self {
        Self { value, exact: false }
    }

    /// Both together: exact only when both are. Saturates, so that a hostile declared size cannot overflow.
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        Self { value: self.value.saturating_add(other.value), exact: self.exact && other.exact }
    }

    /// Both together where both are known, else the known one.
    #[must_use]
    pub fn together(ours: Option<Self>, theirs: Option<Self>) -> Option<Self> {
        match (ours, theirs) {
            (Some(ours), Some(theirs)) => Some(ours.plus(theirs)),
            (ours, theirs) => ours.or(theirs),
        }
    }
}
