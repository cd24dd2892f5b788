//! Thirteen digits of things on mobile networks: 10646 to 10649, and 144. Recalled.

use super::Verdict;

pub(super) fn verify(candidate: &[u8]) -> Option<Verdict> {
    let shaped = candidate.len() == 13 && candidate.iter().all(u8::is_ascii_digit);
    let ranged = matches!(candidate, [b'1', b'0', b'6', b'4', b'6'..=b'9', ..] | [b'1', b'4', b'4', ..]);
    (shaped && ranged).then_some(Verdict::Unknown)
}
