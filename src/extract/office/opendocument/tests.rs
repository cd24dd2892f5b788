use std::io::Cursor;

use calamine::{Data, Ods, Reader as _};
use proptest::prelude::*;

use super::super::super::{
    recorder::{read, read_within},
    tests::{
        corpus,
        fixtures::{office::ods_of, packed::zip_of},
    },
};
use crate::{
    model::{Measure, Reason},
    open::Limits,
};

fn package_of(kind: &str, body: &str, manifest: &str) -> Vec<u8> {
    let content = format!("<office:document-content><office:body>{body}</office:body></office:document-content>");
    zip_of(&[
        ("mimetype", format!("application/vnd.oasis.opendocument.{kind}").as_bytes()),
        ("META-INF/manifest.xml", manifest.as_bytes()),
        ("content.xml", content.as_bytes()),
    ])
}

fn sheet_of(rows: &str) -> Vec<u8> {
    let body = format!(r#"<office:spreadsheet><table:table table:name="S">{rows}</table:table></office:spreadsheet>"#);
    package_of("spreadsheet", &body, "")
}

fn text_of(body: &str) -> Vec<u8> {
    package_of("text", &format!("<office:text>{body}</office:text>"), "")
}

#[test]
fn cells_and_rows_that_repeat_are_read_as_often() {
    let rows = r#"<table:table-row table:number-rows-repeated="2"><table:table-cell table:number-columns-repeated="2"><text:p>a</text:p></table:table-cell><table:table-cell table:number-columns-repeated="3"/><table:table-cell><text:p>b</text:p></table:table-cell></table:table-row><table:table-row table:number-rows-repeated="1048574"><table:table-cell table:number-columns-repeated="16384"/></table:table-row>"#;
    let (recorder, outcome) = read("x.ods", &sheet_of(rows));
    let table = "part S\ntable -,-,-,-,-,-\nrow 0=a 1=a 5=b\nrow 0=a 1=a 5=b\nend";
    assert_eq!((recorder.shown().as_str(), outcome.unwrap().records), (table, Some(Measure::exact(2))));
}

#[test]
fn a_quintillion_of_repeated_cells_end_at_the_limit() {
    let rows = r#"<table:table-row table:number-rows-repeated="999999999"><table:table-cell table:number-columns-repeated="999999999"><text:p>X</text:p></table:table-cell></table:table-row><table:table-row><table:table-cell><text:p>valve</text:p></table:table-cell></table:table-row>"#;
    let limits = Limits { repeated_cells: 50_000, ..Limits::default() };
    let (recorder, outcome) = read_within("x.ods", &sheet_of(rows), &limits);
    let shown = recorder.shown();
    assert!(shown.matches("=X").count() <= 70_000 && shown.contains("row 0=valve"));
    assert_eq!(outcome.unwrap().partial, Some(Reason::TooMany));
}

#[test]
fn numbers_and_dates_are_read_by_value_and_remarks_behind_their_table() {
    let rows = r#"<table:table-row><table:table-cell office:value-type="float" office:value="1.38E10"><text:p>1.4E+10</text:p></table:table-cell><table:table-cell office:value-type="date" office:date-value="2023-03-15T00:00:00"><text:p>15 Mar</text:p></table:table-cell><table:table-cell office:value-type="string"><office:annotation><dc:creator>Li</dc:creator><text:p>check</text:p></office:annotation><text:p>valve</text:p><text:p>two</text:p></table:table-cell></table:table-row>"#;
    let shown = read("x.ods", &sheet_of(rows)).0.shown();
    assert_eq!(shown, "part S\ntable -,-,-\nrow 0=13800000000 1=2023-03-15 2=valve\ntwo\nend\ntext Li\ntext check");
}

#[test]
fn a_text_keeps_notes_deletions_and_tables_apart() {
    let body = r#"<text:tracked-changes><text:deletion><text:p>gone</text:p></text:deletion></text:tracked-changes>
        <text:h text:outline-level="1">Scope</text:h>
        <text:p>pump<text:s text:c="2"/>one<text:note><text:note-body><text:p>small</text:p></text:note-body></text:note>
          two <text:a xlink:href="mailto:a@b.example">write</text:a></text:p>
        <table:table table:name="T"><table:table-header-rows><table:table-row><table:table-cell><text:p>order</text:p></table:table-cell></table:table-row></table:table-header-rows>
        <table:table-row><table:table-cell><table:table><table:table-row><table:table-cell><text:p>in</text:p></table:table-cell></table:table-row></table:table></table:table-cell></table:table-row></table:table>"#;
    assert_eq!(
        read("x.odt", &text_of(body)).0.shown(),
        "text gone\npart Scope\ntext small\ntext pump  one two write\ntext mailto:a@b.example\ntable order\nrow 0=in\nend"
    );
}

#[test]
fn a_package_whose_manifest_names_ciphers_is_encrypted() {
    let manifest = r#"<manifest:file-entry manifest:full-path="content.xml"><manifest:encryption-data manifest:checksum="x"/></manifest:file-entry>"#;
    assert_eq!(read("x.odt", &package_of("text", "?", manifest)).1, Err(Reason::Encrypted));
}

#[test]
fn paragraphs_in_paragraphs_end_at_the_limit_and_nothing_is_lost() {
    let limits = Limits { record_bytes: 20_000, ..Limits::default() };
    let body = format!("{}valve{}", "<text:p>pump text <text:span>".repeat(200), "</text:span></text:p>".repeat(200));
    let (recorder, outcome) = read_within("x.odt", &text_of(&body.replace("pump", &"p ".repeat(100))), &limits);
    assert_eq!(recorder.shown().matches("p ").count(), 20_000);
    assert!(recorder.shown().contains("valve") && outcome.unwrap().partial.is_none());
}

#[test]
fn real_files_give_their_words() {
    corpus::expect("calamine/date.ods", &["part Sheet1", "2021-01-01"]);
    corpus::expect("tika/testODSMacro.fods", &["part "]);
    corpus::expect("tika/testOpenOffice2.odt", &["text "]);
    corpus::expect("tika/LibreOfficeImpress_odp_1.3.odp", &["part "]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    /// calamine, whose code shares nothing with ours.
    #[test]
    fn every_cell_that_another_parser_finds_is_found(
        rows in prop::collection::vec(prop::collection::vec("[a-z0-9中-丰]{1,8}|[0-9]{1,9}", 1..6), 1..30),
    ) {
        let rows: Vec<Vec<&str>> = rows.iter().map(|row| row.iter().map(String::as_str).collect()).collect();
        let rows: Vec<&[&str]> = rows.iter().map(Vec::as_slice).collect();
        let content = ods_of("S", &rows);
        let mut other: Ods<_> = calamine::open_workbook_from_rs(Cursor::new(content.clone())).unwrap();
        let shown = read("x.ods", &content).0.shown();
        let ours: Vec<&str> = shown.split(['\n', ' ', ',']).map(|it| it.split_once('=').map_or(it, |(_, value)| value)).collect();
        for (_, _, cell) in other.worksheet_range("S").unwrap().used_cells() {
            let text = match cell {
                Data::Float(number) => number.to_string(),
                other => other.to_string(),
            };
            prop_assert!(ours.contains(&text.as_str()), "{text} is not in\n{shown}");
        }
    }
}
