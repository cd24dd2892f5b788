//! `mulu changes` and `mulu diff` over a million assets that all changed since the filing: builds an inventory of two scans,
//! files the first, and runs the program on it as a person would. Prints processor seconds and peak memory.
//!
//! `cargo bench --bench changes`; `-- --assets N` for another number, `-- --keep FOLDER` to keep the inventory.

use std::fs::File;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::Context as _;
use mulu::inventory::{self, Inventory, ScanPlan, ShardBatch};
use mulu::model::{
    Asset, AssetKind, CategoryId, Classification, Contribution, Examined, Finding, Level, Locator, Measure, Place,
    Proposal, PublicName, Reason, Score, Sketch, Stat, Status, Store, StoreKind, StoreResult, StoreState, Versions,
};

/// What the issue asks for.
const ASSETS: u64 = 1_000_000;
/// Assets of a shard; a scan of a share makes shards of about this size.
const SHARD: u64 = 1000;
/// Leaves of the category tree that the assets are of.
const CATEGORIES: [&str; 5] = [
    "production.process-parameter",
    "production.quality",
    "research.design",
    "management.finance",
    "operations.logistics",
];
/// One asset of this many holds identifiers.
const WITH_PERSONS: u64 = 5;

/// A file of the share as the scan of a generation saw it: each differs in length, content and records.
fn file(number: u64, generation: u64) -> Examined {
    let bytes = 2_000 + number % 5_000 + generation * 1_800;
    let name = format!("部门{:03}/项目{:05}/记录-{number:07}.csv", number / 10_000, number / 100);
    let asset = Asset {
        store: "plant".to_owned(),
        locator: Locator::of(&PublicName::vouched(&name)),
        kind: AssetKind::File,
        parent: None,
        stat: Some(Stat { size: bytes, modified_ns: (number + generation).cast_signed(), inode: number + 1 }),
    };
    let category = CategoryId::new(CATEGORIES[number as usize % CATEGORIES.len()]);
    let contribution = |term: &str, place| Contribution {
        term: term.to_owned(),
        rule: "vocabulary.bench".to_owned(),
        place,
        count: 3,
        category: category.clone(),
        weight: 0.4,
    };
    let mut findings = Vec::new();
    if number.is_multiple_of(WITH_PERSONS) {
        let mut sketch = Sketch::default();
        for person in number..number + 20 {
            sketch.insert((person + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15));
        }
        findings.push(Finding {
            detector: "cn.mobile".to_owned(),
            matches: 20,
            sample: None,
            sketch,
            columns: vec![PublicName::vouched("手机号")],
            confidence: 0.9,
            decimals: None,
            passed: None,
        });
    }
    Examined {
        status: Status::Classified,
        reason: None,
        format: Some("csv".to_owned()),
        encoding: Some("utf-8".to_owned()),
        bytes: Some(Measure::exact(bytes)),
        records: Some(Measure::exact(bytes / 40)),
        modified: Some("2026-11-20T08:00:00Z".to_owned()),
        content_hash: Some(format!("{:032x}", u128::from(number) * 7 + u128::from(generation))),
        findings,
        classification: Some(Classification {
            best: Some(Score { id: category.clone(), score: 0.8 }),
            alternatives: vec![Score { id: CategoryId::new("service.user"), score: 0.1 }],
            contributions: vec![
                contribution("工艺", Place::Name),
                contribution("温度", Place::Column),
                contribution("批次", Place::Column),
                contribution("压力", Place::Content),
            ],
            fields: vec![("rare-earth".to_owned(), 5)],
        }),
        proposal: Some(Proposal { level: Level::Important, bases: Vec::new(), open: Vec::new() }),
        ..Examined::unread(asset, Reason::Empty)
    }
}

/// One whole scan in which every asset is new or changed.
fn scan(inventory: &mut dyn Inventory, store: &Store, generation: u64, assets: u64) -> anyhow::Result<()> {
    let version = |name: &str| format!("{name}-bench");
    let begun = inventory.begin_scan(&ScanPlan {
        stores: vec![store.clone()],
        versions: Versions {
            rules: version("rules"),
            regime: version("regime"),
            extractor: version("readers"),
            limits: version("limits"),
        },
        fingerprint: format!("generation {generation}"),
        started: format!("2026-0{}-01", generation + 1),
    })?;
    let mut keys = Vec::new();
    for first in (0..assets).step_by(SHARD as usize) {
        let key = format!("shard {first}");
        inventory.record_shard(
            begun.id,
            &ShardBatch {
                key: key.clone(),
                fingerprint: String::new(),
                store: store.name.clone(),
                fresh: (first..(first + SHARD).min(assets)).map(|number| file(number, generation)).collect(),
                unchanged: Vec::new(),
                access: Vec::new(),
            },
        )?;
        keys.push(key);
    }
    let result = StoreResult { store: store.name.clone(), state: StoreState::Complete, reason: None, connection: None };
    inventory.finish_scan(begun.id, &keys, &[result], &format!("2026-0{}-01", generation + 1))?;
    Ok(())
}

