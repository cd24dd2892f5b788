/// Detectors of a pack, as bits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DetectorSet([u64; Self::CAPACITY / 64]);

impl DetectorSet {
    /// Detectors that a pack may have: several times as many as there are, in a few machine words.
    pub const CAPACITY: usize = 256;

    /// Takes a detector in, by its index into the pack.
    pub fn insert(&mut self, detector: usize) {
        if let Some(bits) = self.0.get_mut(detector / 64) {
            *bits |= 1 << (detector % 64);
        }
    }

    /// Whether a detector is in it.
    #[must_use]
    pub fn contains(&self, detector: usize) -> bool {
        self.0.get(detector / 64).is_some_and(|bits| bits & 1 << (detector % 64) != 0)
    }

    /// Takes all of another set in.
    pub fn unite(&mut self, other: &Self) {
        self.0.iter_mut().zip(other.0).for_each(|(mine, theirs)| *mine |= theirs);
    }
}
