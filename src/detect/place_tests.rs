//! What is found depends neither on where in a text it stands nor on the way that a table comes in.

use proptest::prelude::*;

use super::tests::{column, pack, piece, scan};
use super::{ScanOptions, Scanner};
use crate::model::{Fragment, SketchKey};

/// The end of a region of running text, and of a strip and a block in it.
const REGION_BYTES: usize = 64 << 10;

/// So many bytes that a text behind them lies across the end of a block, a strip or a region.
fn bytes_before() -> impl Strategy<Value = usize> {
    prop_oneof![0usize..200, 4000usize..4200, 8000usize..8800, REGION_BYTES - 700..REGION_BYTES + 70]
}

/// Values with and without blanks around them, short and long, of one kind and of several.
fn value() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => piece(),
        1 => prop::collection::vec(piece(), 2..4).prop_map(|pieces| pieces.concat()),
        1 => piece().prop_map(|piece| format!(" {piece}\t")),
        1 => "[0-9.:@a-zA-Z-]{0,70}",
        1 => Just(String::new()),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn what_is_found_does_not_depend_on_what_is_empty_around_it(
        pieces in prop::collection::vec(piece(), 1..30),
        before in bytes_before(),
        behind in 0usize..2000,
    ) {
        let text = pieces.concat();
        let alone = scan(&[Fragment::Text(text.as_bytes())]);
        let amid = format!("{}{text}{}", "\n".repeat(before), "\n".repeat(behind));
        prop_assert_eq!(scan(&[Fragment::Text(amid.as_bytes())]), alone);
    }

    #[test]
    fn a_row_says_what_its_cells_say_one_by_one(
        names in prop::collection::vec(
            prop::sample::select(&["身份证号", "手机", "email", "备注", "lng", "lat", "订单号", "ip", "value", "password"][..]),
            1..6,
        ),
        rows in prop::collection::vec(prop::collection::vec(value(), 1..8), 1..40),
    ) {
        let columns: Vec<_> = names.iter().map(|name| column(name)).collect();
        let scanner = || {
            let mut scanner = Scanner::new(pack(), SketchKey([42; 16]), ScanOptions::default());
            scanner.take(Fragment::Table(&columns));
            scanner
        };
        let (mut by_row, mut by_cell) = (scanner(), scanner());
        for row in &rows {
            let text = row.concat();
            let ends: Vec<usize> = row
                .iter()
                .scan(0, |end, value| {
                    *end += value.len();
                    Some(*end)
                })
                .collect();
            by_row.take(Fragment::Row { text: text.as_bytes(), ends: &ends });
            by_row.take(Fragment::RowEnd);
            for (column, value) in row.iter().enumerate() {
                by_cell.take(Fragment::Cell { column, text: value.as_bytes() });
            }
            by_cell.take(Fragment::RowEnd);
        }
        prop_assert_eq!(by_row.finish(), by_cell.finish());
    }
}
