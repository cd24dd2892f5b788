//! Bytes of rich text → tokens (Rich Text Format Specification 1.9.1, "RTF syntax").

use std::io::{self, BufRead};

/// Letters of a control word; longer ones are cut, since none is known.
const MOST_LETTERS: usize = 32;

/// One piece of rich text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Token {
    /// `{`
    Open,
    /// `}`
    Close,
    /// A control word, whose letters are [`Tokens::word`], with its number.
    Word(Option<i32>),
    /// A control symbol: a backslash and this byte.
    Symbol(u8),
    /// A byte of text that was written as `\'hh`.
    Coded(u8),
    /// A byte of text.
    Plain(u8),
    /// The file ends.
    End,
}

/// The tokens of a stream.
pub(super) struct Tokens<R> {
    reader: R,
    word: String,
}

impl<R: BufRead> Tokens<R> {
    /// Begins at the first byte.
    pub(super) fn new(reader: R) -> Self {
        Self { reader, word: String::new() }
    }

    /// The letters of the last control word.
    pub(super) fn word(&self) -> &str {
        &self.word
    }

    /// The next token. Line ends mean nothing and are left out.
    pub(super) fn next(&mut self) -> io::Result<Token> {
        loop {
            return Ok(match self.take()? {
                None => Token::End,
                Some(b'{') => Token::Open,
                Some(b'}') => Token::Close,
                Some(b'\r' | b'\n' | 0) => continue,
                Some(b'\\') => self.control()?,
                Some(byte) => Token::Plain(byte),
            });
        }
    }

    /// Passes over bytes that are no text. Gives whether they were there.
    pub(super) fn skip(&mut self, bytes: usize) -> io::Result<bool> {
        let mut left = bytes;
        while left > 0 {
            let here = self.reader.fill_buf()?.len().min(left);
            if here == 0 {
                return Ok(false);
            }
            self.reader.consume(here);
            left -= here;
        }
        Ok(true)
    }

    fn control(&mut self) -> io::Result<Token> {
        let first = match self.take()? {
            None => return Ok(Token::End),
            Some(b'\'') => return self.coded(),
            Some(byte) if byte.is_ascii_alphabetic() => byte,
            Some(byte) => return Ok(Token::Symbol(byte)),
        };
        self.word.clear();
        self.word.push(char::from(first));
        while let Some(byte) = self.peek()?.filter(u8::is_ascii_alphabetic) {
            self.reader.consume(1);
            if self.word.len() < MOST_LETTERS {
                self.word.push(char::from(byte));
            }
        }
        let number = self.number()?;
        if self.peek()? == Some(b' ') {
            self.reader.consume(1);
        }
        Ok(Token::Word(number))
    }

    fn number(&mut self) -> io::Result<Option<i32>> {
        let is_negative = self.peek()? == Some(b'-');
        if is_negative {
            self.reader.consume(1);
        }
        let mut number = None;
        while let Some(digit) = self.peek()?.filter(u8::is_ascii_digit) {
            self.reader.consume(1);
            let digit = i32::from(digit - b'0');
            number = Some(number.unwrap_or(0i32).saturating_mul(10).saturating_add(digit));
        }
        Ok(number.map(|number| if is_negative { -number } else { number }))
    }

    fn coded(&mut self) -> io::Result<Token> {
        let mut value = 0;
        for _ in 0..2 {
            let Some(digit) = self.peek()?.and_then(|byte| char::from(byte).to_digit(16)) else {
                return Ok(Token::Symbol(b'\''));
            };
            self.reader.consume(1);
            value = value << 4 | digit as u8;
        }
        Ok(Token::Coded(value))
    }

    fn take(&mut self) -> io::Result<Option<u8>> {
        let byte = self.peek()?;
        if byte.is_some() {
            self.reader.consume(1);
        }
        Ok(byte)
    }

    fn peek(&mut self) -> io::Result<Option<u8>> {
        Ok(self.reader.fill_buf()?.first().copied())
    }
}
