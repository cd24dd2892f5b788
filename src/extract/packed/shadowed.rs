//! Members of a zip archive that have the name of a later one: the directory lists them all, the reader keeps the last.

use std::{
    collections::BTreeSet,
    io::{Read, Seek, SeekFrom},
};

use zip::{ZipArchive, read::read_zipfile_from_stream_with_compressed_size};

use super::{
    members::{Members, read_header},
    reason::reason_of,
};
use crate::{
    extract::{Job, bounded::BudgetReader},
    model::Reason,
};

/// How an entry of the directory begins (APPNOTE 4.3.12).
const ENTRY: &[u8] = b"PK\x01\x02";
const ENTRY_BYTES: u64 = 46;
/// Stands for a number that is in the extension for 64 bits.
const ELSEWHERE: u64 = u32::MAX as u64;

/// What the directory says of a member.
struct Entry {
    name: Vec<u8>,
    packed_bytes: u64,
    /// Where the member begins, from the beginning of the archive.
    at: u64,
    is_encrypted: bool,
    /// Of the entry itself.
    bytes: u64,
}

/// Reads those that the archive does not keep.
pub(super) fn read<R: Read + Seek>(job: &Job<'_>, archive: ZipArchive<R>, members: &mut Members<'_>) {
    let kept: BTreeSet<u64> =
        (0..archive.len()).filter_map(|index| archive.by_index_data(index).ok()).map(|it| it.header_start()).collect();
    let (mut next, archive_at) = (archive.central_directory_start(), archive.offset());
    let mut source = archive.into_inner();
    if source.seek(SeekFrom::Start(next)).is_err() {
        members.note(Reason::ReadError);
        return;
    }
    // Something else than an entry follows the last one.
    while let Ok(Some(entry)) = Entry::read(&mut source) {
        next = next.saturating_add(entry.bytes);
        let at = archive_at.saturating_add(entry.at);
        if kept.contains(&at) {
            continue;
        }
        if !read_member(job, &mut source, at, &entry, members) {
            return;
        }
        if source.seek(SeekFrom::Start(next)).is_err() {
            members.note(Reason::ReadError);
            return;
        }
    }
}

/// Gives `false` once there are too many members.
fn read_member<R: Read + Seek>(
    job: &Job<'_>,
    source: &mut R,
    at: u64,
    entry: &Entry,
    members: &mut Members<'_>,
) -> bool {
    if entry.is_encrypted {
        return members.list(&entry.name, Reason::Encrypted);
    }
    if entry.at == ELSEWHERE || entry.packed_bytes == ELSEWHERE {
        return members.list(&entry.name, Reason::ContentNotRead);
    }
    members.read_with(&entry.name, |inner, name, sink| {
        source.seek(SeekFrom::Start(at)).map_err(|error| Reason::from(&error))?;
        let content = read_zipfile_from_stream_with_compressed_size(source, entry.packed_bytes)
            .map_err(|error| reason_of(&error))?
            .ok_or(Reason::Corrupt)?;
        inner.extract_stream(name, &mut BudgetReader::new(content, job.budget, entry.packed_bytes), sink)
    })
}

impl Entry {
    /// Reads the next entry; `None` behind the last.
    fn read(source: &mut impl Read) -> Result<Option<Self>, Reason> {
        let header = read_header(source, ENTRY_BYTES, ENTRY_BYTES)?;
        if !header.starts_with(ENTRY) {
            return Ok(None);
        }
        let number = |at: usize, length: usize| {
            let field = header.get(at..at + length).unwrap_or_default();
            field.iter().rev().fold(0, |sum, byte| sum << 8 | u64::from(*byte))
        };
        let (name_bytes, rest_bytes) = (number(28, 2), number(30, 2) + number(32, 2));
        let name = read_header(source, name_bytes, name_bytes)?;
        read_header(source, rest_bytes, rest_bytes)?;
        Ok(Some(Self {
            name,
            packed_bytes: number(20, 4),
            at: number(42, 4),
            is_encrypted: number(8, 2) & 1 != 0,
            bytes: ENTRY_BYTES + name_bytes + rest_bytes,
        }))
    }
}
