//! Loading: the packs in the binary, and a folder of the user's on top of them.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use include_dir::{Dir, include_dir};
use xxhash_rust::xxh3::xxh3_64;

use super::dictionary::FiledTerm;
use super::format::Formats;
use super::schema::{PackFile, TermEntry};
use super::system::{Meaning, StructureRule, SystemEntry, SystemKind};
use super::{
    AnchorIndex, ContextWords, DetectorRule, DetectorSet, Dictionary, Error, FormatRule, TableShape, ToldFormat,
};

static BUILTIN: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/patterns");

/// A rule file is read up to this: the largest of ours is a hundredth of it.
const FILE_LIMIT_BYTES: u64 = 4 << 20;
/// Folders in a user's folder are followed to this depth.
const DEEPEST_FOLDER: usize = 4;

/// All rules, compiled.
#[derive(Debug)]
pub struct RulePack {
    version: String,
    detectors: Vec<DetectorRule>,
    anchors: AnchorIndex,
    context: ContextWords,
    dictionary: Dictionary,
    lexicon: Dictionary,
    formats: Formats,
    shapes: Vec<TableShape>,
    systems: Vec<SystemKind>,
    structures: Vec<StructureRule>,
}

/// A user's formats are asked before ours; of one origin, in the order of the files and in them.
type FormatOrder = (Reverse<usize>, usize);

/// Rules of one origin, and of those that it was laid on.
#[derive(Default)]
struct Layers {
    laid: usize,
    texts: BTreeMap<String, String>,
    detectors: BTreeMap<String, DetectorRule>,
    terms: BTreeMap<String, Vec<(String, TermEntry)>>,
    joints: BTreeMap<String, Vec<String>>,
    formats: BTreeMap<String, (FormatOrder, FormatRule)>,
    shapes: BTreeMap<String, TableShape>,
    systems: BTreeMap<String, (SystemKind, SystemEntry)>,
    structures: BTreeMap<String, StructureRule>,
}

impl RulePack {
    /// The packs in the binary.
    pub fn builtin() -> Result<Self, Error> {
        let mut layers = Layers::default();
        layers.lay("", builtin_texts(&BUILTIN))?;
        layers.compile()
    }

    /// The packs in the binary, and on them the `*.toml` of a folder: a detector or format of the same id, and the
    /// terms of a pack of the same name, take the place of the built-in ones.
    pub fn with_folder(folder: &Path) -> Result<Self, Error> {
        let mut layers = Layers::default();
        layers.lay("", builtin_texts(&BUILTIN))?;
        layers.lay("user/", folder_texts(folder, DEEPEST_FOLDER)?)?;
        layers.compile()
    }

    /// Packs from texts alone: (file, text).
    pub fn from_texts(texts: Vec<(String, String)>) -> Result<Self, Error> {
        let mut layers = Layers::default();
        layers.lay("", texts)?;
        layers.compile()
    }

    /// 16 hexadecimal digits over the texts of all packs in the order of their names.
    #[must_use]
    pub fn version(&self) -> &str {
        &self.version
    }

    /// The detectors, sorted by id.
    #[must_use]
    pub fn detectors(&self) -> &[DetectorRule] {
        &self.detectors
    }

    /// The detector of an id.
    #[must_use]
    pub fn detector(&self, id: &str) -> Option<&DetectorRule> {
        self.detectors.binary_search_by(|rule| rule.id.as_str().cmp(id)).ok().and_then(|at| self.detectors.get(at))
    }

    /// What the scanner dispatches on.
    #[must_use]
    pub fn anchors(&self) -> &AnchorIndex {
        &self.anchors
    }

    /// The words that speak for or against candidates.
    #[must_use]
    pub fn context(&self) -> &ContextWords {
        &self.context
    }

    /// The vocabulary, for content and for names of files.
    #[must_use]
    pub fn dictionary(&self) -> &Dictionary {
        &self.dictionary
    }

    /// The vocabulary with the words of kinds of system, for names of tables. Apart from the other, so that no word of a
    /// system hides a shorter one that means the same everywhere.
    #[must_use]
    pub fn lexicon(&self) -> &Dictionary {
        &self.lexicon
    }

