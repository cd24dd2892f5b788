//! The roll-up of a group (`miit-166/37`): the catalogs of its members, as they export them, side by side; what stands twice, and what
//! contradicts itself. Pure.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::entry::FilingNote;
use crate::model::{ChainHead, Lang, Level, Measure, Speak};

/// A catalog as `mulu catalog export` writes it as json; what a roll-up does not look at is passed over.
#[derive(Clone, Debug, Deserialize)]
pub struct Member {
    /// The data processor, by column id.
    pub enterprise: BTreeMap<String, Value>,
    /// The authority that it is filed with.
    pub authority: Option<String>,
    /// The date of its figures.
    pub as_of: String,
    /// The latest filing with that authority.
    #[serde(default)]
    pub filing: Option<FilingNote>,
    /// Where its audit log stood.
    #[serde(default)]
    pub audit: Option<ChainHead>,
    /// Its classes.
    pub entries: Vec<MemberEntry>,
}

/// A class of a member.
#[derive(Clone, Debug, Deserialize)]
pub struct MemberEntry {
    /// Its id in the member's catalog.
    pub id: String,
    /// Its category.
    pub category: String,
    /// Its level, as far as it was decided.
    pub level: MemberLevel,
    /// Its carrier.
    pub store: String,
    /// 数据条目数量.
    pub records: Option<Measure>,
    /// 存储总量 in bytes.
    pub bytes: Option<Measure>,
    /// Distinct persons: a point, or a range.
    #[serde(default)]
    pub subjects: Option<Persons>,
    /// Required columns without a value.
    #[serde(default)]
    pub missing: Vec<String>,
    /// Whether a person or the authority has spoken.
    pub confirmed: bool,
}

/// The level of a class of a member.
#[derive(Clone, Copy, Debug, Deserialize)]
pub struct MemberLevel {
    /// Authority, else confirmed, else proposed.
    pub effective: Option<Level>,
}

/// Persons as an export counts them.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(untagged)]
pub enum Persons {
    /// Everything was read.
    Point {
        /// How many.
        estimate: u64,
    },
    /// Rows were sampled.
    Range {
        /// At least so many.
        at_least: u64,
    },
}

impl Member {
    /// A text of its entity sheet; empty where nobody has said.
    #[must_use]
    pub fn text(&self, column: &str) -> &str {
        self.enterprise.get(column).and_then(Value::as_str).unwrap_or_default()
    }

    /// What it is called: its name, else its credit code.
    #[must_use]
    pub fn name(&self) -> &str {
        let name = self.text("name");
        if name.is_empty() { self.text("credit_code") } else { name }
    }

    /// What its classes of a level add up to.
    #[must_use]
    pub fn scale(&self, level: Level) -> MemberScale {
        let mut scale = MemberScale::default();
        for entry in self.entries.iter().filter(|entry| entry.level.effective == Some(level)) {
            scale.classes += 1;
            scale.records = Measure::together(scale.records, entry.records);
            scale.bytes = Measure::together(scale.bytes, entry.bytes);
            scale.persons = scale.persons.max(entry.persons());
        }
        scale
    }
}

impl MemberEntry {
    /// Distinct persons as they are filed: a point, or what is sure to be there.
    #[must_use]
    pub fn persons(&self) -> Option<u64> {
        self.subjects.map(|persons| match persons {
            Persons::Point { estimate } => estimate,
            Persons::Range { at_least } => at_least,
        })
    }
}

/// What classes add up to. Persons are the largest number of one class, never a sum.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct MemberScale {
    /// How many classes.
    pub classes: u64,
    /// 数据条目数量.
    pub records: Option<Measure>,
    /// 存储总量 in bytes.
    pub bytes: Option<Measure>,
    /// Distinct persons.
    pub persons: Option<u64>,
}

/// Something that a person of the group has to look at. Members are named by the number of their file, from 0.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Conflict {
    /// Two catalogs of one member for one authority.
    SameCatalog {
        /// The files.
        files: [usize; 2],
        /// The credit code.
        credit_code: String,
    },
    /// One credit code under two names.
    Names {
        /// The files.
        files: [usize; 2],
        /// The credit code.
        credit_code: String,
    },
    /// A catalog that nobody can be found by.
    NoCode {
        /// The file.
        file: usize,
    },
    /// One class in two catalogs of one member: filed with two authorities, or twice.
    SameClass {
        /// The files.
        files: [usize; 2],
        /// The id of the class.
        entry: String,
    },
    /// One class with two levels in two catalogs of one member, or on a carrier of one name in two.
    Levels {
        /// The files.
        files: [usize; 2],
        /// The category.
        category: String,
        /// The carrier.
        store: String,
    },
    /// Classes of two members with the same category and exactly the same scale: perhaps one set of data, filed twice.
    SameScale {
        /// The files.
        files: [usize; 2],
        /// The category.
        category: String,
        /// The carriers.
        stores: [String; 2],
    },
    /// General data in a catalog that is to be filed.
    NotFiled {
        /// The file.
        file: usize,
        /// How many classes.
        classes: usize,
    },
}

/// What stands twice or contradicts itself, in the order of the files.
#[must_use]
pub fn conflicts(members: &[Member]) -> Vec<Conflict> {
    let mut found = Vec::new();
    for (file, member) in members.iter().enumerate() {
        if member.text("credit_code").is_empty() {
            found.push(Conflict::NoCode { file });
        }
        let general = member.entries.iter().filter(|entry| !entry.level.effective.is_some_and(Level::is_filed)).count();
        if general > 0 {
            found.push(Conflict::NotFiled { file, classes: general });
        }
    }
    for second in 0..members.len() {
        for first in 0..second {
            identities(members, [first, second], &mut found);
        }
    }
    classes(members, &mut found);
    found
}

