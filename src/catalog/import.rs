//! A filing made before mulu was there, read from the form that was handed in. Either every cell fits, or nothing is
//! taken and each cell that does not fit is named with its place. Pure: the file was read into a [`Sheet`] before.

use std::collections::{BTreeMap, BTreeSet};

use super::sheet::{Sheet, address, located};
use crate::model::{CategoryId, ClassId, Counting, FiledEntry, Lang, Level, Measure, Method, Speak};
use crate::regime::form::{Column, Kind};
use crate::regime::{Form, Regime};

/// How far down the header is looked for: titles and letterheads take a few rows.
const HEADER_WITHIN_ROWS: usize = 20;

/// Columns that our own export writes beside those of the form.
const BESIDE_THE_FORM: [&str; 2] = ["确认状态", "缺项"];

/// Columns without which a row cannot be an entry.
const NEEDED: [&str; 3] = ["category", "level", "carrier"];

/// What a form holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Imported {
    /// Its entries, in the order of the form.
    pub entries: Vec<FiledEntry>,
    /// The latest as-of date that it states.
    pub as_of: Option<String>,
}

/// A cell that does not fit, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unfit {
    /// The sheet; empty for a csv, and where no sheet is a form.
    pub sheet: String,
    /// The row of the file, from 1; 0 where it concerns the whole sheet.
    pub row: usize,
    /// The column of the file, from 1; 0 where it concerns the whole row.
    pub column: usize,
    /// The header of the column, or its id.
    pub header: String,
    /// What is wrong with it.
    pub problem: Misfit,
}

/// What is wrong with a cell of a form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Misfit {
    /// No row holds the headers of the form.
    NoHeader,
    /// There is no entry below the header.
    NoEntries,
    /// The form has no column of this header.
    UnknownColumn,
    /// Two columns have this header.
    RepeatedColumn,
    /// A row cannot be an entry without it.
    Missing,
    /// Another kind of value belongs here: what.
    Kind(Kind),
    /// One of these belongs here.
    Choice(Vec<String>),
    /// No category has this id, code or name, or more than one has it.
    Category,
    /// The category does not lie under the top category of the row.
    TopCategory,
    /// Neither important nor core.
    Level,
    /// The id is one of ours, and belongs to another category or carrier.
    OtherId,
    /// The same category and carrier stand in an earlier row.
    RepeatedEntry(usize),
}

/// Reads the entries of a form from the sheet whose header fits best.
pub fn import(sheets: &[Sheet], regime: &Regime) -> Result<Imported, Vec<Unfit>> {
    let best = sheets.iter().filter_map(|sheet| header_row(sheet, &regime.form).map(|found| (sheet, found)));
    let Some((sheet, (header, _))) = best.max_by_key(|(_, (_, fitting))| *fitting) else {
        // A workbook without a form in it may be any, and the names of its sheets are data.
        let whole = Unfit { sheet: String::new(), row: 0, column: 0, header: String::new(), problem: Misfit::NoHeader };
        return Err(vec![whole]);
    };
    Reader { sheet, regime, unfit: Vec::new() }.read(header)
}

/// The row with the most headers of the form, and how many; of equal ones the first.
fn header_row(sheet: &Sheet, form: &Form) -> Option<(usize, usize)> {
    let fitting = |row: &Vec<String>| row.iter().filter(|cell| column_of(form, cell).is_some()).count();
    let rows = sheet.rows.iter().enumerate().take(HEADER_WITHIN_ROWS);
    let counted = rows.map(|(row, cells)| (row, fitting(cells)));
    counted.filter(|(_, fitting)| *fitting >= NEEDED.len()).max_by_key(|(row, fitting)| (*fitting, usize::MAX - row))
}

/// The column of the form that a header means: by its name in either language, or its id.
fn column_of<'f>(form: &'f Form, header: &str) -> Option<&'f Column> {
    let header = plain(header);
    let means = |column: &&Column| {
        [&column.label.zh, &column.label.en, &column.id].into_iter().any(|name| plain(name) == header)
    };
    form.catalog.columns.iter().find(means)
}

/// A name as it is compared: without blanks, in lower case, with brackets and colons of one width.
fn plain(text: &str) -> String {
    let one_width = |character: char| match character {
        '（' => '(',
        '）' => ')',
        '：' => ':',
        other => other,
    };
    text.chars().filter(|character| !character.is_whitespace()).map(one_width).flat_map(char::to_lowercase).collect()
}

struct Reader<'a> {
    sheet: &'a Sheet,
    regime: &'a Regime,
    unfit: Vec<Unfit>,
}

