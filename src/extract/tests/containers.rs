//! Office files and archives.

use encoding_rs::GB18030;

use super::{
    super::recorder::{read, read_within},
    fixtures::{
        office::{docx_of, ods_of, paragraph, word_table, xlsx_of},
        packed::zip_of,
    },
};
use crate::{
    model::{Measure, Reason},
    open::Limits,
};

const STAFF: &[&[&str]] = &[&["工号", "姓名"], &["7", "张三"], &["8", "李四"]];

#[test]
fn a_workbook_gives_its_sheet_its_header_and_its_rows() {
    for (name, content) in [("x.xlsx", xlsx_of("人员", STAFF)), ("x.ods", ods_of("人员", STAFF))] {
        let (recorder, outcome) = read(name, &content);
        assert_eq!(recorder.shown(), "part 人员\ntable 工号,姓名\nrow 0=7 1=张三\nrow 0=8 1=李四\nend", "{name}");
        let extracted = outcome.unwrap();
        assert_eq!((extracted.records, extracted.partial), (Some(Measure::exact(2)), None));
        assert!(name.ends_with(extracted.format));
    }
}

#[test]
fn a_workbook_is_told_by_its_content_whatever_its_name() {
    assert_eq!(read("x.zip", &xlsx_of("S", STAFF)).1.unwrap().format, "xlsx");
    assert_eq!(read("x", &docx_of(&paragraph("a"))).1.unwrap().format, "docx");
}

#[test]
fn long_numbers_and_dates_of_a_workbook_read_as_a_person_reads_them() {
    let mut workbook = rust_xlsxwriter::Workbook::new();
    let sheet = workbook.add_worksheet();
    let date = rust_xlsxwriter::Format::new().set_num_format("yyyy-mm-dd");
    sheet.write_number(0, 0, 13_800_000_000.0).unwrap();
    sheet.write_number_with_format(0, 1, 45_000.0, &date).unwrap();
    sheet.write_number(0, 2, 0.5).unwrap();
    let (recorder, _) = read("x.xlsx", &workbook.save_to_buffer().unwrap());
    assert!(recorder.shown().contains("row 0=13800000000 1=2023-03-15 2=0.5"), "{}", recorder.shown());
}

#[test]
fn a_document_gives_headings_paragraphs_and_tables() {
    let heading = r#"<w:p><w:pPr><w:pStyle w:val="1"/></w:pPr><w:r><w:t>总则</w:t></w:r></w:p>"#;
    let split = "<w:p><w:r><w:t>轴承</w:t></w:r><w:r><w:t xml:space=\"preserve\">温度 &lt;80&#x41;</w:t></w:r></w:p>";
    let body =
        [heading, split, &word_table(&[&["设备编号", "型号"], &["P-1", "甲"], &["P-2", "乙"]]), &paragraph("完")];
    let (recorder, outcome) = read("x.docx", &docx_of(&body.concat()));
    assert_eq!(
        recorder.shown(),
        "part 总则\ntext 轴承温度 <80A\ntable 设备编号,型号\nrow 0=P-1 1=甲\nrow 0=P-2 1=乙\nend\ntext 完"
    );
    assert_eq!(outcome.unwrap().records, None);
}

#[test]
fn slides_come_in_the_order_of_their_numbers() {
    let slide = |title: &str, text: &str| {
        format!(
            r#"<p:sld xmlns:p="urn:p" xmlns:a="urn:a"><p:sp><p:nvPr><p:ph type="title"/></p:nvPr><a:p><a:r><a:t>{title}</a:t></a:r></a:p></p:sp><p:sp><a:p><a:r><a:t>{text}</a:t></a:r></a:p></p:sp></p:sld>"#
        )
    };
    let (second, tenth) = (slide("二", "工艺"), slide("十", "设备"));
    let content = zip_of(&[
        ("ppt/presentation.xml", b"<p/>"),
        ("ppt/slides/slide10.xml", tenth.as_bytes()),
        ("ppt/slides/slide2.xml", second.as_bytes()),
    ]);
    let (recorder, outcome) = read("x.pptx", &content);
    assert_eq!(recorder.shown(), "part 二\ntext 工艺\npart 十\ntext 设备");
    assert_eq!(outcome.unwrap().format, "pptx");
}

#[test]
fn members_are_read_by_their_own_format_nested_ones_too() {
    let inner = zip_of(&[("工号.csv", "工号,姓名\n7,张三\n".as_bytes())]);
    let outer = zip_of(&[("a/notes.txt", b"valve"), ("in.zip", &inner), ("x.png", b"\x89PNG\r\n"), ("empty", b"")]);
    let (recorder, outcome) = read("x.zip", &outer);
    assert_eq!(
        recorder.shown(),
        "begin a/notes.txt\ntext valve\ndone text None\n\
         begin in.zip\nbegin 工号.csv\ntable 工号,姓名\nrow 0=7 1=张三\nend\ndone csv None\ndone zip None\n\
         begin x.png\nfailed UnsupportedFormat\nbegin empty\nfailed Empty"
    );
    assert_eq!(outcome.unwrap().partial, None);
}

#[test]
fn member_names_in_gbk_are_decoded() {
    let gbk = GB18030.encode("图纸.txt").0;
    let stand_in = "x".repeat(gbk.len());
    let mut content = zip_of(&[(&stand_in, b"valve")]);
    while let Some(at) = memchr::memmem::find(&content, stand_in.as_bytes()) {
        content[at..at + gbk.len()].copy_from_slice(&gbk);
    }
    assert!(read("x.zip", &content).0.shown().starts_with("begin 图纸.txt\n"));
}

#[test]
fn encrypted_members_are_listed_and_not_read() {
    let mut content = zip_of(&[("a.txt", b"valve"), ("b.txt", b"pump")]);
    // Bit 0 of the flags, in the local header and in the directory.
    content[6] |= 1;
    let directory = memchr::memmem::find(&content, b"PK\x01\x02").unwrap();
    content[directory + 8] |= 1;
    let (recorder, outcome) = read("x.zip", &content);
    assert_eq!(recorder.shown(), "begin a.txt\nfailed Encrypted\nbegin b.txt\ntext pump\ndone text None");
    assert!(outcome.is_ok());
}

#[test]
fn members_of_a_compression_that_nobody_reads_are_named_for_it() {
    let mut content = zip_of(&[("a.txt", b"valve"), ("b.txt", b"pump")]);
    // Method 6, implode, in the local header and in the directory.
    content[8] = 6;
    let directory = memchr::memmem::find(&content, b"PK\x01\x02").unwrap();
    content[directory + 10] = 6;
    let (recorder, outcome) = read("x.zip", &content);
    assert_eq!(recorder.shown(), "begin a.txt\nfailed UnsupportedFormat\nbegin b.txt\ntext pump\ndone text None");
    assert!(outcome.is_ok());
}

#[test]
fn more_members_than_the_limit_are_said_to_be_too_many() {
    let limits = Limits { members: 2, ..Limits::default() };
    let content = zip_of(&[("a", b"1"), ("b", b"2"), ("c", b"3")]);
    let (recorder, outcome) = read_within("x.zip", &content, &limits);
    assert_eq!(recorder.shown().matches("begin").count(), 2);
    assert_eq!(outcome.unwrap().partial, Some(Reason::TooMany));
}
