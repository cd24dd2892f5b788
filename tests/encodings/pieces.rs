//! Where a chunk of a file ends, in whatever encoding, and whichever of them its lines are in.

use encoding_rs::{BIG5, Encoding, GB18030, UTF_8, UTF_16BE, UTF_16LE};
use proptest::prelude::*;

use super::{encode, matches, scan, scan_in_steps};

/// Lines of what a log or a note may hold, in characters that Big5 has too.
const LINES: &[&str] = &[
    "身份證 330102198506153014 已登記",
    "電話：13907160428，聯繫人見表",
    "設備溫度 72.5 度，壓力正常 0.42",
    "2026-11-20 08:00:00 pump P-101 started",
    "mail li.wen@plant-demo.cn 抄送",
    "地址 10.31.7.254 端口 502",
    "身份證號碼：330102198506153014、電話13907160429",
    "password=Tq7pumpHall!",
    "",
    "生產計劃與檢修記錄，質量檢驗報告",
];

/// The same in simplified characters.
const SIMPLIFIED: &[&str] = &[
    "身份证 330102198506153014 已登记",
    "电话：13907160428，联系人见表",
    "设备温度 72.5 度，压力正常 0.42",
    "2026-11-20 08:00:00 pump P-101 started",
    "邮箱 li.wen@plant-demo.cn 抄送",
    "地址 10.31.7.254 端口 502",
    "车牌浙A7K392，电话１３９０７１６０４２９",
    "密码=Tq7pumpHall!",
    "",
    "𠮷林工厂：生产计划与检修记录，质量检验报告",
];

fn joined(lines: &[&str], picks: &[prop::sample::Index], line_end: &str) -> String {
    picks.iter().flat_map(|pick| [pick.get(lines), line_end]).collect()
}

fn picks() -> impl Strategy<Value = Vec<prop::sample::Index>> {
    prop::collection::vec(any::<prop::sample::Index>(), 8..60)
}

fn line_end() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec!["\n", "\r\n", "；"])
}

fn marked(text: &str, encoding: &'static Encoding, has_mark: bool) -> Vec<u8> {
    encode(&format!("{}{text}", if has_mark { "\u{feff}" } else { "" }), encoding)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn every_encoding_gives_what_utf8_gives_however_it_is_cut(
        picks in picks(),
        line_end in line_end(),
        repeat in 1usize..80,
        steps in prop::collection::vec(1usize..5000, 1..8),
        has_mark in any::<bool>(),
    ) {
        let text = joined(SIMPLIFIED, &picks, line_end).repeat(repeat);
        let expected = scan("notes.log", text.as_bytes());
        for encoding in [UTF_8, GB18030, UTF_16LE, UTF_16BE] {
            let bytes = marked(&text, encoding, has_mark);
            let (found, _) = scan_in_steps("notes.log", &bytes, &steps);
            prop_assert_eq!(&found, &expected, "{}", encoding.name());
        }
        let utf32: Vec<u8> = "\u{feff}".chars().chain(text.chars()).flat_map(|it| u32::from(it).to_le_bytes()).collect();
        prop_assert_eq!(&scan_in_steps("notes.log", &utf32, &steps).0, &expected, "UTF-32");
        let text = joined(LINES, &picks, line_end).repeat(repeat);
        prop_assert_eq!(scan_in_steps("notes.log", &encode(&text, BIG5), &steps).0, scan("notes.log", text.as_bytes()));
    }

    #[test]
    fn lines_in_different_encodings_are_each_read_in_their_own(
        picks in picks(),
        repeat in 1usize..80,
        kinds in prop::collection::vec(any::<bool>(), 1..40),
        run in 1usize..900,
        steps in prop::collection::vec(1usize..5000, 1..8),
    ) {
        let text = joined(SIMPLIFIED, &picks, "\n").repeat(repeat);
        // Runs of lines: two programs that write one log, or a file that another was appended to.
        let mixed: Vec<u8> = text
            .split_inclusive('\n')
            .enumerate()
            .flat_map(|(number, line)| {
                let is_utf8 = kinds[number / run % kinds.len()];
                encode(line, if is_utf8 { UTF_8 } else { GB18030 })
            })
            .collect();
        prop_assert_eq!(scan_in_steps("notes.log", &mixed, &steps).0, scan("notes.log", text.as_bytes()));
    }

    #[test]
    fn tables_and_json_are_the_same_in_every_encoding(
        picks in picks(),
        repeat in 1usize..40,
        steps in prop::collection::vec(1usize..5000, 1..8),
    ) {
        let cells = |line: &str| line.replace(['"', ','], " ");
        let lines: Vec<String> = picks.iter().map(|pick| cells(pick.get::<&str>(SIMPLIFIED))).collect();
        let rows = lines.iter().flat_map(|line| [line, ",13907160428\n"]).collect::<String>().repeat(repeat);
        let table = format!("备注,联系电话\n{rows}");
        let items: Vec<String> = lines.iter().map(|line| format!("{{\"备注\":\"{line}\",\"id\":7}}")).collect();
        let json = format!("[{}]", items.join(",\n"));
        for (name, text) in [("staff.csv", &table), ("staff.json", &json)] {
            let expected = scan(name, text.as_bytes());
            for encoding in [UTF_8, GB18030, UTF_16LE, UTF_16BE] {
                prop_assert_eq!(&scan_in_steps(name, &encode(text, encoding), &steps).0, &expected, "{} {}", name, encoding.name());
            }
        }
    }
}

/// Reader and scanner cut at every 64 KiB of what they see: lines of odd lengths put those cuts at many places.
#[test]
fn no_identifier_is_lost_where_a_chunk_ends() {
    const LINES: u64 = 9_000;
    let line = "值班电话：13907160428，车牌浙A7K392；身份证330102198506153014,li.wen@plant-demo.cn";
    for line_end in ["\n", "。"] {
        let text = format!("{line}{line_end}").repeat(usize::try_from(LINES).unwrap());
        for encoding in [UTF_8, GB18030, UTF_16LE] {
            let detected = scan("notes.txt", &encode(&text, encoding));
            for detector in ["cn.mobile", "cn.plate", "cn.resident-id", "email"] {
                assert_eq!(matches(&detected, detector), LINES, "{detector} in {} {line_end:?}", encoding.name());
            }
        }
    }
}
