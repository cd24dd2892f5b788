//! Numbers as a person would read them in a cell.

use std::borrow::Cow;

/// Digits of an integer that stays as it is written: those of 64 bits. The numbers of residents have 18 and those of bank
/// cards 19, more than a binary fraction holds.
const MOST_DIGITS: usize = 20;

/// A number as files write it, without exponent and without the noise of binary fractions. Others stay as they are, and so
/// does an integer that is written in full.
pub(super) fn plain(number: &str) -> Cow<'_, str> {
    let digits = number.strip_prefix(['-', '+']).unwrap_or(number);
    if digits.len() <= MOST_DIGITS && digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Cow::Borrowed(number);
    }
    match number.parse::<f64>() {
        Ok(value) if value.is_finite() => Cow::Owned(of(value)),
        _ => Cow::Borrowed(number),
    }
}

/// The shortest digits that mean this number; without an exponent as long as they fit a cell.
pub(super) fn of(value: f64) -> String {
    if value != 0.0 && !(1e-15..1e21).contains(&value.abs()) { format!("{value:e}") } else { value.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_read_as_they_were_meant() {
        for (written, read) in [
            ("7", "7"),
            ("13800000000", "13800000000"),
            ("1.3800000000E10", "13800000000"),
            ("0.10000000000000001", "0.1"),
            ("110105194912310021", "110105194912310021"),
            ("-6222020000000000017", "-6222020000000000017"),
            ("18446744073709551615", "18446744073709551615"),
            ("1.10105194912310021E17", "110105194912310020"),
            ("1234567890123456789012", "1.2345678901234568e21"),
            ("-4.5", "-4.5"),
            ("1E300", "1e300"),
            ("abc", "abc"),
            ("", ""),
        ] {
            assert_eq!(plain(written), read);
        }
    }
}
