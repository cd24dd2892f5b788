use proptest::prelude::*;

use super::*;
use crate::model::Column;
use crate::regime::Regime;

/// Two kinds of system in which an order is not the same, a few words, and a set of columns.
const PACK: &str = r#"
schema = 1
pack = "test"
joints = ["planned", "cost"]

[[term]]
category = "management.hr"
weight = 0.9
words = ["employee", "员工"]

[[term]]
category = "management.customer-product"
weight = 0.4
words = ["order"]

[[term]]
category = "production.quality"
weight = 0.9
words = ["inspection", "检验单"]
columns = ["defect"]

[[term]]
plumbing = true
words = ["menu"]

[[structure]]
id = "structure.scheduler"
name = { zh = "调度器", en = "scheduler" }
columns = ["sched_name|scheduler", "trigger_name", "fired_time"]
at_least = 2
weight = 1.0
plumbing = true

[[system]]
id = "shop"
name = { zh = "商城", en = "shop" }
prior = { "service.user" = 0.6 }
[[system.tell]]
weight = 1.0
words = ["cart", "coupon", "wishlist"]
[[system.role]]
category = "service.user"
words = ["order", "orders"]

[[system]]
id = "shop-floor"
name = { zh = "车间", en = "shop floor" }
prior = { "production.planning" = 0.6 }
[[system.tell]]
weight = 1.0
words = ["andon", "workstation", "shift"]
[[system.role]]
category = "production.planning"
words = ["order"]
"#;

fn pack() -> RulePack {
    RulePack::from_texts(vec![("test.toml".to_owned(), PACK.to_owned())]).unwrap()
}

fn columns(names: &[&str]) -> Vec<Column> {
    names.iter().map(|name| Column { name: Some((*name).to_owned()), from_schema: true, ..Column::default() }).collect()
}

/// The answers for tables without columns, by name.
fn answers(names: &[&str]) -> Vec<Option<String>> {
    let described: Vec<Described<'_>> = names.iter().map(|name| described(name, &[])).collect();
    answers_of(&described)
}

fn described<'a>(name: &'a str, columns: &'a [Column]) -> Described<'a> {
    Described { name, columns, shown: name.to_owned(), ..Described::default() }
}

