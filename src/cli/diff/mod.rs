//! `mulu diff`: what differs between two scans, streamed: a million assets are never held at once.

mod coverage;
mod sink;

use std::collections::BTreeMap;

use crate::diff::{Filter, Kind, Moves, Row, Seen, folder_row, rows};
use crate::inventory::ScanRecord;

use super::arguments::Format;
use super::arguments::diff::DiffArguments;
use super::complaint::Complaint;
use super::exit::Exit;
use super::session::Session;
use super::table::terminal_width;

use coverage::{Compared, compared, coverage};
use sink::Sink;

pub(crate) fn run(arguments: &DiffArguments, session: &mut Session) -> anyhow::Result<Exit> {
    let (format, lang) = (session.format(), session.lang);
    if matches!(format, Format::Xlsx | Format::Docx | Format::Ics) {
        return Err(session.wrong_format("table|json|jsonl|csv").into());
    }
    let scans = session.inventory()?.scans()?;
    let between = chosen(&scans, arguments)?;
    let stores = coverage(between, &arguments.store)?;
    let filter = Filter {
        kinds: arguments.kind.clone(),
        stores: arguments.store.clone(),
        categories: arguments.category.clone(),
        least_level: arguments.level,
        places: arguments.below.clone(),
        min_ratio: arguments.min_ratio,
    };
    let width = if session.output_path.is_none() { terminal_width() } else { None };
    // The inventory has to be open before the file of `-o` is remembered in it.
    let mut out = session.output()?;
    let mut sink = Sink::new(format, arguments.limit, lang);
    sink.begin(&mut *out, between, &stores)?;
    let ids = [between[0].id, between[1].id];
    let mut unseen = BTreeMap::new();
    for store in &stores {
        let Compared::Yes(seen) = store.compared else { continue };
        compare(session, (ids, &store.name, seen), &filter, &mut unseen, &mut |row| sink.take(&mut *out, row))?;
    }
    let found = sink.end(&mut *out, between, &stores, &unseen, width)?;
    out.flush()?;
    let is_lost = stores.iter().any(|store| matches!(store.compared, Compared::Unreachable(_)));
    Ok(match (is_lost, found) {
        (true, _) => Exit::Failed,
        (false, true) => Exit::Found,
        (false, false) => Exit::Done,
    })
}

/// How many differences of these kinds a store shows between two scans, for [`super::watch`].
pub(crate) fn count(
    session: &mut Session,
    between: [&ScanRecord; 2],
    store: &str,
    kinds: &[Kind],
) -> anyhow::Result<u64> {
    let Compared::Yes(seen) = compared(between, store) else { return Ok(0) };
    let filter = Filter { kinds: kinds.to_vec(), ..Filter::default() };
    let mut found = 0;
    compare(session, ([between[0].id, between[1].id], store, seen), &filter, &mut BTreeMap::new(), &mut |_| {
        found += 1;
        Ok(())
    })?;
    Ok(found)
}

/// Gives every row of a store that is asked for. The first error of the writer is given back, and no row after it.
fn compare(
    session: &mut Session,
    (between, store, seen): ([i64; 2], &str, Seen),
    filter: &Filter,
    unseen: &mut BTreeMap<String, u64>,
    take: &mut dyn FnMut(Row) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    let mut outcome = Ok(());
    let mut give = |row: Row| {
        if outcome.is_ok() && filter.takes(&row) {
            outcome = take(row);
        }
    };
    let inventory = session.inventory()?;
    for folder in inventory.folder_access_changes(between, store)? {
        folder_row(store, &folder).into_iter().for_each(&mut give);
    }
    let mut moves = Moves::default();
    // Where a scan saw a part, what it does not show may stand where it stood.
    if seen.whole_before && seen.whole_after && filter.takes_any(&[Kind::New, Kind::Gone, Kind::Moved]) {
        let [first, second] = between;
        inventory.contents_left([second, first], store, &mut |place| moves.came(&place))?;
        if !moves.is_empty() {
            inventory.contents_left(between, store, &mut |place| moves.left(place))?;
        }
    }
    inventory.differences(between, store, &mut |difference| {
        if difference.after.is_none() && !seen.whole_after {
            *unseen.entry(store.to_owned()).or_default() += 1;
        }
        let told = moves.told(&difference, rows(store, &difference, seen));
        told.into_iter().for_each(&mut give);
    })?;
    outcome
}

/// The two scans that were named, else the latest two.
fn chosen<'s>(scans: &'s [ScanRecord], arguments: &DiffArguments) -> Result<[&'s ScanRecord; 2], Complaint> {
    let finished: Vec<&ScanRecord> = scans.iter().filter(|scan| scan.finished.is_some()).collect();
    let ids: Vec<String> = finished.iter().map(|scan| scan.id.to_string()).collect();
    let known = if ids.is_empty() { "—".to_owned() } else { ids.join(", ") };
    let named = |id: i64| {
        finished.iter().copied().find(|scan| scan.id == id).ok_or_else(|| {
            Complaint::new(
                format!("没有编号为 {id} 的已完成扫描；现有：{known}"),
                format!("no finished scan {id}; there are: {known}"),
            )
        })
    };
    let pair = match (arguments.before, arguments.after) {
        (Some(before), Some(after)) if before == after => {
            return Err(Complaint::new(
                format!("两次扫描都是 {before}；请给出两个不同的编号，现有：{known}"),
                format!("both scans are {before}; name two, there are: {known}"),
            ));
        }
        (Some(before), Some(after)) => [named(before)?, named(after)?],
        (Some(before), None) => {
            let before = named(before)?;
            let later = finished.iter().copied().rfind(|scan| scan.id > before.id);
            [before, later.ok_or_else(|| too_few(&known))?]
        }
        (None, _) => match finished.as_slice() {
            [.., before, after] => [*before, *after],
            _ => return Err(too_few(&known)),
        },
    };
    Ok(pair)
}

fn too_few(known: &str) -> Complaint {
    Complaint::new(
        format!("没有可比较的两次已完成扫描（现有：{known}）；请先再扫描一次"),
        format!("there are no two finished scans to compare (there are: {known}); scan once more first"),
    )
}
