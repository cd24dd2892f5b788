//! The two check digits of ISO 7064 (GB/T 17710) that Chinese numbers use.

use super::digit;

const MOD_11_2_WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const MOD_11_2_CHARACTERS: &[u8; 11] = b"10X98765432";

/// MOD 11-2 over seventeen digits. It finds every wrong digit and every transposition.
pub(super) fn mod_11_2(digits: &[u8]) -> Option<u8> {
    let mut weighted = digits.iter().zip(MOD_11_2_WEIGHTS);
    let sum = weighted.try_fold(0, |sum, (byte, weight)| Some(sum + digit(*byte)? * weight))?;
    MOD_11_2_CHARACTERS.get(sum as usize % 11).copied()
}

/// The hybrid system MOD 11,10 over any number of digits. It finds every wrong digit, and nearly every transposition of
/// neighbours.
pub(super) fn mod_11_10(digits: &[u8]) -> Option<u8> {
    let product = digits.iter().try_fold(10, |product, byte| {
        let sum = match (product + digit(*byte)?) % 10 {
            0 => 10,
            sum => sum,
        };
        Some(sum * 2 % 11)
    })?;
    u8::try_from((11 - product) % 10).ok().map(|check| b'0' + check)
}
