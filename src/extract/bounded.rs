//! Readers that keep a cap: on what a container may decompress to, and on what one record may hold.

use std::{
    cell::Cell,
    io::{self, Read},
};

use xxhash_rust::xxh3::Xxh3;

use crate::{model::Reason, open::Limits};

/// Reads the first bytes, as many as there are up to `most`.
pub(super) fn read_head(reader: &mut dyn Read, most: usize) -> Result<Vec<u8>, Reason> {
    let mut head = Vec::with_capacity(most);
    reader.take(most as u64).read_to_end(&mut head).map_err(|error| Reason::from(&error))?;
    Ok(head)
}

/// What is left of the caps of a whole container, nested ones included.
pub(super) struct Budget {
    decompressed_bytes: u64,
    ratio: u64,
    ratio_floor_bytes: u64,
    stream_floor_bytes: u64,
    members: u64,
    packed_bytes: u64,
    spent_bytes: Cell<u64>,
    /// Bytes of members that are held whole at this moment, each inside the one before.
    held_bytes: Cell<u64>,
    seen_members: Cell<u64>,
    /// Why the member that is being read was stopped. A parser between here and there keeps no reason of ours.
    tripped: Cell<Option<Reason>>,
}

impl Budget {
    /// The budget of a container of `packed_bytes`.
    pub(super) fn new(limits: &Limits, packed_bytes: u64) -> Self {
        Self {
            decompressed_bytes: limits.decompressed_bytes,
            ratio: limits.ratio,
            ratio_floor_bytes: limits.ratio_floor_bytes,
            stream_floor_bytes: limits.stream_floor_bytes,
            members: limits.members,
            packed_bytes,
            spent_bytes: Cell::new(0),
            held_bytes: Cell::new(0),
            seen_members: Cell::new(0),
            tripped: Cell::new(None),
        }
    }

    /// Why the current member was stopped, if it was.
    pub(super) fn tripped(&self) -> Option<Reason> {
        self.tripped.get()
    }

    /// The reason of ours behind an error that a parser reported as its own.
    pub(super) fn blame(&self, reason: Reason) -> Reason {
        self.tripped.get().unwrap_or(reason)
    }

    /// Bytes that are held whole.
    pub(super) fn held_bytes(&self) -> u64 {
        self.held_bytes.get()
    }

    /// Reads a member that takes `bytes` of memory as long as it is read.
    pub(super) fn while_holding<T>(&self, bytes: u64, read: impl FnOnce() -> T) -> T {
        let before = self.held_bytes.replace(self.held_bytes.get().saturating_add(bytes));
        let read = read();
        self.held_bytes.set(before);
        read
    }

    /// Another member; an error when it may not be read.
    pub(super) fn admit_member(&self) -> Result<(), Reason> {
        self.tripped.set(None);
        let seen = self.seen_members.get().saturating_add(1);
        self.seen_members.set(seen);
        if seen > self.members { Err(Reason::TooMany) } else { self.remaining(0) }
    }

    /// Whether the container may still be decompressed, `more` bytes further.
    fn remaining(&self, more: u64) -> Result<(), Reason> {
        let spent = self.spent_bytes.get().saturating_add(more);
        self.spent_bytes.set(spent);
        if self.is_bomb(spent, self.packed_bytes) {
            Err(Reason::Bomb)
        } else if spent > self.decompressed_bytes {
            Err(Reason::TooLarge)
        } else {
            Ok(())
        }
    }

    fn is_bomb(&self, unpacked_bytes: u64, packed_bytes: u64) -> bool {
        unpacked_bytes > self.ratio_floor_bytes && unpacked_bytes > packed_bytes.saturating_mul(self.ratio)
    }
}

/// How many bytes a member takes where it is packed.
#[derive(Clone, Copy)]
enum Packed<'b> {
    /// So many, says the directory of its archive.
    Declared(u64),
    /// Nobody says: as many as its decoder has taken until now.
    Taken(&'b Cell<u64>),
}

/// Decompressed bytes of a member, until its budget or that of its container is spent.
pub(super) struct BudgetReader<'b, R> {
    inner: R,
    budget: &'b Budget,
    packed: Packed<'b>,
    unpacked_bytes: u64,
}

impl<'b, R: Read> BudgetReader<'b, R> {
    /// Watches `inner`, which decompresses `packed_bytes`.
    pub(super) fn new(inner: R, budget: &'b Budget, packed_bytes: u64) -> Self {
        Self { inner, budget, packed: Packed::Declared(packed_bytes), unpacked_bytes: 0 }
    }

