//! What holds for all bytes: the targets of cargo-fuzz, and the tests that replay what they have found.
//!
//! The first bytes of an input steer (sizes of pieces, names of files), the rest is what is read.

use std::io::{self, Read};
use std::sync::OnceLock;

use mulu::detect::{self, Detected, ScanOptions, Scanner};
use mulu::extract::{self, Extracted, Sink};
use mulu::model::{Column, Fragment, Reason, SketchKey};
use mulu::open::{Limits, sniff};
use mulu::rules::{self, RulePack};

/// Longer inputs find nothing that shorter ones do not, and take their time.
const MOST_BYTES: usize = 1 << 20;
/// Sizes of pieces are made from so many bytes.
const STEERING_BYTES: usize = 4;

fn pack() -> &'static RulePack {
    static PACK: OnceLock<RulePack> = OnceLock::new();
    PACK.get_or_init(|| RulePack::builtin().expect("the built-in packs load"))
}

fn scanner() -> Scanner<'static> {
    Scanner::new(pack(), SketchKey([7; 16]), ScanOptions::default())
}

/// The steering bytes and the content.
fn parted(bytes: &[u8]) -> Option<([u8; STEERING_BYTES], &[u8])> {
    let (steering, content) = bytes.split_first_chunk()?;
    (content.len() <= MOST_BYTES).then_some((*steering, content))
}

/// Sizes of pieces, in turn: small ones, and some around a hundred times that.
fn sizes(steering: [u8; STEERING_BYTES]) -> impl Iterator<Item = usize> {
    let size = |byte: u8| 1 + usize::from(byte & 0x7f) * if byte >= 0x80 { 101 } else { 1 };
    steering.into_iter().map(size).cycle()
}

/// Any bytes as running text give what they give in one piece, and as cells of a table they give something.
pub(crate) fn detect(bytes: &[u8]) {
    let Some((steering, content)) = parted(bytes) else { return };
    let mut whole = scanner();
    whole.take(Fragment::Text(content));
    let mut in_pieces = scanner();
    let mut rest = content;
    for size in sizes(steering) {
        let (piece, after) = rest.split_at(size.min(rest.len()));
        in_pieces.take(Fragment::Text(piece));
        rest = after;
        if rest.is_empty() {
            break;
        }
    }
    assert_eq!(whole.finish(), in_pieces.finish(), "what is found depends on where a piece ends");
    let once = table(content);
    assert_eq!(once, table(content), "the same table gives something else");
    assert!(once.shares.values().all(|share| share.matched() <= once.rows), "more rows match than there are");
}

/// The first line names the columns, the others are rows.
fn table(content: &[u8]) -> Detected {
    let mut lines = content.split(|byte| *byte == b'\n');
    let column = |name: &[u8]| Column { name: Some(String::from_utf8_lossy(name).into_owned()), ..Column::default() };
    let columns: Vec<Column> = lines.next().unwrap_or_default().split(|byte| *byte == b',').map(column).collect();
    let mut scanner = scanner();
    scanner.take(Fragment::Table(&columns));
    for line in lines {
        for (column, text) in line.split(|byte| *byte == b',').enumerate() {
            scanner.take(Fragment::Cell { column, text });
        }
        scanner.take(Fragment::RowEnd);
    }
    scanner.finish()
}

/// Any text as a rule pack is refused with a reason or loads; what loads can be linted and tried on its own examples.
pub(crate) fn rules(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes.get(..bytes.len().min(MOST_BYTES)).unwrap_or_default()).into_owned();
    match RulePack::from_texts(vec![("fuzzed.toml".to_owned(), text)]) {
        Err(error) => assert!(!error.to_string().is_empty(), "refused without a reason"),
        Ok(pack) => {
            let complaints = rules::lint(&pack, &["operations.it"]);
            assert!(complaints.iter().all(|error| !error.to_string().is_empty()), "a complaint without words");
            let tried: usize =
                pack.detectors().iter().map(|rule| rule.examples.len() + rule.counter_examples.len()).sum();
            assert_eq!(detect::selftest(&pack).len(), tried, "an example was not tried");
        }
    }
}

const NAMES: [&str; 8] = ["x.txt", "x.csv", "x.tsv", "x.json", "x.jsonl", "x.xml", "x.html", "x"];

/// Any bytes as a file are read alike however many come at once; each ends as a text or with a reason.
pub(crate) fn decode(bytes: &[u8]) {
    let Some((steering, content)) = parted(bytes) else { return };
    let name = NAMES[usize::from(steering[0]) % NAMES.len()];
    // Readers of others' code run in a guarded child, which bears what they do.
    if extract::is_guarded(sniff::format(name, content)) {
        return;
    }
    let whole = read(name, content, &mut std::iter::repeat(usize::MAX));
    let in_steps = read(name, content, &mut sizes(steering));
    assert_eq!(whole, in_steps, "what is read depends on how much comes at once");
    if let Ok(extracted) = &whole.1 {
        assert_eq!(extracted.bytes, content.len() as u64, "not all of it was read");
    }
}

/// A reader that gives the bytes in pieces.
struct Pieces<'a> {
    left: &'a [u8],
    sizes: &'a mut dyn Iterator<Item = usize>,
}

impl Read for Pieces<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.sizes.next().unwrap_or(1).min(self.left.len()).min(buffer.len());
        let (piece, left) = self.left.split_at(count);
        buffer[..count].copy_from_slice(piece);
        self.left = left;
        Ok(count)
    }
}

/// A sink that scans, and watches over the order of what it is given.
struct Scanning {
    scanner: Scanner<'static>,
    is_in_table: bool,
}

impl Sink for Scanning {
    fn fragment(&mut self, fragment: Fragment<'_>) {
        match fragment {
            Fragment::Table(_) => assert!(!std::mem::replace(&mut self.is_in_table, true), "a table in a table"),
            Fragment::TableEnd => assert!(std::mem::replace(&mut self.is_in_table, false), "no table to end"),
            Fragment::Cell { .. } | Fragment::Row { .. } | Fragment::RowEnd | Fragment::ClusterEnd { .. } => {
                assert!(self.is_in_table, "a cell outside of a table");
            }
            Fragment::Text(_) => assert!(!self.is_in_table, "text in a table"),
            Fragment::Break | Fragment::PartName(_) => {}
        }
        self.scanner.take(fragment);
    }

    fn begin_member(&mut self, _raw_name: &[u8]) {}

    fn end_member(&mut self, _outcome: Result<Extracted, Reason>) {}
}

fn read(name: &str, content: &[u8], sizes: &mut dyn Iterator<Item = usize>) -> (Detected, Result<Extracted, Reason>) {
    // Small caps, so that an input of some kilobytes meets them.
    let limits =
        Limits { record_bytes: 16 << 10, lookahead_bytes: 4 << 10, columns: 64, keys: 16, ..Limits::default() };
    let mut sink = Scanning { scanner: scanner(), is_in_table: false };
    let mut reader = Pieces { left: content, sizes };
    let outcome = extract::extract_stream(name, content.len() as u64, &mut reader, &limits, &mut sink);
    assert!(!sink.is_in_table || outcome.is_err(), "a table was left open");
    (sink.scanner.finish(), outcome)
}
