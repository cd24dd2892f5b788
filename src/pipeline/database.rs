//! Scans a database: one shard a table; and a SQLite file that lies in a share.

use std::sync::atomic::{AtomicUsize, Ordering};

use rayon::prelude::*;

use crate::detect::names;
use crate::discover::database::{self, Database, DatabaseTarget, Listing, TableFacts};
use crate::extract::rows;
use crate::inventory::{Inventory, ShardBatch, writer};
use crate::model::{
    Asset, AssetKind, ClassId, Examined, Fragment, Locator, Measure, Reason, ScanId, Store, StoreState, Tally,
    stable_id,
};

use super::examine::{self, FileToExamine};
use super::places::Places;
use super::surveyed::{self, Surveyed};
use super::{Context, Error, Event, Visited};

pub(super) fn scan(
    context: &Context<'_>,
    inventory: &mut dyn Inventory,
    scan: ScanId,
    store: &Store,
    target: &DatabaseTarget,
) -> Result<Visited, Error> {
    let database = context.connector.connect(target)?;
    let connection = database.connection();
    context.observer.observe(Event::Connected { store: &store.name, connection });
    let Listing { tables, excluded, unlistable } = database.tables()?;
    // What a person leaves out is not missing.
    let reason = unlistable.iter().map(|(_, reason)| *reason).find(|reason| *reason != Reason::Excluded);
    let mut places = Places::default();
    let unlisted: Vec<Examined> =
        unlistable.iter().map(|(name, reason)| self::unlisted(context, store, &mut places, name, *reason)).collect();
    let left_out = excluded.iter().map(|table| {
        count(context, Examined::unread(asset(context, table, &store.name, &mut places, None), Reason::Excluded))
    });
    let unlisted: Vec<Examined> = left_out.chain(unlisted).collect();
    let assets: Vec<Asset> = tables.iter().map(|table| asset(context, table, &store.name, &mut places, None)).collect();
    let keys: Vec<String> = assets
        .iter()
        .map(|asset| stable_id("s", &[&store.name, asset.locator.as_str()]))
        .chain(std::iter::once(stable_id("s", &[&store.name])))
        .collect();
    let done = inventory.shards_done(scan)?;
    let survey = surveyed::survey(context.engine, &tables, &assets);
    let digest = surveyed::digest(&tables);
    let line = Line::default();
    writer::with(inventory, scan, |records| {
        let sent = records.send(ShardBatch {
            key: stable_id("s", &[&store.name]),
            fingerprint: String::new(),
            store: store.name.clone(),
            fresh: unlisted,
            unchanged: Vec::new(),
            access: Vec::new(),
        });
        let listed = context.threads.install(|| {
            tables.par_iter().zip(&assets).zip(&keys).enumerate().try_for_each(|(number, ((table, asset), key))| {
                let table = &Surveyed::new(table, &survey, number);
                let fingerprint = fingerprint(table, &digest);
                match done.get(key) {
                    // Recorded before the scan was killed, with the same columns, rows and bytes.
                    Some((before, tally)) if *before == fingerprint => {
                        context.observer.observe(Event::Asset { tally, results: &[] });
                        Ok(())
                    }
                    _ => {
                        let examined = if line.is_dead() {
                            count(context, examine::unread_table(asset.clone(), table, Reason::Unreachable))
                        } else {
                            examine_table(context, &database, table, asset.clone())
                        };
                        line.note(examined.reason);
                        // What may come out better is not done: a scan that is taken up again asks again.
                        let is_lasting = examined.reason.is_none_or(Reason::is_lasting);
                        records.send(ShardBatch {
                            key: key.clone(),
                            fingerprint: if is_lasting { fingerprint } else { String::new() },
                            store: store.name.clone(),
                            fresh: vec![examined],
                            unchanged: Vec::new(),
                            access: Vec::new(),
                        })
                    }
                }
            })
        });
        // A writer that has stopped gives its own error.
        sent.and(listed).unwrap_or(());
    })?;
    let unread = line.unread.into_inner();
    let state = match () {
        // It went away before any table was read: as if it had not answered at all.
        () if unread > 0 && unread == tables.len() => StoreState::Unreachable,
        () if unread > 0 || reason.is_some() => StoreState::Partial,
        () => StoreState::Complete,
    };
    let lost = (unread > 0).then_some(Reason::Unreachable);
    let trouble = lost.map(|_| database::Error::Unreachable { store: database.store().to_owned() }.into());
    Ok(Visited {
        state,
        reason: lost.or(reason),
        shards: keys,
        trouble,
        connection: Some(database.connection().clone()),
    })
}

/// Whether the server still answers.
#[derive(Default)]
struct Line {
    /// Tables for which it did not, all together.
    unread: AtomicUsize,
    /// The same, since it last answered.
    in_a_row: AtomicUsize,
}

impl Line {
    /// So many tables in a row without an answer, and no more are asked for: each may take as long as a connection may
    /// take to come about. One broken connection costs one table.
    const PATIENCE: usize = 8;

    fn is_dead(&self) -> bool {
        self.in_a_row.load(Ordering::Relaxed) >= Self::PATIENCE
    }

