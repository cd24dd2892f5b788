//! Throughput of detection: our scanner with all rules, and six regexes as a searching program runs them, over the same
//! bytes in the same run. Prints megabytes (10⁶) per second of processor time, and the ratios.
//!
//! `cargo bench --bench detect`; `-- --write FOLDER` only writes the texts there, for other programs; `-- --costs` measures
//! each detector by itself as well.

mod corpus;

use std::fs::File;
use std::hint::black_box;
use std::io::{Read as _, Write as _};
use std::path::Path;
use std::time::Duration;

use corpus::{Kind, Text};
use mulu::detect::{Detected, ScanOptions, Scanner};
use mulu::model::{Column, Fragment, SketchKey};
use mulu::rules::RulePack;
use regex::bytes::Regex;

/// Readers hand over pieces of about this size.
const PIECE_BYTES: usize = 256 << 10;
/// Rounds; the best counts, since what disturbs only ever slows.
const ROUNDS: usize = 3;
/// Bytes of a text that each detector by itself is measured on, and rounds: what is asked for is small.
const COST_BYTES: usize = 4 << 20;
const COST_ROUNDS: usize = 12;

/// Resident id, mobile, e-mail, IPv4, credit code, bank card: byte mode, ASCII classes, no check behind them.
const SIX: [&str; 6] = [
    r"(?-u)\b[1-9][0-9]{5}(?:19|20)[0-9]{9}[0-9Xx]\b",
    r"(?-u)\b1[3-9][0-9]{9}\b",
    r"(?-u)\b[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+\.[A-Za-z]{2,}\b",
    r"(?-u)\b(?:[0-9]{1,3}\.){3}[0-9]{1,3}\b",
    r"(?-u)\b[0-9A-HJ-NPQRTUWXY]{2}[0-9]{6}[0-9A-HJ-NPQRTUWXY]{10}\b",
    r"(?-u)\b[1-9][0-9]{15,18}\b",
];

/// The six regexes, in the three ways in which a program may run them.
struct Six {
    each: Vec<Regex>,
    joined: Regex,
}

impl Six {
    #[expect(clippy::disallowed_methods, reason = "the patterns are constants of this file")]
    fn new() -> Result<Self, regex::Error> {
        let each = SIX.iter().map(|pattern| Regex::new(pattern)).collect::<Result<_, _>>()?;
        let joined = Regex::new(&SIX.map(|pattern| format!("(?:{pattern})")).join("|"))?;
        Ok(Self { each, joined })
    }

    /// One pattern after the other over all of the text.
    fn one_by_one(&self, bytes: &[u8]) -> u64 {
        self.each.iter().map(|regex| regex.find_iter(bytes).count() as u64).sum()
    }

    /// Joined, over all of the text at once.
    fn joined(&self, bytes: &[u8]) -> u64 {
        self.joined.find_iter(bytes).count() as u64
    }

    /// Joined, line after line, as programs do that print lines.
    fn by_line(&self, bytes: &[u8]) -> u64 {
        bytes.split(|byte| *byte == b'\n').map(|line| self.joined.find_iter(line).count() as u64).sum()
    }
}

fn scan_text(pack: &RulePack, bytes: &[u8]) -> Detected {
    let mut scanner = Scanner::new(pack, SketchKey([1; 16]), ScanOptions::default());
    bytes.chunks(PIECE_BYTES).for_each(|piece| scanner.take(Fragment::Text(piece)));
    scanner.finish()
}

/// As the reader of CSV hands rows over; splitting them is part of the time.
fn scan_rows(pack: &RulePack, names: &[&str], bytes: &[u8]) -> Detected {
    let columns: Vec<Column> =
        names.iter().map(|name| Column { name: Some((*name).to_owned()), ..Column::default() }).collect();
    let mut scanner = Scanner::new(pack, SketchKey([1; 16]), ScanOptions::default());
    scanner.take(Fragment::Table(&columns));
    let mut table = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(bytes);
    let (mut record, mut ends) = (csv::ByteRecord::new(), Vec::new());
    while table.read_byte_record(&mut record).unwrap_or(false) {
        ends.clear();
        ends.extend((0..record.len()).filter_map(|column| Some(record.range(column)?.end)));
        scanner.take(Fragment::Row { text: record.as_slice(), ends: &ends });
        scanner.take(Fragment::RowEnd);
    }
    scanner.finish()
}

/// The shortest of some rounds, in seconds of processor time, and what the last gave.
fn measure(rounds: usize, mut run: impl FnMut() -> u64) -> (f64, u64) {
    let mut best = Duration::MAX;
    let mut found = 0;
    for _ in 0..rounds {
        let before = processor_time();
        found = black_box(run());
        best = best.min(processor_time().saturating_sub(before));
    }
    (best.as_secs_f64(), found)
}

/// Linux keeps it, in nanoseconds, as the first number of this file.
fn processor_time() -> Duration {
    let mut line = String::new();
    let read = File::open("/proc/thread-self/schedstat").and_then(|file| file.take(256).read_to_string(&mut line));
    let nanoseconds = read.ok().and_then(|_| line.split(' ').next()?.parse().ok());
    Duration::from_nanos(nanoseconds.expect("the processor time of this thread, from Linux"))
}

