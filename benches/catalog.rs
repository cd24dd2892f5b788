//! `mulu catalog check` and every export over ten thousand classes and two million assets: builds an inventory of one scan of many
//! stores and runs the program on it as a person would. Prints processor seconds and peak memory, and fails where a command takes
//! more than the bounds that were set for it.
//!
//! `cargo bench --bench catalog`; `-- --assets N` for another number, `-- --keep FOLDER` to keep the inventory.

use std::fs::File;
use std::io::{Read as _, Write as _};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use mulu::inventory::{self, Inventory, ScanPlan, ShardBatch};
use mulu::model::{
    Asset, AssetKind, CategoryId, Classification, Examined, Finding, Level, Locator, Measure, Proposal, PublicName,
    Reason, Score, Sketch, Stat, Status, Store, StoreKind, StoreResult, StoreState, Versions,
};
use mulu::regime::Regime;

/// What a group of many plants has.
const ASSETS: u64 = 2_000_000;
/// Classes: so many stores are made that each holds one of every category.
const CLASSES: usize = 10_000;
/// Assets of a shard; a scan of a share makes shards of about this size.
const SHARD: u64 = 1_000;
/// One asset of this many holds identifiers.
const WITH_PERSONS: u64 = 5;
/// The bounds: wall time and memory of each command.
const MOST: (Duration, u64) = (Duration::from_mins(1), 512 << 20);

fn file(store: &str, number: u64, category: &CategoryId) -> Examined {
    let bytes = 2_000 + number % 5_000;
    let name = format!("部门{:03}/项目{:05}/记录-{number:07}.csv", number / 10_000, number / 100);
    let asset = Asset {
        store: store.to_owned(),
        locator: Locator::of(&PublicName::vouched(&name)),
        kind: AssetKind::File,
        parent: None,
        stat: Some(Stat { size: bytes, modified_ns: number.cast_signed(), inode: number + 1 }),
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
        content_hash: Some(format!("{:032x}", u128::from(number) * 7)),
        findings,
        classification: Some(Classification {
            best: Some(Score { id: category.clone(), score: 0.8 }),
            fields: vec![("rare-earth".to_owned(), 5)],
            ..Classification::default()
        }),
        proposal: Some(Proposal { level: Level::Important, bases: Vec::new(), open: Vec::new() }),
        ..Examined::unread(asset, Reason::Empty)
    }
}

/// One whole scan of all stores.
fn scan(inventory: &mut dyn Inventory, stores: &[Store], categories: &[CategoryId], assets: u64) -> anyhow::Result<()> {
    let version = |name: &str| format!("{name}-bench");
    let begun = inventory.begin_scan(&ScanPlan {
        stores: stores.to_vec(),
        versions: Versions {
            rules: version("rules"),
            regime: version("regime"),
            extractor: version("readers"),
            limits: version("limits"),
        },
        fingerprint: "bench".to_owned(),
        started: "2026-03-01".to_owned(),
    })?;
    let each = assets / stores.len() as u64;
    // A build that was cut off goes on where it was.
    let done = inventory.shards_done(begun.id)?;
    let mut keys = Vec::new();
    for store in stores {
        for first in (0..each).step_by(SHARD as usize) {
            let key = format!("{} {first}", store.name);
            let fresh = (first..(first + SHARD).min(each))
                .map(|number| file(&store.name, number, &categories[number as usize % categories.len()]));
            if done.contains_key(&key) {
                keys.push(key);
                continue;
            }
            let batch = ShardBatch {
                key: key.clone(),
                store: store.name.clone(),
                fresh: fresh.collect(),
                ..ShardBatch::default()
            };
            inventory.record_shard(begun.id, &batch)?;
            keys.push(key);
        }
    }
    let result = |store: &Store| StoreResult {
        store: store.name.clone(),
        state: StoreState::Complete,
        reason: None,
        connection: None,
    };
    let results: Vec<StoreResult> = stores.iter().map(result).collect();
    inventory.finish_scan(begun.id, &keys, &results, "2026-03-01")?;
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

/// Runs the program to its end, says what it cost, and whether that is within the bounds.
fn run(folder: &Path, arguments: &[&str]) -> anyhow::Result<bool> {
    let mut command = Command::new(env!("CARGO_BIN_EXE_mulu"));
    command.current_dir(folder).args(arguments).stdout(Stdio::null()).stderr(Stdio::null());
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
    let (spent, wall) = (processor_time_of_children().saturating_sub(before), began.elapsed());
    anyhow::ensure!(matches!(status.code(), Some(0 | 1)), "mulu {arguments:?} ended with {status}");
    let is_within = wall <= MOST.0 && most <= MOST.1;
    let mut out = std::io::stdout().lock();
    writeln!(
        out,
        "mulu {}: {:.1} s of processor time, {:.1} s in all, peak memory {} MiB{}",
        arguments.join(" "),
        spent.as_secs_f64(),
        wall.as_secs_f64(),
        most >> 20,
        if is_within { "" } else { "  OVER" }
    )?;
    Ok(is_within)
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
    if inventory.scans()?.iter().all(|scan| scan.finished.is_none()) {
        let regime = Regime::builtin()?;
        let leaves = regime.taxonomy.nodes().filter(|node| node.id.contains('.'));
        let categories: Vec<CategoryId> = leaves.map(|node| CategoryId::new(&node.id)).collect();
        let count = CLASSES.div_ceil(categories.len());
        let stores: Result<Vec<Store>, _> = (0..count)
            .map(|number| {
                let name = format!("plant-{number:03}");
                inventory.store_for(&name, StoreKind::Share, &format!("/srv/{name}"))
            })
            .collect();
        scan(inventory.as_mut(), &stores?, &categories, assets)?;
    }
    drop(inventory);
    let mut all_within = true;
    for arguments in [
        &["catalog", "check", "--format", "json"][..],
        &["catalog", "check"],
        &["catalog", "export", "-o", "catalog.json"],
        &["catalog", "export", "-o", "catalog.csv"],
        &["catalog", "export", "-o", "catalog.xlsx"],
        &["catalog", "export", "-o", "catalog.docx"],
        &["catalog", "export", "--annex", "-o", "annex.xlsx"],
        &["catalog", "export", "--labels", "-o", "labels.jsonl"],
        &["review", "export", "--all", "-o", "review.xlsx"],
        &["review", "import", "review.xlsx", "--by", "bench", "--dry-run"],
        &["merge", "catalog.json", "catalog.json", "--format", "json"],
    ] {
        all_within &= run(&folder, arguments)?;
    }
    anyhow::ensure!(all_within, "a command took more than {:?} or {} MiB", MOST.0, MOST.1 >> 20);
    Ok(())
}
