//! Scans a file share: shards of its entries, each examined in parallel and recorded as one batch.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Mutex;

use rayon::prelude::*;

use crate::detect::names;
use crate::discover::share::{self, Entry, Found};
use crate::extract;
use crate::inventory::{AccessSeen, Inventory, KnownFile, ShardBatch, is_inventory, writer};
use crate::model::{Asset, AssetKind, Examined, Locator, Reason, ScanId, Stat, Store, StoreState, Tally, stable_id};
use crate::open::{self, Format, sniff};

use super::examine::{self, FileToExamine};
use super::places::Places;
use super::{Context, Error, Event, Visited};

/// Entries of one shard. A killed scan loses at most so many; a batch of so many is one small transaction.
const ENTRIES_PER_SHARD: usize = 256;
/// Bytes of one shard, for the same two reasons.
const BYTES_PER_SHARD: u64 = 256 << 20;

/// What the shards of one share need to know.
struct Share<'a> {
    context: &'a Context<'a>,
    store: &'a Store,
    known: BTreeMap<Locator, KnownFile>,
    done: BTreeMap<String, (String, Tally)>,
    own: BTreeSet<(u64, u64)>,
}

/// A part of the tree: entries that follow each other in the order of listing.
struct Shard {
    /// Counted in the order of listing.
    number: u64,
    key: String,
    fingerprint: String,
    entries: Vec<(Asset, Found)>,
    /// Who may do what with the files and folders in it.
    access: Vec<AccessSeen>,
}

/// One entry's result: read now, or the same as before.
enum Looked {
    Fresh(Vec<Examined>),
    Unchanged(Vec<i64>, Tally),
}

pub(super) fn scan(
    context: &Context<'_>,
    inventory: &mut dyn Inventory,
    scan: ScanId,
    store: &Store,
    root: &Path,
) -> Result<Visited, Error> {
    let listing = share::list(root)?;
    let share = Share {
        context,
        store,
        known: inventory.known_files(&store.name, &context.engine.versions())?,
        done: inventory.shards_done(scan)?,
        own: inventory.own_files()?.into_iter().collect(),
    };
    let visited = Mutex::new(Vec::new());
    writer::with(inventory, scan, |records| {
        context.threads.install(|| {
            shards(&share, listing)
                .par_bridge()
                .try_for_each(|shard| {
                    let unlistable = shard.entries.iter().find_map(|(_, found)| match found.entry {
                        Entry::Unlistable(reason) => Some(reason),
                        _ => None,
                    });
                    let mut visited = visited.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
                    visited.push((shard.number, shard.key.clone(), unlistable));
                    drop(visited);
                    match share.done.get(&shard.key) {
                        // Recorded before the scan was killed, and nothing has changed since.
                        Some((fingerprint, tally)) if *fingerprint == shard.fingerprint => {
                            context.observer.observe(Event::Asset { tally, results: &[] });
                            Ok(())
                        }
                        _ => records.send(examine_shard(&share, shard)),
                    }
                })
                // A writer that has stopped gives its own error.
                .unwrap_or(());
        });
    })?;
    let mut visited = visited.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
    // The first in the listing, whichever thread was first.
    visited.sort_unstable_by_key(|(number, ..)| *number);
    let unlistable = visited.iter().find_map(|(.., unlistable)| *unlistable);
    let keys = visited.into_iter().map(|(_, key, _)| key).collect();
    let state = if unlistable.is_some() { StoreState::Partial } else { StoreState::Complete };
    Ok(Visited { state, reason: unlistable, shards: keys, trouble: None, connection: None })
}

/// Cuts the listing into shards as it is read.
fn shards<'s>(
    share: &'s Share<'s>,
    mut listing: impl Iterator<Item = Found> + Send + 's,
) -> impl Iterator<Item = Shard> + Send + 's {
    let (mut places, mut folders) = (Places::default(), Places::default());
    let mut numbers = 0..;
    std::iter::from_fn(move || {
        let (mut entries, mut access) = (Vec::new(), Vec::new());
        let mut bytes: u64 = 0;
        while entries.len() < ENTRIES_PER_SHARD && access.len() < ENTRIES_PER_SHARD && bytes < BYTES_PER_SHARD {
            let Some(found) = listing.next() else { break };
            if let Entry::Folder(seen) = found.entry {
                access.push(AccessSeen {
                    locator: folder_place(share, &mut folders, &found),
                    is_folder: true,
                    access: seen,
                });
                continue;
            }
            let asset = asset(share, &mut places, &found);
            if let Entry::File { stat, access: seen, .. } = found.entry {
                bytes = bytes.saturating_add(stat.size);
                access.push(AccessSeen { locator: asset.locator.clone(), is_folder: false, access: seen });
            }
            entries.push((asset, found));
        }
        let first_entry = entries.first().map(|(asset, _)| asset.locator.as_str());
        // Folders without a file in them make a shard of their own; no file is called like it, since they end in `/`.
        let first = first_entry.or_else(|| access.first().map(|seen| seen.locator.as_str()))?;
        let key = stable_id("s", &[&share.store.name, first]);
        let number = numbers.next()?;
        Some(Shard { number, key, fingerprint: fingerprint(&entries, &access), entries, access })
    })
}

