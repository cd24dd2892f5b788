//! `mulu changes`: now against the filed baseline.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;

use crate::catalog::class::Class;
use crate::catalog::{Scope, Unread, Whereabouts};
use crate::change::{Comparison, History, Kind, Seen, Situation, State, compare};
use crate::inventory::StoreNow;
use crate::model::{ClassId, Filing, FilingState, Lang, Measure, Speak, StoreResult, StoreState};
use crate::regime::Taxonomy;

use super::arguments::Format;
use super::arguments::changes::ChangesArguments;
use super::catalog::{civil_date, make};
use super::classes::classes_at;
use super::complaint::Complaint;
use super::exit::Exit;
use super::session::Session;

pub(crate) fn run(arguments: &ChangesArguments, session: &mut Session) -> anyhow::Result<Exit> {
    let (format, lang) = (session.format(), session.lang);
    if !matches!(format, Format::Table | Format::Json) {
        return Err(session.wrong_format("table|json").into());
    }
    let Compared { comparison, filing, stores } = compared(session, arguments.filing)?;
    let regime = session.regime();
    let labels: BTreeMap<String, String> = regime
        .form
        .catalog
        .columns
        .iter()
        .map(|column| (column.id.clone(), column.label.say(lang).to_owned()))
        .collect();
    let taxonomy = regime.taxonomy.clone();
    let mut out = session.output()?;
    if format == Format::Json {
        writeln!(out, "{}", serde_json::to_string_pretty(&comparison)?)?;
    } else {
        print(&mut *out, &comparison, &filing, &stores, (&labels, &taxonomy), lang)?;
    }
    out.flush()?;
    Ok(if comparison.state == State::Immaterial { Exit::Done } else { Exit::Found })
}

/// Now against a baseline.
pub(crate) struct Compared {
    pub(crate) comparison: Comparison,
    /// The baseline.
    pub(crate) filing: Filing,
    /// Its stores and the others, each with its latest complete result.
    pub(crate) stores: Vec<StoreNow>,
}

/// Compares now with the filing of this id, or with the latest accepted one.
pub(crate) fn compared(session: &mut Session, filing: Option<i64>) -> anyhow::Result<Compared> {
    let filings = session.inventory()?.filings()?;
    let authority = session.configuration().authority.clone();
    let filing = baseline(&filings, filing, authority.as_deref())?.clone();
    let stores: Vec<StoreNow> = session.inventory()?.stores_now()?.into_iter().map(latest_complete).collect();
    let scans: Vec<(i64, String)> =
        stores.iter().filter_map(|now| now.scan.map(|scan| (scan, now.store.name.clone()))).collect();
    let classes = classes_at(session, &scans, &mut |_| ())?;
    let now = make(session, classes, &stores, Scope::AllLevels, None);
    let past = past(session, &filing)?;
    let versions = versions(session, &stores)?;
    let regime = session.regime();
    let comparison = compare(
        &filing,
        &Situation {
            now: &now,
            stores: &stores,
            history: &past.history,
            form: &regime.form,
            calendar: &regime.calendar,
            hidden: &past.hidden,
            versions: &versions,
        },
    );
    Ok(Compared { comparison, filing, stores })
}

