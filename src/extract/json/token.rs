//! JSON as a stream of tokens: no value is held but the one at hand.
//!
//! Forgiving where that costs nothing (commas may be missing or too many; remarks, bare keys and single quotes as JSON5 has
//! them), since what is read is settings and logs of all kinds; strict about what would be read wrongly.

use std::io::{self, Empty, Read};

use crate::{model::Reason, open::Limits};

const CHUNK_BYTES: usize = 64 << 10;

/// A piece of JSON. The text of keys and values is in [`Tokens::text`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Token {
    Open {
        is_array: bool,
    },
    Close,
    Key,
    /// A string without its quotes, a number, `true`, `false`; `null` as nothing.
    Value,
    /// What stands behind `//` or between `/*` and `*/`.
    Remark,
    End,
}

/// Why the stream of tokens stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stop {
    /// A value is longer than is held: not a fault of the file.
    TooLong,
    /// It is not JSON from here on, nests too deeply, or could not be read.
    Because(Reason),
}

/// Reads tokens.
pub(super) struct Tokens<R> {
    reader: R,
    chunk: Vec<u8>,
    at: usize,
    filled: usize,
    text: Vec<u8>,
    /// Whether each open container is an array.
    open: Vec<bool>,
    is_key_next: bool,
    most_depth: usize,
    most_bytes: usize,
}

impl Tokens<Empty> {
    /// Reads what is at hand and nothing else.
    pub(super) fn within(text: Vec<u8>, limits: &Limits) -> Self {
        Self::starting_with(text, io::empty(), limits)
    }

    /// What was at hand.
    pub(super) fn into_text(self) -> Vec<u8> {
        self.chunk
    }
}

impl<R: Read> Tokens<R> {
    pub(super) fn new(reader: R, limits: &Limits) -> Self {
        let mut tokens = Self::starting_with(Vec::new(), reader, limits);
        tokens.chunk = vec![0; CHUNK_BYTES];
        tokens
    }

    fn starting_with(chunk: Vec<u8>, reader: R, limits: &Limits) -> Self {
        Self {
            reader,
            at: 0,
            filled: chunk.len(),
            chunk,
            text: Vec::new(),
            open: Vec::new(),
            is_key_next: false,
            most_depth: limits.json_depth,
            most_bytes: limits.record_bytes,
        }
    }

    /// The text of the last key or value, or what there is of an unfinished one.
    pub(super) fn text(&self) -> &[u8] {
        &self.text
    }

    /// Bytes read from the source and not yet looked at.
    pub(super) fn unread(&self) -> &[u8] {
        self.chunk.get(self.at..self.filled).unwrap_or_default()
    }

    /// The source, behind [`Tokens::unread`].
    pub(super) fn rest(&mut self) -> &mut R {
        &mut self.reader
    }

