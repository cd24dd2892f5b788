//! The parts of a package, by name and by relationship (ECMA-376 part 2; OpenDocument 1.3 part 2).

use std::{
    collections::BTreeMap,
    io::{Read, Seek},
};

use quick_xml::events::BytesStart;
use zip::ZipArchive;

use super::super::{
    Job, Reading, Sink,
    bounded::BudgetReader,
    markup::{self, Visitor},
    packed::reason::reason_of,
};
use super::properties::Properties;
use crate::{
    model::Reason,
    open::{Format, Limits},
};

/// A package that is being read.
pub(super) struct Package<'p, R> {
    job: &'p Job<'p>,
    archive: &'p mut ZipArchive<R>,
    /// Names as [`normalized`] has them, with their places in the archive.
    places: BTreeMap<String, usize>,
    partial: Option<Reason>,
}

impl<'p, R: Read + Seek> Package<'p, R> {
    /// Looks at what the directory names.
    pub(super) fn new(job: &'p Job<'p>, archive: &'p mut ZipArchive<R>) -> Self {
        let mut places = BTreeMap::new();
        for index in 0..archive.len() {
            if let Ok(entry) = archive.by_index_data(index) {
                places.insert(normalized(&String::from_utf8_lossy(entry.name_raw())), index);
            }
        }
        Self { job, archive, places, partial: None }
    }

    /// The caps that hold for it.
    pub(super) fn limits(&self) -> &'p Limits {
        self.job.limits
    }

    /// The names of all parts, lower case, in the order of the alphabet.
    pub(super) fn names(&self) -> Vec<String> {
        self.places.keys().cloned().collect()
    }

    /// Whether there is such a part.
    pub(super) fn holds(&self, name: &str) -> bool {
        self.places.contains_key(&normalized(name))
    }

    /// Something was not read; the first reason stays.
    pub(super) fn note(&mut self, reason: Option<Reason>) {
        self.partial = self.partial.or(reason);
    }

    /// Whether the caps on what it decompresses to are spent.
    pub(super) fn is_spent(&self) -> bool {
        self.job.budget.tripped().is_some()
    }

    /// Lets `read` have the bytes of a part; `None` where there is no such part, or none that can be unpacked.
    pub(super) fn with_part<T>(&mut self, name: &str, read: impl FnOnce(&mut dyn Read) -> T) -> Option<T> {
        let index = *self.places.get(&normalized(name))?;
        if self.is_spent() {
            return None;
        }
        let packed_bytes = self.archive.by_index_data(index).map_or(0, |entry| entry.compressed_size());
        let budget = self.job.budget;
        let given = self
            .archive
            .by_index(index)
            .map(|part| read(&mut BudgetReader::new(part, budget, packed_bytes)))
            .map_err(|error| reason_of(&error));
        self.note(given.as_ref().err().copied().or(budget.tripped()));
        given.ok()
    }

    /// Walks through a part that is XML. Says whether it is there.
    pub(super) fn walk(&mut self, name: &str, visitor: &mut dyn Visitor, sink: &mut dyn Sink) -> bool {
        let limits = self.limits();
        let walked = self.with_part(name, |part| markup::walk(part, None, limits, visitor, sink).partial);
        self.note(walked.flatten());
        walked.is_some()
    }

    /// Hands on what an OOXML package says of itself.
    pub(super) fn walk_properties(&mut self, sink: &mut dyn Sink) {
        for part in ["docprops/core.xml", "docprops/app.xml", "docprops/custom.xml"] {
            self.walk(part, &mut Properties::default(), sink);
        }
    }

    /// What a part refers to; the package itself has the empty name.
    pub(super) fn relationships(&mut self, part: &str, sink: &mut dyn Sink) -> Vec<Relationship> {
        let (folder, file) = part.rsplit_once('/').unwrap_or(("", part));
        let name = format!("{folder}{}_rels/{file}.rels", if folder.is_empty() { "" } else { "/" });
        let mut found = Relationships { folder, most: self.limits().members as usize, found: Vec::new() };
        self.walk(&name, &mut found, sink);
        found.found
    }

    /// The part that the package is about.
    pub(super) fn main_part(&mut self, sink: &mut dyn Sink) -> Option<String> {
        let of_package = self.relationships("", sink);
        let main = of_package.into_iter().find(|it| it.kind == "officeDocument" || it.kind == "document");
        main.map(|it| it.target).filter(|name| self.holds(name))
    }

    /// Reads the parts that are files of their own, and that `is_wanted` by name, as members.
    pub(super) fn read_members(&mut self, is_wanted: impl Fn(&str) -> bool, sink: &mut dyn Sink) {
        let wanted: Vec<usize> = self.places.iter().filter(|(name, _)| is_wanted(name)).map(|(_, at)| *at).collect();
        if wanted.is_empty() || self.is_spent() {
            return;
        }
        if self.job.depth >= self.job.limits.depth {
            self.note(Some(Reason::TooDeep));
            return;
        }
        for index in wanted {
            let admitted = self.job.budget.admit_member();
            if admitted == Err(Reason::TooMany) {
                self.note(Some(Reason::TooMany));
                return;
            }
            self.read_member(index, admitted, sink);
        }
    }

    fn read_member(&mut self, index: usize, admitted: Result<(), Reason>, sink: &mut dyn Sink) {
        let Ok(entry) = self.archive.by_index_data(index) else { return };
        let packed_bytes = entry.compressed_size();
        let name = String::from_utf8_lossy(entry.name_raw()).into_owned();
        let inner = Job { depth: self.job.depth.saturating_add(1), ..*self.job };
        sink.begin_member(name.as_bytes());
        let outcome = admitted.and_then(|()| match self.archive.by_index(index) {
            Ok(content) => {
                inner.extract_stream(&name, &mut BudgetReader::new(content, inner.budget, packed_bytes), sink)
            }
            Err(error) => Err(reason_of(&error)),
        });
        let stopped = outcome.as_ref().map_or_else(|reason| Some(*reason), |extracted| extracted.partial);
        self.note(stopped.filter(|it| matches!(it, Reason::Bomb | Reason::TooLarge | Reason::TooMany)));
        sink.end_member(outcome);
    }

    /// What is said of the whole.
    pub(super) fn reading(self, format: Format) -> Reading {
        Reading { format: Some(format), partial: self.partial, ..Reading::default() }
    }
}

