//! What a person may say of the enterprise and of entries: which fields there are, what each takes, and what the facts about
//! the enterprise add up to.

use crate::detect::checksum::{self, Verdict};
use crate::model::{Enterprise, InternetKind, InternetRole, Lang, RegisterEdit, RegisterScope, Speak, province_code};
use crate::regime::form::Column;
use crate::regime::{Regime, Taxonomy};
use crate::rules::Check;

/// Facts about the enterprise that are no columns of the form: what criteria and duties look at.
const FACTS: [&str; 4] = ["export_control", "provinces", "sectors", "industrial_internet"];

/// The domains of `miit-166/3`, and the software enterprises that it names beside them.
const DOMAINS: [(&str, &str); 4] =
    [("industrial", "工业"), ("telecom", "电信"), ("radio", "无线电"), ("software", "软件和信息技术服务")];

/// Why a value cannot be kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unfit {
    /// No column of the form, and no fact about the enterprise, is called so.
    Field(String),
    /// There is no such category.
    Category(String),
    /// The field does not take the value; what it takes, in Chinese and in English.
    Value(String, String, String),
}

impl Speak for Unfit {
    fn say(&self, lang: Lang) -> String {
        match (self, lang) {
            (Self::Field(field), Lang::Zh) => format!("没有名为 {field} 的列；列名见 mulu register list --columns"),
            (Self::Field(field), Lang::En) => format!("no column is called {field}; see mulu register list --columns"),
            (Self::Category(category), Lang::Zh) => format!("没有类别 {category}；用 mulu classes 查看类别"),
            (Self::Category(category), Lang::En) => format!("no category {category}; mulu classes shows categories"),
            (Self::Value(field, takes, _), Lang::Zh) => format!("{field} 的值不符；应为{takes}"),
            (Self::Value(field, _, takes), Lang::En) => format!("{field} does not take that value; it takes {takes}"),
        }
    }
}

/// Whether a value can be kept in the register: its scope, field and value make sense. One that is taken back always can.
pub fn check_edit(edit: &RegisterEdit, regime: &Regime) -> Result<(), Unfit> {
    if let Some(category) = edit.scope.parts().0.filter(|category| !regime.taxonomy.contains(category)) {
        return Err(Unfit::Category(category.to_owned()));
    }
    let Some(value) = &edit.value else { return Ok(()) };
    let is_enterprise = edit.scope == RegisterScope::Enterprise;
    let sheet = if is_enterprise { &regime.form.entity } else { &regime.form.catalog };
    if is_enterprise && (FACTS.contains(&edit.field.as_str()) || is_fixed(&edit.field)) {
        return set(&mut Enterprise::default(), &edit.field, value);
    }
    let column = sheet.column(&edit.field).ok_or_else(|| Unfit::Field(edit.field.clone()))?;
    if column.accepts(value) { Ok(()) } else { Err(unfit_cell(column)) }
}

fn unfit_cell(column: &Column) -> Unfit {
    use crate::regime::form::Kind;
    let (zh, en) = match column.kind {
        Kind::Integer | Kind::Bytes => ("非负整数".to_owned(), "a whole number".to_owned()),
        Kind::Date => ("日期，如 2026-03-01".to_owned(), "a date such as 2026-03-01".to_owned()),
        Kind::Boolean => ("是 或 否".to_owned(), "是 or 否".to_owned()),
        Kind::Choice => {
            (format!("其一：{}", column.choices.join("、")), format!("one of {}", column.choices.join(", ")))
        }
        Kind::Choices => {
            (format!("其一或数项：{}", column.choices.join("、")), format!("some of {}", column.choices.join(", ")))
        }
        Kind::Text => ("文字".to_owned(), "text".to_owned()),
    };
    Unfit::Value(column.id.clone(), zh, en)
}

/// Facts about the enterprise that have a field of their own beside being columns of the form.
fn is_fixed(field: &str) -> bool {
    matches!(field, "name" | "credit_code" | "domains" | "industry" | "region" | "critical_infrastructure" | "backbone")
}

