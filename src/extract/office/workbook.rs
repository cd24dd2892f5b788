//! Workbooks: xlsx and xlsb cell by cell, xls and ods sheet by sheet, each sheet a table.
//!
//! The parser is not ours and panics on some ordinary files, so each call into it is caught. What cannot be caught
//! (memory, endless loops) is the guarded child's affair.

use std::{
    borrow::Cow,
    io::{BufReader, SeekFrom},
    panic::{AssertUnwindSafe, catch_unwind},
};

use calamine::{
    Data, DataRef, ExcelDateTime, Ods, OdsError, Range, Reader as _, Sheet, SheetType, Xls, XlsError, Xlsb, XlsbError,
    Xlsx, XlsxError,
};

use super::super::{Reading, Sink, Source, grid::Grid};
use crate::{
    model::{Fragment, Measure, Reason},
    open::{Format, Limits},
};

/// Reads all sheets of a workbook, hidden ones too.
pub(crate) fn read(
    format: Format,
    reader: &mut dyn Source,
    limits: &Limits,
    sink: &mut dyn Sink,
) -> Result<Reading, Reason> {
    let length = reader.seek(SeekFrom::End(0)).map_err(|error| Reason::from(&error))?;
    if matches!(format, Format::Xls | Format::Ods) && length > limits.workbook_bytes {
        return Err(Reason::TooLarge);
    }
    reader.seek(SeekFrom::Start(0)).map_err(|error| Reason::from(&error))?;
    let reader = BufReader::new(reader);
    let mut sheets = Sheets { limits, cells: 0, records: 0, partial: None };
    match format {
        Format::Xlsx => {
            let mut workbook = caught(|| Xlsx::new(reader))?;
            for name in names_of(workbook.sheets_metadata()) {
                sink.fragment(Fragment::PartName(name.as_bytes()));
                match caught(|| workbook.worksheet_cells_reader(&name)) {
                    Ok(mut cells) => sheets.stream(
                        || {
                            Ok(caught(|| cells.next_cell())?
                                .map(|cell| (cell.get_position(), text_of_ref(cell.get_value()))))
                        },
                        sink,
                    ),
                    Err(reason) => sheets.stop(reason),
                }
            }
        }
        Format::Xlsb => {
            let mut workbook = caught(|| Xlsb::new(reader))?;
            for name in names_of(workbook.sheets_metadata()) {
                sink.fragment(Fragment::PartName(name.as_bytes()));
                match caught(|| workbook.worksheet_cells_reader(&name)) {
                    Ok(mut cells) => sheets.stream(
                        || {
                            Ok(caught(|| cells.next_cell())?
                                .map(|cell| (cell.get_position(), text_of_ref(cell.get_value()))))
                        },
                        sink,
                    ),
                    Err(reason) => sheets.stop(reason),
                }
            }
        }
        Format::Xls => {
            let mut workbook = caught(|| Xls::new(reader))?;
            for name in names_of(workbook.sheets_metadata()) {
                sink.fragment(Fragment::PartName(name.as_bytes()));
                sheets.take(caught(|| workbook.worksheet_range(&name)), sink);
            }
        }
        Format::Ods => {
            let mut workbook = caught(|| Ods::new(reader))?;
            for name in names_of(workbook.sheets_metadata()) {
                sink.fragment(Fragment::PartName(name.as_bytes()));
                sheets.take(caught(|| workbook.worksheet_range(&name)), sink);
            }
        }
        _ => return Err(Reason::UnsupportedFormat),
    }
    let records = Measure { value: sheets.records, exact: sheets.partial.is_none() };
    Ok(Reading { format: Some(format), records: Some(records), partial: sheets.partial, ..Reading::default() })
}

/// The sheets that hold cells; charts and macros do not.
fn names_of(sheets: &[Sheet]) -> Vec<String> {
    let holds_cells = |sheet: &&Sheet| !matches!(sheet.typ, SheetType::ChartSheet | SheetType::Vba);
    sheets.iter().filter(holds_cells).map(|sheet| sheet.name.clone()).collect()
}

type Position = (u32, u32);

/// What has been read of a workbook.
struct Sheets<'l> {
    limits: &'l Limits,
    cells: u64,
    records: u64,
    partial: Option<Reason>,
}

