//! Drawings of AutoCAD: the properties of the drawing, from release 2004 on. Its objects are packed bit by bit, and stay
//! unread; what stands readable between them is sampled, and that is said.

use std::io::SeekFrom;

use super::{
    bytes::{Record, read_up_to, text},
    say_labelled,
};
use crate::{
    extract::{Reading, Sink, Source, strings},
    model::Reason,
    open::Limits,
};

/// Where the place of the properties stands in the header of release 2004 and later (Open Design Specification, 4.1).
const PROPERTIES_PLACE: u64 = 0x20;
/// The properties of a drawing, in their order; times stand behind the last.
const PROPERTIES: [&str; 8] =
    ["Title", "Subject", "Author", "Keywords", "Comments", "LastSavedBy", "RevisionNumber", "HyperlinkBase"];
/// Bytes of the three times between the properties and those that people add.
const TIMES: usize = 24;
/// Properties of a drawing end far below.
const MOST_BYTES: u64 = 256 << 10;

/// Reads a drawing.
pub(super) fn read(limits: &Limits, source: &mut dyn Source, sink: &mut dyn Sink) -> Result<Reading, Reason> {
    let broken = |error: std::io::Error| Reason::from(&error);
    source.seek(SeekFrom::Start(0)).map_err(broken)?;
    let head = read_up_to(source, PROPERTIES_PLACE + 4)?;
    let place = Record::new(head.get(PROPERTIES_PLACE as usize..).unwrap_or_default(), false).u32();
    let is_wide = match head.get(..6) {
        Some(b"AC1018") => Some(false),
        Some([b'A', b'C', b'1', b'0', b'2' | b'3', _]) => Some(true),
        _ => None,
    };
    if let (Some(is_wide), Some(place)) = (is_wide, place.filter(|place| *place > 0)) {
        source.seek(SeekFrom::Start(u64::from(place))).map_err(broken)?;
        let content = read_up_to(source, MOST_BYTES)?;
        // Cut or elsewhere: what was told before counts.
        properties(&mut Record::new(&content, false), is_wide, sink).unwrap_or_default();
    }
    match strings::sample(source, limits, sink) {
        Ok(_) | Err(Reason::UnsupportedFormat) => {}
        Err(reason) => return Err(reason),
    }
    Ok(Reading { partial: Some(Reason::StringsOnly), ..Reading::default() })
}

fn properties(record: &mut Record<'_>, is_wide: bool, sink: &mut dyn Sink) -> Option<()> {
    for label in PROPERTIES {
        let value = value(record, is_wide)?;
        say_labelled(label, &value, sink);
    }
    record.take(TIMES)?;
    for _ in 0..record.u16()? {
        let label = value(record, is_wide)?;
        say_labelled(&label, &value(record, is_wide)?, sink);
    }
    Some(())
}

/// A text behind the number of its characters, its zero included.
fn value(record: &mut Record<'_>, is_wide: bool) -> Option<String> {
    let characters = usize::from(record.u16()?);
    if !is_wide {
        return record.take(characters).map(text);
    }
    let mut units = Record::new(record.take(characters * 2)?, false);
    let units: Vec<u16> = std::iter::from_fn(|| units.u16()).take_while(|unit| *unit != 0).collect();
    Some(String::from_utf16_lossy(&units))
}
