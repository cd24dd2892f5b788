//! The workbook of a review: what is proposed, locked; what a person decides and declares, open and with its choices.

use rust_xlsxwriter::{
    Color, DataValidation, DocProperties, ExcelDateTime, Format, Formula, ProtectionOptions, Workbook, Worksheet,
    XlsxError,
};

use super::guidance;
use super::layout::{
    CHOICES, DECISION, HEADER_ROW, HEADERS, ID_ROW, MOST_CHARACTERS, MOST_ROWS, ORIGIN, SCHEMA, SEAL, SHEET, fact,
};
use super::row::{LOCKED, Row, facts};
use crate::export::xlsx::{Style, fit, set_up, width};
use crate::export::{Error, cell};
use crate::model::{Act, Lang, Level};
use crate::regime::Regime;
use crate::regime::form::{Column, Kind};

/// Widths of the locked columns, in digits.
const WIDTHS: [u16; LOCKED.len()] = [20, 10, 14, 36, 24, 16, 10, 18, 18, 12, 14, 10, 10];

/// Widths of what is decided.
const DECISION_WIDTHS: [u16; DECISION.len()] = [14, 12, 30, 30, 20];

/// The workbook as the bytes of an xlsx file. `origin` names the results of now, `as_of` their date. The bytes do not depend on
/// the time.
pub fn review_xlsx(rows: &[Row], (origin, as_of): (&str, &str), regime: &Regime) -> Result<Vec<u8>, Error> {
    if rows.len() > MOST_ROWS {
        return Err(Error::Workbook);
    }
    let write = || -> Result<Vec<u8>, XlsxError> {
        let mut workbook = Workbook::new();
        // The day on which the regulation came into force; any fixed day would do.
        let created = ExcelDateTime::from_ymd(2023, 1, 1)?;
        workbook.set_properties(&DocProperties::new().set_title("分类分级审核").set_creation_datetime(&created));
        let looks = Looks::new();
        guidance::sheet(workbook.add_worksheet(), as_of, &looks.style)?;
        let choices = Choices::of(regime);
        rows_sheet(workbook.add_worksheet(), rows, regime, &choices, &looks)?;
        choices.write(workbook.add_worksheet())?;
        origin_sheet(workbook.add_worksheet(), origin, as_of)?;
        workbook.save_to_buffer()
    };
    write().map_err(|_| Error::Workbook)
}

/// The looks of cells: what is locked is grey, what is open is white, what is asked for and missing is yellow.
struct Looks {
    style: Style,
    locked: Format,
    number: Format,
    open: Format,
    missing: Format,
}

impl Looks {
    fn new() -> Self {
        let style = Style::new();
        let locked = style.text.clone().set_background_color(Color::RGB(0x00F2_F2F2));
        // Text, so that no program makes a date of a number of a document.
        let open = style.text.clone().set_num_format("@").set_unlocked();
        Self {
            number: locked.clone().set_num_format("#,##0"),
            missing: open.clone().set_background_color(Color::RGB(0x00FF_EB9C)),
            locked,
            open,
            style,
        }
    }
}

/// The lists that cells choose from: a column of a hidden sheet each, since a list in a cell holds 255 characters only.
struct Choices {
    lists: Vec<(String, Vec<String>)>,
}

impl Choices {
    fn of(regime: &Regime) -> Self {
        let acts = [Act::Confirm, Act::Reject, Act::Override].map(|act| act.label(Lang::Zh).to_owned());
        let levels = [Level::General, Level::Important, Level::Core].map(|level| level.label(Lang::Zh).to_owned());
        let leaves = regime.taxonomy.nodes().filter(|node| node.id.contains('.'));
        let categories = leaves.map(|node| format!("{}  {}", node.id, node.label.zh)).collect();
        let mut lists = vec![
            ("decision".to_owned(), acts.to_vec()),
            ("level".to_owned(), levels.to_vec()),
            ("category_decided".to_owned(), categories),
        ];
        for column in facts(&regime.form) {
            match column.kind {
                Kind::Choice => lists.push((fact(&column.id), column.choices.clone())),
                Kind::Boolean => lists.push((fact(&column.id), vec!["是".to_owned(), "否".to_owned()])),
                _ => {}
            }
        }
        Self { lists }
    }

