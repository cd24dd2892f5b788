//! The parts of a package, by their paths.

use std::{
    collections::BTreeMap,
    io::{Cursor, Read, Seek},
};

use encoding_rs::GB18030;
use zip::ZipArchive;

use super::{
    super::{Job, Sink, bounded::BudgetReader, markup, packed::reason::reason_of},
    tree::Tree,
};
use crate::model::Reason;

/// An archive whose members are parts of one document.
pub(super) struct Package<'p, 'j, R> {
    job: &'p Job<'j>,
    archive: &'p mut ZipArchive<R>,
    /// By path in lower case without a leading slash: writers do not agree with themselves.
    parts: BTreeMap<String, Vec<usize>>,
    /// The first thing that was left out.
    pub(super) partial: Option<Reason>,
}

impl<'p, 'j, R: Read + Seek> Package<'p, 'j, R> {
    /// Lists the parts of an archive.
    pub(super) fn new(job: &'p Job<'j>, archive: &'p mut ZipArchive<R>) -> Self {
        let mut parts: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        let mut pieces: BTreeMap<String, BTreeMap<u32, usize>> = BTreeMap::new();
        for index in 0..archive.len() {
            let Ok(entry) = archive.by_index_data(index) else { continue };
            let path = normal(&decode_name(entry.name_raw()));
            match piece_of(&path) {
                Some((whole, number)) => drop(pieces.entry(whole).or_default().insert(number, index)),
                None => drop(parts.insert(path, vec![index])),
            }
        }
        for (path, numbered) in pieces {
            parts.entry(path).or_insert_with(|| numbered.into_values().collect());
        }
        Self { job, archive, parts, partial: None }
    }

    /// Notes that something was left out.
    pub(super) fn miss(&mut self, reason: Option<Reason>) {
        self.partial = self.partial.or(reason);
    }

    /// Whether nothing more may be read.
    pub(super) fn is_spent(&self) -> bool {
        self.job.budget.tripped().is_some()
    }

    /// The paths of all parts.
    pub(super) fn paths(&self) -> impl Iterator<Item = &str> {
        self.parts.keys().map(String::as_str)
    }

    /// Where a part is that another part points to. Writers point from the folder of the part, of the document, or the root.
    pub(super) fn find(&self, folder: &str, location: &str) -> Option<String> {
        let location = location.trim();
        let mut folder = folder;
        loop {
            let path = joined(folder, location);
            if self.parts.contains_key(&path) {
                return Some(path);
            }
            if folder.is_empty() {
                return None;
            }
            folder = folder_of(folder);
        }
    }

    /// Walks through a part.
    pub(super) fn walk(&mut self, path: &str, visitor: &mut dyn markup::Visitor, sink: &mut dyn Sink) {
        let job = *self.job;
        let partial = match self.read(path, |reader| markup::walk(reader, None, job.limits, visitor, sink).partial) {
            Ok(partial) => job.budget.tripped().or(partial),
            Err(reason) => Some(reason),
        };
        self.miss(partial);
    }

    /// Reads a part as a tree.
    pub(super) fn tree(&mut self, path: &str, sink: &mut dyn Sink) -> Tree {
        let mut tree = Tree::default();
        self.walk(path, &mut tree, sink);
        self.miss(tree.partial);
        tree
    }

    /// Reads a part as a member of its own: a file that is attached.
    pub(super) fn member(&mut self, name: &str, path: &str, sink: &mut dyn Sink) {
        let job = *self.job;
        let inner = Job { depth: job.depth + 1, ..job };
        sink.begin_member(name.as_bytes());
        let outcome = if job.depth >= job.limits.depth {
            Err(Reason::TooDeep)
        } else {
            job.budget.admit_member().and_then(|()| {
                self.read(path, |mut reader| inner.extract_stream(name, &mut reader, sink)).and_then(|outcome| outcome)
            })
        };
        let stopped = outcome.as_ref().map_or_else(|reason| Some(*reason), |extracted| extracted.partial);
        sink.end_member(outcome);
        if let Some(Reason::Bomb | Reason::TooLarge | Reason::TooMany) = stopped {
            self.miss(stopped);
        }
    }

