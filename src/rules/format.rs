//! File formats, told by extension.

use std::collections::BTreeMap;

use super::Error;
use super::schema::{FormatEntry, Label};
use crate::model::Mark;

/// Where in a text the first lines of its format are looked for.
const HEAD_BYTES: usize = 2 << 10;
/// Shorter beginnings stand in many a text.
const SHORTEST_FIRST_LINE: usize = 3;

/// A file format that an extension tells.
#[derive(Clone, Debug, PartialEq)]
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
    /// How one of the first lines of a text of it begins.
    pub first_lines: Vec<String>,
    /// The category that a file of it speaks for, and how strongly.
    pub category: Option<(String, f64)>,
    /// How sure the source is.
    pub basis: Option<Mark>,
}

impl FormatRule {
    pub(super) fn new(entry: FormatEntry, pack: &str, file: &str) -> Result<Self, Error> {
        let refuse = |field| Err(Error::Value { file: file.to_owned(), rule: entry.id.clone(), field });
        if !(0.0..=1.0).contains(&entry.weight) {
            return refuse("weight");
        }
        if entry.extensions.iter().any(|extension| extension.is_empty() || *extension != extension.to_lowercase()) {
            return refuse("extensions");
        }
        if entry.first_lines.iter().any(|line| line.len() < SHORTEST_FIRST_LINE || line.trim_start() != line) {
            return refuse("first_lines");
        }
        Ok(Self {
            id: entry.id,
            name: entry.name,
            pack: pack.to_owned(),
            file: file.to_owned(),
            extensions: entry.extensions,
            first_lines: entry.first_lines,
            category: entry.category.map(|category| (category, entry.weight)),
            basis: entry.basis,
        })
    }
}

/// Formats by extension.
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

    /// The format of a text, told by how its first lines begin; the first rule that knows one has it.
    pub(super) fn of_text(&self, head: &[u8]) -> Option<&FormatRule> {
        let head = head.get(..HEAD_BYTES).unwrap_or(head);
        let lines = || head.split(|byte| matches!(byte, b'\n' | b'\r')).map(<[u8]>::trim_ascii_start);
        let begins = |beginning: &String| lines().any(|line| line.starts_with(beginning.as_bytes()));
        self.rules.iter().find(|rule| rule.first_lines.iter().any(begins))
    }

    /// The format of a file name: the longest extension that is known, so `prt.12` before `12`.
    pub(super) fn of_name(&self, file_name: &str) -> Option<&FormatRule> {
        let lower = file_name.to_lowercase();
        let base = lower.rsplit(['/', '\\']).next()?;
        base.match_indices('.').find_map(|(dot, _)| {
            let extension = base.get(dot + 1..)?;
            let versioned = || {
                let (stem, version) = extension.rsplit_once('.')?;
                let digits = !version.is_empty() && version.bytes().all(|byte| byte.is_ascii_digit());
                digits.then(|| format!("{stem}.#"))
            };
            let index = self.by_extension.get(extension).or_else(|| self.by_extension.get(&versioned()?))?;
            self.rules.get(*index)
        })
    }
}
