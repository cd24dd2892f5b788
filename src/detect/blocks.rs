//! The first pass: what stands where in 64 bytes, and which of them are worth a look.
//!
//! Everything here is arithmetic on masks, so a block in which nothing can begin costs the same few instructions
//! whatever it holds: times, short decimals, words and prose are passed over without a look at a single byte, and of
//! a date only its year is looked at.

/// Bytes looked at in one go: as many as a mask has bits.
pub(super) const BLOCK: usize = 64;

/// What stands where in a block; bit n speaks of byte n.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Block {
    /// ASCII digits.
    pub(super) digit: u64,
    /// ASCII letters.
    pub(super) letter: u64,
    /// Those of them that are capitals.
    pub(super) capital: u64,
    /// Bytes of characters that are not ASCII.
    pub(super) wide: u64,
    /// The first bytes of these characters.
    pub(super) lead: u64,
    /// `@`.
    pub(super) at: u64,
    /// `:`.
    pub(super) colon: u64,
    /// `=`.
    pub(super) equals: u64,
    /// `.`.
    pub(super) dot: u64,
    /// Space and `-`, which part the groups of a number.
    pub(super) gap: u64,
}

impl Block {
    /// The `length` bytes from `start` on of a row of blocks, as a block of their own: no more than [`BLOCK`].
    #[inline]
    pub(super) fn cut(blocks: &[Self], start: usize, length: usize) -> Self {
        let nothing = Self::default();
        let first = blocks.get(start / BLOCK).unwrap_or(&nothing);
        let second = blocks.get(start / BLOCK + 1).unwrap_or(&nothing);
        let (shift, kept) = (start % BLOCK, low_bits(length));
        // Two shifts, since one by all 64 bits is none.
        let cut = |first: u64, second: u64| (first >> shift | second << 1 << (BLOCK - 1 - shift)) & kept;
        let digit = cut(first.digit, second.digit);
        if digit == kept {
            return Self { digit, ..nothing };
        }
        first.zip(second, cut)
    }

    #[inline]
    fn map(self, change: impl Fn(u64) -> u64) -> Self {
        self.zip(&self, |mask, _| change(mask))
    }

    #[inline]
    fn zip(&self, other: &Self, join: impl Fn(u64, u64) -> u64) -> Self {
        Self {
            digit: join(self.digit, other.digit),
            letter: join(self.letter, other.letter),
            capital: join(self.capital, other.capital),
            wide: join(self.wide, other.wide),
            lead: join(self.lead, other.lead),
            at: join(self.at, other.at),
            colon: join(self.colon, other.colon),
            equals: join(self.equals, other.equals),
            dot: join(self.dot, other.dot),
            gap: join(self.gap, other.gap),
        }
    }

    /// The same bytes, so many places later; what would come to stand behind the block is gone.
    pub(super) fn later_by(self, places: usize) -> Self {
        self.map(|mask| u32::try_from(places).ok().and_then(|places| mask.checked_shl(places)).unwrap_or(0))
    }
}

/// As many ones as there are places, from the lowest on.
#[inline]
pub(super) fn low_bits(places: usize) -> u64 {
    if places >= BLOCK { u64::MAX } else { (1 << places) - 1 }
}

/// The longest number with dots that is looked at, from its first digit to its second dot: what is further back than
/// a block cannot be seen from here.
pub(super) const LONGEST_DOTTED_HEAD: usize = BLOCK;

/// Where a block is worth a look; bit n speaks of byte n.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Stops {
    /// The first digit of four or more.
    pub(super) run: u64,
    /// A gap between one to three digits, and three or more.
    pub(super) group: u64,
    /// The second dot between digits of one number.
    pub(super) dotted: u64,
    /// A decimal point with four digits or more behind it.
    pub(super) precise: u64,
    /// The first of five gaps, each three bytes from the next.
    pub(super) octets: u64,
    /// A colon that another follows at once, or three more within five bytes each.
    pub(super) colons: u64,
    /// `:` or `=`, but not between digits.
    pub(super) sign: u64,
    /// `@`.
    pub(super) at: u64,
    /// A capital behind a byte that is not ASCII.
    pub(super) behind_wide: u64,
}

impl Stops {
    /// Where the middle one of three blocks in a row is worth a look.
    #[inline]
    pub(super) fn of(before: &Block, here: &Block, after: &Block) -> Self {
        let ahead = |here: u64, after: u64, bytes: u32| here >> bytes | after << (64 - bytes);
        let behind = |here: u64, before: u64, bytes: u32| here << bytes | before >> (64 - bytes);
        let digit_ahead = |bytes| ahead(here.digit, after.digit, bytes);
        let digit_behind = |bytes| behind(here.digit, before.digit, bytes);
        let (one, two, three) = (digit_ahead(1), digit_ahead(2), digit_ahead(3));
        let last = digit_behind(1);
        let inner_dot = here.dot & last;
        let gap = here.gap & last & one & two & three;
        let colon_ahead = |colons: [u64; 2], bytes| ahead(colons[0], colons[1], bytes);
        let inner_colon = here.colon & last & one;
        Self {
            run: here.digit & !last & one & two & three,
            group: if gap == 0 { 0 } else { gap & !(digit_behind(2) & digit_behind(3) & digit_behind(4)) },
            dotted: if inner_dot & one == 0 { 0 } else { second_dots(before, here, after) },
            precise: inner_dot & one & two & three & digit_ahead(4),
            octets: [3, 6, 9, 12].iter().fold(here.gap, |gaps, bytes| gaps & ahead(here.gap, after.gap, *bytes)),
            colons: if here.colon == 0 {
                0
            } else {
                here.colon & colon_ahead([here.colon, after.colon], 1) | chained(here.colon, after.colon)
            },
            sign: here.equals | here.colon & !inner_colon,
            at: here.at,
            behind_wide: here.capital & behind(here.wide, before.wide, 1),
        }
    }

