//! Rules prove themselves: every example and counter-example, through the whole scanner.

use super::{ScanOptions, Scanner};
use crate::model::{Column, Fragment, SketchKey};
use crate::rules::RulePack;
use crate::rules::schema::Example;

/// How an example came out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExampleResult {
    /// The rule.
    pub detector: String,
    /// The file that the rule stands in.
    pub file: String,
    /// `examples` or `counter_examples`.
    pub field: &'static str,
    /// Which of them, counted from 1.
    pub number: usize,
    /// Whether the rule must find it.
    pub wanted: bool,
    /// Whether the scanner found it.
    pub found: bool,
}

impl ExampleResult {
    /// Whether the rule keeps its promise.
    #[must_use]
    pub fn passed(&self) -> bool {
        self.wanted == self.found
    }
}

/// Runs every example and counter-example of a pack, in the order of its detectors.
#[must_use]
pub fn selftest(pack: &RulePack) -> Vec<ExampleResult> {
    let mut results = Vec::new();
    for rule in pack.detectors() {
        let fields = [("examples", &rule.examples, true), ("counter_examples", &rule.counter_examples, false)];
        for (field, examples, wanted) in fields {
            for (index, example) in examples.iter().enumerate() {
                results.push(ExampleResult {
                    detector: rule.id.clone(),
                    file: rule.file.clone(),
                    field,
                    number: index + 1,
                    wanted,
                    found: is_found(pack, &rule.id, example),
                });
            }
        }
    }
    results
}

fn is_found(pack: &RulePack, detector: &str, example: &Example) -> bool {
    let mut scanner = Scanner::new(pack, SketchKey([0; 16]), ScanOptions::default());
    match example {
        Example::Text(text) => scanner.take(Fragment::Text(text.as_bytes())),
        Example::Cell { column, value } => {
            // `经度,纬度` with `121.4,31.2`: cells of one row.
            let names: Vec<&str> = column.split('|').collect();
            let column = |name: &&str| Column { name: Some((*name).to_owned()), ..Column::default() };
            let columns: Vec<Column> = names.iter().map(column).collect();
            scanner.take(Fragment::Table(&columns));
            for (column, value) in value.split('|').enumerate() {
                scanner.take(Fragment::Cell { column, text: value.as_bytes() });
            }
            scanner.take(Fragment::RowEnd);
        }
    }
    scanner.finish().findings.iter().any(|finding| finding.detector == detector)
}
