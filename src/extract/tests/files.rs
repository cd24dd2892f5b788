//! Files on a disk, and streams longer than memory should hold.

use std::{
    io::{self, Cursor, Read},
    path::Path,
};

use xxhash_rust::xxh3::xxh3_128;

use super::{
    super::{Extracted, Sink, extract_file, extract_stream, is_guarded, recorder::Recorder},
    fixtures::packed::zip_of,
};
use crate::{
    model::{Fragment, Measure, Reason},
    open::{
        Format, Limits,
        format::{Access, Family},
        sniff,
    },
};

fn extract(path: &Path) -> Result<Extracted, Reason> {
    extract_file(path, &Limits::default(), &mut Recorder::default())
}

#[test]
fn a_file_is_hashed_whole_whatever_its_reader_does() {
    let folder = tempfile::tempdir().unwrap();
    let archive = zip_of(&[("a.txt", b"valve")]);
    for (name, content, format) in
        [("x.csv", b"order_id,qty\nA,1\n".as_slice(), "csv"), ("x.zip", &archive, "zip"), ("x.json", b"{}", "json")]
    {
        let path = folder.path().join(name);
        std::fs::write(&path, content).unwrap();
        let extracted = extract(&path).unwrap();
        assert_eq!((extracted.format, extracted.bytes), (format, content.len() as u64));
        assert_eq!((extracted.content_hash, extracted.partial), (Some(xxh3_128(content)), None));
        assert_eq!(extracted.records, (name == "x.csv").then(|| Measure::exact(1)));
        let head = crate::open::file::head(&path, Limits::default().head_bytes).unwrap();
        assert_eq!(sniff::format(&sniff::name_of(&path), &head).id(), format);
    }
}

#[test]
fn what_has_no_reader_here_says_so() {
    let folder = tempfile::tempdir().unwrap();
    for (content, reason) in [
        (b"".as_slice(), Reason::Empty),
        (b"SQLite format 3\0".as_slice(), Reason::Corrupt),
        (b"%PDF-1.7".as_slice(), Reason::Corrupt),
        (b"\x00\x01\x02\xff\x00\x03".as_slice(), Reason::UnsupportedFormat),
    ] {
        let path = folder.path().join("x");
        std::fs::write(&path, content).unwrap();
        assert_eq!(extract(&path), Err(reason));
    }
    assert_eq!(extract(&folder.path().join("none")), Err(Reason::Vanished));
    assert_eq!(extract(folder.path()), Err(Reason::SpecialFile));
}

#[test]
fn only_text_is_read_in_the_process_itself() {
    for format in Format::ALL.iter().filter(|format| format.is_read() && !is_guarded(**format)) {
        let is_text = matches!(format.family(), Family::Plain | Family::Data | Family::Dump | Family::Engineering);
        let is_in_order = format.access() == Access::InOrder || format.family() == Family::Dump;
        assert!(is_text && is_in_order, "{}", format.id());
    }
    for format in [Format::Xlsx, Format::Xls, Format::Docx, Format::Zip] {
        assert!(is_guarded(format), "{}", format.id());
    }
}

/// Counts what it is given, and keeps the length of the longest piece.
#[derive(Default)]
struct Measuring {
    total_bytes: usize,
    longest_bytes: usize,
}

impl Sink for Measuring {
    fn fragment(&mut self, fragment: Fragment<'_>) {
        if let Fragment::Text(text)
        | Fragment::Cell { text, .. }
        | Fragment::Row { text, .. }
        | Fragment::PartName(text) = fragment
        {
            self.total_bytes += text.len();
            self.longest_bytes = self.longest_bytes.max(text.len());
        }
    }

    fn begin_member(&mut self, _raw_name: &[u8]) {}

    fn end_member(&mut self, _outcome: Result<Extracted, Reason>) {}
}