    /// All of them.
    #[inline]
    pub(super) fn any(&self) -> u64 {
        self.run
            | self.group
            | self.dotted
            | self.precise
            | self.octets
            | self.colons
            | self.sign
            | self.at
            | self.behind_wide
    }
}

/// The second dot of each number that has two or more, each between digits. A run of digits is walked over by adding
/// its first bit: the carry comes out behind its last.
#[inline]
fn second_dots(before: &Block, here: &Block, after: &Block) -> u64 {
    let joined = |before: u64, here: u64| u128::from(before) | u128::from(here) << 64;
    let digits = joined(before.digit, here.digit);
    let followed = digits >> 1 | u128::from(after.digit & 1) << 127;
    let dots = joined(before.dot, here.dot) & digits << 1 & followed;
    let behind_run = |first: u128| digits.wrapping_add(first) & !digits & dots;
    let first = behind_run(digits & !((digits | dots) << 1));
    (behind_run(first << 1) >> 64) as u64
}

/// Colons of which three more follow, each at most five bytes on: an IPv6 address has groups of up to four digits.
#[inline]
fn chained(here: u64, after: u64) -> u64 {
    let mut chain = u128::from(here) | u128::from(after) << 64;
    for _ in 0..3 {
        chain &= chain >> 1 | chain >> 2 | chain >> 3 | chain >> 4 | chain >> 5;
    }
    chain as u64
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::detect::simd;

    fn stops_of(text: &[u8; 3 * BLOCK]) -> Stops {
        let mut blocks = [Block::default(); 3];
        simd::look(text, &mut blocks);
        Stops::of(&blocks[0], &blocks[1], &blocks[2])
    }

    /// Where in the middle block a predicate holds that sees the whole text.
    fn places(holds: impl Fn(usize) -> bool) -> u64 {
        (0..BLOCK).filter(|place| holds(BLOCK + place)).fold(0, |mask, place| mask | 1 << place)
    }

    proptest! {
        /// What the masks say is what a look at each byte and its neighbours says.
        #[test]
        fn a_block_is_worth_a_look_where_a_look_at_each_byte_finds_a_beginning(
            text in prop::collection::vec(prop::sample::select(&b"0123..::==--  @aZ\xe4"[..]), 3 * BLOCK),
        ) {
            let text: [u8; 3 * BLOCK] = text.try_into().expect("three blocks");
            let digit = |at: usize| text[at].is_ascii_digit();
            let digits = |at: usize, count: usize| (at..at + count).all(digit);
            let gap = |at: usize| matches!(text[at], b' ' | b'-');
            let stops = stops_of(&text);
            prop_assert_eq!(stops.run, places(|at| digits(at, 4) && !digit(at - 1)));
            prop_assert_eq!(
                stops.group,
                places(|at| gap(at) && digit(at - 1) && !digits(at - 4, 4) && digits(at + 1, 3))
            );
            prop_assert_eq!(stops.precise, places(|at| text[at] == b'.' && digit(at - 1) && digits(at + 1, 4)));
            prop_assert_eq!(stops.octets, places(|at| (0..5).all(|octet| gap(at + 3 * octet))));
            prop_assert_eq!(stops.at, places(|at| text[at] == b'@'));
            prop_assert_eq!(
                stops.sign,
                places(|at| text[at] == b'=' || text[at] == b':' && !(digit(at - 1) && digit(at + 1)))
            );
            prop_assert_eq!(stops.behind_wide, places(|at| text[at] == b'Z' && text[at - 1] >= 0x80));
            let next_colon = |at: usize| (at + 1..=at + 5).filter(|next| text[*next] == b':').collect::<Vec<_>>();
            let chained = |at: usize| next_colon(at).iter().any(|at| {
                next_colon(*at).iter().any(|at| !next_colon(*at).is_empty())
            });
            prop_assert_eq!(
                stops.colons,
                places(|at| text[at] == b':' && (text[at + 1] == b':' || chained(at)))
            );
        }

        /// The second dot of a dotted number, wherever its first digit stands in the blocks.
        #[test]
        fn the_second_dot_of_a_number_is_met_where_it_stands(
            number in "[0-9]{1,6}(\\.[0-9]{1,6}){2,7}",
            start in BLOCK..2 * BLOCK,
        ) {
            let mut text = [b'x'; 3 * BLOCK];
            text[start..start + number.len()].copy_from_slice(number.as_bytes());
            let second = number.match_indices('.').nth(1).expect("two dots").0 + start;
            let wanted = if second < 2 * BLOCK { 1 << (second - BLOCK) } else { 0 };
            prop_assert_eq!(stops_of(&text).dotted, wanted);
        }
    }
}
