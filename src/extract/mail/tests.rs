//! What people find in real messages, and what broken and hostile ones end as.

use std::io::Write;

use encoding_rs::GB18030;
use flate2::{Compression, write::GzEncoder};

use super::super::{
    recorder::{read, read_within},
    tests::corpus,
};
use crate::{
    model::{Measure, Reason},
    open::Limits,
};

#[test]
fn real_mail_is_read() {
    corpus::expect(
        "tika/testRFC822_dkim.eml",
        &["part Is dinner ready?\n", "row 0=Joe SixPack <joe@football.example.com>"],
    );
    corpus::expect("tika/testEMLX.emlx", &["part [jira] Commented: (TIKA-461)", "text \n    [ https://issues"]);
    corpus::expect(
        "tika/testGroupWiseEml.eml",
        &["begin test.eml\npart test2", "begin Neues Textdokument.txt\ntext sss"],
    );
    corpus::expect("tika/headers.mbox", &["begin 1.eml\npart subject", "text Test content"]);
}

#[test]
fn raw_chinese_in_headers_and_names_is_decoded() {
    let message = "From: 张三 <a@example.com>\nSubject: 轴承温度异常的情况说明\nMIME-Version: 1.0\n\
        Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n\n主轴振动偏大，请安排检修。\n\
        --b\nContent-Type: application/octet-stream\nContent-Disposition: attachment; filename=\"检修计划.csv\"\n\n\
        note,qty\na,1\nb,2\n--b--\n";
    let (recorder, outcome) = read("x.eml", &GB18030.encode(message).0);
    let shown = recorder.shown();
    for line in [
        "part 轴承温度异常的情况说明",
        "row 0=张三 <a@example.com>",
        "text 主轴振动偏大，请安排检修。",
        "begin 检修计划.csv\ntable note,qty",
    ] {
        assert!(shown.contains(line), "`{line}` is not in\n{shown}");
    }
    assert_eq!(outcome.unwrap().partial, None);
}

#[test]
fn a_name_in_another_charset_is_decoded() {
    let name = GB18030.encode("图纸.csv").0;
    let percent = name.iter().fold(String::new(), |text, byte| text + &format!("%{byte:02X}"));
    let message = format!(
        "From: a\nMIME-Version: 1.0\nContent-Type: application/octet-stream;\n name*=gb18030''{percent}\n\
         Content-Disposition: attachment\n\na,b\n1,2\n3,4\n"
    );
    let shown = read("x.eml", message.as_bytes()).0.shown();
    assert!(shown.contains("begin 图纸.csv\ntable "), "{shown}");
}

#[test]
fn broken_structure_loses_no_text() {
    for message in [
        // No end, no boundary, a boundary that never comes, a transfer encoding that is none.
        "From: a\nSubject: b\nContent-Type: multipart/mixed; boundary=x\n\n--x\n\nvalve",
        "From: a\nSubject: b\nContent-Type: multipart/mixed\n\nvalve",
        "From: a\nSubject: b\nContent-Type: multipart/mixed; boundary=y\n\nvalve",
        "From: a\nSubject: b\nContent-Transfer-Encoding: base64\n\nvalve!!",
        "From: a\nSubject: b\nContent-Type: text/plain; charset=no-such\n\nvalve",
        "From: a\nSubject: b\n\nvalve",
    ] {
        let (recorder, outcome) = read("x.eml", message.as_bytes());
        assert!(recorder.shown().contains("valve") && outcome.is_ok(), "{message}\n{}", recorder.shown());
    }
}

/// `valve,qty` and rows of it in base64: `pump` stands in the last of them.
const TABLE: &str = "dmFsdmUscXR5CjEsMgozLDQKNSw2CjcsOAo5LDEwCjExLDEyCjEzLDE0CnB1bXAsMTYK";

#[test]
fn base64_that_was_cut_or_spoilt_is_unpacked_as_far_as_it_goes() {
    let headers = "From: a\nSubject: b\nMIME-Version: 1.0\n";
    let spoilt = format!("{}*{}", &TABLE[..32], &TABLE[32..]);
    for (table, end) in [(spoilt.as_str(), "--x--\n"), (&TABLE[..65], "")] {
        let packed = "Content-Transfer-Encoding: base64\n\n";
        let attached = format!(
            "{headers}Content-Type: multipart/mixed; boundary=x\n\n--x\nContent-Type: application/octet-stream\n\
             Content-Disposition: attachment; filename=a.csv\n{packed}{table}\n{end}"
        );
        let (recorder, outcome) = read("x.eml", attached.as_bytes());
        let shown = recorder.shown();
        assert!(
            shown.contains("begin a.csv\ntable valve,qty\nrow 0=1 1=2\n") && shown.contains("0=13 1=14"),
            "{shown}"
        );
        assert!(shown.contains("done csv Some(Corrupt)"), "{shown}");
        assert_eq!(outcome.unwrap().partial, Some(Reason::Corrupt));
    }
    let body = format!("{headers}Content-Type: text/plain\nContent-Transfer-Encoding: base64\n\n{spoilt}\nThe list\n");
    let (recorder, outcome) = read("x.eml", body.as_bytes());
    let shown = recorder.shown();
    assert!(shown.contains("valve,qty") && shown.contains("pump") && shown.contains("The list"), "{shown}");
    assert_eq!(outcome.unwrap().partial, Some(Reason::Corrupt));
}

