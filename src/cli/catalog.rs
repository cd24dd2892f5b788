//! `mulu catalog`: the filing as it would be handed in, and what it lacks.

use std::io::{IsTerminal, Write};

use jiff::civil::Date;

use crate::catalog::class::Class;
use crate::catalog::{Catalog, Gap, Given, Scope, Stray, check, strays};
use crate::export::{catalog_csv, catalog_json, catalog_xlsx};
use crate::inventory::StoreNow;
use crate::model::{Lang, Speak, Store, StoreState};

use super::arguments::Format;
use super::arguments::catalog::{CatalogAction, CatalogArguments};
use super::classes::{classes_by_hand, classes_of_now};
use super::complaint::Complaint;
use super::exit::Exit;
use super::progress;
use super::session::Session;

pub(crate) fn run(arguments: &CatalogArguments, session: &mut Session) -> anyhow::Result<Exit> {
    match &arguments.action {
        CatalogAction::Check { as_of } => check_catalog(*as_of, session),
        CatalogAction::Export { all_levels, as_of } => {
            let scope = if *all_levels { Scope::AllLevels } else { Scope::Filed };
            export(scope, *as_of, session)
        }
    }
}

fn check_catalog(as_of: Option<Date>, session: &mut Session) -> anyhow::Result<Exit> {
    let format = session.format();
    if !matches!(format, Format::Table | Format::Json) {
        return Err(session.wrong_format("table|json").into());
    }
    let catalog = of_now(session, Scope::Filed, as_of)?;
    let gaps = check(&catalog, &session.regime().form);
    let stores = session.inventory()?.stores_now()?;
    let by_hand = classes_by_hand(session)?;
    let carriers = by_hand.iter().map(|class| class.store.as_str());
    let stores: Vec<&str> = stores.iter().map(|now| now.store.name.as_str()).chain(carriers).collect();
    let configuration = session.configuration();
    let strays = strays(&configuration.register, &configuration.enterprise, session.regime(), &stores);
    let lang = session.lang;
    warn_of_unread_stores(session)?;
    let mut out = session.output()?;
    if format == Format::Json {
        writeln!(out, "{}", gaps_json(&catalog, &gaps, &strays, lang))?;
    } else {
        print_gaps(&mut *out, &catalog, &gaps, lang)?;
        for stray in &strays {
            writeln!(out, "{}", stray.say(lang))?;
        }
    }
    out.flush()?;
    let is_whole = gaps.is_empty() && strays.is_empty() && catalog.unconfirmed().next().is_none();
    Ok(if is_whole { Exit::Done } else { Exit::Found })
}

fn gaps_json(catalog: &Catalog, gaps: &[Gap], strays: &[Stray], lang: Lang) -> serde_json::Value {
    let gaps: Vec<serde_json::Value> = gaps
        .iter()
        .map(|gap| {
            serde_json::json!({
                "entry": gap.entry,
                "category": gap.category,
                "store": gap.store,
                "column": gap.column,
                "kind": gap.kind.id(),
                "fill": gap.key,
                "sentence": gap.say(lang),
            })
        })
        .collect();
    let unconfirmed: Vec<&str> = catalog.unconfirmed().map(|entry| entry.class.id.0.as_str()).collect();
    let strays: Vec<String> = strays.iter().map(|stray| stray.say(lang)).collect();
    serde_json::json!({
        "entries": catalog.entries.len(),
        "gaps": gaps,
        "unconfirmed": unconfirmed,
        "strays": strays,
    })
}

