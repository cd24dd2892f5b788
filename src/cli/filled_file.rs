//! A form or a review that a person filled, as a file: xlsx or csv, read into text cell by cell, each within bounds.

use std::fs::File;
use std::io::{Cursor, Read};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use calamine::{Data, Reader as _, Xlsx};
use zip::ZipArchive;

use crate::catalog::sheet::Sheet;
use crate::cli::complaint::Complaint;
use crate::model::escape_name;

/// No form of some thousand entries comes near: a larger file is another one, picked by mistake.
const MOST_BYTES: u64 = 64 << 20;

/// What a workbook may unpack to: a hundred thousand rows of sixty columns stay below.
const MOST_UNPACKED_BYTES: u64 = 512 << 20;

/// Columns of a sheet; the widest of ours has some seventy. One stray cell at the far end must not cost memory.
const MOST_COLUMNS: usize = 1 << 10;

/// Cells of a workbook.
const MOST_CELLS: usize = 8_000_000;

/// The sheets of a form.
pub(crate) fn read(path: &Path) -> Result<Vec<Sheet>, Complaint> {
    read_with_digest(path).map(|(sheets, _)| sheets)
}

/// The sheets of a form, and the SHA-256 of the file, hexadecimal.
pub(crate) fn read_with_digest(path: &Path) -> Result<(Vec<Sheet>, String), Complaint> {
    let shown = escape_name(path.as_os_str().as_encoded_bytes());
    let mut bytes = Vec::new();
    let file = File::open(path).and_then(|file| file.take(MOST_BYTES + 1).read_to_end(&mut bytes));
    file.map_err(|_| {
        Complaint::new(
            format!("无法读取 {shown}；请检查路径和权限"),
            format!("cannot read {shown}; check the path and its rights"),
        )
    })?;
    if bytes.len() as u64 > MOST_BYTES {
        return Err(Complaint::new(
            format!("{shown} 超过 64 MiB，不像是一张表单"),
            format!("{shown} is larger than 64 MiB, which no form is"),
        ));
    }
    let digest = crate::inventory::audit::digest(&bytes);
    let sheets = if bytes.starts_with(b"PK") { workbook(bytes) } else { delimited(&bytes).map(|sheet| vec![sheet]) };
    sheets.map(|sheets| (sheets, digest)).ok_or_else(|| {
        Complaint::new(
            format!("{shown} 既不是可读的 xlsx，也不是以逗号分隔的 csv；可能不完整，请重新保存或取得"),
            format!(
                "{shown} is neither a readable xlsx nor a csv with commas; it may be cut off, save or fetch it again"
            ),
        )
    })
}

/// The parser is not ours and panics on some files: what it does to one is no reason to end in a bug report.
pub(crate) fn workbook(bytes: Vec<u8>) -> Option<Vec<Sheet>> {
    if !is_bounded(&bytes) {
        return None;
    }
    let read = || {
        let mut workbook = Xlsx::new(Cursor::new(bytes)).ok()?;
        let names = workbook.sheet_names();
        let mut left = MOST_CELLS;
        let mut sheets = Vec::new();
        for name in names {
            let mut sheet = Sheet { name: name.clone(), ..Sheet::default() };
            let mut cells = workbook.worksheet_cells_reader(&name).ok()?;
            while let Some(cell) = cells.next_cell_with_formula().ok()? {
                let (row, column) = (cell.pos.0 as usize, cell.pos.1 as usize);
                let value = text(&Data::from(cell.value));
                if cell.formula.is_some() {
                    sheet.formulas.insert((row, column));
                }
                // Formats alone stand in cells too, as far out as a person has clicked.
                if value.is_empty() {
                    continue;
                }
                left = left.checked_sub(1).filter(|_| column < MOST_COLUMNS)?;
                put(&mut sheet.rows, (row, column), value);
            }
            sheets.push(sheet);
        }
        Some(sheets)
    };
    catch_unwind(AssertUnwindSafe(read)).ok().flatten()
}

