//! Working days of every day of 2025 and 2026, counted a second time by other means: the arrangements of the State
//! Council are written here by hand as they were announced, days are numbers, and weekdays come from Zeller's rule.

use jiff::civil::{Date, date};

use super::tests::builtin;
use super::{Due, months_after};

/// First and last day off, as (month, day).
const OFF_2025: &[[(i8, i8); 2]] =
    &[[(1, 1), (1, 1)], [(1, 28), (2, 4)], [(4, 4), (4, 6)], [(5, 1), (5, 5)], [(5, 31), (6, 2)], [(10, 1), (10, 8)]];
const WORKED_2025: &[(i8, i8)] = &[(1, 26), (2, 8), (4, 27), (9, 28), (10, 11)];
const OFF_2026: &[[(i8, i8); 2]] = &[
    [(1, 1), (1, 3)],
    [(2, 15), (2, 23)],
    [(4, 4), (4, 6)],
    [(5, 1), (5, 5)],
    [(6, 19), (6, 21)],
    [(9, 25), (9, 27)],
    [(10, 1), (10, 7)],
];
const WORKED_2026: &[(i8, i8)] = &[(1, 4), (2, 14), (2, 28), (5, 9), (9, 20), (10, 10)];

/// Zeller: 0 is Saturday, 1 Sunday.
fn is_weekend(year: i16, month: i8, day: i8) -> bool {
    let (year, month) =
        if month < 3 { (i32::from(year) - 1, i32::from(month) + 12) } else { (i32::from(year), i32::from(month)) };
    let (century, rest) = (year / 100, year % 100);
    let weekday = (i32::from(day) + 13 * (month + 1) / 5 + rest + rest / 4 + century / 4 + 5 * century) % 7;
    weekday <= 1
}

fn is_leap(year: i16) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

fn length(year: i16, month: i8) -> i8 {
    match month {
        2 if is_leap(year) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Every day of the two years in order, with whether it is worked.
fn days() -> Vec<((i16, i8, i8), bool)> {
    let mut days = Vec::new();
    for (year, off, worked) in [(2025, OFF_2025, WORKED_2025), (2026, OFF_2026, WORKED_2026)] {
        for month in 1..=12 {
            for day in 1..=length(year, month) {
                let is_off = off.iter().any(|[first, last]| (month, day) >= *first && (month, day) <= *last);
                let is_worked = worked.contains(&(month, day));
                days.push(((year, month, day), is_worked || !(is_off || is_weekend(year, month, day))));
            }
        }
    }
    days
}

fn civil((year, month, day): (i16, i8, i8)) -> Date {
    date(year, month, day)
}

#[test]
fn every_day_of_2025_and_2026_is_worked_or_off_as_announced() {
    let calendar = builtin();
    let days = days();
    assert_eq!(days.len(), 730);
    // As announced in sum: 248 and 248 working days.
    for year in [2025, 2026] {
        assert_eq!(days.iter().filter(|(day, worked)| day.0 == year && *worked).count(), 248, "{year}");
    }
    for (day, worked) in days {
        assert_eq!(calendar.is_working_day(civil(day)), Ok(worked), "{day:?}");
    }
}

#[test]
fn every_period_of_the_law_in_working_days_ends_as_counted_by_hand_from_every_day() {
    let calendar = builtin();
    let days = days();
    for count in [1, 10, 15, 20, 30, 60] {
        for (start, (day, _)) in days.iter().enumerate() {
            let worked = days[start + 1..].iter().filter(|(_, worked)| *worked);
            let wanted = worked.map(|(day, _)| *day).nth(count - 1);
            let found = calendar.add_working_days(civil(*day), u32::try_from(count).unwrap());
            match wanted {
                Some(wanted) => assert_eq!(found, Ok(civil(wanted)), "{count} working days from {day:?}"),
                // It runs into 2027, for which no table was announced: refused, and the year is named.
                None => assert_eq!(found.map_err(|missing| missing.0), Err(2027), "{count} from {day:?}"),
            }
        }
    }
}

#[test]
fn three_months_from_every_day_end_on_the_corresponding_day_or_the_next_that_is_worked() {
    let calendar = builtin();
    let days = days();
    for ((year, month, day), _) in &days {
        let (later_year, later_month) = if *month > 9 { (year + 1, month - 9) } else { (*year, month + 3) };
        let unshifted = (later_year, later_month, (*day).min(length(later_year, later_month)));
        let found = calendar.add_months(date(*year, *month, *day), 3);
        let place = days.iter().position(|(day, _)| *day == unshifted);
        let worked = place.and_then(|place| days[place..].iter().find(|(_, worked)| *worked));
        let unshifted = civil(unshifted);
        let wanted =
            worked.map_or(Due { day: unshifted, shifted: false, calendar_missing: vec![2027] }, |(worked, _)| Due {
                day: civil(*worked),
                shifted: civil(*worked) != unshifted,
                calendar_missing: vec![],
            });
        assert_eq!(found, wanted, "three months from {year}-{month}-{day}");
    }
}

#[test]
fn months_end_where_the_month_ends() {
    for (start, months, end) in [
        (date(2025, 11, 30), 3, date(2026, 2, 28)),
        (date(2023, 11, 30), 3, date(2024, 2, 29)),
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2024, 2, 29), 36, date(2027, 2, 28)),
        (date(2026, 3, 31), -1, date(2026, 2, 28)),
    ] {
        assert_eq!(months_after(start, months), end, "{months} months from {start}");
    }
}

#[test]
fn a_last_day_in_the_golden_week_moves_behind_it_and_one_on_a_made_up_sunday_stays() {
    let calendar = builtin();
    // The seven days off of October 2026 and the Saturday 10th that is worked for them.
    for day in 1..=7 {
        assert_eq!(calendar.add_months(date(2026, 7, day), 3).day, date(2026, 10, 8), "{day}");
    }
    assert_eq!(calendar.add_months(date(2026, 7, 10), 3).day, date(2026, 10, 10));
    assert_eq!(calendar.add_months(date(2026, 7, 11), 3).day, date(2026, 10, 12));
    // The Spring Festival of 2026 runs from a Sunday to a Monday; the Saturday before is worked.
    assert_eq!(calendar.add_months(date(2025, 11, 14), 3).day, date(2026, 2, 14));
    assert_eq!(calendar.add_months(date(2025, 11, 15), 3).day, date(2026, 2, 24));
}