fn matches(detected: &Detected) -> u64 {
    detected.findings.iter().map(|finding| finding.matches).sum()
}

fn main() -> anyhow::Result<()> {
    let arguments: Vec<String> = std::env::args().collect();
    let pack = RulePack::builtin()?;
    let texts = corpus::all(&pack);
    if let Some(folder) = arguments.iter().skip_while(|argument| *argument != "--write").nth(1) {
        return write(&texts, Path::new(folder));
    }
    let mut out = std::io::stdout().lock();
    let detectors = pack.detectors().len();
    writeln!(out, "MB per second of processor time, best of {ROUNDS}, {} MiB each", corpus::TEXT_BYTES >> 20)?;
    writeln!(
        out,
        "{detectors} detectors, {} words; six regexes, and how many times their speed ours is",
        pack.dictionary().terms().len()
    )?;
    writeln!(out, "{:24}{:>8}{:>18}{:>18}{:>18}", "text", "scanner", "one by one", "line by line", "all at once")?;
    let six = Six::new()?;
    for Text { name, kind, bytes } in &texts {
        let mut ours = vec![(format!("{name}, as text"), measure(ROUNDS, || matches(&scan_text(&pack, bytes))))];
        if let Kind::Dense(names) = kind {
            let named = measure(ROUNDS, || matches(&scan_rows(&pack, names, bytes)));
            let nameless = measure(ROUNDS, || matches(&scan_rows(&pack, &[], bytes)));
            ours.extend([(format!("{name}, as named rows"), named), (format!("{name}, as nameless rows"), nameless)]);
        }
        let theirs = [
            measure(ROUNDS, || six.one_by_one(bytes)),
            measure(ROUNDS, || six.by_line(bytes)),
            measure(ROUNDS, || six.joined(bytes)),
        ];
        let speed = |seconds: f64| bytes.len() as f64 / 1e6 / seconds;
        for (what, (seconds, found)) in ours {
            write!(out, "{what:24}{:>8.0}", speed(seconds))?;
            for (their_seconds, _) in theirs {
                write!(out, "{:>10.0} {:>6.2}×", speed(their_seconds), their_seconds / seconds)?;
            }
            writeln!(out, "   {found} found, {} by the regexes", theirs[2].1)?;
        }
    }
    if arguments.iter().any(|argument| argument == "--costs") {
        costs(&mut out, &pack, &texts)?;
    }
    Ok(())
}

/// What each detector costs that is alone in its pack, beyond a pack with none: nanoseconds for each kilobyte of a text.
fn costs(out: &mut impl std::io::Write, pack: &RulePack, texts: &[Text]) -> anyhow::Result<()> {
    let cut: Vec<(&str, &[u8])> = texts.iter().map(|text| (text.name, &text.bytes[..COST_BYTES])).collect();
    let seconds = |pack: &RulePack| -> Vec<f64> {
        cut.iter().map(|(_, bytes)| measure(COST_ROUNDS, || matches(&scan_text(pack, bytes))).0).collect()
    };
    let empty = seconds(&RulePack::from_texts(Vec::new())?);
    write!(out, "\nnanoseconds a kilobyte that each detector costs by itself\n{:28}", "detector")?;
    cut.iter().try_for_each(|(name, _)| write!(out, "{name:>12}"))?;
    writeln!(out)?;
    for detector in pack.detectors() {
        let alone = RulePack::from_texts(vec![pack_of_one(&detector.file, &detector.id)?])?;
        write!(out, "{:28}", detector.id)?;
        for (seconds, without) in seconds(&alone).iter().zip(&empty) {
            write!(out, "{:>12.1}", (seconds - without).max(0.0) * 1e9 / (COST_BYTES as f64 / 1e3))?;
        }
        writeln!(out)?;
    }
    Ok(())
}

/// The file of a rule with that rule alone.
fn pack_of_one(file: &str, id: &str) -> anyhow::Result<(String, String)> {
    let mut text = String::new();
    File::open(Path::new(env!("CARGO_MANIFEST_DIR")).join(file))?.take(1 << 20).read_to_string(&mut text)?;
    let mut pack: toml::Table = toml::from_str(&text)?;
    if let Some(toml::Value::Array(detectors)) = pack.get_mut("detector") {
        detectors.retain(|detector| detector.get("id").and_then(toml::Value::as_str) == Some(id));
    }
    Ok((file.to_owned(), toml::to_string(&pack)?))
}

/// Each text as a file, the dense one as a table with and without a header.
fn write(texts: &[Text], folder: &Path) -> anyhow::Result<()> {
    std::fs::create_dir_all(folder)?;
    for Text { name, kind, bytes } in texts {
        if let Kind::Dense(names) = kind {
            std::fs::write(folder.join(format!("{name}-nameless.csv")), bytes)?;
            let header = [names.join(",").as_bytes(), b"\n", bytes].concat();
            std::fs::write(folder.join(format!("{name}-named.csv")), header)?;
        } else {
            std::fs::write(folder.join(format!("{name}.txt")), bytes)?;
        }
    }
    Ok(())
}
