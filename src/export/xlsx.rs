//! The catalog as a workbook that a filer can print, sign and hand in: the processor, the catalog, and notes.

use std::collections::HashMap;

use rust_xlsxwriter::{
    Color, DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, Workbook, Worksheet, XlsxError,
};
use unicode_width::UnicodeWidthStr;

use super::{Error, TO_BE_FILLED, cell};
use crate::catalog::{Catalog, Gap, check};
use crate::model::{Lang, Speak};
use crate::regime::Form;
use crate::regime::form::{Column, Kind};

/// Points that a line of text of eleven points takes.
const LINE_POINTS: f64 = 15.0;

/// The highest row that a workbook takes, in points (Excel's own limit).
const MOST_POINTS: f64 = 409.0;

/// The largest number that a cell holds exactly (2^53); a larger one is written as text.
const MOST_EXACT: u64 = 1 << 53;

/// Gaps that the notes tell one by one; more than that a person reads in `mulu catalog check`.
const MOST_NOTES: usize = 1_000;

/// The catalog as the bytes of an xlsx file. The creation date is fixed: the bytes do not depend on the time.
pub fn catalog_xlsx(catalog: &Catalog, form: &Form) -> Result<Vec<u8>, Error> {
    let write = || -> Result<Vec<u8>, XlsxError> {
        let mut workbook = Workbook::new();
        // The day on which the regulation came into force; any fixed day would do.
        let created = ExcelDateTime::from_ymd(2023, 1, 1)?;
        workbook
            .set_properties(&DocProperties::new().set_title("重要数据和核心数据目录").set_creation_datetime(&created));
        let style = Style::new();
        entity_sheet(workbook.add_worksheet(), catalog, form, &style)?;
        catalog_sheet(workbook.add_worksheet(), catalog, form, &style)?;
        notes_sheet(workbook.add_worksheet(), catalog, form, &style)?;
        workbook.save_to_buffer()
    };
    write().map_err(|_| Error::Workbook)
}

/// The looks of cells.
pub(crate) struct Style {
    pub(crate) title: Format,
    pub(crate) header: Format,
    pub(crate) text: Format,
    pub(crate) number: Format,
    missing: Format,
    unconfirmed: Format,
}

impl Style {
    pub(crate) fn new() -> Self {
        // A font that every Chinese office has, so that rows are as high as their text.
        let framed = Format::new()
            .set_font_name("宋体")
            .set_border(FormatBorder::Thin)
            .set_text_wrap()
            .set_align(FormatAlign::Top);
        Self {
            title: Format::new().set_font_name("宋体").set_bold().set_font_size(14),
            header: framed.clone().set_bold().set_background_color(Color::RGB(0x00DC_E6F1)),
            number: framed.clone().set_num_format("#,##0"),
            missing: framed.clone().set_background_color(Color::RGB(0x00FF_EB9C)),
            unconfirmed: framed.clone().set_italic().set_font_color(Color::RGB(0x009C_5700)),
            text: framed,
        }
    }
}

fn entity_sheet(sheet: &mut Worksheet, catalog: &Catalog, form: &Form, style: &Style) -> Result<(), XlsxError> {
    set_up(sheet, "基本情况")?;
    sheet.set_portrait().set_column_width(0, 34)?.set_column_width(1, 60)?;
    sheet.write_string_with_format(0, 0, cell::plain(&form.entity.label.zh), &style.title)?;
    for (row, column) in (2..).zip(&form.entity.columns) {
        sheet.write_string_with_format(row, 0, cell::plain(&column.label.zh), &style.header)?;
        let value = catalog.entity.get(&column.id).map(|cell| cell.value.as_str());
        let required = column.required.holds(None, |id| catalog.entity.get(id).map(|cell| cell.value.as_str()));
        put(sheet, (row, 1), column, value, required, style, &style.text)?;
        fit(sheet, row, [(column.label.zh.as_str(), 34), (value.unwrap_or_default(), 60)])?;
    }
    Ok(())
}

fn catalog_sheet(sheet: &mut Worksheet, catalog: &Catalog, form: &Form, style: &Style) -> Result<(), XlsxError> {
    set_up(sheet, "目录")?;
    // Some fifty columns on one page could not be read: they run over four of A3 (8), which still read when they are
    // printed on A4, each with the entry's id and name.
    sheet.set_landscape().set_paper_size(8).set_print_fit_to_pages(4, 0).set_page_order(true);
    sheet.set_freeze_panes(1, 2)?.set_repeat_rows(0, 0)?.set_repeat_columns(0, 1)?;
    let columns = &form.catalog.columns;
    for (place, column) in (0..).zip(columns) {
        sheet.write_string_with_format(0, place, cell::plain(&column.label.zh), &style.header)?;
        sheet.set_column_width(place, width(column))?;
    }
    fit(sheet, 0, columns.iter().map(|column| (column.label.zh.as_str(), width(column))))?;
    let last = u16::try_from(columns.len()).map_err(|_| XlsxError::RowColumnLimitError)?;
    sheet.write_string_with_format(0, last, "确认状态", &style.header)?;
    for (row, entry) in (1..).zip(&catalog.entries) {
        let confirmed = entry.level().is_confirmed();
        let text = if confirmed { &style.text } else { &style.unconfirmed };
        for (place, column) in (0..).zip(columns) {
            let required = entry.missing.contains(&column.id);
            put(sheet, (row, place), column, entry.value(&column.id), required, style, text)?;
        }
        sheet.write_string_with_format(row, last, if confirmed { "已确认" } else { "待确认" }, text)?;
        let texts = columns.iter().map(|column| (entry.value(&column.id).unwrap_or_default(), width(column)));
        fit(sheet, row, texts)?;
    }
    let rows = u32::try_from(catalog.entries.len()).map_err(|_| XlsxError::RowColumnLimitError)?;
    sheet.autofilter(0, 0, rows, last)?;
    Ok(())
}

