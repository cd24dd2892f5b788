//! The records of a PowerPoint stream, one after the other, and which of them hold others (MS-PPT, 2.3.1).

use std::io::{self, BufReader, Read};

use super::super::{
    numbers::{u16_at, u32_at},
    storage::Stream,
};
use crate::model::Reason;

/// Records in records: real files stay below twenty.
const MOST_DEPTH: usize = 64;
/// Bytes of the header of a record.
const HEADER_BYTES: u64 = 8;
/// The low four bits of a header where a record holds others.
const CONTAINER: u16 = 0xf;

/// A record, or the end of one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Event {
    /// A record that holds others begins.
    Open { kind: u16 },
    /// It ends.
    Close { kind: u16 },
    /// A record that holds bytes.
    Atom { kind: u16, instance: u16 },
}

/// Walks through the records.
pub(super) struct Records<'s> {
    stream: BufReader<Stream<'s>>,
    at: u64,
    /// Where the bytes of the current atom end; what of them is not read is stepped over.
    next: u64,
    end: u64,
    /// The open records: kind, and where they end.
    open: Vec<(u16, u64)>,
    /// Why something was left out.
    pub(super) partial: Option<Reason>,
}

impl<'s> Records<'s> {
    /// Begins at the beginning.
    pub(super) fn new(stream: Stream<'s>) -> Self {
        let end = stream.byte_count();
        Self { stream: BufReader::new(stream), at: 0, next: 0, end, open: Vec::new(), partial: None }
    }

    /// The next event; `None` at the end.
    pub(super) fn next(&mut self) -> io::Result<Option<Event>> {
        if let Some((kind, _)) = self.open.pop_if(|(_, end)| *end <= self.next) {
            return Ok(Some(Event::Close { kind }));
        }
        let end = self.open.last().map_or(self.end, |(_, end)| *end);
        if self.next.saturating_add(HEADER_BYTES) > end {
            // Padding, or a header that was cut.
            self.next = end;
            return match self.open.pop() {
                Some((kind, _)) => Ok(Some(Event::Close { kind })),
                None => Ok(None),
            };
        }
        let skipped = self.next.cast_signed().saturating_sub(self.at.cast_signed());
        self.stream.seek_relative(skipped)?;
        let mut header = [0; HEADER_BYTES as usize];
        self.stream.read_exact(&mut header)?;
        self.at = self.next + HEADER_BYTES;
        let (first, kind) = (u16_at(&header, 0).unwrap_or(0), u16_at(&header, 2).unwrap_or(0));
        let declared = u64::from(u32_at(&header, 4).unwrap_or(0));
        let bytes = declared.min(end.saturating_sub(self.at));
        if bytes < declared {
            self.partial = self.partial.or(Some(Reason::Corrupt));
        }
        let instance = first >> 4;
        if first & CONTAINER == CONTAINER {
            if self.open.len() < MOST_DEPTH {
                return Ok(Some(self.enter(kind, bytes)));
            }
            self.partial = self.partial.or(Some(Reason::TooDeep));
        }
        self.next = self.at + bytes;
        Ok(Some(Event::Atom { kind, instance }))
    }

    /// Goes into a record, whose content begins here.
    fn enter(&mut self, kind: u16, bytes: u64) -> Event {
        self.next = self.at;
        self.open.push((kind, self.at + bytes));
        Event::Open { kind }
    }

    /// Goes into the atom that came last: it holds records although it does not say so.
    pub(super) fn enter_atom(&mut self, kind: u16) {
        if self.open.len() < MOST_DEPTH {
            self.open.push((kind, self.next));
            self.next = self.at;
        }
    }

    /// Whether one of the open records is of this kind.
    pub(super) fn is_in(&self, kind: u16) -> bool {
        self.open.iter().any(|(open, _)| *open == kind)
    }

    /// How many records are open.
    pub(super) fn depth(&self) -> usize {
        self.open.len()
    }

    /// The bytes of the atom that came last; it is said when there are more than may be held.
    pub(super) fn bytes(&mut self, most: u64) -> io::Result<Vec<u8>> {
        if self.next.saturating_sub(self.at) > most {
            self.partial = self.partial.or(Some(Reason::TooLarge));
        }
        self.head(most)
    }

    /// The first bytes of the atom that came last, as many as there are up to `most`.
    pub(super) fn head(&mut self, most: u64) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        let left = self.next.saturating_sub(self.at);
        (&mut self.stream).take(left.min(most)).read_to_end(&mut bytes)?;
        self.at += bytes.len() as u64;
        Ok(bytes)
    }
}