fn put(rows: &mut Vec<Vec<String>>, (row, column): (usize, usize), value: String) {
    if rows.len() <= row {
        rows.resize(row + 1, Vec::new());
    }
    let cells = &mut rows[row];
    if cells.len() <= column {
        cells.resize(column + 1, String::new());
    }
    cells[column] = value;
}

/// Whether the parts of a workbook unpack to what memory holds, whatever they say of themselves, and state no number of
/// shared texts that they cannot hold: the parser makes room for as many as are stated.
fn is_bounded(bytes: &[u8]) -> bool {
    let Ok(mut archive) = ZipArchive::new(Cursor::new(bytes)) else { return false };
    let mut left = MOST_UNPACKED_BYTES;
    for index in 0..archive.len() {
        let Ok(mut part) = archive.by_index(index) else { return false };
        let is_texts = part.name().is_ok_and(|name| name.ends_with("sharedStrings.xml"));
        let mut head = Vec::new();
        if (&mut part).take(1 << 10).read_to_end(&mut head).is_err() {
            return false;
        }
        let Ok(rest) = std::io::copy(&mut (&mut part).take(left), &mut std::io::sink()) else { return false };
        let length = head.len() as u64 + rest;
        let Some(more) = left.checked_sub(length).filter(|more| *more > 0) else { return false };
        left = more;
        // Each text takes at least its tags.
        if is_texts && stated_texts(&head).is_some_and(|count| count > length / 4) {
            return false;
        }
    }
    true
}

/// `uniqueCount` of the shared texts.
fn stated_texts(head: &[u8]) -> Option<u64> {
    let head = String::from_utf8_lossy(head);
    let (_, after) = head.split_once("uniqueCount=")?;
    let digits: String = after.chars().skip(1).take_while(char::is_ascii_digit).collect();
    digits.parse().ok().or(Some(u64::MAX))
}

/// A cell as this project writes it.
fn text(cell: &Data) -> String {
    match cell {
        Data::Float(number) if number.fract() == 0.0 && number.abs() < 9.0e15 => format!("{number:.0}"),
        Data::DateTime(date) => {
            let (year, month, day, ..) = date.to_ymd_hms_milli();
            format!("{year:04}-{month:02}-{day:02}")
        }
        Data::Bool(yes) => if *yes { "是" } else { "否" }.to_owned(),
        other => other.to_string(),
    }
}

/// Comma-separated values in UTF-8, or in the GB 18030 that Chinese spreadsheets save.
fn delimited(bytes: &[u8]) -> Option<Sheet> {
    let bytes = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes);
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => encoding_rs::GB18030.decode_without_bom_handling_and_without_replacement(bytes)?.into_owned(),
    };
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
    let mut rows: Vec<Vec<String>> = Vec::new();
    for record in reader.records() {
        let record = record.ok()?;
        // The reader leaves out blank lines; a cell is named by the line that it stands on.
        let before = record.position().map_or("", |position| text.get(position.byte() as usize..).unwrap_or(""));
        let blank = before.bytes().take_while(|byte| matches!(byte, b'\r' | b'\n')).filter(|byte| *byte == b'\n');
        rows.extend(blank.map(|_| Vec::new()));
        rows.push(record.iter().map(unguarded).collect());
    }
    Some(Sheet { rows, ..Sheet::default() })
}