    fn write(&self, sheet: &mut Worksheet) -> Result<(), XlsxError> {
        sheet.set_name(CHOICES)?.set_hidden(true);
        for (place, (_, list)) in (0..).zip(&self.lists) {
            for (row, choice) in (0..).zip(list) {
                sheet.write_string(row, place, cell::plain(choice))?;
            }
        }
        Ok(())
    }

    /// The rule of a column: one of its list, or no more characters than a form takes.
    fn rule(&self, id: &str) -> DataValidation {
        let Some(place) = self.lists.iter().position(|(list, _)| list == id) else {
            let most = u32::try_from(MOST_CHARACTERS).unwrap_or(u32::MAX);
            return DataValidation::new()
                .allow_text_length(rust_xlsxwriter::DataValidationRule::LessThanOrEqualTo(most))
                .ignore_blank(true);
        };
        let letters = rust_xlsxwriter::utility::column_number_to_name(u16::try_from(place).unwrap_or_default());
        let last = self.lists[place].1.len();
        DataValidation::new()
            .allow_list_formula(Formula::new(format!("={CHOICES}!${letters}$1:${letters}${last}")))
            .ignore_blank(true)
    }
}

/// A column of the sheet: its id, its headers, its width, and whether a person fills it.
struct Place<'a> {
    id: String,
    header: String,
    width: u16,
    kind: PlaceKind<'a>,
}

enum PlaceKind<'a> {
    Locked(usize),
    Decision(&'static str),
    Fact(&'a Column),
    Seal,
}

fn places(regime: &Regime) -> Vec<Place<'_>> {
    let header = |zh: &str, en: &str| format!("{zh}\n{en}");
    let locked = LOCKED.iter().enumerate().map(|(place, id)| Place {
        id: (*id).to_owned(),
        header: header(HEADERS[place].0, HEADERS[place].1),
        width: WIDTHS[place],
        kind: PlaceKind::Locked(place),
    });
    let decision = DECISION.iter().zip(DECISION_WIDTHS).map(|((id, zh, en), width)| Place {
        id: (*id).to_owned(),
        header: header(zh, en),
        width,
        kind: PlaceKind::Decision(id),
    });
    let facts = facts(&regime.form).map(|column| Place {
        id: fact(&column.id),
        header: header(&column.label.zh, &column.label.en),
        width: width(column),
        kind: PlaceKind::Fact(column),
    });
    let seal = Place { id: SEAL.to_owned(), header: SEAL.to_owned(), width: 8, kind: PlaceKind::Seal };
    locked.chain(decision).chain(facts).chain([seal]).collect()
}

fn rows_sheet(
    sheet: &mut Worksheet,
    rows: &[Row],
    regime: &Regime,
    choices: &Choices,
    looks: &Looks,
) -> Result<(), XlsxError> {
    set_up(sheet, SHEET)?;
    sheet.set_landscape().set_paper_size(8).set_print_fit_to_pages(4, 0).set_page_order(true);
    let (id_row, header_row) = (ID_ROW as u32, HEADER_ROW as u32);
    sheet.set_freeze_panes(header_row + 1, 1)?.set_repeat_rows(header_row, header_row)?.set_repeat_columns(0, 0)?;
    let places = places(regime);
    let last_row = header_row + u32::try_from(rows.len()).map_err(|_| XlsxError::RowColumnLimitError)?;
    for (column, place) in (0..).zip(&places) {
        sheet.write_string(id_row, column, &place.id)?;
        sheet.write_string_with_format(header_row, column, cell::plain_lines(&place.header), &looks.style.header)?;
        sheet.set_column_width(column, place.width)?;
        if matches!(place.kind, PlaceKind::Seal) {
            sheet.set_column_hidden(column)?;
        }
        let is_open = matches!(place.kind, PlaceKind::Decision(_) | PlaceKind::Fact(_));
        if is_open && last_row > header_row {
            sheet.add_data_validation(header_row + 1, column, last_row, column, &choices.rule(&place.id))?;
        }
    }
    sheet.set_row_hidden(id_row)?.set_row_height(header_row, 60)?;
    for (line, row) in (header_row + 1..).zip(rows) {
        write_row(sheet, line, row, &places, regime, looks)?;
    }
    let last_column = u16::try_from(places.len() - 1).map_err(|_| XlsxError::RowColumnLimitError)?;
    sheet.autofilter(header_row, 0, last_row, last_column)?;
    let allowed = ProtectionOptions {
        sort: true,
        use_autofilter: true,
        format_columns: true,
        format_rows: true,
        ..ProtectionOptions::default()
    };
    sheet.protect_with_options(&allowed);
    workbook_opens_here(sheet);
    Ok(())
}

