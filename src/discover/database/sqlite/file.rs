//! How a SQLite file is opened so that all its rows are seen and nothing around it changes.
//!
//! The header says whether a write-ahead log is used (bytes 18 and 19; sqlite.org/fileformat2.html, 1.3.3). Opening
//! such a database plainly may create `-wal` and `-shm` beside it; opening it as immutable ignores a `-wal` that holds
//! rows. So the files beside it decide.

use std::ffi::OsString;
use std::fs::{File, Metadata, OpenOptions, Permissions};
use std::io::{ErrorKind, Read};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use super::super::{Error, shown_path};

/// First bytes of every SQLite database.
const MAGIC: &[u8; 16] = b"SQLite format 3\0";
/// Length of the database header.
const HEADER_BYTES: usize = 100;

/// How to open the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    /// `mode=ro`: SQLite's own locks protect reader and writer.
    ReadOnly,
    /// `immutable=1`: no lock and no file beside it; whether it stayed still is asked afterwards.
    Immutable,
    /// A private copy, in which a log can be replayed.
    Copy,
}

/// What tells that a file was written: size, time of change and inode, and the size of its log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Stamp {
    main: (u64, i64, i64, u64),
    log_bytes: u64,
}

impl Stamp {
    /// The stamp of a file now; `None` where it is gone.
    pub(super) fn of(path: &Path) -> Option<Self> {
        let metadata = path.metadata().ok()?;
        let main = (metadata.len(), metadata.mtime(), metadata.mtime_nsec(), metadata.ino());
        Some(Self { main, log_bytes: bytes_of(&beside(path, "-wal")) })
    }
}

/// The way for the file at `path`.
pub(super) fn way(path: &Path) -> Result<Way, Error> {
    let uses_log = read_header(path)?.is_some_and(|header| header.get(18..20).is_some_and(|pair| pair.contains(&2)));
    Ok(match (uses_log, bytes_of(&beside(path, "-wal")) > 0, beside(path, "-shm").exists()) {
        (true, false, _) => Way::Immutable,
        (true, true, false) => Way::Copy,
        // No log, or one that a live program shares with us through its index.
        (false, ..) | (true, true, true) => Way::ReadOnly,
    })
}

/// The header; `None` for an empty file, which SQLite takes for a database without tables.
fn read_header(path: &Path) -> Result<Option<[u8; HEADER_BYTES]>, Error> {
    let store = || shown_path(path);
    let failed = |error: std::io::Error| match error.kind() {
        ErrorKind::NotFound | ErrorKind::NotADirectory => Error::MissingFile { store: store() },
        ErrorKind::PermissionDenied => Error::FileDenied { store: store() },
        _ => Error::NotADatabase { store: store() },
    };
    let metadata = path.metadata().map_err(failed)?;
    if !metadata.is_file() {
        return Err(Error::NotADatabase { store: store() });
    }
    let mut file = open_quietly(path).map_err(failed)?;
    if metadata.len() == 0 {
        return Ok(None);
    }
    let mut header = [0; HEADER_BYTES];
    file.read_exact(&mut header).map_err(failed)?;
    if !header.starts_with(MAGIC) {
        return Err(Error::NotADatabase { store: store() });
    }
    Ok(Some(header))
}

/// Copies the database and what travels with it into a folder that only we can read.
pub(super) fn copy(path: &Path) -> Result<(TempDir, PathBuf), Error> {
    // The writer may be at work: two more tries, then the caller hears of it.
    for _ in 0..3 {
        let before = stamps(path);
        let folder = tempfile::Builder::new().prefix("mulu-").tempdir();
        let folder = folder.map_err(|_| Error::NoRoomForCopy { store: shown_path(path) })?;
        let main = folder.path().join("copy.db");
        require_room(path, folder.path())?;
        for suffix in ["", "-wal", "-journal"] {
            let from = beside(path, suffix);
            if suffix.is_empty() || is_file(&from) {
                copy_one(&from, &beside(&main, suffix)).map_err(|error| match error.kind() {
                    ErrorKind::PermissionDenied => Error::FileDenied { store: shown_path(path) },
                    ErrorKind::NotFound => Error::MissingFile { store: shown_path(path) },
                    _ => Error::NoRoomForCopy { store: shown_path(path) },
                })?;
            }
        }
        if stamps(path) == before {
            return Ok((folder, main));
        }
    }
    Err(Error::ChangedWhileRead { store: shown_path(path) })
}

