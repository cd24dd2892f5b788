//! The piece table: the text of a document in the order of its characters, wherever in the file each piece lies.

use super::super::numbers::{size_at, u32_at};

/// A run of characters that lie together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Piece {
    pub(super) characters: u32,
    /// Where it begins in the stream `WordDocument`.
    pub(super) at: u64,
    /// One byte a character, else two.
    pub(super) is_narrow: bool,
}

/// Bit 30 of a place: characters of one byte, and the place counted twice.
const NARROW: u32 = 1 << 30;
/// Bytes of a piece in the table, behind the positions.
const DESCRIPTOR_BYTES: usize = 8;

/// Reads the table (MS-DOC, 2.9.38 `Clx`): formats of the pieces, which are stepped over, and the pieces. `is_old`: places
/// are plain, and every character has one byte.
pub(super) fn parse(table: &[u8], is_old: bool) -> Option<Vec<Piece>> {
    let mut rest = table;
    while let [1, after @ ..] = rest {
        let [low, high, after @ ..] = after else { return None };
        rest = after.get(usize::from(u16::from_le_bytes([*low, *high]))..)?;
    }
    let [2, after @ ..] = rest else { return None };
    let declared = size_at(after, 0)?;
    let pieces = after.get(4..)?;
    // A table that was cut is read as far as it goes, with the count that it declares: the descriptors lie behind.
    let count = declared.checked_sub(4)? / (4 + DESCRIPTOR_BYTES);
    let piece = |number: usize| {
        let characters = u32_at(pieces, (number + 1) * 4)?.checked_sub(u32_at(pieces, number * 4)?)?;
        let place = u32_at(pieces, (count + 1) * 4 + number * DESCRIPTOR_BYTES + 2)?;
        Some(match (is_old, place & NARROW != 0) {
            (true, _) => Piece { characters, at: u64::from(place), is_narrow: true },
            (false, true) => Piece { characters, at: u64::from(place & !NARROW) / 2, is_narrow: true },
            (false, false) => Piece { characters, at: u64::from(place), is_narrow: false },
        })
    };
    Some((0..count).map_while(piece).collect())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn no_bytes_are_more_pieces_than_they_can_hold(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
            for table in [bytes.clone(), [&[2], bytes.as_slice()].concat()] {
                let pieces = parse(&table, false).unwrap_or_default();
                prop_assert!(pieces.len() * (4 + DESCRIPTOR_BYTES) <= table.len());
            }
        }
    }
}
