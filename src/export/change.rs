//! A change filing as xlsx, csv and json, by the columns of its form. What a person has to add is visibly missing.

use rust_xlsxwriter::{DocProperties, ExcelDateTime, Workbook, Worksheet, XlsxError};
use serde_json::{Map, Value, json};

use super::xlsx::{Style, fit, put, set_up, width};
use super::{Error, cell};
use crate::change::{FilledForm, Row};
use crate::regime::ChangeForm;
use crate::regime::form::Sheet;

/// All sheets as one JSON document; an empty cell is `null`.
#[must_use]
pub fn change_json(filled: &FilledForm, form: &ChangeForm) -> Value {
    let rows = |sheet: &Sheet, rows: &[Row]| rows.iter().map(|row| cells(sheet, row)).collect::<Vec<_>>();
    json!({
        "header": cells(&form.header, &filled.header),
        "changes": rows(&form.changes, &filled.changes),
        "cancellations": rows(&form.cancellations, &filled.cancellations),
    })
}

fn cells(sheet: &Sheet, row: &Row) -> Value {
    let cell = |id: &String| row.get(id).map_or(Value::Null, |text| Value::from(text.as_str()));
    Value::Object(sheet.columns.iter().map(|column| (column.id.clone(), cell(&column.id))).collect::<Map<_, _>>())
}

/// The sheet of the changes as csv: UTF-8 with a mark, so that Excel and WPS read Chinese.
pub fn change_csv(filled: &FilledForm, form: &ChangeForm) -> Result<Vec<u8>, Error> {
    let columns = &form.changes.columns;
    let mut writer = csv::Writer::from_writer("\u{feff}".as_bytes().to_vec());
    writer.write_record(columns.iter().map(|column| cell::safe(&column.label.zh))).map_err(|_| Error::Workbook)?;
    for row in &filled.changes {
        let cells = columns.iter().map(|column| cell::safe(row.get(&column.id).map_or("", String::as_str)));
        writer.write_record(cells).map_err(|_| Error::Workbook)?;
    }
    writer.into_inner().map_err(|_| Error::Workbook)
}

/// The form as the bytes of an xlsx file; they do not depend on the time.
pub fn change_xlsx(filled: &FilledForm, form: &ChangeForm) -> Result<Vec<u8>, Error> {
    let write = || -> Result<Vec<u8>, XlsxError> {
        let mut workbook = Workbook::new();
        // The day on which the regulation came into force; any fixed day would do.
        let created = ExcelDateTime::from_ymd(2023, 1, 1)?;
        let title = cell::plain(&form.header.label.zh);
        workbook.set_properties(&DocProperties::new().set_title(title).set_creation_datetime(&created));
        let style = Style::new();
        header_sheet(workbook.add_worksheet(), &form.header, &filled.header, &style)?;
        rows_sheet(workbook.add_worksheet(), &form.changes, &filled.changes, &style)?;
        rows_sheet(workbook.add_worksheet(), &form.cancellations, &filled.cancellations, &style)?;
        workbook.save_to_buffer()
    };
    write().map_err(|_| Error::Workbook)
}

fn header_sheet(sheet: &mut Worksheet, form: &Sheet, row: &Row, style: &Style) -> Result<(), XlsxError> {
    set_up(sheet, "变更备案")?;
    sheet.set_portrait().set_column_width(0, 34)?.set_column_width(1, 60)?;
    sheet.write_string_with_format(0, 0, cell::plain(&form.label.zh), &style.title)?;
    for (line, column) in (2..).zip(&form.columns) {
        sheet.write_string_with_format(line, 0, cell::plain(&column.label.zh), &style.header)?;
        let value = row.get(&column.id).map(String::as_str);
        let required = column.required.holds(None, |id| row.get(id).map(String::as_str));
        put(sheet, (line, 1), column, value, required, style, &style.text)?;
        fit(sheet, line, [(column.label.zh.as_str(), 34), (value.unwrap_or_default(), 60)])?;
    }
    Ok(())
}

fn rows_sheet(sheet: &mut Worksheet, form: &Sheet, rows: &[Row], style: &Style) -> Result<(), XlsxError> {
    set_up(sheet, &cell::plain(&form.label.zh))?;
    sheet.set_landscape().set_freeze_panes(1, 2)?.set_repeat_rows(0, 0)?;
    for (place, column) in (0..).zip(&form.columns) {
        sheet.write_string_with_format(0, place, cell::plain(&column.label.zh), &style.header)?;
        sheet.set_column_width(place, width(column))?;
    }
    fit(sheet, 0, form.columns.iter().map(|column| (column.label.zh.as_str(), width(column))))?;
    for (line, row) in (1..).zip(rows) {
        let value = |id: &str| row.get(id).map(String::as_str);
        for (place, column) in (0..).zip(&form.columns) {
            put(
                sheet,
                (line, place),
                column,
                value(&column.id),
                column.required.holds(None, value),
                style,
                &style.text,
            )?;
        }
        fit(sheet, line, form.columns.iter().map(|column| (value(&column.id).unwrap_or_default(), width(column))))?;
    }
    Ok(())
}

#[cfg(test)]
#[path = "change_tests.rs"]
mod tests;
