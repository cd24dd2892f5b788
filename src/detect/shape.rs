//! Evidence of the shape of a table.

use crate::model::{CategoryId, Column, ColumnStatistics, Evidence, Place};
use crate::rules::words::Name;
use crate::rules::{RulePack, TableShape};

/// The evidence of the names of a table's columns, and of what they hold where the names say nothing.
pub(super) fn evidence(pack: &RulePack, columns: &[Column], held: &[ColumnStatistics]) -> Vec<Evidence> {
    let names: Vec<Name> = columns.iter().filter_map(|column| column.name.as_deref()).map(Name::new).collect();
    let one = |shape: &TableShape| {
        if shape.is_named(&names, columns.len()) {
            Some(of(shape, shape.weight))
        } else {
            shape.is_held(held).then(|| of(shape, shape.held_weight))
        }
    };
    pack.shapes().iter().filter_map(one).collect()
}

fn of(shape: &TableShape, weight: f64) -> Evidence {
    Evidence {
        term: shape.name.en.clone(),
        rule: shape.id.clone(),
        place: Place::Shape,
        count: 1,
        weights: vec![(CategoryId::new(shape.category.as_str()), weight)],
        field: None,
        plumbing: 0.0,
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{column, pack, scan};
    use super::*;
    use crate::model::Fragment;

    /// The evidence of shape of a table of so many rows.
    fn shape_of(names: &[&str], rows: usize, row: impl Fn(usize) -> Vec<String>) -> Vec<Evidence> {
        let columns: Vec<Column> = names.iter().map(|name| column(name)).collect();
        let cells: Vec<Vec<String>> = (0..rows).map(row).collect();
        let mut fragments = vec![Fragment::Table(&columns)];
        for cells in &cells {
            let cell = |(column, text): (usize, &String)| (column, text.clone());
            for (column, text) in cells.iter().enumerate().map(cell) {
                fragments.push(Fragment::Cell { column, text: text.leak().as_bytes() });
            }
            fragments.push(Fragment::RowEnd);
        }
        let evidence = scan(&fragments).evidence;
        evidence.into_iter().filter(|evidence| evidence.place == Place::Shape).collect()
    }

    fn reading(row: usize) -> Vec<String> {
        let minute = format!("2026-01-02 {:02}:{:02}:00", row / 60, row % 60);
        vec![minute, format!("FIC-{}", 1001 + row % 4), format!("{}.{}5", row % 7, row % 3)]
    }

    #[test]
    fn three_names_are_a_time_series_without_a_row() {
        let found = shape_of(&["ts", "tag", "value"], 0, reading);
        assert_eq!((found[0].rule.as_str(), found[0].weights[0].1), ("shape.time-series", 0.5));
        assert_eq!(shape_of(&["ts", "tag"], 0, reading), []);
    }

    #[test]
    fn columns_that_hold_a_time_series_are_one_under_any_name_and_weigh_less() {
        let found = shape_of(&["c1", "c2", "c3"], 100, reading);
        assert_eq!((found.len(), found[0].weights[0].1), (1, 0.3));
        let orders = |row: usize| vec![reading(row)[0].clone(), format!("WO{row}"), reading(row)[2].clone()];
        assert_eq!(shape_of(&["c1", "c2", "c3"], 100, orders), [], "each order occurs once");
        assert_eq!(shape_of(&["c1", "c2", "c3"], 10, reading), [], "ten rows show nothing");
    }

    #[test]
    fn every_shape_speaks_for_something() {
        assert!(pack().shapes().iter().all(|shape| shape.weight > 0.0 && !shape.category.is_empty()));
        assert!(!pack().shapes().is_empty());
    }
}
