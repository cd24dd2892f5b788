//! Mail, calendars and contacts: headers and texts, attachments as members.

use std::io::Read;

use super::{Job, Reading, Sink};
use crate::{model::Reason, open::Format};

/// Reads mail in order.
pub(super) fn read_in_order(
    _job: &Job<'_>,
    _format: Format,
    _head: &[u8],
    _reader: &mut dyn Read,
    _sink: &mut dyn Sink,
) -> Result<Reading, Reason> {
    Err(Reason::UnsupportedFormat)
}
