//! Everything that a comparison looks at, read from the inventory once.

use std::collections::{BTreeMap, BTreeSet};

use crate::catalog::ClassCollector;
use crate::catalog::class::Class;
use crate::change::moved::{Relocated, Trace, relocated};
use crate::change::{Counted, History, Recount, Scaled, Seen};
use crate::cli::classes::{classes_at, classes_by_hand};
use crate::cli::session::Session;
use crate::inventory::{Inventory, StoreNow};
use crate::model::{AssetKind, ClassId, FiledEntry, Filing, Level, ManualClass, ScanId};

use super::past::{Since, results, seen, since};

/// What was found, by store or class.
pub(crate) struct Gathered {
    /// The classes of now.
    pub(crate) now: Vec<Class>,
    /// What the results since the filing said.
    pub(crate) history: History,
    /// The classes of which now hides something.
    pub(super) hidden: BTreeSet<ClassId>,
    /// The rules and the regime that the present result of each store was made with.
    pub(super) versions: BTreeMap<String, (String, String)>,
    /// The filed data as the rules of now count it, of stores whose rules have changed.
    pub(super) recounted: BTreeMap<String, BTreeMap<String, Class>>,
    /// Filed classes whose data stand in another class now.
    pub(super) relocated: BTreeMap<ClassId, Relocated>,
}

impl Gathered {
    /// The figure that a measure of a filed entry is held against: as it was filed, or as the rules of now count the same
    /// data. `None` where it was not filed.
    pub(crate) fn base(&self, entry: &FiledEntry, measure: Scaled) -> Option<u64> {
        let filed = match measure {
            Scaled::Records => entry.records,
            Scaled::Bytes => entry.bytes,
            Scaled::Subjects => entry.subjects,
        }?;
        let Some(classes) = self.recounted.get(&entry.store).filter(|_| !entry.is_imported()) else {
            return Some(filed.value);
        };
        let scale = classes.get(&entry.id).map(|class| &class.scale);
        let figure = scale.and_then(|scale| match measure {
            Scaled::Records => scale.records_distinct,
            Scaled::Bytes => scale.bytes,
            Scaled::Subjects => scale.subjects_filed(),
        });
        Some(figure.map_or(0, |figure| figure.value))
    }
}

/// Reads what a comparison with a filing looks at. `stores` have their latest complete result.
pub(crate) fn gather(session: &mut Session, filing: &Filing, stores: &[StoreNow]) -> anyhow::Result<Gathered> {
    let versions = versions(session, stores)?;
    let mut gathered = Gathered {
        now: Vec::new(),
        history: History::new(),
        hidden: BTreeSet::new(),
        versions,
        recounted: BTreeMap::new(),
        relocated: BTreeMap::new(),
    };
    let mut filed_scans: BTreeMap<String, ScanId> = BTreeMap::new();
    for now in stores {
        let store = &now.store.name;
        let Some(scan) = now.scan else { continue };
        let mut classes = None;
        if filing.entries.iter().any(|entry| entry.store == *store) {
            let since = since(session, filing, store)?;
            if let Some(filed) = since.filed {
                filed_scans.insert(store.clone(), filed);
            }
            classes = past(session, filing, (scan, store), &since, &mut gathered)?;
        }
        let classes = match classes {
            Some(classes) => classes,
            None => classes_at(session, &[(scan, store.clone())], &mut |_| ())?,
        };
        gathered.now.extend(classes);
    }
    gathered.now.extend(classes_by_hand(session)?);
    for (id, row) in session.inventory()?.manual_classes()?.into_iter().map(|row| (row.id(), row)) {
        gathered.history.entry(id.0).or_default().push(seen_by_hand(&row));
    }
    for (store, filed) in &filed_scans {
        let now = stores.iter().find(|now| now.store.name == *store).and_then(|now| now.scan);
        let (Some(now), true) = (now, has_other_rules(filing, store, &gathered.versions)) else { continue };
        let classes = recount(session, store, *filed, now)?;
        gathered
            .recounted
            .insert(store.clone(), classes.into_iter().map(|class| (class.id.0.clone(), class)).collect());
    }
    gathered.relocated = relocations(session, filing, stores, &gathered.now, &filed_scans)?;
    Ok(gathered)
}

/// What a person counted on a day, as a result of a scan would be told.
fn seen_by_hand(row: &ManualClass) -> Seen {
    Seen {
        // It ended when the person said so, whenever it was last counted.
        date: if row.ended { row.date.clone() } else { row.as_of.clone() },
        present: Some(!row.ended),
        records: row.records,
        bytes: row.bytes,
        subjects: row.subjects,
        counted: Counted::AsFiled,
    }
}

