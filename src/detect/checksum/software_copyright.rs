//! 软件著作权登记号: the year, SR, six or seven digits.

use super::{Verdict, number};

/// Registration began in 1992.
const YEARS: std::ops::RangeInclusive<u32> = 1992..=2099;

pub(super) fn verify(candidate: &[u8]) -> Option<Verdict> {
    let (year, rest) = candidate.split_at_checked(4)?;
    let serial = rest.strip_prefix(b"SR")?;
    let shaped = matches!(serial.len(), 6 | 7) && serial.iter().all(u8::is_ascii_digit);
    (shaped && YEARS.contains(&number(year)?)).then_some(Verdict::Unknown)
}