/// The enterprise of `mulu.toml` with what persons gave since, oldest first. What no longer fits is passed over: it was
/// checked when it was given.
#[must_use]
pub fn enterprise_with(mut enterprise: Enterprise, edits: &[RegisterEdit]) -> Enterprise {
    let configured = enterprise.clone();
    for edit in edits.iter().filter(|edit| edit.scope == RegisterScope::Enterprise) {
        match &edit.value {
            Some(value) => set(&mut enterprise, &edit.field, value).unwrap_or(()),
            None => restore(&mut enterprise, &configured, &edit.field),
        }
    }
    enterprise
}

/// Takes a fact back: what `mulu.toml` says of it stands again.
fn restore(enterprise: &mut Enterprise, configured: &Enterprise, field: &str) {
    match field {
        "name" => enterprise.name.clone_from(&configured.name),
        "credit_code" => enterprise.credit_code.clone_from(&configured.credit_code),
        "domains" => enterprise.domains.clone_from(&configured.domains),
        "industry" => enterprise.industry.clone_from(&configured.industry),
        "region" => enterprise.region.clone_from(&configured.region),
        "critical_infrastructure" => enterprise.critical_infrastructure = configured.critical_infrastructure,
        "backbone" => enterprise.backbone = configured.backbone,
        "export_control" => enterprise.export_control = configured.export_control,
        "provinces" => enterprise.provinces.clone_from(&configured.provinces),
        "sectors" => enterprise.sectors.clone_from(&configured.sectors),
        "industrial_internet" => enterprise.industrial_internet.clone_from(&configured.industrial_internet),
        other => match configured.profile.get(other) {
            Some(value) => _ = enterprise.profile.insert(other.to_owned(), value.clone()),
            None => _ = enterprise.profile.remove(other),
        },
    }
}

fn set(enterprise: &mut Enterprise, field: &str, value: &str) -> Result<(), Unfit> {
    let value = value.trim();
    let text = Some(value.to_owned()).filter(|value| !value.is_empty());
    match field {
        "name" => enterprise.name = text,
        "region" => enterprise.region = text,
        "credit_code" => {
            check_credit_code(value)?;
            enterprise.credit_code = text;
        }
        "industry" => {
            check_industry(value)?;
            enterprise.industry = text;
        }
        "domains" => enterprise.domains = domains(value)?,
        "critical_infrastructure" => enterprise.critical_infrastructure = Some(yes_or_no(field, value)?),
        "backbone" => enterprise.backbone = Some(yes_or_no(field, value)?),
        "export_control" => enterprise.export_control = Some(yes_or_no(field, value)?),
        "provinces" => enterprise.provinces = Some(provinces(Column::parts(value))?),
        "sectors" => enterprise.sectors = sectors(Column::parts(value))?,
        "industrial_internet" => enterprise.industrial_internet = Some(roles(value)?),
        other => _ = enterprise.profile.insert(other.to_owned(), value.to_owned()),
    }
    Ok(())
}

/// 统一社会信用代码: 18 characters, whose last checks the others (GB 32100).
pub fn check_credit_code(code: &str) -> Result<(), Unfit> {
    match checksum::verify(Check::Uscc, code.as_bytes()) {
        Some(Verdict::Confirmed) => Ok(()),
        _ => Err(Unfit::Value(
            "credit_code".to_owned(),
            "校验位正确的 18 位代码，请对照营业执照".to_owned(),
            "a code of 18 characters whose check digit is right; compare it with the licence".to_owned(),
        )),
    }
}

/// 国民经济行业分类 (GB/T 4754): a letter from A to T and two to four digits, e.g. `C31` or `C3232`.
pub fn check_industry(code: &str) -> Result<(), Unfit> {
    let mut letters = code.bytes();
    let is_section = letters.next().is_some_and(|letter| matches!(letter, b'A'..=b'T'));
    if is_section && (2..=4).contains(&letters.len()) && letters.all(|digit| digit.is_ascii_digit()) {
        return Ok(());
    }
    Err(Unfit::Value(
        "industry".to_owned(),
        " GB/T 4754 代码：A 至 T 的字母加二至四位数字，如 C31、C3232".to_owned(),
        "a code of GB/T 4754: a letter from A to T and two to four digits, such as C31 or C3232".to_owned(),
    ))
}

