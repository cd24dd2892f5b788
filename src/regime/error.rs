use crate::model::{Lang, Speak};

/// A catalog that cannot be used: which file, which entry, and what to do.
#[derive(Debug, thiserror::Error)]
#[error("{}", self.say(Lang::En))]
pub struct Error {
    /// The file, relative to `catalogs/`.
    pub file: String,
    /// What is wrong with it.
    pub problem: Problem,
    /// Whether it is a file of the user's, named by its path, and not one of `catalogs/`.
    pub is_users: bool,
}

/// What can be wrong with a catalog.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Problem {
    /// The file is not there.
    MissingFile,
    /// It is not TOML, or a key is unknown, missing or of the wrong kind, at this line (0: unknown).
    Malformed {
        /// Line, counted from 1; 0 where the reader does not say.
        line: usize,
    },
    /// An entry stands twice.
    Duplicate {
        /// Its id.
        id: String,
    },
    /// An entry names something that is not defined.
    Unknown {
        /// The id of the entry.
        entry: String,
        /// What it names.
        name: String,
        /// What the name would have to be, e.g. `category`.
        kind: &'static str,
    },
    /// An entry contradicts a rule that all entries keep.
    Unfit {
        /// The id of the entry.
        entry: String,
        /// The rule, in Chinese and in English.
        rule: (&'static str, &'static str),
    },
}

impl Error {
    /// An error in a file.
    #[must_use]
    pub fn new(file: &str, problem: Problem) -> Self {
        Self { file: file.to_owned(), problem, is_users: false }
    }

    /// The same error in a file of the user's, which is named by its path.
    #[must_use]
    pub fn of_user(self) -> Self {
        Self { is_users: true, ..self }
    }
}

impl Speak for Error {
    fn say(&self, lang: Lang) -> String {
        let file = if self.is_users { self.file.clone() } else { format!("catalogs/{}", self.file) };
        match (&self.problem, lang) {
            (Problem::MissingFile, Lang::Zh) => format!("缺少目录规则文件 {file}，请恢复该文件"),
            (Problem::MissingFile, Lang::En) => format!("{file} is missing; restore it"),
            (Problem::Malformed { line }, Lang::Zh) => {
                format!("{file} 第 {line} 行不符合格式，请对照 catalogs/README.md 修改")
            }
            (Problem::Malformed { line }, Lang::En) => {
                format!("{file} is malformed at line {line}; compare it with catalogs/README.md")
            }
            (Problem::Duplicate { id }, Lang::Zh) => format!("{file} 中 {id} 重复，请删除其一"),
            (Problem::Duplicate { id }, Lang::En) => format!("{file} holds {id} twice; remove one"),
            (Problem::Unknown { entry, name, kind }, Lang::Zh) => {
                format!("{file} 的 {entry} 引用了未定义的 {kind} {name}，请改正或先定义它")
            }
            (Problem::Unknown { entry, name, kind }, Lang::En) => {
                format!("{entry} in {file} names the unknown {kind} {name}; correct it or define it first")
            }
            (Problem::Unfit { entry, rule }, Lang::Zh) => format!("{file} 的 {entry} 不合规则:{}", rule.0),
            (Problem::Unfit { entry, rule }, Lang::En) => {
                format!("{entry} in {file} breaks a rule: {}", rule.1)
            }
        }
    }
}
