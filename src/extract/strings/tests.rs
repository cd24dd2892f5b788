use std::fmt::Write as _;

use proptest::prelude::*;

use super::super::recorder::{Recorder, read};
use super::*;

fn strings(content: &[u8]) -> Vec<String> {
    let mut recorder = Recorder::default();
    pour(content, &mut recorder);
    recorder.lines.into_iter().filter_map(|line| line.strip_prefix("text ").map(str::to_owned)).collect()
}

fn wide(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

fn wide_high_first(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_be_bytes).collect()
}

/// Bytes of a linear congruential generator (the constants of Knuth's MMIX), its high bytes.
fn noise(seed: u64, length: usize) -> Vec<u8> {
    let mut state = seed;
    let mut next = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 56) as u8
    };
    std::iter::repeat_with(&mut next).take(length).collect()
}

#[test]
fn words_numbers_and_chinese_in_four_encodings_are_found_between_other_bytes() {
    let between = [0, 1, 2, 255, 254, 0, 0];
    let pieces = [
        "spindle torque".as_bytes().to_vec(),
        "20251126-0007".as_bytes().to_vec(),
        "搅拌釜总装图".as_bytes().to_vec(),
        GBK.encode("离心泵轴承温度表").0.into_owned(),
        wide("冷却水循环系统 P-101"),
        wide("title block"),
    ];
    let found = strings(&pieces.join(&between[..]));
    for text in
        ["spindle torque", "20251126-0007", "搅拌釜总装图", "离心泵轴承温度表", "冷却水循环系统 P-101", "title block"]
    {
        assert!(found.iter().any(|it| it == text), "{text} is not in {found:?}");
    }
    assert_eq!(found.len(), 6, "{found:?}");
}

#[test]
fn texts_of_both_orders_of_bytes_are_found_once_wherever_they_begin() {
    let texts = ["冷却水循环系统 P-101", "title block", "张三 13800138000"];
    for write in [wide, wide_high_first] {
        for before in [&[1, 2, 255, 254][..], &[1, 2, 255], &[1, 0, 0], &[]] {
            for text in texts {
                let content = [before, &write(text), &[0, 0, 255, 254]].concat();
                assert_eq!(strings(&content), [text], "{content:x?}");
            }
        }
    }
}

#[test]
fn short_runs_and_fillings_are_no_strings() {
    for content in [
        b"\0\0D$ H\0\0\x01t$ L\0".as_slice(),
        &[b'A'; 400],
        &[0xcd; 400],
        b"\0abc\0xyz12\0",
        &[0x20; 60],
        b"\x0000000000312 13601234567 012716\0",
    ] {
        assert_eq!(strings(content), Vec::<String>::new());
    }
}

#[test]
fn noise_makes_hardly_a_string() {
    let found: usize = (0..8).map(|seed| strings(&noise(seed, 1 << 20)).len()).sum();
    assert!(found <= 48, "{found} strings in 8 MiB of noise");
}

#[test]
fn a_large_file_is_looked_at_in_three_places_and_no_others() {
    let limits = Limits { strings_bytes: 1000, ..Limits::default() };
    let mut content = vec![0; 20_000];
    let mut put = |at: usize, text: &str| content[at..at + text.len()].copy_from_slice(text.as_bytes());
    put(100, "opening words");
    put(5000, "unseen words");
    put(10_000, "middle words");
    put(19_900, "closing words");
    let mut recorder = Recorder::default();
    let reading = sample(&mut std::io::Cursor::new(content), &limits, &mut recorder).unwrap();
    assert_eq!(recorder.shown(), "text opening words\ntext middle words\ntext closing words");
    assert_eq!(reading.partial, Some(Reason::StringsOnly));
}

#[test]
fn a_file_without_a_string_is_not_supported() {
    assert_eq!(read("x.bin", &[0, 1, 2, 255, 254, 0, 3]).1, Err(Reason::UnsupportedFormat));
    let (recorder, outcome) = read("x.bin", b"\0\x01\x02\xff\xfepressure vessel\0\0");
    assert_eq!(recorder.shown(), "text pressure vessel");
    assert_eq!(outcome.map(|it| (it.format, it.partial)), Ok(("binary", Some(Reason::StringsOnly))));
}

proptest! {
    #[test]
    fn what_is_kept_stands_in_the_bytes(content in prop::collection::vec(any::<u8>(), 0..2000), word in "[a-z]{3}[aeiou][a-z]{8,30}") {
        let mut all = content.clone();
        all.push(0);
        all.extend(word.bytes());
        all.push(0);
        let mut shown = String::new();
        for text in strings(&all) {
            writeln!(shown, "{text}").unwrap();
            let is_there = memchr::memmem::find(&all, text.as_bytes()).is_some()
                || memchr::memmem::find(&all, &wide(&text)).is_some()
                || memchr::memmem::find(&all, &wide_high_first(&text)).is_some()
                || memchr::memmem::find(&all, &GBK.encode(&text).0).is_some();
            prop_assert!(is_there, "{text:?}");
        }
        prop_assert!(word.len() < 17 || shown.contains(&word));
    }
}
