//! Duties as data: what has to be done, by whom, how long after what (`duties.toml`). A number stands there with its
//! source; a period that no text states is `unstated`.

use std::collections::BTreeSet;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::taxonomy::{Label, Schema};
use super::{Error, Problem, parse};
use crate::model::Mark;

/// The duties of a regime, and the events that they hang on, in the order of the file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Duties {
    /// What starts or discharges duties.
    pub events: Vec<Event>,
    /// What has to be done.
    pub duties: Vec<Duty>,
}

/// Something that starts or discharges duties.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Event {
    /// The id that is typed and stored.
    pub id: String,
    /// What happened.
    pub label: Label,
    /// Read from filings, decisions and changes; never recorded by a person.
    #[serde(default)]
    pub derived: bool,
}

/// Something that has to be done, or kept.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Duty {
    /// The id used in JSON and calendars.
    pub id: String,
    /// What is to be done.
    pub label: Label,
    /// Who has to act.
    pub who: Who,
    /// How it goes on.
    pub kind: Kind,
    /// The event that starts the period.
    pub from: String,
    /// The events that discharge it.
    #[serde(default)]
    pub done: Vec<String>,
    /// Whether an event of any subject discharges it; else it is one of the same subject.
    #[serde(default)]
    pub any_subject: bool,
    /// Whether the next starting event of the same subject takes its place.
    #[serde(default)]
    pub replaced_by_next: bool,
    /// How long there is.
    pub period: Period,
    /// Whom it concerns.
    #[serde(default)]
    pub when: When,
    /// Asked of nobody, only encouraged.
    #[serde(default)]
    pub advisory: bool,
    /// The day from which on the text is in force; `None`: long since.
    pub in_force: Option<Date>,
    /// The article or document.
    pub article: String,
    /// How sure the period is.
    pub mark: Mark,
    /// Where the period stands, where that is not the article.
    pub basis: Option<Label>,
}

/// Who has to act.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Who {
    /// 数据处理者.
    Processor,
    /// 行业监管部门: a person waits for it, or asks.
    Authority,
}

/// How a duty goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// Each starting event opens one, which is discharged. Its last day is moved from a holiday.
    Once,
    /// Counted from the last time that it was done; not moved.
    Recurring,
    /// What belongs to each starting event is kept so long; not moved.
    Keep,
    /// What was kept reaches back so far, at any time.
    LookBack,
    /// Something that was granted ends; not moved.
    Expires,
}

/// How long there is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "PeriodFile")]
pub enum Period {
    /// So many working days.
    WorkingDays(u32),
    /// So many months; a year is twelve.
    Months(i32),
    /// So many hours.
    Hours(u32),
    /// 第一时间、及时: on the day itself.
    AtOnce,
    /// Before the event, which is planned.
    Before,
    /// The text states none.
    Unstated,
    /// So many working days before the end of so many months.
    WorkingDaysBeforeEnd {
        /// Working days.
        days: u32,
        /// Months from the starting event.
        months: i32,
    },
}

#[derive(Deserialize)]
#[serde(untagged)]
enum PeriodFile {
    Word(String),
    Table(PeriodTable),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct PeriodTable {
    working_days: Option<u32>,
    months: Option<i32>,
    hours: Option<u32>,
    before_end_of_months: Option<i32>,
}

impl TryFrom<PeriodFile> for Period {
    type Error = &'static str;

