//! `mulu audit`: the log of who decided, filed, recorded and entered what, and whether anybody tampered with it.

use std::io::Write;

use crate::export::cell;
use crate::inventory::audit::{Fault, Verification, is_hash};
use crate::model::{AuditEntry, Lang, Speak};

use super::arguments::Format;
use super::arguments::audit::{AuditAction, AuditArguments};
use super::complaint::Complaint;
use super::exit::Exit;
use super::session::Session;
use super::table::{Table, terminal_width};

pub(crate) fn run(arguments: &AuditArguments, session: &mut Session) -> anyhow::Result<Exit> {
    match &arguments.action {
        AuditAction::List { subject, act, by } => {
            let is_wanted = |entry: &AuditEntry| {
                subject.as_ref().is_none_or(|subject| entry.subject.starts_with(subject))
                    && act.as_ref().is_none_or(|act| entry.act.starts_with(act))
                    && by.as_ref().is_none_or(|by| entry.by == *by)
            };
            list(session, &is_wanted)
        }
        AuditAction::Show { seq } => show(session, *seq),
        AuditAction::Verify { head } => verify(session, head.as_deref()),
    }
}

fn list(session: &mut Session, is_wanted: &dyn Fn(&AuditEntry) -> bool) -> anyhow::Result<Exit> {
    let (format, lang) = (session.format(), session.lang);
    if matches!(format, Format::Xlsx | Format::Docx | Format::Ics) {
        return Err(session.wrong_format("table|json|jsonl|csv").into());
    }
    let mut entries = Vec::new();
    session.inventory()?.audit_entries(&mut |entry| entries.extend(is_wanted(&entry).then_some(entry)))?;
    let head = session.inventory()?.audit_head()?;
    let width = if session.output_path.is_none() { terminal_width() } else { None };
    let mut out = session.output()?;
    match format {
        Format::Json => {
            let lines: Vec<serde_json::Value> = entries.iter().map(line).collect();
            writeln!(out, "{}", serde_json::json!({ "length": head.length, "head": head.head, "entries": lines }))?;
        }
        Format::Jsonl => entries.iter().try_for_each(|entry| writeln!(out, "{}", line(entry)))?,
        Format::Csv => out.write_all(&csv(&entries)?)?,
        Format::Table | Format::Xlsx | Format::Docx | Format::Ics => {
            print(&mut *out, &entries, width, lang)?;
            writeln!(out, "{}", head.say(lang))?;
        }
    }
    out.flush()?;
    Ok(Exit::Done)
}

fn print(out: &mut dyn Write, entries: &[AuditEntry], width: Option<usize>, lang: Lang) -> std::io::Result<()> {
    let headers = match lang {
        Lang::Zh => ["#序号", "时间", "何人", "做了什么", "对象", "现为", "理由"],
        Lang::En => ["#seq", "time", "who", "act", "of", "to", "why"],
    };
    let mut table = Table::new(headers);
    for entry in entries {
        table.row([
            entry.seq.to_string(),
            entry.time.clone(),
            cell::plain(&entry.by),
            act(&entry.act, lang),
            cell::plain(&entry.subject),
            entry.to.as_deref().map(gist).unwrap_or_default(),
            cell::plain(entry.why.as_deref().unwrap_or_default()),
        ]);
    }
    table.fit(width, &[headers[4], headers[5], headers[6]]).print(out)
}

/// One entry as JSON: what stood there and stands there as the text that its hash was taken of.
fn line(entry: &AuditEntry) -> serde_json::Value {
    serde_json::to_value(entry).unwrap_or_default()
}

/// What a JSON object of the log says, without what it does not say: `level core · date 2026-03-01`.
fn gist(object: &str) -> String {
    // They have columns of their own.
    const ELSEWHERE: [&str; 4] = ["target", "by", "reason", "saw"];
    let fields: serde_json::Map<String, serde_json::Value> = serde_json::from_str(object).unwrap_or_default();
    let said = fields.iter().filter(|(key, value)| !value.is_null() && !ELSEWHERE.contains(&key.as_str()));
    let text = |value: &serde_json::Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let said: Vec<String> = said.map(|(key, value)| format!("{key} {}", text(value))).collect();
    cell::plain(&said.join(" · "))
}

