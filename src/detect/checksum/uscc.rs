//! 统一社会信用代码 (GB 32100-2015).

use super::resident_id::is_province;
use super::{Verdict, number, organisation_code, verdict};

/// No I, O, S, V, Z. The value of a character is its place.
const ALPHABET: &[u8; 31] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";
/// Registration authorities (first character).
const AUTHORITIES: [u8; 12] = *b"123456789ANY";
/// Kinds of what the market's authority (9) registers: enterprises, households, cooperatives, others. Recalled.
const MARKET_KINDS: [u8; 4] = *b"1239";
/// The national authorities register under the region 100000.
const NATIONAL: u32 = 10;
const WEIGHTS: [usize; 17] = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28];

/// What a byte that is none of the alphabet has for a value.
const NONE: u8 = u8::MAX;
/// By byte, in either case: its place in the alphabet.
const VALUES: [u8; 256] = {
    let mut values = [NONE; 256];
    let mut place = 0;
    while place < ALPHABET.len() {
        values[ALPHABET[place] as usize] = place as u8;
        values[ALPHABET[place].to_ascii_lowercase() as usize] = place as u8;
        place += 1;
    }
    values
};

/// The shape, both check characters: its own, and that of the organisation code inside.
pub(super) fn verify(candidate: &[u8]) -> Option<Verdict> {
    let (body, check) = candidate.split_last_chunk::<1>()?;
    if body.len() != WEIGHTS.len() || !body.get(2..8)?.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let authority = body.first()?.to_ascii_uppercase();
    let region = number(body.get(2..4)?)?;
    let shaped = AUTHORITIES.contains(&authority)
        && (authority != b'9' || MARKET_KINDS.contains(body.get(1)?))
        && (is_province(region) || region == NATIONAL);
    if !shaped {
        return None;
    }
    let sum = body.iter().zip(WEIGHTS).try_fold(0, |sum, (byte, weight)| Some(sum + value(*byte)? * weight))?;
    let own = value(check[0])? == (31 - sum % 31) % 31;
    let inner = own && organisation_code::verify(candidate.get(8..17)?) == Some(Verdict::Confirmed);
    Some(verdict(inner))
}

fn value(byte: u8) -> Option<usize> {
    let value = VALUES.get(usize::from(byte)).copied().unwrap_or(NONE);
    (value != NONE).then_some(usize::from(value))
}