/// A cell without the apostrophe that our export puts before what a spreadsheet would take for a formula.
fn unguarded(cell: &str) -> String {
    match cell.strip_prefix('\'') {
        Some(rest) if crate::export::cell::starts_formula(rest) => rest.to_owned(),
        _ => cell.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::*;
    use crate::catalog::Scope;
    use crate::catalog::fixture::{PARAMETERS, catalog, classes, full_register, record, regime};
    use crate::catalog::import::import;
    use crate::export::{catalog_csv, catalog_xlsx};

    fn exported() -> crate::catalog::Catalog {
        let mut register = full_register();
        register.all.insert("purpose".to_owned(), "=生产控制".to_owned());
        let records =
            [record("mes", "a", PARAMETERS, Some(2000), 1 << 60), record("plant", "b", PARAMETERS, Some(3000), 20)];
        catalog(classes(&records, &[]), &register, Scope::Filed)
    }

    #[test]
    fn what_our_own_export_writes_comes_back_as_it_would_have_been_filed() {
        let regime = regime();
        let catalog = exported();
        let folder = tempfile::tempdir().unwrap();
        let files = [
            ("form.xlsx", catalog_xlsx(&catalog, &regime.form).unwrap()),
            ("form.csv", catalog_csv(&catalog, &regime.form).unwrap()),
        ];
        for (name, bytes) in files {
            let path = folder.path().join(name);
            std::fs::write(&path, bytes).unwrap();
            let imported = import(&read(&path).unwrap(), &regime).unwrap();
            assert_eq!(imported.as_of.as_deref(), Some("2026-03-01"), "{name}");
            for (entry, ours) in imported.entries.iter().zip(&catalog.entries) {
                let filed = ours.filed();
                assert_eq!((&entry.id, entry.level, entry.records), (&filed.id, filed.level, filed.records), "{name}");
                assert_eq!((entry.bytes, &entry.fields), (filed.bytes, &filed.fields), "{name}");
            }
            assert_eq!(imported.entries.len(), 2, "{name}");
        }
    }

    #[test]
    fn a_csv_in_gb18030_is_read_and_blank_lines_keep_their_number() {
        let (bytes, ..) = encoding_rs::GB18030.encode("二级类别,数据级别\n\n工艺参数,重要数据\n");
        let sheet = delimited(&bytes).unwrap();
        assert_eq!(sheet.rows.len(), 3);
        assert_eq!(sheet.rows[2], ["工艺参数", "重要数据"]);
    }

    #[test]
    fn what_is_no_form_is_refused_with_its_name() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("broken.xlsx");
        std::fs::write(&path, b"PK not a workbook").unwrap();
        assert!(read(&path).unwrap_err().to_string().contains("broken.xlsx"));
        assert!(read(&folder.path().join("nothing.csv")).unwrap_err().to_string().contains("cannot read"));
    }

    /// A workbook of one sheet, its parts given as (name, text).
    fn packed(parts: &[(&str, &str)]) -> Vec<u8> {
        let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
        for (name, text) in parts {
            writer.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
            writer.write_all(text.as_bytes()).unwrap();
        }
        writer.finish().unwrap().into_inner()
    }

    #[test]
    fn a_workbook_that_states_more_than_it_holds_is_refused_before_room_is_made() {
        let texts =
            |count: &str| packed(&[("xl/sharedStrings.xml", &format!("<sst uniqueCount=\"{count}\"><si/></sst>"))]);
        assert!(is_bounded(&texts("1")));
        assert!(!is_bounded(&texts("4000000000")) && !is_bounded(&texts("99999999999999999999999")));
        assert!(!is_bounded(b"PK cut off"));
    }

    #[test]
    fn a_workbook_cut_off_anywhere_is_refused_and_a_far_cell_costs_nothing() {
        let whole = catalog_xlsx(&exported(), &regime().form).unwrap();
        for kept in (0..whole.len()).step_by(whole.len() / 40) {
            assert!(workbook(whole[..kept].to_vec()).is_none(), "{kept} of {}", whole.len());
        }
        let mut book = rust_xlsxwriter::Workbook::new();
        book.add_worksheet().write_string(1_048_575, 16_383, "x").unwrap();
        assert!(workbook(book.save_to_buffer().unwrap()).is_none());
    }

    #[test]
    fn a_computed_cell_is_known_from_a_typed_one() {
        let mut book = rust_xlsxwriter::Workbook::new();
        let sheet = book.add_worksheet();
        sheet.write_string(0, 0, "typed").unwrap().write_formula(1, 2, "=1+1").unwrap();
        let read = workbook(book.save_to_buffer().unwrap()).unwrap();
        assert_eq!(read[0].formulas.iter().collect::<Vec<_>>(), [&(1, 2)]);
        assert_eq!(read[0].text(0, 0), "typed");
    }
}
