//! Numbers as a person would read them in a cell.

use std::borrow::Cow;

/// A number as files write it, without exponent and without the noise of binary fractions. Others stay as they are.
pub(super) fn plain(number: &str) -> Cow<'_, str> {
    let is_short_integer = number.len() <= 15 && number.bytes().all(|byte| byte.is_ascii_digit());
    if is_short_integer {
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
            ("110105194912310021", "110105194912310020"),
            ("-4.5", "-4.5"),
            ("1E300", "1e300"),
            ("abc", "abc"),
            ("", ""),
        ] {
            assert_eq!(plain(written), read);
        }
    }
}
