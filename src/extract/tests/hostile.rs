//! Files made to hurt: each ends as a reason, none as a crash.

use proptest::prelude::*;

use super::{
    super::recorder::{read, read_within},
    fixtures::{
        office::{docx_of, ods_of, paragraph, xlsx_of},
        packed::zip_of,
    },
};
use crate::{model::Reason, open::Limits};

#[test]
fn a_bomb_is_stopped_and_its_neighbours_are_read() {
    let blanks = vec![b' '; 20 << 20];
    let (recorder, outcome) = read("x.zip", &zip_of(&[("bomb.txt", &blanks), ("notes.txt", b"valve")]));
    let shown = recorder.shown();
    assert!(shown.contains("done text Some(Bomb)") || shown.contains("failed Bomb"), "not stopped");
    assert_eq!(outcome.unwrap().partial, Some(Reason::Bomb));
}

#[test]
fn archives_in_archives_end_at_the_limit() {
    let mut content = zip_of(&[("core.txt", b"valve")]);
    for _ in 0..9 {
        content = zip_of(&[("in.zip", &content)]);
    }
    let (recorder, outcome) = read("x.zip", &content);
    assert!(recorder.shown().contains("failed TooDeep"));
    assert!(!recorder.shown().contains("valve"));
    assert!(outcome.is_ok());
}

#[test]
fn what_all_members_decompress_to_is_limited_together() {
    let limits = Limits { decompressed_bytes: 1000, ..Limits::default() };
    let part = "valve 12 ".repeat(80);
    let content = zip_of(&[("a", part.as_bytes()), ("b", part.as_bytes()), ("c", part.as_bytes())]);
    let (recorder, outcome) = read_within("x.zip", &content, &limits);
    assert!(recorder.shown().contains("done text None") && recorder.shown().contains("failed TooLarge"));
    assert_eq!(outcome.unwrap().partial, Some(Reason::TooLarge));
}

#[test]
fn a_document_without_end_tags_and_a_workbook_of_garbage_end_as_reasons() {
    let (recorder, outcome) = read("x.docx", &docx_of("<w:p><w:r><w:t>valve"));
    assert_eq!(recorder.shown(), "text valve");
    assert!(outcome.is_ok());
    let garbage = zip_of(&[("xl/workbook.xml", b"<workbook><sheets><sheet name='a' sheetId='1'/>")]);
    assert!(read("x.xlsx", &garbage).1.is_err());
}

#[test]
fn a_file_cut_anywhere_gives_a_part_or_a_reason() {
    let rows: &[&[&str]] = &[&["工号", "姓名"], &["7", "张三"], &["8", "李四"]];
    let files = [
        ("x.xlsx", xlsx_of("S", rows)),
        ("x.ods", ods_of("S", rows)),
        ("x.docx", docx_of(&paragraph("valve").repeat(50))),
        ("x.zip", zip_of(&[("a.csv", "a,b\n1,2\n".repeat(90).as_bytes()), ("b.json", b"[{\"a\":1},{\"a\":2}]")])),
        ("x.json", b"{\"a\":[{\"b\":\"c\"},{\"b\":[1,2,{\"d\":null}]}],\"e\":\"\\u4e2d\"}".to_vec()),
        ("x.xml", "<?xml version=\"1.0\"?><a><b c=\"d\">e&lt;</b><b>f</b><!-- g --></a>".as_bytes().to_vec()),
        ("x.html", "<html><table><tr><td>a<td>b</tr></table><script>x</script>&nbsp;y".as_bytes().to_vec()),
        ("x.csv", "工号,姓名\n7,\"张\n三\"\n".as_bytes().to_vec()),
    ];
    for (name, content) in &files {
        for step in 0..=20 {
            let cut = content.get(..content.len() * step / 20).unwrap_or_default();
            let (_, outcome) = read(name, cut);
            assert!(outcome.is_ok_and(|extracted| extracted.bytes <= content.len() as u64) || step < 20, "{name}");
        }
    }
}

const NAMES: &[&str] =
    &["x.txt", "x.csv", "x.tsv", "x.json", "x.jsonl", "x.xml", "x.html", "x.xlsx", "x.xls", "x.docx", "x.zip", "x"];

/// Whether a file ends as something that can be true of it.
fn is_sound(name: &str, content: &[u8]) -> bool {
    match read(name, content).1 {
        Ok(extracted) => extracted.bytes <= content.len() as u64 && !content.is_empty(),
        Err(reason) => (reason == Reason::Empty) == content.is_empty(),
    }
}

proptest! {
    #[test]
    fn no_bytes_make_a_reader_panic(
        name in prop::sample::select(NAMES),
        start in prop::sample::select(vec![
            "", "{", "[{\"", "<", "<?xml ?><a", "<html><table>", "PK\u{3}\u{4}", "\u{feff}", "a,b\n1,\"",
        ]),
        rest in prop::collection::vec(any::<u8>(), 0..400),
    ) {
        let content = [start.as_bytes(), &rest].concat();
        prop_assert!(is_sound(name, &content));
    }

    #[test]
    fn no_text_makes_a_reader_panic(
        name in prop::sample::select(NAMES),
        text in "[\\[\\]{}<>\"'&;:,/\\\\\n a-c0-9中-丰!=-]{0,200}",
    ) {
        prop_assert!(is_sound(name, text.as_bytes()));
    }

    #[test]
    fn a_flipped_byte_makes_no_container_panic(at in 0usize..10_000, to in any::<u8>()) {
        for (name, mut content) in [
            ("x.xlsx", xlsx_of("S", &[&["工号", "姓名"], &["7", "张三"]])),
            ("x.docx", docx_of(&paragraph("valve"))),
            ("x.ods", ods_of("S", &[&["工号", "姓名"], &["7", "张三"]])),
        ] {
            let at = at % content.len();
            content[at] = to;
            prop_assert!(is_sound(name, &content));
        }
    }
}
