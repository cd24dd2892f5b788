//! Bytes → words and signs: where comments, strings and names in quotes end.

use std::io::BufRead;

use super::dialect::Dialect;
use super::input::Input;
use super::quoted::{Quoted, dollar_tag, is_prefix, read_quoted};
use super::token::Token;

/// Bytes of one word or text of a statement that are kept: names and comments are shorter.
const TOKEN_BYTES: usize = 4 << 10;
/// Bytes that are echoed before they are handed on.
const ECHO_BYTES: usize = 32 << 10;

/// What comes next in a statement.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Lexed {
    /// A word or a sign.
    Token(Token),
    /// The statement ends.
    Terminator,
    /// The text ends.
    End,
}

/// Takes what belongs to no row, piece by piece.
pub(super) trait TextSink {
    /// Running text.
    fn text(&mut self, text: &[u8]);
}

/// Reads words from the text of a dump.
#[expect(clippy::struct_excessive_bools, reason = "each says what the next bytes may be, and they combine freely")]
pub(super) struct Lexer<R> {
    pub(super) input: Input<R>,
    pub(super) dialect: Dialect,
    /// What ends a statement; the client of MySQL lets it be changed.
    pub(super) delimiter: Vec<u8>,
    /// Whether nothing but blanks stands before in the line.
    pub(super) is_line_start: bool,
    /// Whether a comment of MySQL that is executed is open.
    is_versioned: bool,
    /// Whether a string or comment had no end.
    pub(super) is_unfinished: bool,
    /// Whether words of a statement were left out, since there were too many.
    pub(super) is_cut: bool,
}

impl<R: BufRead> Lexer<R> {
    /// At the beginning of a dump.
    pub(super) fn new(reader: R, dialect: Dialect) -> Self {
        Self {
            input: Input::new(reader),
            dialect,
            delimiter: b";".to_vec(),
            is_line_start: true,
            is_versioned: false,
            is_unfinished: false,
            is_cut: false,
        }
    }

    /// Goes past blanks and comments.
    pub(super) fn blanks(&mut self, text: &mut dyn TextSink) {
        loop {
            let rest = self.input.rest();
            let blanks = rest.iter().position(|byte| !byte.is_ascii_whitespace() && *byte != 0).unwrap_or(rest.len());
            if blanks > 0 {
                self.is_line_start |= rest.iter().take(blanks).any(|byte| *byte == b'\n');
                self.input.take(blanks);
                self.hand_on(text);
                continue;
            }
            match rest {
                [b'\xef', b'\xbb', b'\xbf', ..] => self.input.take(3),
                [b'/', b'*', b'!', ..] => self.versioned(3),
                [b'/', b'*', b'M', b'!', ..] => self.versioned(4),
                [b'*', b'/', ..] if self.is_versioned => {
                    self.is_versioned = false;
                    self.input.take(2);
                }
                [b'/', b'*', ..] => self.comment(text),
                [b'-', b'-', after, ..] if !self.dialect.has_hash_comments || after.is_ascii_whitespace() => {
                    self.line(text);
                }
                [b'-', b'-'] => self.line(text),
                [b'#', ..] if self.dialect.has_hash_comments => self.line(text),
                _ => return,
            }
        }
    }

    /// Opens a comment that MySQL executes; digits behind its sign are a version.
    fn versioned(&mut self, sign: usize) {
        self.input.take(sign);
        let rest = self.input.rest();
        let digits = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
        self.input.take(digits);
        self.is_versioned = true;
    }

    /// Goes past the line.
    pub(super) fn line(&mut self, text: &mut dyn TextSink) {
        loop {
            let rest = self.input.rest();
            let end = memchr::memchr(b'\n', rest);
            let length = end.unwrap_or(rest.len());
            self.input.take(length);
            self.hand_on(text);
            if end.is_some() || length == 0 {
                return;
            }
        }
    }

    /// Goes past a comment between signs. Where they nest they are counted, and nothing else is kept of them.
    fn comment(&mut self, text: &mut dyn TextSink) {
        self.input.take(2);
        let mut depth = 1u64;
        while depth > 0 {
            let rest = self.input.rest();
            if rest.is_empty() {
                self.is_unfinished = true;
                return;
            }
            let next = memchr::memchr2(b'*', b'/', rest).unwrap_or(rest.len());
            let (opens, closes) = match rest.get(next..) {
                Some([b'/', b'*', ..]) => (self.dialect.nests_comments, false),
                Some([b'*', b'/', ..]) => (false, true),
                _ => (false, false),
            };
            depth = depth + u64::from(opens) - u64::from(closes);
            self.input.take(next + if opens || closes { 2 } else { 1 });
            self.hand_on(text);
        }
    }

    /// Hands on what was echoed, once it is enough.
    fn hand_on(&mut self, text: &mut dyn TextSink) {
        if self.input.echo.len() >= ECHO_BYTES {
            self.flush(text);
        }
    }

    /// Hands on what was echoed; blanks alone are nothing.
    pub(super) fn flush(&mut self, text: &mut dyn TextSink) {
        if !self.input.echo.trim_ascii().is_empty() {
            text.text(&self.input.echo);
        }
        self.input.echo.clear();
    }

