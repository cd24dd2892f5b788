//! Cabinets of Windows: folders of blocks of 32 KiB, and files that follow each other in what they unpack to.
//!
//! Not the crate `cab`: it opens a file by its name alone, of which there may be two, unpacks the folder once more for each,
//! and brings a clock. The places of the fields are from the specification that Microsoft published ([MS-CAB]).

use std::{
    io::{self, Read, SeekFrom},
    panic::{AssertUnwindSafe, catch_unwind},
};

use super::{
    cab_blocks::{Blocks, Packing},
    members::{self, Members, Promised, read_header},
    watched::{Taken, Watched},
};
use crate::{
    extract::{Job, Reading, Sink, Source, bounded::BudgetReader},
    model::Reason,
    open::Format,
};

const HAS_PREVIOUS: u64 = 1;
const HAS_NEXT: u64 = 2;
const HAS_RESERVE: u64 = 4;
/// Folder numbers of files that go on in another cabinet of the set begin here.
const FIRST_SPLIT: u64 = 0xfffd;
/// Names end with a zero; none is longer.
const MOST_NAME_BYTES: usize = 256;

struct Folder {
    start: u64,
    blocks: u64,
    packing: Packing,
}

struct File {
    bytes: u64,
    offset: u64,
    folder: u64,
    name: Vec<u8>,
}

struct Cabinet {
    folders: Vec<Folder>,
    files: Vec<File>,
    /// Bytes of the maker's own at the head of each block.
    block_reserve: u64,
    is_cut: bool,
}

/// Reads the files of a cabinet.
pub(super) fn read(job: &Job<'_>, source: &mut dyn Source, sink: &mut dyn Sink) -> Result<Reading, Reason> {
    // The decoder of LZX asserts what a broken block may break.
    catch_unwind(AssertUnwindSafe(|| read_members(job, source, sink))).unwrap_or(Err(Reason::Crashed))
}

fn read_members(job: &Job<'_>, source: &mut dyn Source, sink: &mut dyn Sink) -> Result<Reading, Reason> {
    let cabinet = Cabinet::read(source)?;
    let mut members = Members::of(job, sink)?;
    if cabinet.is_cut {
        members.note(Reason::Corrupt);
    }
    for (number, folder) in (0u64..).zip(&cabinet.folders) {
        let mut files: Vec<&File> = cabinet.files.iter().filter(|file| file.folder == number).collect();
        files.sort_by_key(|file| file.offset);
        if !read_folder(job, source, folder, cabinet.block_reserve, &files, &mut members) {
            return Ok(members.finish(Format::Cab));
        }
    }
    let folders = cabinet.folders.len() as u64;
    for file in cabinet.files.iter().filter(|file| file.folder >= folders) {
        let reason = if file.folder >= FIRST_SPLIT { Reason::ContentNotRead } else { Reason::Corrupt };
        if !members.list(&file.name, reason) {
            break;
        }
    }
    Ok(members.finish(Format::Cab))
}

/// Unpacks a folder once, with all of its files in order. Gives `false` once there are too many members.
fn read_folder(
    job: &Job<'_>,
    source: &mut dyn Source,
    folder: &Folder,
    reserve: u64,
    files: &[&File],
    members: &mut Members<'_>,
) -> bool {
    let taken = Taken::default();
    let mut unpacked = Blocks::new(Watched::new(source, &taken), folder.start, folder.blocks, reserve, folder.packing);
    let mut content = BudgetReader::of_stream(&mut unpacked, job.budget, &taken.bytes);
    let mut at = 0;
    for file in files {
        let skipped =
            file.offset.checked_sub(at).ok_or(Reason::Corrupt).and_then(|gap| skip(&mut content, gap, &taken));
        let goes_on = if let Err(reason) = skipped {
            // Nothing behind a broken block can be unpacked, and no two files stand in one place.
            members.list(&file.name, job.budget.blame(reason))
        } else {
            let mut one = Promised::new(&mut content, file.bytes);
            let goes_on = members.read(&file.name, &mut one);
            at = file.offset + file.bytes - one.left_bytes();
            goes_on
        };
        if !goes_on {
            return false;
        }
    }
    if unpacked.is_broken() {
        members.note(Reason::Corrupt);
    }
    true
}

fn skip(content: &mut dyn Read, bytes: u64, taken: &Taken) -> Result<(), Reason> {
    let passed = io::copy(&mut content.take(bytes), &mut io::sink()).map_err(|error| taken.reason(&error))?;
    if passed < bytes { Err(Reason::Corrupt) } else { Ok(()) }
}

impl Cabinet {
    fn read(source: &mut dyn Source) -> Result<Self, Reason> {
        let header = read_header(source, 36, 36)?;
        let (files_at, flags) = (number(&header, 16, 4)?, number(&header, 30, 2)?);
        let (folder_count, file_count) = (number(&header, 26, 2)?, number(&header, 28, 2)?);
        let (mut folder_reserve, mut block_reserve) = (0, 0);
        if flags & HAS_RESERVE != 0 {
            let reserve = read_header(source, 4, 4)?;
            (folder_reserve, block_reserve) = (number(&reserve, 2, 1)?, number(&reserve, 3, 1)?);
            read_header(source, number(&reserve, 0, 2)?, u64::from(u16::MAX))?;
        }
        let names = [HAS_PREVIOUS, HAS_NEXT].into_iter().filter(|flag| flags & flag != 0).count() * 2;
        (0..names).try_for_each(|_| read_name(source).map(drop))?;
        let mut cabinet = Self { folders: Vec::new(), files: Vec::new(), block_reserve, is_cut: false };
        for _ in 0..folder_count {
            let folder = read_header(source, 8 + folder_reserve, 8 + folder_reserve)?;
            let packing = Packing::of(number(&folder, 6, 2)?);
            cabinet.folders.push(Folder { start: number(&folder, 0, 4)?, blocks: number(&folder, 4, 2)?, packing });
        }
        source.seek(SeekFrom::Start(files_at)).map_err(|error| Reason::from(&error))?;
        for _ in 0..file_count {
            let Ok(file) = File::read(source) else {
                cabinet.is_cut = true;
                break;
            };
            cabinet.files.push(file);
        }
        if cabinet.files.is_empty() && cabinet.is_cut { Err(Reason::Corrupt) } else { Ok(cabinet) }
    }
}

impl File {
    fn read(source: &mut dyn Source) -> Result<Self, Reason> {
        let header = read_header(source, 16, 16)?;
        let mut name = read_name(source)?;
        members::part_by_slashes(&mut name);
        let (bytes, offset, folder) = (number(&header, 0, 4)?, number(&header, 4, 4)?, number(&header, 8, 2)?);
        Ok(Self { bytes, offset, folder, name })
    }
}

/// A name that ends with a zero.
fn read_name(source: &mut dyn Source) -> Result<Vec<u8>, Reason> {
    let mut name = Vec::new();
    while name.len() < MOST_NAME_BYTES {
        match read_header(source, 1, 1)?.first() {
            Some(0) | None => return Ok(name),
            Some(byte) => name.push(*byte),
        }
    }
    Err(Reason::Corrupt)
}

/// A number of so many bytes, the lowest first.
fn number(bytes: &[u8], at: usize, length: usize) -> Result<u64, Reason> {
    let field = bytes.get(at..at + length).ok_or(Reason::Corrupt)?;
    Ok(field.iter().rev().fold(0, |sum, byte| sum << 8 | u64::from(*byte)))
}
