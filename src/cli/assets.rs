//! `mulu assets`: what was found, one row an asset, streamed from the inventory.

use std::io::Write;

use crate::export::asset::AssetLine;
use crate::export::cell;
use crate::inventory::AssetRecord;
use crate::model::{Lang, Speak, Status};

use super::arguments::Format;
use super::exit::Exit;
use super::session::Session;
use super::table::{Table, bytes, grouped, terminal_width};

pub(crate) fn run(session: &mut Session) -> anyhow::Result<Exit> {
    let (format, lang) = (session.format(), session.lang);
    if format == Format::Xlsx {
        return Err(session.wrong_format("table|json|jsonl|csv").into());
    }
    session.inventory()?;
    let width = if session.output_path.is_none() { terminal_width() } else { None };
    let mut out = session.output()?;
    let inventory = session.inventory()?;
    let mut failure = None;
    match format {
        Format::Table => {
            let mut table = Table::new(columns(lang));
            inventory.assets_now(&mut |record| {
                table.row(row(&record, lang));
            })?;
            table.without_uniform(STORE).fit(width, &columns(lang)[5..]).print(&mut out)?;
        }
        Format::Csv => {
            let mut writer = csv::Writer::from_writer(&mut out);
            // A mark first: without it spreadsheets take UTF-8 for something else.
            writer.write_record(
                CSV_COLUMNS
                    .iter()
                    .enumerate()
                    .map(|(index, name)| if index == 0 { format!("\u{feff}{name}") } else { (*name).to_owned() }),
            )?;
            inventory.assets_now(&mut |record| {
                if failure.is_none() {
                    failure = writer.write_record(csv_row(&record)).err().map(anyhow::Error::from);
                }
            })?;
            writer.flush()?;
        }
        _ => {
            // Both forms are streamed: a document of millions of assets is never held in memory.
            let document = format == Format::Json;
            let mut first = true;
            if document {
                out.write_all(b"[")?;
            }
            inventory.assets_now(&mut |record| {
                if failure.is_some() {
                    return;
                }
                let separator: &[u8] = if document && !first { b",\n" } else { b"" };
                let written = out
                    .write_all(separator)
                    .and_then(|()| Ok(serde_json::to_writer(&mut out, &AssetLine::of(&record))?))
                    .and_then(|()| if document { Ok(()) } else { out.write_all(b"\n") });
                first = false;
                failure = written.err().map(anyhow::Error::from);
            })?;
            if document {
                out.write_all(b"]\n")?;
            }
        }
    }
    out.flush()?;
    failure.map_or(Ok(Exit::Done), Err)
}

/// The column of the store, which stands there only where there are several.
const STORE: usize = 1;

/// What a terminal has room for; the last two may be long, and give way. All of it is in the other formats.
fn columns(lang: Lang) -> [&'static str; 7] {
    match lang {
        Lang::Zh => ["编号", "数据载体", "类别", "级别", "#规模", "位置", "标识符与说明"],
        Lang::En => ["id", "store", "category", "level", "#scale", "locator", "identifiers and remarks"],
    }
}

fn row(record: &AssetRecord, lang: Lang) -> [String; 7] {
    let examined = &record.examined;
    [
        record.id.to_string(),
        examined.asset.store.clone(),
        record.category.as_ref().map(ToString::to_string).unwrap_or_default(),
        record.decision.effective().map(|level| level.label(lang).to_owned()).unwrap_or_default(),
        scale(record, lang),
        examined.asset.locator.to_string(),
        remarks(record, lang),
    ]
}

/// Records where they are counted, else bytes.
fn scale(record: &AssetRecord, lang: Lang) -> String {
    let examined = &record.examined;
    match (examined.records, examined.bytes) {
        (Some(records), _) => format!("{} {}", grouped(records.value), lang.pick("条", "records")),
        (None, Some(size)) => bytes(size.value),
        (None, None) => String::new(),
    }
}

/// What was found in it, and why it was not read whole; a status only where it is not the usual one.
fn remarks(record: &AssetRecord, lang: Lang) -> String {
    let examined = &record.examined;
    let reason = examined.reason.map(|reason| reason.say(lang));
    let status = (examined.status != Status::Classified).then(|| examined.status.label(lang).to_owned());
    let remark = [status, reason].into_iter().flatten().collect::<Vec<_>>().join(lang.pick("：", ": "));
    let parts = [identifiers(record), remark].into_iter().filter(|part| !part.is_empty());
    parts.collect::<Vec<_>>().join(lang.pick("；", "; "))
}

fn identifiers(record: &AssetRecord) -> String {
    let shown = record.examined.findings.iter().filter(|one| !record.rejected_detectors.contains(&one.detector));
    shown.map(|one| format!("{}×{}", one.detector, one.matches)).collect::<Vec<_>>().join(" ")
}

const CSV_COLUMNS: [&str; 15] = [
    "id",
    "store",
    "locator",
    "kind",
    "status",
    "reason",
    "format",
    "encoding",
    "bytes",
    "records",
    "modified",
    "category",
    "score",
    "level",
    "identifiers",
];

fn csv_row(record: &AssetRecord) -> Vec<String> {
    let examined = &record.examined;
    let best = examined.classification.as_ref().and_then(|classification| classification.best.as_ref());
    let cells = [
        record.id.to_string(),
        examined.asset.store.clone(),
        examined.asset.locator.to_string(),
        examined.asset.kind.id().to_owned(),
        examined.status.id().to_owned(),
        examined.reason.map(|reason| reason.id().to_owned()).unwrap_or_default(),
        examined.format.clone().unwrap_or_default(),
        examined.encoding.clone().unwrap_or_default(),
        examined.bytes.map(|size| size.value.to_string()).unwrap_or_default(),
        examined.records.map(|records| records.value.to_string()).unwrap_or_default(),
        examined.modified.clone().unwrap_or_default(),
        record.category.as_ref().map(ToString::to_string).unwrap_or_default(),
        best.map(|best| format!("{:.4}", best.score)).unwrap_or_default(),
        record.decision.effective().map(|level| level.id().to_owned()).unwrap_or_default(),
        identifiers(record),
    ];
    cells.iter().map(|text| cell::safe(text)).collect()
}
