//! Full-width digits, letters and signs (`１３８…`, `：`) brought to ASCII, on purpose and before detection.

use memchr::memchr_iter;

/// The first byte of every full-width character.
pub(super) const LEAD: u8 = 0xef;

/// The ASCII byte of a full-width character, for those that identifiers and assignments are written with.
/// Commas and brackets stay: Chinese prose is full of them, and nothing is anchored on them.
fn ascii_of(second: u8, third: u8) -> Option<u8> {
    let ascii = match second {
        0xbc => third.checked_sub(0x80)?.checked_add(0x20)?,
        0xbd => third.checked_sub(0x80)?.checked_add(0x60)?,
        _ => return None,
    };
    (ascii.is_ascii_alphanumeric() || matches!(ascii, b'@' | b':' | b'=' | b'.' | b'-' | b'+')).then_some(ascii)
}

/// Whether nothing is left to fold.
pub(super) fn is_folded(text: &[u8]) -> bool {
    memchr_iter(LEAD, text).all(|lead| match text.get(lead + 1..lead + 3) {
        Some([second, third]) => ascii_of(*second, *third).is_none(),
        _ => true,
    })
}

/// Appends `text` folded; tells `place` where each run of bytes that stayed, or each folded one, came from.
pub(super) fn append(text: &[u8], folded: &mut Vec<u8>, mut place: impl FnMut(usize, usize)) {
    let mut copied = 0;
    for lead in memchr_iter(LEAD, text) {
        let (Some(second), Some(third)) = (text.get(lead + 1), text.get(lead + 2)) else { break };
        let Some(ascii) = ascii_of(*second, *third).filter(|_| lead >= copied) else { continue };
        place(folded.len(), copied);
        folded.extend_from_slice(text.get(copied..lead).unwrap_or_default());
        place(folded.len(), lead);
        folded.push(ascii);
        copied = lead + 3;
    }
    place(folded.len(), copied);
    folded.extend_from_slice(text.get(copied..).unwrap_or_default());
}

/// How many bytes at the end of a piece may be the beginning of a full-width character.
pub(super) fn unfinished(text: &[u8]) -> usize {
    match text {
        [.., LEAD] => 1,
        [.., LEAD, 0xbc | 0xbd] => 2,
        _ => 0,
    }
}
