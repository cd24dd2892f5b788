use super::*;

const SENTENCE: &str = "设备编号与轴承温度记录，每班巡检一次，异常时停机检修。";

fn utf16(text: &str, bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
    text.encode_utf16().flat_map(bytes).collect()
}

#[test]
fn the_encodings_of_chinese_text_are_told_apart() {
    assert_eq!(guess(SENTENCE.as_bytes(), None), Guess::Known(UTF_8));
    assert_eq!(guess(&GB18030.encode(SENTENCE).0, None), Guess::Known(GB18030));
    let big5 = "設備編號與軸承溫度記錄，每班巡檢一次，異常時停機檢修。";
    assert_eq!(guess(&BIG5.encode(big5).0, None), Guess::Known(BIG5));
    assert_eq!(guess(&utf16(SENTENCE, u16::to_le_bytes), None), Guess::Known(UTF_16LE));
    assert_eq!(guess(&utf16(SENTENCE, u16::to_be_bytes), None), Guess::Known(UTF_16BE));
    assert_eq!(guess(&utf16("line 1\r\nline 2", u16::to_le_bytes), None), Guess::Known(UTF_16LE));
    assert_eq!(guess(b"plain", None), Guess::Ascii);
}

#[test]
fn four_characters_of_gbk_in_a_line_are_enough() {
    assert_eq!(guess(&GB18030.encode("P-101,轴承温度,72.5").0, None), Guess::Known(GB18030));
}

#[test]
fn gbk_that_is_utf8_by_chance_is_read_as_gbk() {
    assert_eq!(guess(&GB18030.encode("图纸,P-1").0, None), Guess::Known(GB18030));
    for text in ["prüfung café", "编号é", "отчёт"] {
        assert_eq!(guess(text.as_bytes(), None), Guess::Known(UTF_8), "{text}");
    }
}

#[test]
fn one_stray_byte_does_not_turn_utf8_into_something_else() {
    let mut damaged = SENTENCE.as_bytes().to_vec();
    damaged.remove(0);
    assert_eq!(guess(&damaged, None), Guess::Known(UTF_8));
}

#[test]
fn a_sample_cut_inside_a_character_is_still_utf8() {
    for end in 2..SENTENCE.len() {
        let expected = if end < 3 { Guess::Known(GB18030) } else { Guess::Known(UTF_8) };
        let got = guess(&SENTENCE.as_bytes()[..end], None);
        assert!(got == expected || end < 3, "{end}: {got:?}");
    }
}

#[test]
fn random_bytes_are_not_text() {
    let mut state = 1u32;
    let bytes: Vec<u8> = (0..4096)
        .map(|_| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 24) as u8
        })
        .collect();
    assert_eq!(guess(&bytes, None), Guess::Binary);
    let without_zeros: Vec<u8> = bytes.into_iter().filter(|byte| *byte != 0).collect();
    assert_eq!(guess(&without_zeros, None), Guess::Binary);
}

#[test]
fn rare_characters_of_two_units_are_no_sign_against_utf16() {
    let text = "𠮷林工厂：检修记录；".repeat(9);
    assert_eq!(guess(&utf16(&text, u16::to_le_bytes), None), Guess::Known(UTF_16LE));
    assert_eq!(guess(&utf16(&format!("{text} P-1"), u16::to_be_bytes), None), Guess::Known(UTF_16BE));
}
