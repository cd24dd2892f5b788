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

#[test]
fn cpio_archives_one_behind_the_other_are_all_read() {
    let (one, two) = (cpio_of(&[("a.txt", b"pump")]), cpio_of(&[("b.txt", b"valve")]));
    let both = "begin a.txt\ntext pump\ndone text None\nbegin b.txt\ntext valve\ndone text None";
    for zeros in [0, 3, 512, 20_000] {
        let (recorder, outcome) = read("initrd", &[one.as_slice(), &vec![0; zeros], &two].concat());
        assert_eq!(recorder.shown(), both);
        assert_eq!(outcome.unwrap().partial, None);
    }
    let (recorder, outcome) = read("initrd", &[one.as_slice(), &[0; 64], &gzip_of("", &two)].concat());
    assert_eq!(recorder.shown(), "begin a.txt\ntext pump\ndone text None");
    assert_eq!(outcome.unwrap().partial, Some(Reason::ContentNotRead));
}

#[test]
fn a_file_of_a_cabinet_that_ends_too_early_is_read_in_part() {
    let mut cab = cab_of(&[("a.txt", b"pump"), ("b.txt", b"valve")]);
    // The length of a file stands sixteen bytes before its name.
    let at = memchr::memmem::rfind(&cab, b"b.txt\0").unwrap() - 16;
    assert_eq!(cab[at..at + 4], 5_u32.to_le_bytes());
    cab[at] = 60;
    let (recorder, _) = read("x.cab", &cab);
    assert_eq!(
        recorder.shown(),
        "begin a.txt\ntext pump\ndone text None\nbegin b.txt\ntext valve\ndone text Some(Corrupt)"
    );
}

#[test]
fn folders_of_a_disc_past_the_cap_are_told() {
    let mut disc = iso_of(&[]);
    // The root of Joliet leads to three folders of nothing, behind the image.
    let place = disc.len() / 2048;
    let records: Vec<u8> =
        (0..3).flat_map(|number| iso_record(&[0, b'a' + number], place + usize::from(number), 2048, true)).collect();
    disc[20 * 2048..20 * 2048 + records.len()].copy_from_slice(&records);
    disc.extend([0; 3 * 2048]);
    for (most, partial) in [(9, None), (2, Some(Reason::TooMany))] {
        let limits = Limits { members: most, ..Limits::default() };
        assert_eq!(read_within("x.iso", &disc, &limits).1.unwrap().partial, partial);
    }
}
