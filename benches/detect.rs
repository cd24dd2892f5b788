//! Throughput of detection: our scanner, and six regexes as a searching program runs them, over the same bytes in the
//! same run. Prints megabytes per second of processor time.
//!
//! `cargo bench --bench detect`; `-- --write FOLDER` also leaves the two texts there, for other programs.

use std::fs::File;
use std::io::{Read as _, Write as _};
use std::time::Duration;

use mulu::detect::{Detected, ScanOptions, Scanner};
use mulu::model::{Column, Fragment, SketchKey};
use mulu::rules::RulePack;
use regex::bytes::Regex;

/// Bytes of each text: large against every cache, small against patience.
const TEXT_BYTES: usize = 64 << 20;
/// Readers hand over pieces of about this size.
const PIECE_BYTES: usize = 256 << 10;
/// Rounds; the best counts, since what disturbs only ever slows.
const ROUNDS: usize = 3;
const SEED: u64 = 0x6d75_6c75;

/// Numbers from a fixed seed (xorshift64*, Vigna 2016).
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33) as usize % sides
    }

    fn pick<'t>(&mut self, texts: &[&'t str]) -> &'t str {
        texts[self.roll(texts.len())]
    }

    fn digits(&mut self, count: usize) -> String {
        (0..count).map(|_| char::from(b'0' + self.roll(10) as u8)).collect()
    }
}

const CHINESE: [&str; 16] = [
    "车间", "本月", "计划", "完成", "检查", "设备", "运行", "正常", "需要", "更换", "部门", "负责", "按照", "要求",
    "已经", "记录",
];
const ENGLISH: [&str; 16] = [
    "the", "pump", "was", "running", "with", "pressure", "below", "limit", "after", "shift", "and", "valve", "checked",
    "again", "report", "closed",
];

/// Chinese and English prose and logs, with an identifier every few kilobytes.
fn sparse() -> Vec<u8> {
    let mut dice = Dice(SEED);
    let mut text = String::with_capacity(TEXT_BYTES + 4096);
    while text.len() < TEXT_BYTES {
        match dice.roll(3) {
            0 => (0..200).for_each(|word| {
                text.push_str(dice.pick(&CHINESE));
                text.push_str(if word % 9 == 8 { "，" } else { "" });
            }),
            1 => (0..150).for_each(|_| {
                text.push_str(dice.pick(&ENGLISH));
                text.push(' ');
            }),
            _ => (0..12).for_each(|_| {
                let (hour, minute, second) = (dice.roll(24), dice.roll(60), dice.roll(60));
                let (milli, thread, took) = (dice.digits(3), dice.roll(64), dice.roll(9000));
                let word = dice.pick(&ENGLISH);
                text.push_str(&format!(
                    "2026-11-22 {hour:02}:{minute:02}:{second:02}.{milli} INFO [worker-{thread}] {word}={took} done\n"
                ));
            }),
        }
        if dice.roll(4) == 0 {
            let serial = dice.digits(8);
            text.push_str(&match dice.roll(3) {
                0 => format!("联系电话 139{serial}"),
                1 => format!(" mail user{serial}@plant-demo.cn "),
                _ => format!(" host 10.31.{}.{} ", dice.roll(256), dice.roll(256)),
            });
        }
        text.push('\n');
    }
    text.into_bytes()
}

/// Rows of a table of people, five identifiers in each.
fn dense() -> Vec<u8> {
    let mut dice = Dice(SEED);
    let mut text = String::with_capacity(TEXT_BYTES + 4096);
    while text.len() < TEXT_BYTES {
        let (birthday, serial, card) = (10 + dice.roll(19), dice.digits(4), dice.digits(15));
        let (phone, host) = (dice.digits(8), dice.roll(256));
        text.push_str(&format!(
            "{},330102198506{birthday}{serial},139{phone},user{phone}@plant-demo.cn,10.31.7.{host},6228{card},{}.{}\n",
            dice.digits(6),
            dice.roll(1000),
            dice.digits(2),
        ));
    }
    text.into_bytes()
}

