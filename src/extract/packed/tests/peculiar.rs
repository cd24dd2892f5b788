//! Archives as they are found: broken ones, old ones, and names in any encoding.

use encoding_rs::GB18030;

use super::*;
use crate::extract::tests::fixtures::packed::archives::with_tar_sum;

#[test]
fn a_wrong_sum_is_told_and_the_text_and_the_other_members_are_there() {
    let mut gzip = gzip_of("", b"pump 12");
    let at = gzip.len() - 5;
    gzip[at] ^= 1;
    let (recorder, outcome) = read("x.txt.gz", &gzip);
    assert_eq!(recorder.shown(), "begin x.txt\ntext pump 12\ndone text Some(Corrupt)");
    assert_eq!(outcome.unwrap().partial, Some(Reason::Corrupt));
    for (name, pack) in [("x4.rar", rar4_of as Archiver), ("x5.rar", rar5_of)] {
        let mut archive = pack(&[("a.txt", b"pump 12"), ("b.txt", b"valve 7")]);
        let at = memchr::memmem::find(&archive, b"pump").unwrap();
        archive[at] = b'l';
        let (recorder, outcome) = read(name, &archive);
        let shown = recorder.shown();
        assert!(shown.contains("begin a.txt\ntext lump 12\ndone text Some(Corrupt)"), "{name}: {shown}");
        assert!(shown.contains("begin b.txt\ntext valve 7\ndone text None"), "{name}: {shown}");
        assert!(outcome.is_ok(), "{name}");
    }
}

#[test]
fn behind_a_wrong_sum_in_a_block_of_7z_the_members_are_named() {
    let mut archive = seven_zip_of(&[("a.txt", b"pump 12"), ("b.txt", b"valve 7")]);
    let at = memchr::memmem::find(&archive, b"pump").unwrap();
    archive[at] = b'l';
    let (recorder, outcome) = read("x.7z", &archive);
    assert_eq!(recorder.shown(), "begin a.txt\nfailed Corrupt\nbegin b.txt\nfailed Corrupt");
    assert_eq!(outcome.unwrap().partial, Some(Reason::Corrupt));
}

#[test]
fn a_part_of_an_archive_is_no_broken_one() {
    let whole = seven_zip_of(&[("a.txt", b"pump 12")]);
    assert_eq!(read("x.7z.001", &whole[..40]).1, Err(Reason::ContentNotRead));
    assert_eq!(read("x.7z", &whole[..40]).1, Err(Reason::Corrupt));
}

#[test]
fn a_zip_archive_behind_other_bytes_is_found_by_its_directory() {
    let zip = [b"\0\x01 some program \xff".as_slice(), &zip_of(&[("a.txt", b"pump")])].concat();
    let (recorder, outcome) = read("x.zip", &zip);
    assert_eq!(recorder.shown(), "begin a.txt\ntext pump\ndone text None");
    assert_eq!(outcome.unwrap().format, "zip");
}

#[test]
fn members_of_gzip_one_behind_the_other_are_one_content() {
    let both = [gzip_of("a.txt", b"pump "), gzip_of("", b"valve")].concat();
    let shown = "begin a.txt\ntext pump valve\ndone text None";
    assert_eq!(read("x.gz", &both).0.shown(), shown);
    assert_eq!(read("x.gz", &[both.as_slice(), &[0; 700]].concat()).0.shown(), shown, "filled up as tapes are");
    let (recorder, outcome) = read("x.gz", &[both.as_slice(), b"and more"].concat());
    assert_eq!(recorder.shown(), "begin a.txt\ntext pump valve\ndone text Some(Corrupt)");
    assert_eq!(outcome.unwrap().partial, Some(Reason::Corrupt));
}

#[test]
fn names_in_gbk_are_decoded_and_those_in_no_encoding_kept() {
    let gbk = GB18030.encode("工艺/图纸.txt").0;
    let tar = [tar_entry(&gbk, b'0', b"valve"), tar_entry(b"a\xff\x80.txt", b'0', b"pump"), vec![0; 1024]].concat();
    let (recorder, _) = read("x.tar", &tar);
    assert_eq!(
        recorder.shown(),
        "begin 工艺/图纸.txt\ntext valve\ndone text None\nbegin a\u{fffd}\u{fffd}.txt\ntext pump\ndone text None"
    );
}

