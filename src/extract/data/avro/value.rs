//! Avro's binary encoding: numbers in zig-zag, and lengths before what they belong to.

use std::io::{self, Read};

use crate::{model::Reason, open::Limits};

/// Bytes of the longest number.
const MOST_NUMBER_BYTES: u32 = 10;

/// Reads values one behind the other.
pub(super) struct Values<'r> {
    reader: &'r mut dyn Read,
    most_bytes: usize,
    consumed: u64,
}

impl<'r> Values<'r> {
    pub(super) fn new(reader: &'r mut dyn Read, limits: &Limits) -> Self {
        Self { reader, most_bytes: limits.record_bytes, consumed: 0 }
    }

    /// Bytes read so far.
    pub(super) fn consumed(&self) -> u64 {
        self.consumed
    }

    /// Fills a buffer.
    pub(super) fn exactly(&mut self, buffer: &mut [u8]) -> Result<(), Reason> {
        self.consumed = self.consumed.saturating_add(buffer.len() as u64);
        self.reader.read_exact(buffer).map_err(|error| match error.kind() {
            io::ErrorKind::UnexpectedEof => Reason::Corrupt,
            _ => Reason::from(&error),
        })
    }

    /// The next so many bytes.
    pub(super) fn array<const N: usize>(&mut self) -> Result<[u8; N], Reason> {
        let mut bytes = [0; N];
        self.exactly(&mut bytes)?;
        Ok(bytes)
    }

    /// An `int` or `long`.
    pub(super) fn long(&mut self) -> Result<i64, Reason> {
        let mut number = 0u64;
        for place in 0..MOST_NUMBER_BYTES {
            let [byte] = self.array()?;
            number |= u64::from(byte & 0x7f) << (7 * place);
            if byte & 0x80 == 0 {
                return Ok((number >> 1).cast_signed() ^ -(number & 1).cast_signed());
            }
        }
        Err(Reason::Corrupt)
    }

    /// The length of the next part of an array or a map; `None` at its end.
    pub(super) fn items(&mut self) -> Result<Option<u64>, Reason> {
        let count = self.long()?;
        if count < 0 {
            // The bytes of the part follow, for those who pass it over.
            self.long()?;
        }
        Ok(Some(count.unsigned_abs()).filter(|count| *count > 0))
    }

    /// `bytes` or a `string`. What is longer than may be held is an end.
    pub(super) fn bytes(&mut self) -> Result<Vec<u8>, Reason> {
        let length = usize::try_from(self.long()?).map_err(|_| Reason::Corrupt)?;
        self.fixed(length)
    }

    /// A value of so many bytes.
    pub(super) fn fixed(&mut self, length: usize) -> Result<Vec<u8>, Reason> {
        if length > self.most_bytes {
            return Err(Reason::TooLarge);
        }
        let mut bytes = Vec::new();
        let read = (&mut *self.reader).take(length as u64).read_to_end(&mut bytes);
        self.consumed = self.consumed.saturating_add(bytes.len() as u64);
        match read {
            Ok(count) if count == length => Ok(bytes),
            Ok(_) => Err(Reason::Corrupt),
            Err(error) => Err(Reason::from(&error)),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn zig_zag(number: i64) -> Vec<u8> {
        let mut rest = ((number << 1) ^ (number >> 63)).cast_unsigned();
        let mut bytes = Vec::new();
        while rest > 0x7f {
            bytes.push((rest & 0x7f) as u8 | 0x80);
            rest >>= 7;
        }
        bytes.push(rest as u8);
        bytes
    }

    proptest! {
        #[test]
        fn each_number_is_read_as_it_was_written(number in any::<i64>()) {
            let bytes = zig_zag(number);
            let mut reader = bytes.as_slice();
            let mut values = Values::new(&mut reader, &Limits::default());
            prop_assert_eq!(values.long(), Ok(number));
            prop_assert_eq!(values.consumed(), bytes.len() as u64);
        }
    }

    #[test]
    fn numbers_and_texts_without_an_end_are_corrupt() {
        let mut endless = [0xff; 11].as_slice();
        assert_eq!(Values::new(&mut endless, &Limits::default()).long(), Err(Reason::Corrupt));
        let mut declared = zig_zag(1 << 40);
        declared.extend(b"abc");
        assert_eq!(Values::new(&mut declared.as_slice(), &Limits::default()).bytes(), Err(Reason::TooLarge));
        let mut short = zig_zag(9);
        short.extend(b"abc");
        assert_eq!(Values::new(&mut short.as_slice(), &Limits::default()).bytes(), Err(Reason::Corrupt));
    }
}
