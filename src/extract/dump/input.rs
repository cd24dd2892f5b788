//! The text of a dump, with a window that can be looked at before it is taken.

use std::io::BufRead;

use crate::model::Reason;

/// Bytes that can be looked at ahead, unless the end is nearer: longer than every opener, closer and delimiter.
const AHEAD_BYTES: usize = 64;

/// A stream of UTF-8 and the part of it that is looked at.
pub(super) struct Input<R> {
    reader: R,
    window: Vec<u8>,
    /// Where in the window the rest begins.
    at: usize,
    passed: u64,
    is_at_end: bool,
    broken: Option<Reason>,
    /// Whether what is taken is kept in `echo`.
    pub(super) echoes: bool,
    /// What was taken and belongs to no row.
    pub(super) echo: Vec<u8>,
}

impl<R: BufRead> Input<R> {
    /// Nothing taken yet.
    pub(super) fn new(reader: R) -> Self {
        Self {
            reader,
            window: Vec::new(),
            at: 0,
            passed: 0,
            is_at_end: false,
            broken: None,
            echoes: true,
            echo: Vec::new(),
        }
    }

    /// What was not taken yet: some bytes, or none at the end.
    pub(super) fn rest(&mut self) -> &[u8] {
        while self.window.len() - self.at < AHEAD_BYTES && self.fill() {}
        self.window.get(self.at..).unwrap_or_default()
    }

    /// The byte so many behind the next.
    pub(super) fn peek(&mut self, ahead: usize) -> Option<u8> {
        self.rest().get(ahead).copied()
    }

    /// Whether the rest begins so.
    pub(super) fn starts_with(&mut self, text: &[u8]) -> bool {
        while self.window.len() - self.at < text.len() && self.fill() {}
        self.window.get(self.at..).is_some_and(|rest| rest.starts_with(text))
    }

    /// Makes the window longer; gives `false` at the end.
    pub(super) fn fill(&mut self) -> bool {
        if self.is_at_end {
            return false;
        }
        if self.at > 0 {
            self.window.drain(..self.at);
            self.at = 0;
        }
        match self.reader.fill_buf() {
            Ok([]) => self.is_at_end = true,
            Ok(piece) => {
                self.window.extend_from_slice(piece);
                let length = piece.len();
                self.reader.consume(length);
            }
            Err(error) => {
                self.broken = Some(Reason::from(&error));
                self.is_at_end = true;
            }
        }
        !self.is_at_end
    }

    /// Takes so many bytes of the window.
    pub(super) fn take(&mut self, count: usize) {
        let end = self.window.len().min(self.at + count);
        if self.echoes {
            self.echo.extend_from_slice(self.window.get(self.at..end).unwrap_or_default());
        }
        self.passed += (end - self.at) as u64;
        self.at = end;
    }

    /// Bytes taken so far.
    pub(super) fn passed(&self) -> u64 {
        self.passed
    }

    /// Why reading broke off, if it did.
    pub(super) fn broken(&self) -> Option<Reason> {
        self.broken
    }

    /// What the bytes come from.
    pub(super) fn reader(&self) -> &R {
        &self.reader
    }
}
