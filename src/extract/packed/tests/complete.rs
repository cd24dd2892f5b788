//! Nothing that stands in an archive is left out without a word.

use super::*;

/// A document of one line, packed with other members.
fn document_with(members: &[(&str, &[u8])]) -> Vec<u8> {
    let document: &[u8] = b"<w:document xmlns:w='http://schemas.openxmlformats.org/wordprocessingml/2006/main'>\
        <w:body><w:p><w:r><w:t>valve</w:t></w:r></w:p></w:body></w:document>";
    zip_of(&[members, &[("word/document.xml", document)]].concat())
}

#[test]
fn what_is_packed_with_a_document_and_no_part_of_it_is_read_as_members() {
    let table = "工号,姓名\n7,张三\n".as_bytes();
    let known =
        [("[Content_Types].xml", b"<Types/>".as_slice()), ("docProps/app.xml", b"<a/>"), ("word/notes.bin", b"x")];
    let (recorder, outcome) = read("x.zip", &document_with(&known));
    assert_eq!(recorder.shown(), "text valve");
    assert_eq!(outcome.unwrap().format, "docx");
    let beside = [("data/people.csv", table), ("data/", b""), ("word/_rels/document.xml.rels", b"<Relationships/>")];
    let (recorder, outcome) = read("x.zip", &document_with(&[&known, beside.as_slice()].concat()));
    assert_eq!(
        recorder.shown(),
        "text valve\nbegin data/people.csv\ntable 工号,姓名\nrow 0=7 1=张三\nend\ndone csv None"
    );
    assert_eq!(outcome.unwrap().partial, None);
}

#[test]
fn a_broken_document_does_not_take_along_what_is_packed_with_it() {
    let broken = zip_of(&[("xl/workbook.xml", b"pump"), ("data/a.txt", b"valve")]);
    let (recorder, outcome) = read("x.zip", &broken);
    assert!(recorder.shown().contains("begin data/a.txt\ntext valve\ndone text None"), "{}", recorder.shown());
    assert_eq!(outcome.unwrap().partial, Some(Reason::Corrupt));
}

#[test]
fn an_archive_with_folders_called_as_those_of_documents_is_an_archive() {
    for name in ["word/list.txt", "ppt/list.txt", "xl/worksheets/list.xml", "visio/pages/list.xml"] {
        let (recorder, outcome) = read("x.zip", &zip_of(&[(name, b"pump"), ("data/people.txt", b"valve")]));
        let shown = recorder.shown();
        assert!(shown.contains(&format!("begin {name}\ntext pump")), "{shown}");
        assert!(shown.ends_with("begin data/people.txt\ntext valve\ndone text None"), "{shown}");
        assert_eq!(outcome.unwrap().format, "zip");
    }
}

#[test]
fn all_members_of_one_name_in_a_zip_archive_are_read() {
    let mut zip = zip_of(&[("a.txt", b"pump"), ("b.txt", b"valve"), ("c.txt", b"motor")]);
    let places: Vec<usize> =
        memchr::memmem::find_iter(&zip, b"b.txt").chain(memchr::memmem::find_iter(&zip, b"c.txt")).collect();
    for at in places {
        zip[at] = b'a';
    }
    for zip in [zip.clone(), [b"some program \xff".as_slice(), &zip].concat()] {
        let (recorder, outcome) = read("x.zip", &zip);
        let expected = ["motor", "pump", "valve"].map(|text| format!("begin a.txt\ntext {text}\ndone text None"));
        assert_eq!(recorder.shown(), expected.join("\n"));
        assert_eq!(outcome.unwrap().partial, None);
    }
}

#[test]
fn a_document_with_two_parts_of_one_name_is_read_in_part() {
    let mut zip = document_with(&[("word/document.xm_", b"<a/>")]);
    let places: Vec<usize> = memchr::memmem::find_iter(&zip, b"document.xm_").collect();
    for at in places {
        zip[at + 11] = b'l';
    }
    let (recorder, outcome) = read("x.docx", &zip);
    assert_eq!(recorder.shown(), "text valve");
    assert_eq!(outcome.unwrap().partial, Some(Reason::Corrupt));
}
