//! Parquet, Arrow and Avro.

use std::sync::Arc;

use arrow_array::{
    ArrayRef, BinaryArray, Date32Array, Decimal128Array, DictionaryArray, Float64Array, Int32Array, RecordBatch,
    StringArray, TimestampMillisecondArray, types::Int32Type,
};

use bytes::Bytes;
use parquet::file::metadata::ParquetMetaDataReader;

use super::super::super::{
    recorder::{read, read_within},
    tests::{
        corpus,
        fixtures::data::{arrow_of, avro_file, avro_long, avro_text, batch, parquet_of},
    },
};
use crate::{
    model::{Measure, Reason},
    open::Limits,
};

fn of_many_types() -> RecordBatch {
    let columns: Vec<(&str, ArrayRef)> = vec![
        ("day", Arc::new(Date32Array::from(vec![Some(19_431), None]))),
        ("time", Arc::new(TimestampMillisecondArray::from(vec![1_678_838_461_000, 0]))),
        ("cost", Arc::new(Decimal128Array::from(vec![1_234, -5]).with_precision_and_scale(9, 2).unwrap())),
        ("load", Arc::new(Float64Array::from(vec![0.5, 13.0]))),
        ("grade", Arc::new(DictionaryArray::<Int32Type>::from_iter([Some("A"), Some("B")]))),
        ("raw", Arc::new(BinaryArray::from(vec![b"pump".as_slice(), b"\x00\xff"]))),
    ];
    RecordBatch::try_from_iter(columns).unwrap()
}

#[test]
fn values_read_as_a_person_reads_them_whatever_their_type() {
    let rows = "row 0=2023-03-15 1=2023-03-15 00:01:01 2=12.34 3=0.5 4=A 5=pump\n\
                row 1=1970-01-01 00:00:00 2=-0.05 3=13 4=B";
    let batch = of_many_types();
    for (name, content) in
        [("x.parquet", parquet_of(&batch)), ("x.arrow", arrow_of(&batch, true)), ("x.feather", arrow_of(&batch, false))]
    {
        let (recorder, outcome) = read(name, &content);
        let shown = recorder.shown();
        assert!(shown.contains(&format!("table day,time,cost,load,grade,raw\n{rows}")), "{name}: {shown}");
        let rows = if name == "x.parquet" { 2 } else { 4 };
        assert_eq!(outcome.unwrap().records, Some(Measure::exact(rows)), "{name}");
    }
}

#[test]
fn a_name_that_is_a_value_names_nothing_and_is_read() {
    let column: ArrayRef = Arc::new(Int32Array::from(vec![7, 8]));
    let batch = RecordBatch::try_from_iter([("13800000000", Arc::clone(&column)), ("load", column)]).unwrap();
    let (recorder, _) = read("x.parquet", &parquet_of(&batch));
    assert_eq!(recorder.shown(), "text 13800000000\ntable -,load\nrow 0=7 1=7\nrow 0=8 1=8\nend");
}

#[test]
fn columns_that_do_not_fit_together_are_read_one_set_behind_the_other() {
    let text: ArrayRef = Arc::new(StringArray::from_iter_values((0..500).map(|n| format!("valve {n}"))));
    let number: ArrayRef = Arc::new(Int32Array::from_iter_values(0..500));
    let batch = RecordBatch::try_from_iter([("note", text), ("load", number)]).unwrap();
    let content = parquet_of(&batch);
    let metadata = ParquetMetaDataReader::new().parse_and_finish(&Bytes::from(content.clone())).unwrap();
    let bytes: Vec<u64> = metadata.row_group(0).columns().iter().map(|it| it.compressed_size() as u64).collect();
    for (most_bytes, tables, partial) in
        [(1 << 20, 1, None), (bytes[0].max(bytes[1]), 2, None), (bytes[0].min(bytes[1]), 1, Some(Reason::TooLarge))]
    {
        let limits = Limits { columnar_bytes: most_bytes, ..Limits::default() };
        let (recorder, outcome) = read_within("x.parquet", &content, &limits);
        let extracted = outcome.unwrap();
        assert_eq!(recorder.shown().matches("table ").count(), tables, "{most_bytes}");
        let exact = partial.is_none();
        assert_eq!(extracted.records, Some(Measure { value: 500, exact }), "{most_bytes}");
        assert_eq!(extracted.partial, partial, "{most_bytes}");
    }
}

#[test]
fn an_arrow_file_that_is_packed_is_read_and_its_lengths_are_not_believed() {
    use arrow_ipc::{
        CompressionType,
        writer::{FileWriter, IpcWriteOptions},
    };
    let batch = RecordBatch::try_from_iter([(
        "note",
        Arc::new(StringArray::from_iter_values((0..900).map(|_| "valve valve valve"))) as ArrayRef,
    )])
    .unwrap();
    for packing in [CompressionType::LZ4_FRAME, CompressionType::ZSTD] {
        let mut content = Vec::new();
        let options = IpcWriteOptions::default().try_with_compression(Some(packing)).unwrap();
        let mut writer = FileWriter::try_new_with_options(&mut content, &batch.schema(), options).unwrap();
        writer.write(&batch).unwrap();
        writer.finish().unwrap();
        drop(writer);
        let (recorder, outcome) = read("x.arrow", &content);
        assert_eq!(outcome.unwrap().records, Some(Measure::exact(900)));
        assert!(recorder.shown().contains("row 0=valve valve valve"));
        // The text takes 15,300 bytes, which its buffer says before it.
        let declared = memchr::memmem::rfind(&content, &15_300u64.to_le_bytes()).unwrap();
        content[declared..declared + 8].copy_from_slice(&(1u64 << 45).to_le_bytes());
        let (_, outcome) = read("x.arrow", &content);
        assert_eq!(outcome.unwrap().partial, Some(Reason::TooLarge));
    }
}

