//! 组织机构代码 (GB 11714-1997): eight digits or letters and a check character, a hyphen between them or not.

use super::{Verdict, verdict};

const WEIGHTS: [u32; 8] = [3, 7, 9, 10, 5, 8, 4, 2];

pub(super) fn verify(candidate: &[u8]) -> Option<Verdict> {
    let (body, check) = candidate.split_at_checked(8)?;
    let [check] = check.strip_prefix(b"-").unwrap_or(check) else { return None };
    let sum = body.iter().zip(WEIGHTS).try_fold(0, |sum, (byte, weight)| Some(sum + value(*byte)? * weight))?;
    let expected = match 11 - sum % 11 {
        10 => b'X',
        11 => b'0',
        digit => b'0' + digit as u8,
    };
    let check = check.to_ascii_uppercase();
    (check.is_ascii_digit() || check == b'X').then(|| verdict(check == expected))
}

fn value(byte: u8) -> Option<u32> {
    char::from(byte).to_digit(36)
}
