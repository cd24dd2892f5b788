//! Lists a file share: every entry under a folder, in one fixed order, links never followed.

use std::fs::Metadata;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use walkdir::{DirEntry, WalkDir};

use crate::model::{Access, Reason, Speak, Stat};

/// One entry of a share, as the file system lists it.
#[derive(Clone, Debug)]
pub struct Found {
    /// Where it is on this machine.
    pub path: PathBuf,
    /// Its path below the root of the share, `/` between folders: raw bytes, perhaps not UTF-8.
    pub relative: Vec<u8>,
    /// A file to be read, or why it is not one.
    pub entry: Entry,
}

/// What an entry is to a scan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Entry {
    /// A regular file.
    File {
        /// What decides whether it must be read again.
        stat: Stat,
        /// Device number: with the inode it tells a file of mulu's own.
        device: u64,
        /// Who may do what with it.
        access: Access,
    },
    /// A folder that is listed: what is in it follows. It is no asset, but whoever may enter it matters.
    Folder(Access),
    /// A link, pipe, socket or device: listed, never opened.
    NotAFile(Reason),
    /// A folder that could not be listed: what is in it is not known.
    Unlistable(Reason),
}

/// The share could not be listed at all.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// There is nothing at the path, or it cannot be looked at.
    #[error("{}", self.say(crate::model::Lang::En))]
    Root {
        /// The path as given.
        path: PathBuf,
        /// Why.
        reason: Reason,
    },
}

impl Speak for Error {
    fn say(&self, lang: crate::model::Lang) -> String {
        let Self::Root { path, reason } = self;
        let path = crate::model::escape_name(path.as_os_str().as_encoded_bytes());
        match reason {
            Reason::Vanished => match lang {
                crate::model::Lang::Zh => format!("路径不存在：{path}；请检查拼写，或先挂载共享"),
                crate::model::Lang::En => format!("no such path: {path}; check its spelling, or mount the share first"),
            },
            Reason::PermissionDenied => match lang {
                crate::model::Lang::Zh => format!("没有权限读取：{path}；请授予读取和列目录权限"),
                crate::model::Lang::En => format!("permission denied: {path}; grant this user read and list rights"),
            },
            other => match lang {
                crate::model::Lang::Zh => format!("无法读取 {path}：{}", other.say(lang)),
                crate::model::Lang::En => format!("cannot look at {path}: {}", other.say(lang)),
            },
        }
    }
}

/// Lists everything under `root` in the order of raw names, folder by folder. The root may be a single file.
///
/// Entries come as they are found: a share of millions of files is never held in memory.
pub fn list(root: &Path) -> Result<impl Iterator<Item = Found> + Send + use<>, Error> {
    let metadata =
        std::fs::metadata(root).map_err(|error| Error::Root { path: root.to_owned(), reason: Reason::from(&error) })?;
    if metadata.is_dir() {
        // An unlistable root would otherwise look like an empty share.
        std::fs::read_dir(root).map_err(|error| Error::Root { path: root.to_owned(), reason: Reason::from(&error) })?;
    }
    let base = if metadata.is_dir() { root.to_owned() } else { root.parent().unwrap_or(Path::new("")).to_owned() };
    // The root itself may be a link that the user named; below it none is followed.
    let walk = WalkDir::new(root).follow_links(false).follow_root_links(true).sort_by_file_name();
    Ok(walk.into_iter().filter_map(move |listed| match listed {
        Ok(entry) if entry.file_type().is_dir() => folder(&base, &entry),
        Ok(entry) => Some(found(&base, &entry)),
        Err(error) => Some(unlistable(&base, root_of(&error, &base), &error)),
    }))
}

fn found(base: &Path, entry: &DirEntry) -> Found {
    let path = entry.path().to_owned();
    let kind = match entry.metadata() {
        Err(error) => Entry::NotAFile(error.io_error().map_or(Reason::ReadError, Reason::from)),
        Ok(metadata) if metadata.is_file() => {
            let stat = stat_with_log(&path, stat(&metadata));
            Entry::File { stat, device: metadata.dev(), access: access(&metadata) }
        }
        Ok(metadata) if metadata.is_symlink() => Entry::NotAFile(Reason::Link),
        Ok(_) => Entry::NotAFile(Reason::SpecialFile),
    };
    Found { relative: relative(base, &path), path, entry: kind }
}

/// A folder below the root, or the root itself, whose name is empty.
fn folder(base: &Path, entry: &DirEntry) -> Option<Found> {
    let metadata = entry.metadata().ok()?;
    let path = entry.path().to_owned();
    Some(Found { relative: relative(base, &path), path, entry: Entry::Folder(access(&metadata)) })
}

fn access(metadata: &Metadata) -> Access {
    Access { mode: metadata.mode() & 0o7777, owner: metadata.uid(), group: metadata.gid() }
}

fn unlistable(base: &Path, path: PathBuf, error: &walkdir::Error) -> Found {
    let reason = if error.loop_ancestor().is_some() {
        Reason::Link
    } else {
        error.io_error().map_or(Reason::ReadError, Reason::from)
    };
    Found { relative: relative(base, &path), path, entry: Entry::Unlistable(reason) }
}

fn root_of(error: &walkdir::Error, base: &Path) -> PathBuf {
    error.path().unwrap_or(base).to_owned()
}

fn relative(base: &Path, path: &Path) -> Vec<u8> {
    path.strip_prefix(base).unwrap_or(path).as_os_str().as_encoded_bytes().to_vec()
}