fn csv(entries: &[AuditEntry]) -> anyhow::Result<Vec<u8>> {
    const COLUMNS: [&str; 11] =
        ["seq", "time", "by", "act", "subject", "record", "from", "to", "why", "previous", "hash"];
    let mut writer = csv::Writer::from_writer("\u{feff}".as_bytes().to_vec());
    writer.write_record(COLUMNS)?;
    for entry in entries {
        let seq = entry.seq.to_string();
        let optional = |text: &Option<String>| cell::safe(text.as_deref().unwrap_or_default());
        writer.write_record([
            seq,
            entry.time.clone(),
            cell::safe(&entry.by),
            cell::safe(&entry.act),
            cell::safe(&entry.subject),
            optional(&entry.record),
            optional(&entry.from),
            optional(&entry.to),
            optional(&entry.why),
            entry.previous.clone(),
            entry.hash.clone(),
        ])?;
    }
    writer.into_inner().map_err(|error| anyhow::anyhow!("{error}"))
}

fn show(session: &mut Session, seq: u64) -> anyhow::Result<Exit> {
    let (format, lang) = (session.format(), session.lang);
    if !matches!(format, Format::Table | Format::Json) {
        return Err(session.wrong_format("table|json").into());
    }
    let mut found = None;
    session.inventory()?.audit_entries(&mut |entry| found = found.take().or((entry.seq == seq).then_some(entry)))?;
    let Some(entry) = found else {
        let length = session.inventory()?.audit_head()?.length;
        return Err(Complaint::new(
            format!("审计日志没有第 {seq} 条，共 {length} 条；用 mulu audit list 查看"),
            format!("the audit log has no entry {seq}, it has {length}; see mulu audit list"),
        )
        .into());
    };
    let mut out = session.output()?;
    if format == Format::Json {
        writeln!(out, "{}", line(&entry))?;
    } else {
        writeln!(out, "{}  {}  {}", entry.seq, entry.time, act(&entry.act, lang))?;
        let labels = match lang {
            Lang::Zh => ["何人", "对象", "记录", "原为", "现为", "理由", "前一条", "本条"],
            Lang::En => ["who", "of", "row", "from", "to", "why", "previous", "hash"],
        };
        let optional = |text: &Option<String>| cell::plain(text.as_deref().unwrap_or("—"));
        let texts = [
            cell::plain(&entry.by),
            cell::plain(&entry.subject),
            optional(&entry.record),
            optional(&entry.from),
            optional(&entry.to),
            optional(&entry.why),
            entry.previous.clone(),
            entry.hash.clone(),
        ];
        labels.iter().zip(texts).try_for_each(|(label, text)| writeln!(out, "  {label}  {text}"))?;
    }
    out.flush()?;
    Ok(Exit::Done)
}

fn verify(session: &mut Session, head: Option<&str>) -> anyhow::Result<Exit> {
    let (format, lang) = (session.format(), session.lang);
    if !matches!(format, Format::Table | Format::Json) {
        return Err(session.wrong_format("table|json").into());
    }
    let head = head.map(|head| head.trim().to_ascii_lowercase());
    if head.as_deref().is_some_and(|head| !is_hash(head)) {
        return Err(Complaint::new(
            "--head 应为 64 位十六进制数；请照导出文件或备案上的链头完整抄写",
            "--head takes 64 hexadecimal digits; give the whole head as the export or the filing printed it",
        )
        .into());
    }
    let checked = session.inventory()?.verify_audit(head.as_deref())?;
    let mut out = session.output()?;
    if format == Format::Json {
        let faults: Vec<serde_json::Value> = checked.faults.iter().map(fault_as_json).collect();
        let whole = serde_json::json!({
            "whole": checked.faults.is_empty(),
            "length": checked.head.length,
            "head": checked.head.head,
            "found": checked.found,
            "faults": faults,
        });
        writeln!(out, "{whole}")?;
    } else {
        print_checked(&mut *out, &checked, lang)?;
    }
    out.flush()?;
    Ok(if checked.faults.is_empty() { Exit::Done } else { Exit::Found })
}

fn print_checked(out: &mut dyn Write, checked: &Verification, lang: Lang) -> std::io::Result<()> {
    writeln!(out, "{}", checked.head.say(lang))?;
    match (checked.found, lang) {
        (Some(seq), Lang::Zh) => writeln!(out, "所给链头是第 {seq} 条")?,
        (Some(seq), Lang::En) => writeln!(out, "the head that was given is that of entry {seq}")?,
        (None, _) => {}
    }
    if checked.faults.is_empty() {
        let fits = "every entry fits the one before it, and every row is as the log left it";
        return writeln!(out, "{}", lang.pick("各条前后相符，所述各行均与日志一致", fits));
    }
    checked.faults.iter().try_for_each(|fault| writeln!(out, "  {}", say(fault, lang)))?;
    writeln!(
        out,
        "{}",
        lang.pick(
            "清单文件在 mulu 之外被改动过；请与备份和已打印的链头核对",
            "the inventory was changed past mulu; hold it against a backup and against heads that were printed",
        )
    )
}

