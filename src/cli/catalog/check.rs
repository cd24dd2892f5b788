//! `mulu catalog check`: every cell that is missing, contradicts itself or is stale, and where to fill it.

use std::collections::HashMap;
use std::io::Write;

use crate::catalog::{Catalog, Gap, Scope, Stray, check, strays};
use crate::cli::arguments::Format;
use crate::cli::classes::classes_by_hand;
use crate::cli::exit::Exit;
use crate::cli::session::Session;
use crate::model::{Lang, Speak};

use super::{Wanted, of_now, warn_of_unread_stores};

pub(super) fn run(wanted: &Wanted, session: &mut Session) -> anyhow::Result<Exit> {
    let format = session.format();
    if !matches!(format, Format::Table | Format::Json) {
        return Err(session.wrong_format("table|json").into());
    }
    let catalog = of_now(session, Scope::Filed, wanted)?;
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
            "[register] 对全部条目有效；只对一个载体有效的写在其 [store.register]，只对一个条目有效的写在 [[class]] 的 [class.register]；也可用 mulu register set 或审核工作簿登记",
            "[register] holds for every entry; what holds for one store goes to its [store.register], for one entry to \
             the [class.register] of a [[class]]; mulu register set and the workbook of a review take them too",
        )
    )?;
    Ok(())
}

/// What is to be done, each sentence once, by the entries that it concerns: most gaps are filled for all at once.
fn grouped_by_entries(gaps: &[Gap], lang: Lang) -> Vec<(Vec<String>, Vec<String>)> {
    let mut by_sentence: Vec<(String, Vec<String>)> = Vec::new();
    let mut places: HashMap<String, usize> = HashMap::new();
    for gap in gaps {
        let sentence = gap.say(lang);
        let place = *places.entry(sentence.clone()).or_insert(by_sentence.len());
        if place == by_sentence.len() {
            by_sentence.push((sentence, Vec::new()));
        }
        by_sentence[place].1.extend(gap.entry.clone());
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
