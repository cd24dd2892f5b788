//! 7z: blocks that hold one member or many, each decompressed from its beginning.

use std::{
    cell::Cell,
    io::{self, Read},
    panic::{AssertUnwindSafe, catch_unwind},
};

use sevenz_rust2::{Archive, ArchiveEntry, BlockDecoder, EncoderMethod, Error, Password};

use super::{
    members::Members,
    watched::{Taken, Watched},
};
use crate::{
    extract::{Job, Reading, Sink, Source, bounded::BudgetReader},
    model::Reason,
    open::Format,
};

/// Reads the members of a 7z archive.
pub(super) fn read(job: &Job<'_>, source: &mut dyn Source, sink: &mut dyn Sink) -> Result<Reading, Reason> {
    catch_unwind(AssertUnwindSafe(|| read_members(job, source, sink))).unwrap_or(Err(Reason::Crashed))
}

fn read_members(job: &Job<'_>, source: &mut dyn Source, sink: &mut dyn Sink) -> Result<Reading, Reason> {
    let most_kib = usize::try_from(job.limits.decoder_bytes >> 10).unwrap_or(usize::MAX);
    let password = Password::empty();
    let taken = Taken::default();
    let mut source = Watched::new(source, &taken);
    let archive =
        Archive::read_with_memory_limit(&mut source, &password, most_kib).map_err(|error| reason_of(&error, &taken))?;
    let mut members = Members::of(job, sink)?;
    for index in 0..archive.blocks.len() {
        taken.bytes.set(0);
        let decoder = BlockDecoder::new_with_memory_limit(1, most_kib, index, &archive, &password, &mut source);
        let is_encrypted =
            archive.blocks.get(index).is_some_and(|block| block.coders.iter().any(|it| is_aes(it.encoder_method_id())));
        if !read_block(job, decoder, is_encrypted, &taken, &mut members) {
            return Ok(members.finish(Format::SevenZip));
        }
    }
    for entry in archive.files.iter().filter(|it| !it.has_stream() && !it.is_directory() && !it.is_anti_item()) {
        if !members.list(entry.name().as_bytes(), Reason::Empty) {
            break;
        }
    }
    Ok(members.finish(Format::SevenZip))
}

/// Reads what is in one block. Behind a broken place nothing more of it can be read, and is named with the reason. Gives
/// `false` once there are too many members.
fn read_block<R: Source>(
    job: &Job<'_>,
    decoder: BlockDecoder<'_, R>,
    is_encrypted: bool,
    taken: &Taken,
    members: &mut Members<'_>,
) -> bool {
    let entries: Vec<ArchiveEntry> = decoder.entries().iter().filter(|entry| entry.has_stream()).cloned().collect();
    let (mut done, goes_on) = (0, Cell::new(true));
    let outcome = if is_encrypted {
        Err(Error::PasswordRequired)
    } else {
        decoder.for_each_entries(&mut |entry, content| {
            if !entry.has_stream() {
                return Ok(true);
            }
            done += 1;
            let content = Unpacked { inner: content, taken };
            let mut content = BudgetReader::of_stream(content, job.budget, &taken.bytes);
            goes_on.set(members.read(entry.name().as_bytes(), &mut content));
            // What follows in the block can only be had by decompressing what was left of this one: that has a price too.
            if goes_on.get() && done < entries.len() {
                io::copy(&mut content, &mut io::sink())?;
            }
            Ok(goes_on.get() && done < entries.len())
        })
    };
    let Err(error) = outcome else { return goes_on.get() };
    let reason = job.budget.blame(reason_of(&error, taken));
    if !is_encrypted {
        members.note(reason);
    }
    goes_on.get() && entries.iter().skip(done).all(|entry| members.list(entry.name().as_bytes(), reason))
}

/// The bytes of a member, with the complaints of the decoder in words of the system.
struct Unpacked<'u> {
    inner: &'u mut dyn Read,
    taken: &'u Taken,
}

impl Read for Unpacked<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.inner.read(buffer).map_err(|error| self.taken.blame(&error))
    }
}

fn is_aes(method: &[u8]) -> bool {
    method == EncoderMethod::ID_AES256_SHA256
}

fn reason_of(error: &Error, taken: &Taken) -> Reason {
    let name_of_aes = EncoderMethod::by_id(EncoderMethod::ID_AES256_SHA256).map(|method| method.name());
    match error {
        Error::PasswordRequired | Error::MaybeBadPassword(_) => Reason::Encrypted,
        Error::UnsupportedCompressionMethod(name) if Some(name.as_str()) == name_of_aes => Reason::Encrypted,
        Error::UnsupportedCompressionMethod(_)
        | Error::Unsupported(_)
        | Error::ExternalUnsupported
        | Error::UnsupportedVersion { .. } => Reason::UnsupportedFormat,
        Error::MaxMemLimited { .. } => Reason::MemoryLimit,
        Error::Io(error, _) => taken.reason(error),
        _ => Reason::Corrupt,
    }
}
