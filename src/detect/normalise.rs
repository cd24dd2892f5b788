//! One form for the spellings of a value, and its keyed hash: all that is ever kept of it.

use siphasher::sip::SipHasher13;

use super::checksum;
use crate::model::SketchKey;
use crate::rules::Normalise;

/// Longer values (keys, tokens) are hashed by their first bytes: enough to tell two apart.
pub(super) const LONGEST_VALUE: usize = 128;

/// A value without its separators, in upper case, on the stack.
#[derive(Clone, Copy)]
pub(super) struct Compact {
    bytes: [u8; LONGEST_VALUE],
    length: usize,
}

impl Compact {
    /// Letters and digits of a value, upper case.
    pub(super) fn of(value: &[u8]) -> Self {
        let mut compact = Self { bytes: [0; LONGEST_VALUE], length: 0 };
        let kept = value.iter().filter(|byte| byte.is_ascii_alphanumeric());
        for (slot, byte) in compact.bytes.iter_mut().zip(kept) {
            *slot = byte.to_ascii_uppercase();
            compact.length += 1;
        }
        compact
    }

    pub(super) fn as_slice(&self) -> &[u8] {
        self.bytes.get(..self.length).unwrap_or_default()
    }
}

/// Whether a value is in its compact form as it stands: all of a table of numbers is.
#[inline]
fn is_compact(value: &[u8]) -> bool {
    value.len() <= LONGEST_VALUE && value.iter().all(|byte| byte.is_ascii_digit() || byte.is_ascii_uppercase())
}

/// Keyed 64-bit hashes (SipHash-1-3) of values in their one form.
#[derive(Clone, Debug)]
pub(super) struct KeyedHash(SipHasher13);

impl KeyedHash {
    /// Hashes under the key of an inventory.
    pub(super) fn new(key: SketchKey) -> Self {
        Self(SipHasher13::new_with_key(&key.0))
    }

    /// The hash of a value, however it is spelt.
    pub(super) fn of(&self, normalise: Normalise, value: &[u8]) -> u64 {
        let value = value.get(..value.len().min(LONGEST_VALUE)).unwrap_or_default();
        match normalise {
            Normalise::Lower => {
                let mut lower = [0; LONGEST_VALUE];
                let lower = lower.get_mut(..value.len()).unwrap_or_default();
                lower.copy_from_slice(value);
                lower.make_ascii_lowercase();
                self.bytes(lower)
            }
            Normalise::Exact => self.bytes(value),
            _ if is_compact(value) => self.of_compact(normalise, value),
            _ => self.of_compact(normalise, Compact::of(value).as_slice()),
        }
    }

    /// The hash of a value that consists of capitals and digits.
    #[inline]
    pub(super) fn of_plain(&self, normalise: Normalise, value: &[u8]) -> u64 {
        if normalise == Normalise::Lower { self.of(normalise, value) } else { self.of_compact(normalise, value) }
    }

    fn of_compact(&self, normalise: Normalise, compact: &[u8]) -> u64 {
        match normalise {
            Normalise::ResidentId if compact.len() == 15 => {
                checksum::upgrade_resident_id(compact).map_or_else(|| self.bytes(compact), |new| self.bytes(&new))
            }
            Normalise::Mobile => self.bytes(checksum::mobile_subscriber(compact).unwrap_or(compact)),
            _ => self.bytes(compact),
        }
    }

    fn bytes(&self, bytes: &[u8]) -> u64 {
        self.0.hash(bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: SketchKey = SketchKey([7; 16]);

    fn hash(key: SketchKey, normalise: Normalise, value: &[u8]) -> u64 {
        KeyedHash::new(key).of(normalise, value)
    }

    #[test]
    fn spellings_of_one_value_are_one() {
        let same = |normalise, left: &str, right: &str| {
            hash(KEY, normalise, left.as_bytes()) == hash(KEY, normalise, right.as_bytes())
        };
        assert!(same(Normalise::ResidentId, "110105491231002", "11010519491231002x"));
        assert!(same(Normalise::Mobile, "+86 138-1234-5678", "13812345678"));
        assert!(same(Normalise::Mobile, "015100221432", "15100221432"));
        assert!(same(Normalise::Compact, "00:1a:2b:3c:4d:5e", "00-1A-2B-3C-4D-5E"));
        assert!(!same(Normalise::Compact, "D2143569-X", "D2143568-X"));
    }

    #[test]
    fn another_key_gives_another_hash() {
        let other = SketchKey([8; 16]);
        assert_ne!(hash(KEY, Normalise::Exact, b"x"), hash(other, Normalise::Exact, b"x"));
    }
}
