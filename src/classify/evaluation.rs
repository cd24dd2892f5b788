//! Accuracy over labelled tables of open systems, in the folder that the environment variable `MULU_CORPUS` names.
//!
//! Generic over what finds the terms in a name, so that any matcher of vocabulary can be measured.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::classify;
use super::matcher::Matcher;
use crate::model::{Evidence, Place};
use crate::regime::criteria::Measure;
use crate::regime::{Regime, Taxonomy};

#[derive(Deserialize)]
struct Gold {
    system: String,
    schema: String,
    table: String,
    category: String,
    alt: Vec<String>,
}

#[derive(Deserialize)]
struct Listed {
    schema: Option<String>,
    table: String,
    comment: Option<String>,
    columns: Vec<ListedColumn>,
}

#[derive(Deserialize)]
struct ListedColumn {
    name: String,
    comment: Option<String>,
}

/// Right, right with alternates, and all, of one system.
#[derive(Default)]
struct Tally {
    strict: u32,
    lenient: u32,
    all: u32,
}

fn read(path: &Path) -> String {
    let mut text = String::new();
    File::open(path).unwrap().take(1 << 26).read_to_string(&mut text).unwrap();
    text
}

fn lines<T: serde::de::DeserializeOwned>(path: &Path) -> Vec<T> {
    read(path).lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// Accuracy by system; `show` prints each table that is not right.
fn evaluate(
    corpus: &Path,
    taxonomy: &Taxonomy,
    show: Option<&str>,
    find: &impl Fn(&str, Place) -> Vec<Evidence>,
) -> BTreeMap<String, Tally> {
    let gold: Vec<Gold> = lines(&corpus.join("gold_tables.jsonl"));
    let systems: BTreeSet<String> = gold.iter().map(|label| label.system.clone()).collect();
    let mut listed: BTreeMap<(String, String, String), Listed> = BTreeMap::new();
    for system in systems {
        for table in lines::<Listed>(&corpus.join("systems").join(&system).join("catalog.jsonl")) {
            listed.insert((system.clone(), table.schema.clone().unwrap_or_default(), table.table.clone()), table);
        }
    }
    let mut tallies: BTreeMap<String, Tally> = BTreeMap::new();
    for label in gold {
        let Some(table) = listed.get(&(label.system.clone(), label.schema.clone(), label.table.clone())) else {
            continue;
        };
        let mut evidence = find(&table.table, Place::Name);
        evidence.extend(table.comment.iter().flat_map(|comment| find(comment, Place::Comment)));
        for column in &table.columns {
            evidence.extend(find(&column.name, Place::Column));
            evidence.extend(column.comment.iter().flat_map(|comment| find(comment, Place::Column)));
        }
        let found = classify(&merge(evidence), taxonomy);
        let answer = found.best.as_ref().map_or("none", |best| best.id.top());
        let tally = tallies.entry(label.system.clone()).or_default();
        tally.all += 1;
        tally.strict += u32::from(answer == label.category);
        let right = answer == label.category || label.alt.iter().any(|other| other == answer);
        tally.lenient += u32::from(right);
        if !right && show.is_some_and(|system| system == "all" || system == label.system) {
            let why: Vec<String> = found
                .contributions
                .iter()
                .take(5)
                .map(|said| format!("{}@{:?}→{} {:.2}", said.term, said.place, said.category, said.weight))
                .collect();
            println!("{} wanted {} got {answer}: {}", label.table, label.category, why.join(" · "));
        }
    }
    tallies
}

/// The same term in the same place is one piece of evidence, counted.
fn merge(evidence: Vec<Evidence>) -> Vec<Evidence> {
    let mut merged: BTreeMap<(String, String, Place), Evidence> = BTreeMap::new();
    for piece in evidence {
        let key = (piece.term.clone(), piece.rule.clone(), piece.place);
        merged.entry(key).and_modify(|there| there.count += piece.count).or_insert(piece);
    }
    merged.into_values().collect()
}

fn vocabulary() -> Matcher {
    Matcher::read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("patterns/vocabulary"))
}

#[test]
fn the_vocabulary_speaks_only_of_categories_that_the_tree_holds() {
    let taxonomy = Regime::builtin().unwrap().taxonomy;
    for category in vocabulary().categories() {
        assert!(taxonomy.contains(category) && category.contains('.'), "{category}");
    }
}

