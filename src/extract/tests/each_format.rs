//! What holds for each format that has a reader, on one file of each.

use std::{
    collections::BTreeSet,
    panic::{AssertUnwindSafe, catch_unwind},
};

use proptest::prelude::*;

use super::{
    super::recorder::{Recorder, read},
    fixtures,
};
use crate::{
    extract::Extracted,
    model::Reason,
    open::{
        Format,
        format::{Access, Family},
    },
};

/// At how many places a file is cut.
const CUTS: usize = 20;

/// Reads without the promise that no reader panics: `None` where one does.
fn caught(name: &str, content: &[u8]) -> Option<(Recorder, Result<Extracted, Reason>)> {
    catch_unwind(AssertUnwindSafe(|| read(name, content))).ok()
}

#[test]
fn what_is_in_a_file_is_found_where_it_is() {
    for fixture in fixtures::all("Zq7Vxkw") {
        let (recorder, outcome) = read(&fixture.name, &fixture.content);
        let shown = recorder.shown();
        let extracted = outcome.unwrap_or_else(|reason| panic!("{}: {reason:?}", fixture.name));
        assert_eq!(extracted.format, fixture.format, "{}", fixture.name);
        assert_eq!(extracted.bytes, fixture.content.len() as u64, "{}", fixture.name);
        assert!(!fixture.finds.is_empty(), "{}: nothing is looked for", fixture.name);
        for line in &fixture.finds {
            assert!(shown.contains(line.as_str()), "{}: `{line}` is not in\n{shown}", fixture.name);
        }
    }
}

#[test]
fn each_format_that_is_read_has_a_file() {
    let made: BTreeSet<&str> = fixtures::all("x").iter().map(|fixture| fixture.format).collect();
    let without: Vec<&str> = Format::ALL
        .iter()
        .filter(|format| format.is_read() && format.family() != Family::Plain && !made.contains(format.id()))
        .map(|format| format.id())
        .collect();
    assert!(without.is_empty(), "{without:?}");
}

/// Whether a file says itself how long it is, so that a part of it can be told from the whole. Neither a tar
/// or a rar archive does, which may end behind any member, nor what `compress` has packed.
fn knows_its_length(format: &str) -> bool {
    let known = Format::ALL.iter().find(|known| known.id() == format);
    known.is_some_and(|known| match known.family() {
        Family::Office | Family::Compound | Family::Fixed => known.access() == Access::Anywhere,
        Family::Packed => !matches!(known, Format::Tar | Format::Rar | Format::Compress),
        _ => false,
    })
}

#[test]
fn a_file_cut_at_any_place_is_a_part_or_a_reason() {
    let mut taken_for_whole = Vec::new();
    for fixture in fixtures::all("Zq7Vxkw") {
        let whole = read(&fixture.name, &fixture.content).0.shown();
        for cut in 1..=CUTS {
            let content = &fixture.content[..fixture.content.len() * cut / (CUTS + 1)];
            let (recorder, outcome) = caught(&fixture.name, content)
                .unwrap_or_else(|| panic!("{}: a panic at {} bytes", fixture.name, content.len()));
            // What is cut off behind the last word is no loss.
            let is_lost = recorder.shown() != whole;
            // A member may say it for what it is in.
            let is_member =
                |line: &String| line.starts_with("failed ") || line.starts_with("done ") && line.contains("Some(");
            let is_said = recorder.lines.iter().any(is_member);
            // Of some only the signature is left, or less, which may be anything.
            let is_whole = outcome.is_ok_and(|it| it.partial.is_none() && it.format == fixture.format);
            if is_whole && is_lost && !is_said && knows_its_length(fixture.format) && !content.is_empty() {
                taken_for_whole.push(format!("{} at {} of {}", fixture.name, content.len(), fixture.content.len()));
            }
        }
    }
    assert!(taken_for_whole.is_empty(), "{taken_for_whole:#?}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]
    #[test]
    fn no_bytes_behind_a_signature_make_a_reader_panic(
        kept in 4usize..64,
        noise in prop::collection::vec(any::<u8>(), 0..600),
    ) {
        for fixture in fixtures::all("Zq7Vxkw") {
            let content = [&fixture.content[..kept.min(fixture.content.len())], &noise].concat();
            prop_assert!(caught(&fixture.name, &content).is_some(), "{}", fixture.name);
        }
    }

    #[test]
    fn no_changed_byte_makes_a_reader_panic(at in any::<prop::sample::Index>(), to in any::<u8>()) {
        for mut fixture in fixtures::all("Zq7Vxkw") {
            let at = at.index(fixture.content.len());
            fixture.content[at] = to;
            prop_assert!(caught(&fixture.name, &fixture.content).is_some(), "{}", fixture.name);
        }
    }
}

/// The ids of the first cells of the table under a heading of `docs/formats.md`.
fn documented(heading: &str) -> BTreeSet<String> {
    let text = include_str!("../../../docs/formats.md");
    let (_, section) = text.split_once(&format!("\n## {heading}\n")).unwrap();
    let section = section.split("\n## ").next().unwrap_or_default();
    let first_cells = section.lines().filter_map(|line| line.strip_prefix("| `")?.split(" |").next());
    first_cells.flat_map(|cell| cell.split(['`', ' '])).filter(|id| !id.is_empty()).map(str::to_owned).collect()
}

#[test]
fn the_documentation_says_of_each_format_whether_it_is_read() {
    let of = |is_wanted: &dyn Fn(&Format) -> bool| -> BTreeSet<String> {
        Format::ALL.iter().filter(|format| is_wanted(format)).map(|format| format.id().to_owned()).collect()
    };
    assert_eq!(documented("Read"), of(&|format| format.access() != Access::Never));
    assert_eq!(documented("Listed only"), of(&|format| format.access() == Access::Never));
}
