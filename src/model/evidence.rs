use serde::{Deserialize, Serialize};

use super::{CategoryId, Lang};

/// Where a piece of evidence was seen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Place {
    /// The name of the store, a database or a schema.
    #[default]
    Location,
    /// The name of a folder above a file.
    Folder,
    /// The name of the file, member, table or view itself.
    Name,
    /// The comment of a table.
    Comment,
    /// The name or comment of a column, a header, a key.
    Column,
    /// The name of a part: a sheet, a heading, a slide title.
    Part,
    /// The content itself.
    Content,
    /// The file format.
    Format,
    /// An identifier that a detector found.
    Identifier,
    /// The shape of the rows: time, tag, value.
    Shape,
    /// The assets beside it.
    Neighbours,
    /// The set of its columns.
    Structure,
    /// The kind of system that it belongs to, told from all of its tables.
    System,
    /// A table that it belongs to: the head of a detail, what a log logs, the ends of a link.
    Relation,
}

impl Place {
    /// What a person reads.
    #[must_use]
    pub fn label(self, lang: Lang) -> &'static str {
        match self {
            Self::Location => lang.pick("位置", "location"),
            Self::Folder => lang.pick("目录", "folder"),
            Self::Name => lang.pick("名称", "name"),
            Self::Comment => lang.pick("注释", "comment"),
            Self::Column => lang.pick("列", "column"),
            Self::Part => lang.pick("部分名称", "part name"),
            Self::Content => lang.pick("内容", "content"),
            Self::Format => lang.pick("格式", "format"),
            Self::Identifier => lang.pick("标识符", "identifier"),
            Self::Shape => lang.pick("数据形态", "shape"),
            Self::Neighbours => lang.pick("相邻资产", "neighbours"),
            Self::Structure => lang.pick("列的组合", "set of columns"),
            Self::System => lang.pick("系统类型", "kind of system"),
            Self::Relation => lang.pick("关联表", "related table"),
        }
    }
}

/// A term of a rule pack, seen in a place. Says the pack's word, never the text that it was found in.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Evidence {
    /// The term as the pack writes it.
    pub term: String,
    /// The rule that the term belongs to, e.g. `vocabulary.quality`.
    pub rule: String,
    /// Where it was seen.
    pub place: Place,
    /// How often.
    pub count: u64,
    /// What it speaks for, and how strongly (0 to 1). Empty for a term that only marks a field.
    pub weights: Vec<(CategoryId, f64)>,
    /// The field (领域) of `miit-166/10.1` that it marks, e.g. `rare-earth`; feeds level criteria.
    pub field: Option<String>,
    /// How strongly it says that the asset is plumbing of a framework, which is left unclassified: 0 to 1.
    pub plumbing: f64,
}

/// A category with its score.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Score {
    /// The category, as fine as the evidence allows.
    pub id: CategoryId,
    /// 0 to 1.
    pub score: f64,
}

/// What one piece of evidence added to, or took from, the chosen category.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Contribution {
    /// The term as the pack writes it.
    pub term: String,
    /// Its rule.
    pub rule: String,
    /// Where it was seen.
    pub place: Place,
    /// How often.
    pub count: u64,
    /// The category that it speaks for.
    pub category: CategoryId,
    /// What it weighed, after damping repetitions.
    pub weight: f64,
}

/// The answer of `classify`: the category with its score, the others worth a look, and why.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Classification {
    /// `None`: the evidence does not carry a category, the asset is unclassified.
    pub best: Option<Score>,
    /// Other categories, best first.
    pub alternatives: Vec<Score>,
    /// For and against, heaviest first, at most [`Classification::MOST_CONTRIBUTIONS`].
    pub contributions: Vec<Contribution>,
    /// Field marks seen, sorted, with the number of times.
    pub fields: Vec<(String, u64)>,
}

impl Classification {
    /// In a contribution: what speaks for leaving the asset unclassified, as plumbing of a framework.
    pub const PLUMBING: &str = "none";

    /// Contributions kept for `mulu explain`: more than a person reads, less than an inventory minds.
    pub const MOST_CONTRIBUTIONS: usize = 12;
}
