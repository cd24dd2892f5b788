//! `mulu duties`: what has to be done by when, as a table, as data, and as a calendar.

use std::collections::BTreeSet;
use std::io::Write;

use jiff::civil::Date;

use crate::catalog::class::Class;
use crate::duty::{Ask, Facts, Item, Sources, State, happened, reckon};
use crate::export::{Heading, cell, duties_ics};
use crate::model::{Decision, Filing, FilingKind, FilingState, Lang, Occurrence};
use crate::regime::Duties;
use crate::regime::duties::Who;

use super::arguments::Format;
use super::arguments::duties::{DutiesAction, DutiesArguments};
use super::changes::{Compared, compared};
use super::classes::classes_of_now;
use super::complaint::Complaint;
use super::exit::Exit;
use super::filing::today;
use super::occurrences;
use super::session::Session;
use super::table::{Table, terminal_width};

pub(crate) fn run(arguments: &DutiesArguments, session: &mut Session) -> anyhow::Result<Exit> {
    let Some(action) = &arguments.action else { return list(arguments, session) };
    if arguments.as_of.is_some() || arguments.all {
        return Err(Complaint::new(
            "--as-of 和 --all 只用于 mulu duties 本身；请去掉",
            "--as-of and --all belong to mulu duties alone; leave them out",
        )
        .into());
    }
    match action {
        DutiesAction::Record { event, date, time, subject, by, note } => {
            let recorded = occurrences::New {
                event,
                date: *date,
                time: *time,
                subject: subject.as_deref(),
                by,
                note: note.as_deref(),
            };
            occurrences::record(session, &recorded)
        }
        DutiesAction::Void { id, by, reason } => occurrences::void(session, *id, by, reason),
        DutiesAction::Events { known: false } => occurrences::list(session),
        DutiesAction::Events { known: true } => occurrences::list_known(session),
    }
}

/// What duties are counted from, gathered once: each part of it walks over all assets.
pub(crate) struct Picture {
    pub(crate) classes: Vec<Class>,
    /// Now against the accepted filing, where there is one.
    pub(crate) compared: Option<Compared>,
    filings: Vec<Filing>,
    decisions: Vec<Decision>,
    occurrences: Vec<Occurrence>,
    is_scanned: bool,
}

impl Picture {
    pub(crate) fn of(session: &mut Session) -> anyhow::Result<Self> {
        let classes = classes_of_now(session)?;
        let inventory = session.inventory()?;
        let (filings, decisions) = (inventory.filings()?, inventory.decisions()?);
        let (occurrences, is_scanned) = (inventory.occurrences()?, !inventory.scans()?.is_empty());
        let has_baseline = filings.iter().any(|filing| filing.state == FilingState::Accepted);
        let compared = if has_baseline { Some(compared(None, session)?) } else { None };
        Ok(Self { classes, compared, filings, decisions, occurrences, is_scanned })
    }

    /// Every duty as it stands on a day, the urgent first.
    pub(crate) fn duties(&self, session: &Session, as_of: Date, soon: u32) -> Vec<Item> {
        let confirmed = self.classes.iter().filter(|class| class.level.is_confirmed() && is_important(class));
        let confirmed: BTreeSet<String> = confirmed.map(|class| class.id.0.clone()).collect();
        let facts = Facts {
            important_data: important_data(&self.classes, &self.filings, self.is_scanned),
            roles: session.configuration().enterprise.industrial_internet.clone(),
        };
        let changes = self.compared.as_ref().map(|compared| compared.comparison.changes.as_slice());
        let happened = happened(&Sources {
            filings: &self.filings,
            decisions: &self.decisions,
            confirmed: &confirmed,
            changes: changes.unwrap_or_default(),
            occurrences: &self.occurrences,
        });
        let regime = session.regime();
        reckon(&regime.duties, &happened, &facts, &regime.calendar, (as_of, soon))
    }
}

/// Whether a class is important or core, as decided or else as proposed.
pub(crate) fn is_important(class: &Class) -> bool {
    class.level.effective().unwrap_or(class.proposal.level).is_filed()
}

/// Whether important or core data are processed: as filed, else as confirmed. Not known while proposals wait for a
/// person, or nothing was scanned.
fn important_data(classes: &[Class], filings: &[Filing], is_scanned: bool) -> Option<bool> {
    let is_filed = |filing: &Filing| {
        let stands = matches!(filing.state, FilingState::Submitted | FilingState::Accepted);
        stands && filing.kind != FilingKind::Inventory && !filing.entries.is_empty()
    };
    if filings.iter().any(is_filed) || classes.iter().any(|class| is_important(class) && class.level.is_confirmed()) {
        return Some(true);
    }
    (is_scanned && !classes.iter().any(is_important)).then_some(false)
}