    fn note(&self, reason: Option<Reason>) {
        if reason == Some(Reason::Unreachable) {
            self.unread.fetch_add(1, Ordering::Relaxed);
            self.in_a_row.fetch_add(1, Ordering::Relaxed);
        } else {
            self.in_a_row.store(0, Ordering::Relaxed);
        }
    }
}

/// A schema or database that the login may see but not list.
fn unlisted(context: &Context<'_>, store: &Store, places: &mut Places, name: &str, reason: Reason) -> Examined {
    let published = names::publish(&context.engine.pack, context.engine.key, name.as_bytes());
    let asset = Asset {
        store: store.name.clone(),
        locator: places.of_unique(&published),
        kind: AssetKind::Object,
        parent: None,
        stat: None,
    };
    Examined::unread(asset, reason)
}

/// Reads a SQLite file of a share: the file is the container, its tables are the members.
pub(super) fn scan_file(context: &Context<'_>, file: &FileToExamine<'_>) -> Vec<Examined> {
    let mut container = examine::unread(file, Reason::Corrupt);
    container.format = Some("sqlite".to_owned());
    let listed = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        let database = context.connector.open_sqlite_file(file.path)?;
        let listing = database.tables()?;
        Ok((database, listing))
    }));
    let listed = match listed {
        Ok(listed) => listed.map_err(|error: database::Error| error.reason()),
        Err(_) => Err(Reason::Crashed),
    };
    let (database, listing) = match listed {
        Ok(listed) => listed,
        Err(reason) => {
            container.status = reason.status();
            container.reason = Some(reason);
            return vec![container];
        }
    };
    let mut places = Places::default();
    let tables = &listing.tables;
    let locator = Some(&file.asset.locator);
    let assets: Vec<Asset> =
        tables.iter().map(|table| asset(context, table, &file.asset.store, &mut places, locator)).collect();
    let survey = surveyed::survey(context.engine, tables, &assets);
    let members: Vec<Examined> = tables
        .iter()
        .zip(assets)
        .enumerate()
        .map(|(number, (table, asset))| {
            examine_table(context, &database, &Surveyed::new(table, &survey, number), asset)
        })
        .collect();
    let mut container = examine::container(context.engine, container, file.relative);
    examine::take_category_of_members(&mut container, &members);
    container.reason = listing.unlistable.first().map(|(_, reason)| *reason);
    let mut results = vec![container];
    results.extend(members);
    results
}

fn asset(
    context: &Context<'_>,
    table: &TableFacts,
    store: &str,
    places: &mut Places,
    container: Option<&Locator>,
) -> Asset {
    let parts = table.database.iter().chain([&table.schema, &table.name]);
    let raw = parts.map(|part| quoted(part)).collect::<Vec<_>>().join(".");
    let published = names::publish(&context.engine.pack, context.engine.key, raw.as_bytes());
    let locator = match container {
        None => places.of_unique(&published),
        Some(container) => places.unused(container.member(&published.name)),
    };
    Asset { store: store.to_owned(), locator, kind: table.kind, parent: container.cloned(), stat: None }
}

fn examine_table(context: &Context<'_>, database: &Database, table: &Surveyed<'_>, asset: Asset) -> Examined {
    let engine = context.engine;
    let is_member = asset.parent.is_some();
    let sampling = examine::sampling(engine);
    let examined = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        let rows = |each: &mut dyn FnMut(Fragment<'_>)| rows::extract(database, table, &sampling, each);
        let mut examined = examine::table(engine, asset.clone(), table, rows);
        count_when_filed(context, database, table, &mut examined);
        examined
    }));
    // A driver that stumbles over what a server or a damaged file gives costs this one table.
    let examined = examined.unwrap_or_else(|_| examine::unread_table(asset, table, Reason::Crashed));
    if is_member { examined } else { count(context, examined) }
}

/// Tells the observer of a table.
fn count(context: &Context<'_>, examined: Examined) -> Examined {
    let mut tally = Tally::default();
    tally.count(&examined);
    context.observer.observe(Event::Asset { tally: &tally, results: std::slice::from_ref(&examined) });
    examined
}

/// A filed class is measured exactly, however large its tables: the 30 % rule allows no estimate.
fn count_when_filed(context: &Context<'_>, database: &Database, table: &TableFacts, examined: &mut Examined) {
    let is_estimate = examined.records.is_some_and(|records| !records.exact);
    let best = examined.classification.as_ref().and_then(|classification| classification.best.as_ref());
    let Some(best) = best.filter(|_| is_estimate) else { return };
    let class = ClassId::of(best.id.as_str(), &examined.asset.store);
    if context.plan.filed.contains(&class)
        && let Ok(counted) = database.count(table)
    {
        examined.records = Some(counted);
    }
}

/// A dot in a name must not look like the one between schema and table.
fn quoted(name: &str) -> String {
    if name.contains(['.', '"']) { format!("\"{}\"", name.replace('"', "\"\"")) } else { name.to_owned() }
}

/// What of a table's facts, and of the names of all tables, decides whether a shard recorded before a kill still stands.
fn fingerprint(table: &TableFacts, listing: &str) -> String {
    let measure = |measure: Option<Measure>| measure.map_or(String::new(), |measure| measure.value.to_string());
    stable_id("f", &[&measure(table.records), &measure(table.bytes), &table.columns.len().to_string(), listing])
}
