use serde::{Deserialize, Serialize};

use super::{Lang, Speak};

/// One act in the audit log: who did what to what, when and why. Appended, never changed; each entry holds the hash of
/// the one before it, so that none can be altered, removed or moved without the later hashes saying so.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditEntry {
    /// Counts up from 1 without gaps.
    pub seq: u64,
    /// When it was written, by the clock of the machine: RFC 3339 in UTC, to the second. The day that an act speaks of
    /// stands in `to`.
    pub time: String,
    /// Who did it, as they named themselves.
    pub by: String,
    /// What was done, e.g. `review.confirm`; `adopt.…` where the row is older than the log.
    pub act: String,
    /// What it was done to: an asset (`a…`), a class (`c…`), a place (`p…`), `filing 3`, an event, a cell of the register.
    pub subject: String,
    /// The row that holds what was done, e.g. `decision 12`; `None` for acts that only the log holds.
    pub record: Option<String>,
    /// What stood there before, a JSON object.
    pub from: Option<String>,
    /// What stands there now, a JSON object.
    pub to: Option<String>,
    /// Why, in the words of who did it.
    pub why: Option<String>,
    /// The hash of the entry before; 64 zeros before the first.
    pub previous: String,
    /// SHA-256 over all of the above, hexadecimal.
    pub hash: String,
}

/// Where the audit log stands: what an export prints, so that a later log can be held against it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChainHead {
    /// How many entries.
    pub length: u64,
    /// The hash of the latest; 64 zeros where there is none.
    pub head: String,
}

impl Speak for ChainHead {
    fn say(&self, lang: Lang) -> String {
        match lang {
            Lang::Zh => format!("审计日志 {} 条，链头 {}", self.length, self.head),
            Lang::En => format!("audit log, entries: {}, head {}", self.length, self.head),
        }
    }
}

/// Who answers for an act, and why they did it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Signature {
    /// Who, as they named themselves.
    pub by: String,
    /// Why, where the act itself does not say.
    pub why: Option<String>,
}

impl Signature {
    /// Somebody who gives no reason beside the act itself.
    #[must_use]
    pub fn of(by: &str) -> Self {
        Self { by: by.to_owned(), why: None }
    }
}
