//! `mulu explain`: why an asset has its category and its level, in the reader's language, without a value.

use std::io::Write;

use crate::catalog::class::Class;
use crate::export::asset::{AssetLine, LevelLine};
use crate::inventory::AssetRecord;
use crate::level::articles;
use crate::model::{Distinct, Lang, LevelDecision, Reason, Speak, Status, TableSummary};
use crate::regime::{Criteria, Taxonomy};
use crate::rules::RulePack;

use super::arguments::{ExplainArguments, Format};
use super::basis;
use super::complaint::Complaint;
use super::evidence;
use super::exit::Exit;
use super::grant;
use super::rules;
use super::session::Session;
use super::table::{Table, bytes, grouped};
use super::target::{Target, find};

pub(crate) fn run(arguments: &ExplainArguments, session: &mut Session) -> anyhow::Result<Exit> {
    let (format, lang) = (session.format(), session.lang);
    if !matches!(format, Format::Table | Format::Json) {
        return Err(session.wrong_format("table|json").into());
    }
    let (taxonomy, criteria) = (session.regime().taxonomy.clone(), session.regime().criteria.clone());
    let pack = rules::load(session.configuration().scan.rules.as_deref())?;
    let target = find(session, &arguments.id)?;
    let assets = match &target {
        Target::Class(class) => assets_of(class, session)?,
        Target::Asset(_) => Vec::new(),
        Target::Place(_) => {
            return Err(Complaint::new(
                "请给出一项资产（a…）或数据类（c…）的编号",
                "give the id of one asset (a…) or class (c…)",
            )
            .into());
        }
    };
    let grant = match &target {
        Target::Asset(record) => grant_of(record, session)?,
        Target::Class(_) | Target::Place(_) => None,
    };
    let mut out = session.output()?;
    match (&target, format) {
        (Target::Class(class), Format::Json) => writeln!(out, "{}", class_json(class))?,
        (Target::Class(class), _) => print_class(&mut out, class, &assets, (&taxonomy, &criteria), lang)?,
        (Target::Asset(record), Format::Json) => writeln!(out, "{}", asset_json(record, grant)?)?,
        (Target::Asset(record), _) => {
            print_asset(
                &mut out,
                record,
                &Texts { taxonomy: &taxonomy, criteria: &criteria, pack: &pack, grant },
                lang,
            )?;
        }
        (Target::Place(_), _) => {}
    }
    out.flush()?;
    Ok(Exit::Done)
}

fn assets_of(class: &Class, session: &mut Session) -> anyhow::Result<Vec<AssetRecord>> {
    let mut assets = Vec::new();
    session.inventory()?.assets_now(&mut |record| {
        if record.examined.asset.store == class.store && record.category.as_ref() == Some(&class.category) {
            assets.push(record);
        }
    })?;
    Ok(assets)
}

/// What opens a table that was closed to the login of the store's latest scan.
fn grant_of(record: &AssetRecord, session: &mut Session) -> anyhow::Result<Option<String>> {
    if record.examined.reason != Some(Reason::PermissionDenied) {
        return Ok(None);
    }
    let scans = session.inventory()?.scans()?;
    let results = scans.iter().rev().flat_map(|scan| &scan.stores);
    let mut connections =
        results.filter(|result| result.store == record.examined.asset.store).filter_map(|it| it.connection.as_ref());
    Ok(grant::statement(&record.examined, connections.next()))
}

fn asset_json(record: &AssetRecord, grant: Option<String>) -> anyhow::Result<serde_json::Value> {
    let mut value = serde_json::to_value(AssetLine::of(record))?;
    if let Some(object) = value.as_object_mut() {
        let classification = record.examined.classification.as_ref();
        let contributions = classification.map(|classification| &classification.contributions);
        let fields = classification.map(|classification| &classification.fields);
        object.insert("evidence".to_owned(), serde_json::to_value(contributions)?);
        object.insert("fields".to_owned(), serde_json::to_value(fields)?);
        let bases = record.examined.proposal.as_ref().map(|proposal| &proposal.bases);
        object.insert("grant".to_owned(), grant.into());
        object.insert("table".to_owned(), serde_json::to_value(&record.examined.table)?);
        object.insert("bases".to_owned(), serde_json::to_value(bases)?);
        object.insert("rules_version".to_owned(), record.rules_version.clone().into());
        object.insert("regime_version".to_owned(), record.regime_version.clone().into());
    }
    Ok(value)
}

