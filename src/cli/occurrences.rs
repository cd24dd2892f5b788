//! `mulu duties record|void|events`: what starts and discharges duties, recorded by a named person.

use std::io::Write;

use jiff::civil::{Date, Time};

use crate::export::cell;
use crate::model::{Lang, Occurrence};
use crate::regime::Duties;

use super::arguments::Format;
use super::complaint::Complaint;
use super::exit::Exit;
use super::filing::today;
use super::session::Session;
use super::table::Table;

/// The longest text that is recorded, in letters: a sentence, not a document.
const MOST_LETTERS: usize = 300;

/// What is to be recorded.
pub(crate) struct New<'a> {
    pub(crate) event: &'a str,
    pub(crate) date: Date,
    pub(crate) time: Option<Time>,
    pub(crate) subject: Option<&'a str>,
    pub(crate) by: &'a str,
    pub(crate) note: Option<&'a str>,
}

pub(crate) fn record(session: &mut Session, new: &New<'_>) -> anyhow::Result<Exit> {
    let today = today();
    check(&session.regime().duties, new, today)?;
    let occurrence = Occurrence {
        id: 0,
        event: new.event.to_owned(),
        date: new.date.to_string(),
        time: new.time.map(|time| time.strftime("%H:%M").to_string()),
        subject: new.subject.map(|text| written("--subject", text)).transpose()?,
        by: written("--by", new.by)?,
        note: new.note.map(|text| written("--note", text)).transpose()?,
        recorded: today.to_string(),
        voids: None,
    };
    let id = session.inventory_or_new()?.record_occurrence(&occurrence)?;
    let (event, date) = (new.event, new.date);
    session.tell(|lang| match lang {
        Lang::Zh => format!("已记录 {id}：{event}，{date}；用 mulu duties 查看期限"),
        Lang::En => format!("recorded {id}: {event} on {date}; mulu duties shows what follows"),
    })
}

/// What keeps an event from being recorded.
fn check(duties: &Duties, new: &New<'_>, today: Date) -> Result<(), Complaint> {
    let id = cell::plain(new.event);
    let Some(event) = duties.event(new.event) else {
        return Err(Complaint::new(
            format!("没有名为 {id} 的事件；用 mulu duties events --known 查看可记录的事件"),
            format!("no event is called {id}; mulu duties events --known lists them"),
        ));
    };
    if event.derived {
        return Err(Complaint::new(
            format!("{id} 取自备案、确认和变化，不能手工记录；备案请用 mulu filing"),
            format!("{id} is read from filings, decisions and changes, not recorded; use mulu filing"),
        ));
    }
    if new.date > today && !duties.is_planned(&event.id) {
        return Err(Complaint::new(
            format!("{} 在今天（{today}）之后；请更正 --date，{id} 须已发生", new.date),
            format!("{} is after today, {today}; correct --date, {id} has to have happened", new.date),
        ));
    }
    if new.time.is_some() && !duties.is_timed(&event.id) {
        return Err(Complaint::new(
            format!("{id} 之后没有以小时计的期限；请去掉 --time"),
            format!("no period in hours follows {id}; leave out --time"),
        ));
    }
    Ok(())
}

pub(crate) fn void(session: &mut Session, id: i64, by: &str, reason: &str) -> anyhow::Result<Exit> {
    let all = session.inventory()?.occurrences()?;
    let Some(former) = all.iter().find(|one| one.id == id && one.voids.is_none()) else {
        return Err(Complaint::new(
            format!("没有编号为 {id} 的事件记录；用 mulu duties events 查看"),
            format!("no recorded event {id}; see mulu duties events"),
        )
        .into());
    };
    if let Some(later) = all.iter().find(|one| one.voids == Some(id)) {
        let day = &later.recorded;
        return Err(Complaint::new(
            format!("事件记录 {id} 已于 {day} 作废；如需更正请用 mulu duties record 重新记录"),
            format!("event {id} was taken back already, on {day}; record it anew with mulu duties record"),
        )
        .into());
    }
    let taken_back = Occurrence {
        id: 0,
        by: written("--by", by)?,
        note: Some(written("--reason", reason)?),
        recorded: today().to_string(),
        voids: Some(id),
        ..former.clone()
    };
    session.inventory()?.record_occurrence(&taken_back)?;
    session.tell(|lang| match lang {
        Lang::Zh => format!("事件记录 {id} 已作废，两条记录均保留"),
        Lang::En => format!("event {id} taken back; both rows stay"),
    })
}

