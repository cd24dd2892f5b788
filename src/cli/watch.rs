//! `mulu watch`: one run for a scheduler, and one page of what a person must do.

use std::io::Write;

use jiff::civil::Date;
use serde::Serialize;

use crate::change;
use crate::diff::Kind;
use crate::duty::{Bilingual, Item, State};
use crate::inventory::ScanRecord;
use crate::model::{Lang, Speak, StoreResult, StoreState};

use super::arguments::watch::WatchArguments;
use super::arguments::{Format, ScanArguments};
use super::diff;
use super::duties::{Picture, is_important};
use super::exit::Exit;
use super::filing::today;
use super::scan::{Scanned, scan};
use super::session::Session;

/// Changes that the page spells out; of more it says how many there are.
const MOST_CHANGES: usize = 12;

/// What a security team looks at after every scan: somebody new may read, or something graver is there.
const WATCHED: [Kind; 3] = [Kind::Identifiers, Kind::Access, Kind::Level];

/// The duty whose items the page tells as changes.
const CHANGE_FILING: &str = "change-filing";

/// One thing that a person must do.
#[derive(Debug, Serialize)]
struct ToDo {
    kind: &'static str,
    sentence: Bilingual,
    /// What to type, to see it or to do it.
    command: Option<String>,
    due: Option<Date>,
}

pub(crate) fn run(arguments: &WatchArguments, session: &mut Session) -> anyhow::Result<Exit> {
    let (format, lang) = (session.format(), session.lang);
    if !matches!(format, Format::Table | Format::Json) {
        return Err(session.wrong_format("table|json").into());
    }
    let scanned = if arguments.no_scan { None } else { Some(scan(&plan(arguments), session)?) };
    let is_whole = scanned.as_ref().is_none_or(|scanned| scanned.is_whole);
    let outcome = scanned.and_then(|Scanned { outcome, .. }| outcome);
    let as_of = today();
    let picture = Picture::of(session)?;
    let duties = picture.duties(session, as_of, arguments.soon);
    let stores = outcome.as_ref().map(|outcome| outcome.stores.clone()).unwrap_or_default();

    let mut to_do: Vec<ToDo> = stores.iter().filter_map(unread).collect();
    to_do.extend(changed(&picture, session));
    // A change has its own line, which says more.
    let of_duties = duties.iter().filter(|item| item.duty != CHANGE_FILING);
    to_do.extend(of_duties.filter_map(due));
    to_do.extend(unconfirmed(&picture));
    to_do.extend(contradicted(&picture));
    if let Some(outcome) = &outcome {
        to_do.extend(seen(session, outcome.scan, &stores)?);
    }

    let state = picture.compared.as_ref().map(|compared| compared.comparison.state);
    let scan = outcome.map(|outcome| outcome.scan);
    let mut out = session.output()?;
    match format {
        Format::Json => {
            let stores: Vec<serde_json::Value> = stores.iter().map(store_json).collect();
            let pressing: Vec<&Item> = duties.iter().filter(|item| item.is_pressing()).collect();
            let page = serde_json::json!({
                "as_of": as_of, "scan": scan, "stores": stores, "changes": state, "to_do": to_do, "duties": pressing,
            });
            writeln!(out, "{}", serde_json::to_string_pretty(&page)?)?;
        }
        _ if session.quiet && to_do.is_empty() => {}
        _ => print(&mut *out, as_of, &to_do, (state, &duties), lang)?,
    }
    out.flush()?;
    Ok(match (is_whole, to_do.is_empty()) {
        (false, _) => Exit::Failed,
        (true, false) => Exit::Found,
        (true, true) => Exit::Done,
    })
}

/// The stores of the configuration, scanned as `mulu scan` would.
fn plan(arguments: &WatchArguments) -> ScanArguments {
    ScanArguments {
        targets: Vec::new(),
        jobs: arguments.jobs,
        full: false,
        metadata_only: false,
        sample_rows: None,
        thorough: false,
        rules: None,
        exclude: Vec::new(),
        include: Vec::new(),
        max_load: None,
        log: arguments.log.clone(),
        strict: false,
        resume: false,
    }
}

