//! One form for the spellings of a value, and its keyed hash: all that is ever kept of it.

use siphasher::sip::SipHasher13;
use std::hash::Hasher as _;

use super::checksum;
use crate::model::SketchKey;
use crate::rules::Normalise;

/// Longer values (keys, tokens) are hashed by their first bytes: enough to tell two apart.
pub(super) const LONGEST_VALUE: usize = 128;

/// `·` in UTF-8.
const MIDDLE_DOT: &[u8] = "·".as_bytes();

/// A value without its separators, in upper case, on the stack.
#[derive(Clone, Copy)]
pub(super) struct Compact {
    bytes: [u8; LONGEST_VALUE],
    length: usize,
}

impl Compact {
    /// Letters and digits of a value, upper case.
    pub(super) fn of(value: &[u8]) -> Self {
        Self::collect(value.iter().filter(|byte| byte.is_ascii_alphanumeric()).map(u8::to_ascii_uppercase))
    }

    /// The same, with all that is not ASCII but the dot between the groups of a plate.
    fn wide(value: &[u8]) -> Self {
        let is_dot = |at: usize| value.get(at..at + MIDDLE_DOT.len()) == Some(MIDDLE_DOT);
        let kept = |(at, byte): (usize, &u8)| {
            let of_dot = is_dot(at) || at.checked_sub(1).is_some_and(is_dot);
            (!of_dot && (byte.is_ascii_alphanumeric() || !byte.is_ascii())).then_some(byte.to_ascii_uppercase())
        };
        Self::collect(value.iter().enumerate().filter_map(kept))
    }

    fn collect(bytes: impl Iterator<Item = u8>) -> Self {
        let mut compact = Self { bytes: [0; LONGEST_VALUE], length: 0 };
        for (slot, byte) in compact.bytes.iter_mut().zip(bytes) {
            *slot = byte;
            compact.length += 1;
        }
        compact
    }

    pub(super) fn as_slice(&self) -> &[u8] {
        self.bytes.get(..self.length).unwrap_or_default()
    }
}

/// The keyed 64-bit hash (SipHash-1-3) of a value in its one form.
pub(super) fn hash(key: SketchKey, normalise: Normalise, value: &[u8]) -> u64 {
    match normalise {
        Normalise::Lower => keyed(key, Compact::collect(value.iter().map(u8::to_ascii_lowercase)).as_slice()),
        Normalise::Wide => keyed(key, Compact::wide(value).as_slice()),
        Normalise::Exact => keyed(key, value.get(..value.len().min(LONGEST_VALUE)).unwrap_or_default()),
        _ => hash_compact(key, normalise, Compact::of(value).as_slice()),
    }
}

/// The hash of a value whose letters and digits are at hand already: the same that `hash` gives for the value.
/// `None` where its form is another one.
pub(super) fn hash_of_compact(key: SketchKey, normalise: Normalise, compact: &[u8]) -> Option<u64> {
    let is_compact = !matches!(normalise, Normalise::Wide | Normalise::Lower | Normalise::Exact);
    is_compact.then(|| hash_compact(key, normalise, compact))
}

fn hash_compact(key: SketchKey, normalise: Normalise, slice: &[u8]) -> u64 {
    match normalise {
        Normalise::ResidentId => checksum::upgrade_resident_id(slice)
            .filter(|_| slice.len() == 15)
            .map_or_else(|| keyed(key, slice), |new| keyed(key, &new)),
        Normalise::Mobile => keyed(key, checksum::mobile_subscriber(slice).unwrap_or(slice)),
        Normalise::Compact | Normalise::Wide | Normalise::Lower | Normalise::Exact => keyed(key, slice),
    }
}

fn keyed(key: SketchKey, bytes: &[u8]) -> u64 {
    let mut hasher = SipHasher13::new_with_key(&key.0);
    hasher.write(bytes);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: SketchKey = SketchKey([7; 16]);

    #[test]
    fn spellings_of_one_value_are_one() {
        let same = |normalise, left: &str, right: &str| {
            hash(KEY, normalise, left.as_bytes()) == hash(KEY, normalise, right.as_bytes())
        };
        assert!(same(Normalise::ResidentId, "110105491231002", "11010519491231002x"));
        assert!(same(Normalise::Mobile, "+86 138-1234-5678", "13812345678"));
        assert!(same(Normalise::Wide, "鄂A·D82K1", "鄂ad82k1") && !same(Normalise::Wide, "鄂AD82K1", "浙AD82K1"));
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
