//! A sheet that a person filled, as text, and how its cells are called.

use std::collections::BTreeSet;

use crate::model::Lang;

/// One sheet of a file, every cell as text; numbers and dates as this project writes them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sheet {
    /// Its name; empty for a csv.
    pub name: String,
    /// Its rows; row 1 of the file is the first.
    pub rows: Vec<Vec<String>>,
    /// The cells that are computed, (row, column) from 0: what stands in `rows` is their last result.
    pub formulas: BTreeSet<(usize, usize)>,
}

impl Sheet {
    /// The text of a cell, (row, column) from 0; empty where there is none.
    #[must_use]
    pub fn text(&self, row: usize, column: usize) -> &str {
        self.rows.get(row).and_then(|cells| cells.get(column)).map_or("", String::as_str)
    }
}

/// The address of a cell as spreadsheets write it, `sheet!B3`; row and column from 1, and 0 for none in particular.
#[must_use]
pub fn address(sheet: &str, row: usize, column: usize) -> String {
    let sheet = if sheet.is_empty() { String::new() } else { format!("{sheet}!") };
    let row = if row > 0 { row.to_string() } else { String::new() };
    format!("{sheet}{}{row}", letters(column))
}

/// A sentence about a cell, with its address and the header of its column before it.
#[must_use]
pub fn located(address: &str, header: &str, sentence: &str, lang: Lang) -> String {
    match (address.is_empty(), header.is_empty(), lang) {
        (true, ..) => sentence.to_owned(),
        (false, true, Lang::Zh) => format!("{address}：{sentence}"),
        (false, true, Lang::En) => format!("{address}: {sentence}"),
        (false, false, Lang::Zh) => format!("{address}（{header}）：{sentence}"),
        (false, false, Lang::En) => format!("{address} ({header}): {sentence}"),
    }
}

/// The letters of a column of a workbook: 1 is A, 27 is AA, 0 none.
fn letters(mut column: usize) -> String {
    let mut letters = Vec::new();
    while column > 0 {
        letters.push(char::from(b'A' + ((column - 1) % 26) as u8));
        column = (column - 1) / 26;
    }
    letters.iter().rev().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_is_called_as_spreadsheets_call_it() {
        assert_eq!(address("目录", 3, 28), "目录!AB3");
        assert_eq!(address("", 12, 26), "Z12");
        assert_eq!((address("目录", 5, 0), address("", 0, 0)), ("目录!5".to_owned(), String::new()));
    }
}
