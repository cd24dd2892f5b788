//! Zip archives: office files by what is in them, and everything else member by member, nested ones too.

use std::io::{BufReader, Read, Seek, SeekFrom};

use encoding_rs::GB18030;
use zip::ZipArchive;

use super::{
    super::{Job, Reading, Sink, Source, bounded::BudgetReader, fixed, office},
    reason::reason_of,
};
use crate::{
    model::Reason,
    open::{Format, encoding, format::Family, sniff},
};

/// Reads a zip archive, once its directory has said what it is. `sniffed` counts where the directory does not tell.
pub(crate) fn read(
    job: &Job<'_>,
    sniffed: Format,
    mut source: &mut dyn Source,
    sink: &mut dyn Sink,
) -> Result<Reading, Reason> {
    source.seek(SeekFrom::Start(0)).map_err(|error| Reason::from(&error))?;
    let mut archive = ZipArchive::new(BufReader::new(&mut source)).map_err(|error| reason_of(&error))?;
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
    if job.depth >= job.limits.depth {
        return Err(Reason::TooDeep);
    }
    let mut partial = None;
    let inner = Job { depth: job.depth + 1, ..*job };
    for index in 0..archive.len() {
        let Some(member) = member_at(archive, index) else {
            partial = partial.or(Some(Reason::Corrupt));
            continue;
        };
        if member.is_folder {
            continue;
        }
        let admitted = job.budget.admit_member();
        if admitted == Err(Reason::TooMany) {
            // So many names would themselves fill an inventory.
            partial = partial.or(Some(Reason::TooMany));
            break;
        }
        sink.begin_member(member.name.as_bytes());
        let outcome = if member.is_encrypted {
            Err(Reason::Encrypted)
        } else {
            admitted.and_then(|()| match archive.by_index(index) {
                Ok(content) => {
                    let mut reader = BudgetReader::new(content, job.budget, member.packed_bytes);
                    inner.extract_stream(&member.name, &mut reader, sink)
                }
                Err(error) => Err(reason_of(&error)),
            })
        };
        let stopped = outcome.as_ref().map_or_else(|reason| Some(*reason), |extracted| extracted.partial);
        if let Some(reason @ (Reason::Bomb | Reason::TooLarge | Reason::TooMany)) = stopped {
            partial = partial.or(Some(reason));
        }
        sink.end_member(outcome);
    }
    Ok(Reading { format: Some(Format::Zip), partial, ..Reading::default() })
}

/// What the directory says of a member.
struct Member {
    name: String,
    is_folder: bool,
    is_encrypted: bool,
    packed_bytes: u64,
}

fn member_at<R: Read + Seek>(archive: &ZipArchive<R>, index: usize) -> Option<Member> {
    let entry = archive.by_index_data(index).ok()?;
    Some(Member {
        name: decode_name(entry.name_raw()),
        is_folder: entry.is_dir(),
        is_encrypted: entry.encrypted(),
        packed_bytes: entry.compressed_size(),
    })
}

/// The name of a member. Bit 11 of its flags promises UTF-8, but many writers do not set it: what is UTF-8 is that, and
/// everything else is what Chinese Windows writes.
fn decode_name(raw: &[u8]) -> String {
    match simdutf8::basic::from_utf8(raw) {
        Ok(name) if !encoding::is_utf8_by_chance(name) => name.to_owned(),
        _ => GB18030.decode_without_bom_handling(raw).0.into_owned(),
    }
}