    pub(super) fn next(&mut self) -> Result<Token, Stop> {
        self.text.clear();
        loop {
            let Some(byte) = self.peek()? else {
                let is_whole = self.open.is_empty();
                return if is_whole { Ok(Token::End) } else { Err(Stop::Because(Reason::Corrupt)) };
            };
            match byte {
                b' ' | b'\t' | b'\r' | b'\n' => self.at += 1,
                b',' => {
                    self.is_key_next = self.open.last() == Some(&false);
                    self.at += 1;
                }
                b':' if !self.open.is_empty() => {
                    self.is_key_next = false;
                    self.at += 1;
                }
                b'{' | b'[' => return self.begin(byte == b'['),
                b'}' | b']' => {
                    if self.open.pop() != Some(byte == b']') {
                        return Err(Stop::Because(Reason::Corrupt));
                    }
                    self.is_key_next = false;
                    self.at += 1;
                    return Ok(Token::Close);
                }
                b'/' => return self.remark(),
                b'"' | b'\'' => {
                    self.at += 1;
                    self.string(byte)?;
                    let is_key = std::mem::take(&mut self.is_key_next);
                    return Ok(if is_key { Token::Key } else { Token::Value });
                }
                b'a'..=b'z' | b'A'..=b'Z' | b'_' | b'$' | 0x80.. if self.is_key_next => return self.bare_key(),
                b'-' | b'+' | b'.' | b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z' => {
                    self.word()?;
                    return Ok(Token::Value);
                }
                _ => return Err(Stop::Because(Reason::Corrupt)),
            }
        }
    }

    fn begin(&mut self, is_array: bool) -> Result<Token, Stop> {
        if self.open.len() >= self.most_depth {
            return Err(Stop::Because(Reason::TooDeep));
        }
        self.at += 1;
        self.open.push(is_array);
        self.is_key_next = !is_array;
        Ok(Token::Open { is_array })
    }

    /// A number or a literal word; any other word is not JSON.
    fn word(&mut self) -> Result<(), Stop> {
        const MOST_BYTES: usize = 1024;
        while let Some(byte) = self.peek()? {
            if !(byte.is_ascii_alphanumeric() || b"+-.".contains(&byte)) {
                break;
            }
            self.at += 1;
            self.text.push(byte);
            if self.text.len() > MOST_BYTES {
                return Err(Stop::Because(Reason::Corrupt));
            }
        }
        let is_number = self.text.first().is_some_and(|byte| !byte.is_ascii_alphabetic());
        match self.text.as_slice() {
            b"null" => self.text.clear(),
            b"true" | b"false" | b"NaN" | b"Infinity" => {}
            _ if is_number => {}
            _ => return Err(Stop::Because(Reason::Corrupt)),
        }
        Ok(())
    }

    /// A key without quotes.
    fn bare_key(&mut self) -> Result<Token, Stop> {
        const MOST_BYTES: usize = 1024;
        while let Some(byte) =
            self.peek()?.filter(|it| it.is_ascii_alphanumeric() || matches!(it, b'_' | b'$' | 0x80..))
        {
            self.at += 1;
            self.text.push(byte);
            if self.text.len() > MOST_BYTES {
                return Err(Stop::Because(Reason::Corrupt));
            }
        }
        self.is_key_next = false;
        Ok(Token::Key)
    }

    fn remark(&mut self) -> Result<Token, Stop> {
        self.at += 1;
        let end: &[u8] = match self.peek()? {
            Some(b'/') => b"\n",
            Some(b'*') => b"*/",
            _ => return Err(Stop::Because(Reason::Corrupt)),
        };
        self.at += 1;
        while let Some(byte) = self.peek()? {
            self.at += 1;
            self.text.push(byte);
            if self.text.ends_with(end) {
                self.text.truncate(self.text.len() - end.len());
                return Ok(Token::Remark);
            }
            if self.text.len() > self.most_bytes {
                return Err(Stop::TooLong);
            }
        }
        // The last line needs no end.
        if end == b"\n" { Ok(Token::Remark) } else { Err(Stop::Because(Reason::Corrupt)) }
    }

    /// The inside of a string, up to its closing quote.
    fn string(&mut self, quote: u8) -> Result<(), Stop> {
        loop {
            if self.peek()?.is_none() {
                return Err(Stop::Because(Reason::Corrupt));
            }
            let ahead = self.chunk.get(self.at..self.filled).unwrap_or_default();
            let plain = memchr::memchr2(quote, b'\\', ahead).unwrap_or(ahead.len());
            self.text.extend_from_slice(ahead.get(..plain).unwrap_or_default());
            self.at += plain;
            if self.text.len() > self.most_bytes {
                return Err(Stop::TooLong);
            }
            match self.peek()? {
                Some(byte) if byte == quote => {
                    self.at += 1;
                    return Ok(());
                }
                Some(b'\\') => {
                    self.at += 1;
                    self.escape()?;
                }
                _ => {}
            }
        }
    }

    fn escape(&mut self) -> Result<(), Stop> {
        let Some(kind) = self.peek()? else { return Err(Stop::Because(Reason::Corrupt)) };
        self.at += 1;
        let plain = match kind {
            b'n' => b'\n',
            b't' => b'\t',
            b'r' => b'\r',
            b'b' | b'f' => b' ',
            b'u' => return self.unicode_escape(),
            other => other,
        };
        self.text.push(plain);
        Ok(())
    }

    /// `\uXXXX`, and the second half of a pair behind it.
    fn unicode_escape(&mut self) -> Result<(), Stop> {
        let first = self.four_hex_digits()?;
        let mut code = first;
        if (0xd800..0xdc00).contains(&first) && self.peek()? == Some(b'\\') {
            self.at += 1;
            if self.peek()? != Some(b'u') {
                self.push(char::REPLACEMENT_CHARACTER);
                return self.escape();
            }
            self.at += 1;
            let second = self.four_hex_digits()?;
            code = if (0xdc00..0xe000).contains(&second) {
                0x10000 + ((first - 0xd800) << 10) + (second - 0xdc00)
            } else {
                self.push(char::REPLACEMENT_CHARACTER);
                second
            };
        }
        self.push(char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER));
        Ok(())
    }

    fn push(&mut self, character: char) {
        self.text.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
    }

    fn four_hex_digits(&mut self) -> Result<u32, Stop> {
        let mut code = 0;
        for _ in 0..4 {
            let digit = self.peek()?.and_then(|byte| char::from(byte).to_digit(16));
            let Some(digit) = digit else { return Err(Stop::Because(Reason::Corrupt)) };
            code = code * 16 + digit;
            self.at += 1;
        }
        Ok(code)
    }

    fn peek(&mut self) -> Result<Option<u8>, Stop> {
        while self.at >= self.filled {
            match self.reader.read(&mut self.chunk) {
                Ok(0) => return Ok(None),
                Ok(count) => (self.at, self.filled) = (0, count),
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
                Err(error) => return Err(Stop::Because(Reason::from(&error))),
            }
        }
        Ok(self.chunk.get(self.at).copied())
    }
}
