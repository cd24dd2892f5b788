//! `mulu catalog form`: what a form asks for, and what it lacks.

use std::io::Write;
use std::path::Path;

use crate::cli::arguments::Format;
use crate::cli::exit::Exit;
use crate::cli::session::Session;
use crate::cli::table::Table;
use crate::model::{Lang, Level, Speak};
use crate::regime::form::{Column, From, Kind, OnChange, Required};

pub(super) fn run(file: Option<&Path>, session: &mut Session) -> anyhow::Result<Exit> {
    let (format, lang) = (session.format(), session.lang);
    if !matches!(format, Format::Table | Format::Json) {
        return Err(session.wrong_format("table|json").into());
    }
    if let Some(path) = file {
        session.use_form(path)?;
    }
    let form = session.regime().form.clone();
    let remarks: Vec<String> = form.remarks().iter().map(|remark| remark.say(lang)).collect();
    let sheets = [&form.entity, &form.catalog];
    let columns =
        sheets.into_iter().flat_map(|sheet| sheet.columns.iter().map(move |column| (sheet.id.as_str(), column)));
    let mut out = session.output()?;
    if format == Format::Json {
        let columns: Vec<serde_json::Value> = columns.map(|(sheet, column)| line(sheet, column)).collect();
        writeln!(out, "{}", serde_json::json!({ "id": form.id, "columns": columns, "remarks": remarks }))?;
    } else {
        let mut table = Table::new(match lang {
            Lang::Zh => ["表", "列", "名称", "类型", "必填", "由谁填", "变化", "依据"],
            Lang::En => ["sheet", "column", "label", "kind", "required", "from", "on change", "basis"],
        });
        for (sheet, column) in columns {
            table.row([
                sheet.to_owned(),
                column.id.clone(),
                column.label.say(lang).to_owned(),
                kind(column.kind).to_owned(),
                required(&column.required),
                from(column.from).to_owned(),
                on_change(column.on_change).to_owned(),
                column.basis.clone(),
            ]);
        }
        table.print(&mut *out)?;
        remarks.iter().try_for_each(|remark| writeln!(out, "{remark}"))?;
    }
    out.flush()?;
    Ok(if remarks.is_empty() { Exit::Done } else { Exit::Found })
}

fn line(sheet: &str, column: &Column) -> serde_json::Value {
    serde_json::json!({
        "sheet": sheet,
        "id": column.id,
        "label": { "zh": column.label.zh, "en": column.label.en },
        "kind": kind(column.kind),
        "choices": column.choices,
        "required": required(&column.required),
        "from": from(column.from),
        "on_change": on_change(column.on_change),
        "stale_after_months": column.stale_after_months,
        "basis": column.basis,
    })
}

/// The words of the form's file, as a person writes them there.
fn kind(kind: Kind) -> &'static str {
    match kind {
        Kind::Text => "text",
        Kind::Integer => "integer",
        Kind::Bytes => "bytes",
        Kind::Date => "date",
        Kind::Choice => "choice",
        Kind::Choices => "choices",
        Kind::Boolean => "boolean",
    }
}

fn required(required: &Required) -> String {
    match required {
        Required::Never | Required::Unknown(_) => "never".to_owned(),
        Required::Always => "always".to_owned(),
        Required::Level(level) => Level::id(*level).to_owned(),
        Required::If { column, is } => format!("{column} = {is}"),
    }
}

fn from(from: From) -> &'static str {
    match from {
        From::Scan => "scan",
        From::Register => "register",
    }
}

fn on_change(on_change: OnChange) -> &'static str {
    match on_change {
        OnChange::Ratio => "ratio",
        OnChange::Any => "any",
        OnChange::Note => "note",
    }
}