fn answers_of(described: &[Described<'_>]) -> Vec<Option<String>> {
    let (pack, taxonomy) = (pack(), Regime::builtin().unwrap().taxonomy);
    let survey = Survey::of(&pack, &taxonomy, described);
    let best = |number| survey.classify(number).0.best.map(|best| best.id.to_string());
    (0..described.len()).map(best).collect()
}

fn is(answer: Option<&String>, id: &str) -> bool {
    answer.is_some_and(|answer| answer == id)
}

#[test]
fn a_word_means_what_it_means_in_the_kind_of_system() {
    let in_shop = answers(&["order", "cart", "coupon", "wishlist"]);
    assert!(is(in_shop[0].as_ref(), "service.user"), "{in_shop:?}");
    let on_floor = answers(&["order", "andon", "workstation", "shift"]);
    assert!(is(on_floor[0].as_ref(), "production.planning"), "{on_floor:?}");
    assert!(is(answers(&["order"])[0].as_ref(), "management.customer-product"));
}

#[test]
fn spellings_of_one_word_say_what_they_say_once_in_a_kind_too() {
    let (pack, taxonomy) = (pack(), Regime::builtin().unwrap().taxonomy);
    let tables = ["order", "cart", "coupon", "wishlist"].map(|name| described(name, &[]));
    let evidence = Survey::of(&pack, &taxonomy, &tables).evidence(0);
    let of_name = evidence.iter().filter(|piece| piece.place == Place::Name);
    let roles = of_name.filter(|piece| piece.weights.iter().any(|(id, _)| id.as_str() == "service.user"));
    assert_eq!(roles.count(), 1, "{evidence:?}");
}

#[test]
fn what_a_table_says_itself_outvotes_its_system() {
    let found = answers(&["employee", "cart", "coupon", "wishlist"]);
    assert!(is(found[0].as_ref(), "management.hr"), "{found:?}");
}

#[test]
fn a_table_that_says_nothing_is_what_its_system_mostly_is_and_unclassified_in_none() {
    assert!(is(answers(&["zzz", "andon", "workstation", "shift"])[0].as_ref(), "production.planning"));
    assert_eq!(answers(&["zzz", "yyy", "xxx", "www"])[0], None);
}

#[test]
fn modules_of_a_suite_are_of_kinds_of_their_own() {
    let found = answers(&[
        "mall_order",
        "mall_cart",
        "mall_coupon",
        "mall_wishlist",
        "mes_order",
        "mes_andon",
        "mes_workstation",
        "mes_shift",
    ]);
    assert!(is(found[0].as_ref(), "service.user") && is(found[4].as_ref(), "production.planning"), "{found:?}");
}

#[test]
fn a_detail_follows_its_head_and_a_link_its_ends() {
    let found = answers(&["inspection", "inspection_zzz", "employee", "inspection_employee"]);
    assert!(is(found[1].as_ref(), "production.quality"), "{found:?}");
    let kin = ["production.quality", "management.hr"];
    assert!(found[3].as_deref().is_some_and(|id| kin.contains(&id)), "{found:?}");
    // By comments, and by keys.
    let (head, detail) = (described("a1", &[]), described("b2", &[]));
    let head = Described { comment: Some("来料检验单表"), ..head };
    let detail = Described { comment: Some("来料检验单行"), ..detail };
    assert!(is(answers_of(&[head, detail])[1].as_ref(), "production.quality"));
}

#[test]
fn a_table_is_plumbing_by_its_name_its_columns_or_its_head() {
    let trigger = columns(&["SCHED_NAME", "triggerName"]);
    let almost = columns(&["sched_name", "defect"]);
    let tables = [
        described("menu", &[]),
        described("menu_zzz", &[]),
        described("inspection_x", &trigger),
        described("inspection_y", &almost),
    ];
    let found = answers_of(&tables);
    assert_eq!(found[..3], [None, None, None]);
    assert!(is(found[3].as_ref(), "production.quality"), "{found:?}");
}

#[test]
fn a_column_of_most_tables_says_nothing_and_one_of_a_few_does() {
    let names: Vec<String> = (0..10).map(|number| format!("z{number}")).collect();
    let (with, without) = (columns(&["defect", "a"]), columns(&["a"]));
    let tables = |holders: usize| -> Vec<Option<String>> {
        let of = |number: usize| if number < holders { &with } else { &without };
        let described: Vec<Described<'_>> =
            names.iter().enumerate().map(|(number, name)| described(name, of(number))).collect();
        answers_of(&described)
    };
    assert_eq!(tables(9)[0], None);
    assert!(is(tables(1)[0].as_ref(), "production.quality"));
}

#[test]
fn the_prefix_of_most_tables_names_none_of_them() {
    let prefixed = ["order_a1", "order_b2", "order_c3", "order_d4", "order_e5"];
    let (pack, taxonomy) = (pack(), Regime::builtin().unwrap().taxonomy);
    let tables: Vec<Described<'_>> = prefixed.iter().map(|name| described(name, &[])).collect();
    let evidence = Survey::of(&pack, &taxonomy, &tables).evidence(0);
    assert!(evidence.iter().all(|piece| piece.place != Place::Name), "{evidence:?}");
}

#[test]
fn evidence_names_the_rule_and_the_place_and_the_kind_is_told() {
    let (pack, taxonomy) = (pack(), Regime::builtin().unwrap().taxonomy);
    let tables: Vec<Described<'_>> =
        ["order", "cart", "coupon", "wishlist"].iter().map(|name| described(name, &[])).collect();
    let survey = Survey::of(&pack, &taxonomy, &tables);
    assert_eq!(survey.kinds_of(0)[0].0, "shop");
    let evidence = survey.evidence(0);
    assert!(evidence.iter().any(|piece| (piece.place, piece.term.as_str()) == (Place::System, "shop")));
    assert!(evidence.iter().all(|piece| !piece.rule.is_empty() && !piece.term.is_empty()), "{evidence:?}");
}

fn any_name() -> impl Strategy<Value = String> {
    let word = proptest::sample::select(vec![
        "order",
        "cart",
        "coupon",
        "employee",
        "inspection",
        "menu",
        "andon",
        "shift",
        "zzz",
        "item",
        "log",
        "t",
    ]);
    proptest::collection::vec(word, 1..4).prop_map(|words| words.join("_"))
}

proptest! {
    #[test]
    fn the_order_of_a_listing_changes_no_answer(names in proptest::collection::btree_set(any_name(), 1..14)) {
        let forth: Vec<&str> = names.iter().map(String::as_str).collect();
        let back: Vec<&str> = forth.iter().rev().copied().collect();
        let mut turned = answers(&back);
        turned.reverse();
        prop_assert_eq!(answers(&forth), turned);
    }

    #[test]
    fn any_names_are_read_without_a_panic(
        names in proptest::collection::vec(any::<String>(), 0..6), comment in any::<String>(), columns in proptest::collection::vec(any::<String>(), 0..5),
    ) {
        let columns: Vec<Column> =
            columns.into_iter().map(|name| Column { comment: Some(name.clone()), name: Some(name), ..Column::default() }).collect();
        let tables: Vec<Described<'_>> = names
            .iter()
            .map(|name| Described { comment: Some(&comment), ..described(name, &columns) })
            .collect();
        answers_of(&tables);
    }

    #[test]
    fn kinds_are_shares_of_one(names in proptest::collection::vec(any_name(), 1..14)) {
        let (pack, taxonomy) = (pack(), Regime::builtin().unwrap().taxonomy);
        let tables: Vec<Described<'_>> = names.iter().map(|name| described(name, &[])).collect();
        let survey = Survey::of(&pack, &taxonomy, &tables);
        for number in 0..tables.len() {
            let sum = survey.kinds_of(number).into_iter().map(|(_, likely)| likely).sum::<f64>();
            prop_assert!(sum <= 1.0 + 1e-9);
        }
    }
}
