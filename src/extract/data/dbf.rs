//! dBASE and FoxPro tables: a header that names the fields, and rows of a fixed length.
//!
//! Texts that stand in a file beside it (memo fields) are not read here. Rows that are marked as deleted are not rows.

use std::io::{self, Read};

use encoding_rs::{BIG5, EUC_KR, Encoding, GB18030, IBM866, SHIFT_JIS, WINDOWS_1250, WINDOWS_1251};

use super::{
    super::{Reading, Sink},
    table::{self, Row},
};
use crate::{
    model::{Fragment, Measure, Reason},
    open::{
        Limits,
        encoding::{self, Guess},
        sniff::dbf::{Field, Header},
    },
};

/// Days from the Julian day 0 of FoxPro's and dBASE's times to the first day of the year 1970.
const JULIAN_1970: i64 = 2_440_588;
const MILLISECONDS_A_DAY: i64 = 86_400_000;
/// What ends the rows.
const END_OF_ROWS: u8 = 0x1a;
const DELETED: u8 = b'*';

/// Reads a table whose first bytes are `head`; `reader` gives them once more.
pub(super) fn read(
    head: &[u8],
    reader: &mut dyn Read,
    limits: &Limits,
    sink: &mut dyn Sink,
) -> Result<Reading, Reason> {
    let header = Header::parse(head).ok_or(Reason::Corrupt)?;
    let skipped = io::copy(&mut reader.take(header.bytes as u64), &mut io::sink());
    skipped.map_err(|error| Reason::from(&error))?;
    let characters = characters_of(&header, head.get(header.bytes..).unwrap_or_default());
    let names: Vec<String> = header.fields.iter().map(|field| decode(&field.name, characters)).collect();
    table::open(&names, limits, sink);
    let (mut record, mut row, mut records, mut seen) = (Vec::new(), Row::default(), 0u64, 0u32);
    let stopped = loop {
        record.clear();
        match reader.take(header.row_bytes as u64).read_to_end(&mut record) {
            Ok(_) if record.first().is_none_or(|mark| *mark == END_OF_ROWS) => {
                break (seen < header.rows).then_some(Reason::Corrupt);
            }
            Ok(count) if count < header.row_bytes => break Some(Reason::Corrupt),
            Ok(_) => {}
            Err(error) => break Some(Reason::from(&error)),
        }
        seen = seen.saturating_add(1);
        if record.first() == Some(&DELETED) {
            continue;
        }
        for (column, field) in header.fields.iter().enumerate() {
            let raw = record.get(field.start..field.start + field.bytes).unwrap_or_default();
            add(field, raw, characters, column, &mut row);
        }
        row.emit(limits, sink);
        records += 1;
    };
    sink.fragment(Fragment::TableEnd);
    let records = Measure { value: records, exact: stopped.is_none() };
    Ok(Reading {
        encoding: Some(encoding::id(characters)),
        records: Some(records),
        partial: stopped,
        ..Reading::default()
    })
}

/// The encoding of the texts. What the header says counts for the encodings of East Asia and of Cyrillic: a header that
/// says Windows ANSI, or nothing, stands over texts of the machine that wrote them, so these are asked.
fn characters_of(header: &Header, rows: &[u8]) -> &'static Encoding {
    match header.language {
        0x4d | 0x7a => GB18030,
        0x4f | 0x78 => BIG5,
        0x13 | 0x7b => SHIFT_JIS,
        0x4e | 0x79 => EUC_KR,
        0x26 | 0x65 => IBM866,
        0xc8 => WINDOWS_1250,
        0xc9 => WINDOWS_1251,
        _ => {
            let mut sample = Vec::new();
            for record in rows.chunks(header.row_bytes) {
                for field in header.fields.iter().filter(|field| field.kind == b'C') {
                    let text = record.get(field.start..field.start + field.bytes).unwrap_or_default();
                    sample.extend(text.iter().filter(|byte| **byte >= b' '));
                    sample.push(b'\n');
                }
            }
            sample.extend(header.fields.iter().flat_map(|field| &field.name));
            match encoding::guess(&sample, None) {
                Guess::Known(encoding) => encoding,
                _ => GB18030,
            }
        }
    }
}

fn decode(text: &[u8], characters: &'static Encoding) -> String {
    characters.decode_without_bom_handling(text).0.trim().to_owned()
}

/// Adds the value of one field of a row.
fn add(field: &Field, raw: &[u8], characters: &'static Encoding, column: usize, row: &mut Row) {
    let text = match field.kind {
        b'C' if raw.is_ascii() => return row.push(column, raw.trim_ascii()),
        b'C' => decode(raw, characters),
        b'N' | b'F' | b'L' => return row.push(column, raw.trim_ascii()),
        b'D' => {
            let date = String::from_utf8_lossy(raw.trim_ascii());
            match (date.get(..4), date.get(4..6), date.get(6..)) {
                (Some(year), Some(month), Some(day)) => format!("{year}-{month}-{day}"),
                _ => date.into_owned(),
            }
        }
        b'I' => match raw.first_chunk() {
            Some(four) => i32::from_le_bytes(*four).to_string(),
            None => return,
        },
        b'Y' => match raw.first_chunk() {
            Some(eight) => {
                let amount = i64::from_le_bytes(*eight);
                let sign = if amount < 0 { "-" } else { "" };
                format!("{sign}{}.{:04}", amount.unsigned_abs() / 10_000, amount.unsigned_abs() % 10_000)
            }
            None => return,
        },
        b'B' => match raw.first_chunk() {
            Some(eight) if raw.len() == 8 => f64::from_le_bytes(*eight).to_string(),
            _ => return,
        },
        b'T' | b'@' => match time(raw) {
            Some(time) => time,
            None => return,
        },
        // Memos, pictures and objects stand in a file beside this one.
        _ => return,
    };
    row.push(column, text.as_bytes());
}

/// A day and the milliseconds of it.
fn time(raw: &[u8]) -> Option<String> {
    let day = i64::from(i32::from_le_bytes(*raw.first_chunk()?));
    let milliseconds = i64::from(i32::from_le_bytes(*raw.get(4..)?.first_chunk()?));
    if day == 0 || !(0..MILLISECONDS_A_DAY).contains(&milliseconds) {
        return None;
    }
    let since_1970 = (day - JULIAN_1970).checked_mul(MILLISECONDS_A_DAY)?.checked_add(milliseconds)?;
    let time = jiff::Timestamp::from_millisecond(since_1970).ok()?;
    Some(time.to_zoned(jiff::tz::TimeZone::UTC).datetime().strftime("%Y-%m-%d %H:%M:%S").to_string())
}
