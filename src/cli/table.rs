//! A table for a terminal: columns as wide as their widest cell, Chinese characters counted as two.

use std::borrow::Cow;
use std::io::{IsTerminal, Write};

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// Rows under headers.
pub(crate) struct Table {
    headers: Vec<String>,
    rows: Vec<Vec<String>>,
    /// Columns that hold numbers stand to the right.
    right: Vec<bool>,
    /// Columns whose cells may be shortened in the middle.
    elastic: Vec<usize>,
    /// The width to keep to, if there is one.
    width: Option<usize>,
}

/// An elastic column is never made narrower: beginning and end of a name must stay.
const NARROWEST: usize = 12;

/// The width of the terminal that standard output is; `None` where it is a file or a pipe, which hold lines of any
/// length.
pub(crate) fn terminal_width() -> Option<usize> {
    let stdout = std::io::stdout();
    if !stdout.is_terminal() {
        return None;
    }
    terminal_size::terminal_size_of(stdout).map(|(terminal_size::Width(width), _)| usize::from(width))
}

impl Table {
    /// A table with these headers; one that begins with `#` is of numbers, and stands without the mark.
    pub(crate) fn new<'a>(headers: impl IntoIterator<Item = &'a str>) -> Self {
        let headers: Vec<&str> = headers.into_iter().collect();
        Self {
            right: headers.iter().map(|header| header.starts_with('#')).collect(),
            headers: headers.iter().map(|header| header.trim_start_matches('#').to_owned()).collect(),
            rows: Vec::new(),
            elastic: Vec::new(),
            width: None,
        }
    }

    /// Lets the columns under these headers give way, the widest first, where the rows would be wider than `width`.
    pub(crate) fn fit(&mut self, width: Option<usize>, elastic: &[&str]) -> &mut Self {
        self.width = width;
        let columns = self.headers.iter().enumerate().filter(|(_, header)| elastic.contains(&header.as_str()));
        self.elastic = columns.map(|(column, _)| column).collect();
        self
    }

    /// Adds a row.
    pub(crate) fn row<T: Into<String>>(&mut self, cells: impl IntoIterator<Item = T>) -> &mut Self {
        self.rows.push(cells.into_iter().map(Into::into).collect());
        self
    }

    /// Leaves out a column that says the same in all of several rows: it parts nothing.
    pub(crate) fn without_uniform(&mut self, column: usize) -> &mut Self {
        let first = self.rows.first().and_then(|row| row.get(column)).cloned();
        if self.rows.len() > 1 && self.rows.iter().all(|row| row.get(column) == first.as_ref()) {
            self.headers.remove(column);
            self.right.remove(column);
            self.rows.iter_mut().for_each(|row| drop(row.remove(column)));
        }
        self
    }

    /// Whether there is nothing to show.
    pub(crate) fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Writes it.
    pub(crate) fn print(&self, out: &mut dyn Write) -> std::io::Result<()> {
        let widths = self.widths();
        self.line(out, &self.headers, &widths)?;
        let rule: Vec<String> = widths.iter().map(|width| "─".repeat(*width)).collect();
        self.line(out, &rule, &widths)?;
        for row in &self.rows {
            self.line(out, row, &widths)?;
        }
        Ok(())
    }

    fn widths(&self) -> Vec<usize> {
        let mut widths: Vec<usize> = (0..self.headers.len()).map(|column| self.width(column)).collect();
        let Some(wanted) = self.width else { return widths };
        let spaces = 2 * widths.len().saturating_sub(1);
        let mut excess = (widths.iter().sum::<usize>() + spaces).saturating_sub(wanted);
        while excess > 0 {
            let elastic = widths.iter_mut().enumerate().filter(|(column, _)| self.elastic.contains(column));
            match elastic.map(|(_, width)| width).max() {
                Some(widest) if *widest > NARROWEST => *widest -= 1,
                _ => break,
            }
            excess -= 1;
        }
        widths
    }

    fn width(&self, column: usize) -> usize {
        let cells = self.rows.iter().filter_map(|row| row.get(column));
        cells.chain(self.headers.get(column)).map(|cell| cell.width()).max().unwrap_or(0)
    }

    fn line(&self, out: &mut dyn Write, cells: &[String], widths: &[usize]) -> std::io::Result<()> {
        let mut line = String::new();
        for (column, width) in widths.iter().enumerate() {
            let cell = shortened(cells.get(column).map_or("", String::as_str), *width);
            let padding = " ".repeat(width.saturating_sub(cell.width()));
            if column > 0 {
                line.push_str("  ");
            }
            if self.right.get(column) == Some(&true) {
                line.push_str(&padding);
                line.push_str(&cell);
            } else {
                line.push_str(&cell);
                line.push_str(&padding);
            }
        }
        writeln!(out, "{}", line.trim_end())
    }
}

