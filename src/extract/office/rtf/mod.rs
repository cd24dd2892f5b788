//! Rich text (Rich Text Format Specification 1.9.1): read byte by byte, so a file of any length takes no memory.
//!
//! Text stands in it in the code page of the font, in Unicode with a substitute behind it, or both; groups may hold
//! anything, so that what no rule names as text is left out.

mod charset;
mod destination;
mod page;
mod token;

#[cfg(test)]
mod tests;

use std::{
    collections::{BTreeMap, BTreeSet},
    io::{BufReader, Read},
};

use encoding_rs::{Encoding, WINDOWS_1252};

use super::super::{Reading, Sink};
use crate::{model::Reason, open::Limits};
use destination::Destination;
use page::Page;
use token::{Token, Tokens};

/// Bytes of text in one code page that are decoded together; more are parted where no character can be.
const RUN_BYTES: usize = 64 << 10;

/// Reads a document.
pub(super) fn read(limits: &Limits, reader: &mut dyn Read, sink: &mut dyn Sink) -> Result<Reading, Reason> {
    let mut document = Document::new(limits, BufReader::with_capacity(64 << 10, reader));
    let broken = loop {
        match document.tokens.next() {
            Ok(Token::End) => break None,
            Ok(token) => {
                if let Err(error) = document.take(token, sink) {
                    break Some(Reason::from(&error));
                }
            }
            Err(error) => break Some(Reason::from(&error)),
        }
    };
    let is_cut = !document.groups.is_empty();
    document.finish(sink);
    let partial = broken.or(document.is_too_deep.then_some(Reason::TooDeep)).or(is_cut.then_some(Reason::Corrupt));
    Ok(Reading { partial, ..Reading::default() })
}

/// What holds until a group ends.
#[derive(Clone, Copy)]
struct Group {
    destination: Destination,
    /// Whether the destination is this group's own, so that it ends with it.
    is_own: bool,
    /// Characters behind `\u` that stand in for it.
    substitutes: i32,
    font: i32,
    /// The font of East Asian text, where it is told apart.
    east_asian_font: Option<i32>,
    is_in_table: bool,
    is_heading: bool,
    style: Option<i32>,
}

/// A document while it is read.
struct Document<'l, R> {
    limits: &'l Limits,
    tokens: Tokens<R>,
    page: Page<'l>,
    /// The groups around the current one.
    groups: Vec<Group>,
    now: Group,
    /// Open groups past the limit.
    uncounted: u64,
    is_too_deep: bool,
    /// `\*` was read, and nothing since.
    is_optional: bool,
    encoding: &'static Encoding,
    fonts: BTreeMap<i32, &'static Encoding>,
    headings: BTreeSet<i32>,
    /// Text of the code page that is not decoded yet.
    run: Vec<u8>,
    /// Substitutes that are still to be left out.
    to_skip: i32,
    /// The first half of a character beyond the basic plane.
    surrogate: Option<u16>,
    /// Text of a destination that is no running text.
    held: String,
}

impl<'l, R: std::io::BufRead> Document<'l, R> {
    fn new(limits: &'l Limits, reader: R) -> Self {
        Self {
            limits,
            tokens: Tokens::new(reader),
            page: Page::new(limits),
            groups: Vec::new(),
            now: Group {
                destination: Destination::Body,
                is_own: false,
                substitutes: 1,
                font: -1,
                east_asian_font: None,
                is_in_table: false,
                is_heading: false,
                style: None,
            },
            uncounted: 0,
            is_too_deep: false,
            is_optional: false,
            encoding: WINDOWS_1252,
            fonts: BTreeMap::new(),
            headings: BTreeSet::new(),
            run: Vec::new(),
            to_skip: 0,
            surrogate: None,
            held: String::new(),
        }
    }

    fn take(&mut self, token: Token, sink: &mut dyn Sink) -> std::io::Result<()> {
        let was_optional = std::mem::take(&mut self.is_optional);
        match token {
            Token::Open => self.open_group(sink),
            Token::Close => self.close_group(sink),
            Token::Plain(byte) | Token::Coded(byte) => self.byte(byte, sink),
            Token::Symbol(symbol) => self.symbol(symbol, sink),
            Token::Word(number) => {
                let word = self.tokens.word().to_owned();
                if word == "bin" {
                    self.tokens.skip(usize::try_from(number.unwrap_or(0)).unwrap_or(0))?;
                } else {
                    self.word(&word, number, was_optional, sink);
                }
            }
            Token::End => {}
        }
        Ok(())
    }

