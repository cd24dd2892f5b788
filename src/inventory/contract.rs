//! What every backend of the inventory promises, and the records that go in and out.

use std::collections::BTreeMap;
use std::path::Path;

use super::Error;
use super::audit::Verification;
use crate::model::{
    Access, AssetId, AssetKind, AuditEntry, CategoryId, ChainHead, Decision, Examined, Filing, Import, LevelDecision,
    Locator, ManualClass, Measure, Occurrence, Reason, RegisterEdit, ScanId, ScanState, Signature, SketchKey, Stat,
    Status, Store, StoreKind, StoreResult, StoreState, Tally, Versions,
};

/// What a scan is about to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScanPlan {
    /// The stores that it was given; each known through [`Inventory::store_for`].
    pub stores: Vec<Store>,
    /// What its results will depend on.
    pub versions: Versions,
    /// Hash of everything that makes it the same scan when it is run again after it was killed.
    pub fingerprint: String,
    /// When it starts, RFC 3339 or a civil date; kept as given.
    pub started: String,
}

/// A scan that may be written to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BegunScan {
    /// Its id.
    pub id: ScanId,
    /// Whether it had been begun before and not finished.
    pub resumed: bool,
}

/// A file that was examined before, for a scan to compare its stat with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownFile {
    /// Its stat at that time.
    pub stat: Stat,
    /// The ids of its result and of those of its members; its own first.
    pub results: Vec<i64>,
    /// The counts of these; all of them unchanged.
    pub tally: Tally,
}

/// Everything that one shard of a scan gives; written in one transaction.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ShardBatch {
    /// Names the shard in the plan of the scan.
    pub key: String,
    /// Hash of what the plan listed in it: a shard with the same one is not done again.
    pub fingerprint: String,
    /// The store that it is a part of.
    pub store: String,
    /// What was examined now. A member comes with its container; their order is free.
    pub fresh: Vec<Examined>,
    /// Ids of results ([`KnownFile::results`]) that still hold.
    pub unchanged: Vec<i64>,
    /// Who may do what with its files and folders, of a share. Only what differs from the scan before is kept.
    pub access: Vec<AccessSeen>,
}

/// Who may do what with a file or folder, as a scan saw it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccessSeen {
    /// Where: that of the asset, or of a folder, which ends in `/`.
    pub locator: Locator,
    /// A folder, which is no asset.
    pub is_folder: bool,
    /// What was seen.
    pub access: Access,
}

/// An asset as a scan saw it and as people judged it.
#[derive(Clone, Debug, PartialEq)]
pub struct AssetRecord {
    /// Its id.
    pub id: AssetId,
    /// What the examination gave.
    pub examined: Examined,
    /// Proposed by the criteria, confirmed by a person, decided by the authority.
    pub decision: LevelDecision,
    /// Set by the authority, else by a person, else classified.
    pub category: Option<CategoryId>,
    /// Detectors whose findings in it a person rejected, sorted.
    pub rejected_detectors: Vec<String>,
    /// Whether new evidence speaks against what a person confirmed of it.
    pub contradicted: bool,
    /// The rule packs that it was examined with.
    pub rules_version: String,
    /// The taxonomy and criteria that it was examined with.
    pub regime_version: String,
}

impl AssetRecord {
    /// The category that a scan found, whatever persons said since.
    #[must_use]
    pub fn classified(&self) -> Option<&CategoryId> {
        self.examined.classification.as_ref()?.best.as_ref().map(|best| &best.id)
    }
}

/// What is known of a store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoreNow {
    /// The store.
    pub store: Store,
    /// The latest scan that read it, in whole or in part; [`Inventory::assets_now`] shows this one.
    pub scan: Option<ScanId>,
    /// The civil date of that scan.
    pub scanned: Option<String>,
    /// How it ended in that scan; where none has read it, how the last attempt ended (none at all: unreachable).
    pub state: StoreState,
    /// The latest scan that read it in whole, and its civil date: what changes are measured with.
    pub complete: Option<(ScanId, String)>,
    /// The latest finished scan that was given the store, whatever came of it: scan, how, why, civil date.
    pub last_attempt: Option<(ScanId, StoreState, Option<Reason>, String)>,
}

/// An asset that is not the same in two scans of its store.
#[derive(Clone, Debug, PartialEq)]
pub struct Difference {
    /// Its id.
    pub id: AssetId,
    /// Where it is.
    pub locator: Locator,
    /// As the first of the two scans saw it; `None` where it did not.
    pub before: Option<Glimpse>,
    /// As the second saw it.
    pub after: Option<Glimpse>,
}

/// A place that held a content at one scan and holds it no more at another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Left {
    /// Where.
    pub locator: Locator,
    /// The content hash.
    pub content: u128,
    /// Whether the other scan saw an asset there, with another content.
    pub stands: bool,
}

