//! What people find in real files, and what hostile ones end as.

use std::io::Write;

use flate2::{Compression, write::ZlibEncoder};

use super::super::{
    recorder::{read, read_within},
    tests::{
        corpus,
        fixtures::{
            compound::{
                compound_of,
                slides::{atom, container, slides_of},
                summary_of, utf16,
                word::{Look, doc_of},
            },
            office,
        },
    },
};
use super::storage::{ROOT, Storage};
use crate::{model::Reason, open::Limits};

#[test]
fn real_documents_are_read() {
    corpus::expect(
        "tika/testWORD.doc",
        &["text Sample Word Document", "part Heading Level 2", "row 0=This is a table"],
    );
    corpus::expect("poi/Bug46817.doc", &["row 0=Telefon 1=Faks"]);
    corpus::expect("poi/Lists.doc", &["text OL 2.2.1"]);
}

#[test]
fn real_slides_are_read() {
    corpus::expect("poi/54722.ppt", &["part Title should show", "row 0=this 1=Text 2=is 3=within 4=a"]);
    corpus::expect("poi/bug55030.ppt", &["text 平抛运动的分解演示"]);
}

#[test]
fn real_messages_are_read() {
    corpus::expect("poi/quick.msg", &["part Test the content transformer", "text The quick brown fox"]);
    corpus::expect("poi/58214_with_attachment.msg", &["part Master mail", "row 0=Bertrand Beyssac 1=", "begin "]);
}

#[test]
fn real_drawings_and_workbooks_give_their_strings_and_properties() {
    corpus::expect("poi/ShortChunk2.vsd", &["text Represents an association between two classifiers."]);
    corpus::expect("poi/Sample_2010.pub", &["This is some text on the first page"]);
    corpus::expect("poi/SimpleWithChoose.xls", &["text Administrator\n", "part Sheet1"]);
}

fn plain_document(more: Vec<(&str, Vec<u8>)>) -> Vec<u8> {
    doc_of(&[("valve\r", Look::Plain)], "\r", more)
}

/// A file as it is dropped into a document: names and paths with zeros behind them, and the content.
fn dropped(name: &str, content: &[u8]) -> Vec<u8> {
    let path = 0u32.to_le_bytes();
    let length = (content.len() as u32).to_le_bytes();
    let fields = [&[2, 0], name.as_bytes(), b"\0c:\\x\0\0\0\x03\0", &path, &length, content].concat();
    [(fields.len() as u32).to_le_bytes().as_slice(), &fields].concat()
}

#[test]
fn objects_in_a_document_are_its_members() {
    let inner = doc_of(&[("pump\r", Look::Plain)], "\r", Vec::new());
    let mut streams = vec![("ObjectPool/_1/\u{1}Ole10Native", dropped("plan.csv", b"note,qty\na,7\nb,8\n"))];
    streams.push(("ObjectPool/_2/Package", inner));
    streams.push(("ObjectPool/_3/Equation Native", vec![1; 40]));
    let (recorder, outcome) = read("x.doc", &plain_document(streams));
    assert_eq!(
        recorder.shown(),
        "text valve\nbegin plan.csv\ntable note,qty\nrow 0=a 1=7\nrow 0=b 1=8\nend\ndone csv None\n\
         begin _2\ntext pump\ndone doc None"
    );
    assert_eq!(outcome.unwrap().partial, None);
}

#[test]
fn a_workbook_in_a_document_is_a_member() {
    let fixtures = office::all("Zq7Vxkw");
    let file = &fixtures.iter().find(|fixture| fixture.format == "xls").unwrap().content;
    let mut source = std::io::Cursor::new(file);
    let mut storage = Storage::open(&mut source, &Limits::default()).unwrap();
    let workbook = storage.bytes_of(ROOT, "Workbook", u64::MAX).unwrap().0;
    let (recorder, outcome) = read("x.doc", &plain_document(vec![("ObjectPool/_1/Workbook", workbook)]));
    let shown = recorder.shown();
    assert!(shown.starts_with("text valve\nbegin _1\npart ") && shown.contains("Zq7Vxkw"), "{shown}");
    assert!(shown.ends_with("done xls None") && outcome.unwrap().partial.is_none(), "{shown}");
}

