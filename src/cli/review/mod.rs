//! `mulu review`: what a named person, or the authority, says of proposals.

mod workbook;

use std::io::Write;

use crate::catalog::class::Class;
use crate::model::{Act, Decision, Lang, Level, LevelDecision, Speak, Under};
use crate::review::{self, Asked, Subject};

use super::arguments::Format;
use super::arguments::review::{DecisionArguments, ReviewAction, ReviewArguments};
use super::basis;
use super::classes::{self, classes_of_now};
use super::complaint::Complaint;
use super::exit::Exit;
use super::filing::today;
use super::rules;
use super::session::Session;
use super::table::{Table, bytes, grouped};
use super::target::{Target, find};

pub(crate) fn run(arguments: &ReviewArguments, session: &mut Session) -> anyhow::Result<Exit> {
    match &arguments.action {
        ReviewAction::List { all } => list(session, *all),
        ReviewAction::Show { id } => show(session, id),
        ReviewAction::Confirm(decision) => decide(session, Act::Confirm, decision),
        ReviewAction::Override(decision) => decide(session, Act::Override, decision),
        ReviewAction::Reject(decision) => decide(session, Act::Reject, decision),
        ReviewAction::Export(what) => workbook::export(session, what),
        ReviewAction::Import(what) => workbook::import(session, what),
    }
}

fn list(session: &mut Session, all: bool) -> anyhow::Result<Exit> {
    let (format, lang) = (session.format(), session.lang);
    if !matches!(format, Format::Table | Format::Json) {
        return Err(session.wrong_format("table|json").into());
    }
    let waits =
        |class: &Class| !class.level.is_confirmed() && class.proposal.level.is_filed() || class.level.is_contradicted();
    let classes: Vec<Class> = classes_of_now(session)?.into_iter().filter(|class| all || waits(class)).collect();
    let taxonomy = session.regime().taxonomy.clone();
    let mut out = session.output()?;
    if format == Format::Json {
        let lines: Vec<serde_json::Value> = classes.iter().map(classes::line).collect();
        writeln!(out, "{}", serde_json::json!({ "classes": lines }))?;
    } else if classes.is_empty() {
        writeln!(
            out,
            "{}",
            lang.pick("没有待确认的重要或核心数据类", "no class of important or core data waits for a person")
        )?;
    } else {
        let mut table = Table::new(match lang {
            Lang::Zh => ["编号", "类别", "载体", "建议级别", "现级别", "依据", "#条目", "#字节"],
            Lang::En => ["id", "category", "store", "proposed", "effective", "criteria", "#records", "#bytes"],
        });
        for class in &classes {
            let effective = class.level.effective().unwrap_or(class.proposal.level);
            table.row([
                class.id.0.clone(),
                taxonomy.label(class.category.as_str(), lang).to_owned(),
                class.store.clone(),
                class.proposal.level.label(lang).to_owned(),
                format!("{}{}", effective.label(lang), if class.level.is_contradicted() { "!" } else { "" }),
                class.proposal.articles().join(" "),
                class.scale.records.map(|records| grouped(records.value)).unwrap_or_default(),
                class.scale.bytes.map(|size| bytes(size.value)).unwrap_or_default(),
            ]);
        }
        table.print(&mut *out)?;
        if classes.iter().any(|class| class.level.is_contradicted()) {
            let note = "! 新的证据与已确认的级别不符，请再次确认";
            writeln!(out, "{}", lang.pick(note, "! new evidence speaks against what was confirmed: look again"))?;
        }
    }
    out.flush()?;
    Ok(Exit::Done)
}

fn decide(session: &mut Session, act: Act, arguments: &DecisionArguments) -> anyhow::Result<Exit> {
    let target = find(session, &arguments.id)?;
    let subject = Subject {
        id: target.id(),
        under: target.under(),
        is_class: matches!(target, Target::Class(_)),
        proposed: target.level().proposed,
        category: target.category(),
        saw: target.saw(),
    };
    let under = target.under().map(|under| assets_under(session, under)).transpose()?;
    check_detector(session, arguments.detector.as_deref())?;
    let decision = review::decide(&asked(act, arguments), &subject, &session.regime().taxonomy)
        .map_err(|senseless| Complaint::new(senseless.say(Lang::Zh), senseless.say(Lang::En)))?;
    session.inventory()?.record_decision(&decision)?;
    let lang = session.lang;
    let mut out = session.output()?;
    let level = decision.level.map(|level| level.label(lang)).unwrap_or_default();
    let place = decision.under.as_ref().map(|under| format!("{}/{}", under.store, under.prefix));
    let (id, by) = (place.as_ref().unwrap_or(&decision.target), &decision.by);
    let what = decision.detector.as_deref().unwrap_or(level);
    match (lang, under) {
        (Lang::Zh, None) => writeln!(out, "已记录：{id} {} {what}（{by}）", act.label(lang))?,
        (Lang::En, None) => writeln!(out, "recorded: {id} {} {what} (by {by})", act.label(lang))?,
        (Lang::Zh, Some(assets)) => {
            writeln!(out, "已记录：{id} {} {what}（{by}），现有资产 {} 项", act.label(lang), grouped(assets))?;
        }
        (Lang::En, Some(assets)) => {
            writeln!(out, "recorded: {id} {} {what} (by {by}), assets: {}", act.label(lang), grouped(assets))?;
        }
    }
    out.flush()?;
    Ok(Exit::Done)
}

