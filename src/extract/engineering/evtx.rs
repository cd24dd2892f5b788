//! Events of Windows: the texts in their records. What stands there as a number (times, identifiers of security) stays
//! unread, and that is said.

use std::io::Read;

use super::bytes::{read_up_to, skip};
use crate::{
    extract::{Reading, Sink, strings},
    model::Reason,
};

/// Bytes of the header of the file.
const HEADER: u64 = 4096;
/// Bytes of a chunk of records.
const CHUNK: u64 = 64 << 10;

/// Reads a log.
pub(super) fn read(reader: &mut dyn Read, sink: &mut dyn Sink) -> Result<Reading, Reason> {
    let mut partial = Reason::StringsOnly;
    if !skip(reader, HEADER)? {
        return Err(Reason::Corrupt);
    }
    loop {
        let chunk = read_up_to(reader, CHUNK)?;
        if chunk.is_empty() {
            break;
        }
        if chunk.starts_with(b"ElfChnk\0") {
            strings::pour(&chunk, sink);
        }
        if (chunk.len() as u64) < CHUNK {
            partial = Reason::Corrupt;
        }
    }
    Ok(Reading { partial: Some(partial), ..Reading::default() })
}
