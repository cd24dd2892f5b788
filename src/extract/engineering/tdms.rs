//! Measurements of LabVIEW: groups, channels and their properties, out of the metadata of each segment; samples are passed
//! over (National Instruments, "TDMS File Format Internal Structure").

use std::io::SeekFrom;

use super::{
    bytes::{Record, read_up_to, text},
    name, say_labelled,
};
use crate::{
    extract::{Reading, Sink, Source},
    model::Reason,
    open::Limits,
};

/// Bytes of the lead-in of a segment.
const LEAD_IN: u64 = 28;
/// Bit of the table of contents: there is metadata.
const HAS_METADATA: u32 = 1 << 1;
/// Bit of the table of contents: numbers have their high byte first.
const IS_BIG_ENDIAN: u32 = 1 << 6;

/// Reads a measurement.
pub(super) fn read(limits: &Limits, source: &mut dyn Source, sink: &mut dyn Sink) -> Result<Reading, Reason> {
    let broken = |error: std::io::Error| Reason::from(&error);
    let length = source.seek(SeekFrom::End(0)).map_err(broken)?;
    let mut at = 0u64;
    let mut partial = None;
    while at < length {
        source.seek(SeekFrom::Start(at)).map_err(broken)?;
        let lead_in = read_up_to(source, LEAD_IN)?;
        let Some(segment) = Segment::of(&lead_in) else {
            partial = Some(Reason::Corrupt);
            break;
        };
        if segment.contents & HAS_METADATA != 0 {
            let bytes = segment.metadata_bytes.min(limits.record_bytes as u64);
            let metadata = read_up_to(source, bytes)?;
            let is_whole = objects(&mut Record::new(&metadata, segment.is_big_endian()), sink).is_some();
            if !is_whole {
                let is_capped = segment.metadata_bytes > bytes;
                partial = partial.or(Some(if is_capped { Reason::TooLarge } else { Reason::Corrupt }));
            }
        }
        let Some(next) = at.checked_add(LEAD_IN).and_then(|end| end.checked_add(segment.bytes)) else {
            // A program that was killed left the length of its last segment open.
            partial = partial.or(Some(Reason::Corrupt));
            break;
        };
        at = next;
    }
    if at > length {
        partial = partial.or(Some(Reason::Corrupt));
    }
    Ok(Reading { partial, ..Reading::default() })
}

struct Segment {
    contents: u32,
    bytes: u64,
    metadata_bytes: u64,
}

impl Segment {
    fn of(lead_in: &[u8]) -> Option<Self> {
        let mut record = Record::new(lead_in.strip_prefix(b"TDSm")?, false);
        // The table of contents has its low byte first whatever the rest has.
        let contents = record.u32()?;
        let mut record = Record::new(lead_in.get(8..)?, contents & IS_BIG_ENDIAN != 0);
        record.u32()?;
        Some(Self { contents, bytes: record.u64()?, metadata_bytes: record.u64()? })
    }

    fn is_big_endian(&self) -> bool {
        self.contents & IS_BIG_ENDIAN != 0
    }
}

/// The objects of a segment; `None` where they end too early.
fn objects(record: &mut Record<'_>, sink: &mut dyn Sink) -> Option<()> {
    for _ in 0..record.u32()? {
        let path = string(record)?;
        // `/'group'/'channel'`; an apostrophe in a name is doubled.
        for part in path.split("'/'") {
            name(&part.trim_matches(['/', '\'']).replace("''", "'"), sink);
        }
        pass_index(record)?;
        for _ in 0..record.u32()? {
            let property = string(record)?;
            let kind = record.u32()?;
            if kind == STRING {
                say_labelled(&property, &string(record)?, sink);
            } else {
                record.take(width(kind)?)?;
            }
        }
    }
    Some(())
}

fn string(record: &mut Record<'_>) -> Option<String> {
    let length = record.length()?;
    record.take(length).map(text)
}

/// Passes over what is said of the samples of an object.
fn pass_index(record: &mut Record<'_>) -> Option<()> {
    match record.u32()? {
        // None, or as in the segment before.
        0xffff_ffff | 0 => Some(()),
        // Scalers of a device, and the widths of its raw values.
        0x1269 | 0x1369 | 0x6912_0000 | 0x6913_0000 => {
            record.take(16)?;
            let scalers = record.length()?;
            record.take(scalers.checked_mul(20)?)?;
            let widths = record.length()?;
            record.take(widths.checked_mul(4)?).map(|_| ())
        }
        // Its own length is part of it.
        length => record.take(usize::try_from(length).ok()?.checked_sub(4)?).map(|_| ()),
    }
}

const STRING: u32 = 0x20;

/// Bytes of a value.
fn width(kind: u32) -> Option<usize> {
    match kind {
        0 => Some(0),
        1 | 5 | 0x21 => Some(1),
        2 | 6 => Some(2),
        3 | 7 | 9 | 0x19 => Some(4),
        4 | 8 | 10 | 0x1a | 0x0008_000c => Some(8),
        11 | 0x1b | 0x44 | 0x0010_000d => Some(16),
        _ => None,
    }
}