/// Adds what the results of a store since the filing said; gives the classes of `now`, where it is one of them.
fn past(
    session: &mut Session,
    filing: &Filing,
    (now, store): (ScanId, &str),
    since: &Since,
    gathered: &mut Gathered,
) -> anyhow::Result<Option<Vec<Class>>> {
    let mut scans = results(session, filing, store, since)?;
    gathered.hidden.extend(scans.last().into_iter().flat_map(|scan| scan.hidden.iter().cloned()));
    let filed = filing.entries.iter().filter(|entry| entry.store == store).map(|entry| entry.id.clone());
    let seen_since = scans.iter().flat_map(|scan| &scan.classes).map(|class| class.id.0.clone());
    for id in filed.chain(seen_since).collect::<BTreeSet<String>>() {
        gathered.history.insert(id.clone(), scans.iter().map(|scan| seen(scan, &id)).collect());
    }
    Ok(scans.pop().filter(|scan| scan.scan == now).map(|scan| scan.classes))
}

/// What the present result of each store was made with.
fn versions(session: &mut Session, stores: &[StoreNow]) -> anyhow::Result<BTreeMap<String, (String, String)>> {
    let scans = session.inventory()?.scans()?;
    let of_store = |now: &StoreNow| {
        let scan = scans.iter().find(|scan| Some(scan.id) == now.scan)?;
        Some((now.store.name.clone(), (scan.versions.rules.clone(), scan.versions.regime.clone())))
    };
    Ok(stores.iter().filter_map(of_store).collect())
}

fn has_other_rules(filing: &Filing, store: &str, versions: &BTreeMap<String, (String, String)>) -> bool {
    let Some((rules, regime)) = versions.get(store) else { return false };
    let entries = filing.entries.iter().filter(|entry| entry.store == store && !entry.is_imported());
    entries.into_iter().any(|entry| (&entry.rules_version, &entry.regime_version) != (rules, regime))
}

/// The filed data of a store as the rules of now count it.
fn recount(session: &mut Session, store: &str, filed: ScanId, now: ScanId) -> anyhow::Result<Vec<Class>> {
    let regime = session.regime().clone();
    let enterprise = session.configuration().enterprise.clone();
    let inventory = session.inventory()?;
    let decisions = inventory.decisions()?;
    let mut recount = Recount::new(ClassCollector::new(&regime, &enterprise));
    inventory.figures_at(now, store, &mut |record| recount.look_at_now(&record))?;
    inventory.figures_at(filed, store, &mut |record| recount.look_at_filed(&record))?;
    inventory.figures_at(now, store, &mut |record| recount.take_now(record))?;
    inventory.figures_at(filed, store, &mut |record| recount.take_filed(record))?;
    Ok(recount.into_collector().finish(&decisions))
}

/// Where the data of filed classes went that are gone. Only read where there are both such classes and new ones.
fn relocations(
    session: &mut Session,
    filing: &Filing,
    stores: &[StoreNow],
    now: &[Class],
    filed_scans: &BTreeMap<String, ScanId>,
) -> anyhow::Result<BTreeMap<ClassId, Relocated>> {
    let is_there = |id: &str| now.iter().any(|class| class.id.0 == id);
    let gone: BTreeSet<&str> =
        filing.entries.iter().map(|entry| entry.id.as_str()).filter(|id| !is_there(id)).collect();
    let is_filed = |class: &Class| class.level.effective().is_some_and(Level::is_filed);
    if gone.is_empty() || !now.iter().any(is_filed) {
        return Ok(BTreeMap::new());
    }
    let gone_stores: BTreeSet<&str> = filing
        .entries
        .iter()
        .filter(|entry| gone.contains(entry.id.as_str()))
        .map(|entry| entry.store.as_str())
        .collect();
    let wanted: BTreeSet<&str> = now.iter().filter(|class| is_filed(class)).map(|class| class.id.0.as_str()).collect();
    let wanted_stores: BTreeSet<&str> =
        now.iter().filter(|class| is_filed(class)).map(|class| class.store.as_str()).collect();
    let inventory = session.inventory()?;
    let mut before = Vec::new();
    for store in gone_stores {
        let Some(scan) = filed_scans.get(store) else { continue };
        before.extend(traces(inventory, *scan, store, &gone)?);
    }
    if before.is_empty() {
        return Ok(BTreeMap::new());
    }
    let mut after = Vec::new();
    for now in stores.iter().filter(|now| wanted_stores.contains(now.store.name.as_str())) {
        let Some(scan) = now.scan else { continue };
        after.extend(traces(inventory, scan, &now.store.name, &wanted)?);
    }
    Ok(relocated(&before, &after))
}

/// The assets of some classes in a store. A container stands for nothing where its members have a category, as in the
/// sums of a class: its bytes are theirs.
fn traces(
    inventory: &mut dyn Inventory,
    scan: ScanId,
    store: &str,
    classes: &BTreeSet<&str>,
) -> anyhow::Result<Vec<Trace>> {
    let mut traces = Vec::new();
    let mut displaced: BTreeSet<String> = BTreeSet::new();
    inventory.assets_at(scan, store, &mut |record| {
        let asset = &record.examined.asset;
        if let Some(container) =
            asset.parent.as_ref().filter(|_| record.category.is_some() && asset.kind != AssetKind::View)
        {
            displaced.insert(container.as_str().to_owned());
        }
        traces.extend(Trace::of(&record).filter(|trace| classes.contains(trace.class.0.as_str())));
    })?;
    traces.retain(|trace| !displaced.contains(&trace.place.1));
    Ok(traces)
}
