//! Zip archives: office files by what is in them, and everything else member by member, nested ones too.

use std::io::{BufReader, Read, Seek, SeekFrom};

use zip::{ZipArchive, read::read_zipfile_from_stream};

use super::{
    super::{Job, Reading, Sink, Source, bounded::BudgetReader, fixed, office},
    members::Members,
    reason::reason_of,
    shadowed,
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
    let has_shadowed = archive.has_duplicate_names();
    let read = match kind_of(&mut archive) {
        Some(format) if format.family() == Family::Fixed => fixed::read_package(job, format, &mut archive, sink),
        Some(format @ (Format::Ods | Format::Odt | Format::Odp)) => {
            office::read_package(job, format, &mut archive, sink)
        }
        Some(format) => {
            let read = office::read_package(job, format, &mut archive, sink);
            read_beside_package(job, format, read, &mut archive, sink)
        }
        // An office file by name or first members, without the main part.
        None if sniffed != Format::Zip && archive.is_empty() => Err(Reason::Corrupt),
        None => return read_members(job, archive, sink),
    };
    // No package has two parts of one name.
    let broken = has_shadowed.then_some(Reason::Corrupt);
    read.map(|reading| Reading { partial: reading.partial.or(broken), ..reading })
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
    mut archive: ZipArchive<R>,
    sink: &mut dyn Sink,
) -> Result<Reading, Reason> {
    let mut members = Members::of(job, sink)?;
    if read_those(job, &mut archive, |_| true, &mut members) && archive.has_duplicate_names() {
        shadowed::read(job, archive, &mut members);
    }
    Ok(members.finish(Format::Zip))
}

/// Reads what is packed with an Office package and is no part of it, member by member.
fn read_beside_package<R: Read + Seek>(
    job: &Job<'_>,
    format: Format,
    read: Result<Reading, Reason>,
    archive: &mut ZipArchive<R>,
    sink: &mut dyn Sink,
) -> Result<Reading, Reason> {
    if archive.file_names_raw().all(is_part_of_package) {
        return read;
    }
    let beside = Members::of(job, sink).map(|mut members| {
        if let Err(reason) = read {
            members.note(reason);
        }
        read_those(job, archive, |name| !is_part_of_package(name), &mut members);
        members.finish(format)
    });
    match (read, beside) {
        (Ok(reading), Ok(beside)) => Ok(Reading { partial: reading.partial.or(beside.partial), ..reading }),
        (Ok(reading), Err(reason)) => Ok(Reading { partial: reading.partial.or(Some(reason)), ..reading }),
        (Err(_), beside) => beside,
    }
}

/// Whether a member stands where the parts of an Office package do, or where its reader takes members from.
fn is_part_of_package(raw_name: &[u8]) -> bool {
    // What Office itself writes: documents, properties, labels of sensitivity, signatures, ribbons.
    const FOLDERS: &[&str] = &[
        "word",
        "ppt",
        "xl",
        "visio",
        "docprops",
        "customxml",
        "_rels",
        "meta-inf",
        "docmetadata",
        "_xmlsignatures",
        "customui",
        "usercustomization",
    ];
    let name = String::from_utf8_lossy(raw_name).replace('\\', "/").to_lowercase();
    let name = name.trim_start_matches('/');
    let (folder, file) = name.rsplit_once('/').unwrap_or(("", name));
    let top = name.split_once('/').map_or("", |(top, _)| top);
    // Folders have no name behind the last slash.
    file.is_empty()
        || name == "[content_types].xml"
        || FOLDERS.contains(&top)
        || folder.ends_with("/_rels")
        || folder.ends_with("/embeddings")
}

/// Reads the members with these names. Gives `false` once there are too many.
fn read_those<R: Read + Seek>(
    job: &Job<'_>,
    archive: &mut ZipArchive<R>,
    is_wanted: impl Fn(&[u8]) -> bool,
    members: &mut Members<'_>,
) -> bool {
    for index in 0..archive.len() {
        let Some(member) = member_at(archive, index) else {
            members.note(Reason::Corrupt);
            continue;
        };
        if member.is_folder || !is_wanted(&member.raw_name) {
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
            return false;
        }
    }
    true
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
