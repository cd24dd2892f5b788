//! `mulu assets --by folder`: what folders, databases and containers hold.

use std::io::Write;

use crate::classify::summary::{Summaries, Summary};
use crate::model::Lang;

use super::arguments::Format;
use super::exit::Exit;
use super::session::Session;
use super::table::{Table, grouped, terminal_width};

/// Categories named of a mix; the rest is counted.
const SHOWN_CATEGORIES: usize = 3;

pub(crate) fn run(session: &mut Session) -> anyhow::Result<Exit> {
    let (format, lang) = (session.format(), session.lang);
    if !matches!(format, Format::Table | Format::Json) {
        return Err(session.wrong_format("table|json").into());
    }
    let mut summaries = Summaries::default();
    session.inventory()?.assets_now(&mut |record| {
        let asset = &record.examined.asset;
        let (status, category) = (record.examined.status, record.category.as_ref());
        summaries.take(&asset.store, &asset.locator, asset.kind, status, category);
    })?;
    let summaries = summaries.finish();
    let width = if session.output_path.is_none() { terminal_width() } else { None };
    let mut out = session.output()?;
    if format == Format::Json {
        let places: Vec<serde_json::Value> = summaries.iter().map(line).collect();
        writeln!(out, "{}", serde_json::json!({ "places": places }))?;
    } else {
        let headers = match lang {
            Lang::Zh => ["数据载体", "位置", "#资产", "主要类别", "#占比", "构成", "#未归类", "#未读取"],
            Lang::En => ["store", "place", "#assets", "mostly", "#share", "mix", "#unclassified", "#not read"],
        };
        let mut table = Table::new(headers);
        for summary in &summaries {
            table.row(row(summary));
        }
        table.fit(width, &[headers[1], headers[5]]).print(&mut out)?;
    }
    out.flush()?;
    Ok(Exit::Done)
}

fn line(summary: &Summary) -> serde_json::Value {
    let dominant = summary.dominant().map(|(id, share)| serde_json::json!({ "id": id, "share": share }));
    let mix: Vec<serde_json::Value> =
        summary.mix.iter().map(|(id, assets)| serde_json::json!({ "id": id, "assets": assets })).collect();
    serde_json::json!({
        "store": summary.store, "place": summary.place, "assets": summary.assets, "dominant": dominant, "mix": mix,
        "unclassified": summary.unclassified, "unread": summary.unread,
    })
}

fn row(summary: &Summary) -> [String; 8] {
    let dominant = summary.dominant();
    let shown = summary.mix.iter().take(SHOWN_CATEGORIES).map(|(id, assets)| format!("{id} {}", grouped(*assets)));
    let more = summary.mix.len().saturating_sub(SHOWN_CATEGORIES);
    let more = (more > 0).then(|| format!("… +{more}"));
    [
        summary.store.clone(),
        if summary.place.is_empty() { "*".to_owned() } else { summary.place.clone() },
        grouped(summary.assets),
        dominant.map(|(id, _)| id.to_string()).unwrap_or_default(),
        dominant.map(|(_, share)| format!("{:.0} %", share * 100.0)).unwrap_or_default(),
        shown.chain(more).collect::<Vec<_>>().join(" · "),
        grouped(summary.unclassified),
        grouped(summary.unread),
    ]
}