/// Opens for reading without following a link, waiting for the writer of a pipe or, where allowed, changing the access
/// time.
fn open_quietly(path: &Path) -> std::io::Result<File> {
    use rustix::fs::OFlags;
    let open = |flags: OFlags| OpenOptions::new().read(true).custom_flags(flags.bits().cast_signed()).open(path);
    let flags = OFlags::NONBLOCK | OFlags::NOFOLLOW | OFlags::NOCTTY;
    // Only the owner and the privileged may ask for an unchanged access time.
    let file = open(flags | OFlags::NOATIME).or_else(|error| match error.kind() {
        ErrorKind::PermissionDenied => open(flags),
        _ => Err(error),
    })?;
    if file.metadata()?.is_file() { Ok(file) } else { Err(ErrorKind::NotFound.into()) }
}

/// Whether a file stands there, and no link to one: what lies beside a database may come from anybody.
fn is_file(path: &Path) -> bool {
    path.symlink_metadata().is_ok_and(|metadata| metadata.is_file())
}

fn copy_one(from: &Path, to: &Path) -> std::io::Result<()> {
    let mut source = open_quietly(from)?;
    let mut target = OpenOptions::new().write(true).create_new(true).mode(0o600).open(to)?;
    std::io::copy(&mut source, &mut target)?;
    target.set_permissions(Permissions::from_mode(0o600))
}

/// Size and time of everything that is copied.
fn stamps(path: &Path) -> Vec<Option<(u64, i64, i64)>> {
    let stamp = |metadata: Metadata| (metadata.len(), metadata.mtime(), metadata.mtime_nsec());
    ["", "-wal", "-journal"].iter().map(|suffix| beside(path, suffix).symlink_metadata().ok().map(stamp)).collect()
}

/// The copy, and the log that is written into it, must leave a quarter of what is free to others.
fn require_room(path: &Path, folder: &Path) -> Result<(), Error> {
    let wanted = ["", "-wal", "-wal", "-journal"]
        .iter()
        .fold(0u64, |sum, suffix| sum.saturating_add(bytes_of(&beside(path, suffix))));
    let free = rustix::fs::statvfs(folder).map_or(0, |volume| volume.f_bavail.saturating_mul(volume.f_frsize));
    if wanted > free / 4 * 3 {
        return Err(Error::NoRoomForCopy { store: shown_path(path) });
    }
    Ok(())
}

/// The file of the same name with `suffix` behind it.
fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = OsString::from(path);
    name.push(suffix);
    PathBuf::from(name)
}

fn bytes_of(path: &Path) -> u64 {
    path.symlink_metadata().map_or(0, |metadata| if metadata.is_file() { metadata.len() } else { 0 })
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

    #[test]
    fn a_link_or_a_pipe_beside_a_database_is_neither_followed_nor_waited_for() {
        let folder = tempfile::tempdir().expect("a folder");
        let (main, elsewhere) = (folder.path().join("x.db"), folder.path().join("elsewhere"));
        std::fs::write(&main, [&MAGIC[..], &[0; 200]].concat()).expect("written");
        std::fs::write(&elsewhere, "of somebody else").expect("written");
        symlink(&elsewhere, beside(&main, "-wal")).expect("a link");
        let pipe = beside(&main, "-journal");
        let mode = rustix::fs::Mode::RUSR;
        rustix::fs::mknodat(rustix::fs::CWD, &pipe, rustix::fs::FileType::Fifo, mode, 0).expect("a pipe");
        assert_eq!(bytes_of(&beside(&main, "-wal")), 0);
        let (kept, copied) = copy(&main).expect("copied");
        assert!(copied.exists());
        assert_eq!(std::fs::read_dir(kept.path()).expect("listed").count(), 1);
    }
}
