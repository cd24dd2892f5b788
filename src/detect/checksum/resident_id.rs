//! 居民身份证号 (GB 11643-1999), residence permits of Hong Kong, Macao and Taiwan residents included.

use super::{Verdict, iso7064, number, verdict};

/// Provinces (GB/T 2260), and 81 to 83 for residence permits. Recalled.
const PROVINCES: [u8; 34] = [
    11, 12, 13, 14, 15, 21, 22, 23, 31, 32, 33, 34, 35, 36, 37, 41, 42, 43, 44, 45, 46, 50, 51, 52, 53, 54, 61, 62, 63,
    64, 65, 81, 82, 83,
];
/// By the first two digits: whether they name a province.
const IS_PROVINCE: [bool; 100] = {
    let mut is_province = [false; 100];
    let mut number = 0;
    while number < PROVINCES.len() {
        is_province[PROVINCES[number] as usize] = true;
        number += 1;
    }
    is_province
};
/// Nobody alive was born before; nobody holds a number with a birthday after the last year.
const FIRST_YEAR: u32 = 1900;
const LAST_YEAR: u32 = 2099;

/// 18 characters: region, date and check character; 15: region and date alone.
pub(super) fn verify(candidate: &[u8]) -> Option<Verdict> {
    let (digits, check) = match candidate.len() {
        18 => candidate.split_at(17),
        15 => (candidate, &[][..]),
        _ => return None,
    };
    if !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let year = match check {
        [] => 1900 + number(digits.get(6..8)?)?,
        [character] if character.is_ascii_digit() || character.eq_ignore_ascii_case(&b'X') => {
            number(digits.get(6..10)?)?
        }
        _ => return None,
    };
    let rest = digits.get(if check.is_empty() { 8 } else { 10 }..)?;
    let plausible = is_province(number(digits.get(..2)?)?)
        && (FIRST_YEAR..=LAST_YEAR).contains(&year)
        && is_date(year, number(rest.get(..2)?)?, number(rest.get(2..4)?)?);
    match check {
        // A number of eighteen digits that names no place and no day is none of these, mistyped or not.
        _ if !plausible => None,
        [character] => Some(verdict(iso7064::mod_11_2(digits)? == character.to_ascii_uppercase())),
        _ => Some(Verdict::Unknown),
    }
}

/// The 18-digit form of a 15-digit number: the century put in, the check character put on.
pub(crate) fn upgrade(old: &[u8]) -> Option<[u8; 18]> {
    let (region, rest) = old.split_at_checked(6)?;
    let mut new = [0; 18];
    new.get_mut(..6)?.copy_from_slice(region);
    new.get_mut(6..8)?.copy_from_slice(b"19");
    if rest.len() != 9 {
        return None;
    }
    new.get_mut(8..17)?.copy_from_slice(rest);
    let check = iso7064::mod_11_2(new.get(..17)?)?;
    *new.last_mut()? = check;
    Some(new)
}

/// Whether the two digits are a province's.
pub(super) fn is_province(number: u32) -> bool {
    IS_PROVINCE.get(number as usize).copied().unwrap_or(false)
}

/// Whether there is such a day.
pub(super) fn is_date(year: u32, month: u32, day: u32) -> bool {
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let days = match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if leap => 29,
        2 => 28,
        _ => 0,
    };
    (1..=days).contains(&day)
}
