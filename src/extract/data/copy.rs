//! A private copy of what a parser wants a file of its own for: as a database, or because it keeps it.

use std::{
    fs::File,
    io::{self, Read as _, SeekFrom},
};

use super::super::Source;
use crate::model::Reason;

/// Copies all of a source, if it is no larger than may be.
pub(super) fn whole(source: &mut dyn Source, into: &mut File, most_bytes: u64) -> Result<(), Reason> {
    let copied = || -> io::Result<bool> {
        if source.seek(SeekFrom::End(0))? > most_bytes {
            return Ok(false);
        }
        source.seek(SeekFrom::Start(0))?;
        io::copy(&mut source.take(most_bytes), into)?;
        Ok(true)
    }();
    if copied.map_err(|error| Reason::from(&error))? { Ok(()) } else { Err(Reason::TooLarge) }
}
