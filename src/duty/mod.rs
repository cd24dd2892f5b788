//! Duties of the regime and what has happened → what has to be done by when. Pure.
//!
//! `happened` reads events from filings, decisions, changes and what persons recorded; `reckon` counts the periods;
//! `say` tells a person. An event that nobody recorded is a duty that says so, never a silence.

use jiff::civil::{Date, Time};
use serde::{Serialize, Serializer};

use crate::model::{InternetRole, Mark};
use crate::regime::duties::{Kind, Period, Who};

mod happened;
pub use happened::{Sources, happened};

mod reckon;
pub use reckon::reckon;

mod say;

#[cfg(test)]
mod tests;

/// Something that happened, from whatever source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Happened {
    /// The event, by its id in `duties.toml`.
    pub event: String,
    /// When; where that lies between two days, the earlier, which is the safe one.
    pub date: Date,
    /// The later of the two days, where there are two.
    pub at_latest: Option<Date>,
    /// The time of day in China, if it is known.
    pub time: Option<Time>,
    /// Which of several.
    pub subject: Option<String>,
}

/// Facts that decide whom a duty concerns; `None` where they are not known.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facts {
    /// Whether important or core data are processed, as filed or confirmed by a person.
    pub important_data: Option<bool>,
    /// What it is in the industrial internet; an empty list: nothing.
    pub roles: Option<Vec<InternetRole>>,
}

/// One duty, as it stands on a day.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Item {
    /// The id of the duty.
    pub duty: String,
    /// Which of several: a filing, an entry, an incident, a role.
    pub subject: Option<String>,
    /// How it goes on.
    pub kind: Kind,
    /// Who has to act.
    pub who: Who,
    /// What is to be done, in both languages.
    pub label: Bilingual,
    /// How it stands.
    pub state: State,
    /// The last day; the earlier one where there are two readings.
    pub due: Option<Date>,
    /// The time of that day, of a period in hours.
    #[serde(serialize_with = "time")]
    pub time: Option<Time>,
    /// The last day by the later reading, where there are two.
    pub lenient: Option<Date>,
    /// Days from the as-of date to `due`; negative when it is over.
    pub days_left: Option<i32>,
    /// Whether the last day was moved from a day off to the next working day.
    pub shifted: bool,
    /// Years without a holiday table: `due` is unshifted, or could not be counted.
    pub calendar_missing: Vec<i16>,
    /// The event that it is counted from.
    pub start: Option<Start>,
    /// How long there is.
    #[serde(serialize_with = "period")]
    pub period: Period,
    /// When it was discharged.
    pub done: Option<Date>,
    /// Asked of nobody, only encouraged.
    pub advisory: bool,
    /// The article or document.
    pub article: String,
    /// How sure the period is.
    pub mark: Mark,
    /// Where the period stands, where that is not the article.
    pub basis: Option<Bilingual>,
    /// What a person has to say before it is known whether the duty concerns the enterprise.
    pub ask: Option<Ask>,
}

/// A text in both languages.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Bilingual {
    /// Chinese.
    pub zh: String,
    /// English.
    pub en: String,
}

/// The event that a duty is counted from.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Start {
    /// Its id.
    pub event: String,
    /// What happened, in both languages.
    pub label: Bilingual,
    /// When.
    pub date: Option<Date>,
    /// The time of day, where it was recorded and matters.
    #[serde(serialize_with = "time")]
    pub time: Option<Time>,
}

/// How a duty stands; the more urgent first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// The last day is over.
    Overdue,
    /// The last day is near.
    Soon,
    /// Something is to be done, and no text states by when.
    Unstated,
    /// A working-day period that runs into a year without a holiday table.
    Uncounted,
    /// There is time.
    Open,
    /// To be kept until the last day.
    Keep,
    /// Nobody has recorded the event that starts it.
    NotRecorded,
    /// It is not known whether it concerns the enterprise.
    Undetermined,
    /// It was discharged, or what was to be kept may go.
    Done,
    /// It does not concern the enterprise, or is not in force yet.
    NotApplicable,
}

impl State {
    /// The id used in JSON and csv.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::Overdue => "overdue",
            Self::Soon => "soon",
            Self::Unstated => "unstated",
            Self::Uncounted => "uncounted",
            Self::Open => "open",
            Self::Keep => "keep",
            Self::NotRecorded => "not-recorded",
            Self::Undetermined => "undetermined",
            Self::Done => "done",
            Self::NotApplicable => "not-applicable",
        }
    }
}

/// What a person has to say first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Ask {
    /// Whether important or core data are processed: confirm the proposed levels.
    ConfirmLevels,
    /// What the enterprise is in the industrial internet: `enterprise.industrial_internet` of `mulu.toml`.
    IndustrialInternet,
}

impl Item {
    /// Whether it only begins when something happens, and nothing has been recorded: the usual state of most.
    #[must_use]
    pub fn waits_for_an_occasion(&self) -> bool {
        self.state == State::NotRecorded && matches!(self.kind, Kind::Once | Kind::Keep | Kind::Expires)
    }

    /// Whether it asks for somebody now: the enterprise's own duty that is over or near, or an answer of the authority
    /// that is late. What is only encouraged never does.
    #[must_use]
    pub fn is_pressing(&self) -> bool {
        let own = matches!(self.state, State::Overdue | State::Soon) && self.who == Who::Processor;
        !self.advisory && (own || self.state == State::Overdue)
    }
}

#[expect(clippy::ref_option, reason = "serde gives fields by reference")]
fn time<S: Serializer>(time: &Option<Time>, serializer: S) -> Result<S::Ok, S::Error> {
    match time {
        Some(time) => serializer.collect_str(&time.strftime("%H:%M")),
        None => serializer.serialize_none(),
    }
}

fn period<S: Serializer>(period: &Period, serializer: S) -> Result<S::Ok, S::Error> {
    let value = match period {
        Period::WorkingDays(days) => serde_json::json!({ "working_days": days }),
        Period::Months(months) => serde_json::json!({ "months": months }),
        Period::Hours(hours) => serde_json::json!({ "hours": hours }),
        Period::AtOnce => serde_json::json!("at-once"),
        Period::Before => serde_json::json!("before"),
        Period::Unstated => serde_json::json!("unstated"),
        Period::WorkingDaysBeforeEnd { days, months } => {
            serde_json::json!({ "working_days": days, "before_end_of_months": months })
        }
    };
    value.serialize(serializer)
}
