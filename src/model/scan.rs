use serde::{Deserialize, Serialize};

use super::{Connection, Examined, Reason, Status};

/// Scans of an inventory count up from 1.
pub type ScanId = i64;

/// How far a scan has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ScanState {
    /// Begun and not finished: running, or killed and to be resumed.
    Running,
    /// Finished; each of its stores says how.
    Complete,
}

/// How a store of a scan ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum StoreState {
    /// Everything it lists was looked at; single assets may have failed.
    Complete,
    /// Some folder, schema or database of it could not be listed: what is missing cannot be said to be gone.
    Partial,
    /// It could not be reached at all.
    Unreachable,
}

impl StoreState {
    /// The id used in JSON and the inventory.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::Complete => "complete",
            Self::Partial => "partial",
            Self::Unreachable => "unreachable",
        }
    }

    /// The state of an id, if it is one.
    #[must_use]
    pub fn from_id(id: &str) -> Option<Self> {
        [Self::Complete, Self::Partial, Self::Unreachable].into_iter().find(|state| state.id() == id)
    }
}

/// How one store of a scan ended, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoreResult {
    /// The store's name.
    pub store: String,
    /// How it ended.
    pub state: StoreState,
    /// Why it is not complete.
    pub reason: Option<Reason>,
    /// Who answered; `None` for a share, and where nobody did.
    pub connection: Option<Connection>,
}

/// Counts of a scan; `found` is always the sum of the four ways to end.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tally {
    /// Objects that the stores list, members of containers included.
    pub found: u64,
    /// Read, with a category.
    pub classified: u64,
    /// Read, no evidence.
    pub unclassified: u64,
    /// Not read on purpose.
    pub skipped: u64,
    /// Could not be read.
    pub failed: u64,
    /// Among the classified and unclassified: read in part.
    pub partial: u64,
    /// Taken over from an earlier scan, since nothing had changed.
    pub unchanged: u64,
    /// Bytes of what was found: containers counted once, their members not.
    pub bytes: u64,
}

impl Tally {
    /// Counts one asset.
    pub fn count(&mut self, examined: &Examined) {
        self.found += 1;
        match examined.status {
            Status::Classified => self.classified += 1,
            Status::Unclassified => self.unclassified += 1,
            Status::Skipped => self.skipped += 1,
            Status::Failed => self.failed += 1,
        }
        if examined.reason.is_some() && matches!(examined.status, Status::Classified | Status::Unclassified) {
            self.partial += 1;
        }
        if examined.asset.parent.is_none() {
            self.bytes = self.bytes.saturating_add(examined.bytes.map_or(0, |bytes| bytes.value));
        }
    }

    /// Adds the counts of another part of the scan.
    pub fn add(&mut self, other: &Self) {
        self.found += other.found;
        self.classified += other.classified;
        self.unclassified += other.unclassified;
        self.skipped += other.skipped;
        self.failed += other.failed;
        self.partial += other.partial;
        self.unchanged += other.unchanged;
        self.bytes = self.bytes.saturating_add(other.bytes);
    }
}
