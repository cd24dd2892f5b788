//! The text of a drawing without its formatting codes (Autodesk, DXF Reference, MTEXT; AutoCAD, "Control codes").

use encoding_rs::{BIG5, EUC_KR, Encoding, GBK, SHIFT_JIS};

/// Longer texts are handed on in pieces.
pub(super) const LONGEST_TEXT_BYTES: usize = 64 << 10;

/// The name of a font and of its large one are no longer (`LF_FACESIZE` of 32 characters each).
const LONGEST_FONT_BYTES: usize = 96;
/// No font's name holds so many digits, and no height, angle or colour has so many before its point: a colour has eight.
const FEWEST_DIGITS_OF_DATA: usize = 9;
/// Digits of a number of which some stand behind the point.
const LONGEST_NUMBER_BYTES: usize = 16;

/// What a person reads of a text that has no formatting: of a `TEXT`, an attribute, a name.
pub(super) fn plain(text: &str) -> String {
    read(text, false)
}

/// What a person reads of a text with formatting: of an `MTEXT`, a leader, a dimension, a cell of a table.
pub(super) fn formatted(text: &str) -> String {
    read(text, true)
}

fn read(text: &str, is_formatted: bool) -> String {
    let mut shown = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(['\\', '%', '{', '}', '^']) {
        shown.push_str(&rest[..at]);
        rest = &rest[at..];
        rest = match rest.as_bytes() {
            [b'\\', ..] => match character(&rest[1..], &mut shown) {
                Some(behind) => behind,
                None if is_formatted => escape(rest, &mut shown),
                None => as_it_is(rest, &mut shown),
            },
            [b'%', b'%', code, ..] if code.is_ascii() => {
                shown.push_str(match code.to_ascii_lowercase() {
                    b'c' => "⌀",
                    b'd' => "°",
                    b'p' => "±",
                    b'%' => "%",
                    _ => "",
                });
                &rest[3..]
            }
            [b'^', b'I' | b'J' | b'M', ..] => {
                shown.push(' ');
                &rest[2..]
            }
            [b'{' | b'}', ..] if is_formatted => &rest[1..],
            _ => as_it_is(rest, &mut shown),
        };
    }
    shown.push_str(rest);
    shown
}

/// Keeps the sign of one byte at the beginning of `rest`; what comes behind it.
fn as_it_is<'t>(rest: &'t str, shown: &mut String) -> &'t str {
    shown.push_str(&rest[..1]);
    &rest[1..]
}

/// Reads the escape at the beginning of `rest`; what comes behind it. What is none is text, as in `D:\Files`.
fn escape<'t>(rest: &'t str, shown: &mut String) -> &'t str {
    let Some(code) = rest[1..].chars().next() else { return "" };
    let behind = &rest[1 + code.len_utf8()..];
    let is_argument: fn(&str) -> bool = match code {
        'P' | 'N' | '~' | 'X' => {
            shown.push(' ');
            return behind;
        }
        'L' | 'l' | 'O' | 'o' | 'K' | 'k' => return behind,
        // A fraction, or one value above the other.
        'S' => {
            let (stacked, behind) = behind.split_once(';').unwrap_or((behind, ""));
            shown.push_str(&stacked.replace(['^', '#'], "/"));
            return behind;
        }
        'f' | 'F' => is_font,
        'H' | 'h' | 'C' | 'c' | 'T' | 'Q' | 'W' | 'A' => is_number,
        'p' => is_paragraph,
        '\\' | '{' | '}' => {
            shown.push(code);
            return behind;
        }
        _ => return as_it_is(rest, shown),
    };
    match behind.split_once(';').filter(|(argument, _)| is_argument(argument)) {
        Some((_, behind)) => behind,
        None => as_it_is(rest, shown),
    }
}

/// `SimSun|b0|i0|c134|p2`, `txt.shx,gbcbig.shx`: a name, and behind it a letter and a number each.
fn is_font(argument: &str) -> bool {
    let mut parts = argument.split('|');
    let font = parts.next().unwrap_or_default();
    let is_of_a_name = |it: char| it.is_alphanumeric() || " _-.,@&()".contains(it);
    argument.len() <= LONGEST_FONT_BYTES
        && font.chars().all(is_of_a_name)
        && font.bytes().filter(u8::is_ascii_digit).count() < FEWEST_DIGITS_OF_DATA
        && parts.all(|part| part.strip_prefix(|it: char| it.is_ascii_alphabetic()).is_some_and(is_number))
}

