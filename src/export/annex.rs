//! 重要数据种类、数量一览: what the risk assessment of `dsl/30` has to say of the data, kind by kind; and the filing's summary.

use std::collections::BTreeMap;

use super::TO_BE_FILLED;
use super::grid::{Fact, Grid};
use crate::catalog::{Catalog, Entry};
use crate::model::{Lang, Level, Measure};
use crate::regime::Taxonomy;
use crate::regime::form::Column;
use crate::regime::taxonomy::Label;

/// Columns of the form whose values say how the data are processed, and where they go (`dsl/30`: 开展数据处理活动的情况).
const ACTIVITIES: [&str; 5] = ["source", "manner", "purpose", "external_sharing", "cross_border"];

/// What is known of one kind of data: entries of one category and level.
#[derive(Default)]
struct Kind {
    entries: u64,
    unconfirmed: u64,
    records: Option<Measure>,
    bytes: Option<Measure>,
    persons: u64,
    stores: Vec<String>,
    activities: BTreeMap<&'static str, Vec<String>>,
}

/// Kinds and quantities: one row a category and level, core before important, then by category. Persons are the largest number of
/// one entry, never a sum: the same persons may stand in several.
#[must_use]
pub fn annex(catalog: &Catalog, taxonomy: &Taxonomy) -> Grid {
    let mut kinds: BTreeMap<(std::cmp::Reverse<Level>, String), Kind> = BTreeMap::new();
    for entry in &catalog.entries {
        let level = entry.level().effective().unwrap_or(entry.class.proposal.level);
        let key = (std::cmp::Reverse(level), entry.class.category.as_str().to_owned());
        kinds.entry(key).or_default().add(entry);
    }
    let rows = kinds.into_iter().map(|((level, category), kind)| kind.row(level.0, &category, taxonomy)).collect();
    Grid { title: label("种类与数量", "kinds and quantities"), columns: columns(), rows }
}

impl Kind {
    fn add(&mut self, entry: &Entry) {
        self.entries += 1;
        self.unconfirmed += u64::from(!entry.level().is_confirmed());
        self.records = Measure::together(self.records, entry.class.scale.records_distinct);
        self.bytes = Measure::together(self.bytes, entry.class.scale.bytes);
        let persons = entry.class.scale.subjects_filed().map_or(0, |persons| persons.value);
        self.persons = self.persons.max(persons);
        remember(&mut self.stores, &entry.class.store);
        for column in ACTIVITIES {
            if let Some(value) = entry.value(column) {
                let values = self.activities.entry(column).or_default();
                Column::parts(value).for_each(|part| remember(values, part));
            }
        }
    }

    fn row(mut self, level: Level, category: &str, taxonomy: &Taxonomy) -> Vec<Fact> {
        let top = category.split('.').next().unwrap_or_default();
        let exact = [self.records, self.bytes].into_iter().flatten().all(|measure| measure.exact);
        let mut row: Vec<Fact> = vec![
            format!("{}数据", level.label(Lang::Zh)).into(),
            taxonomy.label(top, Lang::Zh).into(),
            taxonomy.label(category, Lang::Zh).into(),
            category.into(),
            Fact::Number(self.entries),
            Fact::Number(self.unconfirmed),
            self.records.map(|records| records.value).into(),
            self.bytes.map(|bytes| bytes.value).into(),
            (if exact { "是" } else { "否" }).into(),
            Some(self.persons).filter(|persons| *persons > 0).into(),
            self.stores.join("、").into(),
        ];
        let activity = |column| self.activities.remove(column).map(|values: Vec<String>| values.join("、"));
        row.extend(ACTIVITIES.map(activity).map(Fact::from));
        // No scan knows them; a person writes them into the assessment.
        row.extend([TO_BE_FILLED.into(), TO_BE_FILLED.into()]);
        row
    }
}

fn columns() -> Vec<(&'static str, Label)> {
    [
        ("level", "级别", "level"),
        ("top", "一级类别", "top category"),
        ("name", "二级类别", "name of the category"),
        ("category", "类别编号", "category"),
        ("entries", "目录条目数", "entries"),
        ("unconfirmed", "待确认条目数", "unconfirmed"),
        ("records", "数据条目数量(条)", "records"),
        ("bytes", "存储总量(字节)", "bytes"),
        ("exact", "数量是否精确", "exact"),
        ("persons", "涉及人数(单条目最大)", "persons, of the largest entry"),
        ("carriers", "载体", "carriers"),
        ("source", "数据来源", "source"),
        ("manner", "处理方式", "manner of processing"),
        ("purpose", "处理目的", "purpose"),
        ("external_sharing", "对外共享", "external sharing"),
        ("cross_border", "跨境传输", "cross-border transfer"),
        ("risks", "面临的数据安全风险", "risks"),
        ("measures", "应对措施", "measures"),
    ]
    .into_iter()
    .map(|(id, zh, en)| (id, label(zh, en)))
    .collect()
}

fn label(zh: &str, en: &str) -> Label {
    Label { zh: zh.to_owned(), en: en.to_owned() }
}

fn remember(list: &mut Vec<String>, text: &str) {
    if let Err(place) = list.binary_search_by(|one| one.as_str().cmp(text)) {
        list.insert(place, text.to_owned());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::Scope;
    use crate::catalog::fixture::{FINANCE, PARAMETERS, catalog, classes, full_register, record, regime, with_persons};

    #[test]
    fn kinds_add_up_over_stores_and_persons_do_not() {
        let records = [
            with_persons(record("mes", "a", PARAMETERS, Some(2_000), 10), 0, 900),
            with_persons(record("plant", "b", PARAMETERS, Some(3_000), 20), 0, 400),
            record("plant", "c", FINANCE, Some(5), 7),
        ];
        let filed = annex(&catalog(classes(&records, &[]), &full_register(), Scope::Filed), &regime().taxonomy);
        let rows = filed.json();
        let rows = rows.as_array().unwrap();
        assert_eq!(rows.len(), 1, "general data is not filed: {rows:?}");
        let row = &rows[0];
        assert_eq!((&row["entries"], &row["records"], &row["bytes"]), (&2.into(), &5_000.into(), &30.into()));
        let persons = row["persons"].as_u64().unwrap();
        assert!((850..=950).contains(&persons), "those of the larger entry: {persons}");
        assert_eq!((&row["carriers"], &row["manner"]), (&"mes、plant".into(), &"使用、存储、收集".into()));
        assert_eq!(row["risks"], TO_BE_FILLED);
        let all = annex(&catalog(classes(&records, &[]), &full_register(), Scope::AllLevels), &regime().taxonomy);
        assert_eq!(all.rows.len(), 2);
        assert!(filed.rows.iter().all(|row| row.len() == filed.columns.len()));
    }
}
