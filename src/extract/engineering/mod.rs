//! Drawings, models, controllers, measurements and logs, by content.

use std::io::Read;

use super::{Job, Reading, Sink, Source};
use crate::{model::Reason, open::Format};

/// Reads a file of engineering back and forth.
pub(super) fn read(
    _job: &Job<'_>,
    _format: Format,
    _source: &mut dyn Source,
    _sink: &mut dyn Sink,
) -> Result<Reading, Reason> {
    Err(Reason::UnsupportedFormat)
}

/// Reads a file of engineering in order.
pub(super) fn read_in_order(
    _job: &Job<'_>,
    _format: Format,
    _head: &[u8],
    _reader: &mut dyn Read,
    _sink: &mut dyn Sink,
) -> Result<Reading, Reason> {
    Err(Reason::UnsupportedFormat)
}
