//! What every backend must answer alike: each function is one promise of [`Inventory`], asked through the trait alone.
//! A backend's own tests call them on fresh inventories.

use super::{AssetRecord, BegunScan, Inventory, ScanPlan, ShardBatch};
use crate::model::{
    Asset, AssetKind, CategoryId, Classification, Examined, Finding, Level, Locator, Measure, Proposal, PublicName,
    Reason, ScanId, Score, Sketch, Stat, Status, Store, StoreKind, StoreResult, StoreState, Tally, Versions,
};

pub(super) mod audit;
pub(super) mod history;
pub(super) mod recording;
pub(super) mod rescans;
pub(super) mod reviews;
pub(super) mod round_trip;
pub(super) mod stores;

pub(super) fn versions(rules: &str) -> Versions {
    Versions { rules: rules.to_owned(), regime: "g1".to_owned(), extractor: "1".to_owned(), limits: "l1".to_owned() }
}

pub(super) fn share(inventory: &mut dyn Inventory) -> Store {
    inventory.store_for("plant", StoreKind::Share, "/srv/plant").expect("a store")
}

pub(super) fn begin(inventory: &mut dyn Inventory, stores: &[&Store], fingerprint: &str) -> BegunScan {
    let plan = ScanPlan {
        stores: stores.iter().map(|store| (*store).clone()).collect(),
        versions: versions("r1"),
        fingerprint: fingerprint.to_owned(),
        started: "2026-11-22T08:00:00Z".to_owned(),
    };
    inventory.begin_scan(&plan).expect("begun")
}

fn finish(inventory: &mut dyn Inventory, scan: ScanId, planned: &[&str], store: &str, state: StoreState) -> Tally {
    let planned: Vec<String> = planned.iter().map(|key| (*key).to_owned()).collect();
    let reason = (state == StoreState::Unreachable).then_some(Reason::Unreachable);
    let stores = [StoreResult { store: store.to_owned(), state, reason, connection: None }];
    inventory.finish_scan(scan, &planned, &stores, &format!("2026-11-{:02}T09:00:00Z", 20 + scan)).expect("finished")
}

fn place(text: &str) -> Locator {
    Locator::of(&PublicName::vouched(text))
}

fn sketch(values: std::ops::Range<u64>) -> Sketch {
    let mut sketch = Sketch::default();
    values.for_each(|value| sketch.insert(value.wrapping_mul(0x9e37_79b9_7f4a_7c15)));
    sketch
}

/// A file of the share that was read, with a category, a level and a finding.
pub(super) fn file(name: &str, bytes: u64) -> Examined {
    let stat = Stat { size: bytes, modified_ns: 1_700_000_000_123_456_789, inode: u64::MAX - bytes };
    let asset = Asset {
        store: "plant".to_owned(),
        locator: place(name),
        kind: AssetKind::File,
        parent: None,
        stat: Some(stat),
    };
    Examined {
        status: Status::Classified,
        reason: None,
        format: Some("csv".to_owned()),
        encoding: Some("gb18030".to_owned()),
        bytes: Some(Measure::exact(bytes)),
        records: Some(Measure::estimate(bytes / 10)),
        modified: Some("2026-11-20T08:00:00Z".to_owned()),
        content_hash: Some(format!("{bytes:032x}")),
        findings: vec![Finding {
            detector: "cn.mobile".to_owned(),
            matches: bytes,
            sample: None,
            sketch: sketch(0..bytes),
            columns: vec![PublicName::vouched("手机号"), PublicName::vouched("column 3")],
            confidence: 0.75,
            decimals: None,
            passed: Some(0.25),
        }],
        classification: Some(Classification {
            best: Some(Score { id: CategoryId::new("management.hr"), score: 0.5 }),
            fields: vec![("rare-earth".to_owned(), 2)],
            ..Classification::default()
        }),
        proposal: Some(Proposal { level: Level::Important, bases: Vec::new(), open: Vec::new() }),
        markers: vec!["personal-information".to_owned()],
        ..Examined::unread(asset, Reason::Empty)
    }
}

