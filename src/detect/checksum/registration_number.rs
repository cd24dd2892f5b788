//! 营业执照注册号: fifteen digits, six of them the authority, the last by ISO 7064 MOD 11,10.

use super::resident_id::is_province;
use super::{Verdict, iso7064, number, verdict};

/// The national authority (国家工商总局) registers under 100000.
const NATIONAL: u32 = 10;

pub(super) fn verify(candidate: &[u8]) -> Option<Verdict> {
    let (digits, check) = candidate.split_at_checked(14)?;
    let [check] = check else { return None };
    let region = number(digits.get(..2)?)?;
    let expected = iso7064::mod_11_10(digits)?;
    let plausible = (is_province(region) || region == NATIONAL) && check.is_ascii_digit();
    plausible.then(|| verdict(*check == expected))
}
