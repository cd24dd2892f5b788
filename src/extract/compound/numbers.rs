//! Numbers at a place, least byte first; `None` past the end.

/// The two bytes at `at`.
pub(super) fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    bytes.get(at..)?.first_chunk().map(|two| u16::from_le_bytes(*two))
}

/// The four bytes at `at`.
pub(super) fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..)?.first_chunk().map(|four| u32::from_le_bytes(*four))
}

/// The four bytes at `at`, as a length or a place.
pub(super) fn size_at(bytes: &[u8], at: usize) -> Option<usize> {
    u32_at(bytes, at).map(|value| value as usize)
}

/// All numbers of two bytes.
pub(super) fn all_u16(bytes: &[u8]) -> impl Iterator<Item = u16> + '_ {
    let (units, _) = bytes.as_chunks::<2>();
    units.iter().map(|two| u16::from_le_bytes(*two))
}

/// All numbers of four bytes.
pub(super) fn all_u32(bytes: &[u8]) -> impl Iterator<Item = u32> + '_ {
    let (units, _) = bytes.as_chunks::<4>();
    units.iter().map(|four| u32::from_le_bytes(*four))
}

/// A text of two bytes a character, up to the first zero.
pub(super) fn utf16(bytes: &[u8]) -> String {
    let units = all_u16(bytes).take_while(|unit| *unit != 0);
    char::decode_utf16(units).map(|it| it.unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
}
