use std::io::Cursor;

use calamine::{Data, Reader as _, Xlsx};
use proptest::prelude::*;
use rust_xlsxwriter::{Format, Note, Workbook};

use super::super::super::{
    recorder::{read, read_within},
    tests::{corpus, fixtures::packed::zip_of},
};
use crate::{
    model::{Measure, Reason},
    open::Limits,
};

const STRICT: &str = "http://purl.oclc.org/ooxml/officeDocument/relationships";

/// A workbook of one sheet, in the strict form of the standard.
fn workbook_of(sheet: &str, shared: &str) -> Vec<u8> {
    let relation = |id: &str, kind: &str, target: &str| {
        format!(r#"<Relationship Id="{id}" Type="{STRICT}/{kind}" Target="{target}"/>"#)
    };
    let package = format!("<Relationships>{}</Relationships>", relation("rId1", "officeDocument", "xl/workbook.xml"));
    let book = format!(
        "<Relationships>{}{}</Relationships>",
        relation("rId7", "worksheet", "/xl/worksheets/first.xml"),
        relation("rId8", "sharedStrings", "sharedStrings.xml")
    );
    zip_of(&[
        ("_rels/.rels", package.as_bytes()),
        ("xl/workbook.xml", br#"<workbook xmlns:r="urn:r"><sheets><sheet name="S" sheetId="1" state="veryHidden" r:id="rId7"/></sheets></workbook>"#),
        ("xl/_rels/workbook.xml.rels", book.as_bytes()),
        ("xl/worksheets/first.xml", format!("<worksheet>{sheet}</worksheet>").as_bytes()),
        ("xl/sharedStrings.xml", shared.as_bytes()),
    ])
}

#[test]
fn what_a_sheet_declares_of_its_size_costs_nothing() {
    let sheet = r#"<dimension ref="A1:XFD1048576"/><sheetData><row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576" t="inlineStr"><is><t>valve</t></is></c></row></sheetData>"#;
    let (recorder, outcome) = read("x.xlsx", &workbook_of(sheet, "<sst/>"));
    assert_eq!(
        recorder.shown(),
        "part S\ntable -\nrow 0=1\nrow 16383=valve\nend"
            .replace("table -", &format!("table {}", vec!["-"; 16_384].join(",")))
    );
    assert_eq!(outcome.unwrap().records, Some(Measure::exact(2)));
}

#[test]
fn shared_texts_are_as_many_as_there_are() {
    let shared = r#"<sst count="4294967295" uniqueCount="4294967295"><si><t>valve</t></si><si><r><t>pu</t></r><r><t>mp</t></r><rPh sb="0" eb="1"><t>spoken</t></rPh></si></sst>"#;
    let sheet = r#"<sheetData><row><c t="s"><v>0</v></c><c t="s"><v>1</v></c><c t="s"><v>99</v></c><c t="s"><v>-1</v></c><c t="e"><v>#N/A</v></c><c t="b"><v>1</v></c></row></sheetData>"#;
    let (recorder, outcome) = read("x.xlsx", &workbook_of(sheet, shared));
    assert!(recorder.shown().contains("row 0=valve 1=pump 5=true"), "{}", recorder.shown());
    assert_eq!(outcome.unwrap().partial, None);
}

#[test]
fn an_integer_that_is_written_in_full_keeps_its_last_digits() {
    let sheet = "<sheetData><row><c><v>110105199001010018</v></c><c><v>6222020000000000017</v></c><c><v>0.10000000000000001</v></c></row></sheetData>";
    let shown = read("x.xlsx", &workbook_of(sheet, "<sst/>")).0.shown();
    assert!(shown.contains("row 0=110105199001010018 1=6222020000000000017 2=0.1"), "{shown}");
}

#[test]
fn more_texts_or_cells_than_may_be_are_said() {
    let shared = "<sst><si><t>valve</t></si><si><t>pump</t></si></sst>";
    let sheet = r#"<sheetData><row><c t="s"><v>0</v></c></row><row><c t="s"><v>1</v></c></row><row><c><v>7</v></c></row></sheetData>"#;
    let limits = Limits { shared_text_bytes: 9, ..Limits::default() };
    let (recorder, outcome) = read_within("x.xlsx", &workbook_of(sheet, shared), &limits);
    assert_eq!(recorder.shown(), "text pump\npart S\ntable -\nrow 0=valve\nrow 0=7\nend");
    assert_eq!(outcome.unwrap().partial, Some(Reason::TooLarge));
    let limits = Limits { cells: 2, ..Limits::default() };
    let (recorder, outcome) = read_within("x.xlsx", &workbook_of(sheet, shared), &limits);
    assert_eq!(recorder.shown(), "part S\ntable -\nrow 0=valve\nrow 0=pump\nend");
    let extracted = outcome.unwrap();
    assert_eq!((extracted.partial, extracted.records.map(|it| it.exact)), (Some(Reason::TooMany), Some(false)));
}

#[test]
fn a_text_that_each_cell_names_is_handed_on_up_to_the_limit() {
    let shared = format!("<sst><si><t>{}</t></si></sst>", "valve ".repeat(1000));
    let sheet = format!("<sheetData>{}</sheetData>", r#"<row><c t="s"><v>0</v></c></row>"#.repeat(1000));
    let limits = Limits { decompressed_bytes: 100_000, ..Limits::default() };
    let (recorder, outcome) = read_within("x.xlsx", &workbook_of(&sheet, &shared), &limits);
    assert_eq!(recorder.shown().matches("valve").count(), 16_000);
    assert_eq!(outcome.unwrap().partial, Some(Reason::TooLarge));
}

#[test]
fn a_cut_sheet_gives_what_stands_before_the_cut() {
    let sheet = "<sheetData><row><c><v>7</v></c></row><row><c t=\"str\"><v>val";
    let (recorder, outcome) = read("x.xlsx", &workbook_of(sheet, "<sst/>").clone());
    assert!(recorder.shown().starts_with("part S\ntable -\nrow 0=7\nrow 0=val"), "{}", recorder.shown());
    assert!(outcome.is_ok());
}

#[test]
fn notes_names_links_margins_and_hidden_sheets_are_read() {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    sheet.write_string(0, 0, "order_id").unwrap();
    sheet.write_string(0, 1, "qty").unwrap();
    sheet.write_number(1, 1, 7).unwrap();
    sheet.merge_range(2, 0, 2, 1, "merged", &Format::new()).unwrap();
    sheet.insert_note(1, 0, &Note::new("a remark").set_author("Li")).unwrap();
    sheet.write_url(3, 0, "mailto:a@b.example").unwrap();
    sheet.set_header("&CInternal");
    workbook.add_worksheet().set_name("secret").unwrap().set_hidden(true).write_string(0, 0, "valve").unwrap();
    workbook.define_name("Plan", "=Sheet1!$A$1").unwrap();
    let (recorder, outcome) = read("x.xlsx", &workbook.save_to_buffer().unwrap());
    let shown = recorder.shown();
    for line in [
        "row 1=7",
        "row 0=merged",
        "text Li:\na remark",
        "text Li",
        "text mailto:a@b.example",
        "text &CInternal",
        "part secret",
        "row 0=valve",
        "text Plan",
    ] {
        assert!(shown.contains(line), "`{line}` is not in\n{shown}");
    }
    assert_eq!(outcome.unwrap().partial, None);
}

#[test]
fn what_a_workbook_keeps_of_others_is_read() {
    let mut members = vec![
        (
            "xl/pivotCache/pivotCacheDefinition1.xml",
            r#"<d><cacheFields><cacheField name="customer"><sharedItems><s v="valve"/></sharedItems></cacheField></cacheFields></d>"#,
        ),
        (
            "xl/connections.xml",
            r#"<connections><connection name="erp"><dbPr connection="Server=x;Password=y"/></connection></connections>"#,
        ),
        (
            "xl/externalLinks/externalLink1.xml",
            r#"<l><sheetName val="Prices"/><cell r="A1" t="str"><v>pump</v></cell></l>"#,
        ),
    ];
    members.push(("xl/workbook.xml", r#"<workbook><sheets><sheet name="S" r:id="rId1"/></sheets></workbook>"#));
    members.push((
        "xl/_rels/workbook.xml.rels",
        r#"<Relationships><Relationship Id="rId1" Type="x/worksheet" Target="worksheets/sheet1.xml"/></Relationships>"#,
    ));
    members.push(("xl/worksheets/sheet1.xml", "<worksheet/>"));
    let members: Vec<_> = members.iter().map(|(name, content)| (*name, content.as_bytes())).collect();
    let (recorder, _) = read("x.xlsx", &zip_of(&members));
    assert_eq!(
        recorder.shown(),
        "part S\ntext Prices\ntext pump\ntext customer\ntext valve\ntext erp\ntext Server=x;Password=y"
    );
}

#[test]
fn a_binary_record_longer_than_the_file_ends_the_part() {
    let relations =
        r#"<Relationships><Relationship Id="rId1" Type="x/worksheet" Target="worksheets/sheet1.bin"/></Relationships>"#;
    let wide = |text: &str| -> Vec<u8> {
        let units = text.encode_utf16().flat_map(u16::to_le_bytes);
        (text.len() as u32).to_le_bytes().into_iter().chain(units).collect()
    };
    let bundle = [vec![0; 8], wide("rId1"), wide("S")].concat();
    let book = [vec![0x9c, 0x01, bundle.len() as u8], bundle].concat();
    // A row; a number in 30 bits, a hundred times as large as it is meant; then a text that is said to be 256 MB long.
    let sheet =
        [&[0, 4, 0, 0, 0, 0][..], &[2, 12, 0, 0, 0, 0, 0, 0, 0, 0, 0x2b, 0x02, 0, 0], &[6, 0xff, 0xff, 0xff, 0x7f, 1]]
            .concat();
    let members = [
        ("xl/workbook.bin", book.as_slice()),
        ("xl/_rels/workbook.bin.rels", relations.as_bytes()),
        ("xl/worksheets/sheet1.bin", &sheet),
    ];
    let (recorder, outcome) = read("x.xlsb", &zip_of(&members));
    assert_eq!(recorder.shown(), "part S\ntable -\nrow 0=1.38\nend");
    assert_eq!(outcome.unwrap().partial, Some(Reason::Corrupt));
}

#[test]
fn real_files_give_their_words() {
    corpus::expect("calamine/inlineStr_cdata.xlsx", &["part Sheet1"]);
    corpus::expect("tika/testEXCEL_various.xlsb", &["part mySheet1"]);
    corpus::expect("zh_jsherp/goods_template.xls", &["part 商品信息"]);
    corpus::expect("zh_ktg_mes/功能清单.xlsx", &["part 清单"]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    /// calamine, whose code shares nothing with ours.
    #[test]
    fn every_cell_that_another_parser_finds_is_found(
        cells in prop::collection::btree_map((0u32..40, 0u16..8), "[a-z0-9中-丰_x&<]{1,8}|[0-9]{1,12}|[0-9]{1,5}\\.[0-9]{1,4}", 1..40),
    ) {
        let mut workbook = Workbook::new();
        let sheet = workbook.add_worksheet();
        for ((row, column), text) in &cells {
            match text.parse::<f64>() {
                Ok(number) => sheet.write_number(*row, *column, number).unwrap(),
                Err(_) => sheet.write_string(*row, *column, text).unwrap(),
            };
        }
        let content = workbook.save_to_buffer().unwrap();
        let mut other: Xlsx<_> = calamine::open_workbook_from_rs(Cursor::new(content.clone())).unwrap();
        let range = other.worksheet_range("Sheet1").unwrap();
        let shown = read("x.xlsx", &content).0.shown();
        let mut ours: Vec<&str> = shown.lines().skip(1).flat_map(|line| {
            let line = line.strip_prefix("table ").map_or(line.strip_prefix("text "), |_| None).unwrap_or(line);
            line.split(' ')
        }).map(|piece| piece.split_once('=').map_or(piece, |(_, value)| value)).collect();
        if let Some(names) = shown.lines().find_map(|line| line.strip_prefix("table ")) {
            ours.extend(names.split(','));
        }
        for (_, _, cell) in range.used_cells() {
            let text = match cell {
                Data::String(text) => text.clone(),
                Data::Float(number) => number.to_string(),
                other => other.to_string(),
            };
            prop_assert!(ours.contains(&text.as_str()), "{text} is not in\n{shown}");
        }
    }
}