fn store_json(store: &StoreResult) -> serde_json::Value {
    let reason = store.reason.map(crate::model::Reason::id);
    serde_json::json!({ "store": store.store, "state": store.state.id(), "reason": reason })
}

fn both(zh: String, en: String) -> Bilingual {
    Bilingual { zh, en }
}

/// A store of which nothing, or not all, is known now.
fn unread(result: &StoreResult) -> Option<ToDo> {
    let store = &result.store;
    let why = |lang| result.reason.map(|reason| reason.say(lang)).unwrap_or_default();
    let sentence = match result.state {
        StoreState::Complete => return None,
        StoreState::Partial => both(
            format!("数据载体 {store} 只列出了一部分（{}）：请检查权限后再扫描", why(Lang::Zh)),
            format!("{store} could be listed only in part ({}): check its permissions and scan again", why(Lang::En)),
        ),
        StoreState::Unreachable => both(
            format!("数据载体 {store} 无法访问：请检查后再扫描；在此之前以上次结果为准"),
            format!("{store} could not be reached: see to it and scan again; until then its last result counts"),
        ),
    };
    // A target is a path or an address, never the name of a store; this one stands in the configuration.
    Some(ToDo { kind: "store", sentence, command: Some("mulu scan".to_owned()), due: None })
}

/// What asks for a new filing, each in a sentence, and what cannot be said yet.
fn changed(picture: &Picture, session: &Session) -> Vec<ToDo> {
    let Some(compared) = &picture.compared else { return Vec::new() };
    let changes = &compared.comparison.changes;
    let taxonomy = &session.regime().taxonomy;
    let material: Vec<_> = changes.iter().filter(|one| one.state() == change::State::Material).collect();
    let mut to_do: Vec<ToDo> = material
        .iter()
        .take(MOST_CHANGES)
        .map(|one| {
            let named = |lang| taxonomy.label(&one.category, lang).to_owned();
            let sentence = both(
                format!("备案变更：{}（载体 {}）{}", named(Lang::Zh), one.store, one.say(Lang::Zh)),
                format!("re-file: {} in {}: {}", named(Lang::En), one.store, one.say(Lang::En)),
            );
            let due = one.refile_by.as_ref().and_then(|by| by.strict.parse().ok());
            ToDo { kind: "change", sentence, command: Some("mulu changes".to_owned()), due }
        })
        .collect();
    let rest = material.len().saturating_sub(MOST_CHANGES);
    if rest > 0 {
        let sentence =
            both(format!("另有 {rest} 处变化须备案变更"), format!("{rest} more changes ask for a new filing"));
        to_do.push(ToDo { kind: "change", sentence, command: Some("mulu changes".to_owned()), due: None });
    }
    let open =
        changes.iter().filter(|one| matches!(one.state(), change::State::Undetermined | change::State::Incomplete));
    let open = open.count();
    if open > 0 {
        let sentence = both(
            format!("{open} 处变化尚不能判断：待确认、待精确计数或载体未读全"),
            format!("changes that cannot be judged yet: {open} (to be confirmed, counted exactly, or read whole)"),
        );
        to_do.push(ToDo { kind: "undetermined", sentence, command: Some("mulu changes".to_owned()), due: None });
    }
    to_do
}

/// A duty that asks for somebody: over, near, without a stated period, or not to be counted.
fn due(item: &Item) -> Option<ToDo> {
    let asks = item.is_pressing() || matches!(item.state, State::Unstated | State::Uncounted) && !item.advisory;
    asks.then(|| ToDo {
        kind: "duty",
        sentence: both(
            format!("{}；{}", item.sentence(Lang::Zh), item.remark(Lang::Zh)),
            format!("{}; {}", item.sentence(Lang::En), item.remark(Lang::En)),
        ),
        command: Some("mulu duties".to_owned()),
        due: item.due,
    })
}

/// Proposals of important or core data that nobody has looked at.
fn unconfirmed(picture: &Picture) -> Option<ToDo> {
    let waiting = picture.classes.iter().filter(|class| is_important(class) && !class.level.is_confirmed()).count();
    (waiting > 0).then(|| ToDo {
        kind: "confirm",
        sentence: both(
            format!("{waiting} 个数据类建议为重要或核心，待人工确认"),
            format!("classes proposed as important or core that nobody has confirmed: {waiting}"),
        ),
        command: Some("mulu review list".to_owned()),
        due: None,
    })
}

