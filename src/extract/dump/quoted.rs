//! What stands in quotes, and how it is told that it does.

use std::io::BufRead;

use super::input::Input;

/// How far reading in quotes came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Quoted {
    /// To the quote that closes, which was taken.
    Closed,
    /// As far as was asked for; more follows.
    Open,
    /// To the end of the dump.
    Unfinished,
}

/// Reads up to the quote that closes, or until about `most` bytes are read. A quote that is doubled is part of what is
/// read.
pub(super) fn read_quoted<R: BufRead>(
    input: &mut Input<R>,
    close: u8,
    has_backslashes: bool,
    most: usize,
    out: &mut dyn FnMut(&[u8]),
) -> Quoted {
    let until = input.passed().saturating_add(most as u64);
    while input.passed() < until {
        let rest = input.rest();
        let special = if has_backslashes { memchr::memchr2(close, b'\\', rest) } else { memchr::memchr(close, rest) };
        let plain = special.unwrap_or(rest.len());
        if plain > 0 {
            out(rest.get(..plain).unwrap_or_default());
            input.take(plain);
            continue;
        }
        match *rest {
            [] => return Quoted::Unfinished,
            [first, second, ..] if first == close && second == close => {
                out(&[close]);
                input.take(2);
            }
            [first, ..] if first == close => {
                input.take(1);
                return Quoted::Closed;
            }
            [_, escaped, ..] => {
                out(&unescape(escaped));
                input.take(2);
            }
            _ => input.take(1),
        }
    }
    Quoted::Open
}

/// What a backslash and a character stand for in MySQL ("String Literals", table of escape sequences) and in `E''` of
/// PostgreSQL.
fn unescape(escaped: u8) -> [u8; 1] {
    [match escaped {
        b'0' => 0,
        b'b' => 0x08,
        b'n' => b'\n',
        b'r' => b'\r',
        b't' => b'\t',
        b'Z' => 0x1a,
        other => other,
    }]
}

/// Whether a word before a quote belongs to the text: `N'…'`, `E'…'`, `X'…'`, `_utf8mb4'…'`.
pub(super) fn is_prefix(word: &[u8]) -> bool {
    word.starts_with(b"_") || matches!(word, [letter] if b"nNeExXbBuU".contains(letter))
}

/// The tag of a text in dollars with which `rest` begins: `$$`, `$body$`.
pub(super) fn dollar_tag(rest: &[u8]) -> Option<&[u8]> {
    let name = rest.strip_prefix(b"$")?.iter().take_while(|byte| byte.is_ascii_alphanumeric() || **byte == b'_');
    let end = name.count() + 1;
    let is_tag = rest.get(end) == Some(&b'$') && !rest.get(1).is_some_and(u8::is_ascii_digit);
    if is_tag { rest.get(..=end) } else { None }
}
