//! MEID (3GPP2 S.R0048): fourteen hexadecimal digits of which the first is a letter, and a check digit or none.

use super::{Verdict, verdict};

/// With a fifteenth digit, Luhn's sum in base sixteen.
pub(super) fn verify(candidate: &[u8]) -> Option<Verdict> {
    let shaped = matches!(candidate.len(), 14 | 15)
        && candidate.iter().all(u8::is_ascii_hexdigit)
        && candidate.first().is_some_and(u8::is_ascii_alphabetic)
        && candidate.iter().any(|byte| Some(byte) != candidate.first());
    if !shaped {
        return None;
    }
    if candidate.len() == 14 {
        return Some(Verdict::Unknown);
    }
    let sum = candidate.iter().rev().enumerate().try_fold(0, |sum, (place, byte)| {
        let value = char::from(*byte).to_digit(16)?;
        let doubled = if place % 2 == 1 { value * 2 } else { value };
        Some(sum + doubled / 16 + doubled % 16)
    })?;
    Some(verdict(sum % 16 == 0))
}
