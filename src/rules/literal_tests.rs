//! Literals and labels are looked for in every text, and each hit costs a pattern: none may be a word of everyday.

use aho_corasick::{AhoCorasick, MatchKind};
use proptest::prelude::*;

use super::schema::Anchor;
use super::{Literals, RulePack};

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
    let text = "前 许可证编号 后 BEGIN PRIVATE KEY".as_bytes();
    let literals = pack.anchors().literals();
    let found: Vec<(usize, &str)> = (0..text.len())
        .flat_map(|at| literals.standing(&text[at..]).iter().map(move |detector| (at, *detector)))
        .filter_map(|(at, detector)| Some((at, pack.detectors().get(detector)?.id.as_str())))
        .collect();
    let licence = text.windows(9).position(|window| window == "许可证".as_bytes()).expect("there");
    assert!(found.contains(&(licence, "cn.telecom-licence")) && found.contains(&(licence, "cn.production-licence")));
    assert!(found.iter().any(|(at, detector)| *at > licence && *detector == "credential.private-key"));
    assert_eq!(found.len(), 3, "{found:?}");
    assert!(literals.may_begin(text, licence));
}

proptest! {
    /// What the tables and the filter say, against a search that is not ours: no literal is passed over, and the
    /// longest that stands at a place is the one that counts.
    #[test]
    fn literals_are_those_that_another_search_finds(
        text in "([呼号牌证LAC=]|LAC|呼号|x){0,30}", literals in prop::collection::btree_set("[呼号牌证]{2,4}|[LAC=x]{3,5}", 1..12),
    ) {
        let literals: Vec<&String> = literals.iter().filter(|literal| Literals::can_hold(literal)).collect();
        let numbered: Vec<(&str, usize)> =
            literals.iter().enumerate().map(|(number, literal)| (literal.as_str(), number)).collect();
        let index = Literals::new(&numbered);
        let oracle = AhoCorasick::builder().match_kind(MatchKind::LeftmostLongest).build(&literals).expect("builds");
        let text = text.as_bytes();
        for at in 0..text.len() {
            let found = oracle.find(aho_corasick::Input::new(&text[at..]).anchored(aho_corasick::Anchored::No));
            let here = found.filter(|found| found.start() == 0).map(|found| found.pattern().as_usize());
            prop_assert_eq!(index.standing(&text[at..]), here.as_slice());
            let fingerprint = if text[at].is_ascii() { index.letters() } else { index.wide() };
            prop_assert!(here.is_none() || fingerprint.may_begin(&text[at..]) && index.may_begin(text, at));
        }
    }
}
