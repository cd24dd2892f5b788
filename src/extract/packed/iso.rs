//! ISO 9660: names of Rock Ridge, of Joliet or of the standard itself, whichever says most; files stand in it as they are.
//!
//! No crate that is kept up reads it from a stream that is not a device. ECMA-119 is what the places of the fields are from;
//! Joliet and SUSP/RRIP are published by their authors.

use std::{
    collections::{BTreeSet, VecDeque},
    io::{Read, SeekFrom},
};

use encoding_rs::UTF_16BE;

use super::{
    iso_record::{Record, records},
    members::{Members, Promised},
};
use crate::{
    extract::{Job, Reading, Sink, Source, bounded::BudgetReader},
    model::Reason,
    open::Format,
};

const SECTOR_BYTES: u64 = 2048;
/// Volume descriptors begin here.
const FIRST_DESCRIPTOR: u64 = 16;
/// More descriptors than any disc has.
const MOST_DESCRIPTORS: u64 = 64;

/// A tree of folders, and how names in it are written.
struct Tree {
    root: Record,
    is_joliet: bool,
}

/// Reads the files of a disc image.
pub(super) fn read(job: &Job<'_>, source: &mut dyn Source, sink: &mut dyn Sink) -> Result<Reading, Reason> {
    let (tree, is_udf) = tree(job, source)?;
    let mut members = Members::of(job, sink)?;
    let mut folders = VecDeque::from([(Vec::new(), tree.root)]);
    // A folder may lead back to one above it.
    let mut seen = BTreeSet::new();
    let mut files = 0u64;
    while let Some((path, folder)) = folders.pop_front() {
        if !seen.insert(folder.sector) {
            continue;
        }
        let content = match bytes_at(source, folder.sector, folder.bytes, job.limits.header_bytes) {
            Ok(content) => content,
            Err(reason) => {
                members.note(reason);
                continue;
            }
        };
        for record in records(&content) {
            let path = join(&path, &name_of(&record, tree.is_joliet));
            if record.is_folder {
                if seen.len() + folders.len() < usize::try_from(job.limits.members).unwrap_or(usize::MAX) {
                    folders.push_back((path, record));
                } else {
                    members.note(Reason::TooMany);
                }
                continue;
            }
            files += 1;
            if !read_file(job, source, &path, &record, &mut members) {
                return Ok(members.finish(Format::Iso));
            }
        }
    }
    // Discs of UDF show an old program one file that says so, or nothing.
    if is_udf && files <= 1 {
        members.note(Reason::ContentNotRead);
    }
    Ok(members.finish(Format::Iso))
}

fn read_file(job: &Job<'_>, source: &mut dyn Source, path: &[u8], file: &Record, members: &mut Members<'_>) -> bool {
    if file.is_link {
        return members.list(path, Reason::Link);
    }
    members.read_with(path, |inner, name, sink| {
        let start = SeekFrom::Start(file.sector.saturating_mul(SECTOR_BYTES));
        source.seek(start).map_err(|error| Reason::from(&error))?;
        let content = Promised::new(&mut *source, file.bytes);
        // Any number of files may be said to stand in the same place.
        inner.extract_stream(name, &mut BudgetReader::new(content, job.budget, file.bytes), sink)
    })
}

/// The tree whose names say most, and whether the disc is written in UDF as well.
fn tree(job: &Job<'_>, source: &mut dyn Source) -> Result<(Tree, bool), Reason> {
    let (mut plain, mut joliet, mut is_udf) = (None, None, false);
    for sector in FIRST_DESCRIPTOR..FIRST_DESCRIPTOR + MOST_DESCRIPTORS {
        let Ok(descriptor) = bytes_at(source, sector, SECTOR_BYTES, SECTOR_BYTES) else { break };
        let root = || descriptor.get(156..190).and_then(Record::parse);
        match (descriptor.first(), descriptor.get(1..6)) {
            (Some(1), Some(b"CD001")) => plain = plain.or_else(root),
            (Some(2), Some(b"CD001")) if is_joliet(&descriptor) => joliet = joliet.or_else(root),
            (_, Some(b"CD001" | b"BEA01" | b"TEA01" | b"BOOT2")) => {}
            (_, Some(b"NSR02" | b"NSR03")) => is_udf = true,
            _ => break,
        }
    }
    let plain = plain.ok_or(Reason::Corrupt)?;
    // Rock Ridge says itself in the first record of the root.
    let first = bytes_at(source, plain.sector, SECTOR_BYTES.min(plain.bytes), SECTOR_BYTES).unwrap_or_default();
    let is_rock_ridge = first.windows(2).take(256).any(|two| two == b"SP");
    let tree = match joliet {
        Some(root) if !is_rock_ridge && root.bytes <= job.limits.header_bytes => Tree { root, is_joliet: true },
        _ => Tree { root: plain, is_joliet: false },
    };
    Ok((tree, is_udf))
}

/// The three levels of UCS-2 that Joliet knows.
fn is_joliet(descriptor: &[u8]) -> bool {
    matches!(descriptor.get(88..91), Some(b"%/@" | b"%/C" | b"%/E"))
}

fn bytes_at(source: &mut dyn Source, sector: u64, bytes: u64, most_bytes: u64) -> Result<Vec<u8>, Reason> {
    if bytes > most_bytes {
        return Err(Reason::TooLarge);
    }
    let start = SeekFrom::Start(sector.saturating_mul(SECTOR_BYTES));
    source.seek(start).map_err(|error| Reason::from(&error))?;
    let mut content = Vec::new();
    Promised::new(source, bytes).read_to_end(&mut content).map_err(|error| Reason::from(&error))?;
    Ok(content)
}

fn join(path: &[u8], name: &[u8]) -> Vec<u8> {
    if path.is_empty() { name.to_vec() } else { [path, b"/", name].concat() }
}

/// The name of a file without its version.
fn name_of(record: &Record, is_joliet: bool) -> Vec<u8> {
    if let Some(name) = &record.long_name {
        return name.clone();
    }
    let name = if is_joliet {
        UTF_16BE.decode_without_bom_handling(&record.name).0.into_owned().into_bytes()
    } else {
        record.name.clone()
    };
    let name = name.strip_suffix(b";1").unwrap_or(&name);
    name.strip_suffix(b".").unwrap_or(name).to_vec()
}
