//! A file of a share, opened so that nothing of it changes, and hashed while it is read.

use std::{
    fs::File,
    io::{self, Read, Seek, SeekFrom},
    path::Path,
};

use rustix::{
    fs::{FileType, Mode, OFlags, fstat, open},
    io::Errno,
};
use xxhash_rust::xxh3::Xxh3;

use crate::model::{Reason, Stat};

/// The first bytes of a file, to tell its format by.
pub fn head(path: &Path, most_bytes: usize) -> Result<Vec<u8>, Reason> {
    let mut head = Vec::new();
    let source = FileSource::open(path)?;
    source.take(most_bytes as u64).read_to_end(&mut head).map_err(|error| Reason::from(&error))?;
    Ok(head)
}

/// A regular file, read-only. It never follows a link at its last step, never waits for a pipe, and leaves the access
/// time alone where the system lets it (owner or privileged; else the mount's own rule holds).
pub struct FileSource {
    file: File,
    before: Stat,
    hasher: Xxh3,
    /// Bytes hashed so far, from the beginning and without a gap; `None` once the reader has jumped.
    hashed_bytes: Option<u64>,
}

impl FileSource {
    /// Opens `path` and takes its stat.
    pub fn open(path: &Path) -> Result<Self, Reason> {
        let file = File::from(open_quietly(path)?);
        let before = stat(&file)?;
        Ok(Self { file, before, hasher: Xxh3::new(), hashed_bytes: Some(0) })
    }

    /// What the system said of the file when it was opened.
    #[must_use]
    pub fn stat(&self) -> Stat {
        self.before
    }

    /// Reads the whole file once for its hash, and goes back to the beginning: for readers that jump.
    pub fn hash_whole(&mut self) -> Result<u128, Reason> {
        self.seek(SeekFrom::Start(0)).map_err(|error| Reason::from(&error))?;
        let mut hasher = Xxh3::new();
        let mut buffer = vec![0; 256 << 10];
        loop {
            match self.file.read(&mut buffer) {
                Ok(0) => break,
                Ok(count) => hasher.update(buffer.get(..count).unwrap_or_default()),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(Reason::from(&error)),
            }
        }
        self.seek(SeekFrom::Start(0)).map_err(|error| Reason::from(&error))?;
        Ok(hasher.digest128())
    }

    /// The xxh3-128 of the content, when all of it was read in order.
    #[must_use]
    pub fn content_hash(&self) -> Option<u128> {
        (self.hashed_bytes? == self.before.size).then(|| self.hasher.digest128())
    }

    /// Whether size, time and inode are still what they were when it was opened.
    #[must_use]
    pub fn is_unchanged(&self) -> bool {
        stat(&self.file).is_ok_and(|now| now == self.before)
    }
}

impl Read for FileSource {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.file.read(buffer)?;
        if let (Some(hashed), Some(bytes)) = (&mut self.hashed_bytes, buffer.get(..count)) {
            self.hasher.update(bytes);
            *hashed = hashed.saturating_add(count as u64);
        }
        Ok(count)
    }
}

impl Seek for FileSource {
    fn seek(&mut self, position: SeekFrom) -> io::Result<u64> {
        self.hashed_bytes = None;
        self.file.seek(position)
    }
}

fn open_quietly(path: &Path) -> Result<rustix::fd::OwnedFd, Reason> {
    let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC | OFlags::NOCTTY;
    // Only the owner and the privileged may ask for an unchanged access time; everyone else opens without.
    let opened = match open(path, flags | OFlags::NOATIME, Mode::empty()) {
        Err(Errno::PERM) => open(path, flags, Mode::empty()),
        other => other,
    };
    opened.map_err(|code| match code {
        Errno::LOOP => Reason::Link,
        Errno::NXIO | Errno::NODEV => Reason::SpecialFile,
        Errno::NOENT | Errno::NOTDIR => Reason::Vanished,
        Errno::ACCESS | Errno::PERM => Reason::PermissionDenied,
        _ => Reason::ReadError,
    })
}

fn stat(file: &File) -> Result<Stat, Reason> {
    let stat = fstat(file).map_err(|_| Reason::ReadError)?;
    if FileType::from_raw_mode(stat.st_mode) != FileType::RegularFile {
        return Err(Reason::SpecialFile);
    }
    #[expect(clippy::useless_conversion, reason = "the widths of these fields differ between systems")]
    Ok(Stat {
        size: u64::try_from(stat.st_size).unwrap_or(0),
        modified_ns: i64::from(stat.st_mtime)
            .saturating_mul(1_000_000_000)
            .saturating_add(i64::try_from(stat.st_mtime_nsec).unwrap_or(0)),
        inode: u64::from(stat.st_ino),
    })
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use xxhash_rust::xxh3::xxh3_128;

    use super::*;

    #[test]
    fn reading_in_order_gives_the_hash_of_the_content() {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(b"valve 12").unwrap();
        let mut source = FileSource::open(file.path()).unwrap();
        assert_eq!(source.content_hash(), None);
        io::copy(&mut source, &mut io::sink()).unwrap();
        assert_eq!(source.content_hash(), Some(xxh3_128(b"valve 12")));
        assert_eq!(source.hash_whole(), Ok(xxh3_128(b"valve 12")));
        assert!(source.is_unchanged());
        file.write_all(b"!").unwrap();
        assert!(!source.is_unchanged());
    }

    #[test]
    fn a_link_a_folder_a_pipe_and_a_missing_file_are_told_apart() {
        let folder = tempfile::tempdir().unwrap();
        let reason = |path: &Path| FileSource::open(path).err();
        assert_eq!(reason(folder.path()), Some(Reason::SpecialFile));
        assert_eq!(reason(&folder.path().join("none")), Some(Reason::Vanished));
        let link = folder.path().join("link");
        std::os::unix::fs::symlink("/etc/hostname", &link).unwrap();
        assert_eq!(reason(&link), Some(Reason::Link));
        let pipe = folder.path().join("pipe");
        rustix::fs::mknodat(rustix::fs::CWD, &pipe, FileType::Fifo, Mode::RUSR, 0).unwrap();
        assert_eq!(reason(&pipe), Some(Reason::SpecialFile));
    }
}
