use std::io::Cursor;

use calamine::{Reader as _, Xlsx};

use super::*;
use crate::regime::Regime;

fn form() -> (FilledForm, ChangeForm) {
    let row = |cells: &[(&str, &str)]| -> Row {
        cells.iter().map(|(id, value)| ((*id).to_owned(), (*value).to_owned())).collect()
    };
    let filled = FilledForm {
        header: row(&[("processor", "=某某公司"), ("filing", "备-1")]),
        changes: vec![row(&[("entry", "c1"), ("filed", "+甲"), ("now", "@乙"), ("type", "来源变更")])],
        cancellations: vec![row(&[("entry", "c2")])],
    };
    (filled, Regime::builtin().unwrap().change_form)
}

#[test]
fn no_cell_of_the_workbook_is_a_formula_and_what_is_missing_is_seen() {
    let (filled, form) = form();
    let mut workbook = Xlsx::new(Cursor::new(change_xlsx(&filled, &form).unwrap())).unwrap();
    let names = workbook.sheet_names();
    assert_eq!(names, ["变更备案", "变更内容", "注销"]);
    let mut texts = Vec::new();
    for name in names {
        assert!(workbook.worksheet_formula(&name).unwrap().used_cells().next().is_none(), "{name}");
        let range = workbook.worksheet_range(&name).unwrap();
        texts.extend(range.used_cells().map(|(_, _, cell)| cell.to_string()));
    }
    for text in ["=某某公司", "+甲", "@乙", "c2", super::super::TO_BE_FILLED] {
        assert!(texts.iter().any(|cell| cell == text), "{text}");
    }
}

#[test]
fn the_csv_guards_what_a_spreadsheet_would_run() {
    let (filled, form) = form();
    let text = String::from_utf8(change_csv(&filled, &form).unwrap()).unwrap();
    assert!(text.starts_with("\u{feff}数据编号,"), "{text}");
    assert!(text.contains("'+甲") && text.contains("'@乙"), "{text}");
}

#[test]
fn the_json_holds_every_column_and_null_where_a_person_has_to_fill() {
    let (filled, form) = form();
    let json = change_json(&filled, &form);
    assert_eq!(json["changes"][0]["type"], "来源变更");
    assert_eq!(json["changes"][0]["reason"], Value::Null);
    assert_eq!(json["header"].as_object().unwrap().len(), form.header.columns.len());
    assert_eq!(json["cancellations"][0]["entry"], "c2");
}

#[test]
fn the_same_changes_give_the_same_bytes() {
    let (filled, form) = form();
    assert_eq!(change_xlsx(&filled, &form), change_xlsx(&filled, &form));
}
