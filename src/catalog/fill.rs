//! What the scan knows of an entry, and what persons have declared in `mulu.toml`. The form is Chinese, and so is
//! everything that is written into it.

use std::collections::BTreeMap;

use super::class::carrier_type;
use super::{Cell, CellSource, Class, Entry, Given};
use crate::model::{CategoryId, Enterprise, Lang, Level, Store};
use crate::regime::Regime;
use crate::regime::form::{Form, From};

/// The entry of a class: each column of the form from the scan or the register, the missing ones named.
pub(super) fn entry(class: Class, store: Option<&Store>, given: &Given<'_>, regime: &Regime) -> Entry {
    // Figures are as old as the result of their own store.
    let as_of = given.results.get(&class.store).map_or(given.as_of, |result| &result.date);
    let mut known = scanned(&class, store, as_of, regime);
    if class.is_by_hand() {
        // Told by who entered it, like everything that no scan can know.
        known.retain(|column, _| !matches!(*column, "as_of" | "description" | "personal_information"));
    }
    let mut cells = BTreeMap::new();
    for column in &regime.form.catalog.columns {
        let declared = given.register.value(class.category.as_str(), &class.store, &column.id).map(str::trim);
        let declared = declared.filter(|value| !value.is_empty());
        let from_scan = known.get(column.id.as_str()).cloned();
        let cell = match (column.from, declared, from_scan) {
            // What the scan should know and does not (records of drawings, say) a person may still declare.
            (From::Register, Some(value), _) | (From::Scan, Some(value), None) => {
                Cell { value: value.to_owned(), source: CellSource::Register }
            }
            (_, _, Some(value)) => Cell { value, source: CellSource::Scan },
            (_, None, None) => continue,
        };
        cells.insert(column.id.clone(), cell);
    }
    let level = class.level.effective();
    let value = |id: &str| cells.get(id).map(|cell: &Cell| cell.value.as_str());
    let missing = regime
        .form
        .catalog
        .columns
        .iter()
        .filter(|column| column.required.holds(level, value) && !cells.contains_key(&column.id))
        .map(|column| column.id.clone())
        .collect();
    Entry { class, cells, missing }
}

/// The values that the scan gives or proposes, by column id.
fn scanned(class: &Class, store: Option<&Store>, as_of: &str, regime: &Regime) -> BTreeMap<&'static str, String> {
    let scale = &class.scale;
    let category = label(regime, &class.category);
    let level = class.level.effective().unwrap_or(Level::General);
    let mut known = BTreeMap::from([
        ("id", class.id.to_string()),
        ("name", format!("{} · {category}", class.store)),
        ("category_top", label(regime, &CategoryId::new(class.category.top()))),
        ("level", format!("{}数据", level.label(Lang::Zh))),
        ("carrier", class.store.clone()),
        ("as_of", as_of.to_owned()),
        ("description", format!("{category}，共 {} 项数据资产", scale.assets)),
        ("category", category),
    ]);
    if let Some(evidence) = evidence(class) {
        known.insert("evidence", evidence);
    }
    let forms = match (scale.forms.structured, scale.forms.unstructured) {
        (true, true) => "结构化、非结构化",
        (true, false) => "结构化",
        _ => "非结构化",
    };
    known.insert("data_form", forms.to_owned());
    if let Some(records) = scale.records_distinct {
        known.insert("records", records.value.to_string());
    }
    if let Some(bytes) = scale.bytes {
        known.insert("bytes", bytes.value.to_string());
    }
    if let Some(subjects) = scale.subjects_filed() {
        known.insert("subjects", subjects.value.to_string());
    }
    if let Some(store) = store {
        known.insert("carrier_type", carrier_type(store.kind).to_owned());
    }
    let personal = scale.subjects.is_some() || scale.markers.iter().any(|marker| marker == "personal-information");
    known.insert("personal_information", yes_or_no(personal));
    if let Some(document) = &class.document {
        known.insert("authority_document", document.clone());
    }
    known
}

/// What a level rests on that a person confirmed and no criterion asks for.
const BY_A_PERSON: &str = "人工认定";

/// The articles and criteria that the level rests on. Those of a lower level say nothing for the one that is filed.
fn evidence(class: &Class) -> Option<String> {
    let least = class.level.effective().filter(|level| level.is_filed());
    let mut seen: Vec<String> = Vec::new();
    for basis in class.proposal.bases.iter().filter(|basis| least.is_none_or(|least| basis.level >= least)) {
        let one = format!("{} ({})", basis.article, basis.criterion);
        if !seen.contains(&one) {
            seen.push(one);
        }
    }
    if seen.is_empty() {
        // A person who raises a level by hand answers for it, with a reason in the audit log.
        return class.level.confirmed.filter(|confirmed| least == Some(*confirmed)).map(|_| BY_A_PERSON.to_owned());
    }
    Some(seen.join("；"))
}

fn label(regime: &Regime, category: &CategoryId) -> String {
    regime.taxonomy.label(category.as_str(), Lang::Zh).to_owned()
}

fn yes_or_no(value: bool) -> String {
    if value { "是" } else { "否" }.to_owned()
}

/// The cells of the entity sheet: what `mulu.toml` says of the enterprise.
#[must_use]
pub fn entity_cells(enterprise: &Enterprise, form: &Form) -> BTreeMap<String, Cell> {
    let domains: Vec<&str> = enterprise.domains.iter().map(|domain| domain_label(domain)).collect();
    let named = BTreeMap::from([
        ("name", enterprise.name.clone()),
        ("credit_code", enterprise.credit_code.clone()),
        ("domains", Some(domains.join("、")).filter(|joined| !joined.is_empty())),
        ("industry", enterprise.industry.clone()),
        ("region", enterprise.region.clone()),
        ("critical_infrastructure", enterprise.critical_infrastructure.map(yes_or_no)),
        ("backbone", enterprise.backbone.map(yes_or_no)),
    ]);
    let mut cells = BTreeMap::new();
    for column in &form.entity.columns {
        let value = match named.get(column.id.as_str()) {
            Some(value) => value.as_ref(),
            None => enterprise.profile.get(&column.id),
        };
        if let Some(value) = value.map(|value| value.trim()).filter(|value| !value.is_empty()) {
            cells.insert(column.id.clone(), Cell { value: value.to_owned(), source: CellSource::Register });
        }
    }
    cells
}

/// The word of `miit-166/3` for a domain id of `mulu.toml`; another word stands as it is, and the check names it.
fn domain_label(domain: &str) -> &str {
    match domain {
        "industrial" => "工业",
        "telecom" => "电信",
        "radio" => "无线电",
        "software" => "软件和信息技术服务",
        other => other,
    }
}