/// Two catalogs of one member.
fn identities(members: &[Member], files: [usize; 2], found: &mut Vec<Conflict>) {
    let [first, second] = files.map(|file| &members[file]);
    let credit_code = first.text("credit_code").to_owned();
    if credit_code.is_empty() || credit_code != second.text("credit_code") {
        return;
    }
    if first.authority == second.authority {
        found.push(Conflict::SameCatalog { files, credit_code: credit_code.clone() });
    }
    if first.name() != second.name() {
        found.push(Conflict::Names { files, credit_code });
    }
}

/// Classes that meet: of one id in one member, of one carrier and category, or of one category and exactly one scale.
fn classes(members: &[Member], found: &mut Vec<Conflict>) {
    let mut by_id: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    let mut by_carrier: BTreeMap<(&str, &str), (usize, &MemberEntry)> = BTreeMap::new();
    let mut by_scale: BTreeMap<(&str, u64, u64), (usize, &MemberEntry)> = BTreeMap::new();
    for (file, member) in members.iter().enumerate() {
        let code = member.text("credit_code");
        for entry in &member.entries {
            let mut is_same = false;
            if let Some(earlier) = by_id.insert((code, &entry.id), file).filter(|_| !code.is_empty()) {
                is_same = true;
                found.push(Conflict::SameClass { files: [earlier, file], entry: entry.id.clone() });
            }
            if let Some((earlier, other)) = by_carrier.insert((&entry.category, &entry.store), (file, entry))
                && other.level.effective != entry.level.effective
            {
                let (category, store) = (entry.category.clone(), entry.store.clone());
                found.push(Conflict::Levels { files: [earlier, file], category, store });
            }
            let (Some(records), Some(bytes)) = (entry.records, entry.bytes) else { continue };
            let key = (entry.category.as_str(), records.value, bytes.value);
            if let Some((earlier, other)) = by_scale.insert(key, (file, entry))
                && earlier != file
                && !is_same
                && records.value > 0
            {
                let stores = [other.store.clone(), entry.store.clone()];
                found.push(Conflict::SameScale { files: [earlier, file], category: entry.category.clone(), stores });
            }
        }
    }
}

impl Conflict {
    /// The conflict in a sentence; `files` are the names of the files.
    #[must_use]
    pub fn say(&self, files: &[String], lang: Lang) -> String {
        let name = |file: usize| files.get(file).map_or("?", String::as_str);
        let both = |files: &[usize; 2]| match lang {
            Lang::Zh => format!("{} 与 {}", name(files[0]), name(files[1])),
            Lang::En => format!("{} and {}", name(files[0]), name(files[1])),
        };
        match (self, lang) {
            (Self::SameCatalog { files, credit_code }, Lang::Zh) => {
                format!("{}：同一单位（{credit_code}）向同一机关的两份目录；只留最新的一份", both(files))
            }
            (Self::SameCatalog { files, credit_code }, Lang::En) => {
                format!("{}: two catalogs of {credit_code} for one authority; keep the latest", both(files))
            }
            (Self::Names { files, credit_code }, Lang::Zh) => {
                format!("{}：同一信用代码 {credit_code} 有两个单位名称；请更正", both(files))
            }
            (Self::Names { files, credit_code }, Lang::En) => {
                format!("{}: credit code {credit_code} under two names; correct one", both(files))
            }
            (Self::NoCode { file }, Lang::Zh) => {
                format!("{}：没有统一社会信用代码；请在其 mulu.toml 中填写", name(*file))
            }
            (Self::NoCode { file }, Lang::En) => {
                format!("{}: no unified social credit code; give it in the member's mulu.toml", name(*file))
            }
            (Self::SameClass { files, entry }, Lang::Zh) => {
                format!("{}：同一数据类 {entry} 出现两次；规模会重复计算，请只在一份目录中保留", both(files))
            }
            (Self::SameClass { files, entry }, Lang::En) => {
                format!("{}: the class {entry} stands in both and is counted twice; keep it in one", both(files))
            }
            (Self::Levels { files, category, store }, Lang::Zh) => {
                format!("{}：载体 {store} 的 {category} 级别不一致；请核对", both(files))
            }
            (Self::Levels { files, category, store }, Lang::En) => {
                format!("{}: {category} on {store} has two levels; settle which", both(files))
            }
            (Self::SameScale { files, category, stores }, Lang::Zh) => format!(
                "{}：{category}（{}、{}）条目数与字节数完全相同；可能是同一份数据，请核对",
                both(files),
                stores[0],
                stores[1]
            ),
            (Self::SameScale { files, category, stores }, Lang::En) => format!(
                "{}: {category} ({}, {}) has exactly the same records and bytes, perhaps the same data; check it",
                both(files),
                stores[0],
                stores[1]
            ),
            (Self::NotFiled { file, classes }, Lang::Zh) => {
                format!("{}：含 {classes} 类一般数据；汇总只计重要和核心数据，请导出时不加 --all-levels", name(*file))
            }
            (Self::NotFiled { file, classes }, Lang::En) => format!(
                "{}: classes of general data: {classes}; only important and core data count, export without --all-levels",
                name(*file)
            ),
        }
    }
}

impl Speak for FilingNote {
    fn say(&self, lang: Lang) -> String {
        let state = self.state.say(lang);
        match (&self.number, &self.accepted) {
            (Some(number), Some(accepted)) => format!("{state} {number} {accepted}"),
            _ => format!("{state} {}", self.submitted),
        }
    }
}

#[cfg(test)]
#[path = "roll_up_tests.rs"]
mod tests;
