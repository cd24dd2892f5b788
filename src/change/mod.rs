//! A filed baseline and now → changes, materiality, deadlines (`miit-166/12`). Pure.
//!
//! The baseline is the last accepted filing, never the last scan: five per cent a month fires in the sixth month.
//! `compare` walks the entries, `material` holds the thirty-per-cent rule, `deadline` the three months.

use serde::Serialize;

use crate::model::Level;

mod compare;
pub use compare::{Baseline, Comparison, Situation, compare};

mod deadline;
pub use deadline::{Counted, History, RefileBy, Seen};

mod filled;
pub use filled::{FilledForm, Row, filled};

pub mod life_cycle;

mod material;
pub use material::{Verdict, fires, judge, range};

pub mod moved;

mod recount;
pub use recount::Recount;

mod say;

mod scale;

pub mod trend;

/// One difference between what was filed and now.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Change {
    /// The id of the entry.
    pub entry: String,
    /// Its category.
    pub category: String,
    /// Its carrier.
    pub store: String,
    /// Its level now; the filed one where it is gone.
    pub level: Level,
    /// What kind of difference.
    pub kind: Kind,
    /// The measure, for the three that a scan counts.
    pub measure: Option<Scaled>,
    /// The column, for declared fields.
    pub field: Option<String>,
    /// What was filed.
    pub filed: Value,
    /// What is there now.
    pub now: Value,
    /// (now − filed) / filed; `None` where nothing was filed, or it was zero.
    pub ratio: Option<f64>,
    /// Whether it asks for a new filing; `None` where that cannot be said yet.
    pub material: Option<bool>,
    /// The article, or why it cannot be said.
    pub because: Because,
    /// Between these dates it happened: last seen as filed, first seen changed.
    pub between: Option<[String; 2]>,
    /// The day by which to re-file.
    pub refile_by: Option<RefileBy>,
}

/// The kinds of difference.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// 规模变化.
    Scale,
    /// A class that was not filed.
    Added,
    /// A filed class that is gone.
    Removed,
    /// 级别调整.
    Level,
    /// 类别调整: the same data, filed as another category.
    Category,
    /// Any other filed content.
    Field,
}

impl Kind {
    /// The id used in JSON, and in the form of a change filing.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::Scale => "scale",
            Self::Added => "added",
            Self::Removed => "removed",
            Self::Level => "level",
            Self::Category => "category",
            Self::Field => "field",
        }
    }
}

/// The measures that a scan counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Scaled {
    /// 数据条目数量.
    Records,
    /// 存储总量.
    Bytes,
    /// Distinct persons.
    Subjects,
}

impl Scaled {
    /// The id used in JSON, which is that of the column of the form too.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::Records => "records",
            Self::Bytes => "bytes",
            Self::Subjects => "subjects",
        }
    }

    /// All three.
    pub const ALL: [Self; 3] = [Self::Records, Self::Bytes, Self::Subjects];
}

/// A filed or present value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Value {
    /// Not filed, or not known now.
    Unknown,
    /// Of a measure.
    Number(u64),
    /// Of a field, a level, a category.
    Text(String),
}

/// Why a change is material or not, or why that cannot be said.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Because {
    /// The article asks for a new filing.
    #[serde(rename = "miit-166/12")]
    Article12,
    /// The scale moved by less than thirty per cent.
    #[serde(rename = "below 30 %")]
    BelowThreshold,
    /// A class or a level that nobody has confirmed.
    #[serde(rename = "awaits confirmation")]
    AwaitsConfirmation,
    /// The carrier could not be reached: nothing can be said to be gone.
    #[serde(rename = "carrier unreachable")]
    CarrierUnreachable,
    /// The carrier could be listed only in part.
    #[serde(rename = "carrier read in part")]
    CarrierPartial,
    /// Assets of the class are there and could not be read this time.
    #[serde(rename = "assets not read")]
    AssetsUnread,
    /// The inventory holds no result of the carrier.
    #[serde(rename = "carrier not scanned")]
    CarrierNotScanned,
    /// The range of an estimate straddles the threshold.
    #[serde(rename = "exact count needed")]
    ExactCountNeeded,
    /// Neither records nor bytes were filed.
    #[serde(rename = "baseline unknown")]
    BaselineUnknown,
    /// A filed field has no value in the register now.
    #[serde(rename = "not filled in now")]
    NotFilledIn,
    /// A filed measure has no figure now.
    #[serde(rename = "not counted now")]
    NotCounted,
    /// The filed figures were counted with other rules, which may have moved data between classes.
    #[serde(rename = "rules changed since the filing")]
    RulesChanged,
    /// Tables alike in schema, count and distinct values stand elsewhere: likely the same data.
    #[serde(rename = "likely moved, awaits confirmation")]
    LikelyMoved,
    /// It had moved, and has come back.
    #[serde(rename = "fell back")]
    FellBack,
}

/// What the changes add up to; an earlier one outranks a later one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// At least one change asks for a new filing.
    Material,
    /// Some carrier could not be read, or not whole.
    Incomplete,
    /// Something cannot be said yet: a person has to confirm, or an exact count is needed.
    Undetermined,
    /// Nothing asks for a new filing.
    Immaterial,
}

impl Change {
    /// What it adds to the state.
    #[must_use]
    pub fn state(&self) -> State {
        match (self.material, self.because) {
            (Some(true), _) => State::Material,
            (Some(false), _) | (None, Because::FellBack) => State::Immaterial,
            (
                None,
                Because::CarrierUnreachable
                | Because::CarrierPartial
                | Because::CarrierNotScanned
                | Because::AssetsUnread,
            ) => State::Incomplete,
            (None, _) => State::Undetermined,
        }
    }
}

#[cfg(test)]
mod simulation;

#[cfg(test)]
mod law_tests;
