//! What earlier scans saw, and what was recorded of duties.

use super::{begin, file, finish, place, places, scan, shard, share};
use crate::inventory::{AccessSeen, Difference, FolderAccess, Inventory, Left};
use crate::model::{Access, Act, CategoryId, Decision, Examined, Level, Locator, Occurrence, ScanId, StoreState};

fn access(mode: u32) -> Access {
    Access { mode, owner: 1000, group: 100 }
}

fn seen(locator: &Locator, mode: u32) -> AccessSeen {
    AccessSeen { locator: locator.clone(), is_folder: locator.as_str().ends_with('/'), access: access(mode) }
}

/// A whole scan of the share that also looked at modes.
fn scan_with_access(
    inventory: &mut dyn Inventory,
    fingerprint: &str,
    (fresh, unchanged): (Vec<Examined>, Vec<i64>),
    access: Vec<AccessSeen>,
) -> ScanId {
    let store = share(inventory);
    let id = begin(inventory, &[&store], fingerprint).id;
    let mut batch = shard("all", fresh, unchanged);
    batch.access = access;
    inventory.record_shard(id, &batch).expect("recorded");
    finish(inventory, id, &["all"], "plant", StoreState::Complete);
    id
}

fn differences(inventory: &mut dyn Inventory, between: [ScanId; 2]) -> Vec<Difference> {
    let mut all = Vec::new();
    inventory.differences(between, "plant", &mut |difference| all.push(difference)).expect("read");
    all
}

fn unchanged(inventory: &mut dyn Inventory) -> Vec<i64> {
    let known = inventory.known_files("plant", &super::versions("r1")).expect("read");
    known.into_values().flat_map(|file| file.results).collect()
}

pub(in crate::inventory) fn two_scans_differ_in_what_is_new_gone_or_examined_anew(inventory: &mut dyn Inventory) {
    let first = scan(inventory, "one", vec![file("a", 1), file("b", 2), file("c", 3)], Vec::new());
    let known = unchanged(inventory);
    let second = scan(inventory, "two", vec![file("b", 20), file("d", 4)], vec![known[0]]);
    let found = differences(inventory, [first, second]);
    let shown: Vec<(&str, Option<u64>, Option<u64>)> = found
        .iter()
        .map(|one| {
            let bytes = |side: &Option<crate::inventory::Glimpse>| Some(side.as_ref()?.bytes?.value);
            (one.locator.as_str(), bytes(&one.before), bytes(&one.after))
        })
        .collect();
    assert_eq!(shown, [("b", Some(2), Some(20)), ("c", Some(3), None), ("d", None, Some(4))]);
    let after = found[0].after.as_ref().expect("there");
    assert_eq!(after.identifiers, [("cn.mobile".to_owned(), 20)]);
    assert_eq!(after.category, Some(CategoryId::new("management.hr")));
    assert_eq!(after.level.effective(), Some(Level::Important));
    // The other way round the sides change places, and a scan does not differ from itself.
    assert_eq!(differences(inventory, [second, first])[2].before.as_ref().map(|side| side.bytes.is_some()), Some(true));
    assert_eq!(differences(inventory, [first, first]), []);
}

pub(in crate::inventory) fn places_that_lost_their_content_are_told_with_whether_something_stands_there(
    inventory: &mut dyn Inventory,
) {
    let holding = |name: &str, bytes: u64, content: Option<u128>| Examined {
        content_hash: content.map(|content| format!("{content:032x}")),
        ..file(name, bytes)
    };
    let before = vec![
        holding("a", 1, Some(10)),
        holding("b", 1, Some(11)),
        holding("c", 1, Some(12)),
        holding("d", 1, None),
        holding("e", 0, Some(13)),
        holding("f", 1, Some(14)),
    ];
    let now =
        vec![holding("b", 1, Some(20)), holding("c", 1, Some(12)), holding("f", 1, None), holding("g", 1, Some(10))];
    let first = scan(inventory, "one", before, Vec::new());
    let second = scan(inventory, "two", now, Vec::new());
    let mut left = |between| {
        let mut all = Vec::new();
        let mut take = |left: Left| all.push((left.locator.to_string(), left.content, left.stands));
        inventory.contents_left(between, "plant", &mut take).expect("read");
        all
    };
    let shown = |place: &str, content: u128, stands: bool| (place.to_owned(), content, stands);
    // The same content read anew has not left; one that could not be read may be there still; nothing is no content.
    assert_eq!(left([first, second]), [shown("a", 10, false), shown("b", 11, true)]);
    assert_eq!(left([second, first]), [shown("b", 20, true), shown("g", 10, false)]);
    assert_eq!(left([first, first]), []);
}

pub(in crate::inventory) fn more_differences_than_a_page_come_once_each(inventory: &mut dyn Inventory) {
    let names: Vec<String> = (0..1_500).map(|number| format!("f{number:04}")).collect();
    let files = |bytes: u64| names.iter().map(|name| file(name, bytes)).collect::<Vec<_>>();
    let first = scan(inventory, "one", files(1), Vec::new());
    let second = scan(inventory, "two", files(2), Vec::new());
    let found = differences(inventory, [first, second]);
    assert!(found.iter().map(|one| one.locator.as_str()).eq(names.iter().map(String::as_str)));
}