#[test]
fn names_that_lead_out_are_names_and_nothing_is_written() {
    let names = ["../../etc/passwd", "/etc/shadow", "C:\\Windows\\x.txt", "a\u{1b}[2J.txt", "\u{202e}txt.exe"];
    let members: Vec<(&str, &[u8])> = names.iter().map(|name| (*name, b"valve".as_slice())).collect();
    for (file, pack) in ARCHIVERS.iter().filter(|(file, _)| !matches!(*file, "x.ar" | "x.iso")) {
        let (recorder, outcome) = read(file, &pack(&members));
        assert_eq!(recorder.shown().matches("text valve").count(), names.len(), "{file}: {}", recorder.shown());
        assert_eq!(outcome.unwrap().partial, None);
    }
}

#[test]
fn links_and_devices_in_archives_are_named_and_not_followed() {
    let kinds = [(b'1', "Link"), (b'2', "Link"), (b'3', "SpecialFile"), (b'6', "SpecialFile")];
    for (kind, reason) in kinds {
        let tar = [tar_entry(b"x", kind, b""), tar_entry(b"a.txt", b'0', b"pump")].concat();
        let shown = format!("begin x\nfailed {reason}\nbegin a.txt\ntext pump\ndone text None");
        assert_eq!(read("x.tar", &tar).0.shown(), shown);
    }
    for (mode, reason) in [(0o120_777, "Link"), (0o010_644, "SpecialFile"), (0o020_644, "SpecialFile")] {
        let end = cpio_of(&[("a.txt", b"pump")]);
        let cpio = [cpio_entry("x", mode, b"/etc/passwd"), end].concat();
        let shown = format!("begin x\nfailed {reason}\nbegin a.txt\ntext pump\ndone text None");
        assert_eq!(read("x.cpio", &cpio).0.shown(), shown);
    }
}

#[test]
fn a_tar_archive_is_read_on_behind_a_broken_header() {
    let good = tar_entry(b"b.txt", b'0', b"valve");
    let mut broken = tar_entry(b"a.txt", b'0', b"pump");
    broken[0] = b'x';
    for bad in [broken, tar_header(b"n", b'0', "-0000000012\0").to_vec(), tar_header(b"n", b'0', "zzz").to_vec()] {
        let (recorder, outcome) = read("x.tar", &[good.clone(), bad, good.clone()].concat());
        assert_eq!(recorder.shown().matches("text valve").count(), 2, "{}", recorder.shown());
        assert_eq!(outcome.unwrap().partial, Some(Reason::Corrupt));
    }
}

#[test]
fn tar_archives_one_behind_the_other_are_both_read() {
    let both = [tar_of(&[("a.txt", b"pump")]), tar_of(&[("b.txt", b"valve")])].concat();
    let (recorder, outcome) = read("x.tar", &both);
    assert!(recorder.shown().contains("text pump") && recorder.shown().contains("text valve"));
    assert_eq!(outcome.unwrap().partial, None);
}

#[test]
fn the_oldest_tar_has_no_mark_and_is_told_by_its_sum() {
    let mut header = tar_header(b"a.txt", b'\0', "          4 ");
    header[257..265].fill(0);
    let tar = [with_tar_sum(header).as_slice(), b"pump", &[0; 508], &[0; 1024]].concat();
    let (recorder, outcome) = read("backup", &tar);
    assert_eq!(recorder.shown(), "begin a.txt\ntext pump\ndone text None");
    assert_eq!(outcome.unwrap().format, "tar");
}

#[test]
fn long_names_of_gnu_and_of_pax_are_the_names() {
    let long = format!("{}/notes.txt", "folder/".repeat(40));
    let gnu = [
        tar_entry(b"././@LongLink", b'L', format!("{long}\0").as_bytes()),
        tar_entry(b"cut", b'0', b"pump"),
        tar_entry(b"b.txt", b'0', b"valve"),
    ];
    let record = format!("path={long}\n");
    let record = format!("{} {record}", record.len() + 4);
    let pax = [
        tar_entry(b"PaxHeader", b'x', record.as_bytes()),
        tar_entry(b"cut", b'0', b"pump"),
        tar_entry(b"b.txt", b'0', b"valve"),
    ];
    for tar in [gnu.concat(), pax.concat()] {
        let shown = read("x.tar", &tar).0.shown();
        assert_eq!(shown, format!("begin {long}\ntext pump\ndone text None\nbegin b.txt\ntext valve\ndone text None"));
    }
}

