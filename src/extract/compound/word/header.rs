//! The file information block: where in a Word document things are (MS-DOC, 2.5; Word 6 and 95 by the same field names).

use encoding_rs::{Encoding, WINDOWS_1252};

use super::super::{
    codepage::encoding_of_language,
    numbers::{size_at, u16_at, u32_at},
};
use crate::model::Reason;

/// Bytes of it that are looked at: up to the place of the piece table.
pub(super) const BYTES: u64 = 0x200;

/// Word 97 and later; Word 6 and 95.
const SIGNATURES: [u16; 3] = [0xa5ec, 0xa5dc, 0xa5db];
/// The first version of the file format of Word 97.
const WORD_97: u16 = 106;

/// A place in a stream: where it begins, and its bytes.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Place {
    pub(super) at: usize,
    pub(super) bytes: usize,
}

/// What is needed of it.
pub(super) struct Header {
    /// The stream with the tables; `None`: they are in the document's own.
    pub(super) table_stream: Option<&'static str>,
    /// Characters of the parts: body, footnotes, headers, macros, comments, endnotes, text boxes, those of headers.
    pub(super) part_characters: Vec<u32>,
    /// The pieces of which the text is made.
    pub(super) pieces: Place,
    /// Which pages say how paragraphs look; none before Word 97.
    pub(super) paragraph_pages: Place,
    /// Where the text begins in a document that is not made of pieces.
    pub(super) text_at: usize,
    /// The encoding of characters of one byte.
    pub(super) encoding: &'static Encoding,
}

impl Header {
    /// Reads it from the beginning of the stream `WordDocument`.
    pub(super) fn parse(bytes: &[u8]) -> Result<Self, Reason> {
        let fields = || Some((u16_at(bytes, 0)?, u16_at(bytes, 2)?, u16_at(bytes, 6)?, u16_at(bytes, 10)?));
        let (signature, version, language, flags) = fields().ok_or(Reason::Corrupt)?;
        if !SIGNATURES.contains(&signature) {
            return Err(Reason::Corrupt);
        }
        // Flag 8: encrypted, or made unreadable with a password.
        if flags & 0x100 != 0 {
            return Err(Reason::Encrypted);
        }
        let place = |at| Place { at: size_at(bytes, at).unwrap_or(0), bytes: size_at(bytes, at + 4).unwrap_or(0) };
        let counts = |from: usize| (0..8).map(|part| u32_at(bytes, from + part * 4).unwrap_or(0)).collect();
        let text_at = size_at(bytes, 0x18).unwrap_or(0);
        Ok(if version >= WORD_97 {
            Self {
                table_stream: Some(if flags & 0x200 == 0 { "0Table" } else { "1Table" }),
                part_characters: counts(0x4c),
                pieces: place(0x1a2),
                paragraph_pages: place(0x102),
                text_at,
                encoding: WINDOWS_1252,
            }
        } else {
            Self {
                table_stream: None,
                part_characters: counts(0x34),
                pieces: place(0x160),
                paragraph_pages: Place::default(),
                text_at,
                encoding: encoding_of_language(language),
            }
        })
    }

    /// Characters of all parts together.
    pub(super) fn characters(&self) -> u64 {
        self.part_characters.iter().map(|count| u64::from(*count)).sum()
    }
}