/// How wide a column of the catalog is, in digits.
pub(crate) fn width(column: &Column) -> u16 {
    match column.kind {
        _ if column.id == "name" => 24,
        Kind::Text | Kind::Choices => 18,
        _ => 16,
    }
}

/// Makes a row as high as its texts are when they are wrapped: not every program does so by itself. A Chinese
/// character is as wide as two digits, and a line loses up to one of them at its end.
pub(crate) fn fit<'t>(
    sheet: &mut Worksheet,
    row: u32,
    texts: impl IntoIterator<Item = (&'t str, u16)>,
) -> Result<(), XlsxError> {
    let lines = |(text, width): (&str, u16)| text.width().div_ceil(usize::from(width.saturating_sub(2)).max(1));
    let lines = texts.into_iter().map(lines).max().unwrap_or(1).max(1);
    sheet.set_row_height(row, (lines as f64 * LINE_POINTS).min(MOST_POINTS))?;
    Ok(())
}

/// Writes one cell: numbers as numbers, text never as a formula, what is missing so that it is seen.
pub(crate) fn put(
    sheet: &mut Worksheet,
    (row, place): (u32, u16),
    column: &Column,
    value: Option<&str>,
    required: bool,
    style: &Style,
    text: &Format,
) -> Result<(), XlsxError> {
    let Some(value) = value else {
        let (word, format) = if required { (TO_BE_FILLED, &style.missing) } else { ("", text) };
        sheet.write_string_with_format(row, place, word, format)?;
        return Ok(());
    };
    let counts = matches!(column.kind, Kind::Integer | Kind::Bytes);
    let number = value.trim().parse::<u64>().ok().filter(|number| counts && *number <= MOST_EXACT);
    if let Some(number) = number {
        sheet.write_number_with_format(row, place, number as f64, &style.number)?;
        return Ok(());
    }
    let plain = cell::plain(value);
    // A string cell is no formula; the quote prefix keeps it a string when a person edits it.
    let format = if cell::starts_formula(&plain) { text.clone().set_quote_prefix() } else { text.clone() };
    sheet.write_string_with_format(row, place, plain, &format)?;
    Ok(())
}

fn notes_sheet(sheet: &mut Worksheet, catalog: &Catalog, form: &Form, style: &Style) -> Result<(), XlsxError> {
    set_up(sheet, "说明")?;
    sheet.set_portrait().set_column_width(0, 26)?.set_column_width(1, 80)?;
    let gaps = check(catalog, form);
    let unconfirmed = catalog.unconfirmed().count();
    let mut lines = vec![
        ("依据", "工信部网安〔2022〕166号 第十二条；备案内容不包括数据内容本身".to_owned()),
        ("备案机关", catalog.authority.clone().unwrap_or_else(|| TO_BE_FILLED.to_owned())),
        ("统计时点", catalog.as_of.clone()),
        ("条目数", catalog.entries.len().to_string()),
        ("待确认条目", unconfirmed.to_string()),
        ("缺项或矛盾", gaps.len().to_string()),
        ("斜体行", "级别由扫描按标准提出，尚待人工确认".to_owned()),
        (TO_BE_FILLED, "扫描无法得知、须在 mulu.toml 中填写的必填项".to_owned()),
    ];
    if let Some(audit) = &catalog.audit {
        lines.push(("审计日志", audit.say(Lang::Zh)));
    }
    let names: HashMap<&str, &str> =
        catalog.entries.iter().filter_map(|entry| Some((entry.class.id.0.as_str(), entry.value("name")?))).collect();
    lines.extend(gaps.iter().take(MOST_NOTES).map(|gap| (whose(gap), note(gap, &names))));
    if gaps.len() > MOST_NOTES {
        lines.push(("目录", format!("另有 {} 处，详见 mulu catalog check", gaps.len() - MOST_NOTES)));
    }
    for (row, (label, text)) in (0..).zip(&lines) {
        sheet.write_string_with_format(row, 0, cell::plain(label), &style.header)?;
        sheet.write_string_with_format(row, 1, cell::plain(text), &style.text)?;
        fit(sheet, row, [(*label, 26), (text.as_str(), 80)])?;
    }
    Ok(())
}

fn whose(gap: &Gap) -> &'static str {
    if gap.entry.is_some() { "目录" } else { "基本情况" }
}

fn note(gap: &Gap, names: &HashMap<&str, &str>) -> String {
    match gap.entry.as_deref().and_then(|id| names.get(id)) {
        Some(name) => format!("{name}：{}", gap.say(Lang::Zh)),
        None => gap.say(Lang::Zh),
    }
}

/// Names a sheet, and has it printed whole in its width.
pub(crate) fn set_up(sheet: &mut Worksheet, name: &str) -> Result<(), XlsxError> {
    sheet.set_name(name)?;
    // 9 is A4; as many pages down as it takes, one across.
    sheet.set_paper_size(9).set_print_fit_to_pages(1, 0).set_header("&C&A").set_footer("&C第 &P 页 共 &N 页");
    Ok(())
}
