//! The packed bytes of a container while a decoder of somebody else's takes them: how many, and what the system said.

use std::{
    cell::Cell,
    io::{self, Read, Seek, SeekFrom},
};

use crate::model::Reason;

/// What has been taken of a source.
#[derive(Default)]
pub(super) struct Taken {
    /// Bytes, those that were read again counted again.
    pub(super) bytes: Cell<u64>,
    failure: Cell<Option<io::ErrorKind>>,
}

impl Taken {
    /// What a complaint of a decoder means: a failure of its source, if that failed, else a broken stream.
    pub(super) fn blame(&self, error: &io::Error) -> io::Error {
        self.failure.get().unwrap_or_else(|| kind_of_decoder(error)).into()
    }

    /// The same, as a reason.
    pub(super) fn reason(&self, error: &io::Error) -> Reason {
        Reason::from(&self.blame(error))
    }
}

fn kind_of_decoder(error: &io::Error) -> io::ErrorKind {
    match error.kind() {
        kind @ (io::ErrorKind::OutOfMemory | io::ErrorKind::Unsupported) => kind,
        // The only ways of zstd to say that a window is larger than it may be, and than it can be.
        _ if ["too much memory", "not enough memory"].iter().any(|words| error.to_string().contains(words)) => {
            io::ErrorKind::OutOfMemory
        }
        _ => io::ErrorKind::InvalidData,
    }
}

/// A source that is watched.
pub(super) struct Watched<'s, R: ?Sized> {
    inner: &'s mut R,
    taken: &'s Taken,
}

impl<'s, R: ?Sized> Watched<'s, R> {
    /// Notes in `taken` what is read of `inner`.
    pub(super) fn new(inner: &'s mut R, taken: &'s Taken) -> Self {
        Self { inner, taken }
    }
}

impl<R: Read + ?Sized> Read for Watched<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer);
        match &read {
            Ok(count) => self.taken.bytes.set(self.taken.bytes.get().saturating_add(*count as u64)),
            Err(error) => self.taken.failure.set(self.taken.failure.get().or(Some(error.kind()))),
        }
        read
    }
}

impl<R: Seek + ?Sized> Seek for Watched<'_, R> {
    fn seek(&mut self, position: SeekFrom) -> io::Result<u64> {
        self.inner.seek(position)
    }
}

#[cfg(test)]
mod tests {
    use zstd::zstd_safe::get_error_name;

    use super::*;

    #[test]
    fn windows_that_are_or_may_not_be_had_are_a_want_of_memory() {
        // ZSTD_error_frameParameter_windowTooLarge, ZSTD_error_memory_allocation and ZSTD_error_corruption_detected.
        for (code, reason) in [(16, Reason::MemoryLimit), (64, Reason::MemoryLimit), (20, Reason::Corrupt)] {
            let error = io::Error::other(get_error_name(0_usize.wrapping_sub(code)));
            assert_eq!(Taken::default().reason(&error), reason, "{error}");
        }
    }
}
