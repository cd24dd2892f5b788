//! Scans a database: one shard a table; and a SQLite file that lies in a share.

use rayon::prelude::*;

use crate::detect::names;
use crate::discover::database::{Database, DatabaseTarget, Listing, TableFacts};
use crate::extract::rows;
use crate::inventory::{Inventory, ShardBatch, writer};
use crate::model::{
    Asset, AssetKind, ClassId, Examined, Locator, Measure, Reason, ScanId, Store, StoreState, Tally, stable_id,
};

use super::examine::{self, FileToExamine};
use super::{Context, Error, Event, Visited};

pub(super) fn scan(
    context: &Context<'_>,
    inventory: &mut dyn Inventory,
    scan: ScanId,
    store: &Store,
    target: &DatabaseTarget,
) -> Result<Visited, Error> {
    let database = context.connector.connect(target)?;
    let Listing { tables, unlistable } = database.tables()?;
    let reason = unlistable.first().map(|(_, reason)| *reason);
    let keys: Vec<String> = tables
        .iter()
        .map(|table| stable_id("s", &[&store.name, &table.raw_locator()]))
        .chain(std::iter::once(stable_id("s", &[&store.name])))
        .collect();
    let done = inventory.shards_done(scan)?;
    writer::with(inventory, scan, |records| {
        let unlisted = records.send(ShardBatch {
            key: stable_id("s", &[&store.name]),
            fingerprint: String::new(),
            store: store.name.clone(),
            fresh: unlistable.iter().map(|(name, reason)| unlisted(context, store, name, *reason)).collect(),
            unchanged: Vec::new(),
        });
        let listed = context.threads.install(|| {
            tables.par_iter().zip(&keys).try_for_each(|(table, key)| {
                let fingerprint = fingerprint(table);
                match done.get(key) {
                    // Recorded before the scan was killed, with the same columns, rows and bytes.
                    Some((before, tally)) if *before == fingerprint => {
                        context.observer.observe(Event::Asset { tally });
                        Ok(())
                    }
                    _ => records.send(ShardBatch {
                        key: key.clone(),
                        fingerprint,
                        store: store.name.clone(),
                        fresh: vec![examine_table(context, &database, table, &store.name, None)],
                        unchanged: Vec::new(),
                    }),
                }
            })
        });
        // A writer that has stopped gives its own error.
        unlisted.and(listed).unwrap_or(());
    })?;
    let state = if reason.is_some() { StoreState::Partial } else { StoreState::Complete };
    Ok(Visited { state, reason, shards: keys })
}

/// A schema or database that the login may see but not list.
fn unlisted(context: &Context<'_>, store: &Store, name: &str, reason: Reason) -> Examined {
    let name = names::publish(&context.engine.pack, context.engine.key, name.as_bytes()).name;
    let asset = Asset {
        store: store.name.clone(),
        locator: Locator::of(&name),
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
    let listed = context.connector.open_sqlite_file(file.path).and_then(|database| {
        let listing = database.tables()?;
        Ok((database, listing))
    });
    let (database, listing) = match listed {
        Ok(listed) => listed,
        Err(error) => {
            let reason = error.reason();
            container.status = reason.status();
            container.reason = Some(reason);
            return vec![container];
        }
    };
    let members: Vec<Examined> = listing
        .tables
        .iter()
        .map(|table| examine_table(context, &database, table, &file.asset.store, Some(&file.asset.locator)))
        .collect();
    let mut container = examine::container(context.engine, container, file.relative);
    examine::take_category_of_members(&mut container, &members);
    container.reason = listing.unlistable.first().map(|(_, reason)| *reason);
    let mut results = vec![container];
    results.extend(members);
    results
}

fn examine_table(
    context: &Context<'_>,
    database: &Database,
    table: &TableFacts,
    store: &str,
    container: Option<&Locator>,
) -> Examined {
    let engine = context.engine;
    let publish = |raw: &str| names::publish(&engine.pack, engine.key, raw.as_bytes()).name;
    let parts = table.database.iter().chain([&table.schema, &table.name]);
    let name = publish(&parts.map(|part| quoted(part)).collect::<Vec<_>>().join("."));
    let asset = Asset {
        store: store.to_owned(),
        locator: container.map_or_else(|| Locator::of(&name), |container| container.member(&name)),
        kind: table.kind,
        parent: container.cloned(),
        stat: None,
    };
    let sampling = examine::sampling(engine);
    let mut examined = examine::table(engine, asset, table, |each| rows::extract(database, table, &sampling, each));
    count_when_filed(context, database, table, &mut examined);
    if container.is_none() {
        let mut tally = Tally::default();
        tally.count(&examined);
        context.observer.observe(Event::Asset { tally: &tally });
    }
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

/// What of a table's facts decides whether a shard recorded before a kill still stands.
fn fingerprint(table: &TableFacts) -> String {
    let measure = |measure: Option<Measure>| measure.map_or(String::new(), |measure| measure.value.to_string());
    stable_id("f", &[&measure(table.records), &measure(table.bytes), &table.columns.len().to_string()])
}
