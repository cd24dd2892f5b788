//! The calendar of the State Council, and the periods that are counted by it.
//!
//! Counting rules (民法典 200–204, 行政许可法 82; recalled): the day that starts a period is not counted; a period
//! in months ends on the corresponding day, or on the last day of a month that has none; a period in months whose
//! last day is a holiday ends on the next working day. Working days leave out weekends and holidays and take in
//! make-up days. A year without a table is never guessed.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::{Date, Weekday};
use jiff::{Span, ToSpan};
use serde::Deserialize;

use super::taxonomy::Schema;
use super::{Error, Problem};
use crate::model::{Lang, Mark, Speak};

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

/// The day by which something has to be done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Due {
    /// The last day of the period.
    pub day: Date,
    /// Whether it was moved from a day off to the next working day.
    pub shifted: bool,
    /// Years whose table is missing; then `day` is the unshifted day, which is the earlier and so the safe one.
    pub calendar_missing: Vec<i16>,
}

/// A period in working days that runs into a year without a table. Refused: a guess may be a day late.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.say(Lang::En))]
pub struct MissingYear(pub i16);

impl Speak for MissingYear {
    fn say(&self, lang: Lang) -> String {
        let year = self.0;
        match lang {
            Lang::Zh => format!("缺少 {year} 年的节假日表，无法计算工作日；请添加 catalogs/calendar/{year}.toml"),
            Lang::En => {
                format!(
                    "no holiday table for {year}, working days cannot be counted; add catalogs/calendar/{year}.toml"
                )
            }
        }
    }
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

    /// The last day of a period of `count` working days that starts on `start`, which is not counted.
    pub fn add_working_days(&self, start: Date, count: u32) -> Result<Date, MissingYear> {
        let mut day = start;
        let mut left = count;
        while left > 0 {
            day = day.tomorrow().map_err(|_| MissingYear(day.year()))?;
            if self.is_working_day(day)? {
                left -= 1;
            }
        }
        Ok(day)
    }

    /// The last day of a period of `months` that starts on `start`, which is not counted.
    #[must_use]
    pub fn add_months(&self, start: Date, months: i32) -> Due {
        // The arithmetic of jiff keeps the day and falls back to the last day of a shorter month.
        let unshifted = start.saturating_add(Span::new().months(months));
        let mut day = unshifted;
        loop {
            match self.is_working_day(day) {
                Ok(true) => return Due { day, shifted: day != unshifted, calendar_missing: Vec::new() },
                Ok(false) => match day.tomorrow() {
                    Ok(next) => day = next,
                    Err(_) => return Due { day: unshifted, shifted: false, calendar_missing: Vec::new() },
                },
                Err(MissingYear(year)) => {
                    return Due { day: unshifted, shifted: false, calendar_missing: vec![year] };
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use proptest::prelude::*;

    use super::*;

    fn builtin() -> Calendar {
        Calendar::parse(&[
            ("2023.toml".to_owned(), include_str!("../../catalogs/calendar/2023.toml")),
            ("2024.toml".to_owned(), include_str!("../../catalogs/calendar/2024.toml")),
            ("2025.toml".to_owned(), include_str!("../../catalogs/calendar/2025.toml")),
            ("2026.toml".to_owned(), include_str!("../../catalogs/calendar/2026.toml")),
        ])
        .unwrap()
    }

    #[test]
    fn every_make_up_day_of_the_tables_is_a_saturday_or_sunday() {
        for year in builtin().years.values() {
            for day in &year.work {
                assert!(matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday), "{day}");
            }
        }
    }

    #[test]
    fn twenty_working_days_over_the_spring_festival_take_in_make_up_days() {
        // From 2026-02-10: Feb 11–14 (the 14th is a make-up Saturday) are 4, the 24th–28th (with the 28th) 5 more,
        // March 2–6 5 more, March 9–13 5 more, so the 20th is March 16.
        assert_eq!(builtin().add_working_days(date(2026, 2, 10), 20), Ok(date(2026, 3, 16)));
    }

    #[test]
    fn working_days_that_run_into_a_year_without_a_table_are_refused_and_the_year_is_named() {
        assert_eq!(builtin().add_working_days(date(2026, 12, 20), 20), Err(MissingYear(2027)));
        assert!(MissingYear(2027).to_string().contains("2027"));
        assert_eq!(builtin().add_working_days(date(2026, 12, 20), 5), Ok(date(2026, 12, 25)));
    }

    #[test]
    fn three_months_end_on_the_corresponding_day_or_the_last_of_the_month() {
        let calendar = builtin();
        assert_eq!(calendar.add_months(date(2026, 3, 10), 3).day, date(2026, 6, 10));
        assert_eq!(calendar.add_months(date(2025, 11, 30), 3).day, date(2026, 2, 28));
    }

    #[test]
    fn a_last_day_in_a_holiday_moves_to_the_next_working_day() {
        let due = builtin().add_months(date(2026, 7, 2), 3);
        assert_eq!((due.day, due.shifted), (date(2026, 10, 8), true));
        // 2026-09-20 is a Sunday on which work is made up: the period ends on it.
        let due = builtin().add_months(date(2026, 6, 20), 3);
        assert_eq!((due.day, due.shifted), (date(2026, 9, 20), false));
    }

    #[test]
    fn months_into_a_year_without_a_table_show_the_unshifted_day_and_name_the_year() {
        let due = builtin().add_months(date(2026, 11, 20), 3);
        assert_eq!(due, Due { day: date(2027, 2, 20), shifted: false, calendar_missing: vec![2027] });
    }

    #[test]
    fn a_table_that_contradicts_itself_or_holds_a_foreign_day_is_refused() {
        let table = |off: &str, work: &str| {
            let text = format!("schema=1\nyear=2026\nmark=\"public\"\nsource=\"s\"\noff=[{off}]\nwork=[{work}]");
            Calendar::parse(&[("2026.toml".to_owned(), text.as_str())])
        };
        assert!(table("[\"2026-01-01\",\"2026-01-03\"]", "\"2026-01-04\"").is_ok());
        assert!(table("[\"2026-01-01\",\"2026-01-03\"]", "\"2026-01-03\"").is_err());
        assert!(table("[\"2025-12-31\",\"2026-01-03\"]", "").is_err());
        assert!(table("[\"2026-13-01\",\"2026-01-03\"]", "").is_err());
    }

    proptest! {
        #[test]
        fn the_last_working_day_is_one_and_one_more_day_is_later(offset in 0i64..900, count in 1u32..40) {
            let calendar = builtin();
            let start = date(2023, 1, 1).saturating_add(offset.days());
            let last = calendar.add_working_days(start, count).unwrap();
            prop_assert_eq!(calendar.is_working_day(last), Ok(true));
            prop_assert!(calendar.add_working_days(start, count + 1).unwrap() > last);
        }
    }
}