    fn try_from(file: PeriodFile) -> Result<Self, Self::Error> {
        /// The longest period of each unit: no text comes near, and a slip of the finger must not count for ever.
        const MOST: u32 = 1_200;
        let sane = |count: u32| (1..=MOST).contains(&count);
        let table = match file {
            PeriodFile::Word(word) => {
                return match word.as_str() {
                    "at-once" => Ok(Self::AtOnce),
                    "before" => Ok(Self::Before),
                    "unstated" => Ok(Self::Unstated),
                    _ => Err("at-once, before or unstated"),
                };
            }
            PeriodFile::Table(table) => table,
        };
        let months = |count: i32| u32::try_from(count).is_ok_and(sane);
        match (table.working_days, table.months, table.hours, table.before_end_of_months) {
            (Some(days), None, None, None) if sane(days) => Ok(Self::WorkingDays(days)),
            (None, Some(count), None, None) if months(count) => Ok(Self::Months(count)),
            (None, None, Some(hours), None) if sane(hours) => Ok(Self::Hours(hours)),
            (Some(days), None, None, Some(count)) if sane(days) && months(count) => {
                Ok(Self::WorkingDaysBeforeEnd { days, months: count })
            }
            _ => Err("one positive number with its unit"),
        }
    }
}

/// Whom a duty concerns.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum When {
    /// Every data processor.
    #[default]
    Always,
    /// Who processes important or core data.
    ImportantData,
    /// Who processes neither.
    NoImportantData,
    /// An enterprise of the industrial internet (`miit-68/5`).
    #[serde(rename = "miit-68")]
    IndustrialInternet,
    /// One of level three, for each of its roles.
    #[serde(rename = "miit-68-level-3")]
    LevelThree,
    /// One of level two.
    #[serde(rename = "miit-68-level-2")]
    LevelTwo,
    /// One of level one.
    #[serde(rename = "miit-68-level-1")]
    LevelOne,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DutiesFile {
    #[serde(rename = "schema")]
    _schema: Schema,
    event: Vec<Event>,
    duty: Vec<Duty>,
}

impl Duties {
    /// Reads and checks the file. `file` is its name for messages.
    pub fn parse(text: &str, file: &str) -> Result<Self, Error> {
        let DutiesFile { event: events, duty: duties, .. } = parse(text, file)?;
        let mut ids = BTreeSet::new();
        for event in &events {
            if !ids.insert(event.id.as_str()) {
                return Err(Error::new(file, Problem::Duplicate { id: event.id.clone() }));
            }
        }
        let mut seen = BTreeSet::new();
        for duty in &duties {
            let entry = duty.id.clone();
            if !seen.insert(duty.id.as_str()) {
                return Err(Error::new(file, Problem::Duplicate { id: entry }));
            }
            if let Some(name) = std::iter::once(&duty.from).chain(&duty.done).find(|id| !ids.contains(id.as_str())) {
                return Err(Error::new(file, Problem::Unknown { entry, name: name.clone(), kind: "event" }));
            }
            if let Some(rule) = duty.broken_rule() {
                return Err(Error::new(file, Problem::Unfit { entry, rule }));
            }
        }
        Ok(Self { events, duties })
    }

    /// The event of an id.
    #[must_use]
    pub fn event(&self, id: &str) -> Option<&Event> {
        self.events.iter().find(|event| event.id == id)
    }

    /// Whether an event may lie ahead: it is planned, and something has to be done before it.
    #[must_use]
    pub fn is_planned(&self, event: &str) -> bool {
        self.duties.iter().any(|duty| duty.from == event && duty.period == Period::Before)
    }

