//! `mulu review export|import`: a review by workbook.

use std::collections::BTreeMap;
use std::io::{IsTerminal, Write};

use crate::catalog::Class;
use crate::cli::arguments::Format;
use crate::cli::arguments::review::{ExportArguments, ImportArguments};
use crate::cli::catalog::{civil_date, warn_of_unread_stores};
use crate::cli::classes::classes_of_now;
use crate::cli::complaint::Complaint;
use crate::cli::exit::Exit;
use crate::cli::filing::today;
use crate::cli::filled_file;
use crate::cli::session::Session;
use crate::cli::table::Table;
use crate::cli::target;
use crate::export::cell;
use crate::inventory::{AssetRecord, Deed, StoreNow};
use crate::model::{Import, Lang, Level, LevelDecision, RegisterEdit, RegisterScope, Speak, Under, is_invisible};
use crate::review::layout::{MOST_ROWS, SHEET};
use crate::review::{self, Change, Fault, Filled, Now, Row, review_xlsx};

/// Faults that are told before the rest is only counted.
const TOLD_FAULTS: usize = 40;

pub(super) fn export(session: &mut Session, what: &ExportArguments) -> anyhow::Result<Exit> {
    if session.format.is_some_and(|format| format != Format::Xlsx) {
        return Err(session.wrong_format("xlsx").into());
    }
    if session.output_path.is_none() && std::io::stdout().is_terminal() {
        return Err(Complaint::new(
            "xlsx 不能显示在终端上；请用 -o 指定文件",
            "xlsx cannot be shown on a terminal; name a file with -o",
        )
        .into());
    }
    let stores = session.inventory()?.stores_now()?;
    let under = places(session, &what.under, what.assets)?;
    let rows = if what.assets {
        asset_rows(session, |record| (what.all || awaits_asset(record)) && is_under(record, &under))?
    } else {
        let is_within = |store: &str| under.is_empty() || under.iter().any(|place| place.store == store);
        let wanted = |class: &Class| (what.all || awaits(class)) && is_within(&class.store);
        class_rows(session, wanted)?
    };
    if rows.is_empty() {
        return Err(Complaint::new(
            "没有待审核的行；用 --all 列出全部",
            "no row awaits a review; --all lists everything",
        )
        .into());
    }
    if rows.len() > MOST_ROWS {
        let (count, most) = (rows.len(), MOST_ROWS);
        return Err(Complaint::new(
            format!("{count} 行超过一个工作簿的 {most} 行；请用 --under 分载体或文件夹导出"),
            format!("{count} rows are more than the {most} of a workbook; export by store or folder with --under"),
        )
        .into());
    }
    let (origin, as_of) = origin(&stores, session.regime().version());
    let bytes = review_xlsx(&rows, (&origin, &as_of), session.regime())
        .map_err(|error| Complaint::new(error.say(Lang::Zh), error.say(Lang::En)))?;
    let mut out = session.output()?;
    out.write_all(&bytes)?;
    out.flush()?;
    warn_of_unread_stores(session)?;
    Ok(Exit::Done)
}

pub(super) fn import(session: &mut Session, what: &ImportArguments) -> anyhow::Result<Exit> {
    let format = session.format();
    if !matches!(format, Format::Table | Format::Json) {
        return Err(session.wrong_format("table|json").into());
    }
    if what.by.trim().is_empty() {
        return Err(
            Complaint::new("--by 不能为空：决定须有人负责", "--by must not be empty: somebody answers for it").into()
        );
    }
    let (sheets, digest) = filled_file::read_with_digest(&what.file)?;
    let wanted = review::targets(&sheets);
    let stores = session.inventory()?.stores_now()?;
    let (origin, _) = origin(&stores, session.regime().version());
    let mut rows = class_rows(session, |class| wanted.contains(&class.id.0))?;
    if wanted.iter().any(|id| id.starts_with('a')) {
        rows.extend(asset_rows(session, |record| wanted.contains(&record.id.0))?);
    }
    let rows: BTreeMap<String, Row> = rows.into_iter().map(|row| (row.id.clone(), row)).collect();
    let date = what.date.unwrap_or_else(today).to_string();
    let now = Now {
        origin: &origin,
        older: what.older,
        rows: &rows,
        regime: session.regime(),
        by: what.by.trim(),
        date: &date,
    };
    let filled = review::fill(&sheets, &now).map_err(|faults| refused(&faults))?;
    if !what.dry_run && !filled.changes.is_empty() {
        record(session, &filled, (what.by.trim(), &date), digest)?;
    }
    tell(session, &filled, what.dry_run)
}

