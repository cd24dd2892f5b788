//! rar, all versions. The crate pushes what it unpacks, and our readers pull: so it runs in a thread of its own
//! ([`super::rar_thread`]), and this side answers what it asks of the file and takes what it gives.

use std::io::{self, Read};

use super::{
    members::Members,
    rar_thread::{Event, Unpacking, Verdict},
};
use crate::{
    extract::{Job, Reading, Sink, Source, bounded::BudgetReader},
    model::Reason,
    open::Format,
};

/// Reads the members of a rar archive.
pub(super) fn read(job: &Job<'_>, source: &mut dyn Source, sink: &mut dyn Sink) -> Result<Reading, Reason> {
    let mut members = Members::of(job, sink)?;
    let mut unpacking = Unpacking::start(source, job.limits)?;
    let mut are_some = false;
    loop {
        match unpacking.next_event() {
            Event::Member(member) => {
                are_some = true;
                let goes_on = match member.unread {
                    Some(reason) => {
                        unpacking.decide(Verdict::Skip);
                        members.list(&member.name, reason)
                    }
                    None if member.is_folder => {
                        unpacking.decide(Verdict::Skip);
                        true
                    }
                    None => read_member(job, &mut unpacking, &member.name, member.packed_bytes, &mut members),
                };
                if !goes_on || job.budget.tripped().is_some() {
                    break;
                }
            }
            Event::Done(Ok(())) => break,
            Event::Done(Err(reason)) if are_some => {
                members.note(reason);
                break;
            }
            Event::Done(Err(reason)) => return Err(reason),
            // Of a member that nobody reads.
            Event::Piece(_) | Event::Failed(_) => {}
        }
    }
    if let Some(reason) = job.budget.tripped() {
        members.note(reason);
    }
    Ok(members.finish(Format::Rar))
}

fn read_member(
    job: &Job<'_>,
    unpacking: &mut Unpacking<'_>,
    name: &[u8],
    packed_bytes: u64,
    members: &mut Members<'_>,
) -> bool {
    unpacking.decide(Verdict::Unpack);
    let content = Content { unpacking, piece: Vec::new(), handed_out: 0, end: None };
    let mut content = BudgetReader::new(content, job.budget, packed_bytes);
    let goes_on = members.read(name, &mut content);
    // The crate unpacks what nobody reads too, and that has a price.
    io::copy(&mut content, &mut io::sink()).map_or_else(drop, drop);
    goes_on
}

/// What one member unpacks to.
struct Content<'c, 's> {
    unpacking: &'c mut Unpacking<'s>,
    piece: Vec<u8>,
    handed_out: usize,
    /// How it ended.
    end: Option<Result<(), Reason>>,
}

impl Read for Content<'_, '_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.handed_out == self.piece.len() {
            match self.end {
                Some(Ok(())) => return Ok(0),
                Some(Err(reason)) => return Err(as_error(reason)),
                None => {}
            }
            match self.unpacking.next_event() {
                Event::Piece(piece) => (self.piece, self.handed_out) = (piece, 0),
                Event::Failed(reason) | Event::Done(Err(reason)) => self.end = Some(Err(reason)),
                event => {
                    self.unpacking.put_back(event);
                    self.end = Some(Ok(()));
                }
            }
        }
        let ready = self.piece.get(self.handed_out..).unwrap_or_default();
        let count = ready.len().min(buffer.len());
        buffer.iter_mut().zip(ready).for_each(|(to, from)| *to = *from);
        self.handed_out += count;
        Ok(count)
    }
}

/// An error that means the reason again, once a reader has passed it on.
fn as_error(reason: Reason) -> io::Error {
    match reason {
        Reason::MemoryLimit => io::ErrorKind::OutOfMemory,
        Reason::UnsupportedFormat => io::ErrorKind::Unsupported,
        Reason::ReadError => io::ErrorKind::Other,
        _ => io::ErrorKind::InvalidData,
    }
    .into()
}
