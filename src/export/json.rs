//! The catalog as JSON (`catalogs/schema/catalog.schema.json`).

use serde_json::{Map, Value, json};

use super::asset::LevelLine;
use crate::catalog::{Catalog, Entry};
use crate::level::articles;
use crate::regime::Form;
use crate::regime::form::{Kind, Sheet};

/// The catalog as one JSON document, keys in the order of the contract.
#[must_use]
pub fn catalog_json(catalog: &Catalog, form: &Form) -> Value {
    let enterprise = cells(&form.entity, |id| catalog.entity.get(id).map(|cell| cell.value.as_str()));
    let entries: Vec<Value> = catalog.entries.iter().map(|one| entry(one, form)).collect();
    json!({
        "enterprise": enterprise,
        "authority": catalog.authority,
        "as_of": catalog.as_of,
        "filing": catalog.filing,
        "audit": catalog.audit,
        "entries": entries,
    })
}

fn entry(entry: &Entry, form: &Form) -> Value {
    let class = &entry.class;
    let level = entry.level();
    json!({
        "id": class.id,
        "category": class.category,
        "level": LevelLine::of(*level, articles(level, &class.proposal)),
        "store": class.store,
        "records": class.scale.records_distinct,
        "bytes": class.scale.bytes,
        "subjects": class.scale.subjects,
        "assets": class.scale.assets,
        "fields": cells(&form.catalog, |id| entry.value(id)),
        "missing": entry.missing,
        "confirmed": level.is_confirmed(),
    })
}

/// Every column of a sheet, in its order; an empty one is `null`, a number a number.
fn cells<'v>(sheet: &Sheet, value: impl Fn(&str) -> Option<&'v str>) -> Value {
    let mut cells = Map::new();
    for column in &sheet.columns {
        let number = |text: &str| match column.kind {
            Kind::Integer | Kind::Bytes => text.trim().parse::<u64>().ok().map(Value::from),
            _ => None,
        };
        let written = value(&column.id).map_or(Value::Null, |text| number(text).unwrap_or_else(|| Value::from(text)));
        cells.insert(column.id.clone(), written);
    }
    Value::Object(cells)
}

#[cfg(test)]
#[path = "export_tests.rs"]
mod tests;
