//! Real files of other people, and what a hostile one ends as.

use super::super::tests::corpus;

#[test]
fn drawings_and_boards_of_other_people_are_read() {
    corpus::expect("libredwg/block.dxf", &["part "]);
    corpus::expect("tika/testSTL-ascii.stl", &["part "]);
}
