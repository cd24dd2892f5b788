use super::super::Scope;
use super::super::fixture::{FINANCE, PARAMETERS, catalog, classes, full_register, record, regime};
use super::*;
use crate::model::{Act, ClassId, Register};

fn made(register: &Register) -> Catalog {
    catalog(classes(&[record("mes", "a", PARAMETERS, Some(2000), 10)], &[]), register, Scope::Filed)
}

fn kinds<'g>(gaps: &'g [Gap], column: &str) -> Vec<&'g str> {
    gaps.iter().filter(|gap| gap.entry.is_some() && gap.column == column).map(|gap| gap.kind.id()).collect()
}

fn with(column: &str, value: &str) -> Vec<Gap> {
    let mut register = full_register();
    register.all.insert(column.to_owned(), value.to_owned());
    check(&made(&register), &regime().form)
}

#[test]
fn every_declared_fact_of_article_12_is_missing_until_a_person_gives_it() {
    let catalog = made(&Register::default());
    let gaps = check(&catalog, &regime().form);
    for column in [
        "source",
        "purpose",
        "manner",
        "scope_of_use",
        "responsible_party",
        "external_sharing",
        "cross_border",
        "protection",
    ] {
        assert_eq!(kinds(&gaps, column), ["missing"], "{column}");
        assert!(catalog.entries[0].missing.contains(&column.to_owned()));
    }
    for column in ["category", "level", "records", "bytes", "carrier"] {
        assert_eq!(kinds(&gaps, column), [""; 0], "{column}");
    }
}

#[test]
fn a_full_register_leaves_no_gap_in_an_entry() {
    let gaps = check(&made(&full_register()), &regime().form);
    assert!(gaps.iter().all(|gap| gap.entry.is_none()), "{gaps:?}");
    assert!(gaps.iter().any(|gap| gap.column == "credit_code"));
}

#[test]
fn a_transfer_abroad_asks_for_its_recipient_and_none_refuses_one() {
    assert_eq!(kinds(&with("cross_border", "是"), "cross_border_recipient"), ["missing"]);
    assert_eq!(kinds(&with("cross_border_recipient", "Example GmbH"), "cross_border_recipient"), ["contradicts"]);
}

#[test]
fn a_word_outside_the_choices_is_named_with_the_choices() {
    let gaps = with("scope_of_use", "everybody");
    assert_eq!(kinds(&gaps, "scope_of_use"), ["not-accepted"]);
    let said = gaps.iter().find(|gap| gap.column == "scope_of_use").unwrap().say(Lang::En);
    assert!(said.contains("单位内") && said.contains("[register] scope_of_use"), "{said}");
    assert!(!said.contains("everybody"));
    assert_eq!(kinds(&with("manner", "收集,存储；使用"), "manner"), [""; 0]);
}

#[test]
fn core_data_ask_for_a_responsible_person_and_important_data_do_not() {
    let mut register = full_register();
    register.all.remove("responsible_person");
    assert_eq!(kinds(&check(&made(&register), &regime().form), "responsible_person"), [""; 0]);
    let id = ClassId::of(PARAMETERS, "mes").0;
    let core = super::super::fixture::decision(&id, Act::Confirm, Some(Level::Core));
    let classes = classes(&[record("mes", "a", PARAMETERS, Some(2000), 10)], &[core]);
    let gaps = check(&catalog(classes, &register, Scope::Filed), &regime().form);
    assert_eq!(kinds(&gaps, "responsible_person"), ["missing"]);
}

#[test]
fn general_data_are_in_no_catalog_unless_all_levels_are_asked_for() {
    let records = [record("mes", "a", FINANCE, Some(5), 10), record("mes", "b", PARAMETERS, Some(2000), 10)];
    assert_eq!(catalog(classes(&records, &[]), &full_register(), Scope::Filed).entries.len(), 1);
    assert_eq!(catalog(classes(&records, &[]), &full_register(), Scope::AllLevels).entries.len(), 2);
}

#[test]
fn a_class_of_its_own_outranks_its_store_and_the_store_everybody() {
    let mut register = full_register();
    let purpose = |value: &str| std::iter::once(("purpose".to_owned(), value.to_owned())).collect();
    register.stores.insert("mes".to_owned(), purpose("过程控制"));
    assert_eq!(made(&register).entries[0].value("purpose"), Some("过程控制"));
    register.classes.insert((PARAMETERS.to_owned(), "mes".to_owned()), purpose("工艺优化"));
    assert_eq!(made(&register).entries[0].value("purpose"), Some("工艺优化"));
}

#[test]
fn a_person_outranks_the_scan_only_where_the_form_lets_a_person_speak() {
    let mut register = full_register();
    register.all.insert("records".to_owned(), "1".to_owned());
    register.all.insert("name".to_owned(), "萃取参数".to_owned());
    let catalog = made(&register);
    assert_eq!(catalog.entries[0].value("records"), Some("2000"));
    assert_eq!(catalog.entries[0].value("name"), Some("萃取参数"));
}

#[test]
fn a_standing_that_nobody_has_stated_is_missing_and_one_that_was_denied_is_not() {
    let regime = regime();
    let enterprise = |backbone| crate::model::Enterprise { backbone, ..crate::model::Enterprise::default() };
    let cell = |backbone| super::super::entity_cells(&enterprise(backbone), &regime.form).remove("backbone");
    assert_eq!(cell(None), None);
    assert_eq!(cell(Some(false)).unwrap().value, "否");
    assert_eq!(cell(Some(true)).unwrap().value, "是");
    let gaps = check(&made(&full_register()), &regime.form);
    assert!(gaps.iter().any(|gap| gap.column == "critical_infrastructure" && gap.kind == GapKind::Missing));
}
