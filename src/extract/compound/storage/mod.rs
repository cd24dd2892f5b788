//! A compound file: storages (folders) and streams (files) in sectors of one file (MS-CFB).
//!
//! A reader of our own. The crate for it (`cfb`) refuses a whole file for one broken link in its tables, so that of a file
//! that was cut or half overwritten nothing would be read; it writes the files of the tests, and so is held against this.
//! Nothing that is declared is believed: no chain is longer than the file, and no size is allocated ahead.

use std::{collections::BTreeSet, io::Read};

use super::{
    super::Source,
    numbers::{u16_at, u32_at, utf16},
};
use crate::{model::Reason, open::Limits};

mod chains;
mod stream;

use chains::{Chains, SMALL_SECTOR_BYTES};
pub(super) use stream::Stream;

/// Bytes of an entry of the directory.
const ENTRY_BYTES: usize = 128;

/// A compound file that has been opened.
pub(super) struct Storage<'s> {
    source: &'s mut dyn Source,
    chains: Chains,
    entries: Vec<Entry>,
    /// The sectors that hold the small ones.
    holding: Vec<u32>,
    /// More entries than are looked at.
    is_cut: bool,
    /// What was met while its streams were read.
    noted: Option<Reason>,
}

/// Where an entry names no other one (MS-CFB, 2.6.1 `NOSTREAM`).
const NO_ENTRY: u32 = u32::MAX;

/// An entry of the directory, by its number.
pub(super) type EntryId = usize;

/// The root storage.
pub(super) const ROOT: EntryId = 0;

/// What the directory says of a storage or a stream.
struct Entry {
    name: String,
    kind: u8,
    siblings: [u32; 2],
    child: u32,
    first: u32,
    size: u64,
    /// The entries in it, as far as it is a storage.
    children: Vec<EntryId>,
}

impl<'s> Storage<'s> {
    /// Reads the tables and the directory.
    pub(super) fn open(source: &'s mut dyn Source, limits: &Limits) -> Result<Self, Reason> {
        let chains = Chains::read(source)?;
        let mut storage = Self { source, chains, entries: Vec::new(), holding: Vec::new(), is_cut: false, noted: None };
        storage.read_directory(limits.directory_entries)?;
        let holder = storage.entries.first().map_or(u32::MAX, |root| root.first);
        storage.holding = storage.chains.chain(holder, u64::MAX);
        storage.link();
        if storage.entries.is_empty() { Err(Reason::Corrupt) } else { Ok(storage) }
    }

    fn read_directory(&mut self, most: usize) -> Result<(), Reason> {
        let sector_bytes = self.chains.header.sector_bytes;
        let first = self.chains.header.directory;
        let most_sectors = (most.saturating_mul(ENTRY_BYTES) as u64).div_ceil(sector_bytes);
        let mut sectors = self.chains.chain(first, most_sectors.saturating_add(1));
        self.is_cut = sectors.len() as u64 > most_sectors;
        sectors.truncate(most_sectors as usize);
        for sector in sectors {
            let mut bytes = Vec::new();
            chains::read_at(self.source, self.chains.offset(sector), sector_bytes as usize, &mut bytes)?;
            self.entries.extend(bytes.chunks_exact(ENTRY_BYTES).filter_map(Entry::parse));
        }
        Ok(())
    }

    /// Hangs each entry below its storage. An entry that is met again (a loop) stays where it was first.
    fn link(&mut self) {
        let mut seen = BTreeSet::from([ROOT]);
        let mut open = vec![(ROOT, self.entries.first().map_or(u32::MAX, |root| root.child))];
        while let Some((parent, id)) = open.pop() {
            // What is named and not there lay in a sector of the directory that is missing.
            let is_missing = id != NO_ENTRY && id as usize >= self.entries.len();
            self.chains.is_damaged |= is_missing && !self.is_cut;
            let id = id as EntryId;
            let Some(entry) = self.entries.get(id).filter(|entry| entry.kind != 0) else { continue };
            if !seen.insert(id) {
                continue;
            }
            open.extend(entry.siblings.map(|sibling| (parent, sibling)));
            if entry.is_storage() {
                open.push((id, entry.child));
            }
            if let Some(parent) = self.entries.get_mut(parent) {
                parent.children.push(id);
            }
        }
        // In the order of the file, which is mostly that of writing: the tree is sorted by length and letter.
        for entry in &mut self.entries {
            entry.children.sort_unstable();
        }
    }

    /// Whether something of the tables, the directory or the streams that were opened until now is missing.
    pub(super) fn damage(&self) -> Option<Reason> {
        let corrupt = self.chains.is_damaged.then_some(Reason::Corrupt);
        corrupt.or(self.noted).or(self.is_cut.then_some(Reason::TooMany))
    }

