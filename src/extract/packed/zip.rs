//! Zip archives: office files by what is in them, and everything else member by member, nested ones too.

use std::io::{BufReader, Read, Seek, SeekFrom};

use zip::{ZipArchive, read::read_zipfile_from_stream};

use super::{
    super::{Job, Reading, Sink, Source, bounded::BudgetReader, fixed, office},
    members::Members,
    reason::reason_of,
};
use crate::{
    model::Reason,
    open::{Format, format::Family, sniff},
};

/// Reads a zip archive, once its directory has said what it is. `sniffed` counts where the directory does not tell.
pub(crate) fn read(
    job: &Job<'_>,
    sniffed: Format,
    mut source: &mut dyn Source,
    sink: &mut dyn Sink,
) -> Result<Reading, Reason> {
    source.seek(SeekFrom::Start(0)).map_err(|error| Reason::from(&error))?;
    let mut archive = match ZipArchive::new(BufReader::new(&mut source)) {
        Ok(archive) => archive,
        Err(_) if sniffed == Format::Zip => return read_without_directory(job, source, sink),
        Err(error) => return Err(reason_of(&error)),
    };
    match kind_of(&mut archive) {
        Some(format) if format.family() == Family::Fixed => fixed::read_package(job, format, &mut archive, sink),
        Some(format) => office::read_package(job, format, &mut archive, sink),
        // An office file by name or first members, without the main part.
        None if sniffed != Format::Zip && archive.is_empty() => Err(Reason::Corrupt),
        None => read_members(job, &mut archive, sink),
    }
}

/// What the directory says that an archive is.
fn kind_of<R: Read + Seek>(archive: &mut ZipArchive<R>) -> Option<Format> {
    let mut mimetype = Vec::new();
    if let Ok(member) = archive.by_name("mimetype") {
        // What cannot be read says nothing.
        if member.take(128).read_to_end(&mut mimetype).is_err() {
            mimetype.clear();
        }
    }
    let mimetype = sniff::known_mimetype(&mimetype);
    let names = archive.file_names_raw().chain([mimetype.as_slice()]);
    sniff::zip_kind(names)
}

fn read_members<R: Read + Seek>(
    job: &Job<'_>,
    archive: &mut ZipArchive<R>,
    sink: &mut dyn Sink,
) -> Result<Reading, Reason> {
    let mut members = Members::of(job, sink)?;
    for index in 0..archive.len() {
        let Some(member) = member_at(archive, index) else {
            members.note(Reason::Corrupt);
            continue;
        };
        if member.is_folder {
            continue;
        }
        let goes_on = if member.is_encrypted {
            members.list(&member.raw_name, Reason::Encrypted)
        } else {
            members.read_with(&member.raw_name, |inner, name, sink| {
                let content = archive.by_index(index).map_err(|error| reason_of(&error))?;
                inner.extract_stream(name, &mut BudgetReader::new(content, job.budget, member.packed_bytes), sink)
            })
        };
        if !goes_on {
            break;
        }
    }
    Ok(members.finish(Format::Zip))
}

/// What the directory says of a member.
struct Member {
    raw_name: Vec<u8>,
    is_folder: bool,
    is_encrypted: bool,
    packed_bytes: u64,
}

fn member_at<R: Read + Seek>(archive: &ZipArchive<R>, index: usize) -> Option<Member> {
    let entry = archive.by_index_data(index).ok()?;
    Some(Member {
        raw_name: entry.name_raw().to_vec(),
        is_folder: entry.is_dir(),
        is_encrypted: entry.encrypted(),
        packed_bytes: entry.compressed_size(),
    })
}

/// Reads an archive that has no directory, or a broken one, from its beginning: each member says where it ends, unless it
/// was written without knowing it.
fn read_without_directory(job: &Job<'_>, source: &mut dyn Source, sink: &mut dyn Sink) -> Result<Reading, Reason> {
    source.seek(SeekFrom::Start(0)).map_err(|error| Reason::from(&error))?;
    let mut packed = BufReader::new(source);
    let mut members = Members::of(job, sink)?;
    let mut are_some = false;
    while let Ok(Some(member)) = read_zipfile_from_stream(&mut packed) {
        let raw_name = member.name_raw().to_vec();
        let goes_on = match (member.is_dir(), member.encrypted()) {
            (true, _) => true,
            (_, true) => members.list(&raw_name, Reason::Encrypted),
            _ => {
                let packed_bytes = member.compressed_size();
                members.read(&raw_name, &mut BudgetReader::new(member, job.budget, packed_bytes))
            }
        };
        are_some = true;
        if !goes_on {
            break;
        }
    }
    members.note(Reason::Corrupt);
    if are_some { Ok(members.finish(Format::Zip)) } else { Err(Reason::Corrupt) }
}
