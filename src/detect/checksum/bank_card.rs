//! Bank cards: an issuer's prefix (ISO/IEC 7812) and Luhn.

use super::{Verdict, gtin, luhn_holds, number, verdict};

/// 13 to 19 digits of a known issuer. Prefixes and lengths are recalled.
pub(super) fn verify(candidate: &[u8]) -> Option<Verdict> {
    if !(13..=19).contains(&candidate.len()) {
        return None;
    }
    let two = number(candidate.get(..2)?)?;
    let four = number(candidate.get(..4)?)?;
    let issued = match candidate.len() {
        // UnionPay, and the older series of domestic banks.
        16..=19 if two == 62 || two == 60 || two == 69 || four / 10 == 955 => true,
        // Visa, Mastercard, JCB; UnionPay's 9 series.
        16 => two / 10 == 4 || (51..=55).contains(&two) || (2221..=2720).contains(&four) || two == 35,
        15 => two == 34 || two == 37,
        14 => two == 30 || two == 36 || two == 38,
        13 => two / 10 == 4,
        _ => false,
    };
    // Goods have numbers of thirteen and fourteen digits too, and the check digit of theirs is another one.
    let is_goods = || candidate.len() < 15 && gtin::holds(candidate);
    if issued { Some(verdict(luhn_holds(candidate)? && !is_goods())) } else { None }
}