/// Records all changes and, for the log, the workbook that they came from; or nothing.
fn record(session: &mut Session, filled: &Filled, (by, date): (&str, &str), digest: String) -> anyhow::Result<()> {
    let deed = |change: &Change| match change {
        Change::Decision { decision, .. } => Deed::Decision(decision.clone()),
        Change::Fact { category, store, column, after, .. } => Deed::Register(RegisterEdit {
            scope: RegisterScope::Entry { category: category.as_str().to_owned(), store: store.clone() },
            field: column.clone(),
            value: after.clone(),
            by: by.to_owned(),
            date: date.to_owned(),
            reason: None,
        }),
    };
    let rows = filled.rows as u64;
    let import = Import { kind: "review".to_owned(), digest, rows, by: by.to_owned(), reason: None };
    let deeds: Vec<Deed> = std::iter::once(Deed::Import(import)).chain(filled.changes.iter().map(deed)).collect();
    Ok(session.inventory()?.record(&deeds)?)
}

fn class_rows(session: &mut Session, wanted: impl Fn(&Class) -> bool) -> anyhow::Result<Vec<Row>> {
    let classes = classes_of_now(session)?;
    let (register, form) = (&session.configuration().register, &session.regime().form);
    Ok(classes.iter().filter(|class| wanted(class)).map(|class| Row::of_class(class, register, form)).collect())
}

/// The assets that are wanted; one more than a workbook takes says that there are too many.
fn asset_rows(session: &mut Session, wanted: impl Fn(&AssetRecord) -> bool) -> anyhow::Result<Vec<Row>> {
    let mut rows = Vec::new();
    session.inventory()?.assets_now(&mut |record| {
        if rows.len() <= MOST_ROWS && wanted(&record) {
            rows.push(Row::of_asset(&record));
        }
    })?;
    Ok(rows)
}

/// Whether a class of important or core data waits for a person, or new evidence speaks against what one confirmed.
fn awaits(class: &Class) -> bool {
    !class.level.is_confirmed() && class.proposal.level.is_filed() || class.level.is_contradicted()
}

fn awaits_asset(record: &AssetRecord) -> bool {
    !record.decision.is_confirmed() && record.decision.proposed.is_some_and(Level::is_filed) || record.contradicted
}

/// Places as they were typed, `STORE` or `STORE/PREFIX`; a class lies in a store and in no folder of it.
fn places(session: &mut Session, typed: &[String], folders: bool) -> anyhow::Result<Vec<Under>> {
    let mut places = Vec::new();
    for text in typed {
        let Some(place) = target::place(session, text)? else {
            let stores = session.inventory()?.stores_now()?;
            let known: Vec<&str> = stores.iter().map(|now| now.store.name.as_str()).collect();
            let shown = cell::plain(text);
            return Err(Complaint::new(
                format!("没有位置 {shown}；写作 载体 或 载体/文件夹，载体有 {}", known.join("、")),
                format!("no place {shown}; write STORE or STORE/FOLDER, the stores are {}", known.join(", ")),
            )
            .into());
        };
        if !place.under.prefix.is_empty() && !folders {
            return Err(Complaint::new(
                "数据类不在文件夹中；按文件夹审核请加 --assets",
                "a class lies in no folder; add --assets to review a folder",
            )
            .into());
        }
        places.push(place.under);
    }
    Ok(places)
}

fn is_under(record: &AssetRecord, places: &[Under]) -> bool {
    let asset = &record.examined.asset;
    places.is_empty() || places.iter().any(|place| place.holds(&asset.store, &asset.locator))
}

/// What the results of now are called, so that a workbook knows whether it is of them; and their latest date.
fn origin(stores: &[StoreNow], regime_version: &str) -> (String, String) {
    let result = |now: &StoreNow| {
        let (scan, date) = (now.scan.unwrap_or_default(), now.scanned.as_deref().map_or("—", civil_date));
        format!("{} {scan} {date}", now.store.name)
    };
    let results: Vec<String> = stores.iter().map(result).collect();
    let latest = stores.iter().filter_map(|now| now.scanned.as_deref()).map(civil_date).max().unwrap_or("—");
    (format!("{}; {regime_version}", results.join("; ")), latest.to_owned())
}

