//! Property lists of Apple in their binary form: settings of programs, and web pages saved whole (webarchive).
//!
//! Objects refer to each other by number, so a small file can spell a tree without end: depth and number of the objects that
//! are walked through are capped. Bytes in it (a page, its pictures) are read as members.

use std::{
    collections::BTreeSet,
    io::{Cursor, Read as _, SeekFrom},
};

use super::super::{
    Job, Reading, Sink, Source,
    records::{Field, RecordTables},
};
use crate::model::Reason;

/// Bytes at the end that say where everything stands.
const TRAILER_BYTES: usize = 32;
/// Objects that are walked through, those that several refer to each time: with their texts they take less than 100 MB.
const MOST_OBJECTS: usize = 500_000;
/// Bytes of the texts that are walked through, those that several refer to each time: they are held at once.
const MOST_TEXT_BYTES: usize = 32 << 20;
/// Seconds from 1970 to the day from which dates are counted, 2001-01-01.
const SECONDS_TO_2001: i64 = 978_307_200;

/// Reads a list, and the bytes in it as members.
pub(super) fn read(job: &Job<'_>, source: &mut dyn Source, sink: &mut dyn Sink) -> Result<Reading, Reason> {
    let length = source.seek(SeekFrom::End(0)).map_err(|error| Reason::from(&error))?;
    if length > job.limits.member_bytes {
        return Err(Reason::TooLarge);
    }
    source.seek(SeekFrom::Start(0)).map_err(|error| Reason::from(&error))?;
    let mut content = Vec::new();
    source.take(job.limits.member_bytes).read_to_end(&mut content).map_err(|error| Reason::from(&error))?;
    let list = List::new(&content).ok_or(Reason::Corrupt)?;
    let tables = RecordTables::new(job.limits);
    let mut walk =
        Walk { list, tables, members: Vec::new(), member_objects: BTreeSet::new(), seen: 0, bytes: 0, partial: None };
    let mut fields = Vec::new();
    walk.object(walk.list.root, "", job.limits.json_depth, &mut fields, sink);
    walk.tables.record("", fields, sink);
    walk.tables.finish(sink);
    let (members, mut partial) = (walk.members, walk.partial);
    let inner = Job { depth: job.depth + 1, ..*job };
    for (name, bytes) in members {
        let outcome = match job.budget.admit_member() {
            Err(Reason::TooMany) => {
                partial = partial.or(Some(Reason::TooMany));
                break;
            }
            admitted => {
                sink.begin_member(name.as_bytes());
                let is_too_deep = job.depth >= job.limits.depth;
                let admitted = admitted.and(if is_too_deep { Err(Reason::TooDeep) } else { Ok(()) });
                admitted.and_then(|()| inner.extract_stream(&name, &mut Cursor::new(bytes), sink))
            }
        };
        sink.end_member(outcome);
    }
    Ok(Reading { partial, ..Reading::default() })
}

/// Where the objects of a list stand.
struct List<'c> {
    content: &'c [u8],
    /// Bytes of a number of an object.
    reference_bytes: usize,
    /// Bytes of a place of an object, and where the places stand.
    offset_bytes: usize,
    offsets: usize,
    count: usize,
    root: usize,
}

/// An object.
enum Object<'c> {
    Text(String),
    Bytes(&'c [u8]),
    /// The objects in it.
    Array(Vec<usize>),
    /// The keys and the values.
    Dictionary(Vec<(usize, usize)>),
    Nothing,
}

impl<'c> List<'c> {
    fn new(content: &'c [u8]) -> Option<Self> {
        let trailer = content.get(content.len().checked_sub(TRAILER_BYTES)?..)?;
        let long = |at: usize| usize::try_from(number(trailer.get(at..at + 8)?)).ok();
        Some(Self {
            content,
            offset_bytes: usize::from(*trailer.get(6)?),
            reference_bytes: usize::from(*trailer.get(7)?),
            count: long(8)?,
            root: long(16)?,
            offsets: long(24)?,
        })
        .filter(|list| (1..=8).contains(&list.offset_bytes) && (1..=8).contains(&list.reference_bytes))
    }

