//! Every character of GB18030 beside an identifier.
//!
//! Its second bytes hold letters, `@` and `_`, its characters of four bytes hold digits: an identifier that stands
//! beside such a character is found where the text is decoded, and would be missed in the bytes themselves.

use encoding_rs::{GB18030, UTF_8};

use super::{encode, matches, scan};

const NUMBER: &str = "13907160428";

/// Characters that are no part of an identifier in any spelling: beyond ASCII, and not full-width.
fn characters() -> impl Iterator<Item = char> {
    let planes = (0x80..0xd800).chain(0xe000..0xff00).chain(0xffe6..0xfffe).chain(0x20000..0x20100);
    planes.filter_map(char::from_u32).filter(|it| {
        // GB18030-2022 moved a few characters; encoding_rs keeps the bytes of 2005, which are all that stores hold.
        let spelled = it.to_string();
        let (bytes, _, is_lossy) = GB18030.encode(&spelled);
        !is_lossy && GB18030.decode_without_bom_handling(&bytes).0.chars().eq([*it])
    })
}

#[test]
fn a_number_beside_any_character_of_gb18030_is_found_as_in_utf8() {
    // Chinese first, so that the file is known for what it is.
    let mut text = "设备编号与轴承温度记录，每班巡检一次，异常时停机检修。\n".repeat(40);
    let mut lines = 0;
    for character in characters() {
        text.push_str(&format!("{character}{NUMBER}{character}\n"));
        lines += 1;
    }
    assert!(lines > 60_000, "{lines}");
    let expected = scan("notes.txt", &encode(&text, UTF_8));
    assert_eq!(matches(&expected, "cn.mobile"), lines);
    assert_eq!(scan("notes.txt", &encode(&text, GB18030)), expected);
}

#[test]
fn in_the_bytes_of_gb18030_a_number_may_seem_to_go_on() {
    let encoded = encode(&format!("\u{3400}{NUMBER}"), GB18030);
    let (before, number) = encoded.split_at(encoded.len() - NUMBER.len());
    assert_eq!(number, NUMBER.as_bytes());
    assert!(before.last().is_some_and(u8::is_ascii_digit), "a fourth byte is a digit");
    let letters = (0x81..=0xfeu8).filter(|lead| {
        let pair = [*lead, b'A'];
        let (text, _, is_lossy) = GB18030.decode(&pair);
        !is_lossy && text.chars().count() == 1
    });
    assert!(letters.count() > 100, "a second byte is a letter");
}
