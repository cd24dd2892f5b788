//! `mulu review`: what a named person, or the authority, says of proposals.

use std::io::Write;

use crate::catalog::class::Class;
use crate::catalog::profile::categories_near;
use crate::model::{Act, CategoryId, Decision, Lang, Level, LevelDecision};
use crate::regime::Taxonomy;

use super::arguments::Format;
use super::arguments::review::{DecisionArguments, ReviewAction, ReviewArguments};
use super::basis;
use super::classes::{self, classes_of_now};
use super::complaint::Complaint;
use super::exit::Exit;
use super::filing::today;
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
    }
}

fn list(session: &mut Session, all: bool) -> anyhow::Result<Exit> {
    let (format, lang) = (session.format(), session.lang);
    if !matches!(format, Format::Table | Format::Json) {
        return Err(session.wrong_format("table|json").into());
    }
    let waits = |class: &Class| !class.level.is_confirmed() && class.proposal.level.is_filed();
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
                effective.label(lang).to_owned(),
                class.proposal.articles().join(" "),
                class.scale.records.map(|records| grouped(records.value)).unwrap_or_default(),
                class.scale.bytes.map(|size| bytes(size.value)).unwrap_or_default(),
            ]);
        }
        table.print(&mut *out)?;
    }
    out.flush()?;
    Ok(Exit::Done)
}

fn decide(session: &mut Session, act: Act, arguments: &DecisionArguments) -> anyhow::Result<Exit> {
    let target = find(session, &arguments.id)?;
    let decision = decision(act, arguments, &target, &session.regime().taxonomy)?;
    session.inventory()?.record_decision(&decision)?;
    let lang = session.lang;
    let mut out = session.output()?;
    let level = decision.level.map(|level| level.label(lang)).unwrap_or_default();
    let (id, by) = (&decision.target, &decision.by);
    match lang {
        Lang::Zh => writeln!(out, "已记录：{id} {} {level}（{by}）", act_label(act, lang))?,
        Lang::En => writeln!(out, "recorded: {id} {} {level} (by {by})", act_label(act, lang))?,
    }
    out.flush()?;
    Ok(Exit::Done)
}

/// The decision that was typed, if it makes sense for its target.
fn decision(
    act: Act,
    arguments: &DecisionArguments,
    target: &Target,
    taxonomy: &Taxonomy,
) -> Result<Decision, Complaint> {
    if let Some(category) = arguments.category.as_deref().filter(|category| !taxonomy.contains(category)) {
        let known = categories_near(category, taxonomy);
        return Err(Complaint::new(
            format!("没有类别 {category}；可用的有 {}", known.join("、")),
            format!("no category {category}; there are {}", known.join(", ")),
        ));
    }
    if arguments.category.is_some() && matches!(target, Target::Class(_)) {
        return Err(Complaint::new(
            "数据类由其资产的类别组成；请对资产（a…）指定 --category",
            "a class is made of its assets' categories; give --category for the assets (a…)",
        ));
    }
    if arguments.detector.is_some() && (act == Act::Override || matches!(target, Target::Class(_))) {
        return Err(Complaint::new(
            "--detector 只能用于对资产（a…）的 confirm 或 reject",
            "--detector belongs to confirm or reject of an asset (a…)",
        ));
    }
    if act == Act::Override && arguments.level.is_none() && arguments.category.is_none() {
        return Err(Complaint::new(
            "主管部门决定了什么？请给出 --level 或 --category",
            "what has the authority decided? give --level or --category",
        ));
    }
    if by_or_reason_is_empty(arguments) {
        return Err(Complaint::new(
            "--by 和 --reason 不能为空：决定须有人负责并说明理由",
            "--by and --reason must not be empty: somebody answers for a decision, with a reason",
        ));
    }
    // A confirmation says which level it confirms, so that a later proposal does not change what was confirmed.
    let of_detector = arguments.detector.is_some();
    let proposed = target.level().proposed.filter(|_| act == Act::Confirm && !of_detector);
    let level = arguments.level.or(proposed);
    if act == Act::Confirm && !of_detector && level.is_none() {
        // Later it may be read, and what is proposed then is nothing that anybody has seen now.
        return Err(Complaint::new(
            "该资产尚未读取，没有可确认的级别；请给出 --level",
            "it was not read and has no proposed level to confirm; give --level",
        ));
    }
    let category = arguments.category.as_deref().map(CategoryId::new);
    let confirmed = target
        .category()
        .cloned()
        .filter(|_| act == Act::Confirm && !of_detector && matches!(target, Target::Asset(_)));
    Ok(Decision {
        target: target.id().to_owned(),
        act,
        category: category.or(confirmed),
        level,
        detector: arguments.detector.clone(),
        by: arguments.by.clone(),
        date: arguments.date.unwrap_or_else(today).to_string(),
        reason: arguments.reason.clone(),
        document: arguments.document.clone(),
        under: None,
        saw: Some(target.saw()),
    })
}

fn by_or_reason_is_empty(arguments: &DecisionArguments) -> bool {
    arguments.by.trim().is_empty() || arguments.reason.trim().is_empty()
}

