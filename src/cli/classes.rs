//! `mulu classes`: assets aggregated into data classes, by category leaf and store.

use std::collections::BTreeMap;
use std::io::Write;

use crate::catalog::class::{Class, ClassCollector};
use crate::catalog::{manual, protection};
use crate::export::asset::LevelLine;
use crate::inventory::AssetRecord;
use crate::level::articles;
use crate::model::{Asset, AssetId, Distinct, Lang, Level};

use super::arguments::Format;
use super::exit::Exit;
use super::session::Session;
use super::table::{Table, bytes, grouped, terminal_width};

pub(crate) fn run(session: &mut Session) -> anyhow::Result<Exit> {
    let (format, lang) = (session.format(), session.lang);
    if !matches!(format, Format::Table | Format::Json) {
        return Err(session.wrong_format("table|json").into());
    }
    let (classes, isolated) = classes_and_isolated(session)?;
    let stores = protection(&classes);
    let taxonomy = session.regime().taxonomy.clone();
    let width = if session.output_path.is_none() { terminal_width() } else { None };
    let mut out = session.output()?;
    if format == Format::Json {
        let lines: Vec<serde_json::Value> = classes.iter().map(line).collect();
        let stores: Vec<serde_json::Value> =
            stores.iter().map(|(store, level)| serde_json::json!({ "store": store, "level": level })).collect();
        let isolated: Vec<serde_json::Value> = isolated
            .iter()
            .map(|(id, asset)| serde_json::json!({ "id": id, "store": asset.store, "locator": asset.locator }))
            .collect();
        let whole = serde_json::json!({ "classes": lines, "protection": stores, "isolated": isolated });
        writeln!(out, "{whole}")?;
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
        print_stores(&mut out, &stores, lang)?;
        print_isolated(&mut out, &isolated, lang)?;
    }
    out.flush()?;
    Ok(Exit::Done)
}

/// By which level each store that holds important or core data is to be protected.
fn print_stores(out: &mut dyn Write, stores: &BTreeMap<&str, Level>, lang: Lang) -> std::io::Result<()> {
    let filed = stores.iter().filter(|(_, level)| level.is_filed());
    let told: Vec<String> = filed.map(|(store, level)| format!("{store} {}", level.label(lang))).collect();
    if told.is_empty() {
        return Ok(());
    }
    match lang {
        Lang::Zh => writeln!(out, "防护级别（miit-166/13，按其中最高）：{}", told.join("、")),
        Lang::En => writeln!(out, "to be protected as (miit-166/13, the highest inside): {}", told.join(", ")),
    }
}

/// Isolated assets that are named; the rest is counted.
const SHOWN_ISOLATED: usize = 20;

fn print_isolated(out: &mut dyn Write, isolated: &[Isolated], lang: Lang) -> std::io::Result<()> {
    if isolated.is_empty() {
        return Ok(());
    }
    let count = isolated.len();
    match lang {
        Lang::Zh => writeln!(
            out,
            "\n{count} 项资产带有国家秘密标志：停止处理并隔离，不属本制度范围（miit-166/39），未计入任何数据类；\
             如系误报，用 mulu review reject 否定该检测器"
        )?,
        Lang::En => writeln!(
            out,
            "\nassets that bear a marking of state secrets: {count}; stop and isolate them: they are outside of this regime \
             (miit-166/39) and counted in no class; if a marking is none, reject the detector with mulu review reject"
        )?,
    }
    for (id, asset) in isolated.iter().take(SHOWN_ISOLATED) {
        writeln!(out, "  {id}  {} · {}", asset.store, asset.locator)?;
    }
    match (count.saturating_sub(SHOWN_ISOLATED), lang) {
        (0, _) => Ok(()),
        (more, Lang::Zh) => writeln!(out, "  另有 {more} 项"),
        (more, Lang::En) => writeln!(out, "  and {more} more"),
    }
}

/// The classes of what every store was last seen to hold, with what persons have decided since.
pub(crate) fn classes_of_now(session: &mut Session) -> anyhow::Result<Vec<Class>> {
    Ok(classes_and_isolated(session)?.0)
}

/// An asset that stands in no class.
type Isolated = (AssetId, Asset);

/// The same with the assets that stand in no class because they bear a marking of state secrets.
pub(crate) fn classes_and_isolated(session: &mut Session) -> anyhow::Result<(Vec<Class>, Vec<Isolated>)> {
    let stores = session.inventory()?.stores_now()?;
    let results: Vec<(i64, String)> =
        stores.into_iter().filter_map(|now| now.scan.map(|scan| (scan, now.store.name))).collect();
    let regime = session.regime().clone();
    let enterprise = session.configuration().enterprise.clone();
    let judge = ClassCollector::new(&regime, &enterprise);
    let mut isolated = Vec::new();
    let mut look = |record: &AssetRecord| {
        if judge.isolates(record) {
            isolated.push((record.id.clone(), record.examined.asset.clone()));
        }
    };
    let mut classes = classes_at(session, &results, &mut look)?;
    classes.extend(classes_by_hand(session)?);
    Ok((classes, isolated))
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
    let register = session.configuration().register.clone();
    let inventory = session.inventory()?;
    let decisions = inventory.decisions()?;
    let mut collector = ClassCollector::new(&regime, &enterprise).with_register(&register);
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
        "level": LevelLine::of(class.level, articles(&class.level, &class.proposal)),
        "records": class.scale.records,
        "bytes": class.scale.bytes,
        "subjects": class.scale.subjects,
        "assets": class.scale.assets,
        "could_be": class.proposal.could_be(),
        "contradicted": class.level.is_contradicted(),
        "notices": class.notices.iter().map(|notice| notice.notice.as_str()).collect::<Vec<_>>(),
    })
}

fn subjects(distinct: Distinct) -> String {
    match distinct {
        Distinct::Estimate { estimate, .. } => grouped(estimate),
        Distinct::Range { at_least, at_most } => format!("{}…{}", grouped(at_least), grouped(at_most)),
    }
}
