//! Avro object container files: a schema in JSON, and blocks of records.
//!
//! The reader is ours: it takes a block apart while it is decompressed, so that no block is held, and it reads schemas that
//! refer to themselves, which a table of Arrow cannot have.

use std::io::{self, BufRead, BufReader, Cursor, Read};

use super::{
    super::{Reading, Sink},
    table::{self, Row},
};
use crate::{
    model::{Fragment, Measure, Reason},
    open::Limits,
};

mod leaf;
mod schema;
mod value;

use schema::Schema;
use value::Values;

/// Bytes of the mark that ends the header and each block.
const SYNC_BYTES: usize = 16;
/// Bytes of the checksum behind a block that is packed with snappy.
const CHECKSUM_BYTES: usize = 4;

/// Reads all blocks.
pub(super) fn read(reader: &mut dyn Read, limits: &Limits, sink: &mut dyn Sink) -> Result<Reading, Reason> {
    let mut reader = BufReader::new(reader);
    let header = Header::read(&mut reader, limits)?;
    let schema = Schema::parse(&header.schema, limits)?;
    for (key, value) in &header.notes {
        sink.fragment(Fragment::Text(format!("{key}: {}", String::from_utf8_lossy(value)).as_bytes()));
        sink.fragment(Fragment::Break);
    }
    table::open(schema.names(), limits, sink);
    let mut blocks = Blocks { header, schema, limits, records: 0, partial: None };
    let stopped = blocks.read_all(&mut reader, sink).err();
    sink.fragment(Fragment::TableEnd);
    let partial = blocks.partial.or(stopped);
    let records = Measure { value: blocks.records, exact: partial.is_none() };
    Ok(Reading { records: Some(records), partial, ..Reading::default() })
}

/// What stands before the blocks.
struct Header {
    schema: Vec<u8>,
    codec: Codec,
    /// What the writer noted besides.
    notes: Vec<(String, Vec<u8>)>,
    sync: [u8; SYNC_BYTES],
}

/// How the blocks are packed.
#[derive(Clone, Copy)]
enum Codec {
    Null,
    Deflate,
    Snappy,
    Zstandard,
}

impl Header {
    fn read(reader: &mut dyn Read, limits: &Limits) -> Result<Self, Reason> {
        let mut magic = [0; 4];
        reader.read_exact(&mut magic).map_err(|_| Reason::Corrupt)?;
        let mut values = Values::new(reader, limits);
        let (mut schema, mut codec, mut notes, mut held) = (None, Codec::Null, Vec::new(), 0usize);
        while let Some(count) = values.items()? {
            for _ in 0..count {
                let key = String::from_utf8_lossy(&values.bytes()?).into_owned();
                let value = values.bytes()?;
                held = held.saturating_add(key.len()).saturating_add(value.len());
                if held > limits.record_bytes || notes.len() > limits.keys {
                    return Err(Reason::TooLarge);
                }
                match key.as_str() {
                    "avro.schema" => schema = Some(value),
                    "avro.codec" => codec = Codec::named(&value)?,
                    _ => notes.push((key, value)),
                }
            }
        }
        let mut sync = [0; SYNC_BYTES];
        values.exactly(&mut sync)?;
        Ok(Self { schema: schema.ok_or(Reason::Corrupt)?, codec, notes, sync })
    }
}

impl Codec {
    fn named(name: &[u8]) -> Result<Self, Reason> {
        match name {
            b"null" | b"" => Ok(Self::Null),
            b"deflate" => Ok(Self::Deflate),
            b"snappy" => Ok(Self::Snappy),
            b"zstandard" => Ok(Self::Zstandard),
            _ => Err(Reason::UnsupportedFormat),
        }
    }

    /// Unpacks a block while it is read. Only snappy must be held whole: its blocks have one length for all.
    fn unpack<'r>(self, mut packed: impl BufRead + 'r, limits: &Limits) -> Result<Box<dyn Read + 'r>, Reason> {
        Ok(match self {
            Self::Null => Box::new(packed),
            Self::Deflate => Box::new(BufReader::new(flate2::bufread::DeflateDecoder::new(packed))),
            Self::Zstandard => {
                let decoder = zstd::stream::read::Decoder::with_buffer(packed).map_err(|_| Reason::Corrupt)?;
                Box::new(BufReader::new(decoder))
            }
            Self::Snappy => {
                let mut block = Vec::new();
                let room = limits.columnar_bytes;
                (&mut packed).take(room.saturating_add(1)).read_to_end(&mut block).map_err(|it| Reason::from(&it))?;
                let content = block.get(..block.len().saturating_sub(CHECKSUM_BYTES)).unwrap_or_default();
                let unpacked = snap::raw::decompress_len(content).map_err(|_| Reason::Corrupt)?;
                if block.len() as u64 > room || unpacked as u64 > room {
                    return Err(Reason::TooLarge);
                }
                let content = snap::raw::Decoder::new().decompress_vec(content).map_err(|_| Reason::Corrupt)?;
                Box::new(Cursor::new(content))
            }
        })
    }
}

/// The blocks while they are read.
struct Blocks<'l> {
    header: Header,
    schema: Schema,
    limits: &'l Limits,
    records: u64,
    partial: Option<Reason>,
}

impl Blocks<'_> {
    fn read_all(&mut self, reader: &mut impl BufRead, sink: &mut dyn Sink) -> Result<(), Reason> {
        while !reader.fill_buf().map_err(|error| Reason::from(&error))?.is_empty() {
            let mut numbers = Values::new(reader, self.limits);
            let count = u64::try_from(numbers.long()?).map_err(|_| Reason::Corrupt)?;
            let packed_bytes = u64::try_from(numbers.long()?).map_err(|_| Reason::Corrupt)?;
            let mut packed = (&mut *reader).take(packed_bytes);
            // A block that breaks off costs what is left of it; the next begins behind its mark.
            let outcome = self.read_block(count, &mut packed, sink);
            io::copy(&mut packed, &mut io::sink()).map_err(|error| Reason::from(&error))?;
            if packed.limit() > 0 {
                return Err(Reason::Corrupt);
            }
            self.partial = self.partial.or(outcome.err());
            let mut sync = [0; SYNC_BYTES];
            Values::new(reader, self.limits).exactly(&mut sync)?;
            if sync != self.header.sync {
                return Err(Reason::Corrupt);
            }
        }
        Ok(())
    }

    fn read_block(&mut self, count: u64, packed: &mut dyn BufRead, sink: &mut dyn Sink) -> Result<(), Reason> {
        let mut content = self.header.codec.unpack(packed, self.limits)?;
        let mut values = Values::new(&mut *content, self.limits);
        let mut row = Row::default();
        for done in 0..count {
            let before = values.consumed();
            let outcome = self.schema.read(&mut values, &mut row);
            row.emit(self.limits, sink);
            outcome?;
            if values.consumed() == before {
                // Records without bytes: as many as the block says, and none says anything.
                self.records = self.records.saturating_add(count - done);
                return Ok(());
            }
            self.records = self.records.saturating_add(1);
        }
        Ok(())
    }
}
