//! Literals and labels are looked for in every text, and each hit costs a pattern: none may be a word of everyday.

use super::RulePack;
use super::schema::Anchor;

/// Prose, logs, telemetry and configuration of this project: none of them is about identifiers.
const TEXTS: [(&str, &[u8]); 8] = [
    ("README", include_bytes!("../../README.md")),
    ("architecture", include_bytes!("../../docs/architecture.md")),
    ("levels", include_bytes!("../../catalogs/miit-166/levels.toml")),
    ("filing", include_bytes!("../../catalogs/miit-166/filing.toml")),
    ("log", include_bytes!("../../samples/plant/生产/中控操作日志_2026-10.log")),
    ("historian", include_bytes!("../../samples/plant/生产/DCS历史点值_2026-09.csv")),
    ("telemetry", include_bytes!("../../samples/plant/生产/设备遥测_2026-10.jsonl")),
    ("program", include_bytes!("../../samples/plant/研发/数控程序/O1021_搅拌轴套.nc")),
];
/// A literal that is met more often than once in so many bytes would run its pattern nearly everywhere.
const FEWEST_BYTES_A_HIT: usize = 4 << 10;
/// All literals together.
const FEWEST_BYTES_ANY_HIT: usize = 1 << 10;

#[test]
fn no_literal_is_a_word_that_prose_and_logs_are_full_of() {
    let pack = RulePack::builtin().expect("the built-in packs load");
    let mut literals: Vec<&str> = Vec::new();
    for rule in pack.detectors() {
        literals.extend(rule.words.iter().filter(|_| rule.anchor == Anchor::Words).map(String::as_str));
        literals.extend(rule.labels.iter().map(String::as_str));
    }
    assert!(literals.len() > 100);
    for (name, bytes) in TEXTS {
        let text = std::str::from_utf8(bytes).map_or_else(|_| encoding_rs::GB18030.decode(bytes).0, Into::into);
        let mut all = 0;
        for literal in &literals {
            let hits = text.matches(literal).count();
            all += hits;
            assert!(hits <= 1 + text.len() / FEWEST_BYTES_A_HIT, "{literal}: {hits} times in {name}");
        }
        assert!(all <= 4 + text.len() / FEWEST_BYTES_ANY_HIT, "{all} hits in the {} bytes of {name}", text.len());
    }
}

#[test]
fn literals_are_found_wherever_they_stand_each_with_all_its_detectors() {
    let pack = RulePack::builtin().expect("the built-in packs load");
    let text = "前 许可证编号 后 BEGIN PRIVATE KEY";
    let found: Vec<(usize, &str)> = pack
        .anchors()
        .find_words(text.as_bytes())
        .filter_map(|(at, detector)| Some((at, pack.detectors().get(detector)?.id.as_str())))
        .collect();
    let licence = text.find("许可证").expect("there");
    assert!(found.contains(&(licence, "cn.telecom-licence")) && found.contains(&(licence, "cn.production-licence")));
    assert!(found.contains(&(text.find("BEGIN").expect("there"), "credential.private-key")));
    assert_eq!(found.len(), 3, "{found:?}");
}
