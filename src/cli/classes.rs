//! `mulu classes`: assets aggregated into data classes, by category leaf and store.

use std::io::Write;

use crate::catalog::class::{Class, ClassCollector};
use crate::catalog::manual;
use crate::export::asset::LevelLine;
use crate::inventory::AssetRecord;
use crate::model::{Distinct, Lang};

use super::arguments::Format;
use super::exit::Exit;
use super::session::Session;
use super::table::{Table, bytes, grouped, terminal_width};

pub(crate) fn run(session: &mut Session) -> anyhow::Result<Exit> {
    let (format, lang) = (session.format(), session.lang);
    if !matches!(format, Format::Table | Format::Json) {
        return Err(session.wrong_format("table|json").into());
    }
    let classes = classes_of_now(session)?;
    let taxonomy = session.regime().taxonomy.clone();
    let width = if session.output_path.is_none() { terminal_width() } else { None };
    let mut out = session.output()?;
    if format == Format::Json {
        let lines: Vec<serde_json::Value> = classes.iter().map(line).collect();
        writeln!(out, "{}", serde_json::json!({ "classes": lines }))?;
    } else {
        let mut table = Table::new(match lang {
            Lang::Zh => ["编号", "类别", "", "数据载体", "级别", "#记录", "#字节", "#人数", "#资产"],
            Lang::En => ["id", "category", "", "store", "level", "#records", "#bytes", "#persons", "#assets"],
        });
        let mut some_wait = false;
        for class in &classes {
            let level = class.level.effective().unwrap_or(class.proposal.level);
            let waits = level.is_filed() && !class.level.is_confirmed();
            let proposed = if waits { "*" } else { "" };
            some_wait |= waits;
            table.row([
                class.id.to_string(),
                class.category.to_string(),
                taxonomy.label(class.category.as_str(), lang).to_owned(),
                class.store.clone(),
                format!("{}{proposed}", level.label(lang)),
                class.scale.records.map(|records| grouped(records.value)).unwrap_or_default(),
                class.scale.bytes.map(|size| bytes(size.value)).unwrap_or_default(),
                class.scale.subjects.map(subjects).unwrap_or_default(),
                grouped(class.scale.assets),
            ]);
        }
        table.without_uniform(3).fit(width, &["", "数据载体", "store"]).print(&mut out)?;
        if some_wait {
            let note = "* 建议，待人工确认：mulu review list";
            writeln!(out, "{}", lang.pick(note, "* proposed, awaits a person: mulu review list"))?;
        }
    }
    out.flush()?;
    Ok(Exit::Done)
}

/// The classes of what every store was last seen to hold, with what persons have decided since.
pub(crate) fn classes_of_now(session: &mut Session) -> anyhow::Result<Vec<Class>> {
    let stores = session.inventory()?.stores_now()?;
    let results: Vec<(i64, String)> =
        stores.into_iter().filter_map(|now| now.scan.map(|scan| (scan, now.store.name))).collect();
    let mut classes = classes_at(session, &results, &mut |_| ())?;
    classes.extend(classes_by_hand(session)?);
    Ok(classes)
}

/// The classes that persons entered by hand and that stand.
pub(crate) fn classes_by_hand(session: &mut Session) -> anyhow::Result<Vec<Class>> {
    let entered = session.inventory()?.manual_classes()?;
    let decisions = session.inventory()?.decisions()?;
    Ok(manual::classes(&entered, &decisions, session.regime(), &session.configuration().enterprise))
}

/// The classes of stores, each as a scan saw it, with what persons have decided since. `each` sees every asset.
pub(crate) fn classes_at(
    session: &mut Session,
    results: &[(i64, String)],
    each: &mut dyn FnMut(&AssetRecord),
) -> anyhow::Result<Vec<Class>> {
    session.inventory()?;
    let regime = session.regime().clone();
    let enterprise = session.configuration().enterprise.clone();
    let inventory = session.inventory()?;
    let decisions = inventory.decisions()?;
    let mut collector = ClassCollector::new(&regime, &enterprise);
    for (scan, store) in results {
        inventory.figures_at(*scan, store, &mut |record| {
            each(&record);
            collector.take(record);
        })?;
    }
    Ok(collector.finish(&decisions))
}

/// A class as JSON.
pub(crate) fn line(class: &Class) -> serde_json::Value {
    serde_json::json!({
        "id": class.id,
        "category": class.category,
        "store": class.store,
        "level": LevelLine::of(class.level, class.proposal.articles()),
        "records": class.scale.records,
        "bytes": class.scale.bytes,
        "subjects": class.scale.subjects,
        "assets": class.scale.assets,
    })
}

fn subjects(distinct: Distinct) -> String {
    match distinct {
        Distinct::Estimate { estimate, .. } => grouped(estimate),
        Distinct::Range { at_least, at_most } => format!("{}…{}", grouped(at_least), grouped(at_most)),
    }
}