fn list(arguments: &DutiesArguments, session: &mut Session) -> anyhow::Result<Exit> {
    let lang = session.lang;
    let named_ics = session.output_path.as_ref().is_some_and(|path| path.extension().is_some_and(|end| end == "ics"));
    let format = session.format.unwrap_or(if named_ics { Format::Ics } else { Format::Table });
    if matches!(format, Format::Xlsx | Format::Docx) {
        return Err(session.wrong_format("table|json|jsonl|csv|ics").into());
    }
    let as_of = arguments.as_of.unwrap_or_else(today);
    let mut items = Picture::of(session)?.duties(session, as_of, arguments.soon);
    if !arguments.all {
        items.retain(|item| !matches!(item.state, State::Done | State::NotApplicable));
    }
    let width = if session.output_path.is_none() { terminal_width() } else { None };
    let duties = session.regime().duties.clone();
    let enterprise = &session.configuration().enterprise;
    let enterprise = enterprise.credit_code.clone().or_else(|| enterprise.name.clone()).unwrap_or_default();
    let mut out = session.output()?;
    match format {
        Format::Json => {
            let whole = serde_json::json!({ "as_of": as_of, "soon": arguments.soon, "duties": items });
            writeln!(out, "{}", serde_json::to_string_pretty(&whole)?)?;
        }
        Format::Jsonl => {
            for item in &items {
                writeln!(out, "{}", serde_json::to_string(item)?)?;
            }
        }
        Format::Csv => out.write_all(&csv(&items, lang)?)?,
        Format::Ics => {
            let heading = Heading { enterprise: &enterprise, as_of, alarm_days: arguments.soon, lang };
            out.write_all(duties_ics(&items, heading).as_bytes())?;
        }
        Format::Table | Format::Xlsx | Format::Docx => print(&mut *out, (&items, &duties), as_of, width, lang)?,
    }
    out.flush()?;
    Ok(if items.iter().any(Item::is_pressing) { Exit::Found } else { Exit::Done })
}

fn print(
    out: &mut dyn Write,
    (items, duties): (&[Item], &Duties),
    as_of: Date,
    width: Option<usize>,
    lang: Lang,
) -> anyhow::Result<()> {
    let pressing = items.iter().filter(|item| item.is_pressing()).count();
    match lang {
        Lang::Zh => writeln!(out, "截至 {as_of}：须处理 {pressing} 项")?,
        Lang::En => writeln!(out, "as of {as_of}, to be seen to: {pressing}")?,
    }
    writeln!(out)?;
    let headers = match lang {
        Lang::Zh => ["状态", "期限", "#剩余天数", "谁", "义务", "对象", "依据与说明"],
        Lang::En => ["state", "due", "#days left", "who", "duty", "of", "why"],
    };
    let mut table = Table::new(headers);
    let is_row = |item: &&Item| !item.waits_for_an_occasion() && item.state != State::Undetermined;
    for item in items.iter().filter(is_row) {
        table.row([
            item.state.label(lang).to_owned(),
            item.due_text(),
            item.days_left.map(|days| days.to_string()).unwrap_or_default(),
            item.actor(lang).to_owned(),
            item.label.say(lang).to_owned(),
            cell::plain(item.subject.as_deref().unwrap_or_default()),
            item.remark(lang),
        ]);
    }
    table.fit(width, &[headers[4], headers[5], headers[6]]).print(out)?;
    print_undetermined(out, items, lang)?;
    let occasional = items.iter().filter(|item| item.waits_for_an_occasion()).map(occasion);
    let recorded = |event: &&str| duties.event(event).is_some_and(|event| !event.derived);
    let occasional: BTreeSet<&str> = occasional.filter(recorded).collect();
    if !occasional.is_empty() {
        let events = occasional.into_iter().collect::<Vec<_>>().join(lang.pick("、", ", "));
        match lang {
            Lang::Zh => writeln!(out, "\n发生时用 mulu duties record 记录，尚无记录：{events}")?,
            Lang::En => writeln!(out, "\nto be recorded when they happen (mulu duties record), none so far: {events}")?,
        }
    }
    Ok(())
}

/// What may concern the enterprise, by what a person has to say first.
fn print_undetermined(out: &mut dyn Write, items: &[Item], lang: Lang) -> anyhow::Result<()> {
    for ask in [Ask::ConfirmLevels, Ask::IndustrialInternet] {
        let waiting: Vec<&str> =
            items.iter().filter(|item| item.ask == Some(ask)).map(|item| item.label.say(lang)).collect();
        if !waiting.is_empty() {
            writeln!(out, "\n{}", ask.say(lang))?;
            waiting.iter().try_for_each(|label| writeln!(out, "  {label}"))?;
        }
    }
    Ok(())
}

fn occasion(item: &Item) -> &str {
    item.start.as_ref().map_or("", |start| start.event.as_str())
}

const CSV_COLUMNS: [&str; 13] = [
    "duty",
    "label",
    "subject",
    "who",
    "state",
    "due",
    "time",
    "lenient",
    "days_left",
    "event",
    "started",
    "article",
    "why",
];

fn csv(items: &[Item], lang: Lang) -> anyhow::Result<Vec<u8>> {
    let mut writer = csv::Writer::from_writer("\u{feff}".as_bytes().to_vec());
    writer.write_record(CSV_COLUMNS)?;
    for item in items {
        let start = item.start.as_ref();
        let day = |day: Option<Date>| day.map(|day| day.to_string()).unwrap_or_default();
        let who = match item.who {
            Who::Processor => "processor",
            Who::Authority => "authority",
        };
        let cells = [
            item.duty.clone(),
            item.label.say(lang).to_owned(),
            item.subject.clone().unwrap_or_default(),
            who.to_owned(),
            item.state.id().to_owned(),
            day(item.due),
            item.time.map(|time| time.strftime("%H:%M").to_string()).unwrap_or_default(),
            day(item.lenient),
            item.days_left.map(|days| days.to_string()).unwrap_or_default(),
            occasion(item).to_owned(),
            day(start.and_then(|start| start.date)),
            item.article.clone(),
            item.remark(lang),
        ];
        // A negative number of days is a number, not a formula.
        let guarded = cells.iter().enumerate();
        writer.write_record(guarded.map(|(column, text)| if column == 8 { text.clone() } else { cell::safe(text) }))?;
    }
    writer.into_inner().map_err(|error| anyhow::anyhow!("{error}"))
}
