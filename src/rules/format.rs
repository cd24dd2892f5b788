//! File formats, told by name and by how their first bytes look.

use std::collections::BTreeMap;

use regex::bytes::Regex;

use super::Error;
use super::compile::compile;
use super::schema::{FormatEntry, Label};
use crate::model::Mark;

/// Where in a file its signature, and how its first lines begin, are looked for.
const SIGNATURE_BYTES: usize = 2 << 10;
/// Where lines of a grammar are looked for: behind a licence of two pages too.
const GRAMMAR_BYTES: usize = 16 << 10;
/// Lines that a pattern is held against.
const PATTERN_LINES: usize = 60;
/// Lines that a pattern must match: fewer may be chance.
const FEWEST_PATTERN_LINES: usize = 2;
/// A name that says less than this gives way to what the lines read like: `.cfg` may be a router's or a machine's.
const WEAK_NAME: f64 = 0.3;
/// Formats by content whose lines are rows.
const TABLES: [&str; 2] = ["csv", "tsv"];
/// Fewer bytes are met by chance.
const SHORTEST_MAGIC: usize = 3;
/// Shorter beginnings stand in many a text.
const SHORTEST_FIRST_LINE: usize = 3;

/// A file format that names or first bytes tell.
#[derive(Clone, Debug)]
pub struct FormatRule {
    /// Its id, e.g. `cad.creo`.
    pub id: String,
    /// What a person reads.
    pub name: Label,
    /// The pack that it stands in; the rule of its evidence.
    pub pack: String,
    /// The file that it stands in.
    pub file: String,
    /// Extensions without the dot, lower case; `#` stands for a version number.
    pub extensions: Vec<String>,
    /// Whole names of files, lower case; `*` at the end stands for the rest.
    pub files: Vec<String>,
    /// Formats by content that it speaks for, by their ids.
    pub formats: Vec<String>,
    /// Formats by content under which its names say nothing of it.
    pub except: Vec<String>,
    /// Bytes at a place of the file.
    pub magic: Vec<(usize, Vec<u8>)>,
    /// How one of the first lines of a text of it begins.
    pub first_lines: Vec<String>,
    /// What stands somewhere in its first bytes.
    pub contains: Vec<String>,
    /// How lines of its grammar begin, whatever their case.
    pub lines: Vec<String>,
    /// How many different ones of `lines` must be met.
    pub at_least: usize,
    /// How lines begin of which one must be met besides.
    pub needs: Vec<String>,
    /// What half of its first lines match, from their first byte on.
    pub line_pattern: Option<Regex>,
    /// The category that a file of it speaks for, and how strongly.
    pub category: Option<(String, f64)>,
    /// How strongly it tells what is left unclassified, 0 to 1.
    pub plumbing: f64,
    /// How sure the source is.
    pub basis: Option<Mark>,
}

impl FormatRule {
    pub(super) fn new(entry: FormatEntry, pack: &str, file: &str) -> Result<Self, Error> {
        let refuse = |field| Err(Error::Value { file: file.to_owned(), rule: entry.id.clone(), field });
        let is_lower = |name: &String| !name.is_empty() && *name == name.to_lowercase();
        let is_beginning = |line: &String| line.len() >= SHORTEST_FIRST_LINE && line.trim_start() == line;
        if !(0.0..=1.0).contains(&entry.weight) || (entry.plumbing && entry.category.is_some()) {
            return refuse("weight");
        }
        if !entry.extensions.iter().all(is_lower) {
            return refuse("extensions");
        }
        if !entry.files.iter().all(is_lower) {
            return refuse("files");
        }
        let Some(magic) = entry.magic.iter().map(|text| magic(text)).collect::<Option<Vec<_>>>() else {
            return refuse("magic");
        };
        if !entry.first_lines.iter().all(is_beginning) {
            return refuse("first_lines");
        }
        if entry.contains.iter().any(|text| text.len() < SHORTEST_FIRST_LINE) {
            return refuse("contains");
        }
        if entry.lines.iter().any(String::is_empty)
            || (entry.at_least > 0) == entry.lines.is_empty()
            || entry.at_least > entry.lines.len()
        {
            return refuse("at_least");
        }
        if entry.needs.iter().any(String::is_empty) || (entry.at_least == 0 && !entry.needs.is_empty()) {
            return refuse("needs");
        }
        let line_pattern = entry.line_pattern.as_deref().map(compile).transpose();
        let Ok(line_pattern) = line_pattern else { return refuse("line_pattern") };
        Ok(Self {
            id: entry.id,
            name: entry.name,
            pack: pack.to_owned(),
            file: file.to_owned(),
            extensions: entry.extensions,
            files: entry.files,
            formats: entry.formats,
            except: entry.except,
            magic,
            first_lines: entry.first_lines,
            contains: entry.contains,
            lines: entry.lines,
            at_least: entry.at_least,
            needs: entry.needs,
            line_pattern,
            category: entry.category.map(|category| (category, entry.weight)),
            plumbing: if entry.plumbing { entry.weight } else { 0.0 },
            basis: entry.basis,
        })
    }

