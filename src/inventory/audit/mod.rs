//! The audit log: who decided, filed, recorded or entered what, when and why, each entry bound to the one before by its
//! hash. Told in docs/audit.md, also what a chain cannot show.

mod chain;
pub use chain::{BEGINNING, Walk, digest, hash, is_hash};

use crate::model::ChainHead;

/// Something that does not fit, in the log or between the log and the rows that it speaks of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Entries are missing.
    Missing {
        /// The first of them.
        first: u64,
        /// The last of them.
        last: u64,
    },
    /// An entry does not hold the hash of the one before it.
    Unlinked {
        /// Which.
        seq: u64,
    },
    /// An entry is not what its hash was taken of.
    Altered {
        /// Which.
        seq: u64,
    },
    /// No entry has the head that was asked for: the log was shortened or written anew after that head was noted, or it
    /// is another inventory's.
    HeadGone,
    /// A row is not as the log says that it was left.
    RowAltered {
        /// The row, e.g. `decision 12`.
        record: String,
        /// The latest entry that speaks of it.
        seq: u64,
    },
    /// A row that the log speaks of is not there.
    RowGone {
        /// The row.
        record: String,
        /// The latest entry that speaks of it.
        seq: u64,
    },
    /// A row that no entry speaks of: it was written past the log.
    RowUnlogged {
        /// The row.
        record: String,
    },
}

/// What came of checking the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verification {
    /// Where it ends.
    pub head: ChainHead,
    /// The entry that has the head that was asked for.
    pub found: Option<u64>,
    /// What does not fit; empty where everything does.
    pub faults: Vec<Fault>,
}
