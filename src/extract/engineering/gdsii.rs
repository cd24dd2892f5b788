//! The layout of a chip: names of the library and its structures, texts and properties, out of a stream of records
//! (Calma, GDSII Stream Format, release 6.0).

use std::io::{BufReader, Read};

use super::{bytes, name, say};
use crate::{
    extract::{Reading, Sink},
    model::Reason,
};

const END_OF_LIBRARY: u8 = 0x04;
const LIBRARY_NAME: u8 = 0x02;
const STRUCTURE_NAME: u8 = 0x06;
const TEXT: u8 = 0x19;
const PROPERTY_VALUE: u8 = 0x2c;

/// Reads a layout.
pub(super) fn read(reader: &mut dyn Read, sink: &mut dyn Sink) -> Result<Reading, Reason> {
    let mut reader = BufReader::new(reader);
    loop {
        let header = bytes::read_up_to(&mut reader, 4)?;
        let [first, second, kind, _] = *header.as_slice() else { return Ok(cut()) };
        let Some(length) = u64::from(u16::from_be_bytes([first, second])).checked_sub(4) else { return Ok(cut()) };
        match kind {
            END_OF_LIBRARY => {
                // Tapes are filled up to whole blocks.
                bytes::skip(&mut reader, u64::MAX)?;
                return Ok(Reading::default());
            }
            LIBRARY_NAME | STRUCTURE_NAME => name(&bytes::text(&bytes::read_up_to(&mut reader, length)?), sink),
            TEXT | PROPERTY_VALUE => say(&bytes::text(&bytes::read_up_to(&mut reader, length)?), sink),
            _ => {
                bytes::skip(&mut reader, length)?;
            }
        }
    }
}

fn cut() -> Reading {
    Reading { partial: Some(Reason::Corrupt), ..Reading::default() }
}
