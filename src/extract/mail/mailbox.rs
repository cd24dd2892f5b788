//! Mailboxes: messages one behind the other (RFC 4155), each of them a member. One is held at a time.

use std::io::{self, BufRead, BufReader, Read};

use super::{
    super::{Job, Reading, Sink},
    read_member,
};
use crate::{
    model::{Measure, Reason},
    open::{Format, Limits},
};

/// How the line begins that stands before each message.
const POSTMARK: &[u8] = b"From ";

/// Reads all messages.
pub(super) fn read(job: &Job<'_>, reader: &mut dyn Read, sink: &mut dyn Sink) -> Result<Reading, Reason> {
    if job.depth >= job.limits.depth {
        return Err(Reason::TooDeep);
    }
    let inner = Job { depth: job.depth + 1, ..*job };
    // A message is held here and by its own reader.
    let most_bytes = job.limits.member_bytes.saturating_sub(job.budget.held_bytes()) / 2;
    let mut messages = Messages::new(reader, job.limits, most_bytes);
    let (mut count, mut partial) = (0, None);
    let mut raw = Vec::new();
    loop {
        raw.clear();
        let next = messages.next(&mut raw);
        if matches!(next, Ok(false)) {
            break;
        }
        // Of a mailbox that breaks off, the last message is read as far as it goes.
        let broken = next.err();
        partial = partial.or(broken.as_ref().map(|error| job.budget.blame(Reason::from(error))));
        if !raw.trim_ascii().is_empty() {
            let name = format!("{}.eml", count + 1);
            let kind = broken.as_ref().map(io::Error::kind);
            let read = || read_member(&inner, &name, &raw, kind, sink);
            if let Err(reason) = job.budget.while_holding(raw.len() as u64, read) {
                partial = Some(reason);
                break;
            }
            count += 1;
        }
        if broken.is_some() {
            break;
        }
    }
    partial = partial.or(messages.is_cut.then_some(Reason::TooLarge));
    let records = Measure { value: count, exact: partial.is_none() };
    Ok(Reading { format: Some(Format::Mbox), records: Some(records), partial, ..Reading::default() })
}

/// The messages of a mailbox.
struct Messages<R> {
    lines: BufReader<R>,
    line: Vec<u8>,
    /// Bytes of a line that are looked at together.
    piece_bytes: u64,
    most_bytes: u64,
    /// A message was longer than that.
    is_cut: bool,
}

impl<R: Read> Messages<R> {
    /// Those in a stream, of each at most `most_bytes`.
    fn new(reader: R, limits: &Limits, most_bytes: u64) -> Self {
        Self {
            lines: BufReader::new(reader),
            line: Vec::new(),
            piece_bytes: limits.record_bytes as u64,
            most_bytes,
            is_cut: false,
        }
    }

    /// Reads up to the next line that begins a message, after an empty one; `false` at the end of the mailbox. The line
    /// itself (an address and a date, which the headers say too) is left out.
    fn next(&mut self, raw: &mut Vec<u8>) -> io::Result<bool> {
        let (mut is_after_blank, mut is_line_start, mut has_begun) = (true, true, false);
        loop {
            self.line.clear();
            let read = (&mut self.lines).take(self.piece_bytes).read_until(b'\n', &mut self.line);
            if let Err(error) = read {
                raw.extend_from_slice(&self.line);
                return Err(error);
            }
            if self.line.is_empty() {
                return Ok(has_begun);
            }
            let is_postmark = is_after_blank && is_line_start && is_postmark(&self.line, has_begun);
            if is_postmark && has_begun {
                return Ok(true);
            }
            if !is_postmark && (raw.len() as u64).saturating_add(self.line.len() as u64) <= self.most_bytes {
                raw.extend_from_slice(&self.line);
            } else if !is_postmark {
                self.is_cut = true;
            }
            has_begun = true;
            is_after_blank = is_line_start && self.line.trim_ascii().is_empty();
            is_line_start = self.line.ends_with(b"\n");
        }
    }
}

/// Whether a line stands before a message. A sentence may begin with the same word; behind the address stands a date, and
/// it begins with the day of the week.
fn is_postmark(line: &[u8], has_begun: bool) -> bool {
    const DAYS: [&[u8]; 7] = [b"Mon", b"Tue", b"Wed", b"Thu", b"Fri", b"Sat", b"Sun"];
    let mut words = line.split(u8::is_ascii_whitespace).filter(|word| !word.is_empty());
    line.starts_with(POSTMARK)
        && (!has_begun || words.any(|word| DAYS.contains(&word.strip_suffix(b",").unwrap_or(word))))
}
