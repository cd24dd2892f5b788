//! 外国人永久居留身份证: since 2023 eighteen characters like a resident id, before that fifteen.

use super::resident_id::{is_date, is_province};
use super::{Verdict, countries, iso7064, number, verdict};

/// 18: `9`, province, nationality (ISO 3166 numeric), birthday, serial, ISO 7064 MOD 11-2. 15: nationality in letters,
/// authority, birthday without a century, two digits of which nothing is known for sure. Recalled.
pub(super) fn verify(candidate: &[u8]) -> Option<Verdict> {
    match candidate.len() {
        18 => verify_new(candidate),
        15 => verify_old(candidate),
        _ => None,
    }
}

fn verify_new(candidate: &[u8]) -> Option<Verdict> {
    let (digits, check) = candidate.split_at_checked(17)?;
    let year = number(digits.get(6..10)?)?;
    let plausible = digits.first() == Some(&b'9')
        && is_province(number(digits.get(1..3)?)?)
        && countries::is_number(number(digits.get(3..6)?)?)
        && (1900..=2099).contains(&year)
        && is_date(year, number(digits.get(10..12)?)?, number(digits.get(12..14)?)?);
    let expected = iso7064::mod_11_2(digits)?;
    plausible.then(|| verdict(check.first().map(u8::to_ascii_uppercase) == Some(expected)))
}

fn verify_old(candidate: &[u8]) -> Option<Verdict> {
    let (nationality, digits) = candidate.split_at_checked(3)?;
    let plausible = nationality.iter().all(u8::is_ascii_uppercase)
        && digits.iter().all(u8::is_ascii_digit)
        && is_province(number(digits.get(..2)?)?)
        // A leap year, so that no birthday is lost with the century.
        && is_date(2000, number(digits.get(6..8)?)?, number(digits.get(8..10)?)?);
    plausible.then_some(Verdict::Unknown)
}
