use super::*;
use crate::model::Speak;
use crate::regime::Regime;

const HEAD: &str = "schema = 1\nresidual = 'miit-166/9.3'\npersons = []\nplaces = []\n\
    [[object]]\nid = 'o'\nlabel = { zh = 'o', en = 'o' }\nextreme = 'core'\nserious = 'important'\nordinary = 'general'\nmark = 'design'\n";
const FIELD: &str = "{ factor = 'field', measure = 'field-marks', any = ['*'], source = 's', mark = 'design' }";
const SCALE: &str = "{ factor = 'scale', measure = 'records', at_least = 9, source = 's', mark = 'design' }";

fn problem(article: &str, degree: &str, when: &str) -> Problem {
    let text = format!(
        "{HEAD}[[criterion]]\nid = 'c'\nlabel = {{ zh = 'c', en = 'c' }}\narticle = '{article}'\nobject = 'o'\n\
         degree = '{degree}'\nwhen = [{when}]\n"
    );
    let taxonomy = Regime::builtin().unwrap().taxonomy;
    Criteria::parse(&text, "levels.toml", &taxonomy).unwrap_err().problem
}

#[test]
fn a_criterion_that_names_only_half_of_the_definition_is_refused() {
    assert!(matches!(problem("miit-166/10.2", "serious", FIELD), Problem::Unfit { .. }));
    assert!(matches!(problem("miit-166/10.2", "serious", SCALE), Problem::Unfit { .. }));
}

#[test]
fn an_article_of_another_level_is_refused() {
    let both = format!("{FIELD}, {SCALE}");
    assert!(matches!(problem("miit-166/11.2", "serious", &both), Problem::Unfit { .. }));
    assert!(matches!(problem("miit-166/10.2", "extreme", &both), Problem::Unfit { .. }));
    assert!(matches!(problem("miit-166/10.2", "ordinary", &both), Problem::Unfit { .. }));
}

#[test]
fn a_criterion_that_raises_has_no_upper_bound_and_only_a_notice_looks_at_what_was_declared() {
    let bounded = "{ factor = 'scale', measure = 'records', below = 9, source = 's', mark = 'design' }";
    let when = format!("{FIELD}, {SCALE}, {bounded}");
    assert!(
        matches!(problem("miit-166/10.2", "serious", &when), Problem::Unfit { rule: (_, en), .. } if en.contains("below"))
    );
    let declared = "{ factor = 'depth', measure = 'declared', any = ['a=b'], source = 's', mark = 'design' }";
    let when = format!("{FIELD}, {SCALE}, {declared}");
    assert!(
        matches!(problem("miit-166/10.2", "serious", &when), Problem::Unfit { rule: (_, en), .. } if en.contains("declared"))
    );
}

#[test]
fn every_raising_criterion_of_the_default_set_keeps_both_halves_of_the_definition() {
    let criteria = Regime::builtin().unwrap().criteria;
    for criterion in criteria.iter().filter(|criterion| criterion.level.is_filed()) {
        assert!(criterion.conditions.iter().any(|condition| condition.factor.is_which()), "{}", criterion.id);
        assert!(criterion.conditions.iter().any(|condition| condition.factor.is_how_much()), "{}", criterion.id);
    }
}

fn table(rows: &[&[&str]]) -> Result<Criteria, UnfitRow> {
    let rows: Vec<Vec<String>> = rows.iter().map(|row| row.iter().map(|cell| (*cell).to_owned()).collect()).collect();
    let regime = Regime::builtin().unwrap();
    regime.criteria.with_authority(&rows, &regime.taxonomy)
}

#[test]
fn the_authoritys_catalog_alone_judges_the_categories_that_it_speaks_of() {
    let header = &["数据名称", "类别", "级别", "依据", "条目数不少于"][..];
    let row = &["配方", "工艺研发与配方数据", "核心数据", "某工信〔2026〕1号", "10"];
    let criteria = table(&[header, row, &["", "", "", "", ""]]).unwrap();
    assert!(criteria.authority_speaks_of("research.process") && !criteria.authority_speaks_of("research.design"));
    let judging: Vec<&Criterion> = criteria.judging(Some("research.process")).collect();
    assert_eq!(judging.len(), 1);
    assert_eq!((judging[0].level, judging[0].article.as_str()), (Level::Core, "某工信〔2026〕1号"));
    assert!(judging[0].conditions.iter().any(|condition| condition.factor.is_which()));
    assert!(judging[0].conditions.iter().any(|condition| condition.factor == Factor::Importance));
    assert!(judging[0].conditions.iter().any(|condition| condition.at_least == 10));
    assert!(criteria.judging(Some("research.design")).count() > 10, "the default set");
    let parent = table(&[&["category", "level"], &["research", "important"]]).unwrap();
    assert!(parent.authority_speaks_of("research.design") && !parent.authority_speaks_of("production.control"));
}

#[test]
fn a_row_of_the_authoritys_catalog_that_does_not_fit_is_named() {
    let header = &["类别", "级别", "条目数不少于"][..];
    let unfit = |rows: &[&[&str]]| table(rows).unwrap_err();
    assert_eq!(unfit(&[]).row, 1);
    assert!(unfit(&[&["级别"]]).say(Lang::En).contains("category"));
    assert_eq!(unfit(&[header, &["厨房", "重要", ""]]).row, 2);
    assert!(unfit(&[header, &["research.design", "绝密", ""]]).say(Lang::Zh).contains("第 2 行"));
    for threshold in ["0", "-1", "约一千"] {
        assert!(unfit(&[header, &["research.design", "重要", threshold]]).say(Lang::En).contains("threshold"));
    }
}

#[test]
fn a_category_that_the_tree_does_not_hold_is_refused() {
    let other = "{ factor = 'category', measure = 'category', any = ['kitchen.*'], source = 's', mark = 'design' }";
    let when = format!("{FIELD}, {SCALE}, {other}");
    assert!(matches!(problem("miit-166/10.2", "serious", &when), Problem::Unknown { .. }));
}

#[test]
fn every_threshold_of_the_built_in_criteria_says_where_it_comes_from() {
    let criteria = Regime::builtin().unwrap().criteria;
    assert!(criteria.iter().count() > 5);
    for condition in criteria.iter().flat_map(|criterion| &criterion.conditions) {
        assert!(!condition.source.is_empty());
    }
}
