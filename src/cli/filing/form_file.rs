//! A form as a file: xlsx or csv, read into text cell by cell.

use std::fs::File;
use std::io::{Cursor, Read};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use calamine::{Data, Reader as _, Xlsx};

use crate::catalog::import::Sheet;
use crate::cli::complaint::Complaint;
use crate::model::escape_name;

/// No form of some thousand entries comes near: a larger file is another one, picked by mistake.
const MOST_BYTES: u64 = 64 << 20;

/// The sheets of a form.
pub(crate) fn read(path: &Path) -> Result<Vec<Sheet>, Complaint> {
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
    let sheets = if bytes.starts_with(b"PK") { workbook(bytes) } else { delimited(&bytes).map(|sheet| vec![sheet]) };
    sheets.ok_or_else(|| {
        Complaint::new(
            format!("{shown} 既不是可读的 xlsx，也不是以逗号分隔的 csv"),
            format!("{shown} is neither a readable xlsx nor a csv with commas"),
        )
    })
}

/// The parser is not ours and panics on some files: what it does to one is no reason to end in a bug report.
fn workbook(bytes: Vec<u8>) -> Option<Vec<Sheet>> {
    let read = || {
        let mut workbook = Xlsx::new(Cursor::new(bytes)).ok()?;
        let names = workbook.sheet_names();
        let mut sheets = Vec::new();
        for name in names {
            let range = workbook.worksheet_range(&name).ok()?;
            let (top, left) = range.start().unwrap_or_default();
            let mut rows = vec![Vec::new(); top as usize];
            let blanks = || std::iter::repeat_n(String::new(), left as usize);
            rows.extend(range.rows().map(|row| blanks().chain(row.iter().map(text)).collect()));
            sheets.push(Sheet { name, rows });
        }
        Some(sheets)
    };
    catch_unwind(AssertUnwindSafe(read)).ok().flatten()
}

/// A cell as this project writes it.
fn text(cell: &Data) -> String {
    match cell {
        Data::Float(number) if number.fract() == 0.0 && number.abs() < 9.0e15 => format!("{number:.0}"),
        Data::DateTime(date) => {
            let (year, month, day, ..) = date.to_ymd_hms_milli();
            format!("{year:04}-{month:02}-{day:02}")
        }
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
    Some(Sheet { name: String::new(), rows })
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
}
