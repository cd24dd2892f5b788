//! The built-in vocabulary against the tree, the criteria, and plain names that a plant has. Accuracy on labelled tables
//! and files is measured through the whole program, in `tests/corpus.rs`.

use std::collections::BTreeSet;

use super::classify;
use crate::detect::names;
use crate::model::{CategoryId, Place};
use crate::regime::Regime;
use crate::regime::criteria::Measure;
use crate::rules::RulePack;

fn answer(pack: &RulePack, regime: &Regime, name: &str) -> Option<CategoryId> {
    classify(&names::evidence(pack, name, Place::Name), &regime.taxonomy).best.map(|best| best.id)
}

#[test]
fn the_vocabulary_speaks_of_the_whole_second_level_and_of_nothing_that_is_not_in_the_tree() {
    let (pack, regime) = (RulePack::builtin().unwrap(), Regime::builtin().unwrap());
    let terms = pack.dictionary().terms();
    let spoken: BTreeSet<&str> =
        terms.iter().flat_map(|term| &term.weights).map(|(category, _)| category.as_str()).collect();
    let ids = || regime.taxonomy.nodes().map(|node| node.id.as_str());
    let second: BTreeSet<&str> = ids().filter(|id| id.split('.').count() == 2).collect();
    assert_eq!(second.difference(&spoken).next(), None);
    assert_eq!(spoken.difference(&ids().collect()).next(), None);
}

#[test]
fn every_field_that_a_criterion_asks_for_is_marked_by_a_word() {
    let (pack, regime) = (RulePack::builtin().unwrap(), Regime::builtin().unwrap());
    let marked: BTreeSet<&str> = pack.dictionary().terms().iter().filter_map(|term| term.field.as_deref()).collect();
    let conditions = regime.criteria.iter().flat_map(|criterion| &criterion.conditions);
    for condition in conditions.filter(|condition| condition.measure == Measure::FieldMarks) {
        for field in condition.any.iter().filter(|field| *field != "*") {
            assert!(marked.contains(field.as_str()), "{field}");
        }
    }
}

/// Names of kinds of table that a plant has, made up here, so that vocabulary is tried without any corpus.
#[test]
fn plain_names_of_a_plant_get_their_leaf_and_plumbing_gets_none() {
    let (pack, regime) = (RulePack::builtin().unwrap(), Regime::builtin().unwrap());
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
        assert_eq!(answer(&pack, &regime, name), Some(CategoryId::new(leaf)), "{name}");
    }
    for name in ["QRTZ_TRIGGERS", "sys_dict_data", "flyway_schema_history", "act_ru_task", "oauth_access_token"] {
        assert_eq!(answer(&pack, &regime, name), None, "{name}");
    }
}
