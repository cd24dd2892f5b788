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
    refuse_encrypted_headers(source)?;
    let mut members = Members::of(job, sink)?;
    let mut unpacking = Unpacking::start(source, job.limits)?;
    let (mut are_some, mut skipped_for) = (false, None);
    loop {
        match unpacking.next_event() {
            Event::Member(member) => {
                are_some = true;
                let goes_on = match member.unread {
                    Some(reason) => {
                        skipped_for = Some(reason);
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
                // Behind a member of a solid archive that is left out nothing can be unpacked; that has its own reason.
                match skipped_for {
                    Some(Reason::Encrypted) => {}
                    Some(skipped_for) => members.note(skipped_for),
                    None => members.note(reason),
                }
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

/// Without the password not even the names are known: flag 0x80 of the main header up to rar 4, a header of its own (type 4)
/// in rar 5.
fn refuse_encrypted_headers(source: &mut dyn Source) -> Result<(), Reason> {
    let mut head = Vec::new();
    (&mut *source).take(32).read_to_end(&mut head).map_err(|error| Reason::from(&error))?;
    let is_encrypted = match head.strip_prefix(b"Rar!\x1a\x07") {
        // The mark ends with a zero; then a sum, the type, the flags.
        Some([0, _, _, 0x73, flags, ..]) => flags & 0x80 != 0,
        // The mark ends with two more; then a sum of four bytes, a length of one, the type.
        Some([1, 0, _, _, _, _, length, kind, ..]) => *length < 0x80 && *kind == 4,
        _ => false,
    };
    if is_encrypted { Err(Reason::Encrypted) } else { Ok(()) }
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
