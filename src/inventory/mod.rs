//! The inventory: what was found, what people decided, what was filed, and what has been written to disk.
//!
//! `Inventory` is the contract of every backend; the embedded default is one SQLite file (`sqlite/`). A scan writes
//! through `writer::with`, shard by shard, each shard in one transaction and idempotent by (scan, shard), so that a
//! killed scan leaves a consistent file and is resumed by running it again. Heavy rows are written once for each
//! examination; a re-scan of what did not change adds one narrow row an asset.

/// The audit log: its hashes, and what does not fit in it.
pub mod audit;

mod contract;
pub use contract::{
    AccessSeen, AssetRecord, BegunScan, Deed, Difference, FolderAccess, Glimpse, Inventory, KnownFile, Left, ScanPlan,
    ScanRecord, ShardBatch, StoreNow,
};

mod error;
pub use error::Error;

mod lock;

mod sqlite;
pub use sqlite::is_inventory;

mod standing;
pub use standing::Standing;

/// One writer behind a bounded channel.
pub mod writer;

#[cfg(test)]
mod suite;

use std::path::Path;

/// Opens the inventory at `path`, and creates it (mode 0600) where there is none.
pub fn open(path: &Path) -> Result<Box<dyn Inventory>, Error> {
    Ok(Box::new(sqlite::SqliteInventory::open(path, true)?))
}

/// Opens an inventory that is there already; the error for a missing one says to scan first.
pub fn open_existing(path: &Path) -> Result<Box<dyn Inventory>, Error> {
    Ok(Box::new(sqlite::SqliteInventory::open(path, false)?))
}
