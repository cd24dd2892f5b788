//! What can be wrong with a rule pack. Each message names the file, the rule and what to do.

use std::path::PathBuf;

use crate::model::{Lang, Speak};

/// Why a rule pack was refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.say(Lang::En))]
pub enum Error {
    /// The folder or a file of it could not be read.
    Unreadable {
        /// The folder or file.
        path: PathBuf,
    },
    /// The file is larger than any rule file should be.
    TooLarge {
        /// The file.
        path: PathBuf,
        /// The limit in bytes.
        limit_bytes: u64,
    },
    /// The file is not TOML, or has a field that the schema does not know.
    Malformed {
        /// The file.
        file: String,
        /// The line, counted from 1.
        line: usize,
        /// The rule that the line belongs to, where one has begun.
        rule: Option<String>,
        /// The field that stands there and that the schema does not know.
        field: Option<String>,
    },
    /// The file is written to another version of the schema.
    Schema {
        /// The file.
        file: String,
        /// The version that it names.
        found: u32,
    },
    /// Two rules of one folder have the same id.
    Duplicate {
        /// The file of the second.
        file: String,
        /// The id.
        rule: String,
    },
    /// A regex does not compile, or compiles to more than the size limit.
    Pattern {
        /// The file.
        file: String,
        /// The rule.
        rule: String,
    },
    /// A regex holds a class that means something else than it seems to.
    BareClass {
        /// The file.
        file: String,
        /// The rule.
        rule: String,
        /// The class as written.
        class: String,
        /// What to write.
        instead: &'static str,
    },
    /// A detector would have to look at every byte.
    Unanchored {
        /// The file.
        file: String,
        /// The rule.
        rule: String,
        /// The field that its anchor needs.
        field: &'static str,
    },
    /// There are more detectors than the scanner keeps apart.
    TooManyDetectors {
        /// How many there are.
        found: usize,
        /// How many there may be.
        limit: usize,
    },
    /// A name that is none of those known.
    Unknown {
        /// The file.
        file: String,
        /// The rule.
        rule: String,
        /// What the name stands for: `category`, `check`.
        what: &'static str,
        /// The name.
        name: String,
        /// The nearest known name.
        nearest: Option<String>,
    },
    /// A detector that does not prove itself.
    NoExamples {
        /// The file.
        file: String,
        /// The rule.
        rule: String,
        /// The field: `examples` or `counter_examples`.
        field: &'static str,
    },
    /// A number outside of its range, or a word too short to be found.
    Value {
        /// The file.
        file: String,
        /// The rule.
        rule: String,
        /// The field.
        field: &'static str,
    },
}

impl Speak for Error {
    fn say(&self, lang: Lang) -> String {
        let (zh, en) = match self {
            Self::Unreadable { path } => (
                format!("无法读取规则 {}，请检查路径与权限", path.display()),
                format!("cannot read rules at {}, check the path and its permissions", path.display()),
            ),
            Self::TooLarge { path, limit_bytes } => (
                format!("规则文件 {} 超过 {limit_bytes} 字节，请拆分", path.display()),
                format!("rule file {} is larger than {limit_bytes} bytes, split it", path.display()),
            ),
            Self::Malformed { file, line, rule, field } => {
                let of = |text: &Option<String>, before: &str, behind: &str| {
                    text.as_ref().map(|text| format!("{before}{text}{behind}")).unwrap_or_default()
                };
                let (zh_rule, en_rule) = (of(rule, "（规则 ", "）"), of(rule, ", in rule ", ""));
                let (zh_field, en_field) = (of(field, "，字段 ", " 未知"), of(field, ": unknown field ", ""));
                (
                    format!("规则文件 {file} 第 {line} 行{zh_rule}不符合格式{zh_field}，请对照 patterns/README.md"),
                    format!("rule file {file} is malformed at line {line}{en_rule}{en_field}, see patterns/README.md"),
                )
            }
            Self::Schema { file, found } => (
                format!("规则文件 {file} 的 schema 为 {found}，应为 1"),
                format!("rule file {file} has schema {found}, write schema = 1"),
            ),
            Self::Duplicate { file, rule } => (
                format!("{file} 中的规则 {rule} 重复，请改名或删除其一"),
                format!("rule {rule} in {file} exists already, rename or delete one of them"),
            ),
            Self::Pattern { file, rule } => (
                format!("{file} 中规则 {rule} 的正则无法编译或过大，请改正 pattern"),
                format!("the pattern of rule {rule} in {file} does not compile or is too large, correct it"),
            ),
            Self::BareClass { file, rule, class, instead } => (
                format!("{file} 中规则 {rule} 使用了 {class}（按 Unicode 解释），请写 {instead}"),
                format!("the pattern of rule {rule} in {file} uses the Unicode class {class}, write {instead}"),
            ),
            Self::Unanchored { file, rule, field } => (
                format!("{file} 中规则 {rule} 缺少 {field}，会逐字节运行，请补上"),
                format!("rule {rule} in {file} lacks {field} and would run on every byte, add it"),
            ),
            Self::TooManyDetectors { found, limit } => (
                format!("共有 {found} 个识别器，最多 {limit} 个，请删去不用的"),
                format!("there are {found} detectors, {limit} at most, remove those that are not used"),
            ),
            Self::Unknown { file, rule, what, name, nearest } => {
                let (zh_hint, en_hint) = nearest.as_ref().map_or((String::new(), String::new()), |nearest| {
                    (format!("（是否指“{nearest}”？）"), format!(" (did you mean \"{nearest}\"?)"))
                });
                (
                    format!("{file} 中规则 {rule} 的 {what} “{name}” 不存在{zh_hint}"),
                    format!("unknown {what} \"{name}\" in rule {rule} of {file}{en_hint}"),
                )
            }
            Self::NoExamples { file, rule, field } => (
                format!("{file} 中规则 {rule} 没有 {field}，请至少写一个"),
                format!("rule {rule} in {file} has no {field}, add at least one"),
            ),
            Self::Value { file, rule, field } => (
                format!("{file} 中规则 {rule} 的 {field} 取值无效，请对照 patterns/README.md"),
                format!("rule {rule} in {file} has an invalid {field}, see patterns/README.md"),
            ),
        };
        lang.pick(&zh, &en).to_owned()
    }
}
