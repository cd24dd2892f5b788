//! The letters of rich text: bytes of code pages, units of Unicode, and words that stand for a character.

use std::collections::BTreeMap;

use encoding_rs::{Encoding, WINDOWS_1252};

use super::charset;

/// Bytes of text in one code page that are decoded together; more are parted where no character can be.
const RUN_BYTES: usize = 64 << 10;

/// Numbers of fonts and styles go to here (Rich Text Format Specification 1.9.1: 16 bits, signed).
pub(super) const MOST_NUMBER: i32 = 32_767;

/// Text that is not decoded yet, and what it is decoded by.
pub(super) struct Letters {
    of_document: &'static Encoding,
    fonts: BTreeMap<i32, &'static Encoding>,
    run: Vec<u8>,
    /// The first half of a character beyond the basic plane.
    surrogate: Option<u16>,
}

impl Letters {
    /// Western text, until the document says otherwise.
    pub(super) fn new() -> Self {
        Self { of_document: WINDOWS_1252, fonts: BTreeMap::new(), run: Vec::new(), surrogate: None }
    }

    /// The document names its code page.
    pub(super) fn set_code_page(&mut self, number: i32) {
        self.of_document = charset::of_code_page(number);
    }

    /// A font has this encoding; `None`: that of the document.
    pub(super) fn set_font(&mut self, font: i32, encoding: Option<&'static Encoding>) {
        if let Some(encoding) = encoding.filter(|_| (0..=MOST_NUMBER).contains(&font)) {
            self.fonts.insert(font, encoding);
        }
    }

    /// Adds a byte. Says whether it is time to decode: there is much, and no character can be in the middle.
    pub(super) fn push(&mut self, byte: u8, most_bytes: usize) -> bool {
        self.surrogate = None;
        self.run.push(byte);
        // No character of more bytes has one below the digits in it.
        self.run.len() >= RUN_BYTES && (byte < b'0' || self.run.len() >= most_bytes)
    }

    /// Everything that was added since, in the encoding of this font; `None` where there is nothing.
    pub(super) fn take(&mut self, font: i32) -> Option<String> {
        if self.run.is_empty() {
            return None;
        }
        let text = self.encoding_of(font).decode_without_bom_handling(&self.run).0.into_owned();
        self.run.clear();
        Some(text)
    }

    /// The encoding of a font. Western fonts are named for text in the code page of the document too.
    fn encoding_of(&self, font: i32) -> &'static Encoding {
        let is_whole = || !self.of_document.decode_without_bom_handling(&self.run).1;
        match self.fonts.get(&font) {
            Some(encoding) => encoding,
            None if self.of_document.is_single_byte() || is_whole() => self.of_document,
            None => WINDOWS_1252,
        }
    }

    /// The character of a unit of UTF-16; `None` where it is the first half of one, or none.
    pub(super) fn unicode(&mut self, unit: u16) -> Option<char> {
        let whole = match self.surrogate.take() {
            Some(first) => char::decode_utf16([first, unit]).next()?,
            None => char::decode_utf16([unit]).next()?,
        };
        if whole.is_err() {
            self.surrogate = Some(unit);
        }
        whole.ok()
    }
}

/// Words that stand for a character.
pub(super) fn character_of(word: &str) -> Option<char> {
    Some(match word {
        "tab" => '\t',
        "line" => '\n',
        "emdash" => '—',
        "endash" => '–',
        "lquote" => '‘',
        "rquote" => '’',
        "ldblquote" => '“',
        "rdblquote" => '”',
        "bullet" => '•',
        "emspace" | "enspace" | "qmspace" => ' ',
        _ => return None,
    })
}
