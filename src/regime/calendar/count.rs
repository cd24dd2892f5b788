//! Counting periods (民法典 200–204, 行政许可法 82; recalled): the day that starts a period is not counted; a period in
//! months ends on the corresponding day, or on the last day of a month that has none; one whose last day is a holiday
//! ends on the next working day. Working days leave out weekends and holidays and take in make-up days.

use jiff::Span;
use jiff::civil::Date;

use super::Calendar;
use crate::model::{Lang, Speak};

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
            Lang::Zh => format!(
                "缺少 {year} 年的节假日表，无法计算工作日；请把 {year}.toml 放入 mulu.toml 中 calendar 所指的目录"
            ),
            Lang::En => format!(
                "no holiday table for {year}, working days cannot be counted; put {year}.toml into the folder that \
                 calendar of mulu.toml names"
            ),
        }
    }
}

impl Calendar {
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

    /// The latest working day that leaves `count` whole working days before `end`: neither it nor `end` is counted, which
    /// is the safe reading of 届满前若干个工作日 (design).
    pub fn working_days_before(&self, end: Date, count: u32) -> Result<Date, MissingYear> {
        let mut day = end;
        // One more than are left free: the day itself, on which something is done.
        let mut left = u64::from(count) + 1;
        while left > 0 {
            day = day.yesterday().map_err(|_| MissingYear(day.year()))?;
            if self.is_working_day(day)? {
                left -= 1;
            }
        }
        Ok(day)
    }

    /// The last day of a period of `months` that starts on `start`, which is not counted.
    #[must_use]
    pub fn add_months(&self, start: Date, months: i32) -> Due {
        let unshifted = months_after(start, months);
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

/// The corresponding day so many months later (earlier, if negative), or the last day of a month that has none. Never
/// moved: for what recurs, expires or is kept, where nothing has to be done on the very day.
#[must_use]
pub fn months_after(start: Date, months: i32) -> Date {
    // The arithmetic of jiff keeps the day and falls back to the last day of a shorter month.
    Span::new().try_months(months).map_or(start, |span| start.saturating_add(span))
}