#[test]
fn quoted_text_that_was_cut_is_unpacked() {
    let message = "From: a\nSubject: b\nContent-Type: multipart/mixed; boundary=x\n\n--x\nContent-Type: text/plain; \
        charset=utf-8\nContent-Transfer-Encoding: quoted-printable\n\nvalve =E8=BD=B4=\n=E6=89=BF =zz =E";
    let (recorder, outcome) = read("x.eml", message.as_bytes());
    assert!(recorder.shown().contains("valve 轴承 =zz"), "{}", recorder.shown());
    assert_eq!(outcome.unwrap().partial, Some(Reason::Corrupt));
}

#[test]
fn headers_that_no_standard_names_are_running_text() {
    let message = "From: a\nX-Employee: 4711\nThread-Topic: =?UTF-8?B?6L205om/?=\nMIME-Version: 1.0\n\
        DKIM-Signature: v=1\nContent-Type: text/plain\n\nvalve\n";
    let shown = read("x.eml", message.as_bytes()).0.shown();
    assert_eq!(shown, "table From\nrow 0=a\nend\ntext X-Employee: 4711\ntext Thread-Topic: 轴承\ntext valve\n");
}

#[test]
fn of_a_packed_message_that_was_cut_what_there_is_is_read() {
    let lines = (0..4_000u32).map(|number| format!("valve {}\n", number.wrapping_mul(2_654_435_761)));
    let text = lines.collect::<Vec<_>>().concat();
    let mailbox = format!("From a Mon\nFrom: a\nSubject: b\n\nshort\n\nFrom b Tue\nFrom: b\nSubject: c\n\n{text}");
    for (name, content) in [("x.eml.gz", format!("From: a\nSubject: b\n\n{text}")), ("x.mbox.gz", mailbox)] {
        let mut packer = GzEncoder::new(Vec::new(), Compression::default());
        packer.write_all(content.as_bytes()).unwrap();
        let packed = packer.finish().unwrap();
        let (recorder, _) = read(name, &packed[..packed.len() / 2]);
        let shown = recorder.shown();
        assert!(shown.contains("valve 2654435761"), "{name}");
        assert!(shown.contains("done eml Some(Corrupt)"), "{name}");
    }
}

#[test]
fn messages_in_messages_are_held_within_what_may_be_held_together() {
    let text = "valve 12\n".repeat(600);
    let inner = format!("Content-Type: message/rfc822\n\nFrom: b\nSubject: inner\n\n{text}");
    let message = format!("From: a\nSubject: b\n{inner}");
    let roomy = Limits { member_bytes: 12_000, ..Limits::default() };
    let (recorder, _) = read_within("x.eml", message.as_bytes(), &roomy);
    assert!(recorder.shown().ends_with("done eml None"));
    let tight = Limits { member_bytes: 8_000, ..Limits::default() };
    let (recorder, _) = read_within("x.eml", message.as_bytes(), &tight);
    assert!(recorder.shown().contains("part inner") && recorder.shown().ends_with("done eml Some(TooLarge)"));
}

#[test]
fn lines_of_a_contact_that_are_no_property_are_read() {
    let contact =
        "BEGIN:VCARD\nFN:valve\npump 12\nTEL;X=\"a:345\nUID:urn:4711\nKEY:data 12\nEND:VCARD\nafter the end\n";
    let shown = read("x.vcf", contact.as_bytes()).0.shown();
    assert!(shown.contains("row 0=valve 14=pump 12 6=345 14=urn:4711 14=data 12\nend\ntext after the end"), "{shown}");
    let long = format!("BEGIN:VCARD\nFN:valve\nKEY:{}\nKEY;ENCODING=B:AAAA\nEND:VCARD\n", "A".repeat(1_000));
    assert!(read("x.vcf", long.as_bytes()).0.shown().contains("row 0=valve\nend"));
}

#[test]
fn a_chain_of_messages_is_not_followed_for_ever() {
    let link = "Content-Type: message/rfc822\n\n";
    let message = format!("From: a\nSubject: b\n{}From: c\n\nvalve", link.repeat(100_000));
    let (recorder, outcome) = read("x.eml", message.as_bytes());
    assert!(recorder.shown().contains("valve"));
    assert_eq!(outcome.unwrap().partial, Some(Reason::TooDeep));
    // What is followed ends at the depth of containers.
    let message = format!("From: a\nSubject: b\n{}From: c\nSubject: d\n\nvalve", link.repeat(20));
    let (recorder, outcome) = read("x.eml", message.as_bytes());
    assert!(recorder.shown().matches("begin").count() <= Limits::default().depth as usize);
    assert!(outcome.is_ok());
}