/// The accepted filing that was asked for, else the latest with the authority of the configuration, else the latest.
fn baseline<'f>(filings: &'f [Filing], id: Option<i64>, authority: Option<&str>) -> Result<&'f Filing, Complaint> {
    if let Some(id) = id {
        let was_accepted = |filing: &&Filing| filing.id == id && filing.accepted.is_some();
        return filings.iter().find(was_accepted).ok_or_else(|| {
            Complaint::new(
                format!("没有编号为 {id} 且已通过的备案；用 mulu filing list 查看"),
                format!("no accepted filing {id}; see mulu filing list"),
            )
        });
    }
    let accepted = || filings.iter().filter(|filing| filing.state == FilingState::Accepted);
    let latest = |filing: &&'f Filing| (filing.accepted.clone(), filing.id);
    let with_authority = accepted().filter(|filing| Some(filing.authority.as_str()) == authority).max_by_key(latest);
    with_authority.or_else(|| accepted().max_by_key(latest)).ok_or_else(|| {
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
fn latest_complete(now: StoreNow) -> StoreNow {
    match now.complete.clone() {
        Some((scan, date)) => StoreNow { scan: Some(scan), scanned: Some(date), state: StoreState::Complete, ..now },
        None => now,
    }
}

/// What every complete result since the filing said of the classes in the filed stores, and the classes of which the
/// latest of them hides something.
struct Past {
    history: History,
    hidden: BTreeSet<ClassId>,
}

/// A complete result of a store.
struct StoreScan {
    scan: i64,
    date: String,
    store: String,
    classes: Vec<Class>,
    unread: Unread,
    /// The classes of which it hides something that earlier results had shown.
    hidden: BTreeSet<ClassId>,
}

fn past(session: &mut Session, filing: &Filing) -> anyhow::Result<Past> {
    let mut past = Past { history: History::new(), hidden: BTreeSet::new() };
    let stores: BTreeSet<String> = filing.entries.iter().map(|entry| entry.store.clone()).collect();
    for store in stores {
        let scans = store_scans(session, filing, &store)?;
        past.hidden.extend(scans.last().into_iter().flat_map(|scan| scan.hidden.iter().cloned()));
        let filed = filing.entries.iter().filter(|entry| entry.store == store).map(|entry| entry.id.clone());
        let seen_since = scans.iter().flat_map(|scan| &scan.classes).map(|class| class.id.0.clone());
        for id in filed.chain(seen_since).collect::<BTreeSet<String>>() {
            let of_class = |scan: &StoreScan| seen(scan, &id);
            past.history.insert(id.clone(), scans.iter().map(of_class).collect());
        }
    }
    Ok(past)
}

/// The complete results of a store since the filed figures, oldest first. Where none is of their very day, the last
/// one before is theirs, and counts too.
fn store_scans(session: &mut Session, filing: &Filing, store: &str) -> anyhow::Result<Vec<StoreScan>> {
    let mut dates: Vec<(i64, String)> = Vec::new();
    for scan in session.inventory()?.scans()? {
        let is_complete = |result: &StoreResult| result.store == store && result.state == StoreState::Complete;
        if let Some(finished) = scan.finished.as_deref().filter(|_| scan.stores.iter().any(is_complete)) {
            dates.push((scan.id, civil_date(finished).to_owned()));
        }
    }
    let first_since = dates.iter().position(|(_, date)| *date >= filing.as_of).unwrap_or(dates.len());
    let has_own_day = dates.get(first_since).is_some_and(|(_, date)| *date == filing.as_of);
    let first = if has_own_day { first_since } else { first_since.saturating_sub(1) };
    let mut scans = Vec::new();
    for (scan, date) in dates.drain(first..) {
        let mut unread = Unread::default();
        let classes = classes_at(session, &[(scan, store.to_owned())], &mut |record| unread.take(record))?;
        scans.push(StoreScan { scan, date, store: store.to_owned(), classes, unread, hidden: BTreeSet::new() });
    }
    find_hidden(session, &mut scans)?;
    Ok(scans)
}

/// Says of each result which classes it hides something of; the first shows what the filed figures were made from.
fn find_hidden(session: &mut Session, scans: &mut [StoreScan]) -> anyhow::Result<()> {
    let mut places = Unread::default();
    scans.iter().skip(1).for_each(|scan| places.join(&scan.unread));
    if places.is_empty() {
        return Ok(());
    }
    let mut whereabouts = Whereabouts::of(places);
    for (number, scan) in scans.iter_mut().enumerate() {
        let earlier = whereabouts.clone();
        session.inventory()?.assets_at(scan.scan, &scan.store, &mut |record| whereabouts.take(&record))?;
        if number > 0 {
            // What was read in part may have a class of now, too.
            scan.hidden = earlier.hidden(&scan.unread);
            scan.hidden.extend(whereabouts.hidden(&scan.unread));
        }
    }
    Ok(())
}

/// What a complete result says of a class; one that it does not show had nothing, unless it hides some of it.
fn seen(scan: &StoreScan, id: &str) -> Seen {
    let class = scan.classes.iter().find(|class| class.id.0 == id);
    if scan.hidden.iter().any(|hidden| hidden.0 == id) {
        return Seen { date: scan.date.clone(), present: None, records: None, bytes: None, subjects: None };
    }
    let nothing = Some(Measure::exact(0));
    Seen {
        date: scan.date.clone(),
        present: Some(class.is_some()),
        records: class.map_or(nothing, |class| class.scale.records),
        bytes: class.map_or(nothing, |class| class.scale.bytes),
        subjects: class.map_or(nothing, |class| class.scale.subjects_filed()),
    }
}

/// What the present result of each store was made with.
fn versions(session: &mut Session, stores: &[StoreNow]) -> anyhow::Result<BTreeMap<String, (String, String)>> {
    let scans = session.inventory()?.scans()?;
    let of_store = |now: &StoreNow| {
        let scan = scans.iter().find(|scan| Some(scan.id) == now.scan)?;
        Some((now.store.name.clone(), (scan.versions.rules.clone(), scan.versions.regime.clone())))
    };
    Ok(stores.iter().filter_map(of_store).collect())
}

fn print(
    out: &mut dyn Write,
    comparison: &Comparison,
    filing: &Filing,
    stores: &[StoreNow],
    (labels, taxonomy): (&BTreeMap<String, String>, &Taxonomy),
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
    writeln!(out)?;
    for change in &comparison.changes {
        let mut change = change.clone();
        // A person reads the label of the form, JSON keeps the id.
        if let (Kind::Field | Kind::Scale, Some(field)) = (change.kind, &change.field) {
            change.field = labels.get(field).cloned().or_else(|| Some(field.clone()));
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
