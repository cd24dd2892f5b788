//! The binary form of drawing exchange: group codes of one byte (until release 12) or two, values by ranges of codes.

use std::io::{BufReader, Read};

use super::super::bytes;
use crate::model::Reason;

/// How the file begins.
pub(super) const SENTINEL: &[u8] = b"AutoCAD Binary DXF\r\n\x1a\0";
/// A text of a drawing is shorter.
const LONGEST_VALUE: usize = 64 << 10;

/// The pairs of a file.
pub(super) struct BinaryPairs<'r> {
    reader: BufReader<&'r mut dyn Read>,
    is_wide: Option<bool>,
    is_begun: bool,
    stopped: Option<Reason>,
}

impl<'r> BinaryPairs<'r> {
    pub(super) fn new(reader: &'r mut dyn Read) -> Self {
        Self { reader: BufReader::new(reader), is_wide: None, is_begun: false, stopped: None }
    }

    /// Why the pairs ended before the end of the file was said.
    pub(super) fn stopped(&self) -> Option<Reason> {
        self.stopped
    }

    /// The next pair; a number is given as an empty value.
    pub(super) fn next(&mut self) -> Option<(i32, String)> {
        if !self.is_begun {
            self.is_begun = true;
            self.bytes(SENTINEL.len())?;
        }
        let code = self.code()?;
        let value = match code {
            0..=9
            | 100..=109
            | 300..=309
            | 320..=369
            | 390..=399
            | 410..=419
            | 430..=439
            | 470..=481
            | 999..=1003
            | 1005..=1009 => self.text()?,
            310..=319 | 1004 => {
                let length = self.bytes(1)?[0];
                self.bytes(usize::from(length))?;
                String::new()
            }
            _ => {
                let Some(width) = width(code) else { return self.give_up() };
                self.bytes(width)?;
                String::new()
            }
        };
        if code == 0 && value == "EOF" {
            return None;
        }
        Some((code, value))
    }

    fn code(&mut self) -> Option<i32> {
        let first = self.bytes(1)?[0];
        match self.is_wide {
            // The first pair is 0 SECTION: its second byte is a zero, or the text begins.
            None => {
                let next = self.bytes(1)?[0];
                self.is_wide = Some(next == 0);
                if next != 0 {
                    self.text()?;
                    return self.code();
                }
                Some(i32::from(first))
            }
            Some(false) if first == 255 => self.two_bytes(None),
            Some(false) => Some(i32::from(first)),
            Some(true) => self.two_bytes(Some(first)),
        }
    }

    fn two_bytes(&mut self, first: Option<u8>) -> Option<i32> {
        let low = match first {
            Some(low) => low,
            None => self.bytes(1)?[0],
        };
        let high = self.bytes(1)?[0];
        Some(i32::from(low) | i32::from(high) << 8)
    }

    /// A text up to its zero.
    fn text(&mut self) -> Option<String> {
        let mut value = Vec::new();
        loop {
            match self.bytes(1)?[0] {
                0 => return Some(bytes::text(&value)),
                _ if value.len() >= LONGEST_VALUE => return self.give_up(),
                byte => value.push(byte),
            }
        }
    }

    fn bytes(&mut self, count: usize) -> Option<Vec<u8>> {
        match bytes::read_up_to(&mut self.reader, count as u64) {
            Ok(bytes) if bytes.len() == count => Some(bytes),
            Ok(_) => self.give_up(),
            Err(reason) => {
                self.stopped = Some(reason);
                None
            }
        }
    }

    fn give_up<T>(&mut self) -> Option<T> {
        self.stopped = Some(Reason::Corrupt);
        None
    }
}

/// Bytes of a number (Autodesk, DXF Reference, "Group code value types").
fn width(code: i32) -> Option<usize> {
    match code {
        10..=59 | 110..=149 | 160..=169 | 210..=239 | 460..=469 | 1010..=1059 => Some(8),
        60..=79 | 170..=179 | 270..=289 | 370..=389 | 400..=409 | 1060..=1070 => Some(2),
        90..=99 | 420..=429 | 440..=459 | 1071 => Some(4),
        290..=299 => Some(1),
        _ => None,
    }
}