impl Reader<'_> {
    fn read(mut self, header: usize) -> Result<Imported, Vec<Unfit>> {
        let columns = self.columns(header);
        let mut entries: Vec<FiledEntry> = Vec::new();
        let mut rows_of: BTreeMap<String, usize> = BTreeMap::new();
        for (row, cells) in self.sheet.rows.iter().enumerate().skip(header + 1) {
            if cells.iter().all(|cell| cell.trim().is_empty()) {
                continue;
            }
            let Some(entry) = self.entry(row, cells, &columns) else { continue };
            if let Some(earlier) = rows_of.get(&entry.id) {
                let problem = Misfit::RepeatedEntry(earlier + 1);
                self.refuse(row, None, "category", problem);
                continue;
            }
            rows_of.insert(entry.id.clone(), row);
            entries.push(entry);
        }
        if entries.is_empty() && self.unfit.is_empty() {
            self.refuse(header, None, "", Misfit::NoEntries);
        }
        if self.unfit.is_empty() {
            let as_of = entries.iter().filter_map(|entry| entry.fields.get("as_of")).max().cloned();
            Ok(Imported { entries, as_of })
        } else {
            Err(self.unfit)
        }
    }

    /// What each column of the file is in the form. A column without a header and without values is none.
    fn columns(&mut self, header: usize) -> Vec<(usize, Column)> {
        let sheet = self.sheet;
        let mut found: Vec<(usize, Column)> = Vec::new();
        let mut seen = BTreeSet::new();
        let headers = sheet.rows.get(header).map_or(&[][..], Vec::as_slice);
        for (place, name) in headers.iter().enumerate() {
            let is_empty = sheet.rows.iter().skip(header + 1).all(|row| cell(row, place).is_empty());
            if BESIDE_THE_FORM.contains(&name.trim()) || (is_empty && name.trim().is_empty()) {
                continue;
            }
            match column_of(&self.regime.form, name) {
                None => self.refuse(header, Some(place), name, Misfit::UnknownColumn),
                Some(column) if !seen.insert(column.id.clone()) => {
                    self.refuse(header, Some(place), name, Misfit::RepeatedColumn);
                }
                Some(column) => found.push((place, column.clone())),
            }
        }
        for needed in NEEDED.into_iter().filter(|needed| !seen.contains(*needed)) {
            let label = self.regime.form.catalog.column(needed).map_or(needed, |column| &column.label.zh).to_owned();
            self.refuse(header, None, &label, Misfit::Missing);
        }
        found
    }

    /// One row as an entry; `None` where a cell of it does not fit, which is noted.
    fn entry(&mut self, row: usize, cells: &[String], columns: &[(usize, Column)]) -> Option<FiledEntry> {
        let before = self.unfit.len();
        let mut fields: BTreeMap<String, String> = BTreeMap::new();
        let mut place_of: BTreeMap<&str, usize> = BTreeMap::new();
        for (place, column) in columns {
            place_of.insert(column.id.as_str(), *place);
            let value = value(column, cell(cells, *place));
            if value.is_empty() {
                continue;
            }
            // Level and category may be written in more ways than a choice allows; they are read below.
            let is_named = matches!(column.id.as_str(), "level" | "category" | "category_top");
            if is_named || column.accepts(&value) {
                fields.insert(column.id.clone(), value);
            } else {
                let choices = || column.choices.clone();
                let problem =
                    if column.choices.is_empty() { Misfit::Kind(column.kind) } else { Misfit::Choice(choices()) };
                self.refuse(row, Some(*place), &column.label.zh, problem);
            }
        }
        for needed in NEEDED.into_iter().filter(|needed| !fields.contains_key(*needed)) {
            if let Some((place, column)) = columns.iter().find(|(_, column)| column.id == needed) {
                self.refuse(row, Some(*place), &column.label.zh, Misfit::Missing);
            }
        }
        let regime = self.regime;
        let mut fit = |column: &str, problem: Misfit| {
            let header = regime.form.catalog.column(column).map_or(column, |column| &column.label.zh).to_owned();
            self.refuse(row, place_of.get(column).copied(), &header, problem);
        };
        let level = fields.get("level").and_then(|text| {
            let level = level(text);
            if level.is_none() {
                fit("level", Misfit::Level);
            }
            level
        });
        let category = fields.get("category").and_then(|text| {
            let category = category(text, regime);
            if category.is_none() {
                fit("category", Misfit::Category);
            }
            category
        });
        let (level, category, store) = (level?, category?, fields.get("carrier").cloned()?);
        let top = fields.get("category_top").map(|text| self::category(text, regime));
        if top.is_some_and(|top| top.is_none_or(|top| top.as_str() != category.top())) {
            fit("category_top", Misfit::TopCategory);
        }
        let id = ClassId::of(category.as_str(), &store).0;
        let stated = fields.get("id").filter(|stated| is_ours(stated));
        if stated.is_some_and(|stated| *stated != id) {
            fit("id", Misfit::OtherId);
        }
        let number = |id: &str| fields.get(id).and_then(|text| text.parse().ok()).map(Measure::exact);
        let entry = FiledEntry {
            id,
            category: category.as_str().to_owned(),
            store,
            level,
            records: number("records"),
            bytes: number("bytes"),
            subjects: number("subjects"),
            fields,
            rules_version: String::new(),
            regime_version: String::new(),
            method: Method { counting: Counting::Imported, ..Method::default() },
        };
        (self.unfit.len() == before).then_some(entry)
    }

    fn refuse(&mut self, row: usize, column: Option<usize>, header: &str, problem: Misfit) {
        self.unfit.push(Unfit {
            sheet: self.sheet.name.clone(),
            row: row + 1,
            column: column.map_or(0, |place| place + 1),
            header: header.trim().to_owned(),
            problem,
        });
    }
}

