//! 固定电话: area code and subscriber, an extension behind them or not; 400 and 800 numbers. Area codes are recalled.

use super::Verdict;

/// Digits without separators. Seven or eight alone are a subscriber's, for columns that are named for it.
pub(super) fn verify(candidate: &[u8]) -> Option<Verdict> {
    if !candidate.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let shaped = match candidate {
        [b'4' | b'8', b'0', b'0', ..] if candidate.len() == 10 => true,
        [b'0', b'1', b'0', rest @ ..] | [b'0', b'2', _, rest @ ..] => is_subscriber(rest, &[8]),
        [b'0', b'3'..=b'9', _, _, rest @ ..] => is_subscriber(rest, &[7, 8]),
        // Beijing as it is dialled from abroad.
        [b'1', b'0', rest @ ..] if candidate.len() == 10 => is_subscriber(rest, &[8]),
        [b'2'..=b'8', ..] => matches!(candidate.len(), 7 | 8),
        _ => false,
    };
    shaped.then_some(Verdict::Unknown)
}

/// A number of one of these lengths, an extension of three or four digits behind it or none.
fn is_subscriber(digits: &[u8], lengths: &[usize]) -> bool {
    let begins = digits.first().is_some_and(|first| (b'1'..=b'8').contains(first));
    begins && lengths.iter().any(|length| [0, 3, 4].iter().any(|extension| digits.len() == length + extension))
}
