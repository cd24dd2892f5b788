//! Addresses of devices and hosts: IPv4, IPv6 (RFC 4291), MAC.

use std::net::Ipv6Addr;

use super::{Verdict, digit, verdict};

/// Four octets; what ends in .0 like a version number is refuted. What names no host (0.x, 127.x but for 127.0.0.0, from 240 on) has not
/// even the shape: a column full of it holds no address.
pub(super) fn verify_ipv4(candidate: &[u8]) -> Option<Verdict> {
    let octets = octets(candidate)?;
    let [first, _, _, last] = octets;
    let names_host = match first {
        // The network as a whole is written in rules of firewalls; its hosts are nobody but oneself.
        127 => octets == [127, 0, 0, 0],
        first => !matches!(first, 0 | 240..),
    };
    if !names_host {
        return None;
    }
    Some(if first < 10 && last == 0 { Verdict::Refuted } else { Verdict::Unknown })
}

/// The four numbers, without leading zeros. By hand, since a log has one in every line.
pub(in crate::detect) fn octets(candidate: &[u8]) -> Option<[u8; 4]> {
    let mut octets = [0; 4];
    let (mut place, mut number, mut digits) = (0, 0, 0);
    for byte in candidate.iter().chain(b".") {
        if *byte == b'.' {
            *octets.get_mut(place).filter(|_| digits > 0)? = u8::try_from(number).ok()?;
            (place, number, digits) = (place + 1, 0, 0);
        } else {
            let padded = digits > 0 && number == 0;
            number = number * 10 + digit(*byte).filter(|_| !padded && digits < 3)?;
            digits += 1;
        }
    }
    (place == octets.len()).then_some(octets)
}

/// A text form that the standard library reads, but not the unspecified and the loopback address, however long they
/// are written.
pub(super) fn verify_ipv6(candidate: &[u8]) -> Option<Verdict> {
    let text = std::str::from_utf8(candidate).ok()?;
    if memchr::memchr_iter(b':', candidate).count() < 2 {
        return None;
    }
    let address: Ipv6Addr = text.parse().ok()?;
    if address.is_unspecified() || address.is_loopback() {
        return None;
    }
    // `a::b` alone is a path in many a language: two groups or more must carry digits.
    let groups = text.split(':').filter(|group| !group.is_empty()).count();
    let numeric = candidate.iter().any(u8::is_ascii_digit);
    Some(verdict((groups >= 3 && numeric) || address.segments().first().is_some_and(|first| first & 0xffc0 == 0xfe80)))
}

/// Six octets in hexadecimal, all parted by `:` or all by `-`, or in three groups as switches print them, or together,
/// which counts only in a column named for it; all zero and all one are refuted.
pub(super) fn verify_mac(candidate: &[u8]) -> Option<Verdict> {
    let (separator, digits) = match candidate.len() {
        17 => (*candidate.get(2)?, 2),
        14 => (*candidate.get(4)?, 4),
        12 => (0, 12),
        _ => return None,
    };
    if digits < 12 && !matches!((separator, digits), (b':' | b'-', 2) | (b'.' | b'-', 4)) {
        return None;
    }
    let is_separator = |place: usize| place % (digits + 1) == digits;
    let shaped = candidate
        .iter()
        .enumerate()
        .all(|(place, byte)| if is_separator(place) { *byte == separator } else { byte.is_ascii_hexdigit() });
    let octets = || candidate.iter().filter(|byte| **byte != separator);
    let special = octets().all(|byte| *byte == b'0') || octets().all(|byte| byte.eq_ignore_ascii_case(&b'f'));
    shaped.then(|| verdict(!special))
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn four_numbers_are_what_the_standard_library_takes_them_for(text in "[0-9]{0,3}(\\.[0-9]{0,4}){2,4}|[0-9.]{0,9}") {
            prop_assert_eq!(octets(text.as_bytes()), text.parse().ok().map(|address: Ipv4Addr| address.octets()));
        }
    }
}
