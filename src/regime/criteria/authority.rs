//! A regulator's own catalog of data classes (`miit-166/7`), as rows of a table: where it speaks of a category, its rows alone
//! say what is important or core there, since what stands in no catalog is general (`miit-166/9.3`).

use std::collections::BTreeMap;

use super::{Condition, Criteria, Criterion, Factor, Measure};
use crate::model::{Lang, Level, Mark, Speak};
use crate::regime::Taxonomy;
use crate::regime::taxonomy::Label;

/// The columns of such a table, by what they are called: the first two have to be there.
const COLUMNS: [(&str, &[&str]); 9] = [
    ("category", &["类别", "category"]),
    ("level", &["级别", "level"]),
    ("name", &["数据名称", "名称", "name"]),
    ("document", &["依据", "文号", "document"]),
    ("fields", &["领域", "fields"]),
    ("records", &["条目数不少于", "records"]),
    ("subjects", &["人数不少于", "subjects"]),
    ("bytes", &["字节数不少于", "bytes"]),
    ("decimals", &["坐标小数位不少于", "decimals"]),
];

/// A row, or the header, of a regulator's catalog that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnfitRow {
    /// Counted from 1, the header included.
    pub row: usize,
    /// What is wrong and what to do, in Chinese and in English.
    pub rule: (&'static str, &'static str),
}

impl Speak for UnfitRow {
    fn say(&self, lang: Lang) -> String {
        match lang {
            Lang::Zh => format!("第 {} 行：{}", self.row, self.rule.0),
            Lang::En => format!("row {}: {}", self.row, self.rule.1),
        }
    }
}

impl Criteria {
    /// Adds the rows of a regulator's catalog; the first row names the columns. Nothing of it is used where a row is unfit.
    pub fn with_authority(mut self, rows: &[Vec<String>], taxonomy: &Taxonomy) -> Result<Self, UnfitRow> {
        let (header, rows) = rows
            .split_first()
            .ok_or_else(|| unfit(1, "表为空；第一行应为列名", "it is empty; the first row names the columns"))?;
        let table = Table::of(header)?;
        let is_empty = |row: &[String]| row.iter().all(|text| text.trim().is_empty());
        let rows = (2..).zip(rows).filter(|(_, row)| !is_empty(row));
        self.of_authority =
            rows.map(|(number, row)| table.criterion(number, row, taxonomy)).collect::<Result<_, _>>()?;
        Ok(self)
    }

    /// Whether the authority's own catalog speaks of a category.
    #[must_use]
    pub fn authority_speaks_of(&self, category: &str) -> bool {
        let names = |condition: &Condition| {
            let mut patterns = condition.any.iter();
            condition.measure == Measure::Category && patterns.any(|pattern| Taxonomy::covers(pattern, category))
        };
        self.of_authority.iter().any(|criterion| criterion.conditions.iter().any(names))
    }
}

fn unfit(row: usize, zh: &'static str, en: &'static str) -> UnfitRow {
    UnfitRow { row, rule: (zh, en) }
}

/// Where the columns of a regulator's catalog stand.
struct Table {
    places: BTreeMap<&'static str, usize>,
}

impl Table {
    fn of(header: &[String]) -> Result<Self, UnfitRow> {
        let place = |(id, names): &(&'static str, &[&str])| {
            Some((*id, header.iter().position(|cell| names.contains(&cell.trim()))?))
        };
        let places: BTreeMap<&str, usize> = COLUMNS.iter().filter_map(place).collect();
        if !places.contains_key("category") || !places.contains_key("level") {
            let en = "it needs the columns category (类别) and level (级别)";
            return Err(unfit(1, "须有“类别”和“级别”两列", en));
        }
        Ok(Self { places })
    }

    fn cell<'r>(&self, row: &'r [String], column: &str) -> Option<&'r str> {
        let cell = row.get(*self.places.get(column)?)?.trim();
        (!cell.is_empty()).then_some(cell)
    }

    fn criterion(&self, number: usize, row: &[String], taxonomy: &Taxonomy) -> Result<Criterion, UnfitRow> {
        let category = self.cell(row, "category").and_then(|named| category_of(named, taxonomy)).ok_or_else(|| {
            let en = "there is no such category; write its id, code or Chinese name";
            unfit(number, "类别不存在；请写类别编号、代码或名称", en)
        })?;
        let level = self
            .cell(row, "level")
            .and_then(level_of)
            .ok_or_else(|| unfit(number, "级别应为 一般、重要 或 核心", "the level is general, important or core"))?;
        let document = self.cell(row, "document").unwrap_or("主管部门目录").to_owned();
        let name = self.cell(row, "name").unwrap_or(&category).to_owned();
        Ok(Criterion {
            id: format!("authority-{number}"),
            label: Label { zh: name.clone(), en: name },
            article: document.clone(),
            harm: None,
            level,
            conditions: self.conditions((number, row), &category, &document)?,
        })
    }

    fn conditions(
        &self,
        (number, row): (usize, &[String]),
        category: &str,
        document: &str,
    ) -> Result<Vec<Condition>, UnfitRow> {
        let condition = |factor, measure, any, at_least| Condition {
            factor,
            measure,
            any,
            at_least,
            below: None,
            source: format!("{document}, row {number}"),
            mark: Mark::Law,
        };
        // That the authority lists the class says both which data it is and that it matters.
        let listed = |factor| condition(factor, Measure::Category, vec![category.to_owned()], 1);
        let mut conditions = vec![listed(Factor::Field), listed(Factor::Importance)];
        if let Some(fields) = self.cell(row, "fields") {
            let any = fields.split(['、', ',', '，', ';', '；']).map(|field| field.trim().to_owned()).collect();
            conditions.push(condition(Factor::Field, Measure::FieldMarks, any, 1));
        }
        let thresholds = [
            ("records", Factor::Scale, Measure::Records),
            ("subjects", Factor::Scale, Measure::Subjects),
            ("bytes", Factor::Scale, Measure::Bytes),
            ("decimals", Factor::Precision, Measure::CoordinateDecimals),
        ];
        for (column, factor, measure) in thresholds {
            let Some(text) = self.cell(row, column) else { continue };
            let count = text
                .parse::<u64>()
                .ok()
                .filter(|count| *count > 0)
                .ok_or_else(|| unfit(number, "阈值应为正整数", "a threshold is a whole number above 0"))?;
            conditions.push(condition(factor, measure, Vec::new(), count));
        }
        Ok(conditions)
    }
}

/// The pattern of a category that is named by id, code or Chinese name: a category with others below it means these.
fn category_of(named: &str, taxonomy: &Taxonomy) -> Option<String> {
    let node = taxonomy.nodes().find(|node| node.id == named || node.code == named || node.label.zh == named)?;
    let is_parent = taxonomy.nodes().any(|other| other.id.starts_with(&format!("{}.", node.id)));
    Some(if is_parent { format!("{}.*", node.id) } else { node.id.clone() })
}

fn level_of(word: &str) -> Option<Level> {
    let word = word.strip_suffix("数据").unwrap_or(word);
    [Level::General, Level::Important, Level::Core]
        .into_iter()
        .find(|level| level.id() == word || level.label(Lang::Zh) == word)
}
