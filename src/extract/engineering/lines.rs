//! Lines of a text in any encoding, none of them held past a cap.

use std::io::{BufRead, Read};

use crate::{
    extract::{Reading, transcode::Transcoder},
    model::Reason,
};

/// Longer lines are given in pieces: those of drawings and decks end below two kilobytes.
const LONGEST_LINE_BYTES: usize = 64 << 10;

/// The lines of a text.
pub(super) struct Lines<R> {
    text: Transcoder<R>,
    line: Vec<u8>,
    broken: Option<Reason>,
}

impl<R: Read> Lines<R> {
    pub(super) fn new(reader: R) -> Self {
        Self { text: Transcoder::new(reader, None), line: Vec::new(), broken: None }
    }

    /// The next line without its end; `None` behind the last.
    pub(super) fn next(&mut self) -> Option<String> {
        self.line.clear();
        let mut is_some = false;
        loop {
            let piece = match self.text.fill_buf() {
                Ok([]) => break,
                Ok(piece) => piece,
                Err(error) => {
                    self.broken = Some(Reason::from(&error));
                    break;
                }
            };
            is_some = true;
            let room = LONGEST_LINE_BYTES.saturating_sub(self.line.len()).min(piece.len());
            let piece = piece.get(..room).unwrap_or_default();
            let end = memchr::memchr(b'\n', piece);
            let taken = end.map_or(piece.len(), |at| at + 1);
            self.line.extend_from_slice(piece.get(..taken).unwrap_or_default());
            self.text.consume(taken);
            if end.is_some() || self.line.len() >= LONGEST_LINE_BYTES {
                break;
            }
        }
        let line = String::from_utf8_lossy(&self.line);
        is_some.then(|| line.trim_end_matches(['\n', '\r']).to_owned())
    }

    /// What is said of the text when its last line has been read.
    pub(super) fn reading(&self) -> Reading {
        Reading { encoding: Some(self.text.encoding()), partial: self.broken, ..Reading::default() }
    }
}