#[test]
fn an_object_of_a_slide_is_unpacked_under_the_budget() {
    let pack = |content: &[u8]| {
        let mut packer = ZlibEncoder::new((content.len() as u32).to_le_bytes().to_vec(), Compression::best());
        packer.write_all(content).unwrap();
        packer.finish().unwrap()
    };
    let object = compound_of(&[("\u{1}Ole10Native", dropped("notes.txt", b"valve"))]);
    let bomb = vec![b' '; 20 << 20];
    let records = [atom(0x1011, 1, &pack(&object)), atom(0x1011, 1, &pack(&bomb)), atom(0xfba, 0, &utf16("after"))];
    let (recorder, outcome) = read("x.ppt", &slides_of(&records));
    let shown = recorder.shown();
    assert!(
        shown.starts_with("begin object 1\nbegin notes.txt\ntext valve\ndone text None\ndone ole None\n"),
        "{shown}"
    );
    assert!(shown.ends_with("text after") && shown.contains("Bomb"), "not stopped");
    assert!(outcome.is_ok());
}

#[test]
fn what_needs_a_password_says_so() {
    let encrypted = compound_of(&[("EncryptedPackage", vec![1; 64]), ("EncryptionInfo", vec![1; 64])]);
    assert_eq!(read("x.docx", &encrypted).1, Err(Reason::Encrypted));
    let slides = compound_of(&[
        ("PowerPoint Document", container(0x3e8, &[])),
        ("Current User", [&[0; 12], 0xf3d1_c4dfu32.to_le_bytes().as_slice()].concat()),
    ]);
    assert_eq!(read("x.ppt", &slides).1, Err(Reason::Encrypted));
    let mut document = plain_document(Vec::new());
    let at = memchr::memmem::find(&document, &[0xec, 0xa5]).unwrap();
    document[at + 11] |= 1;
    assert_eq!(read("x.doc", &document).1, Err(Reason::Encrypted));
    corpus_refuses("poi/password_password_cryptoapi.doc");
}

fn corpus_refuses(relative: &str) {
    let Some(corpus) = std::env::var_os("MULU_CORPUS") else { return };
    let path = std::path::Path::new(&corpus).join("files").join(relative);
    let outcome =
        super::super::extract_file(&path, &Limits::default(), &mut super::super::recorder::Recorder::default());
    assert_eq!(outcome, Err(Reason::Encrypted), "{relative}");
}

/// The reasons of the members that were read, as the recorder shows them, and that of the whole.
fn reasons_of(name: &str, content: &[u8]) -> (Vec<String>, Option<Reason>) {
    let (recorder, outcome) = read(name, content);
    let extracted = outcome.unwrap();
    assert!(extracted.partial.is_none() || extracted.content_hash.is_none());
    let members = recorder.lines.iter().filter(|line| line.starts_with("done ")).cloned().collect();
    (members, extracted.partial)
}

#[test]
fn a_message_that_was_cut_says_so() {
    let long = "valve 12, pump 7\n".repeat(3_000);
    let body = ("__substg1.0_1000001F", utf16(&long));
    let name = ("__attach_version1.0_#00000000/__substg1.0_3707001F", utf16("notes.txt"));
    let attached = ("__attach_version1.0_#00000000/__substg1.0_37010102", long.clone().into_bytes());
    let first = ("__properties_version1.0", vec![0; 32]);
    let message = compound_of(&[first.clone(), body.clone(), name.clone(), attached.clone()]);
    assert_eq!(reasons_of("x.msg", &message), (vec!["done text None".into()], None));
    // What is written last lies last: the attachment, then the body.
    let cut = &message[..message.len() - 20_000];
    assert_eq!(reasons_of("x.msg", cut), (vec!["done text Some(Corrupt)".into()], Some(Reason::Corrupt)));
    let message = compound_of(&[first, name, attached, body]);
    let half = &message[..message.len() / 2 + 20_000];
    assert_eq!(reasons_of("x.msg", half).1, Some(Reason::Corrupt));
    assert!(read("x.msg", half).0.shown().contains("pump 7"));
}

#[test]
fn a_rich_text_that_was_cut_says_so() {
    let text = format!("{{\\rtf1 {}}}", "valve 12 ".repeat(5_000));
    let length = text.len() as u32;
    let packed = [[length + 12, length, 0x414c_454d, 0].map(u32::to_le_bytes).concat(), text.into_bytes()].concat();
    let message = compound_of(&[("__properties_version1.0", vec![0; 32]), ("__substg1.0_10090102", packed)]);
    assert_eq!(reasons_of("x.msg", &message), (vec!["done rtf None".into()], None));
    let cut = &message[..message.len() - 20_000];
    assert_eq!(reasons_of("x.msg", cut), (vec!["done rtf Some(Corrupt)".into()], Some(Reason::Corrupt)));
}

