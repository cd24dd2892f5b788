//! `mulu filing`: what was handed to the authority, and what became of it.

use std::io::Write;

use jiff::civil::Date;
use jiff::tz;

use crate::catalog::{Catalog, Entry, Scope, check};
use crate::model::{Filing, FilingState, Lang, Speak};
use crate::regime::Calendar;

use super::arguments::Format;
use super::arguments::filing::{FilingAction, FilingArguments};
use super::catalog;
use super::complaint::Complaint;
use super::exit::Exit;
use super::session::Session;
use super::table::Table;

/// 审核 by the authority (`miit-166/12`).
const WORKING_DAYS_TO_REVIEW: u32 = 20;
/// Handing in again after a refusal (`miit-166/12`).
const WORKING_DAYS_TO_RESUBMIT: u32 = 15;

pub(crate) fn run(arguments: &FilingArguments, session: &mut Session) -> anyhow::Result<Exit> {
    match &arguments.action {
        FilingAction::Submit { by, date, authority, allow_incomplete, allow_unconfirmed } => {
            let allowed = Allowed { incomplete: *allow_incomplete, unconfirmed: *allow_unconfirmed };
            submit(session, by, date.unwrap_or_else(today), authority.as_deref(), allowed)
        }
        FilingAction::Accept { id, number, date } => accept(session, *id, number, date.unwrap_or_else(today)),
        FilingAction::Reject { id, date, reason } => reject(session, *id, date.unwrap_or_else(today), reason),
        FilingAction::List => list(session),
    }
}

/// Today in the country whose calendar counts, wherever the machine believes to be.
pub(crate) fn today() -> Date {
    jiff::Timestamp::now().to_zoned(tz::TimeZone::fixed(tz::offset(8))).date()
}

#[derive(Clone, Copy)]
struct Allowed {
    incomplete: bool,
    unconfirmed: bool,
}

fn submit(
    session: &mut Session,
    by: &str,
    date: Date,
    authority: Option<&str>,
    allowed: Allowed,
) -> anyhow::Result<Exit> {
    let catalog = catalog::of_now(session, Scope::Filed, None)?;
    let gaps = check(&catalog, &session.regime().form).len();
    refuse(&catalog, gaps, allowed)?;
    let configured = session.configuration().authority.clone();
    let authority = authority.map(str::to_owned).or(configured).ok_or_else(|| {
        Complaint::new(
            "不知道向谁备案；请用 --authority 或在 mulu.toml 中写明 authority",
            "no authority to file with; give --authority, or authority in mulu.toml",
        )
    })?;
    let mut filing = Filing {
        id: 0,
        kind: crate::model::FilingKind::Initial,
        state: FilingState::Submitted,
        by: by.to_owned(),
        authority,
        submitted: date.to_string(),
        accepted: None,
        rejected: None,
        resubmits: None,
        cancelled: Vec::new(),
        number: None,
        as_of: catalog.as_of.clone(),
        entries: catalog.entries.iter().map(Entry::filed).collect(),
    };
    filing.id = session.inventory()?.save_filing(&filing)?;
    catalog::warn_of_unread_stores(session)?;
    let due = due(&session.regime().calendar, date, WORKING_DAYS_TO_REVIEW, session.lang);
    let (id, count) = (filing.id, filing.entries.len());
    tell(session, |lang| match lang {
        Lang::Zh => format!("备案 {id} 已记录：{count} 条；主管部门应于 {due} 前完成审核（miit-166/12）"),
        Lang::En => format!("filing {id} recorded, entries: {count}; the authority answers by {due} (miit-166/12)"),
    })
}

