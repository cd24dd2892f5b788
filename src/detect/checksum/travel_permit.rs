//! Travel permits between the mainland, Hong Kong, Macao and Taiwan: a letter and digits. Nothing can be verified.
//! Forms are recalled.

use super::Verdict;

/// 港澳居民来往内地通行证: H or M, eight digits, two more for the number of the renewal.
pub(super) fn verify_home_return(candidate: &[u8]) -> Option<Verdict> {
    let (first, digits) = candidate.split_first()?;
    let lettered = matches!(first.to_ascii_uppercase(), b'H' | b'M');
    (lettered && matches!(digits.len(), 8 | 10) && is_number(digits)).then_some(Verdict::Unknown)
}

/// 往来港澳通行证 C with a letter or digit, 往来台湾通行证 L; W and T before they became cards.
pub(super) fn verify_exit(candidate: &[u8]) -> Option<Verdict> {
    let [first, second, digits @ ..] = candidate else { return None };
    let second = second.to_ascii_uppercase();
    let lettered = match first.to_ascii_uppercase() {
        b'C' => second.is_ascii_digit() || second.is_ascii_uppercase() && !b"IO".contains(&second),
        b'L' | b'W' | b'T' => second.is_ascii_digit(),
        _ => false,
    };
    (lettered && digits.len() == 7 && is_number(digits)).then_some(Verdict::Unknown)
}

fn is_number(digits: &[u8]) -> bool {
    digits.iter().all(u8::is_ascii_digit)
}
