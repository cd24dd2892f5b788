//! 统一社会信用代码 (GB 32100-2015).

use super::organisation_code;
use super::{Verdict, verdict};

/// No I, O, S, V, Z. The value of a character is its place.
const ALPHABET: &[u8; 31] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";
/// Registration authorities (first character).
const AUTHORITIES: &[u8] = b"123456789ANY";
const WEIGHTS: [usize; 17] = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28];

/// The shape, both check characters: its own, and that of the organisation code inside.
pub(super) fn verify(candidate: &[u8]) -> Option<Verdict> {
    let mut code = [0; 18];
    if candidate.len() != code.len() {
        return None;
    }
    code.copy_from_slice(candidate);
    code.make_ascii_uppercase();
    let shaped = AUTHORITIES.contains(code.first()?)
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
