//! ar, as Debian's packages and libraries of objects are written, and the payload of an RPM package.

use std::io::Read;

use super::members::{Members, Promised, read_header};
use crate::{
    extract::{Job, Reading, Sink},
    model::Reason,
    open::Format,
};

/// Reads the members of an ar archive.
pub(super) fn read(job: &Job<'_>, reader: &mut dyn Read, sink: &mut dyn Sink) -> Result<Reading, Reason> {
    let mut members = Members::of(job, sink)?;
    read_header(reader, 8, 8)?;
    let mut long_names = Vec::new();
    loop {
        match read_member(job.limits.header_bytes, reader, &mut long_names, &mut members) {
            Ok(true) => {}
            Ok(false) => break,
            Err(reason) => {
                members.note(reason);
                break;
            }
        }
    }
    Ok(members.finish(Format::Ar))
}

/// Reads one member. Gives `false` at the end.
fn read_member(
    most_bytes: u64,
    reader: &mut dyn Read,
    long_names: &mut Vec<u8>,
    members: &mut Members<'_>,
) -> Result<bool, Reason> {
    let mut header = Vec::new();
    (&mut *reader).take(60).read_to_end(&mut header).map_err(|error| Reason::from(&error))?;
    // One byte may be left where a writer filled up to an even length.
    if header.len() < 2 {
        return Ok(false);
    }
    let (Some(name), Some(size), Some(b"`\n")) = (header.get(..16), header.get(48..58), header.get(58..60)) else {
        return Err(Reason::Corrupt);
    };
    let mut bytes = decimal(size).ok_or(Reason::Corrupt)?;
    let padding = bytes % 2;
    let name = name.trim_ascii_end();
    let goes_on = match name {
        // Tables of symbols, for linkers.
        b"/" | b"/SYM64/" | b"__.SYMDEF" | b"__.SYMDEF SORTED" => true,
        b"//" => {
            *long_names = read_header(reader, bytes, most_bytes)?;
            bytes = 0;
            true
        }
        _ => {
            let name = if let Some(length) = name.strip_prefix(b"#1/").and_then(decimal) {
                bytes = bytes.checked_sub(length).ok_or(Reason::Corrupt)?;
                read_header(reader, length, most_bytes)?.split(|byte| *byte == 0).next().unwrap_or_default().to_vec()
            } else {
                name_of(name, long_names)
            };
            let mut content = Promised::new(&mut *reader, bytes);
            let goes_on = members.read(&name, &mut content);
            content.skip().map_err(|error| Reason::from(&error))?;
            bytes = 0;
            goes_on
        }
    };
    skip(reader, bytes.saturating_add(padding))?;
    Ok(goes_on)
}

/// `name/`, or `/17`: the place of a long one in the member that keeps them.
fn name_of(name: &[u8], long_names: &[u8]) -> Vec<u8> {
    let place = name.strip_prefix(b"/").and_then(decimal).and_then(|at| usize::try_from(at).ok());
    let name = place
        .and_then(|at| long_names.get(at..))
        .map_or(name, |from| from.split(|byte| *byte == b'\n').next().unwrap_or_default());
    name.strip_suffix(b"/").unwrap_or(name).to_vec()
}

fn decimal(digits: &[u8]) -> Option<u64> {
    std::str::from_utf8(digits).ok()?.trim().parse().ok()
}

/// Reads the payload of an RPM package: a packed cpio archive behind a lead and two headers.
pub(super) fn read_rpm(job: &Job<'_>, reader: &mut dyn Read, sink: &mut dyn Sink) -> Result<Reading, Reason> {
    const LEAD_BYTES: u64 = 96;
    skip(reader, LEAD_BYTES)?;
    let signature_bytes = skip_rpm_header(reader)?;
    skip(reader, (8 - signature_bytes % 8) % 8)?;
    skip_rpm_header(reader)?;
    let mut members = Members::of(job, sink)?;
    members.read(b"payload", reader);
    Ok(members.finish(Format::Rpm))
}

/// Passes over one header: a count of entries of 16 bytes, and the length of what they point into. Gives its length.
fn skip_rpm_header(reader: &mut dyn Read) -> Result<u64, Reason> {
    let header = read_header(reader, 16, 16)?;
    let number =
        |from: usize| header.get(from..from + 4).map(|it| it.iter().fold(0, |sum, byte| sum << 8 | u64::from(*byte)));
    let (true, Some(entries), Some(store_bytes)) = (header.starts_with(b"\x8e\xad\xe8\x01"), number(8), number(12))
    else {
        return Err(Reason::Corrupt);
    };
    let bytes = entries * 16 + store_bytes;
    skip(reader, bytes)?;
    Ok(bytes)
}

fn skip(reader: &mut dyn Read, bytes: u64) -> Result<(), Reason> {
    Promised::new(reader, bytes).skip().map_err(|error| Reason::from(&error))
}
