//! The calendar of the State Council: holidays and make-up working days, a table a year. A year without a table is never
//! guessed. Tables of the user's stand beside the built-in ones; for a year that both have, the user's counts.

mod count;

use std::collections::{BTreeMap, BTreeSet};

use jiff::ToSpan;
use jiff::civil::{Date, Weekday};
use serde::Deserialize;

pub use count::{Due, MissingYear, months_after};

use super::taxonomy::Schema;
use super::{Error, Problem};
use crate::model::Mark;

/// Holidays and make-up days, year by year.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Calendar {
    years: BTreeMap<i16, Year>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Year {
    off: BTreeSet<Date>,
    work: BTreeSet<Date>,
    mark: Mark,
}

/// A table of the calendar as it stands in its file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct YearFile {
    #[serde(rename = "schema")]
    _schema: Schema,
    year: i16,
    mark: Mark,
    #[expect(dead_code, reason = "kept in the file for the person who checks it")]
    source: String,
    off: Vec<[Date; 2]>,
    work: Vec<Date>,
}

impl Calendar {
    /// Reads tables, each given as (file name, text).
    pub fn parse(texts: &[(String, &str)]) -> Result<Self, Error> {
        let mut years = BTreeMap::new();
        for (file, text) in texts {
            let table: YearFile = super::parse(text, file)?;
            let unfit = |day: &Date, rule| Error::new(file, Problem::Unfit { entry: day.to_string(), rule });
            let mut off = BTreeSet::new();
            for [first, last] in table.off {
                // 366: no period of a year is longer; a slip in a year must not fill the memory.
                let days = first.series(1.day()).take_while(|day| *day <= last).take(366);
                off.extend(days);
            }
            let work: BTreeSet<Date> = table.work.into_iter().collect();
            for day in off.iter().chain(&work) {
                if day.year() != table.year {
                    return Err(unfit(day, ("日期属于该表的年份", "a day is one of the table's year")));
                }
            }
            if let Some(day) = work.intersection(&off).next() {
                return Err(unfit(day, ("补班日不是假日", "a make-up day is no holiday")));
            }
            if years.insert(table.year, Year { off, work, mark: table.mark }).is_some() {
                return Err(Error::new(file, Problem::Duplicate { id: table.year.to_string() }));
            }
        }
        Ok(Self { years })
    }

    /// These tables with those of the user's, which count where both have a year: an arrangement may be changed.
    pub fn with_tables(mut self, texts: &[(String, &str)]) -> Result<Self, Error> {
        self.years.extend(Self::parse(texts)?.years);
        Ok(self)
    }

    /// The years that have a table, with how sure each is.
    pub fn years(&self) -> impl Iterator<Item = (i16, Mark)> {
        self.years.iter().map(|(year, table)| (*year, table.mark))
    }

    /// Whether work is done on a day.
    pub fn is_working_day(&self, day: Date) -> Result<bool, MissingYear> {
        let year = self.years.get(&day.year()).ok_or(MissingYear(day.year()))?;
        let weekend = matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday);
        Ok(year.work.contains(&day) || !(weekend || year.off.contains(&day)))
    }
}

#[cfg(test)]
mod tests;

#[cfg(test)]
mod oracle_tests;