pub(in crate::inventory) fn modes_are_known_at_every_scan_though_only_changes_are_kept(inventory: &mut dyn Inventory) {
    let (a, folder) = (place("a"), Locator::stored("docs/".to_owned()));
    let look = |mode: u32| vec![seen(&place("a"), mode), seen(&Locator::stored("docs/".to_owned()), mode | 0o111)];
    let first = scan_with_access(inventory, "one", (vec![file("a", 1)], Vec::new()), look(0o640));
    let same = unchanged(inventory);
    let second = scan_with_access(inventory, "two", (Vec::new(), same.clone()), look(0o640));
    let third = scan_with_access(inventory, "three", (Vec::new(), same.clone()), look(0o644));
    let fourth = scan_with_access(inventory, "four", (Vec::new(), same), look(0o644));
    assert_eq!(differences(inventory, [first, second]), []);
    assert_eq!(differences(inventory, [third, fourth]), []);
    for between in [[first, third], [second, third], [second, fourth]] {
        let found = differences(inventory, between);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].locator, a);
        let mode = |side: &Option<crate::inventory::Glimpse>| side.as_ref().and_then(|side| side.access);
        assert_eq!((mode(&found[0].before), mode(&found[0].after)), (Some(access(0o640)), Some(access(0o644))));
        let folders = inventory.folder_access_changes(between, "plant").expect("read");
        let wanted = FolderAccess { locator: folder.clone(), before: access(0o751), after: access(0o755) };
        assert_eq!(folders, [wanted]);
    }
}

pub(in crate::inventory) fn a_decision_counts_from_its_day_on(inventory: &mut dyn Inventory) {
    // The suite finishes the first scan on 2026-11-21, the second on the day after.
    let first = scan(inventory, "one", vec![file("a", 1)], Vec::new());
    let same = unchanged(inventory);
    let second = scan(inventory, "two", Vec::new(), same);
    assert_eq!(differences(inventory, [first, second]), []);
    let decide = |date: &str| Decision {
        target: file("a", 1).asset.id().0,
        act: Act::Confirm,
        category: None,
        level: Some(Level::Core),
        detector: None,
        by: "李工".to_owned(),
        date: date.to_owned(),
        reason: "图纸".to_owned(),
        document: None,
        under: None,
        saw: None,
    };
    inventory.record_decision(&decide("2026-11-22")).expect("recorded");
    let found = differences(inventory, [first, second]);
    let level = |side: &Option<crate::inventory::Glimpse>| side.as_ref().and_then(|side| side.level.effective());
    assert_eq!(found.len(), 1);
    assert_eq!((level(&found[0].before), level(&found[0].after)), (Some(Level::Important), Some(Level::Core)));
    inventory.record_decision(&decide("2026-11-20")).expect("recorded");
    let found = differences(inventory, [first, second]);
    assert!(found.iter().all(|one| level(&one.before) == level(&one.after)), "both days know it");
}

pub(in crate::inventory) fn a_forgotten_scan_leaves_the_later_ones_as_they_were(inventory: &mut dyn Inventory) {
    let first = scan_with_access(
        inventory,
        "one",
        (vec![file("a", 1), file("old", 9)], Vec::new()),
        vec![seen(&place("a"), 0o600), seen(&place("old"), 0o600)],
    );
    let known = unchanged(inventory);
    let second = scan_with_access(inventory, "two", (Vec::new(), vec![known[0]]), vec![seen(&place("a"), 0o640)]);
    let third = scan_with_access(inventory, "three", (vec![file("a", 2)], Vec::new()), vec![seen(&place("a"), 0o644)]);
    let before = differences(inventory, [second, third]);
    inventory.forget_scans(&[first]).expect("forgotten");
    assert_eq!(differences(inventory, [second, third]), before);
    assert_eq!(inventory.scans().expect("read").iter().map(|scan| scan.id).collect::<Vec<_>>(), [second, third]);
    inventory.forget_scans(&[second]).expect("forgotten");
    assert_eq!(places(&super::now(inventory)), ["a"]);
    assert!(inventory.differences([second, third], "plant", &mut |_| ()).is_err(), "it is gone");
    // A new scan compares with what the kept one saw.
    let fourth = scan_with_access(inventory, "four", (vec![file("a", 3)], Vec::new()), vec![seen(&place("a"), 0o600)]);
    let found = differences(inventory, [third, fourth]);
    assert_eq!(found[0].before.as_ref().and_then(|side| side.access), Some(access(0o644)));
}

pub(in crate::inventory) fn a_scan_under_way_is_not_forgotten(inventory: &mut dyn Inventory) {
    let store = share(inventory);
    let id = begin(inventory, &[&store], "one").id;
    inventory.forget_scans(&[id]).expect("nothing forgotten");
    assert_eq!(inventory.scans().expect("read").len(), 1);
}

pub(in crate::inventory) fn recorded_events_come_back_in_order_with_what_takes_them_back(
    inventory: &mut dyn Inventory,
) {
    let event = Occurrence {
        id: 0,
        event: "vulnerability-found".to_owned(),
        date: "2026-05-04".to_owned(),
        time: Some("22:30".to_owned()),
        subject: Some("网关".to_owned()),
        by: "王工".to_owned(),
        note: None,
        recorded: "2026-05-05".to_owned(),
        voids: None,
    };
    let first = inventory.record_occurrence(&event).expect("recorded");
    let void = Occurrence { voids: Some(first), note: Some("日期有误".to_owned()), ..event.clone() };
    let second = inventory.record_occurrence(&void).expect("recorded");
    let all = inventory.occurrences().expect("read");
    assert_eq!(all, [Occurrence { id: first, ..event }, Occurrence { id: second, ..void }]);
    assert_eq!(Occurrence::standing(&all), Vec::<&Occurrence>::new());
}
