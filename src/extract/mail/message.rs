//! One message: its headers, its texts, its attachments as members (RFC 5322, RFC 2045 to 2049).

use std::{
    borrow::Cow,
    io,
    panic::{AssertUnwindSafe, catch_unwind},
};

use mail_parser::{Message, MessageParser};
use memchr::memmem;

use super::{
    super::{Job, Reading, Sink, text},
    header, part, read_member,
};
use crate::{
    model::Reason,
    open::{Format, encoding},
};

/// Messages in one message, at any depth, above which its structure is not followed: the parser keeps one in the other,
/// and letting go of a chain of them takes stack.
const MOST_INNER_MESSAGES: usize = 1_000;

/// Reads a message. What is none is read as running text.
pub(super) fn read(job: &Job<'_>, raw: &[u8], sink: &mut dyn Sink) -> Result<Reading, Reason> {
    let raw = without_envelope(raw);
    if inner_messages(raw) > MOST_INNER_MESSAGES {
        let reading = text::read(&mut &*raw, sink);
        return Ok(Reading { format: Some(Format::Eml), partial: Some(Reason::TooDeep), ..reading });
    }
    let raw = with_headers_in_utf8(raw);
    let parsed = catch_unwind(AssertUnwindSafe(|| parser().parse(raw.as_ref())));
    let Ok(parsed) = parsed else { return Err(Reason::Crashed) };
    let Some(message) = parsed else { return Ok(text::read(&mut &*raw, sink)) };
    header::read(&message, sink);
    let partial = read_parts(job, &message, &raw, sink);
    Ok(Reading { format: Some(Format::Eml), partial, ..Reading::default() })
}

/// All headers as text with their encoded words decoded; those of parts taken apart.
pub(super) fn parser() -> MessageParser {
    MessageParser::new().with_mime_headers().default_header_text()
}

fn read_parts(job: &Job<'_>, message: &Message<'_>, raw: &[u8], sink: &mut dyn Sink) -> Option<Reason> {
    let (members, bodies): (Vec<_>, Vec<_>) =
        message.parts.iter().enumerate().filter(|(_, it)| !it.is_multipart()).partition(|(_, it)| part::is_member(it));
    let mut partial = None;
    for (_, body) in bodies {
        let broken = part::read_body(job, body, raw, sink);
        partial = partial.or(broken.map(|kind| Reason::from(&io::Error::from(kind))));
    }
    if members.is_empty() {
        return partial;
    }
    if job.depth >= job.limits.depth {
        return Some(Reason::TooDeep);
    }
    let inner = Job { depth: job.depth + 1, ..*job };
    for (number, member) in members {
        let name = part::name(member, raw).unwrap_or_else(|| format!("part {number}{}", part::ending(member)));
        let (bytes, broken) = part::content(member, raw);
        partial = partial.or(broken.map(|kind| Reason::from(&io::Error::from(kind))));
        if let Err(reason) = read_member(&inner, &name, &bytes, broken, sink) {
            return Some(reason);
        }
    }
    partial
}

/// The message without the line of its length, which Apple's Mail writes before it; the length counts then.
fn without_envelope(raw: &[u8]) -> &[u8] {
    let Some(end) = memchr::memchr(b'\n', raw.get(..32).unwrap_or(raw)) else { return raw };
    let (line, rest) = raw.split_at(end + 1);
    let digits = line.trim_ascii();
    if digits.is_empty() || !digits.iter().all(u8::is_ascii_digit) {
        return raw;
    }
    let length = str::from_utf8(digits).ok().and_then(|digits| digits.parse().ok()).unwrap_or(rest.len());
    rest.get(..length).unwrap_or(rest)
}

/// How many messages a message may hold: what says so, and what holds messages unless it says otherwise.
fn inner_messages(raw: &[u8]) -> usize {
    let finds = |word: &[u8]| memmem::find_iter(raw, word).count();
    // The letters of any case would cost a copy; the slash is rarer than either word.
    let of_any_case = memchr::memchr_iter(b'/', raw).filter(|at| {
        let before = at.checked_sub(7).and_then(|from| raw.get(from..*at));
        before.is_some_and(|word| word.eq_ignore_ascii_case(b"message"))
    });
    of_any_case.count().saturating_add(finds(b"/digest")).saturating_add(finds(b"/DIGEST"))
}

/// The message with its headers in UTF-8. They should be ASCII, but Chinese programs write what their system has.
fn with_headers_in_utf8(raw: &[u8]) -> Cow<'_, [u8]> {
    let blank = |line_end: &[u8]| memmem::find(raw, line_end).map(|at| at + line_end.len());
    let end = [blank(b"\n\r\n"), blank(b"\n\n")].into_iter().flatten().min().unwrap_or(raw.len());
    let (headers, body) = raw.split_at(end);
    if simdutf8::basic::from_utf8(headers).is_ok() {
        return raw.into();
    }
    let headers = encoding::decode(encoding::guess(headers, None), headers);
    [headers.as_bytes(), body].concat().into()
}
