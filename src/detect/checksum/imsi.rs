//! IMSI (ITU-T E.212): 460, the code of an operator, ten digits of the subscriber. Nothing in it can be checked.

use super::{Verdict, number};

/// Codes that are handed out: 移动 00 02 04 07 08 13, 联通 01 06 09, 电信 03 05 11 12, 广电 15, 铁通 20. Recalled.
const OPERATORS: [u32; 15] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 12, 13, 15, 20];

pub(super) fn verify(candidate: &[u8]) -> Option<Verdict> {
    let rest = candidate.strip_prefix(b"460")?;
    let shaped = rest.len() == 12 && rest.iter().all(u8::is_ascii_digit);
    (shaped && OPERATORS.contains(&number(rest.get(..2)?)?)).then_some(Verdict::Unknown)
}