fn cell(row: &[String], place: usize) -> &str {
    row.get(place).map_or("", |cell| cell.trim())
}

/// A value as this project writes it: numbers without separators of thousands.
fn value(column: &Column, text: &str) -> String {
    match column.kind {
        Kind::Integer | Kind::Bytes => text.replace([',', '，', ' '], ""),
        _ => text.to_owned(),
    }
}

/// An id that mulu gave: `c` and sixteen hexadecimal digits.
fn is_ours(id: &str) -> bool {
    id.len() == 17 && id.starts_with('c') && id.bytes().skip(1).all(|byte| byte.is_ascii_hexdigit())
}

/// Important or core, in either language, with or without 数据.
fn level(text: &str) -> Option<Level> {
    let word = plain(text);
    let word = word.trim_end_matches("data").trim_end_matches("数据");
    [Level::Important, Level::Core]
        .into_iter()
        .find(|level| [level.id(), level.label(Lang::Zh), level.label(Lang::En)].contains(&word))
}

/// The one category of an id, a code or a name.
fn category(text: &str, regime: &Regime) -> Option<CategoryId> {
    let name = plain(text);
    let means = |word: &str| plain(word) == name;
    let nodes = || regime.taxonomy.nodes();
    let by_id = nodes().find(|node| means(&node.id) || means(&node.code));
    let mut named = nodes().filter(|node| means(&node.label.zh) || means(&node.label.en));
    let node = match by_id {
        Some(node) => node,
        None => named.next().filter(|_| named.next().is_none())?,
    };
    Some(CategoryId::new(&node.id))
}

impl Speak for Unfit {
    fn say(&self, lang: Lang) -> String {
        let place = address(&self.sheet, self.row, self.column);
        located(&place, &self.header, &self.problem.say(lang), lang)
    }
}

impl Speak for Misfit {
    fn say(&self, lang: Lang) -> String {
        let (zh, en) = match self {
            Self::NoHeader => (
                "没有一行是目录的表头；表头用 mulu catalog export 写出的列名（中文或英文）",
                "no row holds the headers of the catalog; use those that mulu catalog export writes, in either language",
            ),
            Self::NoEntries => ("表头之下没有条目", "no entry below the header"),
            Self::UnknownColumn => {
                ("表单中没有这一列；请改名或删去", "the form has no such column; rename or delete it")
            }
            Self::RepeatedColumn => ("此列出现两次", "this column stands twice"),
            Self::Missing => ("缺此项则不成条目", "no entry without it"),
            Self::Kind(Kind::Integer) => ("应为不带单位的非负整数", "a whole number without a unit belongs here"),
            Self::Kind(Kind::Bytes) => ("应为以字节计的非负整数，不带单位", "a whole number of bytes belongs here"),
            Self::Kind(Kind::Date) => ("应为 YYYY-MM-DD 的日期", "a date as YYYY-MM-DD belongs here"),
            Self::Kind(Kind::Boolean) => ("应为 是 或 否", "是 (yes) or 否 (no) belongs here"),
            Self::Kind(_) => ("此值不合此列", "this value does not fit the column"),
            Self::Choice(choices) => {
                let listed = choices.join("、");
                return match lang {
                    Lang::Zh => format!("应取自：{listed}"),
                    Lang::En => format!("one of these belongs here: {listed}"),
                };
            }
            Self::Category => ("不是唯一的类别名称、代码或编号", "not the name, code or id of one category"),
            Self::TopCategory => ("与二级类别不符", "is not the top of the sub-category"),
            Self::Level => ("应为 重要数据 或 核心数据", "important or core belongs here"),
            Self::OtherId => ("此编号属于另一类别或载体", "this id belongs to another category or carrier"),
            Self::RepeatedEntry(row) => {
                return match lang {
                    Lang::Zh => format!("与第 {row} 行的类别和载体相同；请合为一行"),
                    Lang::En => format!("the same category and carrier as row {row}; make one row of them"),
                };
            }
        };
        lang.pick(zh, en).to_owned()
    }
}

#[cfg(test)]
#[path = "import_tests.rs"]
mod tests;