/// What of a file's metadata decides whether it must be read again.
#[must_use]
pub fn stat(metadata: &Metadata) -> Stat {
    Stat {
        size: metadata.len(),
        modified_ns: metadata.mtime().saturating_mul(1_000_000_000).saturating_add(metadata.mtime_nsec()),
        inode: metadata.ino(),
    }
}

/// Pages of a SQLite database are powers of two from here, so its length is a multiple of it.
const SMALLEST_SQLITE_PAGE_BYTES: u64 = 512;

/// What a SQLite database has in its write-ahead log is not yet in its file: it was changed when the log was.
fn stat_with_log(path: &Path, stat: Stat) -> Stat {
    if !stat.size.is_multiple_of(SMALLEST_SQLITE_PAGE_BYTES) {
        return stat;
    }
    let mut log = path.as_os_str().to_owned();
    log.push("-wal");
    match std::fs::symlink_metadata(Path::new(&log)) {
        Ok(log) if log.is_file() && log.len() > 0 => {
            Stat { modified_ns: stat.modified_ns.max(self::stat(&log).modified_ns), ..stat }
        }
        _ => stat,
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

    #[test]
    fn links_and_pipes_are_listed_and_never_opened() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("b")).unwrap();
        std::fs::write(folder.path().join("b/2.txt"), "x").unwrap();
        std::fs::write(folder.path().join("a.txt"), "y").unwrap();
        symlink("/etc", folder.path().join("etc")).unwrap();
        symlink(folder.path(), folder.path().join("loop")).unwrap();
        let _socket = std::os::unix::net::UnixListener::bind(folder.path().join("socket")).unwrap();

        let is_folder = |found: &Found| matches!(found.entry, Entry::Folder(_));
        let all: Vec<_> = list(folder.path()).unwrap().filter(|found| !is_folder(found)).collect();

        let names: Vec<_> = all.iter().map(|found| String::from_utf8_lossy(&found.relative).into_owned()).collect();
        assert_eq!(names, ["a.txt", "b/2.txt", "etc", "loop", "socket"]);
        assert!(matches!(all[0].entry, Entry::File { stat: Stat { size: 1, .. }, .. }));
        assert_eq!(all[2].entry, Entry::NotAFile(Reason::Link));
        assert_eq!(all[3].entry, Entry::NotAFile(Reason::Link));
        assert_eq!(all[4].entry, Entry::NotAFile(Reason::SpecialFile));
    }

    #[test]
    fn a_database_is_as_new_as_its_log_and_other_files_are_not() {
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &str, bytes: usize, second: u64| {
            let path = folder.path().join(name);
            std::fs::write(&path, vec![b'x'; bytes]).unwrap();
            let time = std::time::UNIX_EPOCH + std::time::Duration::from_secs(second);
            std::fs::File::options().write(true).open(path).unwrap().set_modified(time).unwrap();
        };
        for (name, bytes, log_bytes, second) in
            [("live.db", 4096, 1, 9), ("closed.db", 4096, 0, 9), ("text", 4095, 1, 9), ("old-log.db", 4096, 1, 3)]
        {
            write(name, bytes, 5);
            write(&format!("{name}-wal"), log_bytes, second);
        }
        let seconds: Vec<_> = list(folder.path())
            .unwrap()
            .filter(|found| !found.relative.is_empty() && !found.relative.ends_with(b"-wal"))
            .map(|found| match found.entry {
                Entry::File { stat, .. } => (found.relative, stat.modified_ns / 1_000_000_000),
                other => panic!("{other:?}"),
            })
            .collect();
        let expected = [("closed.db", 5), ("live.db", 9), ("old-log.db", 5), ("text", 5)];
        assert_eq!(seconds, expected.map(|(name, second)| (name.as_bytes().to_vec(), second)));
    }

    #[test]
    fn files_and_folders_come_with_their_mode_and_owner() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("open")).unwrap();
        std::fs::write(folder.path().join("open/a.txt"), "x").unwrap();
        let set = |name: &str, mode| {
            let permissions = std::os::unix::fs::PermissionsExt::from_mode(mode);
            std::fs::set_permissions(folder.path().join(name), permissions).unwrap();
        };
        set("open/a.txt", 0o640);
        set("open", 0o2755);
        let all: Vec<_> = list(folder.path()).unwrap().collect();
        let shown: Vec<_> = all
            .iter()
            .map(|found| match found.entry {
                Entry::File { access, .. } | Entry::Folder(access) => {
                    (String::from_utf8_lossy(&found.relative).into_owned(), access.mode)
                }
                other => panic!("{other:?}"),
            })
            .collect();
        assert_eq!(shown[1..], [("open".to_owned(), 0o2755), ("open/a.txt".to_owned(), 0o640)]);
        assert_eq!(shown[0].0, "");
    }

    #[test]
    fn a_single_file_is_a_share_of_one() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("only.csv");
        std::fs::write(&file, "x").unwrap();
        let all: Vec<_> = list(&file).unwrap().collect();
        assert_eq!(all.len(), 1);
        assert_eq!(all[0].relative, b"only.csv");
    }

    #[test]
    fn a_missing_root_is_an_error_that_says_what_to_do() {
        let Err(error) = list(Path::new("/nowhere/at/all")) else { panic!("listed") };
        assert_eq!(error.to_string(), "no such path: /nowhere/at/all; check its spelling, or mount the share first");
    }
}
