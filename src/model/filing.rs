use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Level, Measure, ScanId};

/// 备案: a catalog handed to an authority. An accepted one freezes the baseline that changes are measured against.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Filing {
    /// Counts up from 1 in an inventory.
    pub id: i64,
    /// What it asks of the authority.
    pub kind: FilingKind,
    /// Where it stands.
    pub state: FilingState,
    /// Who drew it up or submitted it.
    pub by: String,
    /// The authority that it was handed to (`miit-166/4`).
    pub authority: String,
    /// Civil date of submission, `YYYY-MM-DD`; of a draft, and of a yearly inventory, the day on which it was made.
    pub submitted: String,
    /// Civil date of acceptance.
    pub accepted: Option<String>,
    /// Civil date and reason of a rejection.
    pub rejected: Option<(String, String)>,
    /// The rejected filing that this one hands in again.
    pub resubmits: Option<i64>,
    /// The number that the authority gave.
    pub number: Option<String>,
    /// The as-of date of its figures.
    pub as_of: String,
    /// What a cancellation takes out; empty in filings of another kind.
    pub cancelled: Vec<Cancellation>,
    /// What is filed once it is accepted: all of it, also in a change or a cancellation.
    pub entries: Vec<FiledEntry>,
}

/// What a filing asks of the authority.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FilingKind {
    /// 备案: the first with an authority.
    #[default]
    Initial,
    /// 备案变更: within three months of a material change (`miit-166/12`).
    Change,
    /// 注销: entries that were destroyed, transferred or lowered; by `miit-166/20` and `miit-166/22` a change too.
    Cancellation,
    /// The yearly inventory of one's own data (`miit-166/7`): a record, never a baseline.
    Inventory,
}

impl FilingKind {
    /// All kinds.
    pub const ALL: [Self; 4] = [Self::Initial, Self::Change, Self::Cancellation, Self::Inventory];

    /// The id used in JSON and the inventory.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::Initial => "initial",
            Self::Change => "change",
            Self::Cancellation => "cancellation",
            Self::Inventory => "inventory",
        }
    }

    /// The kind of an id, if it is one.
    #[must_use]
    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.id() == id)
    }
}

/// Where a filing stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FilingState {
    /// Drawn up and frozen, not handed in yet.
    Draft,
    /// Handed in; the authority has twenty working days (`miit-166/12`).
    Submitted,
    /// Accepted: the baseline.
    Accepted,
    /// Refused: to be handed in again within fifteen working days (`miit-166/12`).
    Rejected,
    /// Refused, and handed in again by a later filing.
    Resubmitted,
    /// Accepted once, and replaced by a later accepted filing with the same authority. It stays readable.
    Superseded,
    /// A yearly inventory: kept, and answered by nobody.
    Recorded,
}

impl FilingState {
    /// All states, in the order of a filing's life.
    pub const ALL: [Self; 7] = [
        Self::Draft,
        Self::Submitted,
        Self::Accepted,
        Self::Rejected,
        Self::Resubmitted,
        Self::Superseded,
        Self::Recorded,
    ];

    /// The id used in JSON and the inventory.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Submitted => "submitted",
            Self::Accepted => "accepted",
            Self::Rejected => "rejected",
            Self::Resubmitted => "resubmitted",
            Self::Superseded => "superseded",
            Self::Recorded => "recorded",
        }
    }

    /// The state of an id, if it is one.
    #[must_use]
    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.id() == id)
    }
}

/// An entry that leaves the catalog, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cancellation {
    /// The id of the entry.
    pub entry: String,
    /// Why it leaves.
    pub reason: CancelReason,
    /// Civil date on which that happened.
    pub date: String,
    /// How it was destroyed and who saw it, or who received it.
    pub detail: Option<String>,
}

/// Why an entry leaves the catalog.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum CancelReason {
    /// 销毁 (`miit-166/20`): the data must not be restored.
    Destroyed,
    /// 转移 (`miit-166/22`): merger, reorganisation, bankruptcy.
    Transferred,
    /// 降级为一般.
    Lowered,
    /// 主体注销或业务终止.
    Ended,
    /// 主管部门调整.
    Authority,
}

/// One entry as it was filed: every filed field and measure, and how the figures were counted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FiledEntry {
    /// The id of the class, without the level.
    pub id: String,
    /// The category leaf.
    pub category: String,
    /// The store that is its carrier.
    pub store: String,
    /// The level as filed.
    pub level: Level,
    /// 数据条目数量, if filed.
    pub records: Option<Measure>,
    /// 存储总量 in bytes, if filed.
    pub bytes: Option<Measure>,
    /// Distinct persons, if filed.
    pub subjects: Option<Measure>,
    /// All columns of the form, by column id, as they were written.
    pub fields: BTreeMap<String, String>,
    /// Version of the rule packs that counted it; empty where no scan did.
    pub rules_version: String,
    /// Version of the taxonomy and criteria that it was classed with; empty where no scan did.
    pub regime_version: String,
    /// How the figures were counted.
    pub method: Method,
}

impl FiledEntry {
    /// Whether a person brought the figures, from a form filled before mulu was there.
    #[must_use]
    pub fn is_imported(&self) -> bool {
        self.method.counting == Counting::Imported
    }
}

/// How the figures of a filed entry were counted: later ones are comparable when they are counted alike.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Method {
    /// Who counted.
    pub counting: Counting,
    /// The scan that saw it: its evidence in the inventory tells what other rules would have made of it.
    pub scan: Option<ScanId>,
    /// Whether persons were counted in a sample of the rows.
    pub sampled: bool,
    /// Whether something of it was read only in part.
    pub partial: bool,
    /// What bytes are, where one carrier says it.
    pub sizes: Option<Sizes>,
    /// Records with copies of the same content counted as often as they are stored; `records` counts them once.
    pub records_stored: Option<Measure>,
    /// The figures of each level by itself, where the class holds data of more than one.
    pub levels: Vec<LevelFigures>,
}

/// Who counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Counting {
    /// Not recorded: the filing is older than this field.
    #[default]
    Unknown,
    /// A scan.
    Scan,
    /// A person: the filing was imported from its form.
    Imported,
    /// A person: no scan can see the class.
    Hand,
}

/// What the stored bytes of a carrier are: logical bytes, without replicas, backups and indexes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Sizes {
    /// Lengths of files; of members uncompressed.
    FileLength,
    /// Pages that SQLite gives a table.
    SqlitePages,
    /// `pg_table_size` of PostgreSQL.
    PostgresTableSize,
    /// `data_length` of MySQL and MariaDB.
    MysqlDataLength,
    /// Pages of data of SQL Server, as `sp_spaceused` counts them.
    SqlserverDataPages,
}

/// The figures of one level within a class.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LevelFigures {
    /// The level.
    pub level: Level,
    /// 数据条目数量.
    pub records: Option<Measure>,
    /// 存储总量 in bytes.
    pub bytes: Option<Measure>,
    /// Distinct persons.
    pub subjects: Option<Measure>,
}
