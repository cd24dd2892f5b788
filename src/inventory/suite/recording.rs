//! What a scan writes comes back, counted once.

use super::{begin, file, finish, member, now, place, places, scan, shard, share};
use crate::inventory::{Error, Inventory, ShardBatch, writer};
use crate::model::{Asset, AssetKind, Examined, Measure, Reason, ScanState, StoreKind, StoreState, Tally};

pub(in crate::inventory) fn a_store_keeps_its_name_and_a_taken_name_is_numbered(inventory: &mut dyn Inventory) {
    let first = inventory.store_for("mes", StoreKind::Postgres, "postgres://a/mes").expect("a store");
    let second = inventory.store_for("mes", StoreKind::Postgres, "postgres://b/mes").expect("a store");
    let again = inventory.store_for("other", StoreKind::Postgres, "postgres://a/mes").expect("a store");
    assert_eq!((first.name.as_str(), second.name.as_str(), again.name.as_str()), ("mes", "mes-2", "mes"));
    let names: Vec<String> = inventory.stores_now().expect("read").into_iter().map(|now| now.store.name).collect();
    assert_eq!(names, ["mes", "mes-2"]);
}

pub(in crate::inventory) fn what_is_recorded_comes_back_sorted_by_locator(inventory: &mut dyn Inventory) {
    let (zip, part, text) = (file("b.zip", 500), member("b.zip", "a.csv", 20), file("甲.csv", 3));
    let unread = Examined::unread(
        Asset { store: "plant".to_owned(), locator: place(""), kind: AssetKind::Object, parent: None, stat: None },
        Reason::PermissionDenied,
    );
    scan(inventory, "one", vec![text.clone(), part.clone(), zip.clone(), unread.clone()], Vec::new());
    let records = now(inventory);
    let examined: Vec<Examined> = records.iter().map(|record| record.examined.clone()).collect();
    assert_eq!(examined, [unread, zip.clone(), part, text]);
    assert_eq!(records[1].rules_version, "r1");
    assert_eq!(records[1].regime_version, "g1");
    assert_eq!(inventory.asset(&zip.asset.id().0).expect("read").as_ref(), Some(&records[1]));
    assert_eq!(inventory.asset("a0").expect("read"), None);
}

pub(in crate::inventory) fn more_assets_than_a_page_come_back_once_each(inventory: &mut dyn Inventory) {
    let files: Vec<Examined> = (0..700).map(|number| file(&format!("{number:04}"), 1)).collect();
    scan(inventory, "many", files, Vec::new());
    let records = now(inventory);
    assert_eq!(records.len(), 700);
    assert!(places(&records).is_sorted_by(|a, b| a < b));
    assert!(records.iter().all(|record| record.examined.findings.len() == 1));
}

pub(in crate::inventory) fn figures_are_those_of_the_whole_assets(inventory: &mut dyn Inventory) {
    let scan = scan(inventory, "one", vec![file("a.zip", 120), member("a.zip", "x", 30), file("b", 9)], Vec::new());
    let (mut whole, mut figures) = (Vec::new(), Vec::new());
    inventory.assets_at(scan, "plant", &mut |record| whole.push(record)).expect("read");
    inventory.figures_at(scan, "plant", &mut |record| figures.push(record)).expect("read");
    for (mut whole, figures) in whole.into_iter().zip(&figures) {
        // What only explains is left out.
        let examined = &mut whole.examined;
        (examined.format, examined.encoding, examined.modified) = (None, None, None);
        examined.asset.stat = None;
        if let Some(found) = &mut examined.classification {
            (found.alternatives, found.contributions) = (Vec::new(), Vec::new());
        }
        if let Some(proposal) = &mut examined.proposal {
            proposal.bases = Vec::new();
        }
        assert_eq!(whole, *figures);
    }
    assert_eq!(figures.len(), 3);
}

pub(in crate::inventory) fn a_shard_recorded_twice_counts_once(inventory: &mut dyn Inventory) {
    let store = share(inventory);
    let id = begin(inventory, &[&store], "one").id;
    let batch = shard("all", vec![file("a", 10), file("b", 20)], Vec::new());
    let first = inventory.record_shard(id, &batch).expect("recorded");
    let second = inventory.record_shard(id, &batch).expect("recorded");
    assert_eq!((first, first.found, first.bytes), (second, 2, 30));
    inventory.record_shard(id, &shard("all", vec![file("a", 10)], Vec::new())).expect("recorded");
    let tally = finish(inventory, id, &["all"], "plant", StoreState::Complete);
    assert_eq!((tally.found, tally.classified, tally.bytes), (1, 1, 10));
    assert_eq!(places(&now(inventory)), ["a"]);
}

pub(in crate::inventory) fn counts_add_up_and_members_bring_no_bytes(inventory: &mut dyn Inventory) {
    let mut partial = file("c", 7);
    partial.reason = Some(Reason::TooLarge);
    let skipped = Examined::unread(file("d", 1).asset, Reason::UnsupportedFormat);
    let failed = Examined::unread(file("e", 1).asset, Reason::Corrupt);
    let fresh = vec![file("b.zip", 100), member("b.zip", "x", 1000), partial, skipped, failed];
    let mut expected = Tally::default();
    for examined in &fresh {
        expected.count(examined);
    }
    let store = share(inventory);
    let id = begin(inventory, &[&store], "one").id;
    assert_eq!(inventory.record_shard(id, &shard("all", fresh, Vec::new())).expect("recorded"), expected);
    assert_eq!(finish(inventory, id, &["all"], "plant", StoreState::Complete), expected);
    assert_eq!((expected.found, expected.bytes, expected.partial), (5, 107, 1));
    let scans = inventory.scans().expect("read");
    assert_eq!((scans[0].state, scans[0].tally), (ScanState::Complete, expected));
    assert_eq!(scans[0].planned, ["plant"]);
}