/// Confirmations that new evidence speaks against.
fn contradicted(picture: &Picture) -> Option<ToDo> {
    let count = picture.classes.iter().filter(|class| class.level.is_contradicted()).count();
    (count > 0).then(|| ToDo {
        kind: "confirm",
        sentence: both(
            format!("{count} 个数据类的新证据与已确认的级别不符，请再次确认"),
            format!("classes of which new evidence speaks against the confirmed level: {count}; look again"),
        ),
        command: Some("mulu review list".to_owned()),
        due: None,
    })
}

/// What the scan saw that a security team has to look at, store by store, against the scan before.
fn seen(session: &mut Session, scan: i64, stores: &[StoreResult]) -> anyhow::Result<Vec<ToDo>> {
    let scans = session.inventory()?.scans()?;
    let Some(after) = scans.iter().find(|one| one.id == scan) else { return Ok(Vec::new()) };
    let mut to_do = Vec::new();
    for StoreResult { store, .. } in stores {
        let is_read = |one: &&ScanRecord| {
            let read = |result: &StoreResult| result.store == *store && result.state != StoreState::Unreachable;
            one.id < scan && one.finished.is_some() && one.stores.iter().any(read)
        };
        let Some(before) = scans.iter().rfind(is_read) else { continue };
        let found = diff::count(session, [before, after], store, &WATCHED)?;
        if found > 0 {
            let kinds = WATCHED.map(|kind| format!("--kind {}", kind.id())).join(" ");
            to_do.push(ToDo {
                kind: "look",
                sentence: both(
                    format!("数据载体 {store} 自上次扫描有 {found} 处权限放宽、新标识符或级别变化，请查看"),
                    format!("in {store} since the scan before, access widened, new identifiers or another level: {found}; look at them"),
                ),
                command: Some(format!("mulu diff {} {scan} --store {} {kinds}", before.id, typed(store))),
                due: None,
            });
        }
    }
    Ok(to_do)
}

fn print(
    out: &mut dyn Write,
    as_of: Date,
    to_do: &[ToDo],
    (state, duties): (Option<change::State>, &[Item]),
    lang: Lang,
) -> anyhow::Result<()> {
    match lang {
        Lang::Zh => writeln!(out, "{as_of} 须办事项：{}", to_do.len())?,
        Lang::En => writeln!(out, "to do as of {as_of}: {}", to_do.len())?,
    }
    for (number, one) in (1..).zip(to_do) {
        writeln!(out, "{number:3}. {}", one.sentence.say(lang))?;
        if let Some(command) = &one.command {
            writeln!(out, "     {command}")?;
        }
    }
    let baseline = match state {
        Some(state) => state.say(lang),
        None => lang.pick("尚无已通过的备案", "no accepted filing yet").to_owned(),
    };
    let is_ahead = |item: &&Item| item.state == State::Open && !item.advisory && item.duty != CHANGE_FILING;
    let next = duties.iter().filter(is_ahead).min_by_key(|item| item.due);
    let next = next.map(|item| item.sentence(lang));
    match lang {
        Lang::Zh => writeln!(out, "\n与备案相比：{baseline}")?,
        Lang::En => writeln!(out, "\nagainst the filing: {baseline}")?,
    }
    if let Some(next) = next {
        match lang {
            Lang::Zh => writeln!(out, "下一期限：{next}")?,
            Lang::En => writeln!(out, "next: {next}")?,
        }
    }
    Ok(())
}

/// A name as a person types it in a shell.
fn typed(name: &str) -> String {
    let is_plain = |letter: char| letter.is_alphanumeric() || matches!(letter, '-' | '_' | '.' | '/');
    if name.chars().all(is_plain) { name.to_owned() } else { format!("'{}'", name.replace('\'', "'\\''")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_typed_so_that_a_shell_takes_it_whole() {
        assert_eq!([typed("生产-2"), typed("生产 共享"), typed("a'b")], ["生产-2", "'生产 共享'", r"'a'\''b'"]);
    }
}
