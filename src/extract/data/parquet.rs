//! Parquet: row group by row group, with the names and types that the file has.

use std::{
    io::{Read as _, SeekFrom},
    ops::Range,
    sync::Arc,
};

use bytes::Bytes;
use parquet::{
    DecodeResult,
    arrow::{
        ProjectionMask,
        arrow_reader::{ArrowReaderMetadata, ArrowReaderOptions},
        push_decoder::{ParquetPushDecoder, ParquetPushDecoderBuilder},
    },
    basic::Compression,
    file::metadata::{PageIndexPolicy, ParquetMetaData, ParquetMetaDataPushDecoder},
};

use super::{
    super::{Reading, Sink, Source},
    batch, caught, table,
};
use crate::{
    model::{Fragment, Measure, Reason},
    open::Limits,
};

/// Rows that are decoded at once.
const BATCH_ROWS: usize = 512;

/// Reads all row groups.
pub(super) fn read(source: &mut dyn Source, limits: &Limits, sink: &mut dyn Sink) -> Result<Reading, Reason> {
    let mut bytes = Ranges { length: source.seek(SeekFrom::End(0)).map_err(|error| Reason::from(&error))?, source };
    if bytes.read(bytes.length.saturating_sub(4)..bytes.length, limits)?.as_ref() == b"PARE" {
        return Err(Reason::Encrypted);
    }
    let metadata = Arc::new(read_metadata(&mut bytes, limits)?);
    let schema = arrow_schema(&metadata)?;
    batch::notes(schema.schema(), sink);
    let (sets, too_large) = column_sets(&metadata, limits.columnar_bytes);
    let mut partial = too_large.then_some(Reason::TooLarge);
    let mut records = 0;
    for (number, roots) in sets.iter().enumerate() {
        let mask = ProjectionMask::roots(metadata.file_metadata().schema_descr(), roots.iter().copied());
        let fields: Vec<_> = roots.iter().filter_map(|root| schema.schema().fields().get(*root).cloned()).collect();
        table::open(&batch::names(&arrow_schema::Schema::new(fields)), limits, sink);
        for group in 0..metadata.num_row_groups() {
            let rows = read_group(&schema, group, &mask, &mut bytes, limits, sink);
            records += if number == 0 { rows.count } else { 0 };
            partial = partial.or(rows.stopped);
        }
        sink.fragment(Fragment::TableEnd);
    }
    if let Some(reason) = partial.filter(|_| sets.is_empty()) {
        return Err(reason);
    }
    let records = Measure { value: records, exact: partial.is_none() };
    Ok(Reading { records: Some(records), partial, ..Reading::default() })
}

/// Reads what the end of the file says of the rest.
fn read_metadata(bytes: &mut Ranges<'_>, limits: &Limits) -> Result<ParquetMetaData, Reason> {
    let mut decoder =
        caught(|| ParquetMetaDataPushDecoder::try_new(bytes.length))?.with_page_index_policy(PageIndexPolicy::Skip);
    loop {
        match caught(|| decoder.try_decode())? {
            DecodeResult::NeedsData(ranges) => {
                let read = bytes.read_all(&ranges, limits)?;
                caught(|| decoder.push_ranges(ranges, read))?;
            }
            DecodeResult::Data(metadata) => return Ok(metadata),
            DecodeResult::Finished => return Err(Reason::Corrupt),
        }
    }
}

/// The types of the columns: what the writer says of them, unless that cannot be read.
fn arrow_schema(metadata: &Arc<ParquetMetaData>) -> Result<ArrowReaderMetadata, Reason> {
    let with = |options| caught(|| ArrowReaderMetadata::try_new(Arc::clone(metadata), options));
    with(ArrowReaderOptions::new()).or_else(|_| with(ArrowReaderOptions::new().with_skip_arrow_metadata(true)))
}