/// The codes of the provinces that are named, sorted, each once.
pub fn provinces<'t>(named: impl IntoIterator<Item = &'t str>) -> Result<Vec<String>, Unfit> {
    let codes: Option<std::collections::BTreeSet<&str>> = named.into_iter().map(province_code).collect();
    let takes = || {
        Unfit::Value(
            "provinces".to_owned(),
            "省级行政区的名称或 GB/T 2260 代码，用顿号分开".to_owned(),
            "names of provinces or their codes of GB/T 2260, parted by commas".to_owned(),
        )
    };
    Ok(codes.ok_or_else(takes)?.into_iter().map(str::to_owned).collect())
}

/// The ids of the domains that are named, by id or by the word of the form.
fn domains(value: &str) -> Result<Vec<String>, Unfit> {
    let id_of = |part: &str| DOMAINS.iter().find(|(id, word)| *id == part || *word == part).map(|(id, _)| *id);
    let ids: Option<Vec<String>> = Column::parts(value).map(|part| id_of(part).map(str::to_owned)).collect();
    ids.filter(|ids| !ids.is_empty()).ok_or_else(|| {
        Unfit::Value(
            "domains".to_owned(),
            "工业、电信、无线电、软件和信息技术服务中的一项或数项".to_owned(),
            "some of industrial, telecom, radio, software".to_owned(),
        )
    })
}

/// The sectors of `miit-166/40` and `miit-166/41` that are named, by id or by their word; 无 or none says that there are none.
pub fn sectors<'t>(named: impl IntoIterator<Item = &'t str>) -> Result<Vec<String>, Unfit> {
    let id_of = |part: &str| match part {
        "government" | "政务" => Some("government"),
        "defence" | "国防科技工业" => Some("defence"),
        _ => None,
    };
    let named = named.into_iter().filter(|part| !matches!(*part, "无" | "none"));
    let ids: Option<Vec<String>> = named.map(|part| id_of(part).map(str::to_owned)).collect();
    ids.ok_or_else(|| {
        Unfit::Value(
            "sectors".to_owned(),
            "政务、国防科技工业；都不是则 无".to_owned(),
            "government, defence, or none".to_owned(),
        )
    })
}

fn yes_or_no(field: &str, value: &str) -> Result<bool, Unfit> {
    match value {
        "是" | "true" | "yes" => Ok(true),
        "否" | "false" | "no" => Ok(false),
        _ => Err(Unfit::Value(field.to_owned(), "是 或 否".to_owned(), "是 or 否".to_owned())),
    }
}

/// Roles as `networked:3、platform:2`; 无 or none says that there are none.
fn roles(value: &str) -> Result<Vec<InternetRole>, Unfit> {
    if matches!(value, "无" | "none") {
        return Ok(Vec::new());
    }
    let role = |part: &str| {
        let (kind, level) = part.split_once([':', '：'])?;
        let kind = InternetKind::ALL.into_iter().find(|known| known.id() == kind.trim())?;
        let level = level.trim().parse().ok().filter(|level| (1..=3).contains(level))?;
        Some(InternetRole { kind, level })
    };
    let roles: Option<Vec<InternetRole>> = Column::parts(value).map(role).collect();
    roles.filter(|roles| !roles.is_empty()).ok_or_else(|| {
        Unfit::Value(
            "industrial_internet".to_owned(),
            "networked、platform、identifier 及其级别，如 networked:3；都不是则 none（miit-68/5、6）".to_owned(),
            "networked, platform, identifier with their levels, such as networked:3, or none (miit-68/5, 6)".to_owned(),
        )
    })
}

/// The categories that a typed one may have meant: those of its top, else all leaves.
#[must_use]
pub fn categories_near<'t>(typed: &str, taxonomy: &'t Taxonomy) -> Vec<&'t str> {
    let leaves = || taxonomy.nodes().map(|node| node.id.as_str()).filter(|id| id.contains('.'));
    let top = typed.split('.').next().unwrap_or_default();
    let near: Vec<&str> = leaves().filter(|id| id.split('.').next() == Some(top)).collect();
    if near.is_empty() { leaves().collect() } else { near }
}

#[cfg(test)]
#[path = "profile_tests.rs"]
mod tests;
