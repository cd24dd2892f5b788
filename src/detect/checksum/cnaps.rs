//! 支付系统行号 (CNAPS): bank 3, region 4, branch 4, and a check digit by ISO 7064 MOD 11,10. The check was tried on the
//! numbers that fourteen banks publish.

use super::{Verdict, iso7064, number, verdict};

/// Classes of banks by their first digit: the central bank, state banks, joint-stock and city banks, rural ones, the
/// post, foreign banks and others. 6 is not handed out. Recalled.
const CLASSES: &[u8] = b"1234579";
/// The regions by their first digit (GB/T 13497 numbers of cities). Recalled.
const REGIONS: std::ops::RangeInclusive<u32> = 1000..=9099;

pub(super) fn verify(candidate: &[u8]) -> Option<Verdict> {
    let (digits, check) = candidate.split_at_checked(11)?;
    let [check] = check else { return None };
    let plausible = CLASSES.contains(digits.first()?)
        && digits.iter().chain([check]).all(u8::is_ascii_digit)
        && REGIONS.contains(&number(digits.get(3..7)?)?);
    let expected = iso7064::mod_11_10(digits)?;
    plausible.then(|| verdict(*check == expected))
}
