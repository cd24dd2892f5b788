//! A document of rich text while it is read: its groups, and what holds in each.

use std::{collections::BTreeSet, io::BufRead};

use super::{
    super::super::Sink,
    charset,
    destination::{self, Destination, Group},
    letters::{Letters, MOST_NUMBER, character_of},
    page::Page,
    token::{Token, Tokens},
};
use crate::{model::Reason, open::Limits};

/// A document while it is read.
pub(super) struct Document<'l, R> {
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
    letters: Letters,
    headings: BTreeSet<i32>,
    /// Substitutes that are still to be left out.
    to_skip: i32,
    /// Text of a destination that is no running text.
    held: String,
}

impl<'l, R: BufRead> Document<'l, R> {
    /// Nothing read yet.
    pub(super) fn new(limits: &'l Limits, reader: R) -> Self {
        Self {
            limits,
            tokens: Tokens::new(reader),
            page: Page::new(limits),
            groups: Vec::new(),
            now: Group::outermost(),
            uncounted: 0,
            is_too_deep: false,
            is_optional: false,
            letters: Letters::new(),
            headings: BTreeSet::new(),
            to_skip: 0,
            held: String::new(),
        }
    }

    /// Reads to the end. Gives why that is not all, if it is not.
    pub(super) fn read(mut self, sink: &mut dyn Sink) -> Option<Reason> {
        let broken = loop {
            let outcome = match self.tokens.next() {
                Ok(Token::End) => break None,
                Ok(token) => self.take_token(token, sink),
                Err(error) => Err(error),
            };
            if let Err(error) = outcome {
                break Some(Reason::from(&error));
            }
        };
        let is_cut = !self.groups.is_empty();
        self.finish(sink);
        broken.or(self.is_too_deep.then_some(Reason::TooDeep)).or(is_cut.then_some(Reason::Corrupt))
    }

    fn take_token(&mut self, token: Token, sink: &mut dyn Sink) -> std::io::Result<()> {
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
                if let Some(address) = super::super::page::address_of_field(&instruction) {
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
            && super::super::headings::is_heading_name(name.trim())
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
        if self.letters.push(byte, self.limits.record_bytes) {
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
        if let Some(character) = self.letters.unicode(number as u16) {
            self.text(character.encode_utf8(&mut [0; 4]), sink);
        }
    }

    fn decode(&mut self, sink: &mut dyn Sink) {
        let font = self.now.east_asian_font.unwrap_or(self.now.font);
        if let Some(text) = self.letters.take(font) {
            self.text(&text, sink);
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
        if destination == Destination::Inner {
            self.now.is_in_table = false;
            self.page.begin_inner(sink);
        } else {
            self.held.clear();
        }
    }

    fn word(&mut self, word: &str, number: Option<i32>, is_optional: bool, sink: &mut dyn Sink) {
        if let Some(destination) = destination::of_word(word, is_optional) {
            return self.open_destination(destination, sink);
        }
        if word == "u" {
            return self.unicode(number.unwrap_or(0), sink);
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
            "ansicpg" => self.letters.set_code_page(value),
            "mac" => self.letters.set_code_page(charset::MACINTOSH_PAGE),
            "deff" => self.now.font = value,
            "f" => (self.now.font, self.now.east_asian_font) = (value, None),
            "af" if self.now.east_asian_font == Some(-1) => self.now.east_asian_font = Some(value),
            "dbch" => self.now.east_asian_font = Some(-1),
            "loch" | "hich" | "plain" => self.now.east_asian_font = None,
            "fcharset" if self.now.destination == Destination::Fonts => {
                self.letters.set_font(self.now.font, charset::of_font(value));
            }
            "cpg" if self.now.destination == Destination::Fonts => {
                self.letters.set_font(self.now.font, Some(charset::of_code_page(value)));
            }
            "s" => self.now.style = number.filter(|style| (0..=MOST_NUMBER).contains(style)),
            "outlinelevel" => self.now.is_heading = (0..9).contains(&value),
            "intbl" => self.now.is_in_table = true,
            "pard" => (self.now.is_in_table, self.now.is_heading, self.now.style) = (false, false, None),
            "uc" => self.now.substitutes = number.unwrap_or(1).clamp(0, 16),
            _ => {}
        }
    }
}
