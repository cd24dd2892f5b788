//! What Article 12 asks for, written from the articles and the calendar of the State Council, not from the code.

use jiff::ToSpan as _;
use jiff::civil::{Date, Weekday, date};
use serde_json::Value;

/// 重大变化是指某类…规模…变化30%以上 (Article 12): 30 per cent counts, in both directions; from nothing, anything.
pub(crate) fn moved_by_thirty_per_cent(filed: u64, now: u64) -> bool {
    let (filed, now) = (u128::from(filed), u128::from(now));
    if filed == 0 { now > 0 } else { 100 * now >= 130 * filed || 100 * now <= 70 * filed }
}

/// Days off of 2026 by the State Council, weekends beside, and days that are worked nevertheless.
fn is_worked(day: Date) -> Option<bool> {
    if day.year() != 2026 {
        return None;
    }
    let holidays = [
        ((1, 1), (1, 3)),
        ((2, 15), (2, 23)),
        ((4, 4), (4, 6)),
        ((5, 1), (5, 5)),
        ((6, 19), (6, 21)),
        ((9, 25), (9, 27)),
        ((10, 1), (10, 7)),
    ];
    let made_up = [(1, 4), (2, 14), (2, 28), (5, 9), (9, 20), (10, 10)];
    let of = |(month, day): (i8, i8)| date(2026, month, day);
    let off = holidays.iter().any(|(first, last)| (of(*first)..=of(*last)).contains(&day));
    let weekend = matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday);
    Some(made_up.iter().any(|one| of(*one) == day) || !(off || weekend))
}

/// Three months from a day, moved to the next working day where the year's table is known.
pub(crate) fn three_months_from(day: &str) -> String {
    let unshifted = day.parse::<Date>().unwrap() + 3.months();
    let mut due = unshifted;
    loop {
        match is_worked(due) {
            Some(true) => return due.to_string(),
            Some(false) => due = due.tomorrow().unwrap(),
            None => return unshifted.to_string(),
        }
    }
}

/// What the oracle expects of one measure after a series of figures, the filed one first: filed, now, material.
pub(crate) fn expected(figures: &[u64]) -> Option<(u64, u64, Value)> {
    let (filed, now) = (figures[0], *figures.last().unwrap());
    let had_moved = figures.iter().any(|seen| moved_by_thirty_per_cent(filed, *seen));
    match (moved_by_thirty_per_cent(filed, now), had_moved) {
        (true, _) => Some((filed, now, Value::Bool(true))),
        (false, true) => Some((filed, now, Value::Null)),
        (false, false) if filed != now => Some((filed, now, Value::Bool(false))),
        (false, false) => None,
    }
}
