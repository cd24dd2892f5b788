//! The embedded default: one SQLite file, through sqlx, behind blocking calls.
//!
//! sqlx is asynchronous; a small runtime of its own runs each call to its end on the thread that asks. The files beside
//! this one hold the questions by subject.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use sqlx::{Connection, SqliteConnection};
use tokio::runtime::Runtime;

use super::audit::Verification;
use super::lock::ScanLock;
use super::{
    AssetRecord, BegunScan, Deed, Difference, Error, FolderAccess, Inventory, KnownFile, Left, ScanPlan, ScanRecord,
    ShardBatch, StoreNow,
};
use crate::model::{
    AuditEntry, ChainHead, Decision, Filing, Locator, ManualClass, Occurrence, RegisterEdit, ScanId, Signature,
    SketchKey, Store, StoreKind, StoreResult, Tally, Versions,
};

mod access;
mod assets;
mod audit;
mod differences;
mod fault;
mod filings;
mod occurrences;
mod open;
mod own;
mod register;
mod results;
mod retention;
mod reviews;
mod scans;
mod shards;
mod stores;
mod tallies;

#[cfg(test)]
mod audit_tests;
#[cfg(test)]
mod tests;

use fault::Fault;
pub use open::is_inventory;

/// An inventory in a SQLite file.
pub(super) struct SqliteInventory {
    /// Absolute, and not a link.
    path: PathBuf,
    runtime: Runtime,
    /// `None` only while it is being dropped.
    connection: Option<SqliteConnection>,
    sketch_key: SketchKey,
    /// Held from the beginning of a scan to its end.
    scan_lock: Option<ScanLock>,
}

impl SqliteInventory {
    /// Opens a file; `create` says what to do where there is none.
    pub(super) fn open(path: &Path, create: bool) -> Result<Self, Error> {
        open::prepare_file(path, create)?;
        // SQLite puts its side files beside what a link points to; so do we, and every link leads to the same lock.
        let path = path.canonicalize().map_err(|error| Error::from_io(path, &error))?;
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_time()
            .build()
            .map_err(|error| Error::from_io(&path, &error))?;
        let (connection, sketch_key) = runtime.block_on(open::connect(&path)).map_err(|fault| fault.at(&path))?;
        Ok(Self { path, runtime, connection: Some(connection), sketch_key, scan_lock: None })
    }

    /// Runs one question to its end.
    fn ask<T>(&mut self, question: impl AsyncFnOnce(&mut SqliteConnection) -> Result<T, Fault>) -> Result<T, Error> {
        let answer = match &mut self.connection {
            Some(connection) => self.runtime.block_on(question(connection)),
            None => Err(Fault::Closed),
        };
        answer.map_err(|fault| fault.at(&self.path))
    }

    /// Makes sure that nobody else scans; what writes a scan asks for it first.
    fn hold_scan_lock(&mut self) -> Result<(), Error> {
        if self.scan_lock.is_none() {
            self.scan_lock = Some(ScanLock::take(&self.path)?);
        }
        Ok(())
    }

    /// Gives the assets of `store` in `scan` to `each`, a page at a time, so that memory stays bounded and `each` runs
    /// outside of the runtime.
    fn stream(
        &mut self,
        scan: ScanId,
        store: &str,
        detail: assets::Detail,
        each: &mut dyn FnMut(AssetRecord),
    ) -> Result<(), Error> {
        let reviews = self.ask(async |connection| reviews::by_asset(connection).await)?;
        let number = self.ask(async |connection| stores::number(connection, store).await)?;
        let mut place = assets::Place::default();
        loop {
            let page = self.ask(async |connection| {
                assets::read_page(connection, scan, (number, store), &mut place, (detail, &reviews)).await
            })?;
            if page.is_empty() {
                return Ok(());
            }
            page.into_iter().for_each(&mut *each);
        }
    }
}

impl Drop for SqliteInventory {
    fn drop(&mut self) {
        if let Some(connection) = self.connection.take() {
            // Closing folds the write-ahead log into the file; where that fails the log stays, and nothing is lost.
            drop(self.runtime.block_on(connection.close()));
        }
    }
}

impl Inventory for SqliteInventory {
    fn sketch_key(&self) -> SketchKey {
        self.sketch_key
    }

    fn store_for(&mut self, proposed_name: &str, kind: StoreKind, identity: &str) -> Result<Store, Error> {
        self.ask(async |connection| stores::find_or_add(connection, proposed_name, kind, identity).await)
    }

    fn begin_scan(&mut self, plan: &ScanPlan) -> Result<BegunScan, Error> {
        self.hold_scan_lock()?;
        self.ask(async |connection| scans::begin(connection, plan).await)
    }

    fn known_files(&mut self, store: &str, versions: &Versions) -> Result<BTreeMap<Locator, KnownFile>, Error> {
        self.ask(async |connection| results::known_files(connection, store, versions).await)
    }

    fn shards_done(&mut self, scan: ScanId) -> Result<BTreeMap<String, (String, Tally)>, Error> {
        self.ask(async |connection| shards::done(connection, scan).await)
    }

    fn record_shard(&mut self, scan: ScanId, batch: &ShardBatch) -> Result<Tally, Error> {
        self.hold_scan_lock()?;
        self.ask(async |connection| shards::record(connection, scan, batch).await)
    }

