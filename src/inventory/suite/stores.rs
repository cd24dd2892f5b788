//! What *now* means for a store that was read in whole, in part, or not at all.

use super::{begin, file, finish, now, places, scan, shard, share};
use crate::inventory::Inventory;
use crate::model::{Reason, ScanState, StoreState};

pub(in crate::inventory) fn an_unreachable_store_keeps_its_older_result(inventory: &mut dyn Inventory) {
    let first = scan(inventory, "one", vec![file("a", 1)], Vec::new());
    let store = share(inventory);
    let second = begin(inventory, &[&store], "two").id;
    finish(inventory, second, &[], "plant", StoreState::Unreachable);
    assert_eq!(places(&now(inventory)), ["a"]);
    let state = &inventory.stores_now().expect("read")[0];
    assert_eq!(
        (state.scan, state.scanned.as_deref(), state.state),
        (Some(first), Some("2026-11-21"), StoreState::Complete)
    );
    let attempt = (second, StoreState::Unreachable, Some(Reason::Unreachable), "2026-11-22".to_owned());
    assert_eq!(state.last_attempt, Some(attempt));
}

pub(in crate::inventory) fn a_partial_result_is_shown_and_the_complete_one_stays_at_hand(
    inventory: &mut dyn Inventory,
) {
    let first = scan(inventory, "one", vec![file("a", 1), file("b", 1)], Vec::new());
    let store = share(inventory);
    let second = begin(inventory, &[&store], "two").id;
    inventory.record_shard(second, &shard("all", vec![file("a", 2)], Vec::new())).expect("recorded");
    finish(inventory, second, &["all"], "plant", StoreState::Partial);
    let state = &inventory.stores_now().expect("read")[0];
    assert_eq!((state.scan, state.state), (Some(second), StoreState::Partial));
    assert_eq!(state.complete, Some((first, "2026-11-21".to_owned())));
    assert_eq!(places(&now(inventory)), ["a"]);
    let mut then = Vec::new();
    inventory.assets_at(first, "plant", &mut |record| then.push(record)).expect("read");
    assert_eq!(places(&then), ["a", "b"]);
}

pub(in crate::inventory) fn a_running_scan_is_not_now(inventory: &mut dyn Inventory) {
    let first = scan(inventory, "one", vec![file("a", 1)], Vec::new());
    let store = share(inventory);
    let second = begin(inventory, &[&store], "two").id;
    inventory.record_shard(second, &shard("all", vec![file("b", 1)], Vec::new())).expect("recorded");
    assert_eq!(places(&now(inventory)), ["a"]);
    assert_eq!(inventory.stores_now().expect("read")[0].scan, Some(first));
    let scans = inventory.scans().expect("read");
    assert_eq!((scans[1].state, scans[1].tally.found), (ScanState::Running, 1));
}
