//! The text of a drawing without its formatting codes (Autodesk, DXF Reference, MTEXT; AutoCAD, "Control codes").

use encoding_rs::{BIG5, EUC_KR, Encoding, GBK, SHIFT_JIS};

/// Longer texts are handed on in pieces.
pub(super) const LONGEST_TEXT_BYTES: usize = 64 << 10;

/// What a person reads.
pub(super) fn plain(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(['\\', '%', '{', '}', '^']) {
        shown.push_str(&rest[..at]);
        rest = &rest[at..];
        rest = match rest.as_bytes() {
            [b'\\', ..] => escape(rest, &mut shown),
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
            [b'{' | b'}', ..] => &rest[1..],
            _ => {
                shown.push_str(&rest[..1]);
                &rest[1..]
            }
        };
    }
    shown.push_str(rest);
    shown
}

/// Reads the escape at the beginning of `rest`; what comes behind it.
fn escape<'t>(rest: &'t str, shown: &mut String) -> &'t str {
    let Some(code) = rest[1..].chars().next() else { return "" };
    let behind = &rest[1 + code.len_utf8()..];
    match code {
        'U' | 'u' => character(behind, shown).unwrap_or(behind),
        'M' => multibyte(behind, shown).unwrap_or(behind),
        'P' | 'N' | '~' | 'X' => {
            shown.push(' ');
            behind
        }
        'L' | 'l' | 'O' | 'o' | 'K' | 'k' => behind,
        // A fraction, or one value above the other.
        'S' => {
            let (stacked, behind) = behind.split_once(';').unwrap_or((behind, ""));
            shown.push_str(&stacked.replace(['^', '#'], "/"));
            behind
        }
        'f' | 'F' | 'H' | 'h' | 'C' | 'c' | 'T' | 'Q' | 'W' | 'A' | 'p' => {
            behind.split_once(';').map_or(behind, |(_, behind)| behind)
        }
        _ => {
            shown.push(code);
            behind
        }
    }
}

/// `\U+4E2D`
fn character<'t>(behind: &'t str, shown: &mut String) -> Option<&'t str> {
    let digits = behind.strip_prefix('+')?.get(..4)?;
    shown.push(char::from_u32(u32::from_str_radix(digits, 16).ok()?).unwrap_or('\u{fffd}'));
    behind.get(5..)
}

/// `\M+5D6D0`: a code page and two bytes in it.
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

    use super::plain;

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
            assert_eq!(plain(text), shown, "{text}");
        }
    }

    proptest! {
        #[test]
        fn a_text_without_codes_is_as_it_was(text in "[^\\\\%{}^]{0,40}") {
            prop_assert_eq!(plain(&text), text);
        }

        #[test]
        fn no_text_breaks_it(text in "[\\\\UMSPf+;%{}^5中a0-9]{0,30}") {
            prop_assert!(plain(&text).len() <= text.len() * 3);
        }
    }
}
