//! Settings, and tables of a fixed form.

use encoding_rs::GB18030;
use proptest::prelude::*;

use super::super::super::{
    recorder::{read, read_within},
    tests::{corpus, fixtures::data::dbf_of},
};
use crate::{
    model::{Measure, Reason},
    open::Limits,
};

fn shown(name: &str, content: &str) -> String {
    let (recorder, outcome) = read(name, content.as_bytes());
    assert_eq!(outcome.unwrap().partial, None, "{name}");
    recorder.shown()
}

#[test]
fn sections_that_are_alike_are_rows_of_one_table() {
    let content = "[first]\nhost=a\nport = 7\n; remark\n[second]\nhost=b\nport=8\nnonsense\n";
    assert_eq!(
        shown("x.ini", content),
        "text ; remark\ntext nonsense\ntable section,host,port\nrow 0=first 1=a 2=7\nrow 0=second 1=b 2=8\nend"
    );
}

#[test]
fn a_key_that_is_no_column_word_stands_before_its_value() {
    assert_eq!(
        shown("application.properties", "spring.datasource.password=Tq7pumpHall\nhost=a\n"),
        "table -,host\nrow 0=spring.datasource.password: Tq7pumpHall 1=a\nend"
    );
    assert_eq!(shown(".env", "export API_TOKEN='k3v9'\n"), "table -\nrow 0=API_TOKEN: k3v9\nend");
}

#[test]
fn mappings_of_yaml_are_records_and_items_of_a_list_too() {
    let content = "---\nspring:\n  datasource:\n    password: \"Tq7pumpHall\"\n    url: jdbc:mysql://a:3306/b\nhosts:\n- name: a\n  port: 7\n\
                   -   name: b\n    port: 8\n- plain\n...\n";
    assert_eq!(
        shown("x.yml", content),
        "table -,-,-\nrow 0=spring.datasource.password: Tq7pumpHall 1=spring.datasource.url: jdbc:mysql://a:3306/b \
         2=hosts: plain\nend\ntable name,port\nrow 0=a 1=7\nrow 0=b 1=8\nend"
    );
}

#[test]
fn texts_of_yaml_over_several_lines_are_one_value() {
    let content = "note: >-\n  first\n\n  second: x\nname: b\n";
    assert_eq!(shown("x.yaml", content), "table note,name\nrow 0=first\n\nsecond: x 1=b\nend");
}

#[test]
fn keys_of_yaml_without_a_value_are_read() {
    let content = "all:\n  hosts:\n    192.168.10.1:\n    192.168.10.2:\n      port: 22\n    valve:\nzone9: \"\"\n\
                   rooms:\n- name: a\n  zone7:\n- name: b\n";
    assert_eq!(
        shown("x.yml", content),
        "table -,-,-,-\nrow 0=all.hosts.192.168.10.1 1=all.hosts.192.168.10.2.port: 22 2=all.hosts.valve 3=zone9\nend\n\
         table name,-\nrow 0=a 1=zone7\nrow 0=b\nend"
    );
    let items: String = (0..2_000).map(|_| "- ").collect();
    assert!(shown("x.yaml", &format!("{items}\n{}k: valve\n", " ".repeat(5_000))).contains("k: valve"));
}

#[test]
fn aliases_of_yaml_are_not_followed() {
    let mut content = String::from("a0: &a0 [x, x]\n");
    for n in 1..30 {
        content.push_str(&format!("a{n}: &a{n} [{}]\n", format!("*a{}, ", n - 1).repeat(9)));
    }
    assert!(shown("x.yaml", &content).len() < 2 * content.len());
}

#[test]
fn deep_settings_are_read_and_not_walked_into() {
    let deep: String = (0..100_000).map(|_| "- ").collect();
    assert!(shown("x.yaml", &format!("{deep}valve\n")).contains("valve"));
    let nested = (0..2_000).map(|n| " ".repeat(n) + "k:\n").collect::<String>();
    assert!(shown("x.yaml", &format!("{nested}{}k: valve\n", " ".repeat(2_000))).contains("valve"));
}

#[test]
fn a_line_without_an_end_is_text() {
    let limits = Limits { record_bytes: 1_000, ..Limits::default() };
    for name in ["x.yaml", "x.ini"] {
        let content = format!("host: a\nport: {}\nname: b\n", "valve ".repeat(900));
        let (recorder, outcome) = read_within(name, content.as_bytes(), &limits);
        let shown = recorder.shown();
        assert_eq!((shown.matches("valve").count(), outcome.unwrap().partial), (900, None), "{name}");
        assert!(shown.contains("host,name") && shown.contains("0=a 1=b"), "{name}: {}", &shown[..200]);
    }
}

