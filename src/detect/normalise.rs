//! One form for the spellings of a value, and its keyed hash: all that is ever kept of it.

use std::hash::Hasher as _;
use std::net::IpAddr;

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
    /// Letters, upper case, digits and Chinese characters (the province of a plate) of a value.
    pub(super) fn of(value: &[u8]) -> Self {
        let mut chinese_left = 0;
        let kept = |byte: &&u8| {
            let is_lead = matches!(**byte, 0xe4..=0xe9);
            let is_chinese = is_lead || chinese_left > 0 && matches!(**byte, 0x80..=0xbf);
            chinese_left = if is_lead { 2 } else { chinese_left - u8::from(is_chinese) };
            is_chinese || byte.is_ascii_alphanumeric()
        };
        Self::collect(value.iter().filter(kept).map(u8::to_ascii_uppercase))
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
        Normalise::Numbers => keyed(key, numbers(value).as_slice()),
        Normalise::Address => keyed_address(key, value),
        Normalise::Exact => keyed(key, value.get(..value.len().min(LONGEST_VALUE)).unwrap_or_default()),
        _ => hash_compact(key, normalise, Compact::of(value).as_slice()),
    }
}

/// The hash of a value whose letters and digits are at hand already: the same that `hash` gives for the value.
/// `None` where its form is another one.
pub(super) fn hash_of_compact(key: SketchKey, normalise: Normalise, compact: &[u8]) -> Option<u64> {
    let is_compact = matches!(normalise, Normalise::Compact | Normalise::ResidentId | Normalise::Mobile);
    is_compact.then(|| hash_compact(key, normalise, compact))
}

fn hash_compact(key: SketchKey, normalise: Normalise, slice: &[u8]) -> u64 {
    match normalise {
        Normalise::ResidentId => checksum::upgrade_resident_id(slice)
            .filter(|_| slice.len() == 15)
            .map_or_else(|| keyed(key, slice), |new| keyed(key, &new)),
        Normalise::Mobile => keyed(key, checksum::mobile_subscriber(slice).unwrap_or(slice)),
        _ => keyed(key, slice),
    }
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

/// The hash of the address that is written, `::` or not; of what is none, as it stands in lower case.
fn keyed_address(key: SketchKey, value: &[u8]) -> u64 {
    match std::str::from_utf8(value).ok().and_then(|text| text.parse().ok()) {
        Some(IpAddr::V4(address)) => keyed(key, &address.octets()),
        Some(IpAddr::V6(address)) => keyed(key, &address.octets()),
        None => hash(key, Normalise::Lower, value),
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
        assert!(same(Normalise::Mobile, "015100221432", "15100221432"));
        assert!(same(Normalise::Compact, "00:1a:2b:3c:4d:5e", "00-1A-2B-3C-4D-5E"));
        assert!(!same(Normalise::Compact, "D2143569-X", "D2143568-X"));
        assert!(
            same(Normalise::Compact, "浙A·7K392", "浙a 7k392") && !same(Normalise::Compact, "浙A7K392", "京A7K392")
        );
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