    /// Whether a period in hours hangs on the event, so that its time of day matters.
    #[must_use]
    pub fn is_timed(&self, event: &str) -> bool {
        self.duties.iter().any(|duty| duty.from == event && matches!(duty.period, Period::Hours(_)))
    }
}

impl Duty {
    fn broken_rule(&self) -> Option<(&'static str, &'static str)> {
        let in_months = matches!(self.period, Period::Months(_));
        match self.kind {
            Kind::Once if self.done.is_empty() => {
                Some(("once 的义务须写明 done", "a duty of the kind once says what discharges it (done)"))
            }
            Kind::Once => None,
            _ if !in_months => Some((
                "recurring、keep、look-back、expires 的期限以月计",
                "the period of recurring, keep, look-back and expires is in months",
            )),
            _ if !self.done.is_empty() => {
                Some(("done 只用于 once", "done belongs to the kind once; the others start anew with from"))
            }
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BUILTIN: &str = include_str!("../../catalogs/miit-166/duties.toml");

    #[test]
    fn the_periods_of_the_law_stand_in_the_builtin_file_with_their_articles() {
        let duties = Duties::parse(BUILTIN, "duties.toml").unwrap();
        // From the articles themselves, not from the file.
        for (id, article, period) in [
            ("filing-review", "miit-166/12", Period::WorkingDays(20)),
            ("resubmission", "miit-166/12", Period::WorkingDays(15)),
            ("change-filing", "miit-166/12", Period::Months(3)),
            ("risk-assessment", "miit-166/31", Period::Months(12)),
            ("log-retention", "miit-166/25", Period::Months(6)),
            ("re-rating", "miit-68/6", Period::Months(3)),
            ("registration-check", "miit-68/7", Period::WorkingDays(30)),
            ("registration-correction", "miit-68/7", Period::WorkingDays(20)),
            ("conformity-test-3", "miit-68/9", Period::Months(12)),
            ("conformity-test-2", "miit-68/9", Period::Months(24)),
            ("inspection", "miit-68/14", Period::Months(12)),
        ] {
            let duty = duties.duties.iter().find(|duty| duty.id == id).unwrap_or_else(|| panic!("no duty {id}"));
            assert_eq!((duty.article.as_str(), duty.period, duty.mark), (article, period, Mark::Law), "{id}");
        }
    }

    #[test]
    fn a_duty_that_cites_law_cites_an_article_whose_text_we_hold() {
        for duty in Duties::parse(BUILTIN, "duties.toml").unwrap().duties {
            let is_article =
                ["miit-166/", "miit-68/", "csl-2016/", "dsl/"].iter().any(|law| duty.article.starts_with(law));
            assert!(duty.mark != Mark::Law || is_article, "{}", duty.id);
        }
    }

    #[test]
    fn every_event_serves_some_duty() {
        let duties = Duties::parse(BUILTIN, "duties.toml").unwrap();
        for event in &duties.events {
            let serves = |duty: &Duty| duty.from == event.id || duty.done.contains(&event.id);
            assert!(duties.duties.iter().any(serves), "{}", event.id);
        }
    }

    fn refusal(duty: &str) -> String {
        let text = format!(
            "schema = 1\n[[event]]\nid = \"e\"\nlabel = {{ zh = \"e\", en = \"e\" }}\n[[duty]]\nid = \"d\"\n\
             label = {{ zh = \"d\", en = \"d\" }}\nwho = \"processor\"\narticle = \"x\"\nmark = \"design\"\n{duty}"
        );
        Duties::parse(&text, "duties.toml").map(|_| ()).unwrap_err().to_string()
    }

    #[test]
    fn what_cannot_be_counted_is_refused() {
        for (duty, wanted) in [
            ("kind = \"once\"\nfrom = \"f\"\ndone = [\"e\"]\nperiod = { months = 3 }", "unknown event f"),
            ("kind = \"once\"\nfrom = \"e\"\nperiod = { months = 3 }", "done"),
            ("kind = \"keep\"\nfrom = \"e\"\nperiod = { working-days = 3 }", "in months"),
            ("kind = \"keep\"\nfrom = \"e\"\ndone = [\"e\"]\nperiod = { months = 3 }", "done"),
            ("kind = \"keep\"\nfrom = \"e\"\nperiod = { months = 0 }", "malformed"),
            ("kind = \"keep\"\nfrom = \"e\"\nperiod = { months = 3, hours = 1 }", "malformed"),
            ("kind = \"keep\"\nfrom = \"e\"\nperiod = \"soon\"", "malformed"),
            ("kind = \"keep\"\nfrom = \"e\"\nperiod = { months = 3 }\nwhen = \"never\"", "malformed"),
        ] {
            assert!(refusal(duty).contains(wanted), "{duty}: {}", refusal(duty));
        }
    }
}