    /// Keeps in mind why something was not read whole.
    pub(super) fn note(&mut self, reason: Option<Reason>) {
        self.noted = self.noted.or(reason);
    }

    /// The entries of a storage.
    pub(super) fn children(&self, id: EntryId) -> Vec<EntryId> {
        self.entries.get(id).map(|entry| entry.children.clone()).unwrap_or_default()
    }

    /// The name of an entry.
    pub(super) fn name(&self, id: EntryId) -> &str {
        self.entries.get(id).map_or("", |entry| &entry.name)
    }

    /// Whether an entry is a storage and no stream.
    pub(super) fn is_storage(&self, id: EntryId) -> bool {
        self.entries.get(id).is_some_and(Entry::is_storage)
    }

    /// The declared size of a stream.
    pub(super) fn size(&self, id: EntryId) -> u64 {
        self.entries.get(id).map_or(0, |entry| entry.size)
    }

    /// The entry of this name in a storage; names are the same in any case.
    pub(super) fn find(&self, parent: EntryId, name: &str) -> Option<EntryId> {
        let children = &self.entries.get(parent)?.children;
        children.iter().copied().find(|id| self.name(*id).eq_ignore_ascii_case(name))
    }

    /// Opens a stream. Where its chain ends before it should, that is noted, and to read what is missing fails.
    pub(super) fn stream(&mut self, id: EntryId) -> Stream<'_> {
        let file_bytes = self.chains.file_bytes;
        let (offsets, sector_bytes, size) = self.places(id);
        let stream = Stream::new(self.source, file_bytes, offsets, sector_bytes, size);
        if stream.is_cut() {
            self.noted = self.noted.or(Some(Reason::Corrupt));
        }
        stream
    }

    /// Where the sectors of a stream lie, how long each is, and how long all of it should be.
    fn places(&self, id: EntryId) -> (Vec<u64>, u64, u64) {
        let (first, size) = self.entries.get(id).map_or((u32::MAX, 0), |entry| (entry.first, entry.size));
        let sector_bytes = self.chains.header.sector_bytes;
        if size >= self.chains.header.cutoff_bytes || id == ROOT {
            let sectors = self.chains.chain(first, size.div_ceil(sector_bytes));
            let offsets = sectors.into_iter().map(|sector| self.chains.offset(sector)).collect();
            return (offsets, sector_bytes, size);
        }
        let small_per_sector = (sector_bytes / SMALL_SECTOR_BYTES) as u32;
        let place = |small: u32| {
            let sector = self.holding.get((small / small_per_sector) as usize)?;
            Some(self.chains.offset(*sector).saturating_add(u64::from(small % small_per_sector) * SMALL_SECTOR_BYTES))
        };
        let chain = self.chains.small_chain(first, size.div_ceil(SMALL_SECTOR_BYTES));
        let offsets = chain.into_iter().map_while(place).collect();
        (offsets, SMALL_SECTOR_BYTES, size)
    }

    /// The bytes of a stream, at most so many, and why they are not all of it.
    pub(super) fn bytes(&mut self, id: EntryId, most: u64) -> (Vec<u8>, Option<Reason>) {
        let declared = self.size(id);
        let mut bytes = Vec::new();
        let outcome = self.stream(id).take(most).read_to_end(&mut bytes);
        let partial = match outcome {
            Err(error) => Some(Reason::from(&error)),
            Ok(_) if bytes.len() as u64 >= declared => None,
            Ok(_) if bytes.len() as u64 >= most => Some(Reason::TooLarge),
            Ok(_) => Some(Reason::Corrupt),
        };
        (bytes, partial)
    }

    /// The same by name; nothing where there is no such stream.
    pub(super) fn bytes_of(&mut self, parent: EntryId, name: &str, most: u64) -> Option<(Vec<u8>, Option<Reason>)> {
        let id = self.find(parent, name).filter(|id| !self.is_storage(*id))?;
        Some(self.bytes(id, most))
    }
}

impl Entry {
    fn parse(bytes: &[u8]) -> Option<Self> {
        let name_bytes = usize::from(u16_at(bytes, 64)?).min(64);
        let kind = *bytes.get(66)?;
        Some(Self {
            name: utf16(bytes.get(..name_bytes)?),
            kind,
            siblings: [u32_at(bytes, 68)?, u32_at(bytes, 72)?],
            child: u32_at(bytes, 76)?,
            first: u32_at(bytes, 116)?,
            // Files of small sectors may leave anything in the upper half, and are never that long.
            size: u64::from(u32_at(bytes, 120)?),
            children: Vec::new(),
        })
    }

    fn is_storage(&self) -> bool {
        matches!(self.kind, 1 | 5)
    }
}

#[cfg(test)]
mod tests;
