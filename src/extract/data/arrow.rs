//! Arrow: the stream, and the file, which is a stream between two marks.

use std::{io::Read, sync::Arc};

use arrow_array::RecordBatch;
use arrow_ipc::{
    Block, DictionaryBatch, MessageHeader, RecordBatch as BatchHeader, convert::try_fb_to_schema, reader::FileDecoder,
    root_as_message,
};
use arrow_schema::Schema;

use super::{
    super::{Reading, Sink},
    batch, caught, table,
};
use crate::{
    model::{Fragment, Measure, Reason},
    open::Limits,
};

/// What the file begins with, padding included.
const FILE_MARK: &[u8; 8] = b"ARROW1\0\0";
/// Bytes between the mark and the first message: no alignment is larger.
const MOST_PADDING_BYTES: usize = 512;
/// Says that the length of a message follows.
const CONTINUATION: [u8; 4] = [0xff; 4];
/// Bytes of the lengths before a message.
const PREFIX_BYTES: usize = 8;
/// Bytes that say how long a compressed buffer will be.
const LENGTH_BYTES: usize = 8;

/// Reads the messages one by one.
pub(super) fn read(reader: &mut dyn Read, limits: &Limits, sink: &mut dyn Sink) -> Result<Reading, Reason> {
    let mut tables = Batches { limits, decoder: None, rows: 0 };
    let stopped = tables.read_all(reader, sink).err();
    if tables.decoder.is_some() {
        sink.fragment(Fragment::TableEnd);
    } else {
        return Err(stopped.unwrap_or(Reason::Corrupt));
    }
    let records = Measure { value: tables.rows, exact: stopped.is_none() };
    Ok(Reading { records: Some(records), partial: stopped, ..Reading::default() })
}

/// One message with its body, as it stands in the stream.
struct Message {
    bytes: Vec<u8>,
    /// Of the lengths and the message itself; the body follows.
    head_bytes: usize,
}

/// The batches of a stream while they are read.
struct Batches<'l> {
    limits: &'l Limits,
    decoder: Option<FileDecoder>,
    rows: u64,
}

impl Batches<'_> {
    fn read_all(&mut self, reader: &mut dyn Read, sink: &mut dyn Sink) -> Result<(), Reason> {
        let mut first = read_up_to(reader, FILE_MARK.len())?;
        if first == FILE_MARK {
            // Some writers pad the mark, so that the first message begins where the processor likes it.
            for _ in 0..MOST_PADDING_BYTES / FILE_MARK.len() {
                first = read_up_to(reader, FILE_MARK.len())?;
                if first.iter().any(|byte| *byte != 0) {
                    break;
                }
            }
        }
        let reader = &mut std::io::Cursor::new(first).chain(reader);
        let mut too_large = false;
        loop {
            match next_message(reader, self.limits.columnar_bytes) {
                Ok(Some(message)) => self.take(message, sink)?,
                Ok(None) if too_large => return Err(Reason::TooLarge),
                Ok(None) => return Ok(()),
                // It has been passed over, and the next begins behind it.
                Err(Reason::TooLarge) => too_large = true,
                Err(reason) => return Err(reason),
            }
        }
    }

    fn take(&mut self, message: Message, sink: &mut dyn Sink) -> Result<(), Reason> {
        let Message { bytes, head_bytes } = message;
        let (head, body) = bytes.split_at_checked(head_bytes).ok_or(Reason::Corrupt)?;
        let head = root_as_message(head.get(PREFIX_BYTES..).unwrap_or_default()).map_err(|_| Reason::Corrupt)?;
        let kind = head.header_type();
        if kind == MessageHeader::Schema {
            let schema = head.header_as_schema().filter(|it| it.endianness().equals_to_target_endianness());
            let schema = schema.ok_or(Reason::UnsupportedFormat)?;
            let schema = caught(|| try_fb_to_schema(schema))?;
            return self.begin(&Arc::new(schema), head.version(), sink);
        }
        let batch = head.header_as_record_batch();
        let dictionary = head.header_as_dictionary_batch();
        let unpacked = batch.or_else(|| dictionary.as_ref().and_then(DictionaryBatch::data));
        if unpacked.is_some_and(|it| unpacked_bytes(&it, body) > self.limits.columnar_bytes) {
            return Err(Reason::TooLarge);
        }
        let head_length = i32::try_from(head_bytes).map_err(|_| Reason::Corrupt)?;
        let block = Block::new(0, head_length, i64::try_from(body.len()).map_err(|_| Reason::Corrupt)?);
        let is_batch = batch.is_some();
        let is_dictionary = dictionary.is_some();
        let buffer = bytes.into();
        let decoder = self.decoder.as_mut().ok_or(Reason::Corrupt)?;
        if is_dictionary {
            return caught(|| decoder.read_dictionary(&block, &buffer));
        }
        if !is_batch {
            return Ok(());
        }
        let rows: Option<RecordBatch> = caught(|| decoder.read_record_batch(&block, &buffer))?;
        if let Some(rows) = rows {
            batch::emit(&rows, self.limits, sink)?;
            self.rows = self.rows.saturating_add(rows.num_rows() as u64);
        }
        Ok(())
    }

    fn begin(
        &mut self,
        schema: &Arc<Schema>,
        version: arrow_ipc::MetadataVersion,
        sink: &mut dyn Sink,
    ) -> Result<(), Reason> {
        if self.decoder.is_some() {
            return Err(Reason::Corrupt);
        }
        batch::notes(schema, sink);
        table::open(&batch::names(schema), self.limits, sink);
        self.decoder = Some(FileDecoder::new(Arc::clone(schema), version));
        Ok(())
    }
}