fn text(path: &Path) -> String {
    let mut text = String::new();
    let read = File::open(path).and_then(|file| file.take(1 << 16).read_to_string(&mut text));
    read.map_or_else(|_| String::new(), |_| text)
}

/// The most memory that a process has held so far, in bytes (`VmHWM` of Linux).
fn peak(child: &Child) -> Option<u64> {
    let status = text(Path::new(&format!("/proc/{}/status", child.id())));
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    Some(line.split_whitespace().nth(1)?.parse::<u64>().ok()? << 10)
}

/// Processor time of the children that have ended and were waited for (fields 16 and 17 of `stat`, in hundredths).
fn processor_time_of_children() -> Duration {
    let stat = text(Path::new("/proc/self/stat"));
    let after_name = stat.rsplit_once(')').map_or("", |(_, rest)| rest);
    let ticks = after_name.split_whitespace().skip(13).take(2).filter_map(|field| field.parse::<u64>().ok());
    Duration::from_millis(ticks.sum::<u64>() * 10)
}

/// Runs the program to its end: (processor time, peak memory, wall time, exit code).
fn run(folder: &Path, arguments: &[&str]) -> anyhow::Result<(Duration, u64, Duration, i32)> {
    let mut command = Command::new(env!("CARGO_BIN_EXE_mulu"));
    command.current_dir(folder).args(arguments).stdout(Stdio::null());
    let (before, began) = (processor_time_of_children(), Instant::now());
    let mut child = command.spawn()?;
    let mut most = 0;
    let status = loop {
        most = most.max(peak(&child).unwrap_or(0));
        match child.try_wait()? {
            Some(status) => break status,
            None => std::thread::sleep(Duration::from_millis(5)),
        }
    };
    let spent = processor_time_of_children().saturating_sub(before);
    Ok((spent, most, began.elapsed(), status.code().unwrap_or(-1)))
}

/// One line for a command: what it cost, and how much it said.
fn report(
    command: &str,
    assets: u64,
    (processor, memory, wall): (Duration, u64, Duration),
    lines: usize,
) -> anyhow::Result<()> {
    let (processor, wall, memory) = (processor.as_secs_f64(), wall.as_secs_f64(), memory >> 20);
    let mut out = std::io::stdout().lock();
    writeln!(
        out,
        "mulu {command}, {assets} assets changed: {processor:.1} s of processor time, {wall:.1} s in all, \
         peak memory {memory} MiB, {lines} lines"
    )?;
    Ok(())
}

fn main() -> anyhow::Result<()> {
    let value_of = |name: &str| std::env::args().skip_while(|argument| argument != name).nth(1);
    let assets = value_of("--assets").map_or(Ok(ASSETS), |text| text.parse())?;
    let temporary = tempfile::tempdir()?;
    let kept = value_of("--keep");
    let folder = kept.as_ref().map_or_else(|| temporary.path().to_owned(), Into::into);
    std::fs::create_dir_all(&folder)?;
    let path = folder.join("mulu.db");
    let mut inventory = inventory::open(&path)?;
    let store = inventory.store_for("plant", StoreKind::Share, "/srv/plant")?;
    scan(inventory.as_mut(), &store, 0, assets)?;
    drop(inventory);
    let submit = ["filing", "submit", "--by", "bench", "--date", "2026-01-02", "--authority", "示例省工业和信息化厅"];
    run(&folder, &[&submit[..], &["--allow-incomplete", "--allow-unconfirmed", "-o", "submitted.txt"]].concat())?;
    run(&folder, &["filing", "accept", "1", "--number", "1", "--date", "2026-01-03", "-o", "accepted.txt"])?;
    scan(inventory::open(&path)?.as_mut(), &store, 1, assets)?;
    let (processor, memory, wall, code) = run(&folder, &["changes", "--format", "json", "-o", "changes.json"])?;
    let mut answer = Vec::new();
    File::open(folder.join("changes.json"))?.take(1 << 26).read_to_end(&mut answer)?;
    let answer: serde_json::Value = serde_json::from_slice(&answer).context("changes.json")?;
    anyhow::ensure!(code == 1 && answer["state"] == "material", "it ended with {code}: {}", answer["state"]);
    let lines = answer["changes"].as_array().map_or(0, Vec::len);
    report("changes", assets, (processor, memory, wall), lines)?;
    let differences = ["diff", "1", "2", "--format", "jsonl", "-o", "differences.jsonl"];
    let (processor, memory, wall, code) = run(&folder, &differences)?;
    let rows = BufReader::new(File::open(folder.join("differences.jsonl"))?).lines().count();
    anyhow::ensure!(code == 1 && rows as u64 >= assets, "it ended with {code} and {rows} differences");
    report("diff", assets, (processor, memory, wall), rows)
}
