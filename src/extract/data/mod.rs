//! Rows and keys: columnar files, tables of old databases, settings.

use std::io::Read;

use super::{Job, Reading, Sink, Source};
use crate::{model::Reason, open::Format};

/// Reads data back and forth.
pub(super) fn read(
    _job: &Job<'_>,
    _format: Format,
    _source: &mut dyn Source,
    _sink: &mut dyn Sink,
) -> Result<Reading, Reason> {
    Err(Reason::UnsupportedFormat)
}

/// Reads data in order.
pub(super) fn read_in_order(
    _job: &Job<'_>,
    _format: Format,
    _head: &[u8],
    _reader: &mut dyn Read,
    _sink: &mut dyn Sink,
) -> Result<Reading, Reason> {
    Err(Reason::UnsupportedFormat)
}