fn scan_text(pack: &RulePack, bytes: &[u8]) -> Detected {
    let mut scanner = Scanner::new(pack, SketchKey([1; 16]), ScanOptions::default());
    bytes.chunks(PIECE_BYTES).for_each(|piece| scanner.take(Fragment::Text(piece)));
    scanner.finish()
}

fn scan_rows(pack: &RulePack, bytes: &[u8]) -> Detected {
    let names = ["no", "id_card", "mobile", "email", "ip_addr", "bank_card", "weight"];
    let columns: Vec<Column> =
        names.iter().map(|name| Column { name: Some((*name).to_owned()), ..Column::default() }).collect();
    let mut scanner = Scanner::new(pack, SketchKey([1; 16]), ScanOptions::default());
    scanner.take(Fragment::Table(&columns));
    for row in bytes.split(|byte| *byte == b'\n') {
        for (column, text) in row.split(|byte| *byte == b',').enumerate() {
            scanner.take(Fragment::Cell { column, text });
        }
        scanner.take(Fragment::RowEnd);
    }
    scanner.finish()
}

/// Resident id, mobile, e-mail, IPv4, credit code, bank card: byte mode, ASCII classes, no check behind them.
const SIX: [&str; 6] = [
    r"(?-u)\b[1-9][0-9]{5}(?:19|20)[0-9]{9}[0-9Xx]\b",
    r"(?-u)\b1[3-9][0-9]{9}\b",
    r"(?-u)\b[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+\.[A-Za-z]{2,}\b",
    r"(?-u)\b(?:[0-9]{1,3}\.){3}[0-9]{1,3}\b",
    r"(?-u)\b[0-9A-HJ-NPQRTUWXY]{2}[0-9]{6}[0-9A-HJ-NPQRTUWXY]{10}\b",
    r"(?-u)\b[1-9][0-9]{15,18}\b",
];

/// The best of some rounds, in megabytes (10⁶) per second of processor time, and what was found.
fn measure(bytes: &[u8], mut run: impl FnMut(&[u8]) -> u64) -> (f64, u64) {
    let mut best = Duration::MAX;
    let mut found = 0;
    for _ in 0..ROUNDS {
        let before = processor_time();
        found = run(bytes);
        best = best.min(processor_time().saturating_sub(before));
    }
    (bytes.len() as f64 / 1e6 / best.as_secs_f64(), found)
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
    let pack = RulePack::builtin()?;
    // As one alternation, which is how a searching program joins the patterns it is given.
    #[expect(clippy::disallowed_methods, reason = "the patterns are constants of this file")]
    let six = Regex::new(&SIX.map(|pattern| format!("(?:{pattern})")).join("|"))?;
    let texts = [("sparse", sparse()), ("dense", dense())];
    if let Some(folder) = std::env::args().skip_while(|argument| argument != "--write").nth(1) {
        std::fs::create_dir_all(&folder)?;
        for (name, bytes) in &texts {
            std::fs::write(std::path::Path::new(&folder).join(format!("{name}.txt")), bytes)?;
        }
    }
    let mut out = std::io::stdout().lock();
    writeln!(out, "MB per second of processor time, best of {ROUNDS}, {} MiB each", TEXT_BYTES >> 20)?;
    for (name, bytes) in &texts {
        let (ours, our_matches) = measure(bytes, |bytes| matches(&scan_text(&pack, bytes)));
        let (theirs, their_matches) = measure(bytes, |bytes| six.find_iter(bytes).count() as u64);
        writeln!(out, "{name:8} as text  scanner {ours:8.0} ({our_matches} matches)")?;
        writeln!(out, "{name:8} as text  six     {theirs:8.0} ({their_matches} matches)  ratio {:.1}", ours / theirs)?;
        if *name == "dense" {
            let (rows, row_matches) = measure(bytes, |bytes| matches(&scan_rows(&pack, bytes)));
            writeln!(out, "{name:8} as rows  scanner {rows:8.0} ({row_matches} matches)  ratio {:.1}", rows / theirs)?;
        }
    }
    Ok(())
}
