//! When a change happened, as far as scans can tell, and the three months that follow (`miit-166/12`).

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::Serialize;

use crate::model::Measure;
use crate::regime::Calendar;

/// What earlier results said of a class, by class id, oldest first.
pub type History = BTreeMap<String, Vec<Seen>>;

/// What one scan said of a class.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    /// The civil date of the scan, `YYYY-MM-DD`.
    pub date: String,
    /// Whether the class had any asset; `None` where it cannot say.
    pub present: Option<bool>,
    /// 数据条目数量.
    pub records: Option<Measure>,
    /// 存储总量.
    pub bytes: Option<Measure>,
    /// Distinct persons.
    pub subjects: Option<Measure>,
    /// The rules that counted it.
    pub counted: Counted,
}

/// The rules that counted an earlier result, against which it can be held.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Counted {
    /// Those of the filing.
    AsFiled,
    /// Those of now, which are others.
    AsNow,
    /// Others still: it can be held against neither.
    Otherwise,
}

/// The day by which to re-file. The law counts from the change, which lies somewhere between two scans.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RefileBy {
    /// Three months from the last date on which it was seen as filed: the day to be safe.
    pub strict: String,
    /// Three months from the first date on which it was seen changed.
    pub lenient: String,
    /// Whether one of the two was moved from a day off to the next working day.
    pub shifted: bool,
    /// Years without a holiday table: their days are unshifted.
    pub calendar_missing: Vec<i16>,
}

/// When a change happened: last seen as filed, first seen changed; and whether it is still so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Crossing {
    pub(super) between: [String; 2],
    pub(super) lasts: bool,
}

/// The latest crossing in the history of a class. `changed` says whether a result shows the change; `None`: it
/// cannot say. The day of the figures that were filed is the first on which all was as filed.
pub(super) fn crossing(
    filed_as_of: &str,
    history: &[Seen],
    changed: impl Fn(&Seen) -> Option<bool>,
) -> Option<Crossing> {
    let mut last_below = filed_as_of;
    let mut found: Option<Crossing> = None;
    for seen in history.iter().filter(|seen| seen.date.as_str() >= filed_as_of) {
        match changed(seen) {
            Some(true) if found.as_ref().is_some_and(|crossing| crossing.lasts) => {}
            Some(true) => {
                found = Some(Crossing { between: [last_below.to_owned(), seen.date.clone()], lasts: true });
            }
            Some(false) => {
                last_below = &seen.date;
                if let Some(crossing) = &mut found {
                    crossing.lasts = false;
                }
            }
            None => {}
        }
    }
    found
}

/// Three months from both ends of the time in which it happened.
pub(super) fn refile_by(between: &[String; 2], calendar: &Calendar) -> Option<RefileBy> {
    let [below, above] = between;
    let strict = calendar.add_months(below.parse::<Date>().ok()?, 3);
    let lenient = calendar.add_months(above.parse::<Date>().ok()?, 3);
    let mut calendar_missing = strict.calendar_missing;
    calendar_missing.extend(lenient.calendar_missing);
    calendar_missing.sort_unstable();
    calendar_missing.dedup();
    Some(RefileBy {
        strict: strict.day.to_string(),
        lenient: lenient.day.to_string(),
        shifted: strict.shifted || lenient.shifted,
        calendar_missing,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(date: &str, records: u64) -> Seen {
        Seen {
            date: date.to_owned(),
            present: Some(records > 0),
            records: Some(Measure::exact(records)),
            bytes: None,
            subjects: None,
            counted: Counted::AsFiled,
        }
    }

    fn moved(seen: &Seen) -> Option<bool> {
        Some(super::super::fires(1000, seen.records?.value))
    }

    fn dates(crossing: &Crossing) -> (&str, &str) {
        (&crossing.between[0], &crossing.between[1])
    }

    #[test]
    fn a_change_lies_between_the_last_scan_below_and_the_first_above() {
        let history =
            [seen("2026-03-01", 1000), seen("2026-04-01", 1200), seen("2026-05-01", 1300), seen("2026-06-01", 1400)];
        let crossing = crossing("2026-02-01", &history, moved).unwrap();
        assert_eq!((dates(&crossing), crossing.lasts), (("2026-04-01", "2026-05-01"), true));
    }

    #[test]
    fn a_change_seen_by_the_first_scan_after_the_filing_counts_from_the_date_of_the_filed_figures() {
        let crossing = crossing("2026-02-01", &[seen("2026-05-01", 1300)], moved).unwrap();
        assert_eq!(dates(&crossing), ("2026-02-01", "2026-05-01"));
    }

    #[test]
    fn a_change_that_fell_back_does_not_last_and_one_that_came_again_counts_anew() {
        let mut history = vec![seen("2026-03-01", 1300), seen("2026-04-01", 1100)];
        assert!(!crossing("2026-02-01", &history, moved).unwrap().lasts);
        history.push(seen("2026-05-01", 1500));
        let again = crossing("2026-02-01", &history, moved).unwrap();
        assert_eq!((dates(&again), again.lasts), (("2026-04-01", "2026-05-01"), true));
    }

    #[test]
    fn scans_before_the_filed_figures_say_nothing() {
        assert_eq!(crossing("2026-02-01", &[seen("2026-01-01", 5000)], moved), None);
    }

    #[test]
    fn the_deadline_without_a_table_is_the_unshifted_day_and_the_year_is_named() {
        let calendar =
            Calendar::parse(&[("2026.toml".to_owned(), include_str!("../../catalogs/calendar/2026.toml"))]).unwrap();
        let due = refile_by(&["2026-11-20".to_owned(), "2026-11-25".to_owned()], &calendar).unwrap();
        assert_eq!((due.strict.as_str(), due.lenient.as_str()), ("2027-02-20", "2027-02-25"));
        assert_eq!((due.shifted, due.calendar_missing), (false, vec![2027]));
        let due = refile_by(&["2026-06-19".to_owned(), "2026-07-03".to_owned()], &calendar).unwrap();
        // 2026-09-19 is a Saturday and the Sunday after it is worked; 2026-10-03 lies in the holiday week.
        assert_eq!((due.strict.as_str(), due.lenient.as_str(), due.shifted), ("2026-09-20", "2026-10-08", true));
    }
}