/// The place of a folder, which ends in `/`; the root of the share is `/`.
fn folder_place(share: &Share<'_>, folders: &mut Places, found: &Found) -> Locator {
    let engine = share.context.engine;
    let published = names::publish(&engine.pack, engine.key, &found.relative);
    Locator::stored(format!("{}/", folders.of_unique(&published)))
}

fn asset(share: &Share<'_>, places: &mut Places, found: &Found) -> Asset {
    let engine = share.context.engine;
    let published = names::publish(&engine.pack, engine.key, &found.relative);
    let (kind, stat) = match found.entry {
        Entry::File { stat, .. } => (AssetKind::File, Some(stat)),
        Entry::NotAFile(_) => (AssetKind::File, None),
        Entry::Unlistable(_) | Entry::Folder(_) => (AssetKind::Object, None),
    };
    Asset { store: share.store.name.clone(), locator: places.of_unique(&published), kind, parent: None, stat }
}

fn fingerprint(entries: &[(Asset, Found)], access: &[AccessSeen]) -> String {
    let listed = entries.iter().map(|(asset, found)| format!("{} {:?}", asset.locator, found.entry));
    let folders = access.iter().filter(|seen| seen.is_folder).map(|seen| format!("{seen:?}"));
    let described: Vec<String> = listed.chain(folders).collect();
    stable_id("f", &described.iter().map(String::as_str).collect::<Vec<_>>())
}

fn examine_shard(share: &Share<'_>, shard: Shard) -> ShardBatch {
    // Collected in the order of the entries, whichever thread was first.
    let looked: Vec<Looked> = shard.entries.par_iter().map(|(asset, found)| look(share, asset, found)).collect();
    let mut batch = ShardBatch {
        key: shard.key,
        fingerprint: shard.fingerprint,
        store: share.store.name.clone(),
        fresh: Vec::new(),
        unchanged: Vec::new(),
        access: shard.access,
    };
    for one in looked {
        match one {
            Looked::Fresh(results) => batch.fresh.extend(results),
            Looked::Unchanged(results, _) => batch.unchanged.extend(results),
        }
    }
    batch
}

fn look(share: &Share<'_>, asset: &Asset, found: &Found) -> Looked {
    let looked = match found.entry {
        Entry::NotAFile(reason) | Entry::Unlistable(reason) => {
            Looked::Fresh(vec![Examined::unread(asset.clone(), reason)])
        }
        Entry::File { stat, device, .. } => look_at_file(share, asset, found, stat, device),
        // Folders are no assets and never get here: `shards` takes them out.
        Entry::Folder(_) => Looked::Fresh(Vec::new()),
    };
    match &looked {
        Looked::Fresh(results) => {
            let mut tally = Tally::default();
            for examined in results {
                tally.count(examined);
            }
            share.context.observer.observe(Event::Asset { tally: &tally, results });
        }
        Looked::Unchanged(_, tally) => share.context.observer.observe(Event::Asset { tally, results: &[] }),
    }
    looked
}

fn look_at_file(share: &Share<'_>, asset: &Asset, found: &Found, stat: Stat, device: u64) -> Looked {
    let file = FileToExamine { path: &found.path, asset: asset.clone(), relative: &found.relative };
    if share.own.contains(&(device, stat.inode)) {
        return Looked::Fresh(vec![examine::unread(&file, Reason::OwnFile)]);
    }
    if share.context.plan.exclude.covers(&found.relative) {
        return Looked::Fresh(vec![examine::unread(&file, Reason::Excluded)]);
    }
    if let Some(known) = share.known.get(&asset.locator).filter(|known| known.stat == stat) {
        return Looked::Unchanged(known.results.clone(), known.tally);
    }
    Looked::Fresh(read(share.context, &file))
}

/// Opens the file far enough to know its format, then gives it to whoever reads that.
pub(super) fn read(context: &Context<'_>, file: &FileToExamine<'_>) -> Vec<Examined> {
    let head = match open::file::head(file.path, context.engine.limits.head_bytes) {
        Ok(head) => head,
        Err(reason) => return vec![examine::unread(file, reason)],
    };
    if is_inventory(&head) {
        return vec![examine::unread(file, Reason::OwnFile)];
    }
    let format = sniff::format(&sniff::name_of(file.path), &head);
    match &context.guards {
        Some(guards) if extract::is_guarded(format) => guards.examine(file),
        _ if format == Format::Sqlite => super::database::scan_file(context, file),
        _ => examine::file(context.engine, file),
    }
}