    /// How strongly it speaks, for whatever.
    fn weight(&self) -> f64 {
        self.category.as_ref().map_or(self.plumbing, |(_, weight)| *weight)
    }

    /// Whether it names what the file is by content, or bytes that stand where they must.
    fn is_borne(&self, content: &str, head: &[u8]) -> bool {
        let bears = |(start, bytes): &(usize, Vec<u8>)| head.get(*start..).is_some_and(|rest| rest.starts_with(bytes));
        self.formats.iter().any(|format| format == content) || self.magic.iter().any(bears)
    }

    /// Whether one of the first lines, or something in the first bytes, is its signature.
    fn signs(&self, head: &[u8]) -> bool {
        let head = head.get(..SIGNATURE_BYTES).unwrap_or(head);
        let begins = |beginning: &String| lines(head).any(|line| line.starts_with(beginning.as_bytes()));
        let holds = |text: &String| memchr::memmem::find(head, text.as_bytes()).is_some();
        self.first_lines.iter().any(begins) || self.contains.iter().any(holds)
    }

    /// Whether the first lines read like it.
    fn reads_like(&self, content: &str, head: &[u8]) -> bool {
        let head = head.get(..GRAMMAR_BYTES).unwrap_or(head);
        // Columns of codes are no lines of a program.
        let is_table = TABLES.contains(&content);
        self.speaks(head) || self.line_pattern.as_ref().is_some_and(|it| !is_table && matches_half(it, head))
    }

    /// Whether as many lines of its grammar are met as must be, and one that it needs.
    fn speaks(&self, head: &[u8]) -> bool {
        let is_met = |beginning: &&String| lines(head).any(|line| begins_with_word(line, beginning.as_bytes()));
        // A number may follow at once, as in `interface Vlan10`.
        let is_needed = |beginning: &String| lines(head).any(|line| begins_with_letters(line, beginning.as_bytes()));
        self.at_least > 0
            && self.lines.iter().filter(is_met).take(self.at_least).count() == self.at_least
            && (self.needs.is_empty() || self.needs.iter().any(is_needed))
    }

    /// Whether it speaks for the same category.
    fn is_akin_to(&self, other: &Self) -> bool {
        let category = |rule: &Self| rule.category.as_ref().map(|(category, _)| category.clone());
        category(self).is_some_and(|it| category(other) == Some(it))
    }
}

/// The place and the bytes of `257:7573746172`; the place may be left out.
fn magic(text: &str) -> Option<(usize, Vec<u8>)> {
    let (start, digits) = text.split_once(':').unwrap_or(("0", text));
    let pairs = digits.as_bytes().chunks(2).map(|pair| std::str::from_utf8(pair).ok().filter(|pair| pair.len() == 2));
    let bytes = pairs.map(|pair| u8::from_str_radix(pair?, 16).ok()).collect::<Option<Vec<u8>>>()?;
    (bytes.len() >= SHORTEST_MAGIC).then_some((start.parse().ok()?, bytes))
}

/// The lines of a text that are not empty, blanks before them aside.
fn lines(text: &[u8]) -> impl Iterator<Item = &[u8]> {
    text.split(|byte| matches!(byte, b'\n' | b'\r')).map(<[u8]>::trim_ascii_start).filter(|line| !line.is_empty())
}

/// Whether a line begins so, and what it begins with does not go on as a word.
fn begins_with_word(line: &[u8], beginning: &[u8]) -> bool {
    let stands = line.get(..beginning.len()).is_some_and(|start| start.eq_ignore_ascii_case(beginning));
    let is_word = |byte: Option<&u8>| byte.is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte == b'_');
    stands && !(is_word(beginning.last()) && is_word(line.get(beginning.len())))
}

