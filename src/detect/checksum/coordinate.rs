//! Longitudes and latitudes within the box around China.

use super::{Verdict, verdict};

/// Degrees; public figures of the extreme points of the territory.
const LONGITUDES: std::ops::RangeInclusive<f64> = 73.50..=135.09;
const LATITUDES: std::ops::RangeInclusive<f64> = 3.83..=53.56;
/// The degree sign in UTF-8.
const DEGREE: [u8; 2] = [0xc2, 0xb0];
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

/// Degrees as a decimal number, or as degrees, minutes and seconds with their signs.
fn degrees(text: &[u8]) -> Option<f64> {
    if text.contains(&DEGREE[0]) {
        return sexagesimal(std::str::from_utf8(text).ok()?);
    }
    let plain =
        text.len() <= 24 && text.contains(&b'.') && text.iter().all(|byte| byte.is_ascii_digit() || *byte == b'.');
    if !plain {
        return None;
    }
    std::str::from_utf8(text).ok()?.parse().ok()
}

/// `114°22′58.5″`, with a letter of the compass before or behind it or none.
fn sexagesimal(text: &str) -> Option<f64> {
    let bare = text.trim_matches(|letter| "NEne东经北纬 ".contains(letter));
    let (degrees, rest) = bare.split_once('°')?;
    let (minutes, rest) = rest.split_once(['′', '\'', '’', '分'])?;
    let seconds = rest.trim_end_matches(['″', '"', '”', '秒', '\'', '′']);
    let small = |text: &str| text.trim().parse::<f64>().ok().filter(|value| (0.0..60.0).contains(value));
    let seconds = if seconds.trim().is_empty() { 0.0 } else { small(seconds)? };
    let digits = degrees.trim();
    let whole: f64 = digits.parse().ok().filter(|_| digits.bytes().all(|byte| byte.is_ascii_digit()))?;
    Some(whole + small(minutes)? / 60.0 + seconds / 3600.0)
}

/// One of the two, in degrees, minutes and seconds: north and east are within the box, so which of them does not matter.
pub(super) fn verify_sexagesimal(candidate: &[u8]) -> Option<Verdict> {
    let value = sexagesimal(std::str::from_utf8(candidate).ok()?)?;
    let inside = LONGITUDES.contains(&value) || LATITUDES.contains(&value);
    Some(if inside { Verdict::Unknown } else { Verdict::Refuted })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn degrees_are_read_as_decimals_and_as_minutes_and_seconds() {
        for text in ["114.5", "114°30′00″", "E114°30'0\"", "东经114°30′", "114°30’0.0”E"] {
            assert_eq!(degrees(text.as_bytes()), Some(114.5), "{text}");
        }
        for text in ["114", "114°60′00″", "114°30", "°30′", "114°30′61″", "-114°30′00″", "1e2°30′0″"]
        {
            assert_eq!(degrees(text.as_bytes()), None, "{text}");
        }
        assert!(is_pair("114°22′58″E".as_bytes(), "30°30′26″N".as_bytes()));
        assert!(!is_pair("214°22′58″".as_bytes(), "30°30′26″".as_bytes()));
        assert_eq!(verify_sexagesimal("14°22′58″".as_bytes()), Some(Verdict::Unknown));
        assert_eq!(verify_sexagesimal("65°22′58″".as_bytes()), Some(Verdict::Refuted));
    }
}