    /// Watches `inner`, which decompresses a stream and counts in `taken_bytes` what it has taken of it.
    pub(super) fn of_stream(inner: R, budget: &'b Budget, taken_bytes: &'b Cell<u64>) -> Self {
        Self { inner, budget, packed: Packed::Taken(taken_bytes), unpacked_bytes: 0 }
    }

    fn is_bomb(&self) -> bool {
        match self.packed {
            Packed::Declared(bytes) => self.budget.is_bomb(self.unpacked_bytes, bytes),
            Packed::Taken(bytes) => {
                self.unpacked_bytes > self.budget.stream_floor_bytes
                    && self.budget.is_bomb(self.unpacked_bytes, bytes.get())
            }
        }
    }
}

impl<R: Read> Read for BudgetReader<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        self.unpacked_bytes = self.unpacked_bytes.saturating_add(count as u64);
        let verdict = if self.is_bomb() { Err(Reason::Bomb) } else { self.budget.remaining(count as u64) };
        match verdict {
            Ok(()) => Ok(count),
            Err(reason) => {
                self.budget.tripped.set(Some(reason));
                Err(io::ErrorKind::FileTooLarge.into())
            }
        }
    }
}

/// Counts and hashes what passes.
pub(super) struct HashingReader<R> {
    inner: R,
    hasher: Xxh3,
    bytes: u64,
}

impl<R: Read> HashingReader<R> {
    /// Watches `inner`.
    pub(super) fn new(inner: R) -> Self {
        Self { inner, hasher: Xxh3::new(), bytes: 0 }
    }

    /// Bytes that have passed.
    pub(super) fn byte_count(&self) -> u64 {
        self.bytes
    }

    /// The xxh3-128 of what has passed.
    pub(super) fn hash(&self) -> u128 {
        self.hasher.digest128()
    }
}

impl<R: Read> Read for HashingReader<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        self.hasher.update(buffer.get(..count).unwrap_or_default());
        self.bytes = self.bytes.saturating_add(count as u64);
        Ok(count)
    }
}

/// Stops a parser that would hold a record without end: a stray quote in a table, a text node of a gigabyte.
///
/// The parser calls [`RecordGuard::mark`] after each record. When one has taken more than the cap, reading fails, and
/// [`RecordGuard::unread`] gives back what the parser had swallowed, so that it can be read as running text.
pub(super) struct RecordGuard<R> {
    inner: R,
    most_bytes: usize,
    held: Vec<u8>,
    /// Offset of the first held byte in the stream.
    held_from: u64,
    last_chunk_bytes: usize,
    is_marked: bool,
    is_tripped: bool,
}

impl<R: Read> RecordGuard<R> {
    /// Watches `inner`.
    pub(super) fn new(inner: R, most_bytes: usize) -> Self {
        let held = Vec::new();
        Self { inner, most_bytes, held, held_from: 0, last_chunk_bytes: 0, is_marked: false, is_tripped: false }
    }

    /// A record has been finished.
    pub(super) fn mark(&mut self) {
        self.is_marked = true;
    }

    /// Whether reading failed because a record was too long.
    pub(super) fn is_tripped(&self) -> bool {
        self.is_tripped
    }

    /// What was read from `offset` on, as far as it is still held: the unfinished record and nothing before it.
    pub(super) fn unread(&self, offset: u64) -> &[u8] {
        let skipped = usize::try_from(offset.saturating_sub(self.held_from)).unwrap_or(usize::MAX);
        self.held.get(skipped..).unwrap_or_default()
    }

    /// What has not been read yet.
    pub(super) fn rest(&mut self) -> &mut R {
        &mut self.inner
    }
}

impl<R: Read> Read for RecordGuard<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.held.len() > self.most_bytes {
            self.is_tripped = true;
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        if self.is_marked {
            // The unfinished record began in the chunk that was handed out last.
            let done = self.held.len().saturating_sub(self.last_chunk_bytes);
            self.held.drain(..done);
            self.held_from = self.held_from.saturating_add(done as u64);
            self.is_marked = false;
        }
        let count = self.inner.read(buffer)?;
        self.held.extend_from_slice(buffer.get(..count).unwrap_or_default());
        self.last_chunk_bytes = count;
        Ok(count)
    }
}
