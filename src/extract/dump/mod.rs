//! Databases written out as statements, read as if they were the tables.

use std::io::Read;

use super::{Job, Reading, Sink};
use crate::{model::Reason, open::Format};

/// Reads a dump in order.
pub(super) fn read_in_order(
    _job: &Job<'_>,
    _format: Format,
    _head: &[u8],
    _reader: &mut dyn Read,
    _sink: &mut dyn Sink,
) -> Result<Reading, Reason> {
    Err(Reason::UnsupportedFormat)
}