    fn finish(&mut self, sink: &mut dyn Sink) {
        while !self.groups.is_empty() {
            self.close_group(sink);
        }
        self.decode(sink);
        self.page.finish(sink);
    }

    fn open_group(&mut self, sink: &mut dyn Sink) {
        self.decode(sink);
        self.to_skip = 0;
        if self.groups.len() >= self.limits.xml_depth {
            self.is_too_deep = true;
            self.uncounted = self.uncounted.saturating_add(1);
            return;
        }
        self.groups.push(self.now);
        self.now.is_own = false;
    }

    fn close_group(&mut self, sink: &mut dyn Sink) {
        self.decode(sink);
        self.to_skip = 0;
        if self.uncounted > 0 {
            self.uncounted -= 1;
            return;
        }
        if self.now.is_own {
            self.end_destination(sink);
        } else if self.now.destination == Destination::Styles {
            self.end_style();
        }
        if let Some(around) = self.groups.pop() {
            // What is in force in a style is not what the style is; a paragraph keeps what its text set.
            self.now = around;
        }
    }

    fn end_destination(&mut self, sink: &mut dyn Sink) {
        match self.now.destination {
            Destination::Inner => self.page.end_inner(sink),
            Destination::Property => self.hand_on_held(sink),
            Destination::Instruction => {
                let instruction = std::mem::take(&mut self.held);
                if let Some(address) = super::page::address_of_field(&instruction) {
                    self.page.aside(address.as_bytes(), sink);
                }
            }
            _ => self.held.clear(),
        }
    }

    /// A style has been defined: its number is in force, and its name is what was held.
    fn end_style(&mut self) {
        let name = std::mem::take(&mut self.held);
        if let Some(style) = self.now.style
            && super::headings::is_heading_name(name.trim())
        {
            self.headings.insert(style);
        }
    }

    fn hand_on_held(&mut self, sink: &mut dyn Sink) {
        let text = std::mem::take(&mut self.held);
        self.page.aside(text.as_bytes(), sink);
    }

    fn symbol(&mut self, symbol: u8, sink: &mut dyn Sink) {
        match symbol {
            b'*' => self.is_optional = true,
            b'\\' | b'{' | b'}' => self.byte(symbol, sink),
            b'~' => self.character(' ', sink),
            b'_' => self.character('-', sink),
            b'\r' | b'\n' => self.end_paragraph(sink),
            _ => {}
        }
    }

    fn byte(&mut self, byte: u8, sink: &mut dyn Sink) {
        if self.to_skip > 0 {
            self.to_skip -= 1;
            return;
        }
        if self.now.destination == Destination::Nowhere {
            return;
        }
        self.surrogate = None;
        self.run.push(byte);
        // No character of more bytes has one below the digits in it.
        let may_end = byte < b'0' || self.run.len() >= self.limits.record_bytes;
        if self.run.len() >= RUN_BYTES && may_end {
            self.decode(sink);
        }
    }

    /// A character that needs no code page; it may stand where a substitute is expected.
    fn character(&mut self, character: char, sink: &mut dyn Sink) {
        if self.to_skip > 0 {
            self.to_skip -= 1;
            return;
        }
        self.decode(sink);
        self.text(character.encode_utf8(&mut [0; 4]), sink);
    }

    fn unicode(&mut self, number: i32, sink: &mut dyn Sink) {
        self.decode(sink);
        self.to_skip = self.now.substitutes;
        // Written as a signed number of 16 bits.
        let unit = number as u16;
        let whole = match self.surrogate.take() {
            Some(first) => char::decode_utf16([first, unit]).next(),
            None => char::decode_utf16([unit]).next(),
        };
        match whole {
            Some(Ok(character)) => self.text(character.encode_utf8(&mut [0; 4]), sink),
            Some(Err(_)) => self.surrogate = Some(unit),
            None => {}
        }
    }

    fn decode(&mut self, sink: &mut dyn Sink) {
        if self.run.is_empty() {
            return;
        }
        let run = std::mem::take(&mut self.run);
        let text = self.encoding_now(&run).decode_without_bom_handling(&run).0;
        self.text(&text, sink);
        self.run = run;
        self.run.clear();
    }

