//! The literals that identifiers begin with, arranged so that most of a text is passed over 32 bytes at a time.
//!
//! A literal falls into one of eight buckets. For each of its first three bytes, two tables of sixteen entries say by
//! the lower and by the upper half of a byte which buckets it can belong to (the idea of Teddy, from Hyperscan: Wang et
//! al. 2019, "Hyperscan: a fast multi-pattern regex matcher for modern CPUs", section 4.2). Where all six agree on a
//! bucket a literal may stand, and only there is it compared.

use std::collections::HashMap;

/// The bytes of a literal that the tables see.
pub const SEEN_BYTES: usize = 3;
const BUCKETS: usize = 8;

/// By the place of a byte and half of it: the buckets that it can belong to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Fingerprint {
    /// By the lower four bits.
    pub low: [[u8; 16]; SEEN_BYTES],
    /// By the upper four bits.
    pub high: [[u8; 16]; SEEN_BYTES],
}

impl Fingerprint {
    fn add(&mut self, literal: [u8; SEEN_BYTES], bucket: usize) {
        for ((low, high), byte) in self.low.iter_mut().zip(&mut self.high).zip(literal) {
            low[usize::from(byte & 15)] |= 1 << bucket;
            high[usize::from(byte >> 4)] |= 1 << bucket;
        }
    }

    /// Whether a literal may begin with these bytes.
    #[must_use]
    #[inline]
    pub fn may_begin(&self, bytes: [u8; SEEN_BYTES]) -> bool {
        let tables = self.low.iter().zip(&self.high).zip(bytes);
        tables.fold(u8::MAX, |buckets, ((low, high), byte)| {
            buckets & low[usize::from(byte & 15)] & high[usize::from(byte >> 4)]
        }) != 0
    }
}

/// All literals of all detectors.
#[derive(Debug, Default)]
pub struct Literals {
    fingerprint: Fingerprint,
    by_first: HashMap<[u8; SEEN_BYTES], Vec<(Vec<u8>, usize)>>,
}

impl Literals {
    /// From literals and the detectors that own them. Shorter ones than the tables see are never found: the linter
    /// refuses them.
    #[must_use]
    pub fn new(literals: &[(&str, usize)]) -> Self {
        let mut index = Self::default();
        let mut firsts: Vec<[u8; SEEN_BYTES]> = Vec::new();
        for (literal, owner) in literals {
            let bytes = literal.as_bytes();
            let Some(first) = bytes.first_chunk::<SEEN_BYTES>() else { continue };
            firsts.push(*first);
            index.by_first.entry(*first).or_default().push((bytes.to_vec(), *owner));
        }
        // Neighbours in order share most of their bits.
        firsts.sort_unstable();
        firsts.dedup();
        for (number, first) in firsts.iter().enumerate() {
            index.fingerprint.add(*first, number * BUCKETS / firsts.len());
        }
        index
    }

    /// What is looked for 32 bytes at a time.
    #[must_use]
    pub fn fingerprint(&self) -> &Fingerprint {
        &self.fingerprint
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.by_first.is_empty()
    }

    /// The detectors whose literals stand at the beginning of a text, and how long these are.
    pub fn standing<'t>(&'t self, text: &'t [u8]) -> impl Iterator<Item = (usize, usize)> + 't {
        let known = text.first_chunk::<SEEN_BYTES>().and_then(|first| self.by_first.get(first));
        let literals = known.into_iter().flatten();
        literals.filter(|(literal, _)| text.starts_with(literal)).map(|(literal, owner)| (*owner, literal.len()))
    }
}