#[test]
fn sparse_files_give_the_pieces_that_are_stored() {
    // pax 1.0: the list of pieces stands before them.
    let mut content = b"1\n1048576\n4\n".to_vec();
    content.resize(512, 0);
    content.extend(b"pump");
    let records = b"22 GNU.sparse.major=1\n22 GNU.sparse.minor=0\n29 GNU.sparse.name=holey.txt\n";
    let pax = [tar_entry(b"PaxHeader", b'x', records), tar_entry(b"GNUSparseFile.1/h", b'0', &content)].concat();
    assert_eq!(read("x.tar", &pax).0.shown(), "begin holey.txt\ntext pump\ndone text None");
    // GNU: more headers with places, as long as each says that one follows.
    let mut first = tar_header(b"holey.txt", b'S', "00000000004\0");
    first[482] = 1;
    let gnu = [with_tar_sum(first).as_slice(), &[0; 512], b"pump", &[0; 508]].concat();
    assert_eq!(read("x.tar", &gnu).0.shown(), "begin holey.txt\ntext pump\ndone text None");
}

#[test]
fn a_zip_archive_without_its_directory_is_read_from_its_beginning() {
    let whole = zip_of(&[("a.txt", b"pump"), ("b.txt", b"valve")]);
    let cut = memchr::memmem::find(&whole, b"PK\x01\x02").unwrap();
    let (recorder, outcome) = read("x.zip", &whole[..cut]);
    assert!(recorder.shown().contains("begin a.txt\ntext pump\ndone text None\nbegin b.txt\ntext valve"));
    assert_eq!(outcome.unwrap().partial, Some(Reason::Corrupt));
}

#[test]
fn the_name_of_a_zip_member_in_its_extra_field_goes_before_the_other() {
    // Info-ZIP's field 0x7075: version, the sum of the other name, the name in UTF-8.
    let name = "工艺.txt".as_bytes();
    let length = u16::try_from(name.len() + 5).unwrap();
    let extra = [b"up".as_slice(), &length.to_le_bytes(), &[1], &crc32(b"a.txt").to_le_bytes(), name].concat();
    let plain = zip_of(&[("a.txt", b"pump")]);
    let at = memchr::memmem::find(&plain, b"PK\x01\x02").unwrap();
    let mut zip = plain.clone();
    zip[at + 30..at + 32].copy_from_slice(&u16::try_from(extra.len()).unwrap().to_le_bytes());
    zip.splice(at + 51..at + 51, extra.iter().copied());
    let end = memchr::memmem::rfind(&zip, b"PK\x05\x06").unwrap();
    let directory_bytes = u32::try_from(end - at).unwrap();
    zip[end + 12..end + 16].copy_from_slice(&directory_bytes.to_le_bytes());
    assert_eq!(read("x.zip", &zip).0.shown(), "begin 工艺.txt\ntext pump\ndone text None");
}

#[test]
fn members_behind_a_password_are_named() {
    // A coder with an id of four bytes, AES, and properties, which are two.
    let header = seven_zip_header(&[("a.txt", b"pump")], 4, 4, &[0x24, 6, 0xf1, 7, 1, 2, 0x13, 0]);
    let (recorder, _) = read("x.7z", &seven_zip_from(b"pump", &header));
    assert_eq!(recorder.shown(), "begin a.txt\nfailed Encrypted");
    let mut rar = rar4_of(&[("a.txt", b"pump")]);
    // The flag of the password, and the sum of the header again.
    let at = 7 + 13;
    rar[at + 3] |= 4;
    let head_bytes = 32 + 5;
    let sum = crc32(&rar[at + 2..at + head_bytes]).to_le_bytes();
    rar[at..at + 2].copy_from_slice(&sum[..2]);
    assert_eq!(read("x.rar", &rar).0.shown(), "begin a.txt\nfailed Encrypted");
}

#[test]
fn a_table_in_a_packed_file_is_read_as_one() {
    let csv = "工号,姓名\n7,张三\n".as_bytes();
    let (recorder, _) = read("人员.csv.gz", &gzip_of("", csv));
    assert_eq!(recorder.shown(), "begin 人员.csv\ntable 工号,姓名\nrow 0=7 1=张三\nend\ndone csv None");
}
