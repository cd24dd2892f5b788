//! How often each detector is asked, counted and not timed: none may be asked nearly everywhere.

use std::cell::RefCell;

use super::{ScanOptions, Scanner};
use crate::model::{Fragment, SketchKey};
use crate::rules::RulePack;

/// A detector may look at one candidate in so many bytes of ordinary text: a line has about as many.
const FEWEST_BYTES_A_LOOK: u64 = 64;

thread_local! {
    /// By detector: candidates that it was asked about, in this thread.
    static LOOKS: RefCell<Vec<u64>> = const { RefCell::new(Vec::new()) };
}

/// Counts that a detector is asked about a candidate.
pub(super) fn count(detector: usize) {
    LOOKS.with_borrow_mut(|looks| {
        if looks.len() <= detector {
            looks.resize(detector + 1, 0);
        }
        if let Some(looks) = looks.get_mut(detector) {
            *looks += 1;
        }
    });
}

/// The detectors that are asked too often in a text, and how often.
fn overworked(pack: &RulePack, text: &[u8]) -> Vec<(String, u64)> {
    LOOKS.take();
    let mut scanner = Scanner::new(pack, SketchKey([5; 16]), ScanOptions::default());
    scanner.take(Fragment::Text(text));
    drop(scanner.finish());
    let looks = LOOKS.take().into_iter().enumerate();
    let too_many = looks.filter(|(_, looks)| *looks > 1 && *looks * FEWEST_BYTES_A_LOOK > text.len() as u64);
    too_many.filter_map(|(detector, looks)| Some((pack.detectors().get(detector)?.id.clone(), looks))).collect()
}

/// Prose, logs, telemetry and programs, none of which is about identifiers.
fn texts() -> Vec<(&'static str, String)> {
    let lines = |line: fn(u32) -> String| (0..2000).map(line).collect::<String>();
    let fixed: [(&str, &[u8]); 4] = [
        ("README", include_bytes!("../../README.md")),
        ("architecture", include_bytes!("../../docs/architecture.md")),
        ("log", include_bytes!("../../samples/plant/生产/中控操作日志_2026-10.log")),
        ("program", include_bytes!("../../samples/plant/研发/数控程序/O1021_搅拌轴套.nc")),
    ];
    let decoded = |bytes: &[u8]| {
        std::str::from_utf8(bytes).map_or_else(|_| encoding_rs::GB18030.decode(bytes).0.into_owned(), str::to_owned)
    };
    let mut texts: Vec<(&str, String)> = fixed.into_iter().map(|(name, bytes)| (name, decoded(bytes))).collect();
    texts.push((
        "telemetry",
        lines(|row| {
            let number = f64::from(row.wrapping_mul(2_654_435_761) % 900_000);
            format!(
                "2026-11-22 10:20:{:02}.{:03},{:.4},{:.4},{row}\n",
                row % 60,
                row % 1000,
                number / 1e3,
                number / 7e3
            )
        }),
    ));
    texts.push((
        "json",
        lines(|row| {
            format!("{{\"ts\": \"2026-11-22T10:20:{:02}\", \"device\": \"P-{row}\", \"value\": {row}.5}}\n", row % 60)
        }),
    ));
    texts
}

#[test]
fn no_detector_is_asked_nearly_everywhere() {
    let pack = RulePack::builtin().expect("the built-in packs load");
    for (name, text) in texts() {
        assert_eq!(overworked(&pack, text.as_bytes()), [], "{name}");
    }
}

#[test]
fn a_detector_that_would_be_asked_nearly_everywhere_is_noticed() {
    let pack = |anchor: &str| {
        let text = format!(
            "schema = 1\npack = \"mine\"\n[[detector]]\nid = \"mine.wide\"\nname = {{ zh = \"甲\", en = \"a\" }}\n\
             confidence = 0.9\nbasis = [\"design\"]\npattern = '[a-z0-9]+'\n{anchor}\n"
        );
        RulePack::from_texts(vec![("mine.toml".to_owned(), text)]).expect("loads")
    };
    let text = "the pump and the valve and the 2026 report ".repeat(200);
    for anchor in ["anchor = \"words\"\nwords = [\"the\"]", "anchor = \"digit-run\"\nlengths = [4]"] {
        assert_eq!(overworked(&pack(anchor), text.as_bytes()).len(), 1, "{anchor}");
    }
    assert_eq!(overworked(&pack("anchor = \"digit-run\"\nlengths = [11]"), text.as_bytes()), []);
}
