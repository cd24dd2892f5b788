use std::fmt;

use serde::{Deserialize, Serialize};

/// A name that may be stored and shown: control and bidi characters are escaped, and identifiers in it are masked.
///
/// Names come from the wild (files, tables, headers, keys) and may hold what is being looked for. Whoever calls
/// [`PublicName::vouched`] has looked: that is `detect::names`, and nobody else should.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PublicName(String);

impl PublicName {
    /// Wraps a name that detection has passed over.
    #[must_use]
    pub fn vouched(name: impl Into<String>) -> Self {
        Self(name.into())
    }

    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for PublicName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// Writes raw name bytes as printable text that [`unescape_name`] turns back into the same bytes.
///
/// `\` becomes `\\`, `!` (which parts a container from its member) `\!`, `<` (which opens a mask) `\<`, control,
/// bidi and other invisible characters `\u{…}`, and bytes that are not UTF-8 `\xNN`.
#[must_use]
pub fn escape_name(raw: &[u8]) -> String {
    let mut escaped = String::with_capacity(raw.len());
    for chunk in raw.utf8_chunks() {
        for character in chunk.valid().chars() {
            match character {
                '\\' | '!' | '<' => {
                    escaped.push('\\');
                    escaped.push(character);
                }
                _ if is_invisible(character) => {
                    escaped.push_str(&format!("\\u{{{:x}}}", u32::from(character)));
                }
                _ => escaped.push(character),
            }
        }
        for byte in chunk.invalid() {
            escaped.push_str(&format!("\\x{byte:02x}"));
        }
    }
    escaped
}

/// The bytes of an escaped name; `None` where the text is not one (a mask cannot be undone).
#[must_use]
pub fn unescape_name(escaped: &str) -> Option<Vec<u8>> {
    let mut raw = Vec::with_capacity(escaped.len());
    let mut rest = escaped;
    while let Some(character) = rest.chars().next() {
        rest = &rest[character.len_utf8()..];
        match character {
            '\\' => rest = unescape_one(rest, &mut raw)?,
            '!' | '<' => return None,
            _ => raw.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes()),
        }
    }
    Some(raw)
}

/// Undoes one escape, the text after its backslash; gives what follows it.
fn unescape_one<'a>(rest: &'a str, raw: &mut Vec<u8>) -> Option<&'a str> {
    let kind = rest.chars().next()?;
    let after = &rest[kind.len_utf8()..];
    match kind {
        '\\' | '!' | '<' => {
            raw.push(u8::try_from(kind).ok()?);
            Some(after)
        }
        'x' => {
            raw.push(u8::from_str_radix(after.get(..2)?, 16).ok()?);
            after.get(2..)
        }
        'u' => {
            let (digits, after) = after.strip_prefix('{')?.split_once('}')?;
            let character = char::from_u32(u32::from_str_radix(digits, 16).ok()?)?;
            raw.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
            Some(after)
        }
        _ => None,
    }
}

/// Characters that a terminal or a reader would not show as themselves: controls, bidi marks, zero-width
/// characters, line separators, byte-order marks, private use.
#[must_use]
pub fn is_invisible(character: char) -> bool {
    character.is_control()
        || matches!(character,
            '\u{00ad}' | '\u{061c}' | '\u{115f}' | '\u{1160}' | '\u{180e}' | '\u{200b}'..='\u{200f}'
            | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{e000}'..='\u{f8ff}'
            | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_name_that_turns_the_line_around_is_shown_escaped() {
        assert_eq!(escape_name("a\u{202e}b\n!<\\".as_bytes()), "a\\u{202e}b\\u{a}\\!\\<\\\\");
        assert_eq!(escape_name(&[b'a', 0xb0, 0xb1]), "a\\xb0\\xb1");
    }

    proptest! {
        #[test]
        fn every_name_survives_the_round_trip(raw in prop::collection::vec(any::<u8>(), 0..64)) {
            prop_assert_eq!(unescape_name(&escape_name(&raw)), Some(raw));
        }

        #[test]
        fn an_escaped_name_holds_nothing_invisible(raw in any::<String>()) {
            prop_assert!(!escape_name(raw.as_bytes()).chars().any(is_invisible));
        }

        #[test]
        fn no_text_makes_unescaping_panic(text in any::<String>()) {
            prop_assert!(unescape_name(&text).is_none_or(|raw| raw.len() <= text.len()));
        }
    }
}
