//! A scan of one database into an inventory of its own.

use std::path::PathBuf;
use std::sync::Mutex;
use std::time::Duration;

use mulu::discover::database::DatabaseTarget;
use mulu::inventory;
use mulu::model::{Enterprise, Examined};
use mulu::open::Limits;
use mulu::pipeline::{self, Access, Engine, EngineOptions, Event, GuardCommand, Observer, Outcome, Plan, Target};
use tempfile::TempDir;

/// What is scanned, and how.
pub(super) struct Scene {
    _folder: TempDir,
    path: PathBuf,
    target: DatabaseTarget,
    options: EngineOptions,
    pub(super) enterprise: Enterprise,
    pub(super) limits: Limits,
}

impl Scene {
    pub(super) fn new(url: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        Self {
            path: folder.path().join("mulu.db"),
            _folder: folder,
            target: DatabaseTarget::parse(url).unwrap(),
            options: EngineOptions { sample_rows: 1_000, ..EngineOptions::default() },
            enterprise: Enterprise::default(),
            limits: Limits::default(),
        }
    }

    /// A server that falls silent is waited for so long.
    pub(super) fn waiting(mut self, patience: Duration) -> Self {
        self.target.timeouts.reconnect = patience;
        self
    }

    /// Every row is read.
    pub(super) fn reading_all(mut self) -> Self {
        self.options.full = true;
        self
    }

    /// No row is read.
    pub(super) fn by_metadata(mut self) -> Self {
        self.options.metadata_only = true;
        self
    }

    /// Scans; gives the results that were told, too.
    pub(super) fn scan(&self, observer: &dyn Observer) -> (Outcome, Vec<Examined>) {
        let mut inventory = inventory::open(&self.path).unwrap();
        let key = inventory.sketch_key();
        let mut engine = Engine::new(key, self.options.clone(), self.enterprise.clone()).unwrap();
        engine.limits = self.limits.clone();
        let store = inventory.store_for("erp", self.target.kind, "erp").unwrap();
        let guard =
            GuardCommand { program: env!("CARGO_BIN_EXE_mulu").into(), arguments: vec!["guarded-reader".to_owned()] };
        let plan = Plan {
            targets: vec![Target { store, access: Access::Database(Box::new(self.target.clone())) }],
            jobs: 1,
            guard: Some(guard),
            exclude: Vec::new().into(),
            filed: std::collections::BTreeSet::new(),
            now: "2026-11-20T08:00:00Z".to_owned(),
        };
        let seen = Seen { results: Mutex::new(Vec::new()), next: observer };
        let outcome = pipeline::scan(&plan, &engine, inventory.as_mut(), &seen).unwrap();
        (outcome, seen.results.into_inner().unwrap())
    }

    /// The result of the only table.
    pub(super) fn only_table(&self) -> Examined {
        let (_, mut results) = self.scan(&pipeline::Silent);
        assert_eq!(results.len(), 1, "{results:#?}");
        results.remove(0)
    }
}

/// Keeps the results that are told.
struct Seen<'n> {
    results: Mutex<Vec<Examined>>,
    next: &'n dyn Observer,
}

impl Observer for Seen<'_> {
    fn observe(&self, event: Event<'_>) {
        if let Event::Asset { results, .. } = event {
            self.results.lock().unwrap().extend_from_slice(results);
        }
        self.next.observe(event);
    }
}
