//! 护照: what letters and lengths tell. No check digit stands outside the machine-readable zone. Recalled.

use super::Verdict;

/// 普通 E and G, 公务 and 外交 P S D and SE PE DE, Hong Kong and Macao K, H, M with a second letter.
pub(super) fn verify(candidate: &[u8]) -> Option<Verdict> {
    let upper = |place: usize| candidate.get(place).map(u8::to_ascii_uppercase);
    let counted = |from: usize| candidate.get(from..).is_some_and(|rest| rest.iter().all(u8::is_ascii_digit));
    if candidate.len() != 9 {
        return None;
    }
    let shaped = match (upper(0)?, upper(1)?) {
        (b'E', second) => {
            (second.is_ascii_digit() || second.is_ascii_uppercase() && !b"IO".contains(&second)) && counted(2)
        }
        (b'P' | b'S' | b'D', b'E') => counted(2),
        (b'H' | b'K' | b'M', second) => second.is_ascii_uppercase() && counted(2),
        (b'G' | b'D' | b'P' | b'S', _) => counted(1),
        _ => false,
    };
    shaped.then_some(Verdict::Unknown)
}