/// The columns that are read together: mostly all. Where they take more in one row group than may be held, they are read
/// one set behind the other; one that is too large by itself is left out, which the second value says.
fn column_sets(metadata: &ParquetMetaData, most_bytes: u64) -> (Vec<Vec<usize>>, bool) {
    let descriptor = metadata.file_metadata().schema_descr();
    let mut root_bytes = vec![0u64; descriptor.root_schema().get_fields().len()];
    for group in metadata.row_groups() {
        let mut in_group = vec![0u64; root_bytes.len()];
        for (leaf, column) in group.columns().iter().enumerate().take(descriptor.num_columns()) {
            if let Some(bytes) = in_group.get_mut(descriptor.get_column_root_idx(leaf)) {
                *bytes = bytes.saturating_add(u64::try_from(column.compressed_size()).unwrap_or(0));
            }
        }
        for (most, bytes) in root_bytes.iter_mut().zip(in_group) {
            *most = bytes.max(*most);
        }
    }
    let (mut sets, mut set_bytes, mut left_out) = (Vec::<Vec<usize>>::new(), 0u64, false);
    for (root, bytes) in root_bytes.into_iter().enumerate() {
        if bytes > most_bytes {
            left_out = true;
            continue;
        }
        set_bytes = set_bytes.saturating_add(bytes);
        if let Some(set) = sets.last_mut().filter(|_| set_bytes <= most_bytes) {
            set.push(root);
        } else {
            sets.push(vec![root]);
            set_bytes = bytes;
        }
    }
    (sets, left_out)
}

/// What was read of a row group.
struct Rows {
    count: u64,
    stopped: Option<Reason>,
}

/// Reads some columns of one row group; what cannot be read of it ends it, and the next goes on.
fn read_group(
    schema: &ArrowReaderMetadata,
    group: usize,
    mask: &ProjectionMask,
    bytes: &mut Ranges<'_>,
    limits: &Limits,
    sink: &mut dyn Sink,
) -> Rows {
    let mut rows = Rows { count: 0, stopped: None };
    let packed = schema.metadata().row_group(group).columns();
    if packed.iter().any(|column| matches!(column.compression(), Compression::BROTLI(_) | Compression::LZO)) {
        rows.stopped = Some(Reason::UnsupportedFormat);
        return rows;
    }
    let builder = ParquetPushDecoderBuilder::new_with_metadata(schema.clone());
    let built = caught(|| {
        builder.with_batch_size(BATCH_ROWS).with_row_groups(vec![group]).with_projection(mask.clone()).build()
    });
    let outcome = built.and_then(|mut decoder| decode(&mut decoder, &mut rows.count, bytes, limits, sink));
    rows.stopped = outcome.err();
    rows
}

fn decode(
    decoder: &mut ParquetPushDecoder,
    count: &mut u64,
    bytes: &mut Ranges<'_>,
    limits: &Limits,
    sink: &mut dyn Sink,
) -> Result<(), Reason> {
    loop {
        match caught(|| decoder.try_decode())? {
            DecodeResult::NeedsData(ranges) => {
                let read = bytes.read_all(&ranges, limits)?;
                caught(|| decoder.push_ranges(ranges, read))?;
            }
            DecodeResult::Data(rows) => {
                batch::emit(&rows, limits, sink)?;
                *count = count.saturating_add(rows.num_rows() as u64);
            }
            DecodeResult::Finished => return Ok(()),
        }
    }
}

/// Stretches of a file.
struct Ranges<'s> {
    source: &'s mut dyn Source,
    length: u64,
}

impl Ranges<'_> {
    /// Reads one stretch, which must lie in the file and be no longer than may be held.
    fn read(&mut self, range: Range<u64>, limits: &Limits) -> Result<Bytes, Reason> {
        if range.start > range.end || range.end > self.length {
            return Err(Reason::Corrupt);
        }
        let count = range.end - range.start;
        if count > limits.columnar_bytes {
            return Err(Reason::TooLarge);
        }
        self.source.seek(SeekFrom::Start(range.start)).map_err(|error| Reason::from(&error))?;
        let mut content = Vec::with_capacity(usize::try_from(count).unwrap_or(0));
        let read = (&mut *self.source).take(count).read_to_end(&mut content).map_err(|error| Reason::from(&error))?;
        if (read as u64) < count { Err(Reason::Corrupt) } else { Ok(content.into()) }
    }

    fn read_all(&mut self, ranges: &[Range<u64>], limits: &Limits) -> Result<Vec<Bytes>, Reason> {
        ranges.iter().map(|range| self.read(range.clone(), limits)).collect()
    }
}