/// How many assets lie under a place: one under which there are none was written wrongly.
fn assets_under(session: &mut Session, under: &Under) -> anyhow::Result<u64> {
    let mut count = 0;
    session.inventory()?.assets_now(&mut |record| {
        let asset = &record.examined.asset;
        count += u64::from(under.holds(&asset.store, &asset.locator));
    })?;
    if count == 0 {
        let place = format!("{}/{}", under.store, under.prefix);
        return Err(Complaint::new(
            format!("{place} 下没有资产；用 mulu assets --by folder 查看位置"),
            format!("no asset lies under {place}; look places up with mulu assets --by folder"),
        )
        .into());
    }
    Ok(count)
}

/// A detector that there is not finds nothing that could be rejected.
fn check_detector(session: &Session, detector: Option<&str>) -> anyhow::Result<()> {
    let Some(id) = detector else { return Ok(()) };
    let pack = rules::load(session.configuration().scan.rules.as_deref())?;
    if pack.detector(id).is_none() {
        return Err(Complaint::new(
            format!("没有检测器 {id}；用 mulu rules list 查看"),
            format!("no detector {id}; look detectors up with mulu rules list"),
        )
        .into());
    }
    Ok(())
}

/// A decision as it was typed.
fn asked(act: Act, arguments: &DecisionArguments) -> Asked {
    Asked {
        act,
        category: arguments.category.clone(),
        level: arguments.level,
        detector: arguments.detector.clone(),
        document: arguments.document.clone(),
        by: arguments.by.clone(),
        reason: arguments.reason.clone(),
        date: arguments.date.unwrap_or_else(today).to_string(),
    }
}

fn show(session: &mut Session, id: &str) -> anyhow::Result<Exit> {
    let (format, lang) = (session.format(), session.lang);
    if !matches!(format, Format::Table | Format::Json) {
        return Err(session.wrong_format("table|json").into());
    }
    let target = find(session, id)?;
    let mut decisions = session.inventory()?.decisions()?;
    decisions.retain(|decision| decision.target == target.id() || speaks_of(decision, &target));
    let criteria = session.regime().criteria.clone();
    let category = target.category().map(|id| session.regime().taxonomy.label(id.as_str(), lang).to_owned());
    let mut out = session.output()?;
    if format == Format::Json {
        let shown = serde_json::json!({
            "id": target.id(),
            "category": target.category(),
            "level": target.level(),
            "contradicted": target.is_contradicted(),
            "criteria": target.bases(),
            "open": target.proposal().map(|proposal| &proposal.open),
            "decisions": decisions,
        });
        writeln!(out, "{shown}")?;
    } else {
        let category = category.unwrap_or_else(|| lang.pick("未归类", "unclassified").to_owned());
        match target.under() {
            Some(under) => writeln!(out, "{}/{}", under.store, under.prefix)?,
            None => writeln!(out, "{}  {category}", target.id())?,
        }
        print_level(&mut *out, target.level(), lang)?;
        if target.is_contradicted() {
            let note = "  新的证据与已确认的不符，请再次确认";
            writeln!(out, "{}", lang.pick(note, "  new evidence speaks against what was confirmed: look again"))?;
        }
        basis::print(&mut *out, target.bases(), &criteria, lang)?;
        basis::print_open(&mut *out, target.proposal(), &criteria, lang)?;
        decisions.iter().try_for_each(|decision| print_decision(&mut *out, decision, lang))?;
    }
    out.flush()?;
    Ok(Exit::Done)
}

fn print_level(out: &mut dyn Write, level: LevelDecision, lang: Lang) -> std::io::Result<()> {
    let word = |level: Option<Level>| level.map_or("—", |level| level.label(lang));
    let (proposed, confirmed, authority) = (word(level.proposed), word(level.confirmed), word(level.authority));
    match lang {
        Lang::Zh => writeln!(out, "  建议 {proposed} · 确认 {confirmed} · 主管部门 {authority}"),
        Lang::En => writeln!(out, "  proposed {proposed} · confirmed {confirmed} · authority {authority}"),
    }
}

fn print_decision(out: &mut dyn Write, decision: &Decision, lang: Lang) -> std::io::Result<()> {
    let act = decision.act.label(lang);
    let level = decision.level.map(|level| level.label(lang)).unwrap_or_default();
    let what = decision.detector.as_deref().unwrap_or(level);
    write!(out, "  {} {act} {what} · {} · {}", decision.date, decision.by, decision.reason)?;
    decision.document.iter().try_for_each(|document| write!(out, " · {document}"))?;
    writeln!(out)
}

/// Whether a decision on a place speaks of an asset under it.
fn speaks_of(decision: &Decision, target: &Target) -> bool {
    let Target::Asset(record) = target else { return false };
    let asset = &record.examined.asset;
    decision.under.as_ref().is_some_and(|under| under.holds(&asset.store, &asset.locator))
}
