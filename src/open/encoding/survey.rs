//! How a text reads under a legacy encoding of Chinese: whether its bytes are characters at all, and how many of these
//! are everyday ones. A text under a wrong encoding is made of rare characters.

/// What the characters beyond ASCII of a text are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Survey {
    /// All of them.
    pub(super) characters: usize,
    /// Those that common texts are written with.
    pub(super) everyday: usize,
    /// Japanese syllables.
    pub(super) kana: usize,
    /// Those of the 25 rows that also hold the syllables of Korean.
    pub(super) hangul_rows: usize,
    /// Bytes that begin no character.
    pub(super) errors: usize,
}

impl Survey {
    /// Whether the bytes are characters of the encoding, a damaged one in eight aside.
    pub(super) fn is_clean(&self) -> bool {
        self.characters > 0 && self.errors.saturating_mul(8) <= self.characters
    }

    /// Whether at least so many in a hundred of the characters are everyday ones.
    pub(super) fn is_everyday(&self, percent: usize) -> bool {
        self.is_clean() && self.everyday.saturating_mul(100) >= self.characters.saturating_mul(percent)
    }
}

/// Reads `text` as GB18030. Everyday are the 3,755 characters of the first level of GB/T 2312 (rows 16 to 55, lead
/// bytes B0 to D7, which cover more than 99 % of running text) and its signs and full-width letters (rows 1 to 3).
pub(super) fn gb18030(text: &[u8]) -> Survey {
    let mut survey = Survey::default();
    let mut rest = text;
    loop {
        rest = match rest {
            [] | [0x81..=0xfe] => return survey,
            [0..=0x7f, after @ ..] => after,
            [0x81..=0xfe, 0x30..=0x39, after @ ..] => match after {
                [0x81..=0xfe, 0x30..=0x39, after @ ..] => {
                    survey.characters += 1;
                    after
                }
                // Cut inside the character.
                [] | [0x81..=0xfe] => return survey,
                _ => {
                    survey.errors += 1;
                    rest.get(1..).unwrap_or_default()
                }
            },
            [lead @ 0x81..=0xfe, trail @ (0x40..=0x7e | 0x80..=0xfe), after @ ..] => {
                survey.characters += 1;
                let is_in_gb2312 = *trail >= 0xa1;
                survey.everyday += usize::from(is_in_gb2312 && matches!(lead, 0xa1..=0xa3 | 0xb0..=0xd7));
                survey.kana += usize::from(is_in_gb2312 && matches!(lead, 0xa4 | 0xa5));
                survey.hangul_rows += usize::from(is_in_gb2312 && matches!(lead, 0xa1..=0xa3 | 0xb0..=0xc8));
                after
            }
            [_, after @ ..] => {
                survey.errors += 1;
                after
            }
        };
    }
}

/// Reads `text` as Big5. Everyday are its signs (lead bytes A1 to A3) and the 5,401 characters of its first level (A4 to
/// C6).
pub(super) fn big5(text: &[u8]) -> Survey {
    let mut survey = Survey::default();
    let mut rest = text;
    loop {
        rest = match rest {
            [] | [0x81..=0xfe] => return survey,
            [0..=0x7f, after @ ..] => after,
            [lead @ 0x81..=0xfe, trail @ (0x40..=0x7e | 0xa1..=0xfe), after @ ..] => {
                survey.characters += 1;
                survey.everyday += usize::from(matches!((lead, trail), (0xa1..=0xc5, _) | (0xc6, 0x40..=0x7e)));
                after
            }
            [_, after @ ..] => {
                survey.errors += 1;
                after
            }
        };
    }
}

#[cfg(test)]
mod tests {
    use encoding_rs::{BIG5, EUC_JP, GB18030};

    use super::*;

    #[test]
    fn a_text_is_everyday_under_its_own_encoding_alone() {
        let simplified = "设备编号与轴承温度记录，每班巡检一次，异常时停机检修。";
        let traditional = "設備編號與軸承溫度記錄，每班巡檢一次，異常時停機檢修。";
        assert!(gb18030(&GB18030.encode(simplified).0).is_everyday(95));
        assert!(!big5(&GB18030.encode(simplified).0).is_everyday(95));
        assert!(big5(&BIG5.encode(traditional).0).is_everyday(95));
        assert!(!gb18030(&BIG5.encode(traditional).0).is_everyday(50));
        assert!(gb18030(&EUC_JP.encode("ポンプの温度を記録する").0).kana >= 5);
    }

    #[test]
    fn characters_of_four_bytes_and_cut_ones_are_no_errors() {
        let text = GB18030.encode("𠮷𠮷a").0;
        assert_eq!(gb18030(&text), Survey { characters: 2, ..Survey::default() });
        for end in 0..text.len() {
            assert_eq!(gb18030(&text[..end]).errors, 0, "{end}");
        }
        assert_eq!(gb18030(b"\xb0\x31x"), Survey { errors: 1, ..Survey::default() });
    }
}