    /// The file formats.
    #[must_use]
    pub fn formats(&self) -> &[FormatRule] {
        self.formats.rules()
    }

    /// The shapes of tables, sorted by id.
    #[must_use]
    pub fn shapes(&self) -> &[TableShape] {
        &self.shapes
    }

    /// The kinds of system, sorted by id.
    #[must_use]
    pub fn systems(&self) -> &[SystemKind] {
        &self.systems
    }

    /// What sets of columns say, sorted by id.
    #[must_use]
    pub fn structures(&self) -> &[StructureRule] {
        &self.structures
    }

    /// The format that a file name tells, multi-part extensions (`.prt.12`) too.
    #[must_use]
    pub fn format_of_name(&self, file_name: &str) -> Option<&FormatRule> {
        self.formats.of_name(file_name)
    }

    /// The format that the first bytes of a file tell, or its name; `content` is the id of what it is by content.
    #[must_use]
    pub fn format_of_file(&self, file_name: &str, content: &str, head: &[u8]) -> Option<ToldFormat<'_>> {
        self.formats.of_file(file_name, content, head)
    }
}

impl Layers {
    fn lay(&mut self, prefix: &str, texts: Vec<(String, String)>) -> Result<(), Error> {
        let mut seen = BTreeSet::new();
        let mut fresh_packs = BTreeSet::new();
        self.laid += 1;
        let mut formats_seen = 0..;
        for (file, text) in texts {
            let pack: PackFile = toml::from_str(&text).map_err(|error| malformed(&file, &text, &error))?;
            if pack.schema != 1 {
                return Err(Error::Schema { file, found: pack.schema });
            }
            let mut once = |rule: &str| {
                let duplicate = || Error::Duplicate { file: file.clone(), rule: rule.to_owned() };
                seen.insert(rule.to_owned()).then_some(()).ok_or_else(duplicate)
            };
            for entry in pack.detectors {
                once(&entry.id)?;
                self.detectors.insert(entry.id.clone(), DetectorRule::new(entry, &pack.pack, &file)?);
            }
            for (entry, number) in pack.formats.into_iter().zip(&mut formats_seen) {
                once(&entry.id)?;
                let order = (Reverse(self.laid), number);
                self.formats.insert(entry.id.clone(), (order, FormatRule::new(entry, &pack.pack, &file)?));
            }
            for entry in pack.shapes {
                once(&entry.id)?;
                self.shapes.insert(entry.id.clone(), TableShape::new(entry, &file)?);
            }
            if !pack.joints.is_empty() {
                self.joints.insert(pack.pack.clone(), pack.joints);
            }
            for entry in pack.systems {
                once(&entry.id)?;
                let kind = SystemKind::new(&entry, &pack.pack, &file)?;
                self.systems.insert(entry.id.clone(), (kind, entry));
            }
            for entry in pack.structures {
                once(&entry.id)?;
                self.structures.insert(entry.id.clone(), StructureRule::new(entry, &pack.pack, &file)?);
            }
            if !pack.terms.is_empty() {
                if fresh_packs.insert(pack.pack.clone()) {
                    self.terms.remove(&pack.pack);
                }
                let terms = self.terms.entry(pack.pack).or_default();
                terms.extend(pack.terms.into_iter().map(|term| (file.clone(), term)));
            }
            self.texts.insert(format!("{prefix}{file}"), text);
        }
        Ok(())
    }

