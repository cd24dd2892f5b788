//! What only looks like an identifier: numbers and codes that a plant is full of, in text and in columns.

use proptest::prelude::*;

use super::{Detected, ScanOptions, Scanner};
use crate::model::{Column, Fragment, SketchKey};
use crate::rules::RulePack;

fn pack() -> &'static RulePack {
    static PACK: std::sync::OnceLock<RulePack> = std::sync::OnceLock::new();
    PACK.get_or_init(|| RulePack::builtin().expect("the built-in packs load"))
}

fn text(text: &str) -> Detected {
    let mut scanner = Scanner::new(pack(), SketchKey([5; 16]), ScanOptions::default());
    scanner.take(Fragment::Text(text.as_bytes()));
    scanner.finish()
}

fn column(name: Option<&str>, values: &[String]) -> Detected {
    let columns = [Column { name: name.map(str::to_owned), ..Column::default() }];
    let mut scanner = Scanner::new(pack(), SketchKey([5; 16]), ScanOptions::default());
    scanner.take(Fragment::Table(&columns));
    for value in values {
        scanner.take(Fragment::Cell { column: 0, text: value.as_bytes() });
        scanner.take(Fragment::RowEnd);
    }
    scanner.finish()
}

fn found(detected: &Detected) -> Vec<&str> {
    detected.findings.iter().map(|finding| finding.detector.as_str()).collect()
}

/// One kind of value that is no identifier.
fn noise() -> impl Strategy<Value = &'static str> {
    prop_oneof![
        // Measurements, with units and without.
        Just("-?[0-9]{1,6}\\.[0-9]{1,12}"),
        Just("[0-9]{1,4}\\.[0-9]{1,3} ?(℃|MPa|kW|m3/h|rpm|Hz)"),
        // Times, of people and of machines.
        Just("20[0-9]{2}-[01][0-9]-[0-3][0-9][ T][0-2][0-9]:[0-5][0-9]:[0-5][0-9](\\.[0-9]{3,6})?"),
        Just("1[67][0-9]{8}(\\.[0-9]{3})?"),
        Just("20[0-9]{2}[01][0-9][0-3][0-9][0-2][0-9][0-5][0-9][0-5][0-9]"),
        // UUIDs and hashes.
        Just("[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"),
        Just("[0-9a-f]{32}"),
        Just("[0-9a-f]{40}"),
        Just("[0-9a-f]{64}"),
        // Part, batch, order and serial numbers.
        Just("(MAT|BOM|LOT|WO|SO|PO|PR|SN|QC|ECN)-?20[0-9]{6}-?[0-9]{3,5}"),
        Just("[A-Z]{2}[0-9]{2}-[0-9]{4}"),
        Just("[A-Z][0-9]{3}"),
        Just("[0-9]{6}"),
        Just("(OK|NG|RUN|STOP|M[0-9]|D[0-9]{2}|A[0-9])"),
        // Versions, paths, keys of configuration.
        Just("v?[1-9]\\.[0-9]\\.[0-9]{1,2}"),
        Just("/[a-z]{2,8}/[a-z]{2,8}[0-9]{1,3}\\.(log|csv|dat)"),
        // No key at random: some are labels (`tac=1`).
        Just("(pump|valve|motor|line)_(speed|count|state|level)=[0-9]{1,5}"),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn a_text_of_measurements_times_hashes_and_part_numbers_holds_no_identifier(
        values in noise().prop_flat_map(|pattern| {
            let value = proptest::string::string_regex(pattern).expect("a pattern of values");
            prop::collection::vec(value, 1..30)
        }),
        separator in prop_oneof![Just("\n"), Just(" "), Just("\t"), Just("，"), Just("; ")],
    ) {
        let text = text(&values.join(separator));
        prop_assert!(text.findings.is_empty(), "{:?}", found(&text));
    }

    #[test]
    fn a_column_of_measurements_times_hashes_and_part_numbers_is_of_no_kind(
        values in noise().prop_flat_map(|pattern| {
            let value = proptest::string::string_regex(pattern).expect("a pattern of values");
            prop::collection::vec(value, 10..80)
        }),
        name in prop_oneof![Just(None), Just(Some("value")), Just(Some("物料编码")), Just(Some("c3")), Just(Some("状态"))],
    ) {
        let column = column(name, &values);
        prop_assert!(column.findings.is_empty(), "{:?}", found(&column));
    }

    /// Serial and order numbers of any length, as a column that nobody has named.
    #[test]
    fn a_column_of_numbers_of_any_length_is_of_no_kind(
        values in (9usize..21).prop_flat_map(|length| {
            let number = proptest::string::string_regex(&format!("[0-9]{{{length}}}")).expect("a pattern of values");
            prop::collection::vec(number, 100)
        }),
        name in prop_oneof![Just(None), Just(Some("serial_no")), Just(Some("c3")), Just(Some("流水"))],
    ) {
        let column = column(name, &values);
        prop_assert!(column.findings.is_empty(), "{:?}", found(&column));
    }
}
