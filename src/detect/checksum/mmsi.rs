//! MMSI (ITU-R M.585): nine digits with the country (MID) of a ship, coast station, group, aircraft or beacon.

use super::{Verdict, number};

/// Countries: 412 to 414 are of the mainland, 416 of Taiwan, 453 of Macao, 477 of Hong Kong.
const COUNTRIES: std::ops::RangeInclusive<u32> = 201..=775;

pub(super) fn verify(candidate: &[u8]) -> Option<Verdict> {
    if candidate.len() != 9 || !candidate.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let country_at = match candidate {
        [b'0', b'0', ..] | [b'9', b'7'..=b'9', ..] => 2,
        [b'1', b'1', b'1', ..] => 3,
        [b'0' | b'8', ..] => 1,
        [b'2'..=b'7', ..] => 0,
        _ => return None,
    };
    let country = number(candidate.get(country_at..country_at + 3)?)?;
    COUNTRIES.contains(&country).then_some(Verdict::Unknown)
}
