//! 统一社会信用代码 (GB 32100-2015).

use super::resident_id::is_province;
use super::{Verdict, number, organisation_code, verdict};

/// No I, O, S, V, Z. The value of a character is its place.
const ALPHABET: &[u8; 31] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";
/// Registration authorities (first character).
const AUTHORITIES: &[u8] = b"123456789ANY";
/// Kinds of what the market's authority (9) registers: enterprises, households, cooperatives, others. Recalled.
const MARKET_KINDS: &[u8] = b"1239";
/// The national authorities register under the region 100000.
const NATIONAL: u32 = 10;
const WEIGHTS: [usize; 17] = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28];

/// The shape, both check characters: its own, and that of the organisation code inside.
pub(super) fn verify(candidate: &[u8]) -> Option<Verdict> {
    let mut code = [0; 18];
    if candidate.len() != code.len() {
        return None;
    }
    code.copy_from_slice(candidate);
    code.make_ascii_uppercase();
    let (authority, kind) = (code.first()?, code.get(1)?);
    let region = number(code.get(2..4)?)?;
    let shaped = AUTHORITIES.contains(authority)
        && (*authority != b'9' || MARKET_KINDS.contains(kind))
        && (is_province(region) || region == NATIONAL)
        && code.iter().all(|byte| ALPHABET.contains(byte))
        && code.get(2..8)?.iter().all(u8::is_ascii_digit);
    if !shaped {
        return None;
    }
    let sum: usize = code.iter().zip(WEIGHTS).filter_map(|(byte, weight)| Some(value(*byte)? * weight)).sum();
    let own = ALPHABET.get((31 - sum % 31) % 31) == code.last();
    let inner = organisation_code::verify(code.get(8..17)?) == Some(Verdict::Confirmed);
    Some(verdict(own && inner))
}

fn value(byte: u8) -> Option<usize> {
    ALPHABET.iter().position(|known| *known == byte)
}
