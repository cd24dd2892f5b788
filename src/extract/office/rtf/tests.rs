use encoding_rs::GB18030;
use proptest::prelude::*;

use super::super::super::{
    recorder::{read, read_within},
    tests::corpus,
};
use crate::{model::Reason, open::Limits};

fn shown(body: &str) -> String {
    let (recorder, outcome) = read("x.rtf", format!("{{\\rtf1\\ansi\\ansicpg936 {body}}}").as_bytes());
    assert_eq!(outcome.unwrap().partial, None);
    recorder.shown()
}

/// Text as Chinese Windows writes it.
fn in_gbk(text: &str) -> String {
    let written = |byte: &u8| format!("\\'{byte:02x}");
    GB18030.encode(text).0.iter().map(written).collect()
}

fn in_unicode(unit: u16) -> String {
    format!("\\u{}?", unit.cast_signed())
}

#[test]
fn two_bytes_of_a_code_page_are_one_character() {
    let font = "{\\fonttbl{\\f0\\fnil\\fcharset134 SimSun;}{\\f1\\fcharset0 Arial;}{\\f2\\fcharset204 Arial;}}";
    assert_eq!(shown(&format!("{font}\\f0 {}\\par", in_gbk("设备编号"))), "text 设备编号");
    assert_eq!(shown(&format!("{font}\\f1 {}\\par", in_gbk("设备编号"))), "text 设备编号");
    assert_eq!(shown(&format!("{font}\\f2 \\'c4\\'e0\\par")), "text Да");
}

#[test]
fn a_substitute_of_unicode_is_left_out() {
    assert_eq!(shown("\\uc1\\u36724?\\u25215?{\\uc2\\u28201 \\'ce\\'c2}\\uc0\\u24230 x\\par"), "text 轴承温度x");
    assert_eq!(shown("\\uc1\\u-10179?\\u-8704?\\par"), "text 😀");
}

#[test]
fn rows_are_a_table_and_text_goes_on_behind_it() {
    let row =
        |cells: [&str; 2]| format!("\\trowd\\cellx1\\cellx2\\pard\\intbl {}\\cell {}\\cell\\row", cells[0], cells[1]);
    let table = [row(["order", "qty"]), row(["A", "1"]), row(["B", "2"])].concat();
    assert_eq!(
        shown(&format!("before\\par {table}\\pard after\\par")),
        "text before\ntable order,qty\nrow 0=A 1=1\nrow 0=B 1=2\nend\ntext after"
    );
}

#[test]
fn headings_properties_notes_and_links_are_told_apart() {
    let body = "{\\stylesheet{\\s1 heading 1;}{\\s2 Normal;}}{\\info{\\title plan}{\\author Zhang}{\\creatim\\yr2020}}\
        \\pard\\s1 Scope\\par\\pard\\outlinelevel0 Pumps\\par\\pard\\s2 body{\\footnote small print}{\\*\\unknown hidden} on\\par\
        {\\field{\\*\\fldinst HYPERLINK \"mailto:a@b.example\"}{\\fldrslt write}}\\par{\\pict\\bin4 }}}}{\\*\\objdata 0105}}";
    assert_eq!(
        shown(body),
        "text plan\ntext Zhang\npart Scope\npart Pumps\ntext body on\ntext small print\n\
         text mailto:a@b.example\ntext write"
    );
}

#[test]
fn a_property_that_is_written_twice_is_read_in_unicode_too() {
    let written = "{\\info{\\upr{\\title ?}{\\*\\ud{\\title \\u36724?\\u25215?}}}{\\author Zhang}}\\pard valve\\par";
    assert_eq!(shown(written), "text ?\ntext 轴承\ntext Zhang\ntext valve");
}

#[test]
fn groups_without_end_and_too_many_of_them_are_said() {
    let (recorder, outcome) = read("x.rtf", b"{\\rtf1 valve {\\b pump");
    assert_eq!((recorder.shown().as_str(), outcome.unwrap().partial), ("text valve pump", Some(Reason::Corrupt)));
    let deep = format!("{{\\rtf1 {}valve{}}}", "{".repeat(100_000), "}".repeat(100_000));
    let (recorder, outcome) = read("x.rtf", deep.as_bytes());
    assert_eq!((recorder.shown().as_str(), outcome.unwrap().partial), ("text valve", Some(Reason::TooDeep)));
}

#[test]
fn a_paragraph_longer_than_is_held_is_read_whole() {
    let limits = Limits { record_bytes: 100_000, ..Limits::default() };
    let content = format!("{{\\rtf1 {}valve\\par}}", "x ".repeat(300_000));
    let (recorder, outcome) = read_within("x.rtf", content.as_bytes(), &limits);
    assert_eq!((recorder.shown().matches("x ").count(), outcome.unwrap().partial), (300_000, None));
    assert!(recorder.shown().ends_with("valve"));
}

proptest! {
    #[test]
    fn any_text_comes_back_from_each_way_of_writing_it(text in "[a-z0-9中-丰]{1,40}") {
        let unicode: String = text.encode_utf16().map(in_unicode).collect();
        prop_assert_eq!(shown(&format!("{unicode}\\par")), format!("text {text}"));
        prop_assert_eq!(shown(&format!("{}\\par", in_gbk(&text))), format!("text {text}"));
    }

    #[test]
    fn no_control_words_make_it_panic(body in "[\\\\{}'*a-f0-9 \\-]{0,200}") {
        let (_, outcome) = read("x.rtf", format!("{{\\rtf1{body}").as_bytes());
        prop_assert!(outcome.is_ok());
    }
}

#[test]
fn real_files_give_their_words() {
    corpus::expect("tika/testRTFHyperlink.rtf", &["text "]);
}
