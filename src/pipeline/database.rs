//! Scans a database: one shard a table; and a SQLite file that lies in a share.

use rayon::prelude::*;

use crate::detect::names;
use crate::discover::database::{self, DatabaseTarget, Listing, TableFacts};
use crate::inventory::{Inventory, ShardBatch, writer};
use crate::model::{Asset, AssetKind, Examined, Measure, Reason, ScanId, Store, StoreState, Tally, stable_id};
use crate::open;

use super::conclude;
use super::examine::{self, FileToExamine};
use super::line::Line;
use super::places::Places;
use super::surveyed::{self, Surveyed};
use super::{Context, Error, Event, Visited, table};

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
        let left_out =
            Examined::unread(surveyed::asset(context.engine, table, &store.name, &mut places, None), Reason::Excluded);
        tell(context, &left_out);
        left_out
    });
    let unlisted: Vec<Examined> = left_out.chain(unlisted).collect();
    let assets: Vec<Asset> =
        tables.iter().map(|table| surveyed::asset(context.engine, table, &store.name, &mut places, None)).collect();
    let keys: Vec<String> = assets
        .iter()
        .map(|asset| stable_id("s", &[&store.name, asset.locator.as_str()]))
        .chain(std::iter::once(stable_id("s", &[&store.name])))
        .collect();
    let done = inventory.shards_done(scan)?;
    let survey = surveyed::survey(context.engine, &tables, &assets);
    let digest = surveyed::digest(&tables);
    let answers = || open::table::answers(&database);
    let line = Line::new(target.timeouts.reconnect, &answers);
    writer::with(inventory, scan, |records| {
        let sent = records.send(batch(store, stable_id("s", &[&store.name]), String::new(), unlisted));
        let listed = context.threads.install(|| {
            tables.par_iter().zip(&assets).zip(&keys).enumerate().try_for_each(|(number, ((facts, asset), key))| {
                let facts = &Surveyed::new(facts, &survey, number);
                let fingerprint = fingerprint(facts, &digest);
                match done.get(key) {
                    // Recorded before the scan was killed, with the same columns, rows and bytes.
                    Some((before, tally)) if *before == fingerprint => {
                        context.observer.observe(Event::Asset { tally, results: &[] });
                        Ok(())
                    }
                    _ => {
                        let examine = || table::examine(context, &database, facts, asset.clone());
                        let examined = line.persist(examine, |examined| examined.reason);
                        let examined = examined
                            .unwrap_or_else(|| examine::unread_table(asset.clone(), facts, Reason::Unreachable));
                        tell(context, &examined);
                        // What may come out better is not done: a scan that is taken up again asks again.
                        let is_lasting = examined.reason.is_none_or(Reason::is_lasting);
                        let fingerprint = if is_lasting { fingerprint } else { String::new() };
                        records.send(batch(store, key.clone(), fingerprint, vec![examined]))
                    }
                }
            })
        });
        // A writer that has stopped gives its own error.
        sent.and(listed).unwrap_or(());
    })?;
    let unread = line.unread();
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

/// The result of one shard.
fn batch(store: &Store, key: String, fingerprint: String, fresh: Vec<Examined>) -> ShardBatch {
    ShardBatch { key, fingerprint, store: store.name.clone(), fresh, unchanged: Vec::new(), access: Vec::new() }
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
    let assets: Vec<Asset> = tables
        .iter()
        .map(|table| surveyed::asset(context.engine, table, &file.asset.store, &mut places, locator))
        .collect();
    let survey = surveyed::survey(context.engine, tables, &assets);
    let members: Vec<Examined> = tables
        .iter()
        .zip(assets)
        .enumerate()
        .map(|(number, (facts, asset))| {
            table::examine(context, &database, &Surveyed::new(facts, &survey, number), asset)
        })
        .collect();
    let mut container = examine::container(context.engine, container, file.relative);
    conclude::take_category_of_members(&mut container, &members);
    container.reason = listing.unlistable.first().map(|(_, reason)| *reason);
    let mut results = vec![container];
    results.extend(members);
    results
}

/// Tells the observer of a table.
fn tell(context: &Context<'_>, examined: &Examined) {
    let mut tally = Tally::default();
    tally.count(examined);
    context.observer.observe(Event::Asset { tally: &tally, results: std::slice::from_ref(examined) });
}

/// What of a table's facts, and of the names of all tables, decides whether a shard recorded before a kill still stands.
fn fingerprint(table: &TableFacts, listing: &str) -> String {
    let measure = |measure: Option<Measure>| measure.map_or(String::new(), |measure| measure.value.to_string());
    stable_id("f", &[&measure(table.records), &measure(table.bytes), &table.columns.len().to_string(), listing])
}
