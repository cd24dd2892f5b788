//! Property sets: title, author, company and what else is known of any compound file (MS-OLEPS).
//!
//! The values go out as running text, one by one. Numbers and dates say nothing of what a file is about; a property that
//! somebody has named himself goes out with its name.

use std::collections::BTreeMap;

use super::{
    super::Sink,
    codepage::encoding_of,
    numbers::{size_at, u16_at, u32_at, utf16},
    storage::{EntryId, Storage},
    text,
};
use crate::{model::Reason, open::Limits};

/// The streams that hold property sets.
const STREAMS: [&str; 2] = ["\u{5}SummaryInformation", "\u{5}DocumentSummaryInformation"];
/// The sections of a stream: one, and a second for properties that somebody has named.
const MOST_SECTIONS: usize = 2;
/// Properties of a section that are looked at: real files have some dozens.
const MOST_PROPERTIES: usize = 10_000;
/// The numbers of properties whose texts say nothing: how often the file was saved, and by which program.
const MEANINGLESS: [u32; 2] = [9, 18];

/// Hands on the properties of a storage.
pub(super) fn read(storage: &mut Storage<'_>, root: EntryId, limits: &Limits, sink: &mut dyn Sink) -> Option<Reason> {
    let mut partial = None;
    for stream in STREAMS {
        let Some((bytes, broken)) = storage.bytes_of(root, stream, limits.stream_bytes) else { continue };
        partial = partial.or(broken);
        for index in 0..sections(&bytes) {
            if read_section(&bytes, index, sink).is_none() {
                partial = partial.or(Some(Reason::Corrupt));
            }
        }
    }
    partial
}

fn sections(bytes: &[u8]) -> usize {
    size_at(bytes, 24).unwrap_or(0).min(MOST_SECTIONS)
}

/// Reads the section whose identifier and place stand in row `index` of the header.
fn read_section(bytes: &[u8], index: usize, sink: &mut dyn Sink) -> Option<()> {
    let start = size_at(bytes, 28 + index * 20 + 16)?;
    let section = bytes.get(start..)?;
    let count = size_at(section, 4)?.min(MOST_PROPERTIES);
    let properties: Vec<(u32, usize)> =
        (0..count).map_while(|row| Some((u32_at(section, 8 + row * 8)?, size_at(section, 12 + row * 8)?))).collect();
    let place_of = |wanted: u32| properties.iter().find(|(id, _)| *id == wanted).map(|(_, place)| *place);
    // Property 1 is the code page of all others, a signed number of two bytes.
    let code_page = place_of(1).and_then(|place| u16_at(section, place.checked_add(4)?)).unwrap_or(1252);
    let names = place_of(0).map(|place| dictionary(section.get(place..).unwrap_or_default(), code_page));
    for (id, place) in properties.iter().filter(|(id, _)| *id > 1) {
        if MEANINGLESS.contains(id) && names.is_none() {
            continue;
        }
        let name = names.as_ref().and_then(|names| names.get(id));
        let Some(value) = text_of(section.get(*place..).unwrap_or_default(), code_page) else { continue };
        match name {
            Some(name) => text::paragraph(&format!("{name}: {value}"), sink),
            None => text::paragraph(&value, sink),
        }
    }
    (properties.len() == count).then_some(())
}

/// The names of the properties of a section (MS-OLEPS, 2.17).
fn dictionary(bytes: &[u8], code_page: u16) -> BTreeMap<u32, String> {
    let mut names = BTreeMap::new();
    let count = size_at(bytes, 0).unwrap_or(0).min(MOST_PROPERTIES);
    let mut at = 4;
    for _ in 0..count {
        let (Some(id), Some(length)) = (u32_at(bytes, at), size_at(bytes, at + 4)) else { break };
        let is_wide = code_page == WIDE;
        let stored = if is_wide { length.saturating_mul(2).next_multiple_of(4) } else { length };
        let Some(name) = bytes.get(at + 8..(at + 8).saturating_add(stored)) else { break };
        names.insert(id, decode(name, code_page));
        at += 8 + stored;
    }
    names
}

/// The code page of texts of two bytes a character.
const WIDE: u16 = 1200;
/// Types of a value: a text in the code page, one of two bytes a character; many of them, of any type.
const NARROW_STRING: u32 = 0x1e;
const WIDE_STRING: u32 = 0x1f;

/// The text of a value; none in a number or a date. Vectors hold names of sheets and slides, which their readers give.
fn text_of(value: &[u8], code_page: u16) -> Option<String> {
    let kind = u32_at(value, 0)? & 0xffff;
    let length = size_at(value, 4)?;
    let stored = value.get(8..)?;
    let text = match kind {
        NARROW_STRING => decode(stored.get(..length)?, code_page),
        WIDE_STRING => utf16(stored.get(..length.saturating_mul(2))?),
        _ => return None,
    };
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

/// A text in a code page, up to its first zero.
fn decode(bytes: &[u8], code_page: u16) -> String {
    if code_page == WIDE {
        return utf16(bytes);
    }
    let length = bytes.iter().position(|byte| *byte == 0).unwrap_or(bytes.len());
    let bytes = bytes.get(..length).unwrap_or_default();
    // Some writers declare 1252 and write UTF-8.
    match simdutf8::basic::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => encoding_of(u32::from(code_page)).decode_without_bom_handling(bytes).0.into_owned(),
    }
}
