//! Mail, calendars and contacts: headers and texts, attachments as members.

use std::io::{Cursor, ErrorKind, Read};

use super::{Job, Reading, Sink, bounded::Failed};
use crate::{model::Reason, open::Format};

mod cards;
mod header;
mod mailbox;
mod message;
mod part;
mod spoilt;

/// Reads mail in order.
pub(super) fn read_in_order(
    job: &Job<'_>,
    format: Format,
    _head: &[u8],
    reader: &mut dyn Read,
    sink: &mut dyn Sink,
) -> Result<Reading, Reason> {
    match format {
        Format::Eml => {
            let most = job.limits.member_bytes.saturating_sub(job.budget.held_bytes());
            let mut raw = Vec::new();
            let failure = reader.take(most.saturating_add(1)).read_to_end(&mut raw).err();
            let failure = failure.map(|error| job.budget.blame(Reason::from(&error)));
            if let Some(reason) = failure.filter(|_| raw.is_empty()) {
                return Err(reason);
            }
            let is_longer = raw.len() as u64 > most;
            raw.truncate(usize::try_from(most).unwrap_or(usize::MAX));
            let held = raw.len() as u64;
            let reading = job.budget.while_holding(held, || message::read(job, &raw, sink))?;
            let partial = failure.or(reading.partial).or(is_longer.then_some(Reason::TooLarge));
            Ok(Reading { partial, ..reading })
        }
        Format::Mbox => mailbox::read(job, reader, sink),
        Format::Calendar | Format::Contacts => Ok(cards::read(job.limits, reader, sink)),
        _ => Err(Reason::UnsupportedFormat),
    }
}

/// Reads bytes that a message holds, as a member with this name; `broken` is how they broke off.
fn read_member(
    job: &Job<'_>,
    name: &str,
    bytes: &[u8],
    broken: Option<ErrorKind>,
    sink: &mut dyn Sink,
) -> Result<(), Reason> {
    let admitted = job.budget.admit_member();
    if admitted == Err(Reason::TooMany) {
        return Err(Reason::TooMany);
    }
    sink.begin_member(name.as_bytes());
    let failure = broken.map(std::io::Error::from);
    let mut reader = Cursor::new(bytes).chain(Failed::new(failure.as_ref()));
    let outcome = admitted.and_then(|()| job.extract_stream(name, &mut reader, sink));
    sink.end_member(outcome);
    Ok(())
}

#[cfg(test)]
mod tests;
