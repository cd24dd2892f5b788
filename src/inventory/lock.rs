//! The lock of the one process that scans into an inventory.

use std::fs::{File, OpenOptions, TryLockError};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use super::Error;

/// Held while a scan is written; given back when dropped, and by the system when the process dies.
///
/// It stands in a file of its own beside the inventory, which goes with it. A lock on the inventory itself would be
/// in the way of SQLite's own.
#[derive(Debug)]
pub(super) struct ScanLock {
    path: PathBuf,
    _file: File,
}

impl ScanLock {
    /// Takes the lock, or says that another scan is running.
    pub(super) fn take(inventory: &Path) -> Result<Self, Error> {
        let path = lock_path(inventory);
        loop {
            let file = OpenOptions::new()
                .write(true)
                .create(true)
                .truncate(false)
                .mode(0o600)
                .open(&path)
                .map_err(|error| Error::from_io(&path, &error))?;
            match file.try_lock() {
                Ok(()) => {}
                Err(TryLockError::WouldBlock) => return Err(Error::ScanRunning { path: inventory.to_owned() }),
                Err(TryLockError::Error(error)) => return Err(Error::from_io(&path, &error)),
            }
            // Between opening and locking, its holder may have removed it: then what we hold is not the lock.
            let held = file.metadata().map_err(|error| Error::from_io(&path, &error))?;
            match std::fs::metadata(&path) {
                Ok(named) if (named.dev(), named.ino()) == (held.dev(), held.ino()) => {
                    return Ok(Self { path, _file: file });
                }
                _ => {}
            }
        }
    }
}

impl Drop for ScanLock {
    fn drop(&mut self) {
        // Removed while still locked. A file that stays behind is harmless: the lock is what counts.
        drop(std::fs::remove_file(&self.path));
    }
}

/// `mulu.db` → `mulu.db-scan`, beside SQLite's own `mulu.db-wal` and `mulu.db-shm`.
pub(super) fn lock_path(inventory: &Path) -> PathBuf {
    let mut name = inventory.as_os_str().to_owned();
    name.push("-scan");
    PathBuf::from(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lock_is_taken_once_and_can_be_taken_again_after_it_is_given_back() {
        let folder = tempfile::tempdir().expect("a folder");
        let inventory = folder.path().join("mulu.db");
        let held = ScanLock::take(&inventory).expect("free");
        assert_eq!(ScanLock::take(&inventory).expect_err("held"), Error::ScanRunning { path: inventory.clone() });
        drop(held);
        assert!(!lock_path(&inventory).exists());
        drop(ScanLock::take(&inventory).expect("free again"));
    }

    #[test]
    fn a_lock_file_that_a_killed_process_left_behind_locks_nobody_out() {
        let folder = tempfile::tempdir().expect("a folder");
        let inventory = folder.path().join("mulu.db");
        std::fs::write(lock_path(&inventory), "").expect("written");
        drop(ScanLock::take(&inventory).expect("free"));
    }
}
