//! Text that is safe in a cell: never a formula, nothing invisible, no more than a cell takes.

/// Most UTF-16 units that a cell of a workbook takes (Excel's own limit).
const MOST_UNITS: usize = 32_767;

/// The text for a csv: one that a spreadsheet would take for a formula gets an apostrophe in front.
#[must_use]
pub fn safe(text: &str) -> String {
    let plain = plain(text);
    if !starts_formula(&plain) {
        return plain;
    }
    let mut guarded = String::with_capacity(plain.len() + 1);
    guarded.push('\'');
    guarded.push_str(&plain);
    cut(guarded)
}

/// The text without control, bidi and other invisible characters, cut to what a cell takes.
#[must_use]
pub fn plain(text: &str) -> String {
    let kept = text.chars().filter_map(|character| match character {
        '\t' | '\n' | '\r' => Some(' '),
        _ if character.is_control() || is_invisible(character) => None,
        _ => Some(character),
    });
    cut(kept.collect())
}

/// The text as [`plain`] makes it, line by line.
#[must_use]
pub fn plain_lines(text: &str) -> String {
    cut(text.split('\n').map(plain).collect::<Vec<_>>().join("\n"))
}

/// Whether a spreadsheet could take the text for a formula: it begins, after blanks, with one of the signs that
/// Excel, WPS or LibreOffice start one with, in either width.
#[must_use]
pub fn starts_formula(text: &str) -> bool {
    let first = text.trim_start().chars().next();
    matches!(first, Some('=' | '+' | '-' | '@' | '|' | '%' | '＝' | '＋' | '－' | '＠' | '\u{2212}'))
}

fn is_invisible(character: char) -> bool {
    matches!(character,
        '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
        | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{fffe}' | '\u{ffff}')
}

fn cut(mut text: String) -> String {
    let mut units = 0;
    let beyond = text.char_indices().find(|(_, character)| {
        units += character.len_utf16();
        units > MOST_UNITS
    });
    if let Some((place, _)) = beyond {
        text.truncate(place);
    }
    text
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_a_spreadsheet_would_run_gets_an_apostrophe() {
        for hostile in
            ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1", "＝1+1", "＋1", "－1", "＠1", "\u{feff}=1", "\0=1"]
        {
            assert!(safe(hostile).starts_with('\''), "{hostile:?} -> {:?}", safe(hostile));
        }
        assert_eq!(safe("质量检验 a=b"), "质量检验 a=b");
        assert_eq!(safe(""), "");
    }

    #[test]
    fn a_line_break_or_a_bidi_mark_does_not_reach_a_cell() {
        assert_eq!(plain("a\r\nb\u{202e}c\u{7}"), "a  bc");
    }

    #[test]
    fn a_cell_is_cut_between_characters_and_not_within_one() {
        let cut = safe(&"𠀀".repeat(20_000));
        assert_eq!(cut.encode_utf16().count(), 32_766);
        assert_eq!(safe(&"甲".repeat(40_000)).encode_utf16().count(), 32_767);
    }

    proptest! {
        #[test]
        fn no_text_becomes_a_formula_or_too_long(text in any::<String>()) {
            let safe = safe(&text);
            prop_assert!(!starts_formula(&safe));
            prop_assert!(!safe.chars().any(char::is_control));
            prop_assert!(safe.encode_utf16().count() <= MOST_UNITS);
        }
    }
}
