//! The wiring of a scan, and nothing else. Read [`scan`] first.
//!
//! A scan is a set of shards (a part of a tree, a table); each gives a mergeable result that is written in one
//! batch, idempotent by (scan, shard). A scan that was killed is taken up again by running it again.

mod beginning;
mod conclude;
mod database;
mod dumped;
mod engine;
mod error;
mod examination;
mod examine;
mod exclusion;
mod files;
mod guard;
mod left_out;
mod line;
mod observer;
mod places;
mod share;
mod surveyed;
mod table;

use std::collections::BTreeSet;
use std::path::PathBuf;

use rayon::ThreadPool;

pub use engine::{DetectorChoice, Engine, EngineOptions};
pub use error::Error;
pub use exclusion::Exclusion;
pub use files::examine_files;
pub use guard::{GuardCommand, run_child};
pub use observer::{Event, Observer, Silent};

use crate::discover::database::{Connector, DatabaseTarget};
use crate::inventory::{Inventory, ScanPlan};
use crate::model::{ClassId, Connection, Reason, ScanId, Store, StoreResult, StoreState, Tally, stable_id};

/// What to scan, and with what.
#[derive(Default)]
pub struct Plan {
    /// The stores, in the order in which they were named.
    pub targets: Vec<Target>,
    /// Threads that read and detect.
    pub jobs: usize,
    /// How to start a guarded child; `None` reads everything in this process.
    pub guard: Option<GuardCommand>,
    /// Paths below a share's root that are left out.
    pub exclude: Exclusion,
    /// The classes of accepted filings: their tables are counted, never estimated.
    pub filed: BTreeSet<ClassId>,
    /// The time that the scan begins, RFC 3339.
    pub now: String,
}

/// One store and how to get at it.
pub struct Target {
    /// The store as the inventory knows it.
    pub store: Store,
    /// The way in.
    pub access: Access,
}

/// The way into a store.
pub enum Access {
    /// A folder or a single file.
    Share(PathBuf),
    /// A database.
    Database(Box<DatabaseTarget>),
}

/// What came of a scan.
pub struct Outcome {
    /// Its id.
    pub scan: ScanId,
    /// Counts over all its stores.
    pub tally: Tally,
    /// How each store ended, in the order of the plan.
    pub stores: Vec<StoreResult>,
    /// What a person should be told of stores that could not be reached: one sentence each.
    pub troubles: Vec<Error>,
}

/// What the stages of one scan share.
struct Context<'a> {
    engine: &'a Engine,
    plan: &'a Plan,
    guards: Option<guard::Pool<'a>>,
    connector: &'a Connector,
    threads: &'a ThreadPool,
    observer: &'a dyn Observer,
}

/// Scans every store of the plan and records what was found.
pub fn scan(
    plan: &Plan,
    engine: &Engine,
    inventory: &mut dyn Inventory,
    observer: &dyn Observer,
) -> Result<Outcome, Error> {
    guard::forbid_core_dumps();
    let threads = rayon::ThreadPoolBuilder::new().num_threads(plan.jobs).build().map_err(|_| Error::Threads)?;
    let connector = Connector::new()?;
    let guards = plan.guard.clone().map(|command| guard::Pool::new(command, engine, plan));
    let context = Context { engine, plan, guards, connector: &connector, threads: &threads, observer };

    let begun = inventory.begin_scan(&scan_plan(plan, engine))?;
    observer.observe(Event::Begun { scan: begun.id, resumed: begun.resumed });

    let mut results = Vec::new();
    let mut troubles = Vec::new();
    let mut planned = Vec::new();
    for target in &plan.targets {
        observer.observe(Event::Store { store: &target.store.name });
        let visit = match &target.access {
            Access::Share(root) => share::scan(&context, inventory, begun.id, &target.store, root),
            Access::Database(database) => database::scan(&context, inventory, begun.id, &target.store, database),
        };
        let visited = match visit {
            Ok(visited) => visited,
            Err(trouble @ (Error::Share(_) | Error::Database(_))) => {
                let (state, reason) = (StoreState::Unreachable, Some(Reason::Unreachable));
                Visited { state, reason, shards: Vec::new(), trouble: Some(trouble), connection: None }
            }
            Err(error) => return Err(error),
        };
        observer.observe(Event::StoreDone { store: &target.store.name, state: visited.state, reason: visited.reason });
        troubles.extend(visited.trouble);
        planned.extend(visited.shards);
        results.push(StoreResult {
            store: target.store.name.clone(),
            state: visited.state,
            reason: visited.reason,
            connection: visited.connection,
        });
    }
    let tally = inventory.finish_scan(begun.id, &planned, &results, &plan.now)?;
    Ok(Outcome { scan: begun.id, tally, stores: results, troubles })
}

/// How the visit of one store went.
struct Visited {
    state: StoreState,
    reason: Option<Reason>,
    /// The keys of its shards: what an earlier, killed run left beside them is dropped.
    shards: Vec<String>,
    /// What a person should be told, where it was lost on the way.
    trouble: Option<Error>,
    /// Who answered, of a database.
    connection: Option<Connection>,
}

/// The same stores with the same options are the same scan when it has to be taken up again.
fn scan_plan(plan: &Plan, engine: &Engine) -> ScanPlan {
    let versions = engine.versions();
    let mut parts =
        vec![versions.rules.as_str(), versions.regime.as_str(), versions.extractor.as_str(), versions.limits.as_str()];
    parts.extend(plan.targets.iter().map(|target| target.store.identity.as_str()));
    parts.extend(plan.exclude.written());
    let choices = plan.targets.iter().filter_map(|target| match &target.access {
        Access::Share(_) => None,
        Access::Database(database) => Some(database.choice.to_string()),
    });
    let choices: Vec<String> = choices.collect();
    parts.extend(choices.iter().map(String::as_str));
    ScanPlan {
        fingerprint: stable_id("p", &parts),
        stores: plan.targets.iter().map(|target| target.store.clone()).collect(),
        versions,
        started: plan.now.clone(),
    }
}
