//! A table of plain facts (a roll-up, an annex) as csv, json and xlsx.

use rust_xlsxwriter::{DocProperties, ExcelDateTime, Workbook, Worksheet, XlsxError};
use serde_json::{Map, Value};
use unicode_width::UnicodeWidthStr;

use super::xlsx::{Style, fit, set_up};
use super::{Error, cell};
use crate::regime::taxonomy::Label;

/// The largest number that a cell holds exactly (2^53); a larger one is written as text.
const MOST_EXACT: u64 = 1 << 53;

/// Narrowest and widest column, in digits.
const WIDTHS: (usize, usize) = (10, 40);

/// Columns that a page shows side by side and that still read.
const COLUMNS_A_PAGE: usize = 10;

/// A table.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Grid {
    /// Its title, and the name of its sheet.
    pub title: Label,
    /// Its columns: the id used in JSON, and the header.
    pub columns: Vec<(&'static str, Label)>,
    /// Its rows, with a fact for each column.
    pub rows: Vec<Vec<Fact>>,
}

/// What stands in a cell.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Fact {
    /// Nothing is known.
    #[default]
    Unknown,
    /// A text.
    Text(String),
    /// A number.
    Number(u64),
}

impl From<Option<u64>> for Fact {
    fn from(number: Option<u64>) -> Self {
        number.map_or(Self::Unknown, Self::Number)
    }
}

impl From<Option<String>> for Fact {
    fn from(text: Option<String>) -> Self {
        text.map_or(Self::Unknown, Self::Text)
    }
}

impl From<&str> for Fact {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Fact {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl Fact {
    /// The fact as text; empty where nothing is known.
    #[must_use]
    pub fn text(&self) -> String {
        match self {
            Self::Unknown => String::new(),
            Self::Text(text) => text.clone(),
            Self::Number(number) => number.to_string(),
        }
    }
}

impl Grid {
    /// The rows as JSON objects.
    #[must_use]
    pub fn json(&self) -> Value {
        let value = |fact: &Fact| match fact {
            Fact::Unknown => Value::Null,
            Fact::Text(text) => Value::from(text.as_str()),
            Fact::Number(number) => Value::from(*number),
        };
        let row = |facts: &Vec<Fact>| {
            let cells = self.columns.iter().zip(facts).map(|((id, _), fact)| ((*id).to_owned(), value(fact)));
            Value::Object(cells.collect::<Map<_, _>>())
        };
        self.rows.iter().map(row).collect()
    }

