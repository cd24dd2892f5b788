//! 专利申请号 (ZC 0006-2003): year, kind, serial and, behind a dot, a check digit modulo 11. Tried on the number that the
//! standard gives as its example. Weights below eleven: one wrong digit never passes.

use super::{Verdict, digit, verdict};

/// Over the digits before the dot; the old numbers of eight digits use the first eight.
const WEIGHTS: [u32; 12] = [2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5];
/// 1 invention, 2 utility model, 3 design, 8 and 9 from abroad.
const KINDS: &[u8] = b"12389";

/// `ZL`, `CN`, spaces and the dot may be there or not.
pub(super) fn verify(candidate: &[u8]) -> Option<Verdict> {
    let mut characters = [0u8; 13];
    let mut length = 0;
    let number = candidate.strip_prefix(b"ZL").or_else(|| candidate.strip_prefix(b"CN")).unwrap_or(candidate);
    for byte in number.iter().filter(|byte| !b" .".contains(byte)) {
        *characters.get_mut(length)? = byte.to_ascii_uppercase();
        length += 1;
    }
    let (check, digits) = characters.get(..length)?.split_last()?;
    let century = digits.starts_with(b"19") || digits.starts_with(b"20");
    let kind = match digits.len() {
        12 if century => digits.get(4)?,
        8 => digits.get(2)?,
        _ => return None,
    };
    let mut weighted = digits.iter().zip(WEIGHTS);
    let sum = weighted.try_fold(0, |sum, (byte, weight)| Some(sum + digit(*byte)? * weight))?;
    let expected = match sum % 11 {
        10 => b'X',
        rest => b'0' + u8::try_from(rest).ok()?,
    };
    let shaped = KINDS.contains(kind) && (check.is_ascii_digit() || *check == b'X');
    shaped.then(|| verdict(*check == expected))
}
