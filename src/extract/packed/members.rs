//! Goes through the members of a container: each is admitted, begun and ended, and what stops the whole is kept.

use std::{
    borrow::Cow,
    io::{self, Read},
};

use encoding_rs::GB18030;

use crate::{
    extract::{Extracted, Job, Reading, Sink},
    model::Reason,
    open::{Format, encoding},
};

/// The members of one container, in the order in which they are read.
pub(super) struct Members<'m> {
    job: Job<'m>,
    sink: &'m mut dyn Sink,
    partial: Option<Reason>,
}

impl<'m> Members<'m> {
    /// Goes one container deeper, unless that is too deep.
    pub(super) fn of(job: &Job<'m>, sink: &'m mut dyn Sink) -> Result<Self, Reason> {
        if job.depth >= job.limits.depth {
            return Err(Reason::TooDeep);
        }
        Ok(Self { job: Job { depth: job.depth + 1, ..*job }, sink, partial: None })
    }

    /// Reads the next member. Gives `false` once the time is over, or there are too many: so many names would themselves fill
    /// an inventory.
    pub(super) fn read(&mut self, raw_name: &[u8], content: &mut dyn Read) -> bool {
        self.read_with(raw_name, |job, name, sink| job.extract_stream(name, content, sink))
    }

    /// Names a member that is not read, and why.
    pub(super) fn list(&mut self, raw_name: &[u8], reason: Reason) -> bool {
        self.read_with(raw_name, |_, _, _| Err(reason))
    }

    /// The same as [`Members::read`], for a member that must first be opened.
    pub(super) fn read_with(
        &mut self,
        raw_name: &[u8],
        read: impl FnOnce(&Job<'_>, &str, &mut dyn Sink) -> Result<Extracted, Reason>,
    ) -> bool {
        let admitted = self.job.budget.admit_member();
        if let Err(reason @ (Reason::TooMany | Reason::Deadline)) = admitted {
            self.note(reason);
            return false;
        }
        let raw_name = decode_name(raw_name);
        self.sink.begin_member(&raw_name);
        let name = String::from_utf8_lossy(&raw_name);
        let outcome = admitted.and_then(|()| read(&self.job, &name, self.sink));
        let stopped = outcome.as_ref().map_or_else(|reason| Some(*reason), |extracted| extracted.partial);
        if let Some(reason @ (Reason::Bomb | Reason::TooLarge | Reason::TooMany | Reason::Deadline)) = stopped {
            self.note(reason);
        }
        self.sink.end_member(outcome);
        true
    }

    /// The container is read in part; the first reason counts.
    pub(super) fn note(&mut self, reason: Reason) {
        self.partial = self.partial.or(Some(self.job.budget.blame(reason)));
    }

    /// What is said of the container.
    pub(super) fn finish(self, format: Format) -> Reading {
        Reading { format: Some(format), partial: self.partial, ..Reading::default() }
    }
}

/// The name of a member in UTF-8, where it is clear what its bytes mean. Many writers do not say, or say it wrongly: what
/// is UTF-8 is that, and everything else is what Chinese Windows writes, if it can be.
pub(super) fn decode_name(raw: &[u8]) -> Cow<'_, [u8]> {
    if simdutf8::basic::from_utf8(raw).is_ok_and(|name| !encoding::is_utf8_by_chance(name)) {
        return Cow::Borrowed(raw);
    }
    match GB18030.decode_without_bom_handling_and_without_replacement(raw) {
        Some(name) => Cow::Owned(name.into_owned().into_bytes()),
        None => Cow::Borrowed(raw),
    }
}

/// Parts a path by slashes that is parted as Windows does. In GBK a backslash may be the second byte of a character.
pub(super) fn part_by_slashes(name: &mut [u8]) {
    let mut is_second = false;
    let is_utf8 = simdutf8::basic::from_utf8(name).is_ok();
    for byte in name.iter_mut() {
        if *byte == b'\\' && !is_second {
            *byte = b'/';
        }
        is_second = !is_utf8 && !is_second && *byte >= 0x81;
    }
}

/// As many bytes as a header has promised. A source that ends before is a broken one.
pub(super) struct Promised<R> {
    inner: R,
    left_bytes: u64,
}

impl<R: Read> Promised<R> {
    /// The next `bytes` of `inner`.
    pub(super) fn new(inner: R, bytes: u64) -> Self {
        Self { inner, left_bytes: bytes }
    }

    /// How many of them have not been read.
    pub(super) fn left_bytes(&self) -> u64 {
        self.left_bytes
    }

    /// Passes over what has not been read.
    pub(super) fn skip(mut self) -> io::Result<()> {
        io::copy(&mut self, &mut io::sink()).map(drop)
    }
}

impl<R: Read> Read for Promised<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let most = usize::try_from(self.left_bytes).unwrap_or(usize::MAX).min(buffer.len());
        let Some(buffer) = buffer.get_mut(..most).filter(|buffer| !buffer.is_empty()) else { return Ok(0) };
        let count = self.inner.read(buffer)?;
        self.left_bytes = self.left_bytes.saturating_sub(count as u64);
        if count == 0 { Err(io::ErrorKind::UnexpectedEof.into()) } else { Ok(count) }
    }
}

/// Reads a header of so many bytes, which may be no larger than one.
pub(super) fn read_header(reader: &mut dyn Read, bytes: u64, most_bytes: u64) -> Result<Vec<u8>, Reason> {
    if bytes > most_bytes {
        return Err(Reason::TooLarge);
    }
    let mut header = Vec::new();
    Promised::new(reader, bytes).read_to_end(&mut header).map_err(|error| Reason::from(&error))?;
    Ok(header)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn backslashes_part_a_path_unless_they_are_half_a_character() {
        for (raw, parted) in [
            (b"a\\b.txt".as_slice(), b"a/b.txt".as_slice()),
            ("工艺\\图纸.txt".as_bytes(), "工艺/图纸.txt".as_bytes()),
            // 乗 is 0x81 0x5c in GBK.
            (b"\x81\\\\b", b"\x81\\/b"),
        ] {
            let mut name = raw.to_vec();
            part_by_slashes(&mut name);
            assert_eq!(name, parted);
        }
    }
}