#[test]
fn every_leaf_of_the_tree_has_words() {
    let vocabulary = vocabulary();
    let spoken: BTreeSet<&str> = vocabulary.categories().collect();
    let taxonomy = Regime::builtin().unwrap().taxonomy;
    for node in taxonomy.nodes().filter(|node| node.id.contains('.')) {
        assert!(spoken.contains(node.id.as_str()), "{}", node.id);
    }
}

#[test]
fn every_field_that_a_criterion_asks_for_is_marked_by_a_word() {
    let vocabulary = vocabulary();
    let marked: BTreeSet<&str> = vocabulary.fields().collect();
    let criteria = Regime::builtin().unwrap().criteria;
    let conditions = criteria.iter().flat_map(|criterion| &criterion.conditions);
    for condition in conditions.filter(|condition| condition.measure == Measure::FieldMarks) {
        for field in condition.any.iter().filter(|field| *field != "*") {
            assert!(marked.contains(field.as_str()), "{field}");
        }
    }
}

/// Names of kinds of table that a plant has, made up here, so that vocabulary is tried without any corpus.
#[test]
fn plain_names_of_a_plant_get_their_leaf() {
    let taxonomy = Regime::builtin().unwrap().taxonomy;
    let vocabulary = vocabulary();
    for (name, leaf) in [
        ("稀土萃取配方", "research.process"),
        ("ExtractionRecipe", "research.process"),
        ("drawing_revision", "research.design"),
        ("试验报告", "research.test"),
        ("plc_setpoint", "production.control"),
        ("furnace_process_parameter", "production.process-parameter"),
        ("来料检验单", "production.quality"),
        ("production_order", "production.planning"),
        ("重大危险源台帐", "production.energy-safety"),
        ("meter_reading_hourly", "production.energy-safety"),
        ("t_yuangong", "management.hr"),
        ("EmployeeSalary", "management.hr"),
        ("journal_entry_line", "management.finance"),
        ("purchase_order_line", "management.supply-chain"),
        ("客户档案", "management.customer-product"),
        ("waybill", "operations.logistics"),
        ("warranty_claim", "operations.after-sales"),
        ("点检记录", "operations.remote"),
        ("network_switch_vlan", "operations.it"),
        ("漏洞扫描结果", "operations.security"),
        ("member_coupon", "service.user"),
        ("话单", "service.telecom"),
    ] {
        let found = classify(&merge(vocabulary.find(name, Place::Name)), &taxonomy);
        assert_eq!(found.best.map(|best| best.id.to_string()).as_deref(), Some(leaf), "{name}");
    }
    for name in ["QRTZ_TRIGGERS", "sys_dict_data", "flyway_schema_history", "act_ru_task", "oauth_access_token"] {
        assert_eq!(classify(&merge(vocabulary.find(name, Place::Name)), &taxonomy).best, None, "{name}");
    }
}

#[test]
fn seven_of_ten_labelled_tables_get_their_category_or_an_alternate() {
    let Some(corpus) = std::env::var_os("MULU_CORPUS").map(PathBuf::from) else {
        println!("MULU_CORPUS names no folder of labelled tables: accuracy was not measured");
        return;
    };
    let taxonomy = Regime::builtin().unwrap().taxonomy;
    let matcher = vocabulary();
    let show = std::env::var_os("MULU_SHOW").map(|system| system.to_string_lossy().into_owned());
    let tallies = evaluate(&corpus, &taxonomy, show.as_deref(), &|text, place| matcher.find(text, place));
    let mut sums = (0.0, 0.0);
    for (system, tally) in &tallies {
        let share = |right: u32| 100.0 * f64::from(right) / f64::from(tally.all);
        println!(
            "{system:12} {:5} tables  strict {:5.1} %  with alternates {:5.1} %",
            tally.all,
            share(tally.strict),
            share(tally.lenient)
        );
        sums = (sums.0 + share(tally.strict), sums.1 + share(tally.lenient));
    }
    let systems = tallies.len() as f64;
    println!("mean of systems: strict {:.1} %, with alternates {:.1} %", sums.0 / systems, sums.1 / systems);
    assert!(sums.1 / systems >= 70.0);
}