/// The text in `width` columns: what does not fit is taken from the middle, since names differ at both ends.
fn shortened(text: &str, width: usize) -> Cow<'_, str> {
    if text.width() <= width {
        return Cow::Borrowed(text);
    }
    let room = width.saturating_sub(1);
    let end = taken(text.chars().rev(), room / 2);
    let start = taken(text.chars(), room - end.width());
    Cow::Owned(format!("{start}…{}", end.chars().rev().collect::<String>()))
}

fn taken(letters: impl Iterator<Item = char>, room: usize) -> String {
    let mut used = 0;
    let fits = |letter: &char| {
        used += letter.width().unwrap_or(0);
        used <= room
    };
    letters.take_while(fits).collect()
}

/// A count with thin groups of three, as both languages write it.
pub(crate) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut grouped = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// Bytes in the largest unit of 1,000 that keeps a digit before the point.
pub(crate) fn bytes(number: u64) -> String {
    const UNITS: [&str; 5] = ["kB", "MB", "GB", "TB", "PB"];
    if number < 1_000 {
        return format!("{number} B");
    }
    let mut value = number as f64 / 1_000.0;
    let mut unit = 0;
    while value >= 999.95 && unit + 1 < UNITS.len() {
        value /= 1_000.0;
        unit += 1;
    }
    format!("{value:.1} {}", UNITS[unit])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_line_up_under_chinese_headers() {
        let mut table = Table::new(["类别", "#资产"]);
        table.row(["研发", "7"]).row(["生产运行", "12"]);
        let mut out = Vec::new();
        table.print(&mut out).unwrap();
        assert_eq!(String::from_utf8(out).unwrap(), "类别      资产\n────────  ────\n研发         7\n生产运行    12\n");
    }

    #[test]
    fn the_widest_elastic_column_gives_way_in_the_middle_and_nothing_else() {
        let mut table = Table::new(["id", "locator", "#records"]);
        table.row(["a3335ffb1cf4b7bff", "生产/萃取线/批次记录/2026年第三季度.csv", "1,234"]);
        let printed = |table: &Table| {
            let mut out = Vec::new();
            table.print(&mut out).unwrap();
            String::from_utf8(out).unwrap()
        };
        let whole = printed(&table);
        assert_eq!(printed(table.fit(None, &["locator"])), whole);
        let narrow = printed(table.fit(Some(50), &["locator"]));
        assert!(narrow.lines().all(|line| line.width() <= 50), "{narrow}");
        assert!(narrow.contains("a3335ffb1cf4b7bff  生产/萃取") && narrow.contains('…') && narrow.contains(".csv"));
        // Too narrow for any table: the names keep their ends all the same.
        let narrowest = printed(table.fit(Some(10), &["locator"]));
        assert!(narrowest.lines().last().unwrap().width() >= NARROWEST && narrowest.contains(".csv"), "{narrowest}");
    }

    #[test]
    fn a_column_that_parts_nothing_is_left_out() {
        let mut table = Table::new(["#n", "store"]);
        table.row(["1", "plant"]).row(["2", "plant"]);
        let mut out = Vec::new();
        table.without_uniform(1).without_uniform(0).print(&mut out).unwrap();
        assert_eq!(String::from_utf8(out).unwrap(), "n\n─\n1\n2\n");
    }

    #[test]
    fn numbers_are_written_as_people_read_them() {
        assert_eq!(grouped(1_234_567), "1,234,567");
        assert_eq!(grouped(12), "12");
        assert_eq!(bytes(999), "999 B");
        assert_eq!(bytes(81_920), "81.9 kB");
        assert_eq!(bytes(999_999_999), "1.0 GB");
    }
}
