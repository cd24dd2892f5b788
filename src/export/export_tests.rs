use std::io::Read;

use super::super::{TO_BE_FILLED, catalog_csv, catalog_xlsx};
use super::*;
use crate::catalog::Scope;
use crate::catalog::fixture::{FINANCE, PARAMETERS, catalog, classes, full_register, record, regime, with_persons};
use crate::model::Register;

fn two_entries(register: &Register) -> Catalog {
    let records = [
        with_persons(record("mes", "a", FINANCE, Some(5), 10), 0, 3),
        record("mes", "b", PARAMETERS, Some(2000), 1 << 60),
    ];
    catalog(classes(&records, &[]), register, Scope::AllLevels)
}

#[test]
fn the_json_has_the_keys_of_the_contract_and_of_the_schema() {
    let schema: Value = serde_json::from_str(include_str!("../../catalogs/schema/catalog.schema.json")).unwrap();
    let json = catalog_json(&two_entries(&full_register()), &regime().form);
    let keys = |value: &Value| value.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    let required = |value: &Value| serde_json::from_value::<Vec<String>>(value["required"].clone()).unwrap();
    assert_eq!(keys(&json), required(&schema));
    let entry = &schema["$defs"]["entry"];
    assert_eq!(keys(&json["entries"][0]), required(entry));
    assert_eq!(keys(&json["entries"][0]["level"]), required(&entry["properties"]["level"]));
    for (holder, named) in [(&schema, "properties"), (entry, "properties")] {
        assert_eq!(keys(&holder[named]), required(holder));
    }
}

#[test]
fn a_missing_cell_is_null_in_json_and_named() {
    let json = catalog_json(&two_entries(&Register::default()), &regime().form);
    let entry = &json["entries"][1];
    assert_eq!(entry["fields"]["purpose"], Value::Null);
    assert!(entry["missing"].as_array().unwrap().contains(&Value::from("purpose")));
    assert_eq!(entry["fields"]["records"], Value::from(2000));
    assert_eq!(entry["confirmed"], Value::from(false));
}

#[test]
fn the_csv_has_a_mark_one_row_an_entry_and_names_what_is_missing() {
    let csv = catalog_csv(&two_entries(&Register::default()), &regime().form).unwrap();
    let text = String::from_utf8(csv).unwrap();
    let text = text.strip_prefix('\u{feff}').unwrap();
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    assert!(reader.headers().unwrap().iter().any(|header| header == "跨境传输"));
    let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    assert_eq!(rows.len(), 2);
    assert!(rows.iter().all(|row| row.iter().next_back().unwrap().contains("处理目的")));
}

/// All parts of the workbook as text.
fn parts(xlsx: &[u8]) -> String {
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(xlsx)).unwrap();
    let mut all = String::new();
    for index in 0..archive.len() {
        archive.by_index(index).unwrap().read_to_string(&mut all).unwrap();
    }
    all
}

#[test]
fn the_workbook_shows_what_is_missing_and_depends_on_nothing_but_the_catalog() {
    let form = regime().form;
    let once = catalog_xlsx(&two_entries(&Register::default()), &form).unwrap();
    let text = parts(&once);
    assert!(text.contains(TO_BE_FILLED) && text.contains("待确认"));
    assert!(text.contains("2023-01-01T00:00:00Z"));
    let filled = parts(&catalog_xlsx(&two_entries(&full_register()), &form).unwrap());
    assert!(filled.matches("单位内").count() > 0);
    assert_eq!(once, catalog_xlsx(&two_entries(&Register::default()), &form).unwrap());
}

#[test]
fn a_register_value_that_looks_like_a_formula_is_none_in_any_export() {
    let mut register = full_register();
    register.all.insert("purpose".to_owned(), "=HYPERLINK(\"http://x\")".to_owned());
    let (catalog, form) = (two_entries(&register), regime().form);
    let workbook = parts(&catalog_xlsx(&catalog, &form).unwrap());
    assert!(!workbook.contains("<f>") && workbook.contains("=HYPERLINK"));
    let csv = String::from_utf8(catalog_csv(&catalog, &form).unwrap()).unwrap();
    assert!(csv.contains("'=HYPERLINK") && !csv.contains(",=") && !csv.contains("\"="));
}

#[test]
fn a_number_too_large_for_a_cell_is_written_with_all_its_digits() {
    let text = parts(&catalog_xlsx(&two_entries(&full_register()), &regime().form).unwrap());
    assert!(text.contains("1152921504606846976"));
}

/// Another program's reader as the oracle.
#[test]
fn a_reader_of_workbooks_finds_three_sheets_and_each_value_under_its_header() {
    use calamine::{Data, Reader, Xlsx};

    let form = regime().form;
    let bytes = catalog_xlsx(&two_entries(&full_register()), &form).unwrap();
    let mut workbook: Xlsx<_> = calamine::open_workbook_from_rs(std::io::Cursor::new(bytes)).unwrap();
    assert_eq!(workbook.sheet_names(), ["基本情况", "目录", "说明"]);
    let sheet = workbook.worksheet_range("目录").unwrap();
    let rows: Vec<&[Data]> = sheet.rows().collect();
    assert_eq!(rows.len(), 3);
    let under = |label: &str, row: usize| {
        let place = rows[0].iter().position(|header| *header == Data::String(label.to_owned())).unwrap();
        rows[row][place].clone()
    };
    assert_eq!(under("处理目的", 1), Data::String("生产控制".to_owned()));
    assert_eq!(under("规模-数据条目数(条)", 2), Data::Float(2000.0));
    assert_eq!(under("规模-涉及人数(去重)", 1), Data::Float(3.0));
    assert_eq!(under("确认状态", 2), Data::String("待确认".to_owned()));
}
