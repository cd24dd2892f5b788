//! 排污许可证: the credit code of the holder, three digits and a letter.

use super::{Verdict, uscc};

/// It says what the credit code inside says. The letter is recalled: P to Z.
pub(super) fn verify(candidate: &[u8]) -> Option<Verdict> {
    let (code, permit) = candidate.split_at_checked(18)?;
    let [serial @ .., letter] = permit else { return None };
    let shaped = serial.len() == 3 && serial.iter().all(u8::is_ascii_digit) && (b'P'..=b'Z').contains(letter);
    shaped.then(|| uscc::verify(code)).flatten()
}