/// `2.5`, `-15`, `0.7x`
fn is_number(argument: &str) -> bool {
    let number = argument.strip_suffix(['x', 'X']).unwrap_or(argument).trim_start_matches(['+', '-']);
    let (whole, _) = number.split_once('.').unwrap_or((number, ""));
    !number.is_empty()
        && number.len() <= LONGEST_NUMBER_BYTES
        && whole.len() < FEWEST_DIGITS_OF_DATA
        && number.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
}

/// `i-3,l3,t3`, `xqc`: indents, stops and how the lines stand, each a letter or two and perhaps a number.
fn is_paragraph(argument: &str) -> bool {
    let letters = |it: char| it.is_ascii_alphabetic() || it == '*';
    argument.split(',').all(|part| {
        let number = part.trim_start_matches(letters);
        part.len() - number.len() <= 4 && (number.is_empty() || is_number(number))
    })
}

/// A character by its number, behind the backslash: `U+4E2D`, or `M+5D6D0` by its code page.
fn character<'t>(behind: &'t str, shown: &mut String) -> Option<&'t str> {
    match behind.as_bytes().first()? {
        b'U' | b'u' => unicode(&behind[1..], shown),
        b'M' => multibyte(&behind[1..], shown),
        _ => None,
    }
}

/// `+4E2D`
fn unicode<'t>(behind: &'t str, shown: &mut String) -> Option<&'t str> {
    let digits = behind.strip_prefix('+')?.get(..4)?;
    shown.push(char::from_u32(u32::from_str_radix(digits, 16).ok()?).unwrap_or('\u{fffd}'));
    behind.get(5..)
}

/// `+5D6D0`: a code page and two bytes in it.
fn multibyte<'t>(behind: &'t str, shown: &mut String) -> Option<&'t str> {
    let code = behind.strip_prefix('+')?.get(..5)?;
    let encoding: &Encoding = match code.as_bytes()[0] {
        b'1' => SHIFT_JIS,
        b'2' => BIG5,
        b'3' => EUC_KR,
        b'5' => GBK,
        _ => return None,
    };
    let pair = u16::from_str_radix(&code[1..], 16).ok()?.to_be_bytes();
    shown.push_str(&encoding.decode_without_bom_handling(&pair).0);
    behind.get(6..)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{formatted, plain};

    #[test]
    fn formatting_is_left_out_and_characters_are_what_they_stand_for() {
        for (text, shown) in [
            (r"{\fSimSun|b0|i0|c134|p2;技术要求}\P1. \H0.7x;未注倒角", "技术要求 1. 未注倒角"),
            (r"%%c20%%p0.1 %%uA%%u", "⌀20±0.1 A"),
            (r"\U+8F74\U+627F\M+5CEBC", "轴承渭"),
            (r"\S+0.02^-0.01; C:\\x \{a\}", "+0.02/-0.01 C:\\x {a}"),
            ("a^Jb 50% x%", "a b 50% x%"),
            ("\\", ""),
        ] {
            assert_eq!(formatted(text), shown, "{text}");
        }
    }

    #[test]
    fn what_only_looks_like_a_code_is_text() {
        for text in [
            r"D:\Files\张三 110101199003074514; 见附件",
            r"\F张三 110101199003074514;",
            r"\H13800138000;\C110101199003074514; \A见附件; \T;",
            r"D:\Work\chart; D:\data",
            r"\pump 7, valve 8; D:\Ufo D:\Main",
        ] {
            assert_eq!(formatted(text), text);
        }
        for text in [r"D:\Parts\Files\Sheets; \L{a} \\b", r"\H2.5;\fSimSun;\P"] {
            assert_eq!(plain(text), text);
        }
        assert_eq!(plain(r"\U+8F74\M+5CEBC %%c20^Jb"), "轴渭 ⌀20 b");
        for text in
            [r"\Ftxt.shx,gbcbig.shx;a", r"\f仿宋_GB2312|b1|i0|c134|p49;a", r"\c16711680;a", r"\pi-3,l3,xqc,t3;a"]
        {
            assert_eq!(formatted(text), "a", "{text}");
        }
    }

    proptest! {
        #[test]
        fn a_text_without_codes_is_as_it_was(text in "[^\\\\%{}^]{0,40}") {
            prop_assert_eq!(&formatted(&text), &text);
            prop_assert_eq!(plain(&text), text);
        }

        #[test]
        fn no_text_breaks_it(text in "[\\\\UMSPf+;%{}^5中a0-9]{0,30}") {
            prop_assert!(plain(&text).len() <= text.len() * 3);
            prop_assert!(formatted(&text).len() <= text.len() * 3);
        }
    }
}