impl Sheets<'_> {
    /// A sheet could not be read, or not to its end; the others are.
    fn stop(&mut self, reason: Reason) {
        self.partial = self.partial.or(Some(reason));
    }

    /// Reads a sheet cell by cell.
    fn stream<'c>(
        &mut self,
        mut next: impl FnMut() -> Result<Option<(Position, Option<Cow<'c, str>>)>, Reason>,
        sink: &mut dyn Sink,
    ) {
        let mut grid = Grid::new(self.limits);
        let mut row: Vec<(usize, String)> = Vec::new();
        let mut row_number = 0;
        loop {
            let ((number, column), text) = match next() {
                Ok(Some(cell)) => cell,
                Ok(None) => break,
                Err(reason) => {
                    self.stop(reason);
                    break;
                }
            };
            if number != row_number {
                emit(&mut row, &mut grid, sink);
                row_number = number;
            }
            self.cells = self.cells.saturating_add(1);
            if self.cells > self.limits.cells {
                self.stop(Reason::TooMany);
                break;
            }
            let column = column as usize;
            if let Some(text) = text.filter(|_| column < self.limits.columns) {
                row.push((column, text.into_owned()));
            }
        }
        emit(&mut row, &mut grid, sink);
        self.records = self.records.saturating_add(grid.finish(sink));
    }

    /// Reads a sheet that the parser holds whole.
    fn take(&mut self, range: Result<Range<Data>, Reason>, sink: &mut dyn Sink) {
        match range {
            Ok(range) => {
                let (first_row, first_column) = range.start().unwrap_or((0, 0));
                let mut cells = range.used_cells().map(|(row, column, value)| {
                    let position = (first_row.saturating_add(row as u32), first_column.saturating_add(column as u32));
                    (position, text_of(value).map(Cow::Owned))
                });
                self.stream(|| Ok(cells.next()), sink);
            }
            Err(reason) => self.stop(reason),
        }
    }
}

fn emit(row: &mut Vec<(usize, String)>, grid: &mut Grid<'_>, sink: &mut dyn Sink) {
    grid.row(row.iter().map(|(column, text)| (*column, text.as_bytes())), sink);
    row.clear();
}

fn text_of_ref<'c>(value: &DataRef<'c>) -> Option<Cow<'c, str>> {
    match value {
        DataRef::SharedString(text) => Some(Cow::Borrowed(text)),
        other => text_of(&Data::from(other.clone())).map(Cow::Owned),
    }
}

/// A value as a person would read it in the cell; `None` where there is nothing to read.
fn text_of(value: &Data) -> Option<String> {
    match value {
        Data::Int(number) => Some(number.to_string()),
        Data::Float(number) => Some(number.to_string()),
        Data::String(text) | Data::DateTimeIso(text) | Data::DurationIso(text) => Some(text.clone()),
        Data::Bool(yes) => Some(yes.to_string()),
        Data::DateTime(time) => Some(text_of_time(*time)),
        Data::Error(_) | Data::Empty => None,
    }
}

fn text_of_time(time: ExcelDateTime) -> String {
    if !time.is_datetime() || !(0.0..2_958_466.0).contains(&time.as_f64()) {
        return time.as_f64().to_string();
    }
    let (year, month, day, hour, minute, second, _) = time.to_ymd_hms_milli();
    match (hour, minute, second) {
        (0, 0, 0) => format!("{year:04}-{month:02}-{day:02}"),
        _ => format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}"),
    }
}

/// Calls the parser; its errors become reasons of ours, and so do its panics.
fn caught<T, E: ParserError>(call: impl FnOnce() -> Result<T, E>) -> Result<T, Reason> {
    match catch_unwind(AssertUnwindSafe(call)) {
        Ok(outcome) => {
            outcome.map_err(|error| if error.wants_password() { Reason::Encrypted } else { Reason::Corrupt })
        }
        Err(_) => Err(Reason::Crashed),
    }
}

/// What we want to know of an error of the parser; its message may quote cells.
trait ParserError {
    fn wants_password(&self) -> bool;
}

macro_rules! parser_errors {
    ($($error:ident),*) => {
        $(impl ParserError for $error {
            fn wants_password(&self) -> bool {
                matches!(self, Self::Password)
            }
        })*
    };
}

parser_errors!(XlsxError, XlsbError, XlsError, OdsError);
