use crate::model::{Lang, Speak};

/// Why labels or descriptions of tables were refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.say(Lang::En))]
pub enum Error {
    /// A line is no JSON object of the form that is wanted.
    Malformed {
        /// The file.
        file: String,
        /// The line, counted from 1.
        line: usize,
    },
    /// A label names a category that the tree does not hold.
    Unknown {
        /// The file.
        file: String,
        /// The line, counted from 1.
        line: usize,
        /// What it names.
        category: String,
    },
}

impl Speak for Error {
    fn say(&self, lang: Lang) -> String {
        let (zh, en) = match self {
            Self::Malformed { file, line } => (
                format!("{file} 第 {line} 行不是所需格式的 JSON 对象，请对照 docs/accuracy.md"),
                format!("{file}, line {line}: no JSON object of the wanted form, see docs/accuracy.md"),
            ),
            Self::Unknown { file, line, category } => (
                format!("{file} 第 {line} 行的类别 {category:?} 不存在；请写分类树中的编号，或 none"),
                format!("{file}, line {line}: no category {category:?}; write an id of the tree, or none"),
            ),
        };
        lang.pick(&zh, &en).to_owned()
    }
}