    fn object(&self, index: usize) -> Option<Object<'c>> {
        if index >= self.count {
            return None;
        }
        let place = self.offsets.checked_add(index.checked_mul(self.offset_bytes)?)?;
        let start = usize::try_from(number(self.bytes(place, self.offset_bytes)?)).ok()?;
        let mark = *self.content.get(start)?;
        let (kind, low) = (mark >> 4, usize::from(mark & 0xf));
        let start = start + 1;
        Some(match kind {
            0 => match mark {
                8 => Object::Text("false".to_owned()),
                9 => Object::Text("true".to_owned()),
                _ => Object::Nothing,
            },
            1 => {
                // Of sixteen bytes the lower half counts.
                let bytes = self.bytes(start, 1 << low.min(4))?;
                let bytes = bytes.get(bytes.len().saturating_sub(8)..)?;
                let value = number(bytes);
                let signed = if bytes.len() == 8 { value.cast_signed().to_string() } else { value.to_string() };
                Object::Text(signed)
            }
            2 => Object::Text(match low {
                2 => f32::from_be_bytes(*self.bytes(start, 4)?.first_chunk()?).to_string(),
                _ => f64::from_be_bytes(*self.bytes(start, 8)?.first_chunk()?).to_string(),
            }),
            3 => date(f64::from_be_bytes(*self.bytes(start, 8)?.first_chunk()?)).map_or(Object::Nothing, Object::Text),
            4..=6 | 10..=13 => {
                let (count, start) = self.count_at(low, start)?;
                match kind {
                    4 => Object::Bytes(self.bytes(start, count)?),
                    5 => Object::Text(String::from_utf8_lossy(self.bytes(start, count)?).into_owned()),
                    6 => {
                        let (units, _) = self.bytes(start, count.checked_mul(2)?)?.as_chunks::<2>();
                        let units: Vec<u16> = units.iter().map(|two| u16::from_be_bytes(*two)).collect();
                        Object::Text(String::from_utf16_lossy(&units))
                    }
                    13 => {
                        let keys = self.references(start, count)?;
                        let values = self.references(start + count * self.reference_bytes, count)?;
                        Object::Dictionary(keys.into_iter().zip(values).collect())
                    }
                    _ => Object::Array(self.references(start, count)?),
                }
            }
            _ => Object::Nothing,
        })
    }

    /// How many follow, and where: fifteen says that the number stands behind the mark.
    fn count_at(&self, low: usize, start: usize) -> Option<(usize, usize)> {
        if low < 15 {
            return Some((low, start));
        }
        let width = 1usize << (self.content.get(start)? & 0xf).min(3);
        Some((usize::try_from(number(self.bytes(start + 1, width)?)).ok()?, start + 1 + width))
    }

    fn references(&self, start: usize, count: usize) -> Option<Vec<usize>> {
        let bytes = self.bytes(start, count.checked_mul(self.reference_bytes)?)?;
        bytes.chunks_exact(self.reference_bytes).map(|it| usize::try_from(number(it)).ok()).collect()
    }

    fn bytes(&self, start: usize, count: usize) -> Option<&'c [u8]> {
        self.content.get(start..start.checked_add(count)?)
    }
}

/// A number whose highest byte stands first.
fn number(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0, |number, byte| number << 8 | u64::from(*byte))
}

fn date(seconds: f64) -> Option<String> {
    let time = jiff::Timestamp::from_second((seconds as i64).checked_add(SECONDS_TO_2001)?).ok()?;
    Some(time.to_zoned(jiff::tz::TimeZone::UTC).datetime().strftime("%Y-%m-%d %H:%M:%S").to_string())
}

/// A list while it is walked through.
struct Walk<'c, 'l> {
    list: List<'c>,
    tables: RecordTables<'l>,
    /// Bytes in the list, and the name that they have there.
    members: Vec<(String, &'c [u8])>,
    member_objects: BTreeSet<usize>,
    seen: usize,
    bytes: usize,
    partial: Option<Reason>,
}

impl Walk<'_, '_> {
    fn object(&mut self, index: usize, path: &str, depth: usize, fields: &mut Vec<Field>, sink: &mut dyn Sink) {
        self.seen += 1;
        let stopped = match depth {
            0 => Some(Reason::TooDeep),
            _ if self.seen > MOST_OBJECTS || self.bytes > MOST_TEXT_BYTES => Some(Reason::TooMany),
            _ => None,
        };
        let object = self.list.object(index).filter(|_| stopped.is_none());
        match object {
            None => self.partial = self.partial.or(stopped).or(Some(Reason::Corrupt)),
            Some(Object::Text(text)) => {
                self.bytes = self.bytes.saturating_add(path.len()).saturating_add(text.len());
                fields.push((path.to_owned(), text.into_bytes()));
            }
            // Once, however many refer to them.
            Some(Object::Bytes(bytes)) if self.is_first(index) => self.members.push((path.to_owned(), bytes)),
            Some(Object::Array(items)) => {
                for item in items {
                    self.item(item, path, depth - 1, fields, sink);
                }
            }
            Some(Object::Dictionary(entries)) => {
                for (key, value) in entries {
                    let Some(Object::Text(key)) = self.list.object(key) else { continue };
                    let path = if path.is_empty() { key } else { format!("{path}.{key}") };
                    self.object(value, &path, depth - 1, fields, sink);
                }
            }
            Some(Object::Bytes(_) | Object::Nothing) => {}
        }
    }

    fn is_first(&mut self, index: usize) -> bool {
        self.member_objects.insert(index)
    }

    /// A dictionary in an array is a record of its own.
    fn item(&mut self, index: usize, path: &str, depth: usize, fields: &mut Vec<Field>, sink: &mut dyn Sink) {
        if !matches!(self.list.object(index), Some(Object::Dictionary(_))) {
            return self.object(index, path, depth, fields, sink);
        }
        let mut own = Vec::new();
        self.object(index, "", depth, &mut own, sink);
        self.tables.record(path, own, sink);
    }
}
