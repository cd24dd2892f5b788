//! Real files of other people, where they are at hand: the environment variable `MULU_CORPUS` names their folder.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    path::PathBuf,
};

use super::super::{Extracted, Sink, extract_file, recorder::Recorder};
use crate::{
    model::{Fragment, Reason},
    open::Limits,
};

/// Looks for `finds` in what the readers give of a file of the corpus; says so where the corpus is not there.
pub(in crate::extract) fn expect(relative: &str, finds: &[&str]) {
    let Some(corpus) = std::env::var_os("MULU_CORPUS").map(PathBuf::from) else {
        eprintln!("MULU_CORPUS is not set: {relative} was not read");
        return;
    };
    let path = corpus.join("files").join(relative);
    let mut recorder = Recorder::default();
    let outcome = extract_file(&path, &Limits::default(), &mut recorder);
    let shown = recorder.shown();
    for line in finds {
        assert!(shown.contains(line), "{relative} ({outcome:?}): `{line}` is not in\n{shown}");
    }
    assert!(outcome.is_ok(), "{relative}: {outcome:?}");
}

/// A sink that only checks the order of what it is given.
#[derive(Default)]
struct Checker {
    is_in_table: bool,
    open_members: usize,
}

impl Sink for Checker {
    fn fragment(&mut self, fragment: Fragment<'_>) {
        match fragment {
            Fragment::Table(_) => assert!(!std::mem::replace(&mut self.is_in_table, true), "a table in a table"),
            Fragment::TableEnd => assert!(std::mem::take(&mut self.is_in_table), "a table ends that did not begin"),
            Fragment::Cell { .. } | Fragment::Row { .. } | Fragment::RowEnd | Fragment::ClusterEnd { .. } => {
                assert!(self.is_in_table, "a cell outside a table");
            }
            Fragment::Text(_) => assert!(!self.is_in_table, "text in a table"),
            Fragment::Break | Fragment::PartName(_) => {}
        }
    }

    fn begin_member(&mut self, _raw_name: &[u8]) {
        self.open_members += 1;
    }

    fn end_member(&mut self, outcome: Result<Extracted, Reason>) {
        self.open_members = self.open_members.checked_sub(1).expect("a member ends that did not begin");
        // What a member that failed left open is over with it.
        self.is_in_table &= outcome.is_ok();
    }
}

#[test]
fn no_file_of_the_corpus_makes_a_reader_panic() {
    let Some(corpus) = std::env::var_os("MULU_CORPUS").map(PathBuf::from) else {
        eprintln!("MULU_CORPUS is not set: the readers were not tried on files of other people");
        return;
    };
    let mut files = 0;
    for entry in walkdir::WalkDir::new(corpus.join("files")).into_iter().filter_map(Result::ok) {
        if !entry.file_type().is_file() {
            continue;
        }
        files += 1;
        let mut checker = Checker::default();
        let outcome = catch_unwind(AssertUnwindSafe(|| extract_file(entry.path(), &Limits::default(), &mut checker)));
        let Ok(outcome) = outcome else { panic!("a reader panicked on {}", entry.path().display()) };
        if let Ok(extracted) = outcome {
            assert!(!checker.is_in_table && checker.open_members == 0, "left open: {}", extracted.format);
        }
    }
    assert!(files > 0, "MULU_CORPUS holds no files");
}
