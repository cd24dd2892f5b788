//! `mulu merge`: the roll-up of a group (`miit-166/37`).

use std::fs::File;
use std::io::{Read, Write};
use std::path::Path;

use crate::catalog::roll_up::{Conflict, Member, conflicts};
use crate::export::{Fact, Grid, grids_xlsx, roll_up};
use crate::model::{Lang, Speak, escape_name};

use super::arguments::Format;
use super::arguments::merge::MergeArguments;
use super::catalog::export_format;
use super::complaint::Complaint;
use super::exit::Exit;
use super::session::Session;
use super::table::{Table, bytes, grouped};

/// A catalog of ten thousand classes takes a tenth of it.
const MOST_BYTES: u64 = 256 << 20;

/// Columns of the members that the table of a terminal shows; the other formats show all.
const SHOWN: [&str; 9] = [
    "name",
    "authority",
    "filing_state",
    "as_of",
    "important_classes",
    "important_bytes",
    "core_classes",
    "core_bytes",
    "unconfirmed",
];

pub(crate) fn run(arguments: &MergeArguments, session: &mut Session) -> anyhow::Result<Exit> {
    let allowed = [Format::Xlsx, Format::Csv, Format::Json, Format::Table];
    let format = export_format(session, &allowed)?;
    let mut members = Vec::new();
    let mut files = Vec::new();
    for path in &arguments.files {
        members.push(member(path)?);
        files.push(escape_name(path.as_os_str().as_encoded_bytes()));
    }
    let found = conflicts(&members);
    let rows = roll_up::members(&members, &files);
    let kinds = roll_up::kinds(&members, &session.regime().taxonomy);
    let lang = session.lang;
    let refused = |error: crate::export::Error| Complaint::new(error.say(Lang::Zh), error.say(Lang::En));
    let mut out = session.output()?;
    match format {
        Format::Xlsx => {
            let told = found.iter().map(|conflict| ("重复或矛盾", conflict.say(&files, Lang::Zh)));
            let basis =
                "工信部网安〔2022〕166号 第三十七条：中央企业全面梳理汇总企业集团本部、所属公司的数据安全相关情况";
            let lines: Vec<(&str, String)> = std::iter::once(("依据", basis.to_owned())).chain(told).collect();
            out.write_all(&grids_xlsx("集团汇总", &lines, &[&rows, &kinds]).map_err(refused)?)?;
        }
        Format::Csv => out.write_all(&rows.csv().map_err(refused)?)?,
        Format::Json => {
            let told: Vec<serde_json::Value> = found.iter().map(|conflict| line(conflict, &files, lang)).collect();
            let whole = serde_json::json!({ "members": rows.json(), "kinds": kinds.json(), "conflicts": told });
            writeln!(out, "{}", serde_json::to_string_pretty(&whole)?)?;
        }
        _ => {
            table(&rows, lang).print(&mut *out)?;
            for conflict in &found {
                writeln!(out, "{}", conflict.say(&files, lang))?;
            }
        }
    }
    out.flush()?;
    Ok(if found.is_empty() { Exit::Done } else { Exit::Found })
}

/// A catalog of a member; what is wrong with its file is told without anything of its content.
fn member(path: &Path) -> Result<Member, Complaint> {
    let shown = escape_name(path.as_os_str().as_encoded_bytes());
    let mut text = Vec::new();
    let read = File::open(path).and_then(|file| file.take(MOST_BYTES + 1).read_to_end(&mut text));
    read.map_err(|_| {
        Complaint::new(
            format!("无法读取 {shown}；请检查路径和权限"),
            format!("cannot read {shown}; check the path and its rights"),
        )
    })?;
    if text.len() as u64 > MOST_BYTES {
        return Err(Complaint::new(
            format!("{shown} 超过 256 MiB，不像是一份目录"),
            format!("{shown} is larger than 256 MiB, which no catalog is"),
        ));
    }
    let text = text.strip_prefix("\u{feff}".as_bytes()).unwrap_or(&text);
    serde_json::from_slice(text).map_err(|error| {
        let (line, column) = (error.line(), error.column());
        Complaint::new(
            format!("{shown} 第 {line} 行第 {column} 列不是目录的 JSON；请用 mulu catalog export --format json 导出"),
            format!(
                "{shown} is no catalog as JSON at line {line}, column {column}; write it with mulu catalog export \
                 --format json"
            ),
        )
    })
}

fn table(rows: &Grid, lang: Lang) -> Table {
    let places: Vec<usize> =
        SHOWN.iter().filter_map(|id| rows.columns.iter().position(|(column, _)| column == id)).collect();
    let is_number = |place: usize| rows.rows.iter().any(|row| matches!(row[place], Fact::Number(_)));
    let headers: Vec<String> = places
        .iter()
        .map(|place| format!("{}{}", if is_number(*place) { "#" } else { "" }, rows.columns[*place].1.say(lang)))
        .collect();
    let mut table = Table::new(headers.iter().map(String::as_str));
    for row in &rows.rows {
        let cell = |place: &usize| match &row[*place] {
            Fact::Number(number) if rows.columns[*place].0.ends_with("_bytes") => bytes(*number),
            Fact::Number(number) => grouped(*number),
            other => crate::export::cell::plain(&other.text()),
        };
        table.row(places.iter().map(cell));
    }
    table
}

fn line(conflict: &Conflict, files: &[String], lang: Lang) -> serde_json::Value {
    let mut line = serde_json::to_value(conflict).unwrap_or_default();
    if let Some(fields) = line.as_object_mut() {
        fields.insert("sentence".to_owned(), conflict.say(files, lang).into());
    }
    line
}
