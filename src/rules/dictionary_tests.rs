use std::collections::BTreeSet;

use aho_corasick::{AhoCorasick, MatchKind};
use proptest::prelude::*;

use super::*;

fn dictionary(words: &[&str]) -> Dictionary {
    let entry = TermEntry {
        category: Some("production.quality".to_owned()),
        weight: 0.5,
        words: words.iter().map(|word| (*word).to_owned()).collect(),
        columns: vec!["defect_level".to_owned()],
        initials: vec!["ZJ".to_owned()],
        field: None,
        plumbing: false,
        places: Vec::new(),
        basis: None,
    };
    let filed = FiledTerm {
        pack: "vocabulary.test".to_owned(),
        file: "test.toml".to_owned(),
        entry,
        meaning: Meaning::General,
    };
    Dictionary::new(&[filed], &["planned".to_owned(), "cost".to_owned()]).expect("arranged")
}

fn found<'d>(dictionary: &'d Dictionary, text: &str) -> Vec<&'d str> {
    let mut found = Vec::new();
    dictionary.scan(text.as_bytes(), 0..text.len(), |hit| found.push(dictionary.terms()[hit.term].word.as_str()));
    found
}

#[test]
fn english_words_are_found_as_parts_of_names_and_not_inside_words() {
    let words = dictionary(&["work order", "iqc", "lot", "IP地址"]);
    assert_eq!(found(&words, "tbl_WorkOrders"), ["work order"]);
    assert_eq!(found(&words, "work-order work_order"), ["work order", "work order"]);
    assert_eq!(found(&words, "qc_IQC2"), ["iqc"]);
    assert_eq!(found(&words, "plot slot allotment"), [""; 0]);
    assert_eq!(found(&words, "设备ip地址"), ["IP地址"]);
}

#[test]
fn words_run_together_are_parted_and_nothing_else_is() {
    let words = dictionary(&["project", "case", "test result", "lot", "iqc"]);
    assert_eq!(words.part_words("zt_projectcase"), "zt_project case");
    assert_eq!(words.part_words("CaseProjects、Testresult2"), "CaseProjects、Test result2");
    assert_eq!(found(&words, &words.part_words("testresults")), ["test result"]);
    assert_eq!(words.part_words("plannedprojectcost"), "planned project cost");
    assert_eq!(words.part_words("projectcaselot"), "project case lot");
    // A word already, short words, a rest that is no word, a digit between.
    for name in ["project", "iqclot", "iqcprojectlot", "projectile", "casework", "project1case", "项目case", ""] {
        assert_eq!(words.part_words(name), name);
    }
    assert_eq!(found(&words, "zt_projectcase"), [""; 0]);
}

#[test]
fn the_longest_word_counts_and_what_is_in_it_does_not() {
    let words = dictionary(&["合格", "不合格", "不合格品", "order", "work order"]);
    assert_eq!(found(&words, "不合格品，合格，不合格"), ["不合格品", "合格", "不合格"]);
    assert_eq!(found(&words, "work order order"), ["work order", "order"]);
}

#[test]
fn initials_are_weak_and_columns_are_whole_names() {
    let words = dictionary(&["检验"]);
    let initials = words.terms().iter().find(|term| term.word == "ZJ").expect("initials");
    assert!(initials.weights[0].1 < 0.1);
    assert!(initials.counts_in(Place::Column) && !initials.counts_in(Place::Content));
    assert_eq!(words.column("defectLevel").count(), 1);
    assert_eq!(words.column("defect_level_code").count(), 0);
}

#[test]
fn a_word_that_starts_in_a_region_may_end_behind_it() {
    let words = dictionary(&["来料检验"]);
    let text = "来料检验";
    let mut hits = 0;
    words.scan(text.as_bytes(), 0..3, |_| hits += 1);
    words.scan(text.as_bytes(), 3..text.len(), |_| hits += 10);
    assert_eq!(hits, 1);
}

proptest! {
    /// Chinese words mean the same to us and to an automaton that looks for the longest at each place.
    #[test]
    fn chinese_words_are_found_where_an_automaton_finds_them(
        words in prop::collection::btree_set("[甲乙丙丁戊]{2,5}", 1..12),
        text in "[甲乙丙丁戊 ,a1]{0,60}",
    ) {
        let list: Vec<&str> = words.iter().map(String::as_str).collect();
        let mut longest_first = list.clone();
        longest_first.sort_by_key(|word| std::cmp::Reverse(word.len()));
        let automaton = AhoCorasick::builder().match_kind(MatchKind::LeftmostFirst).build(&longest_first).expect("built");
        let expected: Vec<&str> = automaton.find_iter(&text).map(|hit| longest_first[hit.pattern().as_usize()]).collect();
        let words = dictionary(&list);
        prop_assert_eq!(found(&words, &text), expected);
    }

    #[test]
    fn no_bytes_make_the_scan_panic(bytes in prop::collection::vec(any::<u8>(), 0..200), start in 0usize..50) {
        let words = dictionary(&["来料检验", "work order", "IP地址", "频"]);
        let mut starts = BTreeSet::new();
        words.scan(&bytes, start.min(bytes.len())..bytes.len(), |hit| { starts.insert(hit.range.start); });
        prop_assert!(starts.iter().all(|start| *start < bytes.len()));
    }
}
