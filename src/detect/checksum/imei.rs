//! IMEI and IMEISV (3GPP TS 23.003).

use super::{Verdict, luhn_holds, verdict};

/// Fifteen digits, the last by Luhn. A number of zeros, or of one digit throughout, is a placeholder.
pub(super) fn verify(candidate: &[u8]) -> Option<Verdict> {
    if candidate.len() != 15 {
        return None;
    }
    let right = luhn_holds(candidate)?;
    Some(verdict(right && !is_one_digit(candidate)))
}

/// Sixteen digits: the software version takes the place of the check digit, so nothing can be checked.
pub(super) fn verify_with_version(candidate: &[u8]) -> Option<Verdict> {
    let shaped = candidate.len() == 16 && candidate.iter().all(u8::is_ascii_digit);
    (shaped && !is_one_digit(candidate)).then_some(Verdict::Unknown)
}

fn is_one_digit(candidate: &[u8]) -> bool {
    candidate.iter().all(|byte| Some(byte) == candidate.first())
}
