//! What was right once: figures of results that are over a year old or that a store no longer answers for, and dates that the form
//! gives a life to.

use jiff::Span;
use jiff::civil::Date;

use super::{Catalog, Entry};
use crate::regime::form::Column;

/// Months after which figures are taken anew. `miit-166/7` has data sorted through regularly; the guidance of 2024 asks for an
/// inventory each year [public].
const FIGURES_LAST_MONTHS: i64 = 12;

/// The date since which a cell of an entry is stale, if it is.
pub(super) fn stale_since(entry: &Entry, column: &Column, catalog: &Catalog) -> Option<String> {
    if column.id == "as_of" {
        return figures(entry, catalog);
    }
    let months = i64::from(column.stale_after_months?);
    let latest = dates(entry.value(&column.id)?).max()?;
    is_over(latest, months, &catalog.as_of).then(|| latest.to_string())
}

/// The date of figures that are too old, or that their store has not answered for since.
fn figures(entry: &Entry, catalog: &Catalog) -> Option<String> {
    let result = catalog.results.get(&entry.class.store)?;
    let is_old = result.date.parse().is_ok_and(|date| is_over(date, FIGURES_LAST_MONTHS, &catalog.as_of));
    (result.is_behind || is_old).then(|| result.date.clone())
}

/// Whether so many months from a date on are over at `as_of`.
fn is_over(date: Date, months: i64, as_of: &str) -> bool {
    let Ok(as_of) = as_of.parse::<Date>() else { return false };
    date.checked_add(Span::new().months(months)).is_ok_and(|end| end < as_of)
}

/// The dates in a text, written as `YYYY-MM-DD`.
fn dates(text: &str) -> impl Iterator<Item = Date> {
    let parts = text.split(|character: char| !character.is_ascii_digit() && character != '-');
    parts.filter_map(|part| part.parse().ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_is_over_on_the_day_after_its_months_and_not_before() {
        let date = |text: &str| text.parse::<Date>().unwrap();
        assert!(!is_over(date("2025-03-01"), 12, "2026-03-01"));
        assert!(is_over(date("2025-03-01"), 12, "2026-03-02"));
        assert!(!is_over(date("2025-03-01"), 12, "soon"));
        assert!(is_over(date("2024-02-29"), 12, "2025-03-01"), "the last day of February counts");
    }

    #[test]
    fn dates_are_found_in_a_text_that_holds_other_numbers() {
        let found: Vec<String> =
            dates("2025-06-30，某评估机构，第 2025-31 号；2024-13-01").map(|date| date.to_string()).collect();
        assert_eq!(found, ["2025-06-30"]);
    }
}
