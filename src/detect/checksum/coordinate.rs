//! Longitudes and latitudes within the box around China.

use super::{Verdict, verdict};

/// Degrees; public figures of the extreme points of the territory.
const LONGITUDES: std::ops::RangeInclusive<f64> = 73.50..=135.09;
const LATITUDES: std::ops::RangeInclusive<f64> = 3.83..=53.56;
/// A pair in running text must be at least this precise (about 11 m), or it may be any two decimal numbers.
const FEWEST_DECIMALS: u8 = 4;

/// `longitude,latitude` or the other way round.
pub(super) fn verify_pair(candidate: &[u8]) -> Option<Verdict> {
    let separator = candidate.iter().position(|byte| !(byte.is_ascii_digit() || *byte == b'.'))?;
    let (first, rest) = candidate.split_at(separator);
    let start = rest.iter().position(u8::is_ascii_digit)?;
    let second = rest.get(start..)?;
    let precise = decimals(first)? >= FEWEST_DECIMALS && decimals(second)? >= FEWEST_DECIMALS;
    precise.then(|| verdict(is_pair(first, second)))
}

/// A longitude and a latitude, in either order: swapped columns are common.
pub(super) fn is_pair(first: &[u8], second: &[u8]) -> bool {
    is_longitude(first) && is_latitude(second) || is_latitude(first) && is_longitude(second)
}

/// Whether it is a decimal number of degrees of longitude within the box.
fn is_longitude(text: &[u8]) -> bool {
    degrees(text).is_some_and(|degrees| LONGITUDES.contains(&degrees))
}

/// Whether it is a decimal number of degrees of latitude within the box.
fn is_latitude(text: &[u8]) -> bool {
    degrees(text).is_some_and(|degrees| LATITUDES.contains(&degrees))
}

/// Decimals of a number, trailing zeros not counted: databases pad with them.
pub(crate) fn decimals(text: &[u8]) -> Option<u8> {
    let point = text.iter().position(|byte| *byte == b'.')?;
    let fraction = text.get(point + 1..)?;
    if !fraction.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let kept = fraction.iter().rposition(|byte| *byte != b'0').map_or(0, |last| last + 1);
    Some(u8::try_from(kept).unwrap_or(u8::MAX))
}

fn degrees(text: &[u8]) -> Option<f64> {
    let plain =
        text.len() <= 24 && text.contains(&b'.') && text.iter().all(|byte| byte.is_ascii_digit() || *byte == b'.');
    if !plain {
        return None;
    }
    std::str::from_utf8(text).ok()?.parse().ok()
}
