//! Missing or contradictory cells, named before anyone files them.

use std::collections::BTreeMap;

use super::stale::{filed_stale_since, stale_since};
use super::{Catalog, Cell, Entry};
use crate::model::{Counting, FiledEntry, Lang, Level, Speak};
use crate::regime::form::{Column, Form, From, Required, Sheet};
use crate::regime::taxonomy::Label;

/// One cell that has to be filled or corrected before the catalog can be filed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gap {
    /// The entry's id; `None` for the entity sheet.
    pub entry: Option<String>,
    /// The entry's category, for a person.
    pub category: Option<String>,
    /// The entry's store.
    pub store: Option<String>,
    /// The column's id.
    pub column: String,
    /// The column's label.
    pub label: Label,
    /// What is wrong.
    pub kind: GapKind,
    /// Where to fill it: the table and the key of `mulu.toml`, or the command.
    pub key: String,
}

/// What is wrong with a cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum GapKind {
    /// It is required and empty.
    Missing,
    /// It holds something that the column does not take; the choices, if it has some.
    NotAccepted(Vec<String>),
    /// It is filled although the column that it depends on says 否.
    Contradicts {
        /// The label of the other column.
        label: Label,
    },
    /// The entry is filed with a level that no criterion raises it to, no person confirmed, and no document of the authority gives
    /// it.
    Unfounded,
    /// It was right once: the date that it is of.
    Stale(String),
}

impl GapKind {
    /// The id used in JSON.
    #[must_use]
    pub fn id(&self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::NotAccepted(_) => "not-accepted",
            Self::Contradicts { .. } => "contradicts",
            Self::Unfounded => "unfounded",
            Self::Stale(_) => "stale",
        }
    }
}

impl Speak for Gap {
    fn say(&self, lang: Lang) -> String {
        let label = self.label.say(lang);
        let key = &self.key;
        match (&self.kind, lang) {
            (GapKind::Missing, Lang::Zh) => format!("{label} 未填；请在 mulu.toml 中填写 {key}"),
            (GapKind::Missing, Lang::En) => format!("{label} is missing; fill {key} in mulu.toml"),
            (GapKind::NotAccepted(choices), Lang::Zh) if choices.is_empty() => {
                format!("{label} 的值不符合该列类型；请更正 mulu.toml 中的 {key}")
            }
            (GapKind::NotAccepted(choices), Lang::En) if choices.is_empty() => {
                format!("{label} is not of the column's kind; correct {key} in mulu.toml")
            }
            (GapKind::NotAccepted(choices), Lang::Zh) => {
                format!("{label} 的值不在可选项中（{}）；请更正 mulu.toml 中的 {key}", choices.join("、"))
            }
            (GapKind::NotAccepted(choices), Lang::En) => {
                format!("{label} is none of {}; correct {key} in mulu.toml", choices.join(", "))
            }
            (GapKind::Contradicts { label: other }, Lang::Zh) => {
                format!("已填 {label}，但 {} 为否；请更正 mulu.toml 中的 {key}", other.zh)
            }
            (GapKind::Contradicts { label: other }, Lang::En) => {
                format!("{label} is filled although {} is 否; correct {key} in mulu.toml", other.en)
            }
            (GapKind::Unfounded, Lang::Zh) => {
                format!("{label} 没有依据：未触发该级别的任何条款，也没有主管部门文号；{key}")
            }
            (GapKind::Unfounded, Lang::En) => {
                format!(
                    "{label} is empty: no criterion raises it to its level, and no document of the authority does; {key}"
                )
            }
            (GapKind::Stale(since), Lang::Zh) => format!("{label} 已过时（{since}）；请更新：{key}"),
            (GapKind::Stale(since), Lang::En) => format!("{label} is stale (of {since}); renew it: {key}"),
        }
    }
}

/// Every cell of the entity sheet that is missing or wrong.
#[must_use]
pub fn check_entity(cells: &BTreeMap<String, Cell>, form: &Form) -> Vec<Gap> {
    let value = |id: &str| cells.get(id).map(|cell| cell.value.as_str());
    let gap = |(column, kind): (&Column, GapKind)| Gap {
        entry: None,
        category: None,
        store: None,
        column: column.id.clone(),
        label: column.label.clone(),
        kind,
        key: format!("[enterprise] {}", column.id),
    };
    faults(&form.entity, None, &value).into_iter().map(gap).collect()
}