    fn finish_scan(
        &mut self,
        scan: ScanId,
        planned: &[String],
        stores: &[StoreResult],
        finished: &str,
    ) -> Result<Tally, Error> {
        self.hold_scan_lock()?;
        let tally = self.ask(async |connection| scans::finish(connection, scan, planned, stores, finished).await)?;
        self.scan_lock = None;
        Ok(tally)
    }

    fn scans(&mut self) -> Result<Vec<ScanRecord>, Error> {
        self.ask(async |connection| scans::all(connection).await)
    }

    fn stores_now(&mut self) -> Result<Vec<StoreNow>, Error> {
        self.ask(async |connection| stores::now(connection).await)
    }

    fn assets_now(&mut self, each: &mut dyn FnMut(AssetRecord)) -> Result<(), Error> {
        for store in self.stores_now()? {
            if let Some(scan) = store.scan {
                self.stream(scan, &store.store.name, assets::Detail::Whole, each)?;
            }
        }
        Ok(())
    }

    fn assets_at(&mut self, scan: ScanId, store: &str, each: &mut dyn FnMut(AssetRecord)) -> Result<(), Error> {
        self.ask(async |connection| scans::require(connection, scan).await)?;
        self.stream(scan, store, assets::Detail::Whole, each)
    }

    fn figures_at(&mut self, scan: ScanId, store: &str, each: &mut dyn FnMut(AssetRecord)) -> Result<(), Error> {
        self.ask(async |connection| scans::require(connection, scan).await)?;
        self.stream(scan, store, assets::Detail::Figures, each)
    }

    fn asset(&mut self, id: &str) -> Result<Option<AssetRecord>, Error> {
        self.ask(async |connection| assets::now(connection, id).await)
    }

    fn record(&mut self, deeds: &[Deed]) -> Result<(), Error> {
        self.ask(async |connection| register::record(connection, deeds).await)
    }

    fn decisions(&mut self) -> Result<Vec<Decision>, Error> {
        self.ask(async |connection| reviews::all(connection).await)
    }

    fn register_edits(&mut self) -> Result<Vec<RegisterEdit>, Error> {
        self.ask(async |connection| register::edits(connection).await)
    }

    fn manual_classes(&mut self) -> Result<Vec<ManualClass>, Error> {
        self.ask(async |connection| register::manual_classes(connection).await)
    }

    fn audit_head(&mut self) -> Result<ChainHead, Error> {
        self.ask(async |connection| audit::head(connection).await)
    }

    fn audit_entries(&mut self, each: &mut dyn FnMut(AuditEntry)) -> Result<(), Error> {
        let mut after = 0;
        loop {
            let page = self.ask(async |connection| audit::page(connection, after).await)?;
            let Some(last) = page.last() else { return Ok(()) };
            after = last.seq;
            page.into_iter().for_each(&mut *each);
        }
    }

    fn verify_audit(&mut self, wanted: Option<&str>) -> Result<Verification, Error> {
        self.ask(async |connection| audit::verify(connection, wanted).await)
    }

    fn save_filings(&mut self, filings: &[Filing], signature: &Signature) -> Result<Vec<i64>, Error> {
        self.ask(async |connection| filings::save(connection, filings, signature).await)
    }

    fn filings(&mut self) -> Result<Vec<Filing>, Error> {
        self.ask(async |connection| filings::all(connection).await)
    }

    fn record_occurrence(&mut self, occurrence: &Occurrence) -> Result<i64, Error> {
        self.ask(async |connection| occurrences::record(connection, occurrence).await)
    }

    fn occurrences(&mut self) -> Result<Vec<Occurrence>, Error> {
        self.ask(async |connection| occurrences::all(connection).await)
    }

    fn differences(
        &mut self,
        between: [ScanId; 2],
        store: &str,
        each: &mut dyn FnMut(Difference),
    ) -> Result<(), Error> {
        let mut question = self.ask(async |connection| differences::Question::of(connection, between, store).await)?;
        loop {
            let page = self.ask(async |connection| differences::read_page(connection, &mut question).await)?;
            if page.is_empty() {
                return Ok(());
            }
            page.into_iter().for_each(&mut *each);
        }
    }

    fn contents_left(&mut self, between: [ScanId; 2], store: &str, each: &mut dyn FnMut(Left)) -> Result<(), Error> {
        let store = self.ask(async |connection| stores::number(connection, store).await)?;
        let mut place = assets::Place::default();
        loop {
            let page = self.ask(async |connection| differences::left(connection, between, store, &mut place).await)?;
            if page.is_empty() {
                return Ok(());
            }
            page.into_iter().for_each(&mut *each);
        }
    }

    fn folder_access_changes(&mut self, between: [ScanId; 2], store: &str) -> Result<Vec<FolderAccess>, Error> {
        self.ask(async |connection| access::folder_changes(connection, between, store).await)
    }

    fn forget_scans(&mut self, scans: &[ScanId]) -> Result<(), Error> {
        self.hold_scan_lock()?;
        let forgotten = self.ask(async |connection| retention::forget(connection, scans).await);
        self.scan_lock = None;
        forgotten
    }

    fn remember_own_file(&mut self, path: &Path) -> Result<(), Error> {
        self.ask(async |connection| own::remember(connection, path).await)
    }

    fn own_files(&mut self) -> Result<Vec<(u64, u64)>, Error> {
        let inventory = self.path.clone();
        self.ask(async |connection| own::all(connection, &inventory).await)
    }
}
