//! GTIN (GS1): the check digit of goods, known here only to tell goods from cards.

use super::digit;

/// Whether the last digit is right: weights 3 and 1 from the right, a multiple of ten. It finds every wrong digit.
pub(super) fn holds(digits: &[u8]) -> bool {
    let mut weighted = digits.iter().rev().enumerate();
    let sum = weighted.try_fold(0, |sum, (place, byte)| Some(sum + digit(*byte)? * if place % 2 == 1 { 3 } else { 1 }));
    sum.is_some_and(|sum| sum % 10 == 0)
}
