//! Objects in a document: documents of other programs, and files that somebody has dropped into it, as members.

use std::io::Cursor;

use encoding_rs::GB18030;

use super::{
    super::{Extracted, Job, Reading, Sink, bounded::BudgetReader, office},
    kind,
    numbers::size_at,
    read_storage, rewrap,
    storage::{EntryId, ROOT, Storage},
};
use crate::{model::Reason, open::Format};

/// Where Word keeps its objects.
const POOL: &str = "ObjectPool";
/// A file that was dropped into a document (MS-OLEDS, 2.3.6).
const NATIVE: &str = "\u{1}Ole10Native";
/// Streams that are a file as it is: an office package, and what Acrobat and others embed.
const WHOLE: [&str; 3] = ["Package", "CONTENTS", "EmbeddedOdf"];

/// Reads the objects of a Word document.
pub(super) fn read_pool(
    job: &Job<'_>,
    storage: &mut Storage<'_>,
    root: EntryId,
    sink: &mut dyn Sink,
) -> Option<Reason> {
    let pool = storage.find(root, POOL)?;
    read_objects(job, storage, &storage.children(pool), sink)
}

/// Reads these objects. Gives the reason why some were left out altogether; what is wrong with one is said of that one.
pub(super) fn read_objects(
    job: &Job<'_>,
    storage: &mut Storage<'_>,
    objects: &[EntryId],
    sink: &mut dyn Sink,
) -> Option<Reason> {
    let known: Vec<(EntryId, Object)> = objects.iter().filter_map(|id| Some((*id, object(storage, *id)?))).collect();
    if known.is_empty() {
        return None;
    }
    if job.depth >= job.limits.depth {
        return Some(Reason::TooDeep);
    }
    let inner = Job { depth: job.depth + 1, ..*job };
    for (id, object) in known {
        let admitted = job.budget.admit_member();
        if admitted == Err(Reason::TooMany) {
            return Some(Reason::TooMany);
        }
        let (name, dropped) = match object {
            Object::Native(stream) => {
                let (bytes, broken) = storage.bytes(stream, job.limits.member_bytes);
                let dropped = Dropped::parse(&bytes);
                (dropped.name.clone(), Some((dropped, broken)))
            }
            _ => (storage.name(id).to_owned(), None),
        };
        sink.begin_member(name.as_bytes());
        let outcome = admitted.and_then(|()| match (object, dropped) {
            (_, Some((dropped, broken))) => {
                let bytes = dropped.bytes.len() as u64;
                let mut reader = BudgetReader::new(Cursor::new(dropped.bytes), job.budget, bytes);
                inner.extract_stream(&name, &mut reader, sink).map(|read| in_part(read, broken))
            }
            (Object::File(stream) | Object::Native(stream), None) => {
                let bytes = storage.size(stream);
                inner.extract_stream("", &mut BudgetReader::new(storage.stream(stream), job.budget, bytes), sink)
            }
            (Object::Document(format), None) => read_document(&inner, format, storage, id, sink),
        });
        sink.end_member(outcome);
    }
    None
}

/// What is said of a member that was cut before it was handed on.
pub(super) fn in_part(mut read: Extracted, broken: Option<Reason>) -> Extracted {
    read.content_hash = read.content_hash.filter(|_| broken.is_none());
    read.partial = broken.or(read.partial);
    read
}

/// What an object is.
#[derive(Clone, Copy)]
enum Object {
    /// A document whose streams stand beside those of the document that holds it.
    Document(Format),
    /// A stream that is a file.
    File(EntryId),
    /// A stream that is a file with its name before it.
    Native(EntryId),
}

/// Whether a storage holds an object that is read.
pub(super) fn is_object(storage: &Storage<'_>, id: EntryId) -> bool {
    object(storage, id).is_some()
}

/// What the storage of an object holds; `None`: nothing to read (a formula, a control).
fn object(storage: &Storage<'_>, id: EntryId) -> Option<Object> {
    if let Some(stream) = storage.find(id, NATIVE) {
        return Some(Object::Native(stream));
    }
    // A file of its own may have a stream of that name and mean something else by it.
    let names = WHOLE.iter().filter(|name| id != ROOT || **name != "CONTENTS");
    if let Some(stream) = names.into_iter().find_map(|name| storage.find(id, name)) {
        return Some(Object::File(stream));
    }
    kind::of(storage, id).map(Object::Document)
}

/// Reads a document that lies in a storage of another.
pub(super) fn read_document(
    job: &Job<'_>,
    format: Format,
    storage: &mut Storage<'_>,
    id: EntryId,
    sink: &mut dyn Sink,
) -> Result<Extracted, Reason> {
    let reading = match format {
        Format::Xls => read_workbook(job, storage, id, sink),
        _ => read_storage(job, format, storage, id, sink),
    }?;
    let bytes = storage.children(id).into_iter().map(|child| storage.size(child)).sum();
    Ok(Extracted {
        format: reading.format.unwrap_or(format).id(),
        encoding: reading.encoding,
        bytes,
        records: reading.records,
        partial: reading.partial,
        // Its bytes lie in pieces between others: there is no order in which they would be its content.
        content_hash: None,
    })
}

/// Reads a workbook that lies in a storage of another document.
fn read_workbook(
    job: &Job<'_>,
    storage: &mut Storage<'_>,
    id: EntryId,
    sink: &mut dyn Sink,
) -> Result<Reading, Reason> {
    let mut names = ["Workbook", "Book"].into_iter();
    let (name, (stream, broken)) =
        names.find_map(|name| Some((name, storage.bytes_of(id, name, rewrap::MOST_BYTES)?))).ok_or(Reason::Corrupt)?;
    let mut file = Cursor::new(rewrap::file_of(name, stream));
    let reading = office::read_legacy_workbook(&mut file, job.limits, sink)?;
    Ok(Reading { partial: reading.partial.or(broken), ..reading })
}

/// A dropped file.
struct Dropped {
    name: String,
    bytes: Vec<u8>,
}

impl Dropped {
    fn parse(stream: &[u8]) -> Self {
        match Self::fields(stream) {
            Some((name, bytes)) => Self { name, bytes: bytes.to_vec() },
            // Other programs than the one for dropped files put their own bytes there, behind a length.
            None => Self { name: String::new(), bytes: stream.get(4..).unwrap_or_default().to_vec() },
        }
    }

    /// A length, two bytes, three names with zeros behind them (two of them paths), and the content behind its length.
    fn fields(stream: &[u8]) -> Option<(String, &[u8])> {
        let rest = stream.get(6..)?;
        let (label, rest) = terminated(rest)?;
        let (_, rest) = terminated(rest)?;
        let path_bytes = size_at(rest, 4)?;
        let rest = rest.get(8..)?.get(path_bytes..)?;
        let length = size_at(rest, 0)?;
        let content = rest.get(4..)?;
        let name = GB18030.decode_without_bom_handling(label).0.into_owned();
        (!content.is_empty() && length > 0).then(|| (name, content.get(..length).unwrap_or(content)))
    }
}

fn terminated(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let length = memchr::memchr(0, bytes)?;
    Some((bytes.get(..length)?, bytes.get(length + 1..)?))
}
