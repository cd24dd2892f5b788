//! The shared texts of a workbook, one behind the other: a String each would take five times the memory.

use quick_xml::events::BytesStart;

use super::super::super::{Sink, markup::Visitor};
use crate::{model::Fragment, open::Limits};

/// Texts by number.
pub(super) struct Texts {
    bytes: Vec<u8>,
    ends: Vec<u32>,
    most_bytes: usize,
    is_full: bool,
}

impl Texts {
    /// None yet. What the file declares of their number is not asked.
    pub(super) fn new(limits: &Limits) -> Self {
        let most_bytes = limits.shared_text_bytes.min(u32::MAX as usize);
        Self { bytes: Vec::new(), ends: Vec::new(), most_bytes, is_full: false }
    }

    /// Adds the next text. One that finds no room is handed on at once, so that it is read at all.
    pub(super) fn push(&mut self, text: &str, sink: &mut dyn Sink) {
        let begins_at = self.bytes.len();
        push_unescaped(&mut self.bytes, text);
        let taken = self.bytes.len().saturating_add(self.ends.len().saturating_mul(size_of::<u32>()));
        self.is_full |= taken > self.most_bytes;
        if self.is_full {
            sink.fragment(Fragment::Text(self.bytes.get(begins_at..).unwrap_or_default()));
            sink.fragment(Fragment::Break);
            self.bytes.truncate(begins_at);
        } else {
            self.ends.push(self.bytes.len() as u32);
        }
    }

    /// The text of a number.
    pub(super) fn get(&self, number: usize) -> Option<&[u8]> {
        let end = *self.ends.get(number)? as usize;
        let start = number.checked_sub(1).and_then(|before| self.ends.get(before)).map_or(0, |end| *end as usize);
        self.bytes.get(start..end)
    }

    /// Whether some had no room.
    pub(super) fn is_full(&self) -> bool {
        self.is_full
    }
}

/// Adds a text, with the characters that XML has no form for (`_x000D_`; ECMA-376 part 1, 22.9.2.19) as they are.
pub(super) fn push_unescaped(bytes: &mut Vec<u8>, text: &str) {
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once("_x") {
        bytes.extend_from_slice(before.as_bytes());
        let code = behind.get(..4).filter(|_| behind.get(4..5) == Some("_"));
        match code.and_then(|code| u32::from_str_radix(code, 16).ok()).and_then(char::from_u32) {
            Some(character) => {
                bytes.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
                rest = behind.get(5..).unwrap_or_default();
            }
            None => {
                bytes.extend_from_slice(b"_x");
                rest = behind;
            }
        }
    }
    bytes.extend_from_slice(rest.as_bytes());
}

/// Reads the part of an xlsx that holds them.
pub(super) struct TextsPart<'t> {
    texts: &'t mut Texts,
    text: String,
    is_in_text: bool,
    /// In how the text is spoken, which Japanese files write beside it.
    is_phonetic: bool,
}

impl<'t> TextsPart<'t> {
    /// Fills `texts`.
    pub(super) fn new(texts: &'t mut Texts) -> Self {
        Self { texts, text: String::new(), is_in_text: false, is_phonetic: false }
    }
}

impl Visitor for TextsPart<'_> {
    fn open(&mut self, tag: &BytesStart<'_>, _sink: &mut dyn Sink) {
        match tag.local_name().as_ref() {
            "t" => self.is_in_text = !self.is_phonetic,
            "rPh" => self.is_phonetic = true,
            "si" => self.text.clear(),
            _ => {}
        }
    }

    fn text(&mut self, text: &str, _sink: &mut dyn Sink) {
        if self.is_in_text {
            self.text.push_str(text);
        }
    }

    fn close(&mut self, local_name: &str, sink: &mut dyn Sink) {
        match local_name {
            "t" => self.is_in_text = false,
            "rPh" => self.is_phonetic = false,
            "si" => self.texts.push(&self.text, sink),
            _ => {}
        }
    }

    fn finish(&mut self, _sink: &mut dyn Sink) {}
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extract::recorder::Recorder;

    #[test]
    fn texts_are_found_by_number_and_escapes_undone() {
        let (mut texts, mut recorder) = (Texts::new(&Limits::default()), Recorder::default());
        for text in ["a", "", "轴承_x000D_\n_x005F_x000D_ _x_ _xZZZZ_", "b"] {
            texts.push(text, &mut recorder);
        }
        let all: Vec<_> = (0..5).map(|number| texts.get(number).map(String::from_utf8_lossy)).collect();
        let all: Vec<_> = all.iter().map(|text| text.as_deref()).collect();
        assert_eq!(all, [Some("a"), Some(""), Some("轴承\r\n_x000D_ _x_ _xZZZZ_"), Some("b"), None]);
        assert!(recorder.lines.is_empty());
    }

    #[test]
    fn a_text_without_room_is_read_at_once() {
        let limits = Limits { shared_text_bytes: 12, ..Limits::default() };
        let (mut texts, mut recorder) = (Texts::new(&limits), Recorder::default());
        for text in ["valve", "pump", "crane"] {
            texts.push(text, &mut recorder);
        }
        assert_eq!(texts.get(0), Some(b"valve".as_slice()));
        assert_eq!((texts.get(1), texts.get(2), texts.is_full()), (None, None, true));
        assert_eq!(recorder.shown(), "text pump\ntext crane");
    }
}