#[test]
fn an_arrow_file_cut_in_a_batch_keeps_those_before_it() {
    let content = arrow_of(&batch("valve"), false);
    let second = memchr::memmem::rfind(&content, b"valve").unwrap();
    let (recorder, outcome) = read("x.arrows", &content[..second]);
    assert_eq!(recorder.shown().matches("row 0=7").count(), 1);
    assert_eq!(outcome.unwrap().partial, Some(Reason::Corrupt));
}

const NOTE: &str = r#"{"type": "record", "name": "r", "fields": [{"name": "note", "type": "string"}]}"#;

#[test]
fn blocks_of_avro_are_unpacked_whatever_packs_them() {
    let content = [avro_text("valve"), avro_text("pump")].concat();
    let deflated = {
        let mut encoder = flate2::read::DeflateEncoder::new(content.as_slice(), flate2::Compression::default());
        let mut packed = Vec::new();
        std::io::Read::read_to_end(&mut encoder, &mut packed).unwrap();
        packed
    };
    let mut snapped = snap::raw::Encoder::new().compress_vec(&content).unwrap();
    snapped.extend([0; 4]);
    let zstandard = zstd::encode_all(content.as_slice(), 1).unwrap();
    for (codec, packed) in [("null", content), ("deflate", deflated), ("snappy", snapped), ("zstandard", zstandard)] {
        let (recorder, outcome) = read("x.avro", &avro_file(NOTE, codec, &[], &[(2, packed)]));
        assert_eq!(recorder.shown(), "table note\nrow 0=valve\nrow 0=pump\nend", "{codec}");
        assert_eq!(outcome.unwrap().records, Some(Measure::exact(2)), "{codec}");
    }
    assert_eq!(read("x.avro", &avro_file(NOTE, "xz", &[], &[])).1, Err(Reason::UnsupportedFormat));
}

#[test]
fn a_block_of_avro_that_is_broken_costs_itself() {
    let blocks = [(1, avro_text("valve")), (2, vec![0x7f; 3]), (1, avro_text("pump"))];
    let (recorder, outcome) = read("x.avro", &avro_file(NOTE, "null", &[], &blocks));
    assert_eq!(recorder.shown(), "table note\nrow 0=valve\nrow 0=pump\nend");
    let extracted = outcome.unwrap();
    assert_eq!(
        (extracted.partial, extracted.records),
        (Some(Reason::Corrupt), Some(Measure { value: 2, exact: false }))
    );
}

#[test]
fn a_schema_of_avro_may_refer_to_itself() {
    let schema = r#"{"type": "record", "name": "part", "fields": [
        {"name": "code", "type": "string"}, {"name": "inside", "type": ["null", "part"]}]}"#;
    let one = [avro_text("a"), avro_long(1), avro_text("b"), avro_long(1), avro_text("c"), avro_long(0)].concat();
    let (recorder, _) = read("x.avro", &avro_file(schema, "null", &[], &[(1, one)]));
    assert_eq!(recorder.shown(), "table code,inside\nrow 0=a 1=b 1=c\nend");
    let deep: Vec<u8> = (0..100_000).flat_map(|_| [avro_text("a"), avro_long(1)].concat()).collect();
    let (_, outcome) = read("x.avro", &avro_file(schema, "null", &[], &[(1, deep)]));
    assert_eq!(outcome.unwrap().partial, Some(Reason::TooDeep));
}

#[test]
fn what_avro_declares_is_not_believed() {
    // As many records without bytes as there can be, and as many items.
    let empty = r#"{"type": "record", "name": "r", "fields": []}"#;
    let (_, outcome) = read("x.avro", &avro_file(empty, "null", &[], &[(i64::MAX, Vec::new())]));
    assert_eq!(outcome.unwrap().records, Some(Measure::exact(i64::MAX.unsigned_abs())));
    let nulls = r#"{"type": "array", "items": "null"}"#;
    let items = [avro_long(i64::MAX), avro_long(0)].concat();
    assert_eq!(read("x.avro", &avro_file(nulls, "null", &[], &[(1, items)])).1.unwrap().partial, None);
    let long = avro_long(i64::MAX);
    assert_eq!(read("x.avro", &avro_file(NOTE, "null", &[], &[(1, long)])).1.unwrap().partial, Some(Reason::TooLarge));
    // Each type stands for two of the one before it.
    let mut fields = r#"{"name": "a0", "type": {"type": "record", "name": "t0", "fields": []}}"#.to_owned();
    for n in 1..60 {
        let of = n - 1;
        fields += &format!(
            r#", {{"name": "a{n}", "type": {{"type": "record", "name": "t{n}", "fields": [{{"name": "x", "type": "t{of}"}}, {{"name": "y", "type": "t{of}"}}]}}}}"#
        );
    }
    let schema = format!(r#"{{"type": "record", "name": "r", "fields": [{fields}]}}"#);
    assert_eq!(read("x.avro", &avro_file(&schema, "null", &[], &[])).1, Err(Reason::TooMany));
}

#[test]
fn a_description_that_is_encrypted_says_so() {
    assert_eq!(read("x.parquet", b"PARE............PARE").1, Err(Reason::Encrypted));
}

#[test]
fn real_files_are_read() {
    corpus::expect("parquet_testing/nested_lists.snappy.parquet", &["table a,b", "0=a 0=b 0=c"]);
    corpus::expect("parquet_testing/delta_byte_array.parquet", &["table c_customer_id,", "row 0=AAAAAAAA"]);
    corpus::expect("fastavro/weather-snappy.avro", &["table station,time,temp", "row 0=011990-99999"]);
    corpus::expect("fastavro/weather.avro", &["table station,time,temp", "row 0=011990-99999"]);
}
