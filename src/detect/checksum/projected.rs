//! Coordinates of a Gauss-Krüger projection (CGCS2000, 西安80, 北京54 share the shape): metres north and east.

use super::{Verdict, verdict};

/// Metres from the equator within the territory, sea included.
const NORTHINGS: std::ops::RangeInclusive<f64> = 400_000.0..=6_000_000.0;
/// Zones of three degrees (25 to 45) and of six (13 to 23), written before the easting.
const ZONES: [std::ops::RangeInclusive<u32>; 2] = [25..=45, 13..=23];
/// Metres east with the false easting of 500 km; a zone is at most 350 km to either side.
const EASTINGS: std::ops::RangeInclusive<f64> = 150_000.0..=850_000.0;

/// Two numbers parted by a comma, space or semicolon, in either order.
pub(super) fn verify_pair(candidate: &[u8]) -> Option<Verdict> {
    let is_number = |byte: &u8| byte.is_ascii_digit() || *byte == b'.';
    let separator = candidate.iter().position(|byte| !is_number(byte))?;
    let (first, rest) = candidate.split_at(separator);
    let start = rest.iter().position(u8::is_ascii_digit)?;
    Some(verdict(is_pair(first, rest.get(start..)?)))
}

/// A northing and an easting, in either order: surveyors write X for north.
pub(super) fn is_pair(first: &[u8], second: &[u8]) -> bool {
    is_northing(first) && is_easting(second) || is_easting(first) && is_northing(second)
}

fn is_northing(text: &[u8]) -> bool {
    metres(text).is_some_and(|metres| NORTHINGS.contains(&metres))
}

/// With its zone, eight digits; without one only where decimals say that it was measured.
fn is_easting(text: &[u8]) -> bool {
    let Some(metres) = metres(text) else { return false };
    let zone = (metres / 1_000_000.0) as u32;
    let zoned = ZONES.iter().any(|zones| zones.contains(&zone)) && EASTINGS.contains(&(metres % 1_000_000.0));
    zoned || text.contains(&b'.') && EASTINGS.contains(&metres)
}

fn metres(text: &[u8]) -> Option<f64> {
    let plain = (6..=16).contains(&text.len()) && text.iter().all(|byte| byte.is_ascii_digit() || *byte == b'.');
    if !plain {
        return None;
    }
    std::str::from_utf8(text).ok()?.parse().ok()
}