fn print_gaps(out: &mut dyn Write, catalog: &Catalog, gaps: &[Gap], lang: Lang) -> anyhow::Result<()> {
    let unconfirmed = catalog.unconfirmed().count();
    let entries = catalog.entries.len();
    match lang {
        Lang::Zh => writeln!(out, "目录 {entries} 条：缺项或矛盾 {} 处，待确认 {unconfirmed} 条", gaps.len())?,
        Lang::En => {
            writeln!(out, "entries: {entries}, cells missing or wrong: {}, unconfirmed: {unconfirmed}", gaps.len())?;
        }
    }
    if gaps.is_empty() && unconfirmed == 0 {
        return Ok(());
    }
    for (concerned, sentences) in grouped_by_entries(gaps, lang) {
        writeln!(out, "\n{}", heading(catalog, &concerned, lang))?;
        for sentence in sentences {
            writeln!(out, "  {sentence}")?;
        }
    }
    if unconfirmed > 0 {
        writeln!(out, "\n{}", lang.pick("级别待确认", "levels that nobody has confirmed"))?;
    }
    for entry in catalog.unconfirmed() {
        let (id, category, store) = (&entry.class.id.0, &entry.class.category, &entry.class.store);
        let (by, reason) = (lang.pick("姓名", "NAME"), lang.pick("理由", "TEXT"));
        writeln!(out, "  mulu review confirm {id} --by {by} --reason {reason}    # {category} · {store}")?;
    }
    if gaps.iter().all(|gap| gap.entry.is_none()) {
        return Ok(());
    }
    writeln!(out)?;
    writeln!(
        out,
        "{}",
        lang.pick(
            "[register] 对全部条目有效；只对一个载体有效的写在其 [store.register]，只对一个条目有效的写在 [[class]] 的 [class.register]",
            "[register] holds for every entry; what holds for one store goes to its [store.register], for one entry to \
             the [class.register] of a [[class]]",
        )
    )?;
    Ok(())
}

/// What is to be done, each sentence once, by the entries that it concerns: most gaps are filled for all at once.
fn grouped_by_entries(gaps: &[Gap], lang: Lang) -> Vec<(Vec<String>, Vec<String>)> {
    let mut by_sentence: Vec<(String, Vec<String>)> = Vec::new();
    for gap in gaps {
        let sentence = gap.say(lang);
        match by_sentence.iter_mut().find(|(known, _)| *known == sentence) {
            Some((_, entries)) => entries.extend(gap.entry.clone()),
            None => by_sentence.push((sentence, gap.entry.iter().cloned().collect())),
        }
    }
    let mut groups: Vec<(Vec<String>, Vec<String>)> = Vec::new();
    for (sentence, entries) in by_sentence {
        match groups.iter_mut().find(|(known, _)| *known == entries) {
            Some((_, sentences)) => sentences.push(sentence),
            None => groups.push((entries, vec![sentence])),
        }
    }
    groups
}

/// Whom a group of gaps concerns; no entry stands for the sheet on the processor.
fn heading(catalog: &Catalog, concerned: &[String], lang: Lang) -> String {
    let (some, all) = (concerned.len(), catalog.entries.len());
    match concerned {
        [] => lang.pick("数据处理者基本情况", "data processor").to_owned(),
        [id] => {
            let entry = catalog.entries.iter().find(|entry| entry.class.id.0 == *id);
            entry.map_or_else(|| id.clone(), |entry| format!("{id}  {} · {}", entry.class.category, entry.class.store))
        }
        _ if some == all => match lang {
            Lang::Zh => format!("全部 {all} 条"),
            Lang::En => format!("all {all} entries"),
        },
        _ => match lang {
            Lang::Zh => format!("{all} 条中的 {some} 条：{}", concerned.join("、")),
            Lang::En => format!("{some} of {all} entries: {}", concerned.join(", ")),
        },
    }
}

fn export(scope: Scope, as_of: Option<Date>, session: &mut Session) -> anyhow::Result<Exit> {
    let format = export_format(session)?;
    let catalog = of_now(session, scope, as_of)?;
    let form = session.regime().form.clone();
    let refused = |error: crate::export::Error| Complaint::new(error.say(Lang::Zh), error.say(Lang::En));
    let bytes = match format {
        Format::Xlsx => catalog_xlsx(&catalog, &form).map_err(refused)?,
        Format::Csv => catalog_csv(&catalog, &form).map_err(refused)?,
        _ => {
            let mut text = serde_json::to_vec_pretty(&catalog_json(&catalog, &form))?;
            text.push(b'\n');
            text
        }
    };
    let mut out = session.output()?;
    out.write_all(&bytes)?;
    out.flush()?;
    warn_of_unread_stores(session)?;
    let (gaps, unconfirmed) = (check(&catalog, &form).len(), catalog.unconfirmed().count());
    if gaps > 0 || unconfirmed > 0 {
        progress::say(&match session.lang {
            Lang::Zh => format!("缺项或矛盾 {gaps} 处，待确认 {unconfirmed} 条；详见 mulu catalog check"),
            Lang::En => format!("cells missing or wrong: {gaps}, unconfirmed: {unconfirmed}; see mulu catalog check"),
        });
    }
    Ok(Exit::Done)
}