#[test]
fn parts_in_parts_are_no_depth_of_containers() {
    let mut message = "From: a\nSubject: b\n".to_owned();
    for level in 0..500 {
        message += &format!("Content-Type: multipart/mixed; boundary=b{level}\n\n--b{level}\n");
    }
    message += "\nvalve";
    let (recorder, outcome) = read("x.eml", message.as_bytes());
    assert!(recorder.shown().contains("valve") && outcome.is_ok());
}

#[test]
fn a_mailbox_is_parted_where_a_message_begins_and_nowhere_else() {
    let mailbox = "From a@example.com Mon\nFrom: a\nSubject: one\n\nFrom here it is text\nvalve\n\n\
        From b@example.com Tue\nFrom: b\nSubject: two\n\npump\n";
    let (recorder, outcome) = read("inbox", mailbox.as_bytes());
    let shown = recorder.shown();
    assert!(shown.contains("begin 1.eml\npart one") && shown.contains("begin 2.eml\npart two"), "{shown}");
    let extracted = outcome.unwrap();
    assert_eq!((extracted.format, extracted.partial, extracted.records), ("mbox", None, Some(Measure::exact(2))));
}

#[test]
fn more_messages_than_the_limit_are_said_to_be_too_many() {
    let mailbox = "From a@example.com Mon\nFrom: a\nSubject: b\n\nvalve\n\n".repeat(5);
    let limits = Limits { members: 3, ..Limits::default() };
    let (recorder, outcome) = read_within("x.mbox", mailbox.as_bytes(), &limits);
    assert_eq!(recorder.shown().matches("begin").count(), 3);
    assert_eq!(outcome.unwrap().partial, Some(Reason::TooMany));
}

#[test]
fn a_message_longer_than_the_limit_is_cut_and_the_next_one_read() {
    let long = "valve 12\n".repeat(1_000);
    let mailbox = format!("From a Mon\nFrom: a\nSubject: b\n\n{long}\n\nFrom b Tue\nFrom: b\nSubject: c\n\npump\n");
    let limits = Limits { member_bytes: 4_000, ..Limits::default() };
    let (recorder, outcome) = read_within("x.mbox", mailbox.as_bytes(), &limits);
    assert!(recorder.shown().contains("text pump"));
    assert_eq!(outcome.unwrap().partial, Some(Reason::TooLarge));
}

#[test]
fn calendars_and_contacts_are_tables_by_kind() {
    let calendar = "BEGIN:VCALENDAR\nX-WR-CALNAME:检修\nBEGIN:VEVENT\nSUMMARY:泵\\, 阀\\n一\nDTSTART;TZID=\"a:b\":20260101\n\
        BEGIN:VALARM\nDESCRIPTION:铃\nEND:VALARM\nEND:VEVENT\nBEGIN:VTODO\nSUMMARY:油\nX-PLANT:甲\nEND:VTODO\nEND:VCALENDAR\n";
    let (recorder, outcome) = read("x.ics", calendar.as_bytes());
    assert!(recorder.shown().starts_with("text 检修\ntable SUMMARY,DESCRIPTION,"), "{}", recorder.shown());
    assert!(recorder.shown().contains("row 0=泵, 阀\n一 6=20260101 1=铃\nrow 0=油 12=甲\nend"), "{}", recorder.shown());
    assert_eq!(outcome.unwrap().records, Some(Measure::exact(2)));
    let contacts =
        GB18030.encode("BEGIN:VCARD\r\nVERSION:3.0\r\nN:张;三;;;\r\nitem1.TEL;TYPE=CELL:12345\r\nEND:VCARD\r\n").0;
    let shown = read("x.vcf", &contacts).0.shown();
    assert!(shown.contains("row 1=张 三 6=12345"), "{shown}");
}

#[test]
fn an_entry_without_an_end_and_a_line_without_an_end_are_read() {
    let open = "BEGIN:VCARD\nFN:valve\nBEGIN:VCARD\nFN:pump\n";
    assert!(read("x.vcf", open.as_bytes()).0.shown().contains("row 0=valve\nrow 0=pump\nend"));
    let limits = Limits { record_bytes: 1_000, ..Limits::default() };
    let folded = format!("BEGIN:VCARD\nFN:valve\n{}END:VCARD\n", " more\n".repeat(1_000));
    let (recorder, outcome) = read_within("x.vcf", folded.as_bytes(), &limits);
    assert!(recorder.shown().contains("row 0=valvemore"));
    assert_eq!(outcome.unwrap().partial, Some(Reason::TooLarge));
}