/// What one scan saw of an asset, without the evidence: as much as a comparison looks at.
#[derive(Clone, Debug, PartialEq)]
pub struct Glimpse {
    /// What it is.
    pub kind: AssetKind,
    /// How its examination ended.
    pub status: Status,
    /// Why it was not read, or not read whole.
    pub reason: Option<Reason>,
    /// Stored bytes.
    pub bytes: Option<Measure>,
    /// Rows.
    pub records: Option<Measure>,
    /// Set by the authority, else by a person, else classified; by the decisions up to the day of the scan.
    pub category: Option<CategoryId>,
    /// Proposed, confirmed, decided by the authority; by the decisions up to the day of the scan.
    pub level: LevelDecision,
    /// The detectors that found something and were not rejected, with their matches; sorted.
    pub identifiers: Vec<(String, u64)>,
    /// Who may do what with it; `None` where it is no file of a share, or nobody looked yet.
    pub access: Option<Access>,
    /// The rule packs, and the taxonomy and criteria, that it was examined with.
    pub versions: [String; 2],
    /// The examination; the same for both scans where the second found it unchanged.
    pub examination: i64,
    /// The content hash; `None` unless all of it was read.
    pub content_hash: Option<String>,
}

/// A folder of a share that another mode or owner was given between two scans.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FolderAccess {
    /// Where it is; ends in `/`.
    pub locator: Locator,
    /// At the first of the two scans.
    pub before: Access,
    /// At the second.
    pub after: Access,
}

/// A scan as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScanRecord {
    /// Its id.
    pub id: ScanId,
    /// Running (or killed), or complete.
    pub state: ScanState,
    /// As given to [`Inventory::begin_scan`].
    pub started: String,
    /// As given to [`Inventory::finish_scan`].
    pub finished: Option<String>,
    /// What its results depend on.
    pub versions: Versions,
    /// The names of the stores that it was given, sorted.
    pub planned: Vec<String>,
    /// How those of them ended, sorted by name; empty until it is finished.
    pub stores: Vec<StoreResult>,
    /// Its counts; those of the shards done so far while it runs.
    pub tally: Tally,
}

/// What a person did that the inventory keeps, each with its line in the audit log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Deed {
    /// Said what is right of an asset, a class, or everything under a place.
    Decision(Decision),
    /// Gave, or took back, a value that no scan can know.
    Register(RegisterEdit),
    /// Entered, counted anew, or ended a class that no scan can see.
    ManualClass(ManualClass),
    /// Brought in a file; what it set are deeds of their own. Only the log keeps it.
    Import(Import),
}

/// Keeps what was found. One process scans at a time; others may read and review meanwhile.
///
/// Nothing that can be given to it holds a scanned value. Counts above 2⁶³−1 are kept as 2⁶³−1.
pub trait Inventory: Send {
    /// The key of its sketches, drawn once when it was created.
    fn sketch_key(&self) -> SketchKey;

    /// The store with this kind and identity. A new one gets the proposed name, with `-2`, `-3`… where it is taken.
    fn store_for(&mut self, proposed_name: &str, kind: StoreKind, identity: &str) -> Result<Store, Error>;

    /// Begins a scan, or resumes the latest unfinished one with the same fingerprint and versions.
    /// [`Error::ScanRunning`] while another process scans into the same inventory.
    fn begin_scan(&mut self, plan: &ScanPlan) -> Result<BegunScan, Error>;

    /// The newest result of each file of a store that was made with exactly these versions, in any scan, finished or
    /// not. Left out: files without a stat, and those where something in them would not come out the same again
    /// ([`Reason::is_lasting`]), such as a denied permission.
    fn known_files(&mut self, store: &str, versions: &Versions) -> Result<BTreeMap<Locator, KnownFile>, Error>;

    /// The shards that are written: by key, fingerprint and counts.
    fn shards_done(&mut self, scan: ScanId) -> Result<BTreeMap<String, (String, Tally)>, Error>;

    /// Writes a shard and gives its counts. A shard of the same key is replaced; an asset that stands in another
    /// shard of the scan moves here, and that one is no longer done; of two results for one place in a batch the last counts.
    fn record_shard(&mut self, scan: ScanId, batch: &ShardBatch) -> Result<Tally, Error>;

    /// Finishes a scan: drops its shards that are not in `planned` (left from before it was resumed), says how its
    /// stores ended, and gives its counts. Then others may scan.
    fn finish_scan(
        &mut self,
        scan: ScanId,
        planned: &[String],
        stores: &[StoreResult],
        finished: &str,
    ) -> Result<Tally, Error>;

