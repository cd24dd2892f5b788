//! Product model exchange (ISO 10303-21): the texts of its header and of its entities, and the names of products.

use std::io::{BufRead, Read};

use super::{name, say};
use crate::{
    extract::{Reading, Sink, transcode::Transcoder},
    model::Reason,
};

/// A longer text is handed on in pieces.
const LONGEST_TEXT_BYTES: usize = 64 << 10;
/// Entities whose first texts are the number and the name of a part.
const PRODUCTS: [&[u8]; 3] = [b"PRODUCT", b"PRODUCT_DEFINITION_FORMATION", b"NEXT_ASSEMBLY_USAGE_OCCURRENCE"];
/// A longer keyword is none.
const LONGEST_KEYWORD: usize = 128;

/// Reads a model.
pub(super) fn read(reader: &mut dyn Read, sink: &mut dyn Sink) -> Reading {
    let mut text = Transcoder::new(reader, None);
    let mut model = Model::default();
    let partial = loop {
        match text.fill_buf() {
            Ok([]) => break None,
            Ok(piece) => {
                for byte in piece {
                    model.byte(*byte, sink);
                }
                let length = piece.len();
                text.consume(length);
            }
            Err(error) => break Some(Reason::from(&error)),
        }
    };
    model.end_text(sink);
    let is_cut = !model.is_ended;
    let partial = partial.or(is_cut.then_some(Reason::Corrupt));
    Reading { encoding: Some(text.encoding()), partial, ..Reading::default() }
}

#[derive(Clone, Copy, Default, PartialEq)]
enum State {
    #[default]
    Between,
    Text,
    /// An apostrophe in a text: its end, or the first of two that stand for one.
    Apostrophe,
    Slash,
    Remark,
    Star,
}

/// A model while its bytes come.
#[derive(Default)]
struct Model {
    state: State,
    /// The last word.
    word: Vec<u8>,
    /// The keyword of the entity whose parameters are read.
    keyword: Vec<u8>,
    text: Vec<u8>,
    is_ended: bool,
}

impl Model {
    fn byte(&mut self, byte: u8, sink: &mut dyn Sink) {
        self.state = match (self.state, byte) {
            (State::Text, b'\'') => State::Apostrophe,
            (State::Apostrophe, b'\'') => {
                self.text.push(byte);
                State::Text
            }
            (State::Apostrophe, _) => {
                self.end_text(sink);
                self.between(byte)
            }
            (State::Text | State::Remark, b'\r' | b'\n') if self.state == State::Text => State::Text,
            (State::Text, _) => {
                self.push(byte, sink);
                State::Text
            }
            (State::Slash, b'*') => State::Remark,
            (State::Remark | State::Star, b'*') => State::Star,
            (State::Star, b'/') => {
                self.end_text(sink);
                State::Between
            }
            (State::Remark | State::Star, _) => {
                self.push(byte, sink);
                State::Remark
            }
            (State::Between | State::Slash, _) => self.between(byte),
        };
    }

    fn push(&mut self, byte: u8, sink: &mut dyn Sink) {
        self.text.push(byte);
        if self.text.len() >= LONGEST_TEXT_BYTES && !byte.is_ascii_alphanumeric() && byte.is_ascii() {
            self.end_text(sink);
        }
    }

    fn between(&mut self, byte: u8) -> State {
        match byte {
            b'A'..=b'Z' | b'0'..=b'9' | b'_' | b'-' if self.word.len() < LONGEST_KEYWORD => self.word.push(byte),
            b'(' if !self.word.is_empty() => self.keyword = std::mem::take(&mut self.word),
            b';' => {
                self.is_ended |= self.word == b"END-ISO-10303-21";
                self.word.clear();
            }
            b'\'' => return State::Text,
            b'/' => return State::Slash,
            _ => self.word.clear(),
        }
        State::Between
    }

    fn end_text(&mut self, sink: &mut dyn Sink) {
        let text = decode(&String::from_utf8_lossy(&std::mem::take(&mut self.text)));
        if PRODUCTS.contains(&self.keyword.as_slice()) {
            name(&text, sink);
        } else if text != "NONE" {
            say(&text, sink);
        }
    }
}

/// A text without the control directives of ISO 10303-21, 6.4.3: `\X2\4E2D\X0\`, `\X4\…\X0\`, `\X\E4`, `\S\d`.
fn decode(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        shown.push_str(&rest[..at]);
        rest = &rest[at..];
        rest = directive(rest, &mut shown).unwrap_or_else(|| {
            shown.push('\\');
            &rest[1..]
        });
    }
    shown.push_str(rest);
    shown
}

/// Reads the directive at the beginning of `rest`; what comes behind it.
fn directive<'t>(rest: &'t str, shown: &mut String) -> Option<&'t str> {
    if let Some(behind) = rest.strip_prefix("\\\\") {
        shown.push('\\');
        return Some(behind);
    }
    if let Some(behind) = rest.strip_prefix("\\X\\") {
        shown.push(char::from(u8::from_str_radix(behind.get(..2)?, 16).ok()?));
        return behind.get(2..);
    }
    if let Some(behind) = rest.strip_prefix("\\S\\") {
        let character = behind.chars().next().filter(char::is_ascii)?;
        shown.push(char::from(character as u8 | 0x80));
        return behind.get(1..);
    }
    let (width, behind) = rest.strip_prefix("\\X2\\").map(|behind| (4, behind)).or_else(|| {
        let behind = rest.strip_prefix("\\X4\\")?;
        Some((8, behind))
    })?;
    let (digits, behind) = behind.split_once("\\X0\\")?;
    let units = digits.as_bytes().chunks(width).map(|unit| {
        let unit = std::str::from_utf8(unit).ok()?;
        u32::from_str_radix(unit, 16).ok()
    });
    let units: Vec<u32> = units.collect::<Option<_>>()?;
    if width == 4 {
        let units: Vec<u16> = units.into_iter().map(|unit| unit as u16).collect();
        shown.push_str(&String::from_utf16_lossy(&units));
    } else {
        shown.extend(units.into_iter().map(|unit| char::from_u32(unit).unwrap_or('\u{fffd}')));
    }
    Some(behind)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::decode;
    use crate::{extract::recorder::read, model::Reason};

    #[test]
    fn directives_are_the_characters_that_they_stand_for() {
        assert_eq!(decode(r"\X2\8F74627F\X0\ 6205 \X\E4\S\d \\ \x"), "轴承 6205 ää \\ \\x");
        assert_eq!(decode(r"\X4\0001F527\X0\"), "🔧");
        assert_eq!(decode(r"\X2\12"), r"\X2\12");
    }

    #[test]
    fn a_model_without_its_end_is_read_as_far_as_it_goes() {
        let (recorder, outcome) = read("x.stp", b"ISO-10303-21;\nDATA;\n#1=PRODUCT('A-1','it''s /* a */ cov\ner','',");
        assert_eq!(recorder.shown(), "part A-1\npart it's /* a */ cover");
        assert_eq!(outcome.unwrap().partial, Some(Reason::Corrupt));
    }

    proptest! {
        #[test]
        fn every_text_comes_back(text in "[ -~一-龥]{0,30}") {
            let escaped: String = text
                .chars()
                .map(|it| match it {
                    '\\' => "\\\\".to_owned(),
                    it if it.is_ascii() => it.to_string(),
                    it => format!("\\X2\\{:04X}\\X0\\", u32::from(it)),
                })
                .collect();
            prop_assert_eq!(decode(&escaped), text);
        }
    }
}
