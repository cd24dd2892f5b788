//! Cut characters, stray bytes, and what stands around them.

use encoding_rs::{Encoding, GB18030, UTF_8, UTF_16BE, UTF_16LE};
use proptest::prelude::*;

use super::{encode, matches, scan};

const LINE: &str = "值班电话：13907160428，联系人见通讯录；身份证330102198506153014。\n";

fn line_in(encoding: &'static Encoding) -> Vec<u8> {
    encode(LINE, encoding)
}

fn counts(bytes: &[u8]) -> (u64, u64) {
    let detected = scan("notes.txt", bytes);
    (matches(&detected, "cn.mobile"), matches(&detected, "cn.resident-id"))
}

#[test]
fn a_file_that_ends_inside_a_character_loses_that_character_alone() {
    for encoding in [UTF_8, GB18030, UTF_16LE, UTF_16BE] {
        let whole = line_in(encoding).repeat(3);
        let line_end = encode("。\n", encoding).len();
        for cut in 0..=line_end {
            assert_eq!(counts(&whole[..whole.len() - cut]), (3, 3), "{} {cut}", encoding.name());
        }
    }
}

#[test]
fn a_line_that_was_cut_inside_a_character_ends_with_its_line() {
    for encoding in [UTF_8, GB18030] {
        let line = line_in(encoding);
        for cut in 1..encode("；", encoding).len() {
            let start = line.windows(2).position(|two| two == b"33").unwrap() - encode("；身份证", encoding).len();
            let mut text = line[..start + cut].to_vec();
            text.push(b'\n');
            text.extend_from_slice(&line.repeat(2));
            assert_eq!(counts(&text), (3, 2), "{} {cut}", encoding.name());
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn stray_bytes_on_a_line_of_their_own_spoil_no_other(
        stray in prop::collection::vec(0x80u8..=0xff, 1..6),
        at in 0usize..6,
        is_utf8 in any::<bool>(),
    ) {
        let line = line_in(if is_utf8 { UTF_8 } else { GB18030 });
        let mut text = line.repeat(at);
        text.extend_from_slice(&stray);
        text.push(b'\n');
        text.extend_from_slice(&line.repeat(6 - at));
        prop_assert_eq!(counts(&text), (6, 6));
    }

    #[test]
    fn a_stray_byte_before_a_sign_spoils_no_identifier(
        stray in 0x80u8..=0xff,
        sign in prop::sample::select(b" ,\t;:(".to_vec()),
        is_utf8 in any::<bool>(),
    ) {
        let line = line_in(if is_utf8 { UTF_8 } else { GB18030 });
        let mut text = line.repeat(2);
        text.extend_from_slice(&[stray, sign]);
        text.extend_from_slice("13907160428 手机\n".chars().filter(char::is_ascii).collect::<String>().as_bytes());
        text.extend_from_slice(&line.repeat(2));
        prop_assert_eq!(counts(&text), (5, 4));
    }

    #[test]
    fn no_bytes_beyond_ascii_hide_a_number_between_line_ends(bytes in prop::collection::vec(0x80u8..=0xff, 0..300)) {
        let text = [&bytes[..], b"\n13907160428\n", &bytes[..]].concat();
        // Where the bytes are Chinese in UTF-16 by chance there is no number; then nothing may be said of it.
        let detected = scan("notes.log", &text);
        prop_assert!(matches(&detected, "cn.mobile") == 1);
    }
}