pub(in crate::inventory) fn bytes_past_the_largest_number_do_not_break_the_counts(inventory: &mut dyn Inventory) {
    let mut huge = [file("a", 1), file("b", 1), file("c", 1)];
    for file in &mut huge {
        file.bytes = Some(Measure::exact(u64::MAX));
    }
    scan(inventory, "huge", huge.into(), Vec::new());
    assert_eq!(inventory.scans().expect("read")[0].tally.bytes, u64::MAX);
}

pub(in crate::inventory) fn a_shard_that_lost_an_asset_to_another_is_not_done(inventory: &mut dyn Inventory) {
    let store = share(inventory);
    let id = begin(inventory, &[&store], "one").id;
    let whole = shard("whole", vec![file("x/a", 5), file("x/b", 5)], Vec::new());
    let other = shard("other", vec![file("y", 5)], Vec::new());
    for batch in [&whole, &other, &shard("x", vec![file("x/a", 5)], Vec::new())] {
        inventory.record_shard(id, batch).expect("recorded");
    }
    let done = inventory.shards_done(id).expect("read");
    assert_ne!(done["whole"].0, whole.fingerprint);
    assert_eq!(done["other"].0, other.fingerprint);
}

pub(in crate::inventory) fn an_asset_that_moves_to_another_shard_is_counted_once(inventory: &mut dyn Inventory) {
    let store = share(inventory);
    let id = begin(inventory, &[&store], "one").id;
    inventory.record_shard(id, &shard("whole", vec![file("x/a", 5), file("x/b", 5)], Vec::new())).expect("recorded");
    inventory.record_shard(id, &shard("x", vec![file("x/a", 5)], Vec::new())).expect("recorded");
    let tally = finish(inventory, id, &["whole", "x"], "plant", StoreState::Complete);
    assert_eq!((tally.found, tally.bytes), (2, 10));
}

pub(in crate::inventory) fn a_shard_that_speaks_of_unknown_results_is_refused_whole(inventory: &mut dyn Inventory) {
    let store = share(inventory);
    let id = begin(inventory, &[&store], "one").id;
    let refused = inventory.record_shard(id, &shard("s", vec![file("a", 1)], vec![4711]));
    assert_eq!(refused, Err(Error::UnknownResults { shard: "s".to_owned() }));
    assert!(inventory.shards_done(id).expect("read").is_empty());
}

pub(in crate::inventory) fn a_finished_scan_takes_nothing_more(inventory: &mut dyn Inventory) {
    let id = scan(inventory, "one", vec![file("a", 1)], Vec::new());
    let refused = inventory.record_shard(id, &shard("late", Vec::new(), Vec::new()));
    assert_eq!(refused, Err(Error::ScanFinished { scan: id }));
    assert_eq!(inventory.finish_scan(99, &[], &[], "2026-11-22"), Err(Error::UnknownScan { scan: 99 }));
    assert_eq!(inventory.assets_at(99, "plant", &mut |_| {}), Err(Error::UnknownScan { scan: 99 }));
    let nowhere = inventory.assets_at(id, "nowhere", &mut |_| {});
    assert_eq!(nowhere, Err(Error::UnknownStore { store: "nowhere".to_owned() }));
    let unknown = ShardBatch { store: "nowhere".to_owned(), ..shard("s", Vec::new(), Vec::new()) };
    let store = share(inventory);
    let next = begin(inventory, &[&store], "two").id;
    assert_eq!(inventory.record_shard(next, &unknown), Err(Error::UnknownStore { store: "nowhere".to_owned() }));
}

pub(in crate::inventory) fn many_workers_write_through_one_writer(inventory: &mut dyn Inventory) {
    let store = share(inventory);
    let id = begin(inventory, &[&store], "one").id;
    let keys: Vec<String> = (0..20).map(|number| format!("s{number}")).collect();
    let sent = writer::with(inventory, id, |records| {
        std::thread::scope(|scope| {
            for keys in keys.chunks(5) {
                scope.spawn(move || {
                    for key in keys {
                        records.send(shard(key, vec![file(&format!("{key}/a"), 1)], Vec::new())).expect("taken");
                    }
                });
            }
        });
        "done"
    });
    assert_eq!(sent, Ok("done"));
    let keys: Vec<&str> = keys.iter().map(String::as_str).collect();
    assert_eq!(finish(inventory, id, &keys, "plant", StoreState::Complete).found, 20);
}

pub(in crate::inventory) fn the_first_error_of_the_writer_stops_the_workers_and_comes_out(
    inventory: &mut dyn Inventory,
) {
    let outcome = writer::with(inventory, 99, |records| {
        // More than may wait: without the refusal this would block for ever.
        (0..1000).take_while(|_| records.send(shard("s", Vec::new(), Vec::new())).is_ok()).count()
    });
    assert_eq!(outcome, Err(Error::UnknownScan { scan: 99 }));
}
