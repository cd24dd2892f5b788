//! Numbers and texts in binary records, each missing where the record is too short.

use std::io::{self, Read};

use encoding_rs::GB18030;

use crate::model::Reason;

/// A record that is taken apart from its beginning.
pub(super) struct Record<'r> {
    rest: &'r [u8],
    is_big_endian: bool,
}

impl<'r> Record<'r> {
    pub(super) fn new(bytes: &'r [u8], is_big_endian: bool) -> Self {
        Self { rest: bytes, is_big_endian }
    }

    /// The next bytes.
    pub(super) fn take(&mut self, length: usize) -> Option<&'r [u8]> {
        let (taken, rest) = self.rest.split_at_checked(length)?;
        self.rest = rest;
        Some(taken)
    }

    pub(super) fn u16(&mut self) -> Option<u16> {
        let bytes = self.take(2)?.try_into().ok()?;
        Some(if self.is_big_endian { u16::from_be_bytes(bytes) } else { u16::from_le_bytes(bytes) })
    }

    pub(super) fn u32(&mut self) -> Option<u32> {
        let bytes = self.take(4)?.try_into().ok()?;
        Some(if self.is_big_endian { u32::from_be_bytes(bytes) } else { u32::from_le_bytes(bytes) })
    }

    pub(super) fn u64(&mut self) -> Option<u64> {
        let bytes = self.take(8)?.try_into().ok()?;
        Some(if self.is_big_endian { u64::from_be_bytes(bytes) } else { u64::from_le_bytes(bytes) })
    }

    /// A number that counts bytes.
    pub(super) fn length(&mut self) -> Option<usize> {
        usize::try_from(self.u32()?).ok()
    }
}

/// Bytes up to the first zero as text: UTF-8, else what Chinese Windows writes.
pub(super) fn text(bytes: &[u8]) -> String {
    let bytes = bytes.split(|byte| *byte == 0).next().unwrap_or_default();
    match simdutf8::basic::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => GB18030.decode_without_bom_handling(bytes).0.into_owned(),
    }
}

/// Up to `most` bytes of a reader: fewer at its end. What a file declares is not allocated ahead.
pub(super) fn read_up_to(reader: &mut dyn Read, most: u64) -> Result<Vec<u8>, Reason> {
    let mut bytes = Vec::new();
    reader.take(most).read_to_end(&mut bytes).map_err(|error| Reason::from(&error))?;
    Ok(bytes)
}

/// Passes over bytes of a reader; whether there were so many.
pub(super) fn skip(reader: &mut dyn Read, count: u64) -> Result<bool, Reason> {
    let passed = io::copy(&mut reader.take(count), &mut io::sink()).map_err(|error| Reason::from(&error))?;
    Ok(passed == count)
}