fn act_label(act: Act, lang: Lang) -> &'static str {
    match act {
        Act::Confirm => lang.pick("确认", "confirm"),
        Act::Override => lang.pick("主管部门认定", "override"),
        Act::Reject => lang.pick("否定", "reject"),
    }
}

fn show(session: &mut Session, id: &str) -> anyhow::Result<Exit> {
    let (format, lang) = (session.format(), session.lang);
    if !matches!(format, Format::Table | Format::Json) {
        return Err(session.wrong_format("table|json").into());
    }
    let target = find(session, id)?;
    let mut decisions = session.inventory()?.decisions()?;
    decisions.retain(|decision| decision.target == target.id());
    let criteria = session.regime().criteria.clone();
    let category = target.category().map(|id| session.regime().taxonomy.label(id.as_str(), lang).to_owned());
    let mut out = session.output()?;
    if format == Format::Json {
        let shown = serde_json::json!({
            "id": target.id(),
            "category": target.category(),
            "level": target.level(),
            "criteria": target.bases(),
            "decisions": decisions,
        });
        writeln!(out, "{shown}")?;
    } else {
        let category = category.unwrap_or_else(|| lang.pick("未归类", "unclassified").to_owned());
        writeln!(out, "{}  {category}", target.id())?;
        print_level(&mut *out, target.level(), lang)?;
        basis::print(&mut *out, target.bases(), &criteria, lang)?;
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
    let act = act_label(decision.act, lang);
    let level = decision.level.map(|level| level.label(lang)).unwrap_or_default();
    let what = decision.detector.as_deref().unwrap_or(level);
    writeln!(out, "  {} {act} {what} · {} · {}", decision.date, decision.by, decision.reason)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::fixture::{PARAMETERS, classes, record, regime};

    fn typed() -> DecisionArguments {
        DecisionArguments {
            id: String::new(),
            category: None,
            level: None,
            detector: None,
            document: None,
            by: "王工".to_owned(),
            reason: "年度评审".to_owned(),
            date: Some("2026-03-01".parse().unwrap()),
        }
    }

    fn asset() -> Target {
        Target::Asset(Box::new(record("mes", "a", PARAMETERS, Some(2000), 10)))
    }

    fn class() -> Target {
        let classes = classes(&[record("mes", "a", PARAMETERS, Some(2000), 10)], &[]);
        Target::Class(Box::new(classes.into_iter().next().unwrap()))
    }

    fn decided(act: Act, arguments: &DecisionArguments, target: &Target) -> Result<Decision, String> {
        decision(act, arguments, target, &regime().taxonomy).map_err(|complaint| complaint.to_string())
    }

    #[test]
    fn a_confirmation_records_the_level_that_was_proposed_when_it_was_made() {
        let confirmed = decided(Act::Confirm, &typed(), &class()).unwrap();
        assert_eq!((confirmed.level, confirmed.category), (Some(Level::Important), None));
        let confirmed = decided(Act::Confirm, &typed(), &asset()).unwrap();
        assert_eq!(confirmed.category, Some(CategoryId::new(PARAMETERS)));
        assert_eq!(confirmed.date, "2026-03-01");
    }

    #[test]
    fn an_asset_that_was_not_read_has_nothing_to_confirm_until_a_level_is_given() {
        let mut unread = record("mes", "a", PARAMETERS, Some(2000), 10);
        unread.decision.proposed = None;
        let unread = Target::Asset(Box::new(unread));
        assert!(decided(Act::Confirm, &typed(), &unread).unwrap_err().contains("--level"));
        let given = DecisionArguments { level: Some(Level::Important), ..typed() };
        assert_eq!(decided(Act::Confirm, &given, &unread).unwrap().level, Some(Level::Important));
    }

    #[test]
    fn a_rejection_sets_no_level_by_itself() {
        assert_eq!(decided(Act::Reject, &typed(), &class()).unwrap().level, None);
    }

    #[test]
    fn decisions_that_make_no_sense_say_what_to_do() {
        let unknown = DecisionArguments { category: Some("production.nonsense".to_owned()), ..typed() };
        assert!(decided(Act::Confirm, &unknown, &asset()).unwrap_err().contains("production.quality"));
        let unknown = DecisionArguments { category: Some("managment.hr".to_owned()), ..typed() };
        assert!(decided(Act::Confirm, &unknown, &asset()).unwrap_err().contains("management.hr"));
        let category = DecisionArguments { category: Some(PARAMETERS.to_owned()), ..typed() };
        assert!(decided(Act::Confirm, &category, &class()).unwrap_err().contains("assets (a…)"));
        assert!(decided(Act::Override, &typed(), &class()).unwrap_err().contains("--level or --category"));
        let detector = DecisionArguments { detector: Some("cn.mobile".to_owned()), ..typed() };
        assert!(decided(Act::Reject, &detector, &class()).unwrap_err().contains("--detector"));
        assert!(decided(Act::Reject, &detector, &asset()).is_ok());
        let nobody = DecisionArguments { by: " ".to_owned(), ..typed() };
        assert!(decided(Act::Confirm, &nobody, &class()).unwrap_err().contains("--by"));
    }
}