fn say(fault: &Fault, lang: Lang) -> String {
    match (fault, lang) {
        (Fault::Missing { first, last }, Lang::Zh) => format!("第 {first} 至 {last} 条缺失"),
        (Fault::Missing { first, last }, Lang::En) => format!("entries {first} to {last} are missing"),
        (Fault::Unlinked { seq }, Lang::Zh) => format!("第 {seq} 条与前一条接不上"),
        (Fault::Unlinked { seq }, Lang::En) => format!("entry {seq} does not follow from the one before it"),
        (Fault::Altered { seq }, Lang::Zh) => format!("第 {seq} 条的内容与其哈希不符"),
        (Fault::Altered { seq }, Lang::En) => format!("entry {seq} is not what its hash was taken of"),
        (Fault::HeadGone, Lang::Zh) => "日志中没有所给链头：其后被截短或重写过，或属于另一个清单".to_owned(),
        (Fault::HeadGone, Lang::En) => {
            "no entry has the head that was given: the log was shortened or written anew since, or is another's"
                .to_owned()
        }
        (Fault::RowAltered { record, seq }, Lang::Zh) => format!("{record} 与第 {seq} 条所记不符"),
        (Fault::RowAltered { record, seq }, Lang::En) => format!("{record} is not as entry {seq} left it"),
        (Fault::RowGone { record, seq }, Lang::Zh) => format!("第 {seq} 条所记的 {record} 不在了"),
        (Fault::RowGone { record, seq }, Lang::En) => format!("{record}, of which entry {seq} speaks, is gone"),
        (Fault::RowUnlogged { record }, Lang::Zh) => format!("{record} 未经日志写入"),
        (Fault::RowUnlogged { record }, Lang::En) => format!("{record} was written past the log"),
    }
}

fn fault_as_json(fault: &Fault) -> serde_json::Value {
    let (kind, first, last, record) = match fault {
        Fault::Missing { first, last } => ("missing", Some(*first), Some(*last), None),
        Fault::Unlinked { seq } => ("unlinked", Some(*seq), None, None),
        Fault::Altered { seq } => ("altered", Some(*seq), None, None),
        Fault::HeadGone => ("head-gone", None, None, None),
        Fault::RowAltered { record, seq } => ("row-altered", Some(*seq), None, Some(record)),
        Fault::RowGone { record, seq } => ("row-gone", Some(*seq), None, Some(record)),
        Fault::RowUnlogged { record } => ("row-unlogged", None, None, Some(record)),
    };
    serde_json::json!({ "kind": kind, "seq": first, "last": last, "record": record })
}

/// What was done, in words; an act that has none keeps its id.
fn act(id: &str, lang: Lang) -> String {
    let words = match id {
        "review.confirm" => ("确认", "confirmed"),
        "review.override" => ("主管部门认定", "decided by the authority"),
        "review.reject" => ("否定", "rejected"),
        "register.set" => ("登记", "register set"),
        "register.unset" => ("登记撤回", "register taken back"),
        "class.add" => ("人工数据类", "class entered"),
        "class.update" => ("人工数据类更新", "class counted anew"),
        "class.end" => ("人工数据类终止", "class ended"),
        "duty.record" => ("事件记录", "event recorded"),
        "duty.void" => ("事件作废", "event taken back"),
        "filing.draft" => ("备案草稿", "filing drafted"),
        "filing.submitted" => ("备案提交", "filing submitted"),
        "filing.accepted" => ("备案通过", "filing accepted"),
        "filing.rejected" => ("备案退回", "filing rejected"),
        "filing.resubmitted" => ("备案已再次提交", "filing handed in again"),
        "filing.superseded" => ("备案被取代", "filing superseded"),
        "filing.recorded" => ("年度盘点", "yearly inventory"),
        "filing.import" => ("备案补录", "filing imported"),
        _ => match (id.split_once('.'), lang) {
            (Some(("import", kind)), Lang::Zh) => return format!("导入 {kind}"),
            (Some(("import", kind)), Lang::En) => return format!("imported {kind}"),
            (Some(("adopt", kind)), Lang::Zh) => return format!("日志之前的 {kind}"),
            (Some(("adopt", kind)), Lang::En) => return format!("{kind} from before the log"),
            _ => return cell::plain(id),
        },
    };
    lang.pick(words.0, words.1).to_owned()
}
