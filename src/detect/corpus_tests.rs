//! Published validator vectors, each as a cell of a column that is named for its kind, through the whole scanner. The
//! folder is named by the environment variable `MULU_CORPUS`; without it this test says so and checks nothing.

use std::collections::BTreeMap;
use std::io::Read as _;
use std::path::Path;

use super::{ScanOptions, Scanner};
use crate::model::{Column, Fragment, SketchKey};
use crate::rules::RulePack;

/// Kind of the vectors, name of the column, detectors of which one must answer.
const KINDS: [(&str, &str, &[&str]); 25] = [
    ("cn_bank_card", "银行卡号", &["cn.bank-card"]),
    ("cn_business_reg_no_15", "工商注册号", &["cn.registration-no"]),
    ("cn_driving_file_no", "驾驶证档案编号", &["cn.driving-file"]),
    ("cn_hm_permit", "回乡证", &["cn.hm-permit"]),
    ("cn_landline", "固定电话", &["cn.landline"]),
    ("cn_military_id", "士兵证", &["cn.military-id"]),
    ("cn_mobile", "手机号", &["cn.mobile"]),
    ("cn_name", "姓名", &["person.name"]),
    ("cn_passport", "护照号", &["cn.passport"]),
    ("cn_plate", "车牌号", &["cn.plate", "cn.plate-special"]),
    ("cn_plate_ice", "车牌号", &["cn.plate"]),
    ("cn_plate_nev", "车牌号", &["cn.plate"]),
    ("cn_resident_id", "身份证号", &["cn.resident-id"]),
    ("cn_tw_permit", "台胞证", &["cn.tw-permit"]),
    ("cn_uscc", "统一社会信用代码", &["cn.uscc"]),
    ("hk_id", "香港身份证", &["hk.id"]),
    ("imei", "imei", &["imei", "imeisv"]),
    ("ipv4", "ip", &["ipv4"]),
    ("ipv6", "ipv6", &["ipv6"]),
    ("mac", "mac", &["mac"]),
    ("mo_id", "澳门身份证", &["mo.id"]),
    ("phone_CN_fixedLine", "固定电话", &["cn.landline"]),
    ("phone_CN_sharedCost", "固定电话", &["cn.landline"]),
    ("swift_bic", "swift", &["swift"]),
    ("tw_id", "台湾身份证", &["tw.id"]),
];
/// One more kind, kept apart since its name is its column.
const VIN: (&str, &str, &[&str]) = ("vin", "vin", &["vin"]);
/// Modes that follow the check digit.
const MODES: [&str; 5] = ["", "default", "strict", "{ luhn: true }", "isCreditCode"];
/// Vectors that are answered otherwise on purpose: (kind, value). docs/detectors.md says why.
const ON_PURPOSE: [(&str, &str); 0] = [];

/// How the vectors of a kind came out: right and all, of those that are valid and of those that are not.
#[derive(Debug, Default, PartialEq, Eq)]
struct Count {
    valid: (u32, u32),
    invalid: (u32, u32),
}

#[test]
#[expect(
    clippy::disallowed_methods,
    reason = "a test that asks where the vectors are, and says when they are not there"
)]
fn published_vectors_come_out_right() {
    let Ok(corpus) = std::env::var("MULU_CORPUS") else {
        eprintln!("MULU_CORPUS is not set: the published vectors were NOT checked");
        return;
    };
    let mut lines = String::new();
    let file = std::fs::File::open(Path::new(&corpus).join("vectors/detectors.jsonl")).expect("the vectors");
    file.take(8 << 20).read_to_string(&mut lines).expect("text");
    let pack = RulePack::builtin().expect("the built-in packs load");
    let mut counts: BTreeMap<&str, Count> = BTreeMap::new();
    let mut wrong = Vec::new();
    for line in lines.lines() {
        let vector: serde_json::Value = serde_json::from_str(line).expect("a vector");
        let field = |name: &str| vector.get(name).and_then(serde_json::Value::as_str).unwrap_or_default();
        let flag = |name: &str| vector.get(name).and_then(serde_json::Value::as_bool).unwrap_or_default();
        let known = KINDS.iter().chain([&VIN]).find(|(kind, ..)| *kind == field("kind"));
        let Some((kind, column, detectors)) = known else { continue };
        if !MODES.contains(&field("mode")) || flag("disputed") {
            continue;
        }
        let right = is_found(&pack, column, field("value"), detectors) == flag("valid");
        let count = counts.entry(kind).or_default();
        let side = if flag("valid") { &mut count.valid } else { &mut count.invalid };
        side.0 += u32::from(right);
        side.1 += 1;
        if !right && !ON_PURPOSE.contains(&(kind, field("value"))) {
            wrong.push((field("kind").to_owned(), field("value").to_owned(), flag("valid")));
        }
    }
    assert!(wrong.is_empty(), "{} are wrong: {wrong:?}", wrong.len());
    let rows: String = counts.iter().map(|(kind, count)| row(kind, count)).collect();
    let documented = include_str!("../../docs/detectors.md");
    assert!(documented.contains(&rows), "docs/detectors.md must hold these lines:\n{rows}");
}

/// A line of the table in the documentation.
fn row(kind: &str, count: &Count) -> String {
    let (_, _, detectors) = KINDS.iter().chain([&VIN]).find(|(known, ..)| *known == kind).expect("a kind");
    let detectors: Vec<String> = detectors.iter().map(|detector| format!("`{detector}`")).collect();
    let ((valid, all_valid), (invalid, all_invalid)) = (count.valid, count.invalid);
    format!("| {kind} | {} | {valid}/{all_valid} | {invalid}/{all_invalid} |\n", detectors.join(", "))
}

fn is_found(pack: &RulePack, column: &str, value: &str, detectors: &[&str]) -> bool {
    let columns = [Column { name: Some(column.to_owned()), ..Column::default() }];
    let mut scanner = Scanner::new(pack, SketchKey([3; 16]), ScanOptions::default());
    scanner.take(Fragment::Table(&columns));
    scanner.take(Fragment::Cell { column: 0, text: value.as_bytes() });
    scanner.take(Fragment::RowEnd);
    let found = scanner.finish().findings;
    found.iter().any(|finding| detectors.contains(&finding.detector.as_str()))
}
