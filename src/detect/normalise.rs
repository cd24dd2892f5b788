//! One form for the spellings of a value, and its keyed hash: all that is ever kept of it.

use std::net::Ipv6Addr;

use siphasher::sip::SipHasher13;

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
    /// Letters, upper case, and digits of a value.
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

/// Whether a value is in its compact form as it stands: all of a table of numbers is.
#[inline]
fn is_compact(value: &[u8]) -> bool {
    value.len() <= LONGEST_VALUE && value.iter().all(|byte| byte.is_ascii_digit() || byte.is_ascii_uppercase())
}

/// The numbers of a value with their signs and points, whatever parts them.
fn numbers(value: &[u8]) -> Compact {
    let is_part = |byte: u8| byte.is_ascii_digit() || matches!(byte, b'.' | b'-' | b'+');
    let mut is_parted = false;
    let kept = value.iter().filter_map(|byte| {
        let was_parted = std::mem::replace(&mut is_parted, !is_part(*byte));
        match (is_parted, was_parted) {
            (false, _) => Some(*byte),
            (true, false) => Some(b','),
            (true, true) => None,
        }
    });
    Compact::collect(kept)
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
            Normalise::Lower => self.lower(value),
            Normalise::Exact => self.bytes(value),
            Normalise::Wide => self.bytes(Compact::wide(value).as_slice()),
            Normalise::Numbers => self.bytes(numbers(value).as_slice()),
            Normalise::Address => self.address(value),
            Normalise::Compact | Normalise::ResidentId | Normalise::Mobile if is_compact(value) => {
                self.of_compact(normalise, value)
            }
            Normalise::Compact | Normalise::ResidentId | Normalise::Mobile => {
                self.of_compact(normalise, Compact::of(value).as_slice())
            }
        }
    }

    fn lower(&self, value: &[u8]) -> u64 {
        if !value.iter().any(u8::is_ascii_uppercase) {
            return self.bytes(value);
        }
        let mut lower = [0; LONGEST_VALUE];
        let lower = lower.get_mut(..value.len()).unwrap_or_default();
        lower.copy_from_slice(value);
        lower.make_ascii_lowercase();
        self.bytes(lower)
    }

    /// The address that is written, `::` or not; what is none, as it stands in lower case.
    fn address(&self, value: &[u8]) -> u64 {
        if let Some(octets) = checksum::octets(value) {
            return self.bytes(&octets);
        }
        let address: Option<Ipv6Addr> = std::str::from_utf8(value).ok().and_then(|text| text.parse().ok());
        address.map_or_else(|| self.lower(value), |address| self.bytes(&address.octets()))
    }

    /// The hash of a value that consists of capitals and digits.
    #[inline]
    pub(super) fn of_plain(&self, normalise: Normalise, value: &[u8]) -> u64 {
        match normalise {
            Normalise::Compact | Normalise::ResidentId | Normalise::Mobile => self.of_compact(normalise, value),
            _ => self.of(normalise, value),
        }
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
        assert!(same(Normalise::Wide, "鄂A·D82K1", "鄂ad82k1") && !same(Normalise::Wide, "鄂AD82K1", "浙AD82K1"));
        assert!(same(Normalise::Mobile, "015100221432", "15100221432"));
        assert!(same(Normalise::Compact, "00:1a:2b:3c:4d:5e", "00-1A-2B-3C-4D-5E"));
        assert!(!same(Normalise::Compact, "D2143569-X", "D2143568-X"));
        assert!(same(Normalise::Wide, "浙A·7K392", "浙a 7k392") && !same(Normalise::Wide, "浙A7K392", "京A7K392"));
        assert!(same(Normalise::Address, "2001:DB8::9", "2001:db8:0:0:0:0:0:9"));
        assert!(!same(Normalise::Address, "10.1.11.1", "10.11.1.1"));
        assert!(same(Normalise::Numbers, "114.3, 30.5", "114.3,30.5") && !same(Normalise::Numbers, "11.4,3", "1.14,3"));
    }

    #[test]
    fn another_key_gives_another_hash() {
        let other = SketchKey([8; 16]);
        assert_ne!(hash(KEY, Normalise::Exact, b"x"), hash(other, Normalise::Exact, b"x"));
    }
}
