//! What was right once: figures of results that are over a year old or that a store no longer answers for, and dates that the form
//! gives a life to.

use jiff::Span;
use jiff::civil::Date;

use super::{Catalog, Entry};
use crate::model::FiledEntry;
use crate::regime::form::Column;

/// Months after which figures are taken anew. `miit-166/7` has data sorted through regularly; the guidance of 2024 asks for an
/// inventory each year [public].
const FIGURES_LAST_MONTHS: i64 = 12;

/// The date since which a cell of an entry is stale, if it is.
pub(super) fn stale_since(entry: &Entry, column: &Column, catalog: &Catalog) -> Option<String> {
    if column.id == "as_of" {
        return figures(entry, catalog);
    }
    outlived(entry.value(&column.id)?, column, &catalog.as_of)
}

/// The date since which a cell of a filed entry is stale on a day, if it is.
pub(super) fn filed_stale_since(entry: &FiledEntry, column: &Column, day: &str) -> Option<String> {
    let value = entry.fields.get(&column.id)?;
    if column.id == "as_of" { old_figures(value, day) } else { outlived(value, column, day) }
}

/// The latest date in a cell, where the months that the form gives it are over.
fn outlived(value: &str, column: &Column, day: &str) -> Option<String> {
    let months = i64::from(column.stale_after_months?);
    let latest = dates(value).max()?;
    is_over(latest, months, day).then(|| latest.to_string())
}

/// The date of figures that are too old, or that their store has not answered for since.
fn figures(entry: &Entry, catalog: &Catalog) -> Option<String> {
    // What a person counted is as old as that count, whatever was scanned since.
    if entry.class.is_by_hand() {
        return old_figures(entry.value("as_of")?, &catalog.as_of);
    }
    let result = catalog.results.get(&entry.class.store)?;
    if result.is_behind { Some(result.date.clone()) } else { old_figures(&result.date, &catalog.as_of) }
}

/// The date of figures that are to be taken anew by a day.
fn old_figures(date: &str, day: &str) -> Option<String> {
    let is_old = date.parse().is_ok_and(|date| is_over(date, FIGURES_LAST_MONTHS, day));
    is_old.then(|| date.to_owned())
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
    use super::super::fixture::{PARAMETERS, classes, full_register, record, regime};
    use super::super::manual::BY_HAND;
    use super::super::{Given, Scope, check};
    use super::*;
    use crate::model::Enterprise;

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

    #[test]
    fn figures_are_of_their_own_store_and_what_a_person_counted_is_of_that_count() {
        let records =
            [record("mes", "a", PARAMETERS, Some(2000), 10), record("plant", "a", PARAMETERS, Some(2000), 10)];
        let mut scanned = classes(&records, &[]);
        scanned[1].versions.0 = BY_HAND.to_owned();
        scanned[1].store = "档案室".to_owned();
        let mut register = full_register();
        register.stores.entry("档案室".to_owned()).or_default().insert("as_of".to_owned(), "2024-01-05".to_owned());
        let results = [("mes", "2026-01-10"), ("plant", "2026-03-01")]
            .map(|(store, date)| (store.to_owned(), super::super::Result { date: date.to_owned(), is_behind: false }));
        let given = Given {
            stores: &[],
            register: &register,
            enterprise: &Enterprise::default(),
            authority: None,
            as_of: "2026-03-01",
            results: &results.into(),
        };
        let regime = regime();
        let catalog = Catalog::make(scanned, &given, Scope::Filed, &regime);
        let entry = |store: &str| catalog.entries.iter().find(|entry| entry.class.store == store).unwrap();
        assert_eq!(entry("mes").value("as_of"), Some("2026-01-10"));
        let column = regime.form.catalog.column("as_of").unwrap();
        assert_eq!(stale_since(entry("mes"), column, &catalog), None);
        assert_eq!(stale_since(entry("档案室"), column, &catalog).as_deref(), Some("2024-01-05"));
        let gap = check(&catalog, &regime.form).into_iter().find(|gap| gap.column == "as_of").unwrap();
        assert_eq!(gap.key, "mulu register add-class");
    }
}
