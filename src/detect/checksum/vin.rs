//! 车辆识别代号 (GB 16735-2019, ISO 3779).

use super::{Verdict, number, verdict};

const WEIGHTS: [u32; 17] = [8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2];

/// What the tenth place never holds, besides the letters that no place holds: it tells the year of the model.
const NO_YEAR: &[u8] = b"0UZ";

/// The maker alone has two or three; a long number around a letter or two is a serial number.
const FEWEST_LETTERS: usize = 3;

/// 17 letters (no I, O, Q) and digits, the last four digits; the ninth is the check, the tenth
/// the year. A word and a date (`BATCH202310051001`) have the shape too, and pass the check one time in eleven.
pub(super) fn verify(candidate: &[u8]) -> Option<Verdict> {
    if candidate.len() != 17 || !candidate.get(13..)?.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let letters = || candidate.iter().filter(|byte| byte.is_ascii_alphabetic());
    let one_case = letters().all(u8::is_ascii_uppercase) || letters().all(u8::is_ascii_lowercase);
    if letters().count() < FEWEST_LETTERS || !one_case {
        return None;
    }
    if NO_YEAR.contains(&candidate.get(9)?.to_ascii_uppercase()) || is_word_and_date(candidate) {
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

/// Letters, then digits to the end that begin with a day of this century or the last.
fn is_word_and_date(candidate: &[u8]) -> bool {
    let letters = candidate.iter().take_while(|byte| byte.is_ascii_alphabetic()).count();
    let Some(digits) = candidate.get(letters..).filter(|digits| digits.iter().all(u8::is_ascii_digit)) else {
        return false;
    };
    let part = |range: std::ops::Range<usize>| digits.get(range).and_then(number).unwrap_or(0);
    (1900..2100).contains(&part(0..4)) && (1..=12).contains(&part(4..6)) && (1..=31).contains(&part(6..8))
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