/// What keeps a catalog from being handed in.
fn refuse(catalog: &Catalog, gaps: usize, allowed: Allowed) -> Result<(), Complaint> {
    let unconfirmed = catalog.unconfirmed().count();
    if catalog.entries.is_empty() {
        return Err(Complaint::new(
            "没有重要或核心数据可备案；请先扫描并用 mulu review 确认级别",
            "nothing to file: no class is important or core; scan first, and confirm levels with mulu review",
        ));
    }
    if unconfirmed > 0 && !allowed.unconfirmed {
        return Err(Complaint::new(
            format!("{unconfirmed} 条的级别尚无人确认；请用 mulu review list 查看并确认，或加 --allow-unconfirmed"),
            format!(
                "levels that nobody has confirmed: {unconfirmed}; see mulu review list, or add --allow-unconfirmed"
            ),
        ));
    }
    if gaps > 0 && !allowed.incomplete {
        return Err(Complaint::new(
            format!("{gaps} 处缺项或矛盾；请按 mulu catalog check 的提示填写 mulu.toml，或加 --allow-incomplete"),
            format!(
                "cells missing or wrong: {gaps}; fill mulu.toml as mulu catalog check says, or add --allow-incomplete"
            ),
        ));
    }
    Ok(())
}

fn accept(session: &mut Session, id: i64, number: &str, date: Date) -> anyhow::Result<Exit> {
    let filings = session.inventory()?.filings()?;
    let mut filing = submitted(&filings, id, date)?;
    filing.state = FilingState::Accepted;
    filing.accepted = Some(date.to_string());
    filing.number = Some(number.to_owned());
    // The new baseline first: should the second write fail, the later of two accepted filings still counts.
    session.inventory()?.save_filing(&filing)?;
    for mut former in filings {
        let same = former.authority == filing.authority && former.id != filing.id;
        if same && former.state == FilingState::Accepted {
            former.state = FilingState::Superseded;
            session.inventory()?.save_filing(&former)?;
        }
    }
    tell(session, |lang| match lang {
        Lang::Zh => format!("备案 {id} 已于 {date} 通过，编号 {number}；此后的变化以它为基线"),
        Lang::En => format!("filing {id} accepted on {date} as {number}; changes are measured against it from now on"),
    })
}

fn reject(session: &mut Session, id: i64, date: Date, reason: &str) -> anyhow::Result<Exit> {
    let filings = session.inventory()?.filings()?;
    let mut filing = submitted(&filings, id, date)?;
    filing.state = FilingState::Rejected;
    filing.rejected = Some((date.to_string(), reason.to_owned()));
    session.inventory()?.save_filing(&filing)?;
    let due = due(&session.regime().calendar, date, WORKING_DAYS_TO_RESUBMIT, session.lang);
    tell(session, |lang| match lang {
        Lang::Zh => format!("备案 {id} 未予通过；须于 {due} 前再次提交（miit-166/12）"),
        Lang::En => format!("filing {id} rejected; hand it in again by {due} (miit-166/12)"),
    })
}

/// The filing of an id, if it still waits for an answer and the answer is not older than itself.
fn submitted(filings: &[Filing], id: i64, date: Date) -> Result<Filing, Complaint> {
    let filing = filings.iter().find(|filing| filing.id == id).ok_or_else(|| {
        Complaint::new(
            format!("没有编号为 {id} 的备案；用 mulu filing list 查看"),
            format!("no filing {id}; see mulu filing list"),
        )
    })?;
    if filing.state != FilingState::Submitted {
        return Err(Complaint::new(
            format!("备案 {id} 的状态是 {}，不在待审核之列", state_label(filing.state, Lang::Zh)),
            format!("filing {id} is {} already, it waits for no answer", filing.state.id()),
        ));
    }
    if date.to_string() < filing.submitted {
        return Err(Complaint::new(
            format!("{date} 早于提交日期 {}；请更正 --date", filing.submitted),
            format!("{date} is before the day of its submission, {}; correct --date", filing.submitted),
        ));
    }
    Ok(filing.clone())
}

/// The last of `count` working days, or what keeps it from being counted.
fn due(calendar: &Calendar, from: Date, count: u32, lang: Lang) -> String {
    match calendar.add_working_days(from, count) {
        Ok(day) => day.to_string(),
        Err(missing) => match lang {
            Lang::Zh => format!("（{count} 个工作日，{}）", missing.say(lang)),
            Lang::En => format!("({count} working days, {})", missing.say(lang)),
        },
    }
}