    /// The encoding of the font. Western fonts are named for text in the code page of the document too.
    fn encoding_now(&self, run: &[u8]) -> &'static Encoding {
        let font = self.now.east_asian_font.unwrap_or(self.now.font);
        match self.fonts.get(&font) {
            Some(encoding) => encoding,
            None if self.encoding.is_single_byte() || !self.encoding.decode_without_bom_handling(run).1 => {
                self.encoding
            }
            None => WINDOWS_1252,
        }
    }

    fn text(&mut self, text: &str, sink: &mut dyn Sink) {
        match self.now.destination {
            Destination::Body | Destination::Inner => self.page.push(text, sink),
            Destination::Nowhere => {}
            Destination::Property | Destination::Instruction | Destination::Styles | Destination::Fonts => {
                if self.held.len() < self.limits.lookahead_bytes {
                    self.held.push_str(text);
                } else if self.now.destination == Destination::Property {
                    self.hand_on_held(sink);
                }
            }
        }
    }

    fn end_paragraph(&mut self, sink: &mut dyn Sink) {
        self.decode(sink);
        if matches!(self.now.destination, Destination::Body | Destination::Inner) {
            let is_styled = self.now.style.is_some_and(|style| self.headings.contains(&style));
            self.page.end_paragraph(self.now.is_heading || is_styled, self.now.is_in_table, sink);
        }
    }

    fn open_destination(&mut self, destination: Destination, sink: &mut dyn Sink) {
        // Nothing in a group without text has any.
        if self.now.destination == Destination::Nowhere || self.groups.is_empty() {
            return;
        }
        self.now.destination = destination;
        self.now.is_own = true;
        match destination {
            Destination::Inner => {
                self.now.is_in_table = false;
                self.page.begin_inner(sink);
            }
            Destination::Body => {}
            _ => self.held.clear(),
        }
    }

    fn word(&mut self, word: &str, number: Option<i32>, is_optional: bool, sink: &mut dyn Sink) {
        if let Some(destination) = destination::of_word(word, is_optional) {
            return self.open_destination(destination, sink);
        }
        match word {
            "u" => return self.unicode(number.unwrap_or(0), sink),
            "uc" => self.now.substitutes = number.unwrap_or(1).clamp(0, 16),
            _ => {}
        }
        if self.to_skip > 0 {
            self.to_skip -= 1;
            return;
        }
        self.decode(sink);
        if let Some(character) = character_of(word) {
            return self.character(character, sink);
        }
        match (word, number.unwrap_or(0)) {
            ("par" | "sect" | "page" | "column", _) => self.end_paragraph(sink),
            ("cell", _) if self.is_running() => self.page.end_cell(sink),
            ("row", _) if self.is_running() => self.page.end_row(sink),
            ("nestcell", _) if self.is_running() => self.page.end_paragraph(false, true, sink),
            _ => self.property(word, number),
        }
    }

    fn is_running(&self) -> bool {
        self.now.destination == Destination::Body
    }

    /// A word that changes how what follows is read.
    fn property(&mut self, word: &str, number: Option<i32>) {
        let value = number.unwrap_or(0);
        match word {
            "ansicpg" => self.encoding = charset::of_code_page(value),
            "mac" => self.encoding = charset::of_code_page(10000),
            "f" => (self.now.font, self.now.east_asian_font) = (value, None),
            "af" if self.now.east_asian_font == Some(-1) => self.now.east_asian_font = Some(value),
            "dbch" => self.now.east_asian_font = Some(-1),
            "loch" | "hich" | "plain" => self.now.east_asian_font = None,
            "fcharset" if self.now.destination == Destination::Fonts => {
                if let Some(encoding) = charset::of_font(value) {
                    self.fonts.insert(self.now.font, encoding);
                }
            }
            "cpg" if self.now.destination == Destination::Fonts => {
                self.fonts.insert(self.now.font, charset::of_code_page(value));
            }
            "s" => self.now.style = number,
            "outlinelevel" => self.now.is_heading = (0..9).contains(&value),
            "intbl" => self.now.is_in_table = true,
            "pard" => {
                self.now.is_in_table = false;
                self.now.is_heading = false;
                self.now.style = None;
            }
            _ => {}
        }
    }
}

/// Words that stand for a character.
fn character_of(word: &str) -> Option<char> {
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