/// What is missing or wrong in a frozen entry on the day on which it is handed in: the columns, and why.
#[must_use]
pub fn check_filed<'f>(entry: &FiledEntry, day: &str, form: &'f Form) -> Vec<(&'f Column, GapKind)> {
    let value = |id: &str| entry.fields.get(id).map(String::as_str);
    let mut found = faults(&form.catalog, Some(entry.level), &value);
    let is_founded = entry.method.counting == Counting::Hand
        || ["evidence", "authority_document"].iter().any(|column| value(column).is_some());
    if let Some(column) = form.catalog.column("evidence").filter(|_| entry.level.is_filed() && !is_founded) {
        found.push((column, GapKind::Unfounded));
    }
    let stale = |column: &'f Column| Some((column, GapKind::Stale(filed_stale_since(entry, column, day)?)));
    found.extend(form.catalog.columns.iter().filter_map(stale));
    found
}

/// Every cell of the catalog that is missing or wrong, the entity sheet first, then by entry and column.
#[must_use]
pub fn check(catalog: &Catalog, form: &Form) -> Vec<Gap> {
    let mut gaps = check_entity(&catalog.entity, form);
    for entry in &catalog.entries {
        let gap = |column: &Column, kind: GapKind, key: String| Gap {
            entry: Some(entry.class.id.0.clone()),
            category: Some(entry.class.category.as_str().to_owned()),
            store: Some(entry.class.store.clone()),
            column: column.id.clone(),
            label: column.label.clone(),
            kind,
            key,
        };
        // Of the three places ([register], a store's, a class's) the widest: most declared facts are the same.
        let register = |column: &Column| format!("[register] {}", column.id);
        for (column, kind) in faults(&form.catalog, entry.level().effective(), &|id| entry.value(id)) {
            gaps.push(gap(column, kind, register(column)));
        }
        if let Some(column) = form.catalog.column("evidence").filter(|_| is_unfounded(entry)) {
            let command = format!("mulu review override {} --level … --document …", entry.class.id);
            gaps.push(gap(column, GapKind::Unfounded, command));
        }
        for column in &form.catalog.columns {
            let Some(since) = stale_since(entry, column, catalog) else { continue };
            let key = match column.from {
                From::Scan if entry.class.is_by_hand() => "mulu register add-class".to_owned(),
                From::Scan => "mulu scan".to_owned(),
                From::Register => register(column),
            };
            gaps.push(gap(column, GapKind::Stale(since), key));
        }
    }
    gaps
}

/// Whether nothing that the entry would be filed with says why it has its level. A class that was entered by hand has it from the
/// person who entered it, with a reason.
fn is_unfounded(entry: &Entry) -> bool {
    let is_filed = entry.level().effective().is_some_and(Level::is_filed);
    is_filed
        && !entry.class.is_by_hand()
        && entry.value("evidence").is_none()
        && entry.value("authority_document").is_none()
}

fn faults<'f, 'v>(
    sheet: &'f Sheet,
    level: Option<Level>,
    value: &dyn Fn(&str) -> Option<&'v str>,
) -> Vec<(&'f Column, GapKind)> {
    let mut faults = Vec::new();
    for column in &sheet.columns {
        let kind = match value(&column.id) {
            None if column.required.holds(level, value) => GapKind::Missing,
            None => continue,
            Some(given) if !column.accepts(given) => GapKind::NotAccepted(column.choices.clone()),
            Some(_) => match contradicted(column, sheet, value) {
                Some(other) => GapKind::Contradicts { label: other.label.clone() },
                None => continue,
            },
        };
        faults.push((column, kind));
    }
    faults
}

/// The column that says 否 where this one, which is asked for only beside 是, is filled.
fn contradicted<'f, 'v>(
    column: &Column,
    sheet: &'f Sheet,
    value: &dyn Fn(&str) -> Option<&'v str>,
) -> Option<&'f Column> {
    let Required::If { column: other, is } = &column.required else { return None };
    (is == "是" && value(other).map(str::trim) == Some("否")).then(|| sheet.column(other))?
}

#[cfg(test)]
#[path = "check_tests.rs"]
mod tests;
