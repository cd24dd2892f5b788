//! What an encoding costs: the reader of texts alone, and with the scanner behind it, over the same lines in each
//! encoding. Prints megabytes of input per second of processor time, and how much of the time the reader takes.
//!
//! `cargo bench --bench encodings`

use std::fs::File;
use std::io::{Cursor, Read as _, Write as _};
use std::time::Duration;

use encoding_rs::{GB18030, UTF_8, UTF_16LE};
use mulu::detect::{ScanOptions, Scanner};
use mulu::extract::{self, Extracted, Sink};
use mulu::model::{Fragment, Reason, SketchKey};
use mulu::open::Limits;
use mulu::rules::RulePack;

/// Bytes of each text in UTF-8.
const TEXT_BYTES: usize = 48 << 20;
/// Rounds; the best counts, since what disturbs only ever slows.
const ROUNDS: usize = 3;

/// Numbers that look random and are always the same (Numerical Recipes' congruential generator).
struct Dice(u32);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (self.0 >> 8) as usize % sides
    }
}

const CHINESE: [&str; 20] = [
    "车间",
    "本月",
    "计划",
    "完成",
    "检查",
    "设备",
    "运行",
    "正常",
    "需要",
    "更换",
    "部门",
    "负责",
    "按照",
    "要求",
    "已经",
    "记录",
    "，",
    "。",
    "轴承温度",
    "值班员",
];

fn prose(dice: &mut Dice, text: &mut String) {
    (0..60).for_each(|_| text.push_str(CHINESE[dice.roll(CHINESE.len())]));
    text.push('\n');
}

fn log(dice: &mut Dice, text: &mut String) {
    let (minute, worker, took) = (dice.roll(60), dice.roll(64), dice.roll(9000));
    text.push_str(&format!("2026-11-22 08:{minute:02}:17.204 INFO [worker-{worker}] took={took} "));
    (0..3).for_each(|_| text.push_str(CHINESE[dice.roll(CHINESE.len())]));
    text.push('\n');
}

fn table(dice: &mut Dice, text: &mut String) {
    let (number, unit) = (dice.roll(1_000_000), CHINESE[dice.roll(16)]);
    text.push_str(&format!("{number},TI-{},{}.{},kPa,{unit},2026-11-22\n", number % 977, number % 300, number % 10));
}

fn written(line: fn(&mut Dice, &mut String)) -> String {
    let (mut dice, mut text) = (Dice(166), String::with_capacity(TEXT_BYTES + 4096));
    while text.len() < TEXT_BYTES {
        line(&mut dice, &mut text);
    }
    text
}

/// Takes all fragments, to a scanner if there is one.
struct Taking<'p>(Option<Scanner<'p>>, u64);

impl Sink for Taking<'_> {
    fn fragment(&mut self, fragment: Fragment<'_>) {
        match &mut self.0 {
            Some(scanner) => scanner.take(fragment),
            None => self.1 += u64::from(matches!(fragment, Fragment::Text(_))),
        }
    }

    fn begin_member(&mut self, _raw_name: &[u8]) {}

    fn end_member(&mut self, _outcome: Result<Extracted, Reason>) {}
}

fn seconds(bytes: &[u8], pack: Option<&RulePack>) -> f64 {
    let scanner = || pack.map(|pack| Scanner::new(pack, SketchKey([1; 16]), ScanOptions::default()));
    let mut best = Duration::MAX;
    for _ in 0..ROUNDS {
        let before = processor_time();
        let mut sink = Taking(scanner(), 0);
        let outcome = extract::extract_stream("x.log", 0, &mut Cursor::new(bytes), &Limits::default(), &mut sink);
        assert!(outcome.is_ok(), "a text");
        best = best.min(processor_time().saturating_sub(before));
    }
    best.as_secs_f64()
}

/// Linux keeps it, in nanoseconds, as the first number of this file.
fn processor_time() -> Duration {
    let mut line = String::new();
    let read = File::open("/proc/thread-self/schedstat").and_then(|file| file.take(256).read_to_string(&mut line));
    let nanoseconds = read.ok().and_then(|_| line.split(' ').next()?.parse().ok());
    Duration::from_nanos(nanoseconds.expect("the processor time of this thread, from Linux"))
}

fn main() -> anyhow::Result<()> {
    let pack = RulePack::builtin()?;
    let mut out = std::io::stdout().lock();
    writeln!(out, "MB of input per second of processor time, best of {ROUNDS}")?;
    for (name, text) in [("prose", written(prose)), ("log", written(log)), ("table", written(table))] {
        for encoding in [UTF_8, GB18030, UTF_16LE] {
            let bytes = if encoding == UTF_16LE {
                text.encode_utf16().flat_map(u16::to_le_bytes).collect()
            } else {
                encoding.encode(&text).0.into_owned()
            };
            let (reader, both) = (seconds(&bytes, None), seconds(&bytes, Some(&pack)));
            let speed = |seconds: f64| bytes.len() as f64 / 1e6 / seconds;
            let share = 100.0 * reader / both;
            writeln!(
                out,
                "{name:6} {:9} reader {:7.0}  with scanner {:6.0}  reader's share {share:3.0} %",
                encoding.name(),
                speed(reader),
                speed(both),
            )?;
        }
    }
    Ok(())
}
