//! Killed and resumed, changed and unchanged.

use super::{begin, file, finish, member, now, place, places, scan, shard, share, versions};
use crate::inventory::{AssetRecord, BegunScan, Inventory, ScanPlan};
use crate::model::{Examined, Locator, Reason, ScanId, Status, StoreKind, StoreState};

pub(in crate::inventory) fn a_killed_scan_is_resumed_with_what_it_had_done(inventory: &mut dyn Inventory) {
    let store = share(inventory);
    let first = begin(inventory, &[&store], "one");
    assert!(!first.resumed);
    let tally = inventory.record_shard(first.id, &shard("s1", vec![file("a", 1)], Vec::new())).expect("recorded");
    inventory.record_shard(first.id, &shard("gone", vec![file("old", 1)], Vec::new())).expect("recorded");
    let again = begin(inventory, &[&store], "one");
    assert_eq!(again, BegunScan { id: first.id, resumed: true });
    let done = inventory.shards_done(first.id).expect("read");
    assert_eq!(done.keys().collect::<Vec<_>>(), ["gone", "s1"]);
    assert_eq!(done["s1"], ("of s1".to_owned(), tally));
    inventory.record_shard(first.id, &shard("s2", vec![file("b", 1)], Vec::new())).expect("recorded");
    let tally = finish(inventory, first.id, &["s1", "s2"], "plant", StoreState::Complete);
    assert_eq!((tally.found, tally.unchanged), (2, 0));
    assert_eq!(places(&now(inventory)), ["a", "b"]);
}

pub(in crate::inventory) fn another_plan_or_other_versions_begin_another_scan(inventory: &mut dyn Inventory) {
    let store = share(inventory);
    let first = begin(inventory, &[&store], "one");
    let other_plan = begin(inventory, &[&store], "two");
    let plan = ScanPlan {
        stores: vec![store],
        versions: versions("r2"),
        fingerprint: "one".to_owned(),
        started: "2026-11-22".to_owned(),
    };
    let other_versions = inventory.begin_scan(&plan).expect("begun");
    assert_eq!([first.id, other_plan.id, other_versions.id], [1, 2, 3]);
    assert!(!other_plan.resumed && !other_versions.resumed);
}

pub(in crate::inventory) fn a_file_that_did_not_change_is_taken_over_with_its_members(inventory: &mut dyn Inventory) {
    let (zip, part) = (file("b.zip", 100), member("b.zip", "x", 1000));
    // The member stands before its container: the order of a batch is free.
    scan(inventory, "one", vec![part, zip.clone(), file("a", 1)], Vec::new());
    let before: Vec<AssetRecord> = now(inventory);
    let known = inventory.known_files("plant", &versions("r1")).expect("read");
    let file_of_zip = &known[&place("b.zip")];
    assert_eq!(Some(file_of_zip.stat), zip.asset.stat);
    assert_eq!(file_of_zip.results.len(), 2);
    assert_eq!((file_of_zip.tally.found, file_of_zip.tally.unchanged, file_of_zip.tally.bytes), (2, 2, 100));
    assert!(!known.contains_key(&place("b.zip!x")));

    let unchanged = known.values().flat_map(|file| file.results.clone()).collect();
    let second = scan(inventory, "one", Vec::new(), unchanged);
    assert_eq!(second, 2);
    assert_eq!(now(inventory), before);
    let tally = inventory.scans().expect("read")[1].tally;
    assert_eq!((tally.found, tally.unchanged, tally.bytes), (3, 3, 101));
}

pub(in crate::inventory) fn a_file_is_not_known_under_other_versions_or_without_a_stat(inventory: &mut dyn Inventory) {
    let mut table = file("public.t", 1);
    table.asset.stat = None;
    scan(inventory, "one", vec![table, file("a", 1)], Vec::new());
    assert!(inventory.known_files("plant", &versions("r2")).expect("read").is_empty());
    let known = inventory.known_files("plant", &versions("r1")).expect("read");
    assert_eq!(known.keys().map(Locator::as_str).collect::<Vec<_>>(), ["a"]);
}

pub(in crate::inventory) fn a_file_that_could_not_be_read_for_the_moment_is_read_again(inventory: &mut dyn Inventory) {
    let denied = Examined::unread(file("denied", 1).asset, Reason::PermissionDenied);
    let corrupt = Examined::unread(file("corrupt", 1).asset, Reason::Corrupt);
    let mut late = member("b.zip", "late", 1);
    (late.status, late.reason) = (Status::Failed, Some(Reason::Deadline));
    scan(inventory, "one", vec![denied, corrupt, file("b.zip", 9), late], Vec::new());
    let known = inventory.known_files("plant", &versions("r1")).expect("read");
    assert_eq!(known.keys().map(Locator::as_str).collect::<Vec<_>>(), ["corrupt"]);
}

pub(in crate::inventory) fn an_unfinished_scan_already_knows_its_files(inventory: &mut dyn Inventory) {
    scan(inventory, "one", vec![file("a", 1)], Vec::new());
    let store = share(inventory);
    let id = begin(inventory, &[&store], "two").id;
    inventory.record_shard(id, &shard("all", vec![file("a", 2)], Vec::new())).expect("recorded");
    let known = inventory.known_files("plant", &versions("r1")).expect("read");
    assert_eq!(known[&place("a")].stat.size, 2);
}

pub(in crate::inventory) fn a_file_that_changed_twice_leaves_no_rows_behind(inventory: &mut dyn Inventory) {
    let store = share(inventory);
    let id = begin(inventory, &[&store], "one").id;
    inventory.record_shard(id, &shard("all", vec![file("a", 1), file("gone", 1)], Vec::new())).expect("recorded");
    inventory.record_shard(id, &shard("all", vec![file("a", 2)], Vec::new())).expect("recorded");
    finish(inventory, id, &["all"], "plant", StoreState::Complete);
    let known = inventory.known_files("plant", &versions("r1")).expect("read");
    assert_eq!(known.keys().map(Locator::as_str).collect::<Vec<_>>(), ["a"]);
}

pub(in crate::inventory) fn an_unfinished_scan_goes_when_all_its_stores_were_read_later(inventory: &mut dyn Inventory) {
    let store = share(inventory);
    let other = inventory.store_for("erp", StoreKind::Mysql, "mysql://h/erp").expect("a store");
    // The other store was read before, which does not cover what is begun later.
    let before = begin(inventory, &[&other], "before").id;
    finish(inventory, before, &[], "erp", StoreState::Complete);
    let covered = begin(inventory, &[&store], "covered").id;
    let wider = begin(inventory, &[&store, &other], "wider").id;
    let last = scan(inventory, "last", vec![file("a", 1)], Vec::new());
    let ids: Vec<ScanId> = inventory.scans().expect("read").into_iter().map(|scan| scan.id).collect();
    assert!(!ids.contains(&covered));
    assert_eq!(ids, [before, wider, last]);
}
