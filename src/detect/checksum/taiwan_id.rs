//! 台湾身份证: a letter, 1 or 2 for the sex, seven digits and a check digit, modulo 10. Every weight but that of the
//! letter's second digit is prime to ten only for 1, 3, 7, 9: a wrong digit at a weight of 2, 4, 5, 6 or 8 may pass.

use super::{Verdict, digit, verdict};

/// Letters by their number, which starts at ten.
const LETTERS: &[u8; 26] = b"ABCDEFGHJKLMNPQRSTUVXYWZIO";

pub(super) fn verify(candidate: &[u8]) -> Option<Verdict> {
    let (first, digits) = candidate.split_first()?;
    if digits.len() != 9 || !matches!(digits.first(), Some(b'1' | b'2')) {
        return None;
    }
    let letter = LETTERS.iter().position(|letter| *letter == first.to_ascii_uppercase())? as u32 + 10;
    let weights = [8, 7, 6, 5, 4, 3, 2, 1, 1];
    let sum = digits
        .iter()
        .zip(weights)
        .try_fold(letter / 10 + letter % 10 * 9, |sum, (byte, weight)| Some(sum + digit(*byte)? * weight))?;
    Some(verdict(sum % 10 == 0))
}
