//! Published validator vectors, each as a cell of a column that is named for its kind. The folder is named by the
//! environment variable `MULU_CORPUS`; without it this test says so and checks nothing.

use std::io::Read as _;
use std::path::Path;

use super::{ScanOptions, Scanner};
use crate::model::{Column, Fragment, SketchKey};
use crate::rules::RulePack;

/// Kind of the vectors, name of the column, detectors of which one must answer.
const KINDS: [(&str, &str, &[&str]); 6] = [
    ("cn_resident_id", "身份证号", &["cn.resident-id"]),
    ("cn_uscc", "统一社会信用代码", &["cn.uscc"]),
    ("cn_bank_card", "银行卡号", &["cn.bank-card"]),
    ("cn_mobile", "手机号", &["cn.mobile"]),
    ("vin", "vin", &["vin"]),
    ("imei", "imei", &["imei", "imeisv"]),
];
/// Modes that follow the check digit.
const MODES: [&str; 5] = ["", "default", "strict", "{ luhn: true }", "isCreditCode"];

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
    let (mut checked, mut wrong) = (0, Vec::new());
    for line in lines.lines() {
        let vector: serde_json::Value = serde_json::from_str(line).expect("a vector");
        let field = |name: &str| vector.get(name).and_then(serde_json::Value::as_str).unwrap_or_default();
        let flag = |name: &str| vector.get(name).and_then(serde_json::Value::as_bool).unwrap_or_default();
        let Some((_, column, detectors)) = KINDS.iter().find(|(kind, ..)| *kind == field("kind")) else { continue };
        if !MODES.contains(&field("mode")) || flag("disputed") {
            continue;
        }
        checked += 1;
        if is_found(&pack, column, field("value"), detectors) != flag("valid") {
            wrong.push((field("kind").to_owned(), field("value").to_owned(), flag("valid")));
        }
    }
    assert!(checked > 100, "only {checked} vectors");
    assert!(wrong.is_empty(), "{} of {checked} are wrong: {wrong:?}", wrong.len());
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
