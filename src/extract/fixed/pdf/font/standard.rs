//! The fonts that need not be described (ISO 32000-1, 9.6.2.2), and the encodings that fonts have by themselves (annex D).

use super::glyph::spelled;

/// The standard Latin encoding from 0xA0 on; blanks stand for nothing.
const LATIN_UPPER: &str =
    " ¡¢£⁄¥ƒ§¤'“«‹›ﬁﬂ –†‡· ¶•‚„”»…‰ ¿ `´ˆ˜¯˘˙¨ ˚¸ ˝˛ˇ—                Æ ª    ŁØŒº     æ   ı  łøœß    ";
/// The encoding of Symbol from 0x20 on.
const SYMBOL_LOWER: &str =
    " !∀#∃%&∋()∗+,−./0123456789:;<=>?≅ΑΒΧ∆ΕΦΓΗΙϑΚΛΜΝΟΠΘΡΣΤΥςΩΞΨΖ[∴]⊥_ αβχδεφγηιϕκλµνοπθρστυϖωξψζ{|}∼";
/// The encoding of Symbol from 0xA0 on.
const SYMBOL_UPPER: &str =
    "€ϒ′≤⁄∞ƒ♣♦♥♠↔←↑→↓°±″≥×∝∂•÷≠≡≈…  ↵ℵℑℜ℘⊗⊕∅∩∪⊃⊇⊄⊂⊆∈∉∠∇   ∏√⋅¬∧∨⇔⇐⇑⇒⇓◊〈   ∑           〉∫⌠ ⌡          ";

/// Widths from the blank to the tilde, in thousandths of the size (Adobe's metrics of the standard fonts).
const HELVETICA: [u16; 95] = [
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556, 556, 556, 556, 556,
    556, 556, 556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833,
    722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556, 333, 556, 556, 500, 556,
    556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556, 556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334,
    260, 334, 584,
];
const HELVETICA_BOLD: [u16; 95] = [
    278, 333, 474, 556, 556, 889, 722, 238, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556, 556, 556, 556, 556,
    556, 556, 556, 333, 333, 584, 584, 584, 611, 975, 722, 722, 722, 722, 667, 611, 778, 722, 278, 556, 722, 611, 833,
    722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 333, 278, 333, 584, 556, 333, 556, 611, 556, 611,
    556, 333, 611, 611, 278, 278, 556, 278, 889, 611, 611, 611, 611, 389, 556, 333, 611, 556, 778, 556, 556, 500, 389,
    280, 389, 584,
];
const TIMES: [u16; 95] = [
    250, 333, 408, 500, 500, 833, 778, 180, 333, 333, 500, 564, 250, 333, 250, 278, 500, 500, 500, 500, 500, 500, 500,
    500, 500, 500, 278, 278, 564, 564, 564, 444, 921, 722, 667, 667, 722, 611, 556, 722, 722, 333, 389, 722, 611, 889,
    722, 722, 556, 722, 667, 556, 611, 722, 722, 944, 722, 722, 611, 333, 278, 333, 469, 500, 333, 444, 500, 444, 500,
    444, 333, 500, 500, 278, 278, 500, 278, 778, 500, 500, 500, 500, 333, 389, 278, 500, 500, 722, 500, 500, 444, 480,
    200, 480, 541,
];
const TIMES_BOLD: [u16; 95] = [
    250, 333, 555, 500, 500, 1000, 833, 278, 333, 333, 500, 570, 250, 333, 250, 278, 500, 500, 500, 500, 500, 500, 500,
    500, 500, 500, 333, 333, 570, 570, 570, 500, 930, 722, 667, 722, 722, 667, 611, 778, 778, 389, 500, 778, 667, 944,
    722, 778, 611, 778, 722, 556, 667, 722, 722, 1000, 722, 722, 667, 333, 278, 333, 581, 500, 333, 500, 556, 444, 556,
    444, 333, 500, 556, 278, 333, 556, 278, 833, 556, 500, 556, 556, 444, 389, 333, 556, 500, 722, 500, 500, 444, 394,
    220, 394, 520,
];

/// The standard Latin encoding.
pub(super) fn latin() -> Vec<String> {
    let lower: String = (' '..='~')
        .map(|it| match it {
            '\'' => '’',
            '`' => '‘',
            it => it,
        })
        .collect();
    encoding(&lower, LATIN_UPPER)
}

/// The encoding of Symbol.
pub(super) fn symbol() -> Vec<String> {
    encoding(SYMBOL_LOWER, SYMBOL_UPPER)
}

fn encoding(lower: &str, upper: &str) -> Vec<String> {
    let mut texts = vec![String::new(); 256];
    for (from, characters) in [(0x20, lower), (0xa0, upper)] {
        for (slot, character) in texts.iter_mut().skip(from).zip(characters.chars()) {
            if character != ' ' || from == 0x20 {
                *slot = spelled(character.encode_utf8(&mut [0; 4]));
            }
        }
    }
    texts
}

/// How wide a standard font, or one that looks like it, draws a text, in sizes of the font.
pub(super) fn width(font: &str, text: &str) -> f64 {
    let is_bold = font.contains("Bold");
    let table = match (font, is_bold) {
        _ if font.contains("Courier") => return 0.6,
        _ if font.contains("Times") => {
            if is_bold {
                &TIMES_BOLD
            } else {
                &TIMES
            }
        }
        _ => {
            if is_bold {
                &HELVETICA_BOLD
            } else {
                &HELVETICA
            }
        }
    };
    let width =
        |it: char| u32::from(it).checked_sub(0x20).and_then(|at| table.get(at as usize)).copied().unwrap_or(556);
    f64::from(text.chars().map(width).map(u32::from).sum::<u32>()) / 1000.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_encodings_stand_where_the_standard_has_them() {
        let at = |texts: &[String], code: usize| texts[code].clone();
        let latin = latin();
        assert_eq!((at(&latin, 0x41), at(&latin, 0xae), at(&latin, 0xfb)), ("A".into(), "fi".into(), "ß".into()));
        assert_eq!((at(&latin, 0x27), at(&latin, 0xb0), at(&latin, 0x7f)), ("’".into(), String::new(), String::new()));
        let symbol = symbol();
        assert_eq!((at(&symbol, 0x61), at(&symbol, 0xb0), at(&symbol, 0xf2)), ("α".into(), "°".into(), "∫".into()));
    }

    #[test]
    fn widths_are_those_of_the_font() {
        assert!((width("Helvetica", "AB") - 1.334).abs() < 1e-9);
        assert!((width("Times-Roman", "A") - 0.722).abs() < 1e-9);
        assert!((width("Courier-Bold", "i") - 0.6).abs() < 1e-9);
    }
}
