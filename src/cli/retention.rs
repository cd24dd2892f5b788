//! Which scans are kept: `scan.keep_days` of `mulu.toml`. What something still rests on is never dropped.

use std::collections::BTreeSet;

use jiff::ToSpan;
use jiff::civil::Date;

use crate::inventory::{Inventory, ScanRecord, StoreNow};
use crate::model::{Filing, FilingState, ScanId, StoreState};

use super::catalog::civil_date;

/// Drops scans that are older than so many days, counted from `now` in the clock that dates scans, and that nothing
/// rests on.
pub(crate) fn apply(inventory: &mut dyn Inventory, now: &str, keep_days: u32) -> anyhow::Result<()> {
    let today: Date = civil_date(now).parse()?;
    let (scans, stores, filings) = (inventory.scans()?, inventory.stores_now()?, inventory.filings()?);
    let forgettable = forgettable(&scans, &stores, &filings, today.saturating_sub(i64::from(keep_days).days()));
    if !forgettable.is_empty() {
        inventory.forget_scans(&forgettable)?;
    }
    Ok(())
}

/// Finished before `first_kept`, and none of these: what a store looks like now; a result since the figures of a filing
/// that stands or waits, since changes are dated by them; the last complete result of a store before those figures.
fn forgettable(scans: &[ScanRecord], stores: &[StoreNow], filings: &[Filing], first_kept: Date) -> Vec<ScanId> {
    let stands = |filing: &&Filing| {
        matches!(
            filing.state,
            FilingState::Draft | FilingState::Submitted | FilingState::Accepted | FilingState::Rejected
        )
    };
    let figures = filings.iter().filter(stands).map(|filing| filing.as_of.as_str()).min();
    let mut needed: BTreeSet<ScanId> = BTreeSet::new();
    for now in stores {
        needed.extend(now.scan);
        needed.extend(now.complete.as_ref().map(|(scan, _)| *scan));
        needed.extend(now.last_attempt.as_ref().map(|(scan, ..)| *scan));
        let is_complete = |scan: &&ScanRecord| {
            scan.stores.iter().any(|one| one.store == now.store.name && one.state == StoreState::Complete)
        };
        let before = |scan: &&ScanRecord| figures.is_some_and(|figures| date(scan).is_some_and(|date| date < figures));
        needed.extend(scans.iter().filter(before).filter(is_complete).map(|scan| scan.id).max());
    }
    let first_kept = first_kept.to_string();
    let is_old = |scan: &&ScanRecord| {
        date(scan).is_some_and(|date| date < first_kept.as_str() && figures.is_none_or(|figures| date < figures))
    };
    scans.iter().filter(is_old).map(|scan| scan.id).filter(|id| !needed.contains(id)).collect()
}

/// The civil date on which a scan was finished.
fn date(scan: &ScanRecord) -> Option<&str> {
    scan.finished.as_deref().map(civil_date)
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::catalog::Scope;
    use crate::catalog::fixture::{accepted, catalog, full_register, store_now};
    use crate::model::{ScanState, StoreResult, Tally, Versions};

    fn scan(id: ScanId, finished: Option<&str>, state: StoreState) -> ScanRecord {
        ScanRecord {
            id,
            state: ScanState::Complete,
            started: String::new(),
            finished: finished.map(|day| format!("{day}T08:00:00Z")),
            versions: Versions::default(),
            planned: vec!["mes".to_owned()],
            stores: vec![StoreResult { store: "mes".to_owned(), state, reason: None, connection: None }],
            tally: Tally::default(),
        }
    }

    fn scans() -> Vec<ScanRecord> {
        vec![
            scan(1, Some("2025-01-05"), StoreState::Complete),
            scan(2, Some("2025-02-05"), StoreState::Complete),
            scan(3, Some("2025-03-05"), StoreState::Partial),
            scan(4, None, StoreState::Partial),
            scan(5, Some("2025-04-05"), StoreState::Complete),
            scan(6, Some("2026-05-05"), StoreState::Complete),
        ]
    }

    #[test]
    fn old_scans_go_and_those_under_way_and_of_now_stay() {
        let now = [store_now("mes", 6, StoreState::Complete, "2026-05-05")];
        assert_eq!(forgettable(&scans(), &now, &[], date(2026, 1, 1)), [1, 2, 3, 5]);
        assert_eq!(forgettable(&scans(), &now, &[], date(2025, 3, 5)), [1, 2]);
        assert!(forgettable(&scans(), &now, &[], date(2024, 1, 1)).is_empty());
        // A store that was not scanned for long keeps what it was last seen to hold.
        let now = [store_now("mes", 2, StoreState::Complete, "2025-02-05")];
        assert_eq!(forgettable(&scans()[..5], &now, &[], date(2026, 1, 1)), [1, 3, 5]);
    }

    #[test]
    fn what_dates_a_change_against_a_filing_stays() {
        let mut filing = accepted(&catalog(Vec::new(), &full_register(), Scope::Filed));
        filing.as_of = "2025-03-01".to_owned();
        let now = [store_now("mes", 6, StoreState::Complete, "2026-05-05")];
        // The second is the last complete result before the figures; the third and fifth came after them.
        assert_eq!(forgettable(&scans(), &now, &[filing], date(2026, 1, 1)), [1]);
    }
}
