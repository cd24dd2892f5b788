use proptest::prelude::*;

use super::super::fixture::{PARAMETERS, regime};
use super::*;

const CARRIER: &str = "mes";

fn sheet(rows: &[&[&str]]) -> Vec<Sheet> {
    let rows = rows.iter().map(|row| row.iter().map(|cell| (*cell).to_owned()).collect()).collect();
    vec![Sheet { name: "目录".to_owned(), rows, ..Sheet::default() }]
}

fn read(rows: &[&[&str]]) -> Result<Imported, Vec<Unfit>> {
    import(&sheet(rows), &regime())
}

/// What is wrong, in English.
fn wrong(rows: &[&[&str]]) -> Vec<String> {
    read(rows).expect_err("refused").iter().map(|unfit| unfit.say(Lang::En)).collect()
}

const HEADER: [&str; 5] = ["二级类别", "数据级别", "载体名称", "规模-数据条目数(条)", "规模-存储总量(字节)"];

#[test]
fn columns_stand_in_any_order_and_language_below_a_title() {
    let chinese = read(&[&["某某公司目录"], &HEADER, &[PARAMETERS, "重要数据", CARRIER, "1,200", "10000"]]).unwrap();
    let english = read(&[
        &["scale: stored bytes", "Carrier", "LEVEL", "sub-category", "records"],
        &["10000", CARRIER, "important", "process parameters", "1200"],
    ])
    .unwrap();
    for imported in [&chinese, &english] {
        let entry = &imported.entries[0];
        assert_eq!(entry.id, ClassId::of(PARAMETERS, CARRIER).0);
        assert_eq!(
            (entry.category.as_str(), entry.store.as_str(), entry.level),
            (PARAMETERS, CARRIER, Level::Important)
        );
        assert_eq!((entry.records, entry.bytes), (Some(Measure::exact(1200)), Some(Measure::exact(10_000))));
        assert!(entry.is_imported() && entry.rules_version.is_empty());
    }
}

#[test]
fn a_category_is_read_from_its_id_its_code_or_its_name_and_never_guessed() {
    for named in [PARAMETERS, "PR3", "工艺参数数据", "工艺参数", "process parameters"] {
        let found = category(named, &regime());
        let is_a_name = regime().taxonomy.nodes().any(|node| node.label.zh == named);
        assert_eq!(found.is_some(), is_a_name || !named.starts_with("工艺"), "{named}");
    }
    assert_eq!(
        wrong(&[&HEADER, &["工艺", "重要数据", CARRIER, "1", "1"]]),
        ["目录!A2 (二级类别): not the name, code or id of one category"]
    );
}

#[test]
fn every_cell_that_does_not_fit_is_named_with_its_place_and_nothing_is_taken() {
    let good = [PARAMETERS, "重要数据", CARRIER, "1200", "10000"];
    let told = wrong(&[
        &HEADER,
        &good,
        &[PARAMETERS, "一般数据", "plant", "很多", "3.5 GB"],
        &["", "核心数据", "erp", "1", "1"],
        &good,
    ]);
    assert_eq!(
        told,
        [
            "目录!D3 (规模-数据条目数(条)): a whole number without a unit belongs here",
            "目录!E3 (规模-存储总量(字节)): a whole number of bytes belongs here",
            "目录!B3 (数据级别): important or core belongs here",
            "目录!A4 (二级类别): no entry without it",
            "目录!5 (category): the same category and carrier as row 2; make one row of them",
        ]
    );
}

#[test]
fn a_column_that_the_form_does_not_have_and_one_that_stands_twice_are_refused() {
    let told = wrong(&[
        &["二级类别", "数据级别", "载体名称", "密级", "载体名称"],
        &[PARAMETERS, "重要数据", CARRIER, "内部", CARRIER],
    ]);
    assert_eq!(
        told,
        [
            "目录!D1 (密级): the form has no such column; rename or delete it",
            "目录!E1 (载体名称): this column stands twice",
        ]
    );
    assert!(wrong(&[&["二级类别", "数据级别", "备注"], &[PARAMETERS, "重要数据", "x"]])[0].contains("载体名称"));
}

#[test]
fn a_sheet_without_the_headers_or_without_entries_is_refused() {
    assert!(wrong(&[&["甲", "乙"], &["1", "2"]])[0].contains("mulu catalog export"));
    assert!(wrong(&[])[0].contains("no row holds the headers"));
    assert!(wrong(&[&HEADER])[0].contains("no entry below the header"));
}

#[test]
fn an_id_of_ours_must_be_that_of_category_and_carrier_and_one_of_others_may_be_any() {
    let header = ["数据编号", "二级类别", "数据级别", "载体名称"];
    let ours = ClassId::of(PARAMETERS, CARRIER).0;
    assert!(read(&[&header, &[&ours, PARAMETERS, "重要数据", CARRIER]]).is_ok());
    assert!(read(&[&header, &["沪-2025-17", PARAMETERS, "重要数据", CARRIER]]).is_ok());
    assert!(wrong(&[&header, &[&ours, PARAMETERS, "重要数据", "plant"]])[0].contains("another category or carrier"));
}

#[test]
fn choices_and_dates_and_the_top_category_are_held_against_the_form() {
    let header = ["二级类别", "数据级别", "载体名称", "使用范围", "统计时点", "一级类别"];
    assert!(read(&[&header, &[PARAMETERS, "重要数据", CARRIER, "单位内", "2025-12-31", "生产运行数据"]]).is_ok());
    let told = wrong(&[&header, &[PARAMETERS, "重要数据", CARRIER, "全世界", "去年", "管理数据"]]);
    assert_eq!(told.len(), 3, "{told:?}");
    assert!(told[0].contains("单位内") && told[1].contains("YYYY-MM-DD") && told[2].contains("top"), "{told:?}");
}

/// Words that a form may hold, and some that it may not.
const WORDS: [&str; 18] = [
    "",
    " ",
    "二级类别",
    "数据级别",
    "载体名称",
    "规模-数据条目数(条)",
    "确认状态",
    "密级",
    PARAMETERS,
    "工艺参数",
    "重要数据",
    "核心数据",
    "一般数据",
    "mes",
    "plant",
    "1200",
    "十二",
    "2025-12-31",
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn whatever_stands_in_a_form_it_is_taken_whole_or_refused_with_places(
        cells in proptest::collection::vec(proptest::collection::vec(0..WORDS.len(), 0..7), 0..6), with_header: bool,
    ) {
        let mut rows: Vec<Vec<&str>> =
            cells.iter().map(|row| row.iter().map(|word| WORDS[*word]).collect()).collect();
        if with_header {
            rows.insert(0, HEADER.to_vec());
        }
        let rows: Vec<&[&str]> = rows.iter().map(Vec::as_slice).collect();
        match read(&rows) {
            Ok(imported) => {
                let filled = |row: &&&[&str]| row.iter().any(|cell| !cell.trim().is_empty());
                prop_assert!(!imported.entries.is_empty());
                prop_assert!(imported.entries.len() < rows.iter().filter(filled).count(), "no row but the header is left out");
                for entry in &imported.entries {
                    prop_assert_eq!(&entry.id, &ClassId::of(&entry.category, &entry.store).0);
                    prop_assert!(entry.level.is_filed());
                }
            }
            Err(unfit) => {
                prop_assert!(!unfit.is_empty());
                for cell in unfit {
                    prop_assert!(cell.row <= rows.len().max(1) && !cell.say(Lang::Zh).is_empty());
                }
            }
        }
    }
}