fn member(container: &str, name: &str, bytes: u64) -> Examined {
    let mut member = file(name, bytes);
    member.asset.parent = Some(place(container));
    member.asset.locator = place(container).member(&PublicName::vouched(name));
    member.asset.kind = AssetKind::Member;
    member.asset.stat = None;
    member
}

pub(super) fn shard(key: &str, fresh: Vec<Examined>, unchanged: Vec<i64>) -> ShardBatch {
    ShardBatch {
        key: key.to_owned(),
        fingerprint: format!("of {key}"),
        store: "plant".to_owned(),
        fresh,
        unchanged,
        access: Vec::new(),
    }
}

fn now(inventory: &mut dyn Inventory) -> Vec<AssetRecord> {
    let mut records = Vec::new();
    inventory.assets_now(&mut |record| records.push(record)).expect("read");
    records
}

fn places(records: &[AssetRecord]) -> Vec<&str> {
    records.iter().map(|record| record.examined.asset.locator.as_str()).collect()
}

/// One whole scan of the share.
fn scan(inventory: &mut dyn Inventory, fingerprint: &str, fresh: Vec<Examined>, unchanged: Vec<i64>) -> ScanId {
    let store = share(inventory);
    let id = begin(inventory, &[&store], fingerprint).id;
    inventory.record_shard(id, &shard("all", fresh, unchanged)).expect("recorded");
    finish(inventory, id, &["all"], "plant", StoreState::Complete);
    id
}

/// Calls a macro with the module and name of each promise.
macro_rules! promises {
    ($call:ident) => {
        $call! {
            history::two_scans_differ_in_what_is_new_gone_or_examined_anew
            history::places_that_lost_their_content_are_told_with_whether_something_stands_there
            history::more_differences_than_a_page_come_once_each
            history::modes_are_known_at_every_scan_though_only_changes_are_kept
            history::a_decision_counts_from_its_day_on
            history::a_forgotten_scan_leaves_the_later_ones_as_they_were
            history::a_scan_under_way_is_not_forgotten
            history::recorded_events_come_back_in_order_with_what_takes_them_back
            recording::a_store_keeps_its_name_and_a_taken_name_is_numbered
            recording::what_is_recorded_comes_back_sorted_by_locator
            recording::more_assets_than_a_page_come_back_once_each
            recording::figures_are_those_of_the_whole_assets
            recording::a_shard_recorded_twice_counts_once
            recording::counts_add_up_and_members_bring_no_bytes
            recording::bytes_past_the_largest_number_do_not_break_the_counts
            recording::a_shard_that_lost_an_asset_to_another_is_not_done
            recording::an_asset_that_moves_to_another_shard_is_counted_once
            recording::a_shard_that_speaks_of_unknown_results_is_refused_whole
            recording::a_finished_scan_takes_nothing_more
            recording::many_workers_write_through_one_writer
            recording::the_first_error_of_the_writer_stops_the_workers_and_comes_out
            rescans::a_killed_scan_is_resumed_with_what_it_had_done
            rescans::another_plan_or_other_versions_begin_another_scan
            rescans::a_file_that_did_not_change_is_taken_over_with_its_members
            rescans::a_file_is_not_known_under_other_versions_or_without_a_stat
            rescans::a_file_that_could_not_be_read_for_the_moment_is_read_again
            rescans::an_unfinished_scan_already_knows_its_files
            rescans::a_file_that_changed_twice_leaves_no_rows_behind
            rescans::an_unfinished_scan_goes_when_all_its_stores_were_read_later
            stores::an_unreachable_store_keeps_its_older_result
            stores::a_partial_result_is_shown_and_the_complete_one_stays_at_hand
            stores::a_running_scan_is_not_now
            audit::every_act_stands_in_the_log_with_what_was_there_before
            audit::of_several_filings_all_are_kept_or_none
            audit::values_of_the_register_come_back_as_they_were_given
            audit::classes_entered_by_hand_come_back_and_end
            reviews::decisions_survive_a_rescan
            reviews::a_filing_comes_back_as_it_was_filed
            round_trip::whatever_is_examined_comes_back_the_same
        }
    };
}
pub(super) use promises;
