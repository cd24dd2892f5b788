//! Files that mulu wrote: no scan reads them.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use sqlx::{Row, SqliteConnection};

use super::super::Error;
use super::super::lock::lock_path;
use super::fault::Fault;

/// Remembers a file by device and inode, and by its path.
pub(super) async fn remember(connection: &mut SqliteConnection, path: &Path) -> Result<(), Fault> {
    let refused = |error: std::io::Error| Fault::OwnFile(Error::from_io(path, &error));
    let absolute = std::path::absolute(path).map_err(refused)?;
    let metadata = std::fs::metadata(&absolute).map_err(refused)?;
    sqlx::query("INSERT OR REPLACE INTO own_file (device, inode, path) VALUES (?1, ?2, ?3)")
        .bind(metadata.dev().cast_signed())
        .bind(metadata.ino().cast_signed())
        .bind(absolute.as_os_str().as_bytes().to_vec())
        .execute(connection)
        .await?;
    Ok(())
}

/// Those that are still there, with the inventory and its side files; sorted.
///
/// A number counts only while its path still has it: when a log is deleted, the system may give its inode to a file
/// of somebody else, which must be scanned.
pub(super) async fn all(connection: &mut SqliteConnection, inventory: &Path) -> Result<Vec<(u64, u64)>, Fault> {
    let mut own: Vec<(u64, u64)> = side_files(inventory).iter().filter_map(|path| numbers(path)).collect();
    for row in sqlx::query("SELECT device, inode, path FROM own_file").fetch_all(connection).await? {
        let path: Vec<u8> = row.try_get("path")?;
        let remembered =
            (row.try_get::<i64, _>("device")?.cast_unsigned(), row.try_get::<i64, _>("inode")?.cast_unsigned());
        if numbers(Path::new(OsStr::from_bytes(&path))) == Some(remembered) {
            own.push(remembered);
        }
    }
    own.sort_unstable();
    own.dedup();
    Ok(own)
}

/// The inventory's file and all that may stand beside it.
fn side_files(inventory: &Path) -> Vec<PathBuf> {
    let beside = |suffix: &str| {
        let mut name = inventory.as_os_str().to_owned();
        name.push(suffix);
        PathBuf::from(name)
    };
    vec![inventory.to_owned(), beside("-wal"), beside("-shm"), beside("-journal"), lock_path(inventory)]
}

fn numbers(path: &Path) -> Option<(u64, u64)> {
    std::fs::metadata(path).ok().map(|metadata| (metadata.dev(), metadata.ino()))
}
