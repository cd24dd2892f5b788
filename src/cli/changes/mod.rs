//! `mulu changes`: now against the filed baseline.

mod export;
mod gather;
mod past;

use std::collections::BTreeMap;
use std::io::Write;

use crate::catalog::Scope;
use crate::change::{Comparison, Kind, Situation, State, compare, life_cycle};
use crate::inventory::StoreNow;
use crate::model::{Filing, FilingState, Lang, Speak, StoreState};
use crate::regime::{Form, Taxonomy};

use super::arguments::Format;
use super::arguments::changes::{ChangesAction, ChangesArguments};
use super::authorities;
use super::catalog::{Wanted, civil_date, make};
use super::complaint::Complaint;
use super::exit::Exit;
use super::session::Session;

pub(super) use gather::gather;

pub(crate) fn run(arguments: &ChangesArguments, session: &mut Session) -> anyhow::Result<Exit> {
    if matches!(arguments.action, Some(ChangesAction::Export)) {
        return export::run(arguments.filing, session);
    }
    let (format, lang) = (session.format(), session.lang);
    if !matches!(format, Format::Table | Format::Json) {
        return Err(session.wrong_format("table|json").into());
    }
    let Compared { filing, stores, comparison } = compared(arguments.filing, session)?;
    let (form, taxonomy) = (session.regime().form.clone(), session.regime().taxonomy.clone());
    let mut out = session.output()?;
    if format == Format::Json {
        writeln!(out, "{}", serde_json::to_string_pretty(&comparison)?)?;
    } else {
        print(&mut *out, &comparison, &filing, &stores, (&form, &taxonomy), lang)?;
    }
    out.flush()?;
    Ok(if comparison.state == State::Immaterial { Exit::Done } else { Exit::Found })
}

/// What was compared with what, and what came out.
pub(super) struct Compared {
    pub(super) filing: Filing,
    /// Each with its latest complete result.
    pub(super) stores: Vec<StoreNow>,
    pub(super) comparison: Comparison,
}

/// Compares now with the baseline, or with the accepted filing that was named.
pub(super) fn compared(filing: Option<i64>, session: &mut Session) -> anyhow::Result<Compared> {
    let filings = session.inventory()?.filings()?;
    let authority = session.configuration().authority.clone();
    let filing = baseline(&filings, filing, authority.as_deref())?.clone();
    let mut stores: Vec<StoreNow> = session.inventory()?.stores_now()?.into_iter().map(latest_complete).collect();
    // What is filed with another authority is no change of this filing.
    stores.retain(|now| authorities::is_for(session.configuration(), &filing.authority, &now.store.name));
    let gathered = gather(session, &filing, &stores)?;
    let now = make(session, gathered.now, &stores, Scope::AllLevels, &Wanted::default());
    let regime = session.regime();
    let comparison = compare(
        &filing,
        &Situation {
            now: &now,
            stores: &stores,
            history: &gathered.history,
            form: &regime.form,
            calendar: &regime.calendar,
            hidden: &gathered.hidden,
            versions: &gathered.versions,
            recounted: &gathered.recounted,
            relocated: &gathered.relocated,
        },
    );
    Ok(Compared { filing, stores, comparison })
}

/// The accepted filing that was asked for, else the latest with the authority of the configuration, else the latest.
pub(super) fn baseline<'f>(
    filings: &'f [Filing],
    id: Option<i64>,
    authority: Option<&str>,
) -> Result<&'f Filing, Complaint> {
    if let Some(id) = id {
        let was_accepted = |filing: &&Filing| filing.id == id && filing.accepted.is_some();
        return filings.iter().find(was_accepted).ok_or_else(|| {
            Complaint::new(
                format!("没有编号为 {id} 且已通过的备案；用 mulu filing list 查看"),
                format!("no accepted filing {id}; see mulu filing list"),
            )
        });
    }
    let with_authority = authority.and_then(|name| life_cycle::baseline(filings, Some(name)));
    with_authority.or_else(|| life_cycle::baseline(filings, None)).ok_or_else(|| {
        let waiting = filings.iter().rev().find(|filing| filing.state == FilingState::Submitted);
        match waiting.map(|filing| filing.id) {
            Some(id) => Complaint::new(
                format!("还没有已通过的备案作为基线；备案 {id} 通过后请用 mulu filing accept {id} 记录"),
                format!("no accepted filing to compare with; record the answer with mulu filing accept {id}"),
            ),
            None => Complaint::new(
                "还没有备案作为基线；请先 mulu filing submit，再 mulu filing accept",
                "no filing to compare with; first mulu filing submit, then mulu filing accept",
            ),
        }
    })
}