/// Whether a line begins so, and what it begins with does not go on in letters.
fn begins_with_letters(line: &[u8], beginning: &[u8]) -> bool {
    let number = line.get(beginning.len()).is_some_and(u8::is_ascii_digit);
    begins_with_word(line.get(..beginning.len() + usize::from(!number)).unwrap_or(line), beginning)
}

/// Whether half of the first lines or more match. The last of them may be cut, and counts as any other.
fn matches_half(pattern: &Regex, head: &[u8]) -> bool {
    let (mut seen, mut matched) = (0_usize, 0_usize);
    for line in lines(head).take(PATTERN_LINES) {
        seen += 1;
        matched += usize::from(pattern.is_match(line));
    }
    matched >= FEWEST_PATTERN_LINES && 2 * matched >= seen
}

/// What told a format.
#[derive(Clone, Copy, Debug)]
pub struct ToldFormat<'p> {
    /// The format.
    pub rule: &'p FormatRule,
    /// Whether its content told it, and not only its name.
    pub by_content: bool,
}

/// All formats.
#[derive(Clone, Debug, Default)]
pub(super) struct Formats {
    rules: Vec<FormatRule>,
    by_extension: BTreeMap<String, usize>,
}

impl Formats {
    /// Where two formats share an extension, the first one written has it.
    pub(super) fn new(rules: Vec<FormatRule>) -> Self {
        let mut by_extension = BTreeMap::new();
        for (index, rule) in rules.iter().enumerate() {
            for extension in &rule.extensions {
                by_extension.entry(extension.clone()).or_insert(index);
            }
        }
        Self { rules, by_extension }
    }

    pub(super) fn rules(&self) -> &[FormatRule] {
        &self.rules
    }

    /// The format of a file, `content` being the id of what it is by content: by its signature, else by its name, else by
    /// what its lines read like; a name that says little comes last, and lines say which it is of those its name stands for. In each, the first rule that knows it has it.
    pub(super) fn of_file(&self, file_name: &str, content: &str, head: &[u8]) -> Option<ToldFormat<'_>> {
        let told = |by_content| move |rule| ToldFormat { rule, by_content };
        let borne = self.rules.iter().find(|rule| rule.is_borne(content, head));
        if let Some(signed) = borne.or_else(|| self.rules.iter().find(|rule| rule.signs(head))) {
            return Some(ToldFormat { rule: signed, by_content: true });
        }
        let named = self.of_name(file_name).filter(|named| !named.except.iter().any(|format| format == content));
        let read_like = self.rules.iter().find(|rule| rule.reads_like(content, head));
        match (named, read_like) {
            // Lines that read like the same say that the name is right.
            (Some(named), _) if named.weight() >= WEAK_NAME && named.reads_like(content, head) => {
                Some(named).map(told(true))
            }
            // A name that many programs share is made out by what the lines read like.
            (Some(named), Some(rule)) if named.weight() >= WEAK_NAME && rule.is_akin_to(named) => {
                Some(rule).map(told(true))
            }
            (Some(named), _) if named.weight() >= WEAK_NAME => Some(named).map(told(false)),
            (_, Some(rule)) => Some(rule).map(told(true)),
            (named, None) => named.map(told(false)),
        }
    }

    /// The format of a file name: a whole name that is known, else the longest extension, so `prt.12` before `12`.
    pub(super) fn of_name(&self, file_name: &str) -> Option<&FormatRule> {
        let lower = file_name.to_lowercase();
        let base = lower.rsplit(['/', '\\']).next()?;
        let is_named = |name: &String| name.strip_suffix('*').map_or(*name == base, |start| base.starts_with(start));
        let named = self.rules.iter().find(|rule| rule.files.iter().any(is_named));
        named.or_else(|| base.match_indices('.').find_map(|(dot, _)| self.of_extension(base.get(dot + 1..)?)))
    }

    fn of_extension(&self, extension: &str) -> Option<&FormatRule> {
        let versioned = || {
            let (stem, version) = extension.rsplit_once('.')?;
            let digits = !version.is_empty() && version.bytes().all(|byte| byte.is_ascii_digit());
            digits.then(|| format!("{stem}.#"))
        };
        let index = self.by_extension.get(extension).or_else(|| self.by_extension.get(&versioned()?))?;
        self.rules.get(*index)
    }
}
