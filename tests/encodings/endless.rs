//! Two gigabytes without a line end: what is held at once stays small, nothing is lost.
//!
//! The bytes are made while they are read. They go through the readers; that the scanner holds no more than a region
//! and its surroundings is tested beside it (`detect::tests`).

use std::io::{self, Cursor, Read};

use encoding_rs::{Encoding, GB18030, UTF_8, UTF_16LE};
use mulu::extract::{self, Extracted, Sink};
use mulu::model::{Fragment, Reason};
use mulu::open::Limits;

use super::encode;

const LENGTH: u64 = 2 << 30;
/// GBK goes through code of our own, which without optimisation takes minutes for that.
const LENGTH_OF_GBK: u64 = if cfg!(debug_assertions) { 128 << 20 } else { LENGTH };

/// A block, over and over.
struct Endless {
    block: Vec<u8>,
    at: usize,
    left: u64,
}

impl Endless {
    fn new(block: &[u8], length: u64) -> Self {
        // So long that copying it is what takes the time.
        let times = (1 << 20) / block.len() + 1;
        Self { block: block.repeat(times), at: 0, left: length }
    }
}

impl Read for Endless {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let most = usize::try_from(self.left).unwrap_or(usize::MAX);
        let count = (self.block.len() - self.at).min(buffer.len()).min(most);
        buffer[..count].copy_from_slice(&self.block[self.at..self.at + count]);
        self.at = (self.at + count) % self.block.len();
        self.left -= count as u64;
        Ok(count)
    }
}

/// Counts what it is given, and keeps the length of the longest piece.
#[derive(Default)]
struct Measuring {
    total_bytes: u64,
    longest_bytes: usize,
    cells: u64,
    rows: u64,
}

impl Sink for Measuring {
    fn fragment(&mut self, fragment: Fragment<'_>) {
        self.cells += u64::from(matches!(fragment, Fragment::Cell { .. }));
        self.rows += u64::from(matches!(fragment, Fragment::RowEnd));
        if let Fragment::Text(text) | Fragment::Cell { text, .. } | Fragment::PartName(text) = fragment {
            self.total_bytes += text.len() as u64;
            self.longest_bytes = self.longest_bytes.max(text.len());
        }
    }

    fn begin_member(&mut self, _raw_name: &[u8]) {}

    fn end_member(&mut self, _outcome: Result<Extracted, Reason>) {}
}

fn read(name: &str, start: &[u8], block: &[u8], length: u64) -> (Measuring, Extracted) {
    let mut content = Cursor::new(start.to_vec()).chain(Endless::new(block, length));
    let mut sink = Measuring::default();
    let outcome = extract::extract_stream(name, length, &mut content, &Limits::default(), &mut sink);
    (sink, outcome.expect("a text"))
}

/// Reads a value of two gigabytes behind `start`.
fn longest_piece(name: &str, start: &str, block: &str, encoding: &'static Encoding) -> usize {
    let (start, encoded) = (encode(start, encoding), encode(block, encoding));
    let length = if encoding == GB18030 { LENGTH_OF_GBK } else { LENGTH };
    let length = length / encoded.len() as u64 * encoded.len() as u64;
    let (sink, extracted) = read(name, &start, &encoded, length);
    assert_eq!(extracted.bytes, start.len() as u64 + length, "{name}");
    let expected = length / encoded.len() as u64 * block.len() as u64;
    assert!(sink.total_bytes >= expected, "{name} {}: {} of {expected}", encoding.name(), sink.total_bytes);
    sink.longest_bytes
}

const BLOCK: &str = "设备编号泵十二，轴承温度正常；p-101:";

#[test]
fn a_text_of_one_line() {
    assert!(longest_piece("x.txt", "", BLOCK, UTF_8) <= 64 << 10);
}

#[test]
fn a_text_of_one_line_in_gbk() {
    assert!(longest_piece("x.txt", "", BLOCK, GB18030) <= 256 << 10);
}

#[test]
fn a_text_of_chinese_alone_in_gbk() {
    assert!(longest_piece("x.txt", "", "设备编号泵十二，轴承温度正常。", GB18030) <= 256 << 10);
}

#[test]
fn a_text_of_one_line_in_utf16() {
    assert!(longest_piece("x.txt", "", BLOCK, UTF_16LE) <= 256 << 10);
}

#[test]
fn a_cell_of_a_table() {
    let most = Limits::default().record_bytes + (128 << 10);
    assert!(longest_piece("x.csv", "order_id,note\nA,", BLOCK, UTF_8) <= most);
    assert!(longest_piece("x.csv", "order_id,note\nA,\"", BLOCK, UTF_8) <= most);
}

#[test]
fn a_string_of_json() {
    let most = Limits::default().record_bytes + (128 << 10);
    assert!(longest_piece("x.json", "[{\"note\":\"", BLOCK, UTF_8) <= most);
    assert!(longest_piece("x.jsonl", "{\"note\":\"", BLOCK, UTF_8) <= most);
}

#[test]
fn rows_of_a_million_cells() {
    let row = format!("{}9\n", "12,".repeat(999_999));
    let (sink, extracted) = read("x.csv", b"", row.as_bytes(), 4 * row.len() as u64);
    assert_eq!((sink.rows, sink.cells, sink.longest_bytes), (4, 4_000_000, 2));
    assert_eq!(extracted.records.map(|it| it.value), Some(4));
}
