//! ICCID (ITU-T E.118) of Chinese cards: 8986, the operator, 19 or 20 characters.

use super::{Verdict, luhn_holds, number};

/// 移动 00 02 04 07 08, 联通 01 06 09, 电信 03 11, 广电 15; 05 and 10 are old. Recalled.
const OPERATORS: [u32; 13] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 15];

/// A right Luhn digit confirms; a wrong one says nothing, since many cards do not honour it. 移动 writes letters too.
pub(super) fn verify(candidate: &[u8]) -> Option<Verdict> {
    let rest = candidate.strip_prefix(b"8986")?;
    let (operator, serial) = rest.split_at_checked(2)?;
    let shaped = matches!(candidate.len(), 19 | 20)
        && OPERATORS.contains(&number(operator)?)
        && serial.iter().all(u8::is_ascii_hexdigit);
    let verdict = if luhn_holds(candidate) == Some(true) { Verdict::Confirmed } else { Verdict::Unknown };
    shaped.then_some(verdict)
}
