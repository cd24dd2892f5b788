//! Strings that are text (ISO 32000-1, 7.9.2.2): titles, notes, names and values of fields.

use encoding_rs::{GB18030, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};
use hayro_syntax::object::{self, Dict, Object};

/// The text of an entry of a dictionary; empty where it has none.
pub(super) fn text(dict: &Dict<'_>, key: &str) -> Option<String> {
    dict.get::<object::String<'_>>(key).map(|it| decode(it.as_bytes()))
}

/// The text of a string or a name.
pub(super) fn of_object(object: &Object<'_>) -> Option<String> {
    match object {
        Object::String(string) => Some(decode(string.as_bytes())),
        Object::Name(name) => Some(decode(name)),
        _ => None,
    }
}

/// Decodes a text string. Without a mark it should be PDFDocEncoding, which is Windows' Latin in nearly all places; Chinese
/// writers put their own code page there, and new ones UTF-8.
pub(super) fn decode(bytes: &[u8]) -> String {
    let marked = [(b"\xfe\xff".as_slice(), UTF_16BE), (b"\xff\xfe", UTF_16LE), (b"\xef\xbb\xbf", UTF_8)];
    if let Some((mark, encoding)) = marked.into_iter().find(|(mark, _)| bytes.starts_with(mark)) {
        let decoded = encoding.decode_without_bom_handling(bytes.get(mark.len()..).unwrap_or_default()).0;
        return without_language(&decoded);
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        return text.to_owned();
    }
    let encoding = if is_gbk(bytes) { GB18030 } else { WINDOWS_1252 };
    encoding.decode_without_bom_handling(bytes).0.into_owned()
}

/// A language may stand between two escape characters (7.9.2.2).
fn without_language(text: &str) -> String {
    text.split('\u{1b}').step_by(2).collect()
}

/// Whether all bytes that are not ASCII come in pairs of GB 2312.
fn is_gbk(bytes: &[u8]) -> bool {
    let mut rest = bytes;
    while let Some((first, behind)) = rest.split_first() {
        rest = behind;
        if !first.is_ascii() {
            match behind.split_first() {
                Some((0xa1..=0xfe, behind)) if (0xa1..=0xf7).contains(first) => rest = behind,
                _ => return false,
            }
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn marked_text_comes_back_as_it_was(text in "[^\u{1b}]{0,20}") {
            let bytes: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
            prop_assert_eq!(decode(&[b"\xfe\xff".as_slice(), &bytes].concat()), text);
        }
    }

    #[test]
    fn text_is_decoded_whatever_its_writer_took() {
        assert_eq!(decode(b"\xfe\xff\x8b\xbe\x59\x07"), "设备");
        assert_eq!(decode(b"\xff\xfe\xbe\x8b\x07\x59"), "设备");
        assert_eq!(decode("设备".as_bytes()), "设备");
        assert_eq!(decode(&GB18030.encode("设备 A1").0), "设备 A1");
        assert_eq!(decode(b"caf\xe9"), "café");
        assert_eq!(decode(b"\xfe\xff\x00\x1b\x00z\x00h\x00\x1b\x8b\xbe"), "设");
    }
}
