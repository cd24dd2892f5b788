//! Rich text (Rich Text Format Specification 1.9.1): read byte by byte, so a file of any length takes no memory.
//!
//! Text stands in it in the code page of the font, in Unicode with a substitute behind it, or both; groups may hold
//! anything, so that what no rule names as text is left out.

mod charset;
mod destination;
mod document;
mod letters;
mod page;
mod token;

#[cfg(test)]
mod tests;

use std::io::{BufReader, Read};

use super::super::{Reading, Sink};
use crate::open::Limits;
use document::Document;

/// Reads a document.
pub(super) fn read(limits: &Limits, reader: &mut dyn Read, sink: &mut dyn Sink) -> Reading {
    let partial = Document::new(limits, BufReader::with_capacity(64 << 10, reader)).read(sink);
    Reading { partial, ..Reading::default() }
}
