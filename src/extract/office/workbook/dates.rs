//! Which cells are dates: Excel stores a number, and only its format tells.

use std::collections::BTreeSet;

use calamine::{ExcelDateTime, ExcelDateTimeType};
use quick_xml::events::BytesStart;

use super::super::{
    super::{
        Sink,
        markup::{self, Visitor},
    },
    number,
};

/// A day past the last one that Excel knows, 9999-12-31.
const PAST_LAST_DAY: f64 = 2_958_466.0;

/// Formats that are built in and show a date or a time of day (ECMA-376 part 1, 18.8.30; those from 27 on are Chinese,
/// Japanese and Korean).
fn is_built_in(format: u32) -> bool {
    matches!(format, 14..=22 | 27..=36 | 45 | 47 | 50..=58)
}

/// The formats of cells.
#[derive(Default)]
pub(super) struct Styles {
    /// Formats of the workbook's own that show dates.
    own: BTreeSet<u32>,
    /// For each style of a cell, whether it shows a date.
    cells: Vec<bool>,
    is_in_cell_styles: bool,
}

impl Styles {
    /// Styles that one workbook can have (ECMA-376 part 1, 18.8.10: 64,000 in Excel); more are no styles.
    const MOST: usize = 1 << 16;

    /// The workbook defines a format.
    pub(super) fn define(&mut self, format: u32, code: &str) {
        if is_date(code) && self.own.len() < Self::MOST {
            self.own.insert(format);
        }
    }

    /// The next style of cells has this format.
    pub(super) fn push(&mut self, format: u32) {
        if self.cells.len() < Self::MOST {
            self.cells.push(is_built_in(format) || self.own.contains(&format));
        }
    }

    /// Whether cells of this style show dates.
    pub(super) fn is_date(&self, style: usize) -> bool {
        self.cells.get(style).copied().unwrap_or(false)
    }
}

impl Visitor for Styles {
    fn open(&mut self, tag: &BytesStart<'_>, _sink: &mut dyn Sink) {
        let number = |name| markup::attribute(tag, name).and_then(|it| it.parse().ok()).unwrap_or(0);
        match tag.local_name().as_ref() {
            "numFmt" => self.define(number("numFmtId"), &markup::attribute(tag, "formatCode").unwrap_or_default()),
            "cellXfs" => self.is_in_cell_styles = true,
            "xf" if self.is_in_cell_styles => self.push(number("numFmtId")),
            _ => {}
        }
    }

    fn text(&mut self, _text: &str, _sink: &mut dyn Sink) {}

    fn close(&mut self, local_name: &str, _sink: &mut dyn Sink) {
        self.is_in_cell_styles &= local_name != "cellXfs";
    }

    fn finish(&mut self, _sink: &mut dyn Sink) {}
}

/// Whether a format shows a date or a time of day: letters for parts of them, outside of quotes, brackets and escapes. A
/// time that has passed (`[h]`) is a number.
fn is_date(code: &str) -> bool {
    let mut characters = code.chars();
    let mut is_date = false;
    while let Some(character) = characters.next() {
        match character {
            '"' => while characters.next().is_some_and(|it| it != '"') {},
            '[' => {
                let within: String = characters.by_ref().take_while(|it| *it != ']').collect();
                if !within.is_empty() && within.chars().all(|it| "hmsHMS".contains(it)) {
                    return false;
                }
            }
            '\\' | '_' | '*' => _ = characters.next(),
            // Numbers of several shapes: only the first is asked.
            ';' => break,
            'G' | 'g' if code.to_lowercase().contains("general") => return false,
            'y' | 'Y' | 'm' | 'M' | 'd' | 'D' | 'h' | 'H' | 's' | 'S' => is_date = true,
            _ => {}
        }
    }
    is_date
}

/// A date as a person reads it; what is none stays a number.
pub(super) fn text_of(value: f64, is_1904: bool) -> String {
    text_of_time(ExcelDateTime::new(value, ExcelDateTimeType::DateTime, is_1904))
}

/// The same, of calamine's own.
pub(super) fn text_of_time(time: ExcelDateTime) -> String {
    let value = time.as_f64();
    if !time.is_datetime() || !(0.0..PAST_LAST_DAY).contains(&value) {
        return number::of(value);
    }
    let (year, month, day, hour, minute, second, _) = time.to_ymd_hms_milli();
    match (hour, minute, second) {
        _ if value < 1.0 => format!("{hour:02}:{minute:02}:{second:02}"),
        (0, 0, 0) => format!("{year:04}-{month:02}-{day:02}"),
        _ => format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_of_dates_are_told_from_those_of_numbers() {
        for code in ["yyyy-mm-dd", "yyyy\"年\"m\"月\"d\"日\"", "[$-804]yyyy/m/d h:mm", "h:mm:ss AM/PM", "mm\\-dd;@"]
        {
            assert!(is_date(code), "{code}");
        }
        for code in ["0.00", "#,##0\"days\"", "General", "[Red]0.00", "[h]:mm", "0.0E+00", "_ * #,##0_ ;@", "\\d0", "@"]
        {
            assert!(!is_date(code), "{code}");
        }
    }

    #[test]
    fn dates_read_as_people_write_them() {
        for (value, is_1904, text) in [
            (45_000.0, false, "2023-03-15"),
            (45_000.5, false, "2023-03-15 12:00:00"),
            (0.25, false, "06:00:00"),
            (43_538.0, true, "2023-03-15"),
            (-1.0, false, "-1"),
            (3e9, false, "3000000000"),
        ] {
            assert_eq!(text_of(value, is_1904), text);
        }
    }
}