/// A text that a person typed, made fit to be shown.
fn written(option: &str, text: &str) -> Result<String, Complaint> {
    let text = cell::plain(text.trim());
    if text.is_empty() {
        return Err(Complaint::new(format!("{option} 为空；请填写"), format!("{option} is empty; fill it in")));
    }
    if text.chars().count() > MOST_LETTERS {
        return Err(Complaint::new(
            format!("{option} 超过 {MOST_LETTERS} 字；请写短些"),
            format!("{option} has more than {MOST_LETTERS} letters; make it shorter"),
        ));
    }
    Ok(text)
}

pub(crate) fn list(session: &mut Session) -> anyhow::Result<Exit> {
    let (format, lang) = (session.format(), session.lang);
    if !matches!(format, Format::Table | Format::Json) {
        return Err(session.wrong_format("table|json").into());
    }
    let all = session.inventory()?.occurrences()?;
    let mut out = session.output()?;
    if format == Format::Json {
        writeln!(out, "{}", serde_json::json!({ "events": all }))?;
    } else {
        let mut table = Table::new(match lang {
            Lang::Zh => ["编号", "事件", "日期", "对象", "记录人", "记录日期", "说明"],
            Lang::En => ["id", "event", "date", "of", "by", "recorded", "remarks"],
        });
        for one in &all {
            table.row([
                one.id.to_string(),
                one.event.clone(),
                [Some(one.date.as_str()), one.time.as_deref()].into_iter().flatten().collect::<Vec<_>>().join(" "),
                one.subject.clone().unwrap_or_default(),
                one.by.clone(),
                one.recorded.clone(),
                remarks(one, &all, lang),
            ]);
        }
        table.print(&mut *out)?;
    }
    out.flush()?;
    Ok(Exit::Done)
}

fn remarks(one: &Occurrence, all: &[Occurrence], lang: Lang) -> String {
    let void = all.iter().find(|other| other.voids == Some(one.id)).map(|other| other.id);
    let parts = [
        one.voids.map(|id| match lang {
            Lang::Zh => format!("作废记录 {id}"),
            Lang::En => format!("takes back {id}"),
        }),
        void.map(|id| match lang {
            Lang::Zh => format!("已被 {id} 作废"),
            Lang::En => format!("taken back by {id}"),
        }),
        one.note.clone(),
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join(lang.pick("；", "; "))
}

pub(crate) fn list_known(session: &mut Session) -> anyhow::Result<Exit> {
    let (format, lang) = (session.format(), session.lang);
    if !matches!(format, Format::Table | Format::Json) {
        return Err(session.wrong_format("table|json").into());
    }
    let events = session.regime().duties.events.clone();
    let recorded = events.iter().filter(|event| !event.derived);
    let mut out = session.output()?;
    if format == Format::Json {
        let events: Vec<serde_json::Value> = recorded
            .map(|event| serde_json::json!({ "event": event.id, "label": { "zh": event.label.zh, "en": event.label.en } }))
            .collect();
        writeln!(out, "{}", serde_json::json!({ "known": events }))?;
    } else {
        let mut table = Table::new(match lang {
            Lang::Zh => ["事件", "含义"],
            Lang::En => ["event", "meaning"],
        });
        for event in recorded {
            table.row([event.id.clone(), event.label.say(lang).to_owned()]);
        }
        table.print(&mut *out)?;
    }
    out.flush()?;
    Ok(Exit::Done)
}