    /// Reads the next word or sign of a statement.
    pub(super) fn token(&mut self, text: &mut dyn TextSink) -> Lexed {
        self.blanks(text);
        self.hand_on(text);
        if self.accept_delimiter() {
            return Lexed::Terminator;
        }
        let is_line_start = std::mem::take(&mut self.is_line_start);
        let dialect = self.dialect;
        let rest = self.input.rest();
        match rest {
            [] => Lexed::End,
            [b'/', ..] if is_line_start && is_alone(rest, 1) => {
                self.input.take(1);
                Lexed::Terminator
            }
            [b'\'', ..] => Lexed::Token(Token::Text(self.text(b'\'', dialect.has_backslashes, text))),
            [b'"', ..] => Lexed::Token(Token::Quoted(self.text(b'"', dialect.has_backslashes, text))),
            [b'`', ..] => Lexed::Token(Token::Quoted(self.text(b'`', false, text))),
            [b'[', ..] if dialect.has_brackets => Lexed::Token(Token::Quoted(self.text(b']', false, text))),
            [b'$', ..] if dialect.has_dollar_quotes && dollar_tag(rest).is_some() => {
                Lexed::Token(Token::Text(self.dollar_text(text)))
            }
            [first, ..] if is_of_word(*first) => self.word(is_line_start, text),
            [first, ..] => {
                let sign = *first;
                self.input.take(1);
                Lexed::Token(Token::Sign(sign))
            }
        }
    }

    /// Takes the delimiter, if it comes next.
    pub(super) fn accept_delimiter(&mut self) -> bool {
        let is_next = self.input.starts_with(&self.delimiter);
        if is_next {
            self.input.take(self.delimiter.len());
        }
        is_next
    }

    fn word(&mut self, is_line_start: bool, text: &mut dyn TextSink) -> Lexed {
        let rest = self.input.rest();
        if is_line_start && rest.get(..2).is_some_and(|word| word.eq_ignore_ascii_case(b"go")) && is_alone(rest, 2) {
            self.input.take(2);
            return Lexed::Terminator;
        }
        let mut word = Vec::new();
        loop {
            let rest = self.input.rest();
            let length = rest.iter().take_while(|byte| is_of_word(**byte)).count();
            let is_whole = length < rest.len() || length == 0;
            let room = TOKEN_BYTES.saturating_sub(word.len());
            word.extend_from_slice(rest.get(..length.min(room)).unwrap_or_default());
            self.input.take(length);
            self.hand_on(text);
            if is_whole {
                break;
            }
        }
        if self.input.peek(0) == Some(b'\'') && is_prefix(&word) {
            let escapes = self.dialect.has_backslashes || word.eq_ignore_ascii_case(b"e");
            return Lexed::Token(Token::Text(self.text(b'\'', escapes, text)));
        }
        Lexed::Token(Token::Word(String::from_utf8_lossy(&word).into_owned()))
    }

    /// Reads what stands in quotes; of a long text the beginning is kept, all of it is echoed.
    fn text(&mut self, close: u8, has_backslashes: bool, text: &mut dyn TextSink) -> String {
        self.input.take(1);
        let mut kept = Vec::new();
        let keep = &mut |piece: &[u8]| {
            let room = TOKEN_BYTES.saturating_sub(kept.len());
            kept.extend_from_slice(piece.get(..piece.len().min(room)).unwrap_or_default());
        };
        loop {
            match read_quoted(&mut self.input, close, has_backslashes, ECHO_BYTES, keep) {
                Quoted::Closed => break,
                Quoted::Open => self.flush(text),
                Quoted::Unfinished => {
                    self.is_unfinished = true;
                    break;
                }
            }
        }
        String::from_utf8_lossy(&kept).into_owned()
    }

    /// Reads what stands between two equal tags in dollars.
    fn dollar_text(&mut self, text: &mut dyn TextSink) -> String {
        let tag = dollar_tag(self.input.rest()).unwrap_or_default().to_vec();
        self.input.take(tag.len());
        let mut kept = Vec::new();
        loop {
            if self.input.starts_with(&tag) {
                self.input.take(tag.len());
                break;
            }
            let rest = self.input.rest();
            if rest.is_empty() {
                self.is_unfinished = true;
                break;
            }
            let next = memchr::memchr(b'$', rest.get(1..).unwrap_or_default()).map_or(rest.len(), |at| at + 1);
            let room = TOKEN_BYTES.saturating_sub(kept.len());
            kept.extend_from_slice(rest.get(..next.min(room)).unwrap_or_default());
            self.input.take(next);
            self.hand_on(text);
        }
        String::from_utf8_lossy(&kept).into_owned()
    }
}

/// Bytes of bare words and numbers. A sign before a number is a sign.
pub(super) fn is_of_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'$' | b'@' | b'#' | 0x80..)
}

/// Whether the first bytes stand alone in their line.
fn is_alone(rest: &[u8], length: usize) -> bool {
    let behind = rest.get(length..).unwrap_or_default();
    behind.iter().find(|byte| !matches!(byte, b' ' | b'\t' | b'\r')).is_none_or(|byte| *byte == b'\n')
}
