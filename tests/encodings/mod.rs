//! From bytes through the reader and the scanner: what is found depends on the text alone, not on how it is spelled in
//! bytes, nor on where a piece of it ends.

use std::io::{self, Read};
use std::sync::OnceLock;

use encoding_rs::{Encoding, UTF_16BE, UTF_16LE};
use mulu::detect::{Detected, ScanOptions, Scanner};
use mulu::extract::{self, Extracted, Sink};
use mulu::model::{Fragment, Reason, SketchKey};
use mulu::open::Limits;
use mulu::rules::RulePack;

mod damaged;
mod endless;
mod pieces;
mod spellings;

const KEY: SketchKey = SketchKey([42; 16]);

fn pack() -> &'static RulePack {
    static PACK: OnceLock<RulePack> = OnceLock::new();
    PACK.get_or_init(|| RulePack::builtin().expect("the built-in packs load"))
}

/// A reader that gives so many bytes at a time, in turn.
struct Dripping<'a> {
    bytes: &'a [u8],
    steps: &'a [usize],
    turn: usize,
}

impl Read for Dripping<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let step = self.steps.get(self.turn % self.steps.len().max(1)).copied().unwrap_or(usize::MAX);
        self.turn += 1;
        let count = self.bytes.len().min(step).min(buffer.len());
        buffer[..count].copy_from_slice(&self.bytes[..count]);
        self.bytes = &self.bytes[count..];
        Ok(count)
    }
}

/// Hands on to the scanner, cut once more.
struct Scanning {
    scanner: Scanner<'static>,
    most_bytes: usize,
}

impl Sink for Scanning {
    fn fragment(&mut self, fragment: Fragment<'_>) {
        match fragment {
            Fragment::Text(text) => {
                text.chunks(self.most_bytes).for_each(|piece| self.scanner.take(Fragment::Text(piece)));
            }
            other => self.scanner.take(other),
        }
    }

    fn begin_member(&mut self, _raw_name: &[u8]) {}

    fn end_member(&mut self, _outcome: Result<Extracted, Reason>) {}
}

/// What is found in a file of that name, read and scanned in steps of so many bytes.
fn scan_in_steps(name: &str, bytes: &[u8], steps: &[usize]) -> (Detected, Extracted) {
    let mut sink = Scanning {
        scanner: Scanner::new(pack(), KEY, ScanOptions::default()),
        most_bytes: steps.first().copied().unwrap_or(usize::MAX),
    };
    let mut reader = Dripping { bytes, steps, turn: 0 };
    let outcome = extract::extract_stream(name, bytes.len() as u64, &mut reader, &Limits::default(), &mut sink);
    (sink.scanner.finish(), outcome.expect("a text"))
}

/// What is found in a file of that name.
fn scan(name: &str, bytes: &[u8]) -> Detected {
    scan_in_steps(name, bytes, &[]).0
}

fn matches(detected: &Detected, detector: &str) -> u64 {
    detected.findings.iter().find(|finding| finding.detector == detector).map_or(0, |finding| finding.matches)
}

/// The text in an encoding, without a mark.
fn encode(text: &str, encoding: &'static Encoding) -> Vec<u8> {
    if encoding == UTF_16LE {
        return text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    } else if encoding == UTF_16BE {
        return text.encode_utf16().flat_map(u16::to_be_bytes).collect();
    }
    let (bytes, _, is_lossy) = encoding.encode(text);
    assert!(!is_lossy, "{} cannot spell the text", encoding.name());
    bytes.into_owned()
}