/// The sheet that is shown first.
fn workbook_opens_here(sheet: &mut Worksheet) {
    sheet.set_active(true);
}

fn write_row(
    sheet: &mut Worksheet,
    line: u32,
    row: &Row,
    places: &[Place<'_>],
    regime: &Regime,
    looks: &Looks,
) -> Result<(), XlsxError> {
    let locked = row.locked(&regime.taxonomy);
    for (column, place) in (0..).zip(places) {
        match place.kind {
            PlaceKind::Locked(at) if COUNTS.contains(&LOCKED[at]) => {
                put_count(sheet, (line, column), &locked[at], looks)?;
            }
            PlaceKind::Locked(at) => {
                sheet.write_string_with_format(line, column, cell::plain(&locked[at]), &looks.locked)?;
            }
            PlaceKind::Decision("category_decided") if row.is_class() => {
                sheet.write_blank(line, column, &looks.locked)?;
            }
            PlaceKind::Decision(_) => {
                sheet.write_blank(line, column, &looks.open)?;
            }
            PlaceKind::Fact(_) if !row.is_class() => {
                sheet.write_blank(line, column, &looks.locked)?;
            }
            PlaceKind::Fact(fact) => {
                let format = if row.missing.contains(&fact.id) { &looks.missing } else { &looks.open };
                match row.facts.get(&fact.id) {
                    Some(value) => put_open(sheet, (line, column), value, format)?,
                    None => {
                        sheet.write_blank(line, column, format)?;
                    }
                }
            }
            PlaceKind::Seal => {
                sheet.write_string(line, column, row.seal(&regime.taxonomy))?;
            }
        }
    }
    let texts = places.iter().filter_map(|place| match place.kind {
        PlaceKind::Locked(at) => Some((locked[at].as_str(), place.width)),
        PlaceKind::Fact(fact) => Some((row.facts.get(&fact.id)?.as_str(), place.width)),
        _ => None,
    });
    fit(sheet, line, texts)
}

/// The largest number that a cell holds exactly (2^53).
const MOST_EXACT: u64 = 1 << 53;

/// The locked columns that hold counts; everything else is text, though it may consist of digits.
const COUNTS: [&str; 4] = ["records", "bytes", "subjects", "assets"];

fn put_count(sheet: &mut Worksheet, (line, column): (u32, u16), text: &str, looks: &Looks) -> Result<(), XlsxError> {
    let number = text.parse::<u64>().ok().filter(|number| *number <= MOST_EXACT);
    match number {
        Some(number) => sheet.write_number_with_format(line, column, number as f64, &looks.number)?,
        None => sheet.write_string_with_format(line, column, cell::plain(text), &looks.locked)?,
    };
    Ok(())
}

fn put_open(sheet: &mut Worksheet, (line, column): (u32, u16), text: &str, format: &Format) -> Result<(), XlsxError> {
    let plain = cell::plain(text);
    if cell::starts_formula(&plain) {
        sheet.write_string_with_format(line, column, plain, &format.clone().set_quote_prefix())?;
    } else {
        sheet.write_string_with_format(line, column, plain, format)?;
    }
    Ok(())
}

fn origin_sheet(sheet: &mut Worksheet, origin: &str, as_of: &str) -> Result<(), XlsxError> {
    sheet.set_name(ORIGIN)?.set_very_hidden(true);
    let rows = [(SCHEMA.0, SCHEMA.1), ("origin", origin), ("as of", as_of)];
    for (row, (name, value)) in (0..).zip(rows) {
        sheet.write_string(row, 0, name)?.write_string(row, 1, value)?;
    }
    sheet.protect();
    Ok(())
}