    /// Opens a part, all its pieces one behind the other.
    fn read<T>(&mut self, path: &str, then: impl FnOnce(&mut dyn Read) -> T) -> Result<T, Reason> {
        let indices = self.parts.get(path).ok_or(Reason::Corrupt)?;
        if let [index] = indices.as_slice() {
            let packed_bytes = packed_bytes(self.archive, *index);
            let part = self.archive.by_index(*index).map_err(|error| reason_of(&error))?;
            return Ok(then(&mut BudgetReader::new(part, self.job.budget, packed_bytes)));
        }
        let mut whole = Vec::new();
        for index in indices.clone() {
            let packed_bytes = packed_bytes(self.archive, index);
            let part = self.archive.by_index(index).map_err(|error| reason_of(&error))?;
            let room = self.job.limits.member_bytes.saturating_sub(whole.len() as u64);
            BudgetReader::new(part, self.job.budget, packed_bytes)
                .take(room)
                .read_to_end(&mut whole)
                .map_err(|error| self.job.budget.blame(Reason::from(&error)))?;
        }
        Ok(then(&mut Cursor::new(whole)))
    }
}

fn packed_bytes<R: Read + Seek>(archive: &ZipArchive<R>, index: usize) -> u64 {
    archive.by_index_data(index).map_or(0, |entry| entry.compressed_size())
}

/// Names in the code page of Chinese Windows occur here too.
fn decode_name(raw: &[u8]) -> String {
    std::str::from_utf8(raw).map_or_else(|_| GB18030.decode_without_bom_handling(raw).0.into_owned(), str::to_owned)
}

/// The path of the whole and the number of a piece, where a part is stored in pieces (ECMA-376-2, 10.2.5).
fn piece_of(path: &str) -> Option<(String, u32)> {
    let (whole, piece) = path.rsplit_once('/')?;
    let number =
        piece.strip_prefix('[')?.strip_suffix("].last.piece").or(piece.strip_prefix('[')?.strip_suffix("].piece"))?;
    Some((whole.to_owned(), number.parse().ok()?))
}

/// The folder of a path, without a slash at its end.
pub(super) fn folder_of(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

fn joined(folder: &str, location: &str) -> String {
    if location.starts_with(['/', '\\']) { normal(location) } else { normal(&format!("{folder}/{location}")) }
}

/// A path without `.`, `..`, escapes and capitals.
fn normal(path: &str) -> String {
    let unescaped = unescape(path);
    let mut folders: Vec<&str> = Vec::new();
    for folder in unescaped.split(['/', '\\']) {
        match folder {
            "" | "." => {}
            ".." => drop(folders.pop()),
            _ => folders.push(folder),
        }
    }
    folders.join("/").to_lowercase()
}

/// Resolves `%20` and its like, as paths in packages are written.
fn unescape(path: &str) -> String {
    if !path.contains('%') {
        return path.to_owned();
    }
    let mut bytes = Vec::with_capacity(path.len());
    let mut rest = path.as_bytes();
    while let Some((first, behind)) = rest.split_first() {
        let code = (*first == b'%')
            .then(|| std::str::from_utf8(behind.get(..2)?).ok().and_then(|it| u8::from_str_radix(it, 16).ok()))
            .flatten();
        bytes.push(code.unwrap_or(*first));
        rest = behind.get(if code.is_some() { 2 } else { 0 }..).unwrap_or_default();
    }
    String::from_utf8(bytes).unwrap_or_else(|_| path.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_joined_as_writers_write_them() {
        assert_eq!(joined("Doc_0", "Pages/Page_0/Content.xml"), "doc_0/pages/page_0/content.xml");
        assert_eq!(joined("Doc_0", "/Doc_0/./Tags/../A%20b.xml"), "doc_0/a b.xml");
        assert_eq!(joined("", "..\\..\\x.xml"), "x.xml");
        assert_eq!(joined("", "100%zz"), "100%zz");
    }

    #[test]
    fn a_piece_knows_its_whole() {
        assert_eq!(piece_of("pages/1.fpage/[0].piece"), Some(("pages/1.fpage".into(), 0)));
        assert_eq!(piece_of("pages/1.fpage/[1].last.piece"), Some(("pages/1.fpage".into(), 1)));
        assert_eq!(piece_of("pages/1.fpage"), None);
    }
}
