//! What every complete result since a filing said of the classes in its stores.

use std::collections::BTreeSet;

use crate::catalog::class::Class;
use crate::catalog::{Unread, Whereabouts};
use crate::change::{Counted, Seen};
use crate::cli::catalog::civil_date;
use crate::cli::classes::classes_at;
use crate::cli::session::Session;
use crate::model::{ClassId, FiledEntry, Filing, Measure, ScanId, StoreResult, StoreState};

/// A complete result of a store.
pub(super) struct StoreScan {
    pub(super) scan: ScanId,
    date: String,
    store: String,
    counted: Counted,
    /// Empty for the result that the filed figures are of: what it said is in the filing.
    pub(super) classes: Vec<Class>,
    unread: Unread,
    /// The classes of which it hides something that earlier results had shown.
    pub(super) hidden: BTreeSet<ClassId>,
}

/// The complete results of a store, told by their scans: the one that the filed figures are of, and those since.
pub(super) struct Since {
    pub(super) filed: Option<ScanId>,
    later: Vec<(ScanId, String, (String, String))>,
}

/// Finds the results of a store since a filing. Where the filing does not say which scan its figures are of, it is the one
/// of the very day of the figures, else the last one before.
pub(super) fn since(session: &mut Session, filing: &Filing, store: &str) -> anyhow::Result<Since> {
    let mut complete: Vec<(ScanId, String, (String, String))> = Vec::new();
    for scan in session.inventory()?.scans()? {
        let is_complete = |result: &StoreResult| result.store == store && result.state == StoreState::Complete;
        if let Some(finished) = scan.finished.as_deref().filter(|_| scan.stores.iter().any(is_complete)) {
            complete.push((scan.id, civil_date(finished).to_owned(), (scan.versions.rules, scan.versions.regime)));
        }
    }
    let entries = || filing.entries.iter().filter(|entry| entry.store == store);
    if let Some(filed) = entries().filter_map(|entry| entry.method.scan).max() {
        let is_there = complete.iter().any(|(scan, ..)| *scan == filed);
        complete.retain(|(scan, ..)| *scan > filed);
        return Ok(Since { filed: is_there.then_some(filed), later: complete });
    }
    if entries().all(FiledEntry::is_imported) {
        complete.retain(|(_, date, _)| *date >= filing.as_of);
        return Ok(Since { filed: None, later: complete });
    }
    let first_since = complete.iter().position(|(_, date, _)| *date >= filing.as_of).unwrap_or(complete.len());
    let has_own_day = complete.get(first_since).is_some_and(|(_, date, _)| *date == filing.as_of);
    let own = if has_own_day { Some(first_since) } else { first_since.checked_sub(1) };
    let later = complete.split_off(own.map_or(0, |own| own + 1).min(complete.len()));
    Ok(Since { filed: own.and(complete.last()).map(|(scan, ..)| *scan), later })
}

/// The results of a store since a filing, oldest first, each with its classes. Only the later ones are read, unless
/// something in one of them could not be read and has to be looked for in the earlier ones.
pub(super) fn results(
    session: &mut Session,
    filing: &Filing,
    store: &str,
    since: &Since,
) -> anyhow::Result<Vec<StoreScan>> {
    let of_scan = filing.entries.iter().find(|entry| entry.store == store && !entry.is_imported());
    let filed = of_scan.map(|entry| (entry.rules_version.clone(), entry.regime_version.clone()));
    let now = since.later.last().map(|(.., versions)| versions.clone());
    let counted = |versions: &(String, String)| match &filed {
        None => Counted::AsFiled,
        Some(filed) if filed == versions => Counted::AsFiled,
        Some(_) if Some(versions) == now.as_ref() => Counted::AsNow,
        Some(_) => Counted::Otherwise,
    };
    let mut scans = Vec::new();
    for (scan, date, versions) in &since.later {
        let mut unread = Unread::default();
        let classes = classes_at(session, &[(*scan, store.to_owned())], &mut |record| unread.take(record))?;
        scans.push(StoreScan {
            scan: *scan,
            date: date.clone(),
            store: store.to_owned(),
            counted: counted(versions),
            classes,
            unread,
            hidden: BTreeSet::new(),
        });
    }
    find_hidden(session, since.filed, &mut scans)?;
    Ok(scans)
}

/// Says of each result which classes it hides something of.
fn find_hidden(session: &mut Session, filed: Option<ScanId>, scans: &mut [StoreScan]) -> anyhow::Result<()> {
    let mut places = Unread::default();
    for scan in scans.iter() {
        places.join(&scan.unread);
    }
    if places.is_empty() {
        return Ok(());
    }
    let mut whereabouts = Whereabouts::of(places);
    if let (Some(filed), Some(scan)) = (filed, scans.first()) {
        session.inventory()?.figures_at(filed, &scan.store, &mut |record| whereabouts.take(&record))?;
    }
    for scan in scans {
        // What was read in part may have a class of now, too.
        scan.hidden = whereabouts.hidden(&scan.unread);
        session.inventory()?.figures_at(scan.scan, &scan.store, &mut |record| whereabouts.take(&record))?;
        scan.hidden.extend(whereabouts.hidden(&scan.unread));
    }
    Ok(())
}

/// What a complete result says of a class; one that it does not show had nothing, unless it hides some of it.
pub(super) fn seen(scan: &StoreScan, id: &str) -> Seen {
    let class = scan.classes.iter().find(|class| class.id.0 == id);
    let (date, counted) = (scan.date.clone(), scan.counted);
    if scan.hidden.iter().any(|hidden| hidden.0 == id) {
        return Seen { date, present: None, records: None, bytes: None, subjects: None, counted };
    }
    let nothing = Some(Measure::exact(0));
    Seen {
        date,
        present: Some(class.is_some()),
        records: class.map_or(nothing, |class| class.scale.records_distinct),
        bytes: class.map_or(nothing, |class| class.scale.bytes),
        subjects: class.map_or(nothing, |class| class.scale.subjects_filed()),
        counted,
    }
}