/// What the compressed buffers of a batch say that they will take: the parser believes it.
fn unpacked_bytes(batch: &BatchHeader<'_>, body: &[u8]) -> u64 {
    if batch.compression().is_none() {
        return 0;
    }
    let declared = |offset: i64| {
        let start = usize::try_from(offset).ok()?;
        let length = body.get(start..start.checked_add(LENGTH_BYTES)?)?.first_chunk()?;
        // Minus one says that the buffer is not compressed.
        Some(u64::try_from(i64::from_le_bytes(*length)).unwrap_or(0))
    };
    let buffers = batch.buffers().into_iter().flatten();
    buffers.filter_map(|buffer| declared(buffer.offset())).fold(0, u64::saturating_add)
}

/// Reads the next message; `None` at the end. One that is longer than `most_bytes` is passed over.
fn next_message(reader: &mut dyn Read, most_bytes: u64) -> Result<Option<Message>, Reason> {
    let mut prefix = read_up_to(reader, CONTINUATION.len())?;
    if prefix.is_empty() {
        return Ok(None);
    }
    let has_mark = prefix == CONTINUATION;
    let length = if has_mark { read_up_to(reader, 4)? } else { prefix.clone() };
    let length = length.first_chunk().map(|four| i32::from_le_bytes(*four)).ok_or(Reason::Corrupt)?;
    if length == 0 {
        return Ok(None);
    }
    // Before format version 5 the mark was missing; the parser reads both, but a head of one length is simpler.
    prefix = CONTINUATION.to_vec();
    prefix.extend(length.to_le_bytes());
    let head_bytes = usize::try_from(length).ok().filter(|it| *it as u64 <= most_bytes).ok_or(Reason::Corrupt)?;
    let head = read_up_to(reader, head_bytes)?;
    let message = root_as_message(&head).map_err(|_| Reason::Corrupt)?;
    let body_bytes = u64::try_from(message.bodyLength()).map_err(|_| Reason::Corrupt)?;
    if body_bytes > most_bytes {
        let passed = std::io::copy(&mut reader.take(body_bytes), &mut std::io::sink());
        return Err(passed.map_or_else(|error| Reason::from(&error), |_| Reason::TooLarge));
    }
    let mut bytes = prefix;
    bytes.extend_from_slice(&head);
    let head_end = bytes.len();
    let read = reader.take(body_bytes).read_to_end(&mut bytes).map_err(|error| Reason::from(&error))?;
    if head.len() < head_bytes || (read as u64) < body_bytes {
        return Err(Reason::Corrupt);
    }
    Ok(Some(Message { bytes, head_bytes: head_end }))
}

/// Reads so many bytes, or as many as there are.
fn read_up_to(reader: &mut dyn Read, count: usize) -> Result<Vec<u8>, Reason> {
    let mut bytes = Vec::new();
    reader.take(count as u64).read_to_end(&mut bytes).map_err(|error| Reason::from(&error))?;
    Ok(bytes)
}
