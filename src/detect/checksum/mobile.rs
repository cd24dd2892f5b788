//! 手机号: eleven digits of a range that is handed out, with or without 86, +86, 0086 or a trunk 0.

use super::{Verdict, verdict};

pub(super) fn verify(candidate: &[u8]) -> Option<Verdict> {
    let digits = subscriber(candidate)?;
    // Ranges by the second and third digit (recalled; all of 16x, which is being opened).
    let open = match (digits.get(1)?, digits.get(2)?) {
        (b'3' | b'6' | b'7' | b'8', _) => true,
        (b'4', third) => matches!(third, b'1' | b'4'..=b'9'),
        (b'5' | b'9', third) => *third != b'4',
        _ => false,
    };
    // 0 only ever stands before the eleven digits, where the shape alone says little.
    Some(verdict(open)).map(|verdict| if verdict == Verdict::Confirmed { Verdict::Unknown } else { verdict })
}

/// The eleven digits of a subscriber.
pub(crate) fn subscriber(candidate: &[u8]) -> Option<&[u8]> {
    let digits = candidate.strip_prefix(b"+").unwrap_or(candidate);
    let (prefix, subscriber) = digits.split_at_checked(digits.len().checked_sub(11)?)?;
    let shaped = subscriber.iter().all(u8::is_ascii_digit) && subscriber.first() == Some(&b'1');
    (shaped && matches!(prefix, b"" | b"0" | b"86" | b"0086" | b"17951" | b"12593")).then_some(subscriber)
}