/// The complaint that cells do not fit: each by its place.
fn refused(faults: &[Fault]) -> Complaint {
    let list = |lang: Lang| {
        let mut told: Vec<String> = faults.iter().take(TOLD_FAULTS).map(|fault| fault.say(lang)).collect();
        if faults.len() > TOLD_FAULTS {
            told.push(format!("… +{}", faults.len() - TOLD_FAULTS));
        }
        told.join("; ")
    };
    let count = faults.len();
    Complaint::new(
        format!("工作簿有 {count} 处不合，未写入任何内容：{}", list(Lang::Zh)),
        format!("cells that do not fit: {count}, nothing was recorded: {}", list(Lang::En)),
    )
}

fn tell(session: &mut Session, filled: &Filled, dry_run: bool) -> anyhow::Result<Exit> {
    let (format, lang) = (session.format(), session.lang);
    let form = session.regime().form.clone();
    let mut out = session.output()?;
    if format == Format::Json {
        let changes: Vec<serde_json::Value> = filled.changes.iter().map(line).collect();
        writeln!(out, "{}", serde_json::json!({ "rows": filled.rows, "recorded": !dry_run, "changes": changes }))?;
    } else {
        let mut table = Table::new(match lang {
            Lang::Zh => ["行", "编号", "事项", "原值", "新值"],
            Lang::En => ["row", "id", "what", "before", "after"],
        });
        for change in &filled.changes {
            let column = |id: &str| {
                form.catalog.column(id).map_or_else(|| id.to_owned(), |column| column.label.say(lang).to_owned())
            };
            table.row(cells(change, lang, column));
        }
        if !table.is_empty() {
            table.print(&mut *out)?;
        }
        writeln!(out, "{}", summary(filled, dry_run, lang))?;
    }
    out.flush()?;
    Ok(Exit::Done)
}

fn summary(filled: &Filled, dry_run: bool, lang: Lang) -> String {
    let decisions = filled.changes.iter().filter(|change| matches!(change, Change::Decision { .. })).count();
    let (rows, facts) = (filled.rows, filled.changes.len() - decisions);
    match (lang, dry_run) {
        (Lang::Zh, true) => format!("{SHEET} 共 {rows} 行：将写入决定 {decisions} 个、登记事项 {facts} 项；尚未写入"),
        (Lang::Zh, false) => format!("{SHEET} 共 {rows} 行：已写入决定 {decisions} 个、登记事项 {facts} 项"),
        (Lang::En, true) => {
            format!("rows: {rows}; would record decisions: {decisions}, facts: {facts}; nothing was recorded yet")
        }
        (Lang::En, false) => format!("rows: {rows}; recorded decisions: {decisions}, facts: {facts}"),
    }
}

fn cells(change: &Change, lang: Lang, column: impl Fn(&str) -> String) -> [String; 5] {
    match change {
        Change::Decision { row, decision, before } => {
            let level = decision.level.map_or("", |level| level.label(lang));
            let category = decision.category.as_ref().map_or(String::new(), |category| format!(" {category}"));
            [
                row.to_string(),
                decision.target.clone(),
                decision.act.label(lang).to_owned(),
                decided(*before, lang),
                format!("{level}{category}"),
            ]
        }
        Change::Fact { row, target, column: id, before, after, .. } => {
            [row.to_string(), target.clone(), column(id), shown(before.as_deref()), shown(after.as_deref())]
        }
    }
}

/// What was decided so far; a dash where only a proposal stands.
fn decided(level: LevelDecision, lang: Lang) -> String {
    level.authority.or(level.confirmed).map_or("—", |level| level.label(lang)).to_owned()
}

/// A value on one line of a terminal.
fn shown(value: Option<&str>) -> String {
    value.map_or_else(|| "—".to_owned(), |value| value.chars().filter(|character| !is_invisible(*character)).collect())
}

fn line(change: &Change) -> serde_json::Value {
    match change {
        Change::Decision { row, decision, before } => {
            serde_json::json!({ "row": row, "id": decision.target, "decision": decision, "before": before })
        }
        Change::Fact { row, target, column, before, after, .. } => {
            serde_json::json!({ "row": row, "id": target, "fact": column, "before": before, "after": after })
        }
    }
}

#[cfg(test)]
#[path = "workbook_tests.rs"]
mod tests;