    /// The table as csv: UTF-8 with a mark, so that Excel and WPS read Chinese.
    pub fn csv(&self) -> Result<Vec<u8>, Error> {
        let mut writer = csv::Writer::from_writer("\u{feff}".as_bytes().to_vec());
        let headers = self.columns.iter().map(|(_, label)| cell::safe(&label.zh));
        writer.write_record(headers).map_err(|_| Error::Workbook)?;
        for row in &self.rows {
            writer.write_record(row.iter().map(|fact| cell::safe(&fact.text()))).map_err(|_| Error::Workbook)?;
        }
        writer.into_inner().map_err(|_| Error::Workbook)
    }
}

/// Tables as a workbook, a sheet each, behind a sheet of lines that say what they are. The bytes do not depend on the time.
pub fn grids_xlsx(title: &str, lines: &[(&str, String)], grids: &[&Grid]) -> Result<Vec<u8>, Error> {
    let write = || -> Result<Vec<u8>, XlsxError> {
        let mut workbook = Workbook::new();
        // The day on which the regulation came into force; any fixed day would do.
        let created = ExcelDateTime::from_ymd(2023, 1, 1)?;
        workbook.set_properties(&DocProperties::new().set_title(title).set_creation_datetime(&created));
        let style = Style::new();
        for grid in grids {
            sheet(workbook.add_worksheet(), grid, &style)?;
        }
        let notes = workbook.add_worksheet();
        set_up(notes, "说明")?;
        notes.set_portrait().set_column_width(0, 26)?.set_column_width(1, 80)?;
        for (row, (label, text)) in (0..).zip(lines) {
            notes.write_string_with_format(row, 0, cell::plain(label), &style.header)?;
            notes.write_string_with_format(row, 1, cell::plain(text), &style.text)?;
            fit(notes, row, [(*label, 26), (text.as_str(), 80)])?;
        }
        workbook.save_to_buffer()
    };
    write().map_err(|_| Error::Workbook)
}

fn sheet(sheet: &mut Worksheet, grid: &Grid, style: &Style) -> Result<(), XlsxError> {
    set_up(sheet, &cell::plain(&grid.title.zh))?;
    sheet.set_landscape().set_freeze_panes(1, 1)?.set_repeat_rows(0, 0)?;
    let pages = u16::try_from(grid.columns.len().div_ceil(COLUMNS_A_PAGE)).unwrap_or(1);
    if pages > 1 {
        // 8 is A3; printed on A4 it still reads. Each page begins with what its rows are about.
        sheet.set_paper_size(8).set_print_fit_to_pages(pages, 0).set_page_order(true).set_repeat_columns(0, 0)?;
    }
    let widths: Vec<u16> = (0..grid.columns.len()).map(|column| width(grid, column)).collect();
    for ((place, (_, label)), width) in (0..).zip(&grid.columns).zip(&widths) {
        sheet.write_string_with_format(0, place, cell::plain(&label.zh), &style.header)?;
        sheet.set_column_width(place, *width)?;
    }
    fit(sheet, 0, grid.columns.iter().map(|(_, label)| label.zh.as_str()).zip(widths.iter().copied()))?;
    for (line, row) in (1..).zip(&grid.rows) {
        for (place, fact) in (0..).zip(row) {
            match fact {
                Fact::Number(number) if *number <= MOST_EXACT => {
                    sheet.write_number_with_format(line, place, *number as f64, &style.number)?;
                }
                fact => {
                    let plain = cell::plain(&fact.text());
                    let is_guarded = cell::starts_formula(&plain);
                    let format = if is_guarded { style.text.clone().set_quote_prefix() } else { style.text.clone() };
                    sheet.write_string_with_format(line, place, plain, &format)?;
                }
            }
        }
        let texts: Vec<String> = row.iter().map(Fact::text).collect();
        fit(sheet, line, texts.iter().map(String::as_str).zip(widths.iter().copied()))?;
    }
    Ok(())
}

/// As wide as its widest text, within bounds.
fn width(grid: &Grid, column: usize) -> u16 {
    let texts = grid.rows.iter().filter_map(|row| row.get(column)).map(|fact| fact.text().width());
    // A header is wrapped into two lines.
    let header = grid.columns.get(column).map_or(0, |(_, label)| label.zh.width() / 2 + 1);
    let widest = texts.max().unwrap_or(0).max(header) + 2;
    u16::try_from(widest.clamp(WIDTHS.0, WIDTHS.1)).unwrap_or(u16::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hostile() -> Grid {
        let label = |text: &str| Label { zh: text.to_owned(), en: text.to_owned() };
        Grid {
            title: label("表"),
            columns: vec![("name", label("名称")), ("records", label("条目数"))],
            rows: vec![
                vec!["=HYPERLINK(\"x\")".into(), Fact::Number(u64::MAX)],
                vec!["a\r\n\u{202e}b".into(), Fact::Unknown],
                vec![Fact::Text("长".repeat(40_000)), Fact::Number(7)],
            ],
        }
    }

    #[test]
    fn a_table_holds_no_formula_and_nothing_invisible_in_any_format() {
        let grid = hostile();
        let csv = String::from_utf8(grid.csv().unwrap()).unwrap();
        assert!(csv.contains("'=HYPERLINK") && csv.contains(&u64::MAX.to_string()), "{csv}");
        assert!(!csv.contains('\u{202e}'));
        assert!(grids_xlsx("t", &[("a", "=1".to_owned())], &[&grid]).is_ok());
        let json = grid.json();
        assert_eq!((&json[0]["records"], &json[1]["records"]), (&Value::from(u64::MAX), &Value::Null));
    }
}
