//! The changes that ask for a new filing, filled into the form of a change filing.

use std::collections::BTreeMap;

use super::{Change, Comparison, Kind, Scaled};
use crate::inventory::StoreNow;
use crate::model::{Lang, Speak};
use crate::regime::Regime;

/// Values by column id; a column that nobody has filled is not in it.
pub type Row = BTreeMap<String, String>;

/// A change filing as far as it is known: what persons have to add is left out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FilledForm {
    /// What is said once.
    pub header: Row,
    /// One row an entry and type of change.
    pub changes: Vec<Row>,
    /// One row an entry that is gone.
    pub cancellations: Vec<Row>,
}

/// Fills the form with the changes that are material; those that cannot be said yet are not filed. `processor` is the name
/// of the enterprise, `stores` have the results that the changes were seen in.
#[must_use]
pub fn filled(comparison: &Comparison, processor: Option<&str>, stores: &[StoreNow], regime: &Regime) -> FilledForm {
    let mut form = FilledForm::default();
    let mut places: BTreeMap<(&str, String), usize> = BTreeMap::new();
    let material = || comparison.changes.iter().filter(|change| change.material == Some(true));
    for change in material() {
        let kind = change.kind.id();
        let Some(change_type) = regime.change_form.change_type(kind, change.field.as_deref()) else { continue };
        let place = *places.entry((&change.entry, change_type.id.clone())).or_insert_with(|| {
            form.changes.push(start(change, stores, regime));
            form.changes.len() - 1
        });
        let Some(row) = form.changes.get_mut(place) else { continue };
        if let Some(label) = &change_type.label {
            row.insert("type".to_owned(), label.zh.clone());
        }
        row.insert("basis".to_owned(), change_type.basis.clone());
        add(row, change, regime);
        if change.kind == Kind::Removed {
            let known = [("entry", change.entry.clone()), ("name", name(change, regime))];
            let row = known.into_iter().map(|(column, value)| (column.to_owned(), value));
            form.cancellations.push(row.collect());
        }
    }
    let mut header = Row::new();
    let mut put = |column: &str, value: Option<String>| {
        if let Some(value) = value {
            header.insert(column.to_owned(), value);
        }
    };
    let first = material().filter_map(|change| Some((change.between.as_ref()?, change.refile_by.as_ref()?)));
    let first = first.min_by(|one, other| one.1.strict.cmp(&other.1.strict));
    put("processor", processor.map(str::to_owned));
    put("filing", Some(comparison.baseline.filing.clone()));
    put("accepted", comparison.baseline.accepted.clone());
    put("happened", first.map(|(between, _)| span(between)));
    put("due", first.map(|(_, due)| due.strict.clone()));
    form.header = header;
    for row in &mut form.cancellations {
        row.insert("filing".to_owned(), comparison.baseline.filing.clone());
    }
    form
}

/// A row before its first change.
fn start(change: &Change, stores: &[StoreNow], regime: &Regime) -> Row {
    let mut row = Row::new();
    row.insert("entry".to_owned(), change.entry.clone());
    row.insert("name".to_owned(), name(change, regime));
    row.insert("level".to_owned(), format!("{}数据", change.level.label(Lang::Zh)));
    let now = stores.iter().find(|now| now.store.name == change.store);
    if let Some((scan, date)) = now.and_then(|now| Some((now.scan?, now.scanned.as_deref()?))) {
        row.insert("evidence".to_owned(), format!("扫描 {scan}，{}", date.get(..10).unwrap_or(date)));
    }
    row
}

/// Adds what one change says to the row of its entry and type.
fn add(row: &mut Row, change: &Change, regime: &Regime) {
    let column = change.field.as_deref().or(change.measure.map(Scaled::id));
    let label = column.and_then(|id| regime.form.catalog.column(id)).map(|column| column.label.zh.as_str());
    let mut join = |column: &str, value: String| {
        let told = row.entry(column.to_owned()).or_default();
        if !told.is_empty() {
            told.push('；');
        }
        told.push_str(&value);
    };
    let told = |value: &super::Value| match value {
        super::Value::Text(text) => text.clone(),
        other => other.say(Lang::Zh),
    };
    let with_label = |text: String| label.map_or(text.clone(), |label| format!("{label}：{text}"));
    if change.kind != Kind::Added {
        join("filed", with_label(told(&change.filed)));
    }
    if change.kind != Kind::Removed {
        join("now", with_label(told(&change.now)));
    }
    let ratio = change.ratio.map(|ratio| {
        let word = if ratio < 0.0 { "减少" } else { "增加" };
        format!("{word} {:.1} %", ratio.abs() * 100.0)
    });
    match change.measure {
        Some(Scaled::Records) => row.extend(ratio.map(|ratio| ("ratio_records".to_owned(), ratio))),
        Some(Scaled::Bytes) => row.extend(ratio.map(|ratio| ("ratio_bytes".to_owned(), ratio))),
        _ => {}
    }
    if let (Some(between), Some(due)) = (&change.between, &change.refile_by)
        && row.get("due").is_none_or(|known| due.strict < *known)
    {
        row.insert("happened".to_owned(), span(between));
        row.insert("due".to_owned(), due.strict.clone());
    }
}

fn name(change: &Change, regime: &Regime) -> String {
    format!("{} · {}", change.store, regime.taxonomy.label(&change.category, Lang::Zh))
}

fn span([below, above]: &[String; 2]) -> String {
    if below == above { below.clone() } else { format!("{below} 至 {above}") }
}

#[cfg(test)]
#[path = "filled_tests.rs"]
mod tests;
