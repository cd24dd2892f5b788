use serde::{Deserialize, Serialize};

use super::{Lang, Speak};

/// How an asset ended. Every object that a store lists ends as exactly one of these.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// Read, and a category was found.
    Classified,
    /// Read, no evidence.
    Unclassified,
    /// Not read on purpose; the reason says why.
    Skipped,
    /// Could not be read; the reason says why.
    Failed,
}

impl Status {
    /// The id used in JSON and the inventory.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::Classified => "classified",
            Self::Unclassified => "unclassified",
            Self::Skipped => "skipped",
            Self::Failed => "failed",
        }
    }

    /// The status of an id, if it is one.
    #[must_use]
    pub fn from_id(id: &str) -> Option<Self> {
        [Self::Classified, Self::Unclassified, Self::Skipped, Self::Failed].into_iter().find(|status| status.id() == id)
    }

    /// What a person reads.
    #[must_use]
    pub fn label(self, lang: Lang) -> &'static str {
        match self {
            Self::Classified => lang.pick("已分类", "classified"),
            Self::Unclassified => lang.pick("未归类", "unclassified"),
            Self::Skipped => lang.pick("已跳过", "skipped"),
            Self::Failed => lang.pick("失败", "failed"),
        }
    }
}

macro_rules! reasons {
    ($($(#[$doc:meta])* $variant:ident = $id:literal, $outcome:ident, $zh:literal, $en:literal;)*) => {
        /// Why an asset was not read, or not read whole. Our own closed list: the message of a parser, a server
        /// or the system is mapped to one of these and never kept, since it may quote what it read.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "kebab-case")]
        pub enum Reason { $($(#[$doc])* $variant,)* }

        impl Reason {
            /// All reasons, in the order of their declaration.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The id used in JSON and the inventory.
            #[must_use]
            pub fn id(self) -> &'static str {
                match self { $(Self::$variant => $id,)* }
            }

            /// The status of an asset of which nothing was read for this reason.
            #[must_use]
            pub fn status(self) -> Status {
                match self { $(Self::$variant => Status::$outcome,)* }
            }
        }

        impl Speak for Reason {
            fn say(&self, lang: Lang) -> String {
                match self { $(Self::$variant => lang.pick($zh, $en),)* }.to_owned()
            }
        }
    };
}

reasons! {
    /// No reader for this format.
    UnsupportedFormat = "unsupported-format", Skipped, "不支持的格式", "no reader for this format";
    /// Recognised by format and name; its content cannot be read yet.
    ContentNotRead = "content-not-read", Skipped, "仅按格式和名称识别，未读内容", "known by format and name only, content not read";
    /// No reader for this format: printable strings were sampled, and what they say counted.
    StringsOnly = "strings-only", Skipped, "仅抽取可打印字符串", "only printable strings were sampled";
    /// No bytes or no rows.
    Empty = "empty", Skipped, "空", "empty";
    /// Needs a password.
    Encrypted = "encrypted", Skipped, "已加密", "encrypted";
    /// A symbolic link; links are never followed out of a share.
    Link = "link", Skipped, "符号链接，不跟随", "symbolic link, not followed";
    /// A pipe, socket or device.
    SpecialFile = "special-file", Skipped, "管道、套接字或设备", "pipe, socket or device";
    /// Belongs to mulu: inventory, log or export.
    OwnFile = "own-file", Skipped, "本工具自己的文件", "a file of mulu itself";
    /// Left out by the configuration.
    Excluded = "excluded", Skipped, "按配置排除", "excluded by configuration";
    /// A part of a database that travels with its main file.
    DatabasePart = "database-part", Skipped, "数据库的附属文件", "part of a database file";
    /// More bytes than the limit; read up to it.
    TooLarge = "too-large", Skipped, "超过大小上限", "larger than the limit";
    /// Containers in containers deeper than the limit.
    TooDeep = "too-deep", Skipped, "嵌套过深", "nested deeper than the limit";
    /// More members, cells or rows than the limit.
    TooMany = "too-many", Skipped, "成员、单元格或行数超过上限", "more members, cells or rows than the limit";
    /// Decompresses to suspiciously much.
    Bomb = "bomb", Failed, "解压比例异常", "decompresses to suspiciously much";
    /// Rows were sampled, not read whole.
    Sampled = "sampled", Skipped, "抽样读取", "rows were sampled";
    /// Rows were sampled, and what the others may hold could ask for a higher level; there are too many to count.
    LevelOpen = "level-open", Skipped, "抽样读取，全量读取可能提高级别", "rows were sampled, reading all could raise the level";
    /// No row was read, as was asked for: category and level rest on names, types and comments.
    MetadataOnly = "metadata-only", Skipped, "仅依据元数据，未读取数据行", "by metadata only, no row was read";
    /// A character encoding could not be told, or bytes did not decode.
    Undecodable = "undecodable", Failed, "编码无法识别", "bytes do not decode";
    /// The content breaks its format's rules.
    Corrupt = "corrupt", Failed, "文件损坏", "content is corrupt";
    /// The system denies access.
    PermissionDenied = "permission-denied", Failed, "没有读取权限", "permission denied";
    /// Gone between listing and reading.
    Vanished = "vanished", Failed, "读取前消失", "vanished before it was read";
    /// Changed while it was read.
    ChangedWhileRead = "changed-while-read", Failed, "读取时发生变化", "changed while it was read";
    /// The system could not read it.
    ReadError = "read-error", Failed, "读取出错", "could not be read";
    /// Took longer than the deadline.
    Deadline = "deadline", Failed, "超过时限", "took longer than the deadline";
    /// Needed more memory than a reader may have.
    MemoryLimit = "memory-limit", Failed, "超过内存上限", "needed more memory than allowed";
    /// The reader crashed on it.
    Crashed = "crashed", Failed, "解析器崩溃", "the reader crashed on it";
    /// Locked by another program.
    Locked = "locked", Failed, "被其他程序锁定", "locked by another program";
    /// The server refused or broke off the query.
    QueryFailed = "query-failed", Failed, "查询失败", "the server refused the query";
    /// The store could not be reached.
    Unreachable = "unreachable", Failed, "无法连接", "could not be reached";
}

impl Reason {
    /// Whether the same bytes, read again with the same rules and limits, would give it again. Those that speak of
    /// the moment, the configuration or the surroundings may have gone, so a scan asks anew.
    #[must_use]
    pub fn is_lasting(self) -> bool {
        matches!(
            self,
            Self::UnsupportedFormat
                | Self::ContentNotRead
                | Self::StringsOnly
                | Self::Empty
                | Self::Encrypted
                | Self::TooLarge
                | Self::TooDeep
                | Self::TooMany
                | Self::Bomb
                | Self::Sampled
                | Self::LevelOpen
                | Self::MetadataOnly
                | Self::Undecodable
                | Self::Corrupt
                | Self::MemoryLimit
                | Self::Crashed
        )
    }

    /// Whether there was something to read and it could not be read, or not whole: not so where nothing is there, where
    /// a person left it out, and where a sample was meant to be enough.
    #[must_use]
    pub fn is_a_failing(self) -> bool {
        !matches!(
            self,
            Self::Empty
                | Self::Link
                | Self::SpecialFile
                | Self::OwnFile
                | Self::Excluded
                | Self::DatabasePart
                | Self::Sampled
                | Self::MetadataOnly
        )
    }

    /// The reason of an id, if it is one.
    #[must_use]
    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|reason| reason.id() == id)
    }
}

impl From<&std::io::Error> for Reason {
    fn from(error: &std::io::Error) -> Self {
        match error.kind() {
            std::io::ErrorKind::PermissionDenied => Self::PermissionDenied,
            std::io::ErrorKind::NotFound => Self::Vanished,
            std::io::ErrorKind::OutOfMemory => Self::MemoryLimit,
            std::io::ErrorKind::TimedOut => Self::Deadline,
            // How the zip reader says that it does not know a compression method.
            std::io::ErrorKind::Unsupported => Self::UnsupportedFormat,
            std::io::ErrorKind::UnexpectedEof | std::io::ErrorKind::InvalidData => Self::Corrupt,
            _ => Self::ReadError,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_reason_has_one_id_and_is_found_by_it() {
        for reason in Reason::ALL {
            assert_eq!(Reason::from_id(reason.id()), Some(*reason));
            assert_eq!(serde_json::to_value(reason).unwrap_or_default(), reason.id());
        }
    }
}