/// Changes are measured with the latest complete result of a store; a later attempt that saw less stays beside it.
pub(super) fn latest_complete(now: StoreNow) -> StoreNow {
    match now.complete.clone() {
        Some((scan, date)) => StoreNow { scan: Some(scan), scanned: Some(date), state: StoreState::Complete, ..now },
        None => now,
    }
}

fn print(
    out: &mut dyn Write,
    comparison: &Comparison,
    filing: &Filing,
    stores: &[StoreNow],
    (form, taxonomy): (&Form, &Taxonomy),
    lang: Lang,
) -> anyhow::Result<()> {
    let (number, accepted) = (&comparison.baseline.filing, comparison.baseline.accepted.as_deref().unwrap_or(""));
    match lang {
        Lang::Zh => writeln!(out, "{}（基线：备案 {number}，{accepted} 通过）", comparison.state.say(lang))?,
        Lang::En => writeln!(out, "{} (baseline: filing {number}, accepted {accepted})", comparison.state.say(lang))?,
    }
    for now in stores.iter().filter(|now| filing.entries.iter().any(|entry| entry.store == now.store.name)) {
        let date = now.scanned.as_deref().map_or("—", civil_date);
        match lang {
            Lang::Zh => writeln!(out, "  载体 {}：{date} 的扫描结果", now.store.name)?,
            Lang::En => writeln!(out, "  store {}: as scanned on {date}", now.store.name)?,
        }
    }
    if comparison.changes.is_empty() {
        return Ok(());
    }
    let columns = form.catalog.columns.iter();
    let labels: BTreeMap<&str, &str> = columns.map(|column| (column.id.as_str(), column.label.say(lang))).collect();
    writeln!(out)?;
    for change in &comparison.changes {
        let mut change = change.clone();
        // A person reads the label of the form, JSON keeps the id.
        if let (Kind::Field | Kind::Scale, Some(field)) = (change.kind, &change.field) {
            change.field = labels.get(field.as_str()).map(|label| (*label).to_owned()).or_else(|| Some(field.clone()));
        }
        // A line is a sentence that can be pasted: it names the data before it says what happened to them.
        let name = taxonomy.label(&change.category, lang);
        let (level, sentence) = (change.level.label(lang), change.say(lang));
        let (store, category, entry) = (&change.store, &change.category, &change.entry);
        match lang {
            Lang::Zh => writeln!(out, "{name}（载体 {store}，{level}，{category}，{entry}）：{sentence}")?,
            Lang::En => writeln!(out, "{name} in {store} ({level}, {category}, {entry}): {sentence}")?,
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::fixture::{accepted, catalog, full_register};

    fn filing(id: i64, state: FilingState, authority: &str, date: &str) -> Filing {
        let catalog = catalog(Vec::new(), &full_register(), Scope::Filed);
        Filing { id, state, authority: authority.to_owned(), accepted: Some(date.to_owned()), ..accepted(&catalog) }
    }

    #[test]
    fn the_baseline_is_the_latest_accepted_filing_with_the_authority() {
        let filings = [
            filing(1, FilingState::Superseded, "工信厅", "2026-01-01"),
            filing(2, FilingState::Accepted, "工信厅", "2026-02-01"),
            filing(3, FilingState::Accepted, "通信管理局", "2026-03-01"),
            filing(4, FilingState::Submitted, "工信厅", "2026-04-01"),
        ];
        assert_eq!(baseline(&filings, None, Some("工信厅")).unwrap().id, 2);
        assert_eq!(baseline(&filings, None, None).unwrap().id, 3);
        assert_eq!(baseline(&filings, Some(1), None).unwrap().id, 1);
        assert!(baseline(&filings, Some(9), None).unwrap_err().to_string().contains("no accepted filing 9"));
        assert!(baseline(&filings[3..], None, None).unwrap_err().to_string().contains("mulu filing accept 4"));
        assert!(baseline(&[], None, None).unwrap_err().to_string().contains("mulu filing submit"));
    }

    #[test]
    fn now_is_the_latest_complete_result_even_after_one_that_saw_a_part() {
        let mut store = crate::catalog::fixture::store_now("mes", 3, StoreState::Partial, "2026-06-01");
        store.complete = Some((2, "2026-05-01".to_owned()));
        let now = latest_complete(store);
        assert_eq!((now.scan, now.scanned.as_deref(), now.state), (Some(2), Some("2026-05-01"), StoreState::Complete));
        assert_eq!(now.last_attempt.unwrap().1, StoreState::Partial);
    }
}