/// The format that was asked for, else the one that the file's name says, else json.
pub(crate) fn export_format(session: &Session) -> Result<Format, Complaint> {
    let extension = session.output_path.as_ref().and_then(|path| path.extension()).and_then(|text| text.to_str());
    let format = session.format.unwrap_or(match extension {
        Some("xlsx") => Format::Xlsx,
        Some("csv") => Format::Csv,
        _ => Format::Json,
    });
    match format {
        Format::Xlsx if session.output_path.is_none() && std::io::stdout().is_terminal() => Err(Complaint::new(
            "xlsx 不能显示在终端上；请用 -o 指定文件",
            "xlsx cannot be shown on a terminal; name a file with -o",
        )),
        Format::Xlsx | Format::Csv | Format::Json => Ok(format),
        Format::Table | Format::Jsonl | Format::Ics => Err(session.wrong_format("xlsx|csv|json")),
    }
}

/// The catalog of what every store was last seen to hold.
pub(crate) fn of_now(session: &mut Session, scope: Scope, as_of: Option<Date>) -> anyhow::Result<Catalog> {
    let stores = session.inventory()?.stores_now()?;
    let classes = classes_of_now(session)?;
    Ok(make(session, classes, &stores, scope, as_of))
}

/// The catalog of classes. The figures are as of the latest result unless a date is given: never today, so that the
/// same inventory gives the same export.
pub(crate) fn make(
    session: &Session,
    classes: Vec<Class>,
    stores: &[StoreNow],
    scope: Scope,
    as_of: Option<Date>,
) -> Catalog {
    let latest = stores.iter().filter_map(|now| now.scanned.as_deref()).map(civil_date).max();
    let as_of = as_of.map_or_else(|| latest.unwrap_or_default().to_owned(), |date| date.to_string());
    let stores: Vec<Store> = stores.iter().map(|now| now.store.clone()).collect();
    let configuration = session.configuration();
    let given = Given {
        stores: &stores,
        register: &configuration.register,
        enterprise: &configuration.enterprise,
        authority: configuration.authority.as_deref(),
        as_of: &as_of,
    };
    Catalog::make(classes, &given, scope, session.regime())
}

/// Says on standard error which stores the figures do not speak for, or not wholly.
pub(crate) fn warn_of_unread_stores(session: &mut Session) -> anyhow::Result<()> {
    for now in session.inventory()?.stores_now()? {
        let Some(state) = unread(&now) else { continue };
        let (name, date) = (&now.store.name, now.scanned.as_deref().map_or("—", civil_date));
        let (zh, en) = match state {
            StoreState::Unreachable if now.scanned.is_none() => (
                format!("载体 {name} 从未读到过，其中的数据不在目录内；请恢复访问后扫描"),
                format!(
                    "store {name} was never read, and what it holds is not in the catalog; scan it when it answers"
                ),
            ),
            StoreState::Partial => (
                format!("载体 {name} 仅部分可读，数字可能偏小（结果日期 {date}）；请检查权限后重新扫描"),
                format!(
                    "store {name} was read in part, figures may be too low (as of {date}); check the rights, scan again"
                ),
            ),
            _ => (
                format!("载体 {name} 最近一次无法访问（结果日期 {date}）；恢复后请重新扫描"),
                format!("store {name} could not be reached lately (as of {date}); scan again when it is back"),
            ),
        };
        progress::say(session.lang.pick(&zh, &en));
    }
    Ok(())
}

/// How the latest attempt at a store fell short; `None` where it was read in whole.
fn unread(now: &StoreNow) -> Option<StoreState> {
    let latest = now.last_attempt.as_ref().map_or(now.state, |attempt| attempt.1);
    (latest != StoreState::Complete).then_some(latest)
}

/// The civil date of a time stamp or a date.
pub(crate) fn civil_date(text: &str) -> &str {
    text.get(..10).unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::fixture::store_now;

    #[test]
    fn a_store_is_unread_when_its_latest_attempt_saw_less_than_all() {
        let mut now = store_now("mes", 2, StoreState::Complete, "2026-06-01");
        assert_eq!(unread(&now), None);
        now.last_attempt = Some((3, StoreState::Unreachable, None, "2026-07-01".to_owned()));
        assert_eq!(unread(&now), Some(StoreState::Unreachable));
    }

    #[test]
    fn the_civil_date_of_a_time_stamp_is_its_first_ten_characters() {
        assert_eq!(civil_date("2026-06-01T23:59:59Z"), "2026-06-01");
        assert_eq!(civil_date("2026"), "2026");
    }
}