#[test]
fn an_object_that_was_cut_says_so() {
    let text = "valve 12, pump 7\n".repeat(3_000).into_bytes();
    for object in [("\u{1}Ole10Native", dropped("notes.txt", &text)), ("Package", text)] {
        let file = compound_of(&[object]);
        assert_eq!(reasons_of("x.bin", &file), (vec!["done text None".into()], None));
        let cut = &file[..file.len() - 20_000];
        assert_eq!(reasons_of("x.bin", cut), (vec!["done text Some(Corrupt)".into()], Some(Reason::Corrupt)));
    }
}

#[test]
fn strings_before_the_place_where_a_stream_was_cut_are_read() {
    let file = compound_of(&[("Contents", b"valve 12, pump 7\x01".repeat(500))]);
    let (recorder, outcome) = read("x.dat", &file[..file.len() - 4_100]);
    assert!(recorder.shown().contains("text valve 12, pump 7"), "{}", recorder.shown());
    assert_eq!(outcome.unwrap().partial, Some(Reason::Corrupt));
}

#[test]
fn records_in_records_end_at_the_limit() {
    let mut records = atom(0xfba, 0, &utf16("core"));
    for _ in 0..200 {
        records = container(0x3e8, &[records]);
    }
    let (recorder, outcome) = read("x.ppt", &slides_of(&[records, atom(0xfba, 0, &utf16("after"))]));
    assert_eq!(recorder.shown(), "text after");
    assert_eq!(outcome.unwrap().partial, Some(Reason::TooDeep));
}

#[test]
fn a_record_that_declares_more_than_there_is_ends_with_the_file() {
    let mut record = atom(0xfa8, 0, b"valve");
    record[4..8].copy_from_slice(&u32::MAX.to_le_bytes());
    let (recorder, outcome) = read("x.ppt", &slides_of(&[record]));
    assert_eq!(recorder.shown(), "text valve");
    assert_eq!(outcome.unwrap().partial, Some(Reason::Corrupt));
}

#[test]
fn pieces_that_say_the_same_bytes_again_and_again_are_read_once() {
    let mut document = plain_document(Vec::new());
    // The two pieces of the fixture: more characters than the stream has bytes.
    let table = memchr::memmem::find(&document, &[1, 2, 0, 9, 9, 2]).unwrap() + 10;
    document[table + 4..table + 8].copy_from_slice(&0x4000_0000u32.to_le_bytes());
    document[table + 8..table + 12].copy_from_slice(&0x7fff_ffffu32.to_le_bytes());
    let (recorder, outcome) = read("x.doc", &document);
    assert!(recorder.shown().len() < document.len() * 2);
    assert_eq!(outcome.unwrap().partial, Some(Reason::Corrupt));
}

#[test]
fn messages_in_messages_end_at_the_limit() {
    let depth = 12;
    let folder = "__attach_version1.0_#00000000/__substg1.0_3701000D/".repeat(depth);
    let path = format!("{folder}__substg1.0_1000001F");
    let mut streams: Vec<(String, Vec<u8>)> = (0..=depth)
        .map(|level| "__attach_version1.0_#00000000/__substg1.0_3701000D/".repeat(level))
        .map(|folder| (format!("{folder}__properties_version1.0"), vec![0; 32]))
        .collect();
    streams.push((path, utf16("core")));
    let streams: Vec<(&str, Vec<u8>)> = streams.iter().map(|(path, bytes)| (path.as_str(), bytes.clone())).collect();
    let limits = Limits::default();
    let (recorder, outcome) = read_within("x.msg", &compound_of(&streams), &limits);
    let shown = recorder.shown();
    assert_eq!(shown.matches("begin").count(), limits.depth as usize);
    assert!(shown.contains("done msg Some(TooDeep)") && !shown.contains("core"), "{shown}");
    assert!(outcome.is_ok());
}

#[test]
fn a_property_set_of_any_counts_and_places_ends() {
    let whole = summary_of(936, &[(2, "阀门"), (4, "张三")]);
    let (recorder, _) = read("x.bin", &compound_of(&[("\u{5}SummaryInformation", whole.clone())]));
    assert_eq!(recorder.shown(), "text 阀门\ntext 张三");
    for at in (24..whole.len()).step_by(4) {
        for value in [0, 1, 0x7fff_ffff, u32::MAX] {
            let mut broken = whole.clone();
            broken[at..at + 4].copy_from_slice(&value.to_le_bytes());
            assert!(read("x.bin", &compound_of(&[("\u{5}SummaryInformation", broken)])).1.is_ok());
        }
    }
}