#[test]
fn a_value_without_an_end_is_never_held_and_never_lost() {
    const LENGTH: usize = 4 << 20;
    let limits = Limits { record_bytes: 256 << 10, lookahead_bytes: 64 << 10, ..Limits::default() };
    for (name, start) in [
        ("x.txt", "x"),
        ("x.csv", "order_id,note\nA,\""),
        ("x.csv", "order_id,note\nA,"),
        ("x.json", "[{\"note\":\""),
        ("x.json", "{\""),
        ("x.jsonl", "{\"note\":\""),
        ("x.xml", "<a><b>"),
        ("x.xml", "<a b='"),
        ("x.html", "<html><table><tr><td>"),
        ("x.html", "<html><h1>"),
        ("x.html", "<html><a href='"),
    ] {
        let mut content = Cursor::new(start).chain(io::repeat(b'x').take(LENGTH as u64));
        let mut sink = Measuring::default();
        let outcome = extract_stream(name, LENGTH as u64, &mut content, &limits, &mut sink);
        assert!(outcome.is_ok(), "{name} {start}");
        assert!(sink.longest_bytes <= limits.record_bytes + (128 << 10), "{name} {start}: {}", sink.longest_bytes);
        assert!(sink.total_bytes >= LENGTH, "{name} {start}: {}", sink.total_bytes);
    }
}

/// Does something to the file when its first bytes have been read, and keeps the rest like a recorder.
struct Meddling<'m> {
    meddle: Option<&'m dyn Fn()>,
    recorder: Recorder,
}

impl Sink for Meddling<'_> {
    fn head(&mut self, _bytes: &[u8]) {
        // Members have first bytes too.
        if let Some(meddle) = self.meddle.take() {
            meddle();
        }
    }

    fn fragment(&mut self, fragment: Fragment<'_>) {
        self.recorder.fragment(fragment);
    }

    fn begin_member(&mut self, raw_name: &[u8]) {
        self.recorder.begin_member(raw_name);
    }

    fn end_member(&mut self, outcome: Result<Extracted, Reason>) {
        self.recorder.end_member(outcome);
    }
}

/// Files of both kinds: read in order, and read back and forth.
fn changing_files() -> [(&'static str, Vec<u8>); 3] {
    let text = "valve 12\n".repeat(40_000);
    let noise: Vec<u8> = (0u32..90_000).flat_map(|number| number.wrapping_mul(2_654_435_761).to_le_bytes()).collect();
    [
        ("x.txt", text.clone().into_bytes()),
        ("x.csv", format!("order_id,qty\n{}", "A,1\n".repeat(60_000)).into_bytes()),
        ("x.zip", zip_of(&[("a.txt", text.as_bytes()), ("b.bin", &noise)])),
    ]
}

#[test]
fn a_file_that_shrinks_or_grows_while_it_is_read_says_so() {
    let folder = tempfile::tempdir().unwrap();
    for (name, content) in changing_files() {
        for length in [0, 100_000, content.len() as u64 + 5] {
            let path = folder.path().join(name);
            std::fs::write(&path, &content).unwrap();
            let meddle = || std::fs::OpenOptions::new().write(true).open(&path).unwrap().set_len(length).unwrap();
            let mut sink = Meddling { meddle: Some(&meddle), recorder: Recorder::default() };
            match extract_file(&path, &Limits::default(), &mut sink) {
                Ok(extracted) => {
                    assert_eq!(
                        (extracted.partial, extracted.content_hash),
                        (Some(Reason::ChangedWhileRead), None),
                        "{name}"
                    );
                }
                // An archive without its end is no archive any more.
                Err(reason) => assert_eq!((reason, name), (Reason::ChangedWhileRead, "x.zip")),
            }
        }
    }
}

#[test]
fn a_file_that_vanishes_while_it_is_read_is_read_to_its_end() {
    let folder = tempfile::tempdir().unwrap();
    for (name, content) in changing_files() {
        let path = folder.path().join(name);
        std::fs::write(&path, &content).unwrap();
        let meddle = || std::fs::remove_file(&path).unwrap();
        let mut sink = Meddling { meddle: Some(&meddle), recorder: Recorder::default() };
        let extracted = extract_file(&path, &Limits::default(), &mut sink).unwrap();
        assert_eq!(extracted.bytes, content.len() as u64, "{name}");
        assert_eq!(extract(&path), Err(Reason::Vanished));
    }
}