proptest! {
    /// Nothing of a text is lost in settings, whatever its lines are.
    #[test]
    fn every_word_of_settings_is_read(
        words in prop::collection::vec("[a-z]{4,8}", 1..12),
        marks in prop::collection::vec(prop::sample::select(vec![": ", "=", "\n", "\n  ", "\n- ", " # ", ": |\n  ", " [", "]\n", "\n---\n"]), 12),
        name in prop::sample::select(vec!["x.yaml", "x.ini", "x.toml"]),
    ) {
        let mut content = String::from("k = v\nkey: value\n");
        for (word, mark) in words.iter().zip(&marks) {
            content.push_str(word);
            content.push_str(mark);
        }
        let shown = read(name, content.as_bytes()).0.shown();
        // A name of a setting without a value is a name of nothing; in YAML a key may be all there is.
        let is_nothing = |line: &str| line.ends_with(['=', '|']) || (name != "x.yaml" && line.ends_with(':'));
        for line in content.lines().filter(|line| !is_nothing(line.trim())) {
            let last = line.split(|it: char| !it.is_ascii_lowercase()).rfind(|word| word.len() >= 4);
            if let Some(word) = last {
                prop_assert!(shown.contains(word), "`{}` of `{}` is not in {}", word, content, shown);
            }
        }
    }
}

#[test]
fn a_table_of_dbase_in_gbk_gives_its_rows_and_not_the_deleted_ones() {
    let name = GB18030.encode("姓名").0;
    let mut content = dbf_of(&[("AAAA", 8), ("PHONE", 11)], &[&["xxxxxxxx", "138"], &["yyyyyyyy", "139"]]);
    content[32..36].copy_from_slice(&name);
    let first = GB18030.encode("张三丰啊").0;
    let at = memchr::memmem::find(&content, b"xxxxxxxx").unwrap();
    content[at..at + 8].copy_from_slice(&first);
    let second = memchr::memmem::find(&content, b"yyyyyyyy").unwrap();
    let (recorder, outcome) = read("x.dbf", &content);
    assert_eq!(recorder.shown(), "table 姓名,PHONE\nrow 0=张三丰啊 1=138\nrow 0=yyyyyyyy 1=139\nend");
    let extracted = outcome.unwrap();
    assert_eq!((extracted.records, extracted.encoding), (Some(Measure::exact(2)), Some("gb18030")));
    content[second - 1] = b'*';
    let (recorder, outcome) = read("x.dbf", &content);
    assert!(!recorder.shown().contains("yyyyyyyy"));
    assert_eq!(outcome.unwrap().records, Some(Measure::exact(1)));
}

#[test]
fn a_table_of_dbase_with_fewer_rows_than_it_says_is_a_part() {
    let mut content = dbf_of(&[("NOTE", 8)], &[&["valve"], &["pump"]]);
    content[4..8].copy_from_slice(&u32::MAX.to_le_bytes());
    let (recorder, outcome) = read("x.dbf", &content);
    let extracted = outcome.unwrap();
    assert!(recorder.shown().contains("row 0=valve\nrow 0=pump"));
    assert_eq!(
        (extracted.partial, extracted.records),
        (Some(Reason::Corrupt), Some(Measure { value: 2, exact: false }))
    );
}

/// A list of arrays that each hold the next one ten times.
fn laughing_list(levels: u8) -> Vec<u8> {
    let mut list = b"bplist00".to_vec();
    let mut offsets = Vec::new();
    for level in 0..levels {
        offsets.extend((list.len() as u16).to_be_bytes());
        list.push(0xaa);
        list.extend([level + 1; 10]);
    }
    offsets.extend((list.len() as u16).to_be_bytes());
    list.extend(b"\x55valve");
    let table = list.len() as u64;
    list.extend(offsets);
    list.extend([0, 0, 0, 0, 0, 0, 2, 1]);
    for number in [u64::from(levels) + 1, 0, table] {
        list.extend(number.to_be_bytes());
    }
    list
}

#[test]
fn a_property_list_that_spells_a_tree_without_end_is_stopped() {
    let (recorder, outcome) = read("x.plist", &laughing_list(3));
    assert_eq!((recorder.shown().matches("valve").count(), outcome.unwrap().partial), (1_000, None));
    assert_eq!(read("x.plist", &laughing_list(30)).1.unwrap().partial, Some(Reason::TooMany));
    let mut ring = laughing_list(1);
    ring[9..19].fill(0);
    assert_eq!(read("x.plist", &ring).1.unwrap().partial, Some(Reason::TooDeep));
}

#[test]
fn real_files_are_read() {
    corpus::expect("tika/testWEBARCHIVE.webarchive", &["begin WebMainResource.WebResourceData", "done html None"]);
    corpus::expect("tika/testDBF_gb18030.dbf", &["table TEXTFIELD", "虽然"]);
    corpus::expect("dbfread/memotest.dbf", &["table NAME,BIRTHDATE,MEMO", "row 0=Alice 1=1987-03-01"]);
    corpus::expect("plc4x/pytest.ini", &["table ", "pytest"]);
}
