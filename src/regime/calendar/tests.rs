use jiff::civil::date;
use proptest::prelude::*;

use super::*;

pub(super) fn builtin() -> Calendar {
    Calendar::parse(&[
        ("2023.toml".to_owned(), include_str!("../../../catalogs/calendar/2023.toml")),
        ("2024.toml".to_owned(), include_str!("../../../catalogs/calendar/2024.toml")),
        ("2025.toml".to_owned(), include_str!("../../../catalogs/calendar/2025.toml")),
        ("2026.toml".to_owned(), include_str!("../../../catalogs/calendar/2026.toml")),
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

#[test]
fn a_table_of_the_users_counts_in_place_of_the_built_in_one() {
    let text = "schema=1\nyear=2026\nmark=\"public\"\nsource=\"s\"\noff=[[\"2026-03-02\",\"2026-03-02\"]]\nwork=[]";
    let own = builtin().with_tables(&[("own.toml".to_owned(), text)]).unwrap();
    assert_eq!(own.is_working_day(date(2026, 3, 2)), Ok(false));
    // The festival week of the built-in table is gone with it.
    assert_eq!(own.is_working_day(date(2026, 10, 1)), Ok(true));
    assert_eq!(own.is_working_day(date(2025, 10, 1)), Ok(false));
}

#[test]
fn sixty_working_days_are_left_whole_before_the_end() {
    let calendar = builtin();
    let end = date(2026, 10, 20);
    let day = calendar.working_days_before(end, 60).unwrap();
    let left = day.tomorrow().unwrap().series(1.day()).take_while(|one| *one < end);
    assert_eq!(left.filter(|one| calendar.is_working_day(*one) == Ok(true)).count(), 60);
    assert_eq!(calendar.is_working_day(day), Ok(true));
    assert_eq!(calendar.working_days_before(date(2023, 1, 10), 20), Err(MissingYear(2022)));
    assert_eq!(calendar.working_days_before(date(2029, 1, 10), 20), Err(MissingYear(2029)));
}