fn tell(session: &mut Session, sentence: impl Fn(Lang) -> String) -> anyhow::Result<Exit> {
    let lang = session.lang;
    let mut out = session.output()?;
    writeln!(out, "{}", sentence(lang))?;
    out.flush()?;
    Ok(Exit::Done)
}

fn list(session: &mut Session) -> anyhow::Result<Exit> {
    let (format, lang) = (session.format(), session.lang);
    if !matches!(format, Format::Table | Format::Json) {
        return Err(session.wrong_format("table|json").into());
    }
    let filings = session.inventory()?.filings()?;
    let mut out = session.output()?;
    if format == Format::Json {
        let filings: Vec<serde_json::Value> = filings.iter().map(line).collect();
        writeln!(out, "{}", serde_json::json!({ "filings": filings }))?;
    } else {
        let mut table = Table::new(match lang {
            Lang::Zh => ["编号", "状态", "提交", "通过", "备案号", "主管部门", "#条目"],
            Lang::En => ["id", "state", "submitted", "accepted", "number", "authority", "#entries"],
        });
        for filing in &filings {
            table.row([
                filing.id.to_string(),
                state_label(filing.state, lang).to_owned(),
                filing.submitted.clone(),
                filing.accepted.clone().unwrap_or_default(),
                filing.number.clone().unwrap_or_default(),
                filing.authority.clone(),
                filing.entries.len().to_string(),
            ]);
        }
        table.print(&mut *out)?;
    }
    out.flush()?;
    Ok(Exit::Done)
}

fn line(filing: &Filing) -> serde_json::Value {
    serde_json::json!({
        "id": filing.id,
        "state": filing.state,
        "submitted": filing.submitted,
        "accepted": filing.accepted,
        "number": filing.number,
        "authority": filing.authority,
        "entries": filing.entries.len(),
    })
}

fn state_label(state: FilingState, lang: Lang) -> &'static str {
    match state {
        FilingState::Submitted => lang.pick("已提交", "submitted"),
        FilingState::Accepted => lang.pick("已通过", "accepted"),
        FilingState::Rejected => lang.pick("未通过", "rejected"),
        FilingState::Superseded => lang.pick("已被取代", "superseded"),
        other => other.id(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::fixture::{PARAMETERS, accepted, catalog, classes, full_register, record};

    fn one_entry() -> Catalog {
        catalog(classes(&[record("mes", "a", PARAMETERS, Some(2000), 10)], &[]), &full_register(), Scope::Filed)
    }

    #[test]
    fn a_catalog_that_is_empty_unconfirmed_or_incomplete_is_refused_with_the_way_out() {
        let strict = Allowed { incomplete: false, unconfirmed: false };
        let lenient = Allowed { incomplete: true, unconfirmed: true };
        let empty = catalog(Vec::new(), &full_register(), Scope::Filed);
        assert!(refuse(&empty, 0, lenient).unwrap_err().to_string().contains("mulu review"));
        assert!(refuse(&one_entry(), 0, strict).unwrap_err().to_string().contains("nobody has confirmed: 1"));
        let gaps = refuse(&one_entry(), 3, Allowed { unconfirmed: true, ..strict }).unwrap_err().to_string();
        assert!(gaps.contains('3') && gaps.contains("--allow-incomplete"), "{gaps}");
        assert!(refuse(&one_entry(), 3, lenient).is_ok());
    }

    #[test]
    fn only_a_submitted_filing_is_answered_and_not_before_its_day() {
        let mut filing = accepted(&one_entry());
        let day: Date = "2026-03-02".parse().unwrap();
        assert!(submitted(std::slice::from_ref(&filing), 1, day).unwrap_err().to_string().contains("accepted already"));
        filing.state = FilingState::Submitted;
        assert!(submitted(std::slice::from_ref(&filing), 1, day).is_ok());
        assert!(submitted(std::slice::from_ref(&filing), 2, day).unwrap_err().to_string().contains("no filing 2"));
        let early: Date = "2026-02-01".parse().unwrap();
        assert!(submitted(&[filing], 1, early).unwrap_err().to_string().contains("--date"));
    }
}
