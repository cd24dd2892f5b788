//! Archives and packed files: what is in them is read member by member, nested ones too.

use std::io::Read;

use super::{Job, Reading, Sink, Source};
use crate::{model::Reason, open::Format};

pub(super) mod reason;
pub(super) mod zip;

/// Reads an archive back and forth.
pub(super) fn read(
    _job: &Job<'_>,
    _format: Format,
    _source: &mut dyn Source,
    _sink: &mut dyn Sink,
) -> Result<Reading, Reason> {
    Err(Reason::UnsupportedFormat)
}

/// Reads a packed file, or an archive without a directory, in order.
pub(super) fn read_in_order(
    _job: &Job<'_>,
    _format: Format,
    _head: &[u8],
    _reader: &mut dyn Read,
    _sink: &mut dyn Sink,
) -> Result<Reading, Reason> {
    Err(Reason::UnsupportedFormat)
}
