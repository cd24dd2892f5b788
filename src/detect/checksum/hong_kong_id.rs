//! 香港身份证: one or two letters, six digits, and a check character in brackets, modulo 11. Weights above one all
//! differ and eleven is prime: one wrong digit never passes.

use super::{Verdict, digit, verdict};

/// What a missing second letter counts.
const BLANK: u32 = 36;

pub(super) fn verify(candidate: &[u8]) -> Option<Verdict> {
    let mut compact = candidate.iter().filter(|byte| !b"() ".contains(byte)).map(u8::to_ascii_uppercase);
    let mut characters = [0u8; 9];
    let mut length = 0;
    for slot in &mut characters {
        let Some(byte) = compact.next() else { break };
        *slot = byte;
        length += 1;
    }
    if compact.next().is_some() {
        return None;
    }
    let (letters, rest) = characters.get(..length)?.split_at_checked(length.checked_sub(7)?)?;
    let (digits, check) = rest.split_at_checked(6)?;
    let lettered = (1..=2).contains(&letters.len()) && letters.iter().all(u8::is_ascii_uppercase);
    let check = match check {
        [b'A'] => 10,
        [byte] => digit(*byte)?,
        _ => return None,
    };
    let value = |byte: &u8| char::from(*byte).to_digit(36);
    let blank = (letters.len() == 1).then_some(BLANK);
    let values =
        blank.into_iter().chain(letters.iter().filter_map(value)).chain(digits.iter().filter_map(|it| digit(*it)));
    let sum: u32 = values.zip((2..=9).rev()).map(|(value, weight)| value * weight).sum();
    let shaped = lettered && digits.iter().all(u8::is_ascii_digit);
    shaped.then(|| verdict((sum + check).is_multiple_of(11)))
}
