//! The first pass: which bytes of 64 are worth a look. Plain loops over fixed arrays, which the compiler turns into
//! vector instructions, and a multiplication that gathers eight flags at once.

/// Bytes looked at in one go: as many as a mask has bits.
pub(super) const BLOCK: usize = 64;

const DIGIT: u8 = 1;
const AT: u8 = 2;
/// `:` and `=`.
const SIGN: u8 = 4;
const CAPITAL: u8 = 8;
const WIDE: u8 = 0x80;

/// What stands where in a block; bit n speaks of byte n.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Masks {
    /// ASCII digits.
    pub(super) digit: u64,
    /// `@`.
    pub(super) at: u64,
    /// `:` and `=`.
    pub(super) sign: u64,
    /// Capital ASCII letters.
    pub(super) capital: u64,
    /// Bytes of characters that are not ASCII.
    pub(super) wide: u64,
}

impl Masks {
    /// Looks at a block.
    #[inline]
    pub(super) fn of(block: &[u8; BLOCK]) -> Self {
        let mut classes = [0u8; BLOCK];
        let mut any = 0;
        for (class, byte) in classes.iter_mut().zip(block) {
            let digit = u8::from(byte.wrapping_sub(b'0') < 10) * DIGIT;
            let at = u8::from(*byte == b'@') * AT;
            let sign = (u8::from(*byte == b':') + u8::from(*byte == b'=')) * SIGN;
            let capital = u8::from(byte.wrapping_sub(b'A') < 26) * CAPITAL;
            *class = digit | at | sign | capital | (*byte & WIDE);
            any |= *class;
        }
        let gather = |class: u8| if any & class == 0 { 0 } else { gather(&classes, class.trailing_zeros()) };
        Self { digit: gather(DIGIT), at: gather(AT), sign: gather(SIGN), capital: gather(CAPITAL), wide: gather(WIDE) }
    }
}

/// Bit `shift` of each class, as a mask.
fn gather(classes: &[u8; BLOCK], shift: u32) -> u64 {
    let mut mask = 0;
    for (place, eight) in classes.chunks_exact(8).enumerate() {
        let mut bytes = [0; 8];
        bytes.copy_from_slice(eight);
        let flags = (u64::from_le_bytes(bytes) >> shift) & 0x0101_0101_0101_0101;
        // Puts the lowest bit of byte n to bit 56 + n; no two products meet, so nothing carries.
        mask |= (flags.wrapping_mul(0x0102_0408_1020_4080) >> 56) << (place * 8);
    }
    mask
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn each_mask_says_what_a_look_at_each_byte_says(bytes in prop::collection::vec(any::<u8>(), BLOCK)) {
            let block: [u8; BLOCK] = bytes.clone().try_into().expect("a block");
            let masks = Masks::of(&block);
            let by_byte = |holds: fn(&u8) -> bool| {
                bytes.iter().enumerate().filter(|(_, byte)| holds(byte)).fold(0u64, |mask, (place, _)| mask | 1 << place)
            };
            prop_assert_eq!(masks.digit, by_byte(u8::is_ascii_digit));
            prop_assert_eq!(masks.at, by_byte(|byte| *byte == b'@'));
            prop_assert_eq!(masks.sign, by_byte(|byte| *byte == b':' || *byte == b'='));
            prop_assert_eq!(masks.capital, by_byte(u8::is_ascii_uppercase));
            prop_assert_eq!(masks.wide, by_byte(|byte| !byte.is_ascii()));
        }
    }
}
