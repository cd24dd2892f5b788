//! 车辆识别代号 (GB 16735-2019, ISO 3779).

use super::{Verdict, verdict};

const WEIGHTS: [u32; 17] = [8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2];

/// 17 letters (no I, O, Q) and digits, at least one letter, the last four digits; the ninth is the check.
pub(super) fn verify(candidate: &[u8]) -> Option<Verdict> {
    if candidate.len() != 17 || !candidate.get(13..)?.iter().all(u8::is_ascii_digit) {
        return None;
    }
    if !candidate.iter().any(u8::is_ascii_alphabetic) {
        return None;
    }
    let sum = candidate.iter().zip(WEIGHTS).try_fold(0, |sum, (byte, weight)| Some(sum + value(*byte)? * weight))?;
    let expected = match sum % 11 {
        10 => b'X',
        digit => b'0' + digit as u8,
    };
    let check = candidate.get(8)?.to_ascii_uppercase();
    (check.is_ascii_digit() || check == b'X').then(|| verdict(check == expected))
}

fn value(byte: u8) -> Option<u32> {
    Some(match byte.to_ascii_uppercase() {
        digit @ b'0'..=b'9' => u32::from(digit - b'0'),
        letter @ b'A'..=b'H' => u32::from(letter - b'A') + 1,
        letter @ (b'J'..=b'N' | b'P' | b'R') => u32::from(letter - b'J') + 1,
        letter @ b'S'..=b'Z' => u32::from(letter - b'S') + 2,
        _ => return None,
    })
}