fn class_json(class: &Class) -> serde_json::Value {
    let level = LevelLine::of(class.level, articles(&class.level, &class.proposal));
    serde_json::json!({
        "id": class.id, "category": class.category, "store": class.store, "level": level,
        "bases": class.proposal.bases, "open": class.proposal.open, "notices": class.notices,
    })
}

/// What a database says of a table besides its rows, in one line.
fn described(table: &TableSummary, lang: Lang) -> String {
    let counts = [
        (table.columns, lang.pick("列", "columns")),
        (table.primary_key, lang.pick("个主键列", "in the primary key")),
        (table.unique_keys, lang.pick("个其他唯一键", "other unique keys")),
        (table.references, lang.pick("个外键", "references to other tables")),
        (table.partitions, lang.pick("个分区", "partitions")),
    ];
    let counts = counts.into_iter().filter(|(count, _)| *count > 0);
    let mut parts: Vec<String> = counts.map(|(count, what)| format!("{} {what}", grouped(count))).collect();
    parts.extend(
        table
            .index_bytes
            .filter(|size| size.value > 0)
            .map(|size| format!("{} {}", lang.pick("索引", "indexes"), bytes(size.value))),
    );
    parts.join(lang.pick("，", ", "))
}

/// What ids stand for.
struct Texts<'t> {
    taxonomy: &'t Taxonomy,
    criteria: &'t Criteria,
    pack: &'t RulePack,
    /// The statement that would open a table that is closed to the login.
    grant: Option<String>,
}

fn print_asset(out: &mut dyn Write, record: &AssetRecord, texts: &Texts<'_>, lang: Lang) -> std::io::Result<()> {
    let examined = &record.examined;
    writeln!(out, "{}  {} · {}", record.id, examined.asset.store, examined.asset.locator)?;
    let reason = examined.reason.map(|reason| format!(" — {}", reason.say(lang))).unwrap_or_default();
    writeln!(out, "{}{reason}", examined.status.label(lang))?;
    if let Some(grant) = &texts.grant {
        writeln!(out, "{}  {grant};", lang.pick("授权语句", "to grant it"))?;
    }
    if let Some(table) = &examined.table {
        writeln!(out, "{}", described(table, lang))?;
    }
    let classification = examined.classification.as_ref();
    if let Some(best) = classification.and_then(|classification| classification.best.as_ref()) {
        writeln!(
            out,
            "\n{}  {} {}  {:.2}",
            lang.pick("类别", "category"),
            best.id,
            texts.taxonomy.label(best.id.as_str(), lang),
            best.score
        )?;
    }
    if record.category.as_ref() != classification.and_then(|all| all.best.as_ref()).map(|best| &best.id) {
        let set = record.category.as_ref().map_or("—", |category| category.as_str());
        writeln!(out, "{}  {set}", lang.pick("经确认的类别", "category set by a person"))?;
    }
    if let Some(classification) = classification {
        let alternatives = classification.alternatives.iter();
        let others: Vec<String> = alternatives.map(|other| format!("{} {:.2}", other.id, other.score)).collect();
        if !others.is_empty() {
            writeln!(out, "{}  {}", lang.pick("其他可能", "alternatives"), others.join(", "))?;
        }
        if classification.best.is_none() && examined.status == Status::Unclassified {
            let why = evidence::why_unclassified(classification, texts.taxonomy, lang);
            writeln!(out, "{}  {why}", lang.pick("未归类的原因", "why unclassified"))?;
        }
        if !classification.contributions.is_empty() {
            writeln!(out)?;
            evidence::print(out, &classification.contributions, texts.pack, texts.taxonomy, lang)?;
        }
    }
    print_identifiers(out, record, lang)?;
    if let Some(proposal) = &examined.proposal {
        let effective = record.decision.effective().unwrap_or(proposal.level);
        let source = source(record.decision, lang);
        writeln!(out, "\n{}  {} ({source})", lang.pick("级别", "level"), effective.label(lang))?;
        basis::print(out, &proposal.bases, texts.criteria, lang)?;
        basis::print_open(out, Some(proposal), texts.criteria, lang)?;
    }
    if !examined.markers.is_empty() {
        writeln!(out, "{}  {}", lang.pick("标记", "markers"), examined.markers.join(", "))?;
    }
    Ok(())
}

