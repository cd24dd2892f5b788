use serde::{Deserialize, Serialize};

use super::{Asset, Classification, Finding, Measure, Proposal, Reason, Status};

/// The versions of everything that a result depends on: a file with the same stat and versions is not read again.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Versions {
    /// Hash of the rule packs.
    pub rules: String,
    /// Hash of the taxonomy, the criteria and the enterprise facts that they look at.
    pub regime: String,
    /// Version of the readers; raised whenever one of them would read something else.
    pub extractor: String,
    /// Hash of the limits that decide how much is read.
    pub limits: String,
}

/// What a database says of a table besides its rows: numbers alone, no name.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TableSummary {
    /// xxh3-64 over the names and declared types of its columns in their order, 16 hexadecimal digits.
    pub schema_hash: String,
    /// How many columns it has.
    pub columns: u64,
    /// Columns of its primary key; 0 where it has none.
    pub primary_key: u64,
    /// Other keys that no two rows share.
    pub unique_keys: u64,
    /// References to rows of other tables (foreign keys).
    pub references: u64,
    /// Allocated indexes, no part of the asset's bytes; `None` where the server does not say.
    pub index_bytes: Option<Measure>,
    /// Partitions that hold its rows, to any depth.
    pub partitions: u64,
    /// Whether policies (row-level security) hide rows of it from the login, so that it was not read.
    #[serde(default)]
    pub hides_rows: bool,
}

/// Everything that one examination of one asset gives; what the inventory keeps. Holds no value of the data.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Examined {
    /// What was examined.
    pub asset: Asset,
    /// How it ended.
    pub status: Status,
    /// Why it was not read, or not read whole.
    pub reason: Option<Reason>,
    /// What it is by content, e.g. `csv`, `xlsx`, `postgres-table`.
    pub format: Option<String>,
    /// The character encoding of a text, e.g. `utf-8`, `gb18030`.
    pub encoding: Option<String>,
    /// File: its length; member: uncompressed; table: allocated data without indexes.
    pub bytes: Option<Measure>,
    /// Rows without the header, lines of JSONL; `None` where the notion means nothing.
    pub records: Option<Measure>,
    /// Last change, RFC 3339 in UTC, whole seconds.
    pub modified: Option<String>,
    /// xxh3-128 of the content, hexadecimal, taken while reading; `None` unless all of it was read.
    pub content_hash: Option<String>,
    /// What a database says of a table besides its rows; `None` for everything else.
    pub table: Option<TableSummary>,
    /// What the detectors found, sorted by detector id.
    pub findings: Vec<Finding>,
    /// The category and why; `None` where nothing was read.
    pub classification: Option<Classification>,
    /// The level proposal of the asset itself; `None` where nothing was read.
    pub proposal: Option<Proposal>,
    /// `personal-information`, `credential`, `secrecy-marking`…, sorted.
    pub markers: Vec<String>,
}

impl Examined {
    /// An asset of which nothing was read.
    #[must_use]
    pub fn unread(asset: Asset, reason: Reason) -> Self {
        Self {
            asset,
            status: reason.status(),
            reason: Some(reason),
            format: None,
            encoding: None,
            bytes: None,
            records: None,
            modified: None,
            content_hash: None,
            table: None,
            findings: Vec::new(),
            classification: None,
            proposal: None,
            markers: Vec::new(),
        }
    }
}
