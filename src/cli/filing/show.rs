//! The filings that there are, and each as it was filed: a superseded one stays readable.

use std::io::Write;

use crate::catalog::import::Unfit;
use crate::change::life_cycle::{Refusal, WORKING_DAYS_TO_RESUBMIT};
use crate::cli::arguments::Format;
use crate::cli::complaint::Complaint;
use crate::cli::exit::Exit;
use crate::cli::session::Session;
use crate::cli::table::{Table, bytes, grouped};
use crate::model::{Counting, FiledEntry, Filing, FilingState, Lang, Speak};

use super::due;

pub(super) fn list(session: &mut Session) -> anyhow::Result<Exit> {
    let (format, lang) = (session.format(), session.lang);
    if !matches!(format, Format::Table | Format::Json) {
        return Err(session.wrong_format("table|json").into());
    }
    let filings = session.inventory()?.filings()?;
    let calendar = session.regime().calendar.clone();
    let mut out = session.output()?;
    if format == Format::Json {
        let filings: Vec<serde_json::Value> = filings.iter().map(line).collect();
        writeln!(out, "{}", serde_json::json!({ "filings": filings }))?;
    } else {
        let mut table = Table::new(match lang {
            Lang::Zh => ["编号", "种类", "状态", "提交", "通过", "备案号", "主管部门", "#条目"],
            Lang::En => ["id", "kind", "state", "submitted", "accepted", "number", "authority", "#entries"],
        });
        for filing in &filings {
            table.row([
                filing.id.to_string(),
                filing.kind.say(lang),
                filing.state.say(lang),
                filing.submitted.clone(),
                filing.accepted.clone().unwrap_or_default(),
                filing.number.clone().unwrap_or_default(),
                filing.authority.clone(),
                filing.entries.len().to_string(),
            ]);
        }
        table.print(&mut *out)?;
        for filing in filings.iter().filter(|filing| filing.state == FilingState::Rejected) {
            let Some((date, reason)) = &filing.rejected else { continue };
            let day = date.parse().map(|day| due(&calendar, day, WORKING_DAYS_TO_RESUBMIT, lang));
            let (id, day) = (filing.id, day.unwrap_or_default());
            match lang {
                Lang::Zh => writeln!(out, "备案 {id} 于 {date} 未予通过（{reason}）；须于 {day} 前再次提交")?,
                Lang::En => writeln!(out, "filing {id} was rejected on {date} ({reason}); hand it in again by {day}")?,
            }
        }
    }
    out.flush()?;
    Ok(Exit::Done)
}

/// A filing as the contract lists it.
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

pub(super) fn one(session: &mut Session, id: i64) -> anyhow::Result<Exit> {
    let (format, lang) = (session.format(), session.lang);
    if !matches!(format, Format::Table | Format::Json) {
        return Err(session.wrong_format("table|json").into());
    }
    let filings = session.inventory()?.filings()?;
    let filing = filings.iter().find(|filing| filing.id == id).ok_or(Refusal::Unknown(id)).map_err(Complaint::from)?;
    let mut out = session.output()?;
    if format == Format::Json {
        writeln!(out, "{}", serde_json::to_string_pretty(filing)?)?;
        out.flush()?;
        return Ok(Exit::Done);
    }
    let (kind, state) = (filing.kind.say(lang), filing.state.say(lang));
    let (submitted, as_of, authority) = (&filing.submitted, &filing.as_of, &filing.authority);
    match lang {
        Lang::Zh => writeln!(out, "{kind} {id}：{state}；{submitted} 提交，统计时点 {as_of}；{authority}")?,
        Lang::En => {
            writeln!(out, "filing {id} ({kind}): {state}; made {submitted}, figures as of {as_of}; {authority}")?;
        }
    }
    for cancelled in &filing.cancelled {
        let detail = cancelled.detail.as_deref().unwrap_or("—");
        writeln!(out, "  {} {} {} {detail}", cancelled.entry, cancelled.reason.say(lang), cancelled.date)?;
    }
    let mut table = Table::new(match lang {
        Lang::Zh => ["编号", "类别", "载体", "级别", "#记录", "#字节", "#人数", "计数方式"],
        Lang::En => ["id", "category", "store", "level", "#records", "#bytes", "#persons", "counted"],
    });
    for entry in &filing.entries {
        table.row([
            entry.id.clone(),
            entry.category.clone(),
            entry.store.clone(),
            entry.level.label(lang).to_owned(),
            entry.records.map(|records| grouped(records.value)).unwrap_or_default(),
            entry.bytes.map(|size| bytes(size.value)).unwrap_or_default(),
            entry.subjects.map(|subjects| grouped(subjects.value)).unwrap_or_default(),
            counted(entry, lang),
        ]);
    }
    table.print(&mut *out)?;
    out.flush()?;
    Ok(Exit::Done)
}

/// How the figures of an entry were counted, in a few words.
fn counted(entry: &FiledEntry, lang: Lang) -> String {
    let method = &entry.method;
    let by = match method.counting {
        Counting::Unknown => lang.pick("未记录", "not recorded"),
        Counting::Imported => lang.pick("补录", "imported"),
        Counting::Scan => lang.pick("扫描", "scan"),
        Counting::Hand => lang.pick("人工登记", "by hand"),
    };
    let mut words = vec![match method.scan {
        Some(scan) => format!("{by} {scan}"),
        None => by.to_owned(),
    }];
    if [entry.records, entry.bytes, entry.subjects].into_iter().flatten().any(|measure| !measure.exact) {
        words.push(lang.pick("含估计值", "estimates among them").to_owned());
    }
    if method.sampled {
        words.push(lang.pick("人数为抽样", "persons sampled").to_owned());
    }
    if method.partial {
        words.push(lang.pick("部分读取", "read in part").to_owned());
    }
    words.join(lang.pick("，", ", "))
}

/// The complaint that a form does not fit: each cell by its place.
pub(super) fn unfit_cells(unfit: &[Unfit]) -> Complaint {
    let list = |lang: Lang| unfit.iter().map(|cell| cell.say(lang)).collect::<Vec<_>>().join("; ");
    let count = unfit.len();
    Complaint::new(
        format!("表单有 {count} 处不合，未导入任何条目：{}", list(Lang::Zh)),
        format!("cells that do not fit: {count}, nothing was imported: {}", list(Lang::En)),
    )
}