/// One part refers to another, or to something outside.
#[derive(Debug)]
pub(super) struct Relationship {
    /// By what the part calls it.
    pub(super) id: String,
    /// The last word of its type, which transitional and strict files share.
    pub(super) kind: String,
    /// The name of a part, or an address outside.
    pub(super) target: String,
    /// Whether it leads out of the package; it is never followed.
    pub(super) is_external: bool,
}

struct Relationships<'f> {
    folder: &'f str,
    most: usize,
    found: Vec<Relationship>,
}

impl Visitor for Relationships<'_> {
    fn open(&mut self, tag: &BytesStart<'_>, _sink: &mut dyn Sink) {
        if tag.local_name().as_ref() != "Relationship" || self.found.len() >= self.most {
            return;
        }
        let value = |name| markup::attribute(tag, name).unwrap_or_default();
        let is_external = value("TargetMode") == "External";
        let target = value("Target");
        self.found.push(Relationship {
            id: value("Id"),
            kind: value("Type").rsplit('/').next().unwrap_or_default().to_owned(),
            target: if is_external { target } else { resolved(self.folder, &target) },
            is_external,
        });
    }

    fn text(&mut self, _text: &str, _sink: &mut dyn Sink) {}

    fn close(&mut self, _local_name: &str, _sink: &mut dyn Sink) {}

    fn finish(&mut self, _sink: &mut dyn Sink) {}
}

/// The name of a part that another in `folder` refers to.
fn resolved(folder: &str, target: &str) -> String {
    let target = target.replace('\\', "/");
    let whole = if target.starts_with('/') { target } else { format!("{folder}/{target}") };
    let mut steps: Vec<&str> = Vec::new();
    for step in whole.split('/') {
        match step {
            "" | "." => {}
            ".." => drop(steps.pop()),
            _ => steps.push(step),
        }
    }
    steps.join("/")
}

/// A name as it is looked up: names of parts differ in more than case, and some writers use the other slash.
fn normalized(name: &str) -> String {
    name.trim_start_matches(['/', '\\']).replace('\\', "/").to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_target_is_found_from_where_it_is_named() {
        for (folder, target, name) in [
            ("xl", "worksheets/sheet1.xml", "xl/worksheets/sheet1.xml"),
            ("xl/worksheets", "../comments1.xml", "xl/comments1.xml"),
            ("xl", "/xl/styles.xml", "xl/styles.xml"),
            ("", "word/document.xml", "word/document.xml"),
            ("xl", "../../../etc/passwd", "etc/passwd"),
            ("xl", ".\\a\\b.xml", "xl/a/b.xml"),
        ] {
            assert_eq!(resolved(folder, target), name);
        }
    }
}
