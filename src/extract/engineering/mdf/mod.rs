//! Measurement data of vehicles and test benches (ASAM MDF): names, units and remarks of channels, of version 3 and 4.

use std::io::SeekFrom;

use super::bytes::read_up_to;
use crate::{
    extract::{Reading, Sink, Source},
    model::Reason,
    open::Limits,
};

mod version3;
mod version4;

/// Bytes of the identification at the beginning.
const IDENTIFICATION: u64 = 64;
/// Blocks that are followed: a measurement has some ten thousand channels, each with a dozen.
const MOST_BLOCKS: usize = 1_000_000;

/// Reads a measurement.
pub(super) fn read(_limits: &Limits, source: &mut dyn Source, sink: &mut dyn Sink) -> Result<Reading, Reason> {
    source.seek(SeekFrom::Start(0)).map_err(|error| Reason::from(&error))?;
    let identification = read_up_to(source, IDENTIFICATION)?;
    let partial = match identification.get(8..9) {
        Some(b"4") => version4::read(source, sink)?,
        Some(b"3" | b"2") => {
            let is_big_endian = identification.get(24..26).is_some_and(|order| order != [0, 0]);
            version3::read(source, is_big_endian, sink)?
        }
        _ => return Err(Reason::Corrupt),
    };
    Ok(Reading { partial, ..Reading::default() })
}

/// Up to `most` bytes at a place.
fn bytes_at(source: &mut dyn Source, place: u64, most: u64) -> Result<Vec<u8>, Reason> {
    source.seek(SeekFrom::Start(place)).map_err(|_| Reason::Corrupt)?;
    read_up_to(source, most)
}