    fn compile(self) -> Result<RulePack, Error> {
        let mut version = String::new();
        for (file, text) in &self.texts {
            version.push_str(&format!("{file}\0{text}\0"));
        }
        let general = self.terms.into_iter().flat_map(|(pack, terms)| {
            let filed = move |(file, entry)| FiledTerm { pack: pack.clone(), file, entry, meaning: Meaning::General };
            terms.into_iter().map(filed)
        });
        let (systems, entries): (Vec<SystemKind>, Vec<SystemEntry>) = self.systems.into_values().unzip();
        let of_systems = systems.iter().zip(entries).flat_map(|(kind, entry)| {
            SystemKind::terms(entry).map(|(entry, meaning)| {
                let (pack, file) = (kind.pack.clone(), kind.file.clone());
                FiledTerm { pack, file, entry, meaning }
            })
        });
        let general: Vec<FiledTerm> = general.collect();
        let joints: Vec<String> = self.joints.into_values().flatten().collect();
        let dictionary = Dictionary::new(&general, &joints)?;
        let all: Vec<FiledTerm> = general.into_iter().chain(of_systems).collect();
        let mut formats: Vec<(FormatOrder, FormatRule)> = self.formats.into_values().collect();
        formats.sort_by_key(|(order, _)| *order);
        let detectors: Vec<DetectorRule> = self.detectors.into_values().collect();
        if detectors.len() > DetectorSet::CAPACITY {
            return Err(Error::TooManyDetectors { found: detectors.len(), limit: DetectorSet::CAPACITY });
        }
        Ok(RulePack {
            version: format!("{:016x}", xxh3_64(version.as_bytes())),
            anchors: AnchorIndex::new(&detectors),
            context: ContextWords::new(&detectors),
            detectors,
            shapes: self.shapes.into_values().collect(),
            dictionary,
            lexicon: Dictionary::new(&all, &joints)?,
            formats: Formats::new(formats.into_iter().map(|(_, rule)| rule).collect()),
            systems,
            structures: self.structures.into_values().collect(),
        })
    }
}

/// Where a rule file is malformed: the line, the rule before it, and the name of a field that the schema does not know.
fn malformed(file: &str, text: &str, error: &toml::de::Error) -> Error {
    let span = error.span().unwrap_or_default();
    let before = text.get(..span.start).unwrap_or_default();
    let rule = before.rsplit("[[").next().filter(|_| before.contains("[[")).and_then(|entry| {
        let line = entry
            .lines()
            .find(|line| line.trim_start().strip_prefix("id").is_some_and(|rest| rest.trim_start().starts_with('=')))?;
        line.split('"').nth(1).map(str::to_owned)
    });
    let is_name = |text: &&str| {
        !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-".contains(&byte))
    };
    let field = text.get(span.clone()).filter(is_name).filter(|_| error.message().starts_with("unknown field"));
    let line = 1 + before.bytes().filter(|byte| *byte == b'\n').count();
    Error::Malformed { file: file.to_owned(), line, rule, field: field.map(str::to_owned) }
}

/// The texts in the binary: (file, text), sorted by file.
fn builtin_texts(folder: &Dir<'_>) -> Vec<(String, String)> {
    let mut texts: Vec<(String, String)> = folder
        .files()
        .filter(|file| file.path().extension().is_some_and(|extension| extension == "toml"))
        .map(|file| {
            let text = String::from_utf8_lossy(file.contents()).into_owned();
            (format!("patterns/{}", file.path().display()), text)
        })
        .chain(folder.dirs().flat_map(builtin_texts))
        .collect();
    texts.sort();
    texts
}

/// The texts of a folder: (path, text), sorted by path.
fn folder_texts(folder: &Path, depth: usize) -> Result<Vec<(String, String)>, Error> {
    let unreadable = |path: &Path| Error::Unreadable { path: path.to_owned() };
    let mut paths = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(|_| unreadable(folder))? {
        paths.push(entry.map_err(|_| unreadable(folder))?.path());
    }
    paths.sort();
    let mut texts = Vec::new();
    for path in paths {
        if path.is_dir() && depth > 0 {
            texts.extend(folder_texts(&path, depth - 1)?);
        } else if path.extension().is_some_and(|extension| extension == "toml") {
            texts.push((path.display().to_string(), read_capped(path)?));
        }
    }
    Ok(texts)
}

fn read_capped(path: PathBuf) -> Result<String, Error> {
    let mut text = String::new();
    let read = File::open(&path).and_then(|file| file.take(FILE_LIMIT_BYTES + 1).read_to_string(&mut text));
    match read {
        Err(_) => Err(Error::Unreadable { path }),
        Ok(length) if length as u64 > FILE_LIMIT_BYTES => Err(Error::TooLarge { path, limit_bytes: FILE_LIMIT_BYTES }),
        Ok(_) => Ok(text),
    }
}