    /// All scans, oldest first.
    fn scans(&mut self) -> Result<Vec<ScanRecord>, Error>;

    /// All stores, sorted by name.
    fn stores_now(&mut self) -> Result<Vec<StoreNow>, Error>;

    /// The assets of the latest usable result of each store, sorted by store and locator.
    fn assets_now(&mut self, each: &mut dyn FnMut(AssetRecord)) -> Result<(), Error>;

    /// The assets of a store as one scan saw them, with the decisions of today, sorted by locator.
    fn assets_at(&mut self, scan: ScanId, store: &str, each: &mut dyn FnMut(AssetRecord)) -> Result<(), Error>;

    /// As [`Inventory::assets_at`], with what sums are made of alone: no alternatives, contributions and criteria, and
    /// nothing of format, encoding and times. A million assets are read in a fraction of the time.
    fn figures_at(&mut self, scan: ScanId, store: &str, each: &mut dyn FnMut(AssetRecord)) -> Result<(), Error>;

    /// One asset, as [`Inventory::assets_now`] would show it.
    fn asset(&mut self, id: &str) -> Result<Option<AssetRecord>, Error>;

    /// Appends what persons did, with the audit log: all of it or, where one thing cannot be kept, nothing.
    fn record(&mut self, deeds: &[Deed]) -> Result<(), Error>;

    /// Appends a decision.
    fn record_decision(&mut self, decision: &Decision) -> Result<(), Error> {
        self.record(&[Deed::Decision(decision.clone())])
    }

    /// All decisions in the order in which they were taken.
    fn decisions(&mut self) -> Result<Vec<Decision>, Error>;

    /// All values of the register in the order in which they were given, what was taken back included.
    fn register_edits(&mut self) -> Result<Vec<RegisterEdit>, Error>;

    /// All rows of classes entered by hand in the order in which they were entered; see [`ManualClass::standing`].
    fn manual_classes(&mut self) -> Result<Vec<ManualClass>, Error>;

    /// Where the audit log ends: its length and the hash of its latest entry.
    fn audit_head(&mut self) -> Result<ChainHead, Error>;

    /// The audit log from its first entry on.
    fn audit_entries(&mut self, each: &mut dyn FnMut(AuditEntry)) -> Result<(), Error>;

    /// Checks the audit log, the rows that it speaks of, and that some entry has the head `wanted`.
    fn verify_audit(&mut self, wanted: Option<&str>) -> Result<Verification, Error>;

    /// Adds filings (id 0), or replaces those with their ids, all of them or none. Gives their ids. `signature` answers
    /// for it in the audit log.
    fn save_filings(&mut self, filings: &[Filing], signature: &Signature) -> Result<Vec<i64>, Error>;

    /// All filings, oldest first, with their entries in the order in which they were given.
    fn filings(&mut self) -> Result<Vec<Filing>, Error>;

    /// The assets of a store that are not the same in two finished scans, sorted by locator: seen by one alone, examined
    /// anew, given another mode or owner, or decided upon in between. They are streamed; an asset may come although
    /// nothing that a [`Glimpse`] shows of it differs.
    fn differences(&mut self, between: [ScanId; 2], store: &str, each: &mut dyn FnMut(Difference))
    -> Result<(), Error>;

    /// The places of a store that held a content at the first of two finished scans and hold it no more at the second,
    /// sorted by locator; streamed. Left out: contents of no bytes, and places that the second could not read.
    fn contents_left(&mut self, between: [ScanId; 2], store: &str, each: &mut dyn FnMut(Left)) -> Result<(), Error>;

    /// The folders of a share whose mode or owner differ between two scans, sorted.
    fn folder_access_changes(&mut self, between: [ScanId; 2], store: &str) -> Result<Vec<FolderAccess>, Error>;

    /// Drops finished scans with everything that they alone hold; those under way are left.
    fn forget_scans(&mut self, scans: &[ScanId]) -> Result<(), Error>;

    /// Appends what happened, or what takes an earlier row back; the id is given here. Gives its id.
    fn record_occurrence(&mut self, occurrence: &Occurrence) -> Result<i64, Error>;

    /// Everything that was recorded, in that order, what was taken back included.
    fn occurrences(&mut self) -> Result<Vec<Occurrence>, Error>;

    /// Remembers a file that mulu wrote, so that no scan reads it.
    fn remember_own_file(&mut self, path: &Path) -> Result<(), Error>;

    /// Device and inode of the files that mulu wrote and that are still there, and of the inventory itself with its
    /// side files; sorted.
    ///
    /// Compare these before a file is opened: when this process closes any handle on the inventory's file, the system
    /// lets go of the locks that SQLite holds on it (POSIX advisory locks).
    fn own_files(&mut self) -> Result<Vec<(u64, u64)>, Error>;
}
