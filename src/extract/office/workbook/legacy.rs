//! Workbooks of Excel 97 to 2003, read by calamine, which holds a sheet whole.
//!
//! It panics on some files, so each call into it is caught. What cannot be caught (memory, endless loops) is the guarded
//! child's affair.

use std::{
    io::{BufReader, SeekFrom},
    panic::{AssertUnwindSafe, catch_unwind},
};

use calamine::{Data, Range, Reader as _, SheetType, Xls, XlsError};

use super::{
    super::{
        super::{Reading, Sink, Source},
        number,
    },
    dates,
    rows::{Rows, Tally},
};
use crate::{
    model::{Fragment, Measure, Reason},
    open::{Format, Limits},
};

/// Reads all sheets, hidden ones too.
pub(crate) fn read(reader: &mut dyn Source, limits: &Limits, sink: &mut dyn Sink) -> Result<Reading, Reason> {
    let length = reader.seek(SeekFrom::End(0)).map_err(|error| Reason::from(&error))?;
    if length > limits.workbook_bytes {
        return Err(Reason::TooLarge);
    }
    reader.seek(SeekFrom::Start(0)).map_err(|error| Reason::from(&error))?;
    let mut workbook = caught(|| Xls::new(BufReader::new(reader)))?;
    let holds_cells = |kind| !matches!(kind, SheetType::ChartSheet | SheetType::Vba);
    let sheets: Vec<String> =
        workbook.sheets_metadata().iter().filter(|it| holds_cells(it.typ)).map(|it| it.name.clone()).collect();
    let (mut tally, mut partial) = (Tally::default(), None);
    for name in sheets {
        sink.fragment(Fragment::PartName(name.as_bytes()));
        match caught(|| workbook.worksheet_range(&name)) {
            Ok(range) => {
                let mut rows = Rows::new(limits, tally);
                hand_on(&range, &mut rows, sink);
                partial = partial.or(rows.is_full().then_some(Reason::TooMany));
                tally = rows.end(sink);
            }
            Err(reason) => partial = partial.or(Some(reason)),
        }
    }
    let records = Measure { value: tally.rows, exact: partial.is_none() };
    Ok(Reading { format: Some(Format::Xls), records: Some(records), partial, ..Reading::default() })
}

fn hand_on(range: &Range<Data>, rows: &mut Rows<'_>, sink: &mut dyn Sink) {
    let first_column = range.start().map_or(0, |(_, column)| column as usize);
    let mut row_now = 0;
    for (row, column, value) in range.used_cells() {
        if row != row_now {
            rows.end_row(sink);
            row_now = row;
        }
        if let Some(value) = text_of(value) {
            rows.cell(first_column.saturating_add(column), |text| text.extend_from_slice(value.as_bytes()));
        }
        if rows.is_full() {
            break;
        }
    }
}

/// A value as a person would read it in the cell; `None` where there is nothing to read.
fn text_of(value: &Data) -> Option<String> {
    match value {
        Data::Int(number) => Some(number.to_string()),
        Data::Float(number) => Some(number::of(*number)),
        Data::String(text) | Data::DateTimeIso(text) | Data::DurationIso(text) => Some(text.clone()),
        Data::Bool(yes) => Some(yes.to_string()),
        Data::DateTime(time) => Some(dates::text_of_time(*time)),
        Data::Error(_) | Data::Empty => None,
    }
}

/// Calls the parser; its errors become reasons of ours, since its messages may quote cells, and so do its panics.
fn caught<T>(call: impl FnOnce() -> Result<T, XlsError>) -> Result<T, Reason> {
    match catch_unwind(AssertUnwindSafe(call)) {
        Ok(outcome) => outcome.map_err(|error| match error {
            XlsError::Password => Reason::Encrypted,
            _ => Reason::Corrupt,
        }),
        Err(_) => Err(Reason::Crashed),
    }
}