fn print_identifiers(out: &mut dyn Write, record: &AssetRecord, lang: Lang) -> std::io::Result<()> {
    let mut table = Table::new(match lang {
        Lang::Zh => ["标识符", "#命中", "#去重数", "置信度", "#校验通过", "列"],
        Lang::En => ["identifier", "#matches", "#distinct", "confidence", "#check passed", "columns"],
    });
    for finding in &record.examined.findings {
        let distinct = match finding.distinct() {
            Distinct::Estimate { estimate, .. } => grouped(estimate),
            Distinct::Range { at_least, at_most } => format!("{}…{}", grouped(at_least), grouped(at_most)),
        };
        let columns: Vec<&str> = finding.columns.iter().map(crate::model::PublicName::as_str).collect();
        table.row([
            finding.detector.clone(),
            grouped(finding.matches),
            distinct,
            format!("{:.2}", finding.confidence),
            finding.passed.map(|passed| format!("{:.1} %", passed * 100.0)).unwrap_or_default(),
            columns.join(", "),
        ]);
    }
    if table.is_empty() {
        return Ok(());
    }
    writeln!(out)?;
    table.print(out)
}

/// Assets of a class that are listed; the rest is counted.
const SHOWN_ASSETS: usize = 20;

fn print_class(
    out: &mut dyn Write,
    class: &Class,
    assets: &[AssetRecord],
    (taxonomy, criteria): (&Taxonomy, &Criteria),
    lang: Lang,
) -> std::io::Result<()> {
    let label = taxonomy.label(class.category.as_str(), lang);
    writeln!(out, "{}  {} {label} · {}", class.id, class.category, class.store)?;
    let effective = class.level.effective().unwrap_or(class.proposal.level);
    writeln!(out, "{}  {} ({})", lang.pick("级别", "level"), effective.label(lang), source(class.level, lang))?;
    basis::print(out, &class.proposal.bases, criteria, lang)?;
    basis::print_open(out, Some(&class.proposal), criteria, lang)?;
    basis::print_notices(out, &class.notices, criteria, lang)?;
    let mut table = Table::new(match lang {
        Lang::Zh => ["资产", "级别", "#记录", "#字节", "位置"],
        Lang::En => ["asset", "level", "#records", "#bytes", "locator"],
    });
    for record in assets.iter().take(SHOWN_ASSETS) {
        table.row([
            record.id.to_string(),
            record.decision.effective().map(|level| level.label(lang).to_owned()).unwrap_or_default(),
            record.examined.records.map(|records| grouped(records.value)).unwrap_or_default(),
            record.examined.bytes.map(|size| bytes(size.value)).unwrap_or_default(),
            record.examined.asset.locator.to_string(),
        ]);
    }
    writeln!(out)?;
    table.print(out)?;
    let more = assets.len().saturating_sub(SHOWN_ASSETS);
    match lang {
        _ if more == 0 => Ok(()),
        Lang::Zh => writeln!(out, "另有 {more} 项，见 mulu assets"),
        Lang::En => writeln!(out, "and {more} more, see mulu assets"),
    }
}

/// Who has said so.
fn source(level: LevelDecision, lang: Lang) -> &'static str {
    match (level.authority, level.confirmed) {
        (Some(_), _) => lang.pick("主管部门认定", "decided by the authority"),
        (None, Some(_)) => lang.pick("人工确认", "confirmed by a person"),
        (None, None) => lang.pick("建议，待人工确认", "proposed, awaits confirmation"),
    }
}
