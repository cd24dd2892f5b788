//! The sample plant: as committed, and as the README scans it.

use std::path::Path;

use crate::plant;
use crate::support::{ScanEnv, bytes_of, files_below};

fn committed(name: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("samples/plant").join(name)
}

/// Without the version of the library that wrote it, which SQLite keeps in the header at 96.
fn without_library_version(mut database: Vec<u8>) -> Vec<u8> {
    database.splice(96..100, [0; 4]);
    database
}

#[test]
fn the_committed_plant_is_what_the_generator_writes() {
    let target = tempfile::tempdir().expect("a temporary folder can be made");
    plant::write(target.path(), plant::Growth { percent: 0 }).expect("the plant can be written");
    let mut names = Vec::new();
    for path in files_below(target.path()) {
        let name = path.strip_prefix(target.path()).expect("below the target").to_string_lossy().into_owned();
        let (mut fresh, mut old) = (bytes_of(&path), bytes_of(&committed(&name)));
        if name == plant::DATABASE {
            (fresh, old) = (without_library_version(fresh), without_library_version(old));
        }
        assert!(fresh == old, "{name} differs: run `cargo run --example generate-plant` and commit what it writes");
        names.push(name);
    }
    let kept = files_below(&committed("")).len();
    assert_eq!(kept, names.len(), "samples/plant holds files that the generator does not write");
}

#[test]
fn a_grown_plant_begins_with_the_old_rows() {
    let files = |percent| plant::files(plant::Growth { percent }).expect("the plant can be made");
    let (old, grown) = (files(0), files(40));
    assert_eq!(old.len(), grown.len());
    let is_csv =
        |file: &plant::PlantFile| Path::new(&file.path).extension().is_some_and(|extension| extension == "csv");
    for (old, grown) in old.iter().zip(&grown).filter(|(old, _)| is_csv(old)) {
        let rows = |bytes: &[u8]| memchr::memchr_iter(b'\n', bytes).count() - 1;
        assert!(grown.bytes.starts_with(&old.bytes), "{}", old.path);
        assert_eq!(rows(&grown.bytes), rows(&old.bytes) * 14 / 10, "{}", old.path);
    }
}

/// What a person would say of each file at a glance.
#[test]
fn the_obvious_files_of_the_plant_are_recognised() {
    let env = ScanEnv::with_plant(0);
    env.scan();
    for (locator, tops) in [
        ("稀土萃取分离_批次配方参数.csv", &["research", "production"][..]),
        ("新产线工艺评审.pptx", &["research"]),
        ("DCS历史点值_2026-09.csv", &["production"]),
        ("设备遥测_2026-10.jsonl", &["production", "service", "operations"]),
        ("PLC标签导出_萃取线.xml", &["production"]),
        ("作业指导书_萃取工序.docx", &["production", "research"]),
        ("质量日报.html", &["production"]),
        // 操作日志 speaks for the control room and for IT alike; both are defensible.
        ("中控操作日志_2026-10.log", &["production", "operations"]),
        ("重大危险源台账_罐区.csv", &["production"]),
        ("员工花名册.xlsx", &["management"]),
        ("供应商名录.xlsx", &["management"]),
        ("客户订单.json", &["management", "service"]),
        ("发运记录_2026Q3.csv", &["operations"]),
        ("main.process_parameter", &["production"]),
        ("main.quality_inspection", &["production"]),
        ("main.work_order", &["production"]),
        ("main.staff", &["management"]),
    ] {
        let asset = env.asset(locator);
        let top = asset["category"]["top"].as_str().unwrap_or("none");
        assert!(tops.contains(&top), "{locator} is {top}, and one of {tops:?} was expected");
    }
}

#[test]
fn what_nobody_can_read_is_listed_with_its_reason() {
    let env = ScanEnv::with_plant(0);
    env.scan();
    for (locator, reasons) in [
        ("待办.txt", &["empty"][..]),
        ("历史库快照.hdb", &["unsupported-format", "content-not-read"]),
        ("搅拌釜总装图.dwg", &["strings-only", "content-not-read"]),
    ] {
        let asset = env.asset(locator);
        assert!(reasons.iter().any(|reason| asset["reason"] == *reason), "{asset:#}");
    }
}

#[test]
fn encodings_and_members_of_the_plant_are_read() {
    let env = ScanEnv::with_plant(0);
    env.scan();
    let encoding = |locator: &str| env.asset(locator)["encoding"].as_str().unwrap_or("none").to_ascii_lowercase();
    assert!(encoding("DCS历史点值_2026-09.csv").starts_with("gb"));
    assert!(encoding("中控操作日志_2026-10.log").starts_with("gb"));
    let member = env.asset("巡检备份_2026Q3.zip!设备巡检/巡检记录.csv");
    assert_eq!((&member["kind"], &member["records"]["value"]), (&"member".into(), &240.into()), "{member:#}");
    env.asset("inner.zip!readme.txt");
}

#[test]
fn rows_people_and_identifiers_of_the_plant_are_counted() {
    let env = ScanEnv::with_plant(0);
    env.scan();
    for (locator, rows) in [
        ("稀土萃取分离_批次配方参数.csv", 1_600),
        ("DCS历史点值_2026-09.csv", 2_000),
        ("重大危险源台账_罐区.csv", 1_200),
        ("设备遥测_2026-10.jsonl", 900),
        ("员工花名册.xlsx", 320 + 90),
        ("main.process_parameter", 3_000),
    ] {
        assert_eq!(env.asset(locator)["records"]["value"], rows, "{locator}");
    }
    for (locator, detector, matches) in [
        ("员工花名册.xlsx", "cn.resident-id", 320),
        ("员工花名册.xlsx", "cn.mobile", 320),
        ("员工花名册.xlsx", "cn.bank-card", 320),
        ("供应商名录.xlsx", "cn.uscc", 140),
        ("客户订单.json", "cn.uscc", 180),
        ("发运记录_2026Q3.csv", "vin", 420),
        ("发运记录_2026Q3.csv", "cn.plate", 420),
        ("设备遥测_2026-10.jsonl", "imei", 900),
        ("main.staff", "cn.resident-id", 120),
        ("scada_gateway.ini", "credential.column", 1),
    ] {
        let asset = env.asset(locator);
        let findings = asset["identifiers"].as_array().expect("a list of identifiers");
        let found = findings.iter().find(|finding| finding["detector"] == detector);
        assert_eq!(found.map(|found| &found["matches"]), Some(&matches.into()), "{locator} {detector}: {asset:#}");
    }
    let people = env.asset("发运记录_2026Q3.csv");
    let trucks = people["identifiers"].as_array().into_iter().flatten().find(|finding| finding["detector"] == "vin");
    let estimate = trucks.and_then(|finding| finding["distinct"]["estimate"].as_u64()).unwrap_or(0);
    assert!((57..=63).contains(&estimate), "sixty trucks drive 420 times, {estimate} were estimated");
}
