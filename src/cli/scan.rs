//! `mulu scan`: from targets to a plan, and how it went.

use std::io::Write;
use std::sync::Arc;

use crate::discover::database::{Told, is_pattern};
use crate::inventory::Inventory;
use crate::model::{ClassId, Encryption, FilingState, Lang, Reason, Speak, StoreState};
use crate::pipeline::{self, Engine, EngineOptions, Exclusion, GuardCommand, Observer, Outcome, Plan, Target};

use super::arguments::{Format, ScanArguments};
use super::complaint::Complaint;
use super::configuration::Configuration;
use super::exit::Exit;
use super::log::Log;
use super::progress::{Progress, say};
use super::retention;
use super::session::Session;
use super::store_entry::Limits;
use super::stores;
use super::summary::Summary;
use super::unmatched::{self, Unmatched};

/// Rows of a table that are read when not all are: with 1,000 the 95 % interval of a share is at most ±3.1 %.
const SAMPLE_ROWS: u64 = 1_000;

pub(crate) fn run(arguments: &ScanArguments, session: &mut Session) -> anyhow::Result<Exit> {
    if !matches!(session.format(), Format::Table | Format::Json) {
        return Err(session.wrong_format("table|json").into());
    }
    let lang = session.lang;
    let Scanned { outcome: Some(outcome), is_whole, unmatched } = scan(arguments, session)? else {
        return Ok(Exit::Failed);
    };
    let reached = outcome.stores.iter().any(|store| store.state != StoreState::Unreachable);
    let summary = Summary::of(&outcome, session)?;
    let mut out = session.output()?;
    match session.format() {
        Format::Json => writeln!(out, "{}", summary_json(&outcome, &unmatched))?,
        _ if session.quiet || !reached => {}
        _ => summary.print(&mut out, lang)?,
    }
    out.flush()?;
    Ok(if !is_whole {
        Exit::Failed
    } else if arguments.strict && summary.has_failings() {
        Exit::Found
    } else {
        Exit::Done
    })
}

/// What came of a scan.
pub(crate) struct Scanned {
    /// `None`: no target was there at all.
    pub(crate) outcome: Option<Outcome>,
    /// Whether every target could be reached; a person was told of the others.
    pub(crate) is_whole: bool,
    /// Patterns that named nothing; a person was told.
    pub(crate) unmatched: Vec<Unmatched>,
}

/// Scans what was typed, or the stores of the configuration, and lets go of scans that are too old to be kept.
pub(crate) fn scan(arguments: &ScanArguments, session: &mut Session) -> anyhow::Result<Scanned> {
    let wanted = stores::wanted(&arguments.targets, session.configuration())?;
    require_patterns(arguments, &wanted)?;
    let (lang, quiet) = (session.lang, session.quiet);
    let progress = Progress::new(session);
    session.inventory_or_new()?;
    // After the inventory was opened: it holds what persons said of the enterprise.
    let configuration = session.configuration().clone();
    let log = arguments.log.as_deref().map(Log::open).transpose()?;
    if let Some(path) = &arguments.log {
        session.remember(path)?;
    }
    let inventory = session.inventory_or_new()?;
    if arguments.resume && inventory.scans()?.last().is_none_or(|scan| scan.finished.is_some()) {
        return Err(Complaint::new(
            "没有未完成的扫描可以继续；去掉 --resume 即可重新扫描",
            "there is no unfinished scan to take up; leave out --resume to scan anew",
        )
        .into());
    }
    let options = engine_options(arguments, &configuration);
    let engine = Engine::new(inventory.sketch_key(), options, configuration.enterprise.clone())?;
    if let Some(unknown) = configuration.detectors.unknown(&engine.pack).first() {
        return Err(Complaint::new(
            format!("[detectors] 中的 {unknown} 不是检测器；用 mulu rules list 查看"),
            format!("{unknown} of [detectors] is no detector; mulu rules list shows them"),
        )
        .into());
    }
    let limits = limits(arguments, &configuration, lang, quiet);
    let (targets, mut troubles) = stores::resolve(wanted, &limits, &engine, inventory)?;
    if targets.is_empty() {
        tell(&troubles, lang);
        return Ok(Scanned { outcome: None, is_whole: false, unmatched: Vec::new() });
    }
    let plan = plan(arguments, &configuration, targets, inventory)?;
    let observers: Vec<&dyn Observer> =
        std::iter::once(&progress as &dyn Observer).chain(log.iter().map(|log| log as &dyn Observer)).collect();
    let outcome = pipeline::scan(&plan, &engine, inventory, &observers);
    progress.finish();
    if let (Some(log), Err(error)) = (&log, &outcome) {
        log.trouble(&error.say(Lang::En));
    }
    let mut outcome = outcome?;
    // A scan that is taken up again does not look at what was done before.
    let unmatched = if arguments.resume { Vec::new() } else { unmatched::of(&plan, &outcome, &limits) };
    if let Some(log) = &log {
        unmatched.iter().for_each(|pattern| log.warning(&pattern.say(Lang::En)));
        outcome.troubles.iter().for_each(|trouble| log.trouble(&trouble.say(Lang::En)));
        log.finish(&outcome.tally)?;
    }
    if let Some(days) = configuration.scan.keep_days {
        retention::apply(inventory, &plan.now, days)?;
    }
    troubles.append(&mut outcome.troubles);
    tell(&unmatched, lang);
    tell(&troubles, lang);
    Ok(Scanned { outcome: Some(outcome), is_whole: troubles.is_empty(), unmatched })
}

/// A quote without its partner on the command line; in a path of a share it may be one of its characters.
fn require_patterns(arguments: &ScanArguments, wanted: &[stores::Wanted]) -> Result<(), Complaint> {
    let mut patterns = arguments.include.iter().chain(&arguments.exclude);
    if patterns.all(|pattern| is_pattern(pattern)) || !wanted.iter().any(stores::Wanted::is_database) {
        return Ok(());
    }
    Err(Complaint::new(
        "--include 或 --exclude 里有未成对的双引号；请改正",
        "--include or --exclude has a double quote without its partner; correct it",
    ))
}

/// One line for each store that could not be reached, or pattern that named nothing.
fn tell(troubles: &[impl Speak], lang: Lang) {
    for trouble in troubles {
        say(&format!("mulu: {}", trouble.say(lang)));
    }
}

/// What of the command line, and of `[scan]`, concerns databases.
fn limits(arguments: &ScanArguments, configuration: &Configuration, lang: Lang, quiet: bool) -> Limits {
    Limits {
        told: (!quiet).then(|| -> Arc<Told> { Arc::new(move |waiting| say(&waiting.say(lang))) }),
        max_load: arguments.max_load,
        include: arguments.include.clone(),
        exclude: configuration.scan.exclude.iter().chain(&arguments.exclude).cloned().collect(),
    }
}

fn engine_options(arguments: &ScanArguments, configuration: &Configuration) -> EngineOptions {
    EngineOptions {
        rules: arguments.rules.clone().or_else(|| configuration.scan.rules.clone()),
        taxonomy: configuration.taxonomy.clone(),
        thorough: arguments.thorough || configuration.scan.thorough,
        full: arguments.full,
        metadata_only: arguments.metadata_only || configuration.scan.metadata_only && !arguments.full,
        sample_rows: arguments.sample_rows.or(configuration.scan.sample_rows).unwrap_or(SAMPLE_ROWS),
        detectors: configuration.detectors.clone(),
        limits: configuration.caps.limits(),
    }
}

fn plan(
    arguments: &ScanArguments,
    configuration: &Configuration,
    targets: Vec<Target>,
    inventory: &mut dyn Inventory,
) -> anyhow::Result<Plan> {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let filings = inventory.filings()?;
    let accepted = filings.iter().filter(|filing| filing.state == FilingState::Accepted);
    let filed = accepted.flat_map(|filing| &filing.entries).map(|entry| ClassId(entry.id.clone())).collect();
    let exclude: Vec<String> = configuration.scan.exclude.iter().chain(&arguments.exclude).cloned().collect();
    Ok(Plan {
        targets,
        jobs: arguments.jobs.map(usize::from).or(configuration.scan.jobs).unwrap_or(cores).max(1),
        guard: Some(guard_command()?),
        exclude: Exclusion::from(exclude),
        filed,
        now: jiff::Timestamp::now().round(jiff::Unit::Second)?.to_string(),
    })
}

/// This program, with the hidden subcommand that makes it a guarded reader.
pub(crate) fn guard_command() -> Result<GuardCommand, Complaint> {
    let program = std::env::current_exe().map_err(|_| {
        Complaint::new(
            "找不到 mulu 程序自身的路径",
            "the path of this program cannot be told; start it by its full path",
        )
    })?;
    Ok(GuardCommand { program, arguments: vec!["guarded-reader".to_owned()] })
}

fn summary_json(outcome: &Outcome, unmatched: &[Unmatched]) -> serde_json::Value {
    let stores: Vec<serde_json::Value> = outcome
        .stores
        .iter()
        .map(|store: &crate::model::StoreResult| {
            serde_json::json!({
                "store": store.store, "state": store.state.id(), "reason": store.reason.map(Reason::id),
                "server": store.connection.as_ref().map(|it| &it.server),
                "encryption": store.connection.as_ref().and_then(|it| it.encryption).map(Encryption::id),
                "replica": store.connection.as_ref().and_then(|it| it.replica.as_ref()),
            })
        })
        .collect();
    serde_json::json!({ "scan": outcome.scan, "stores": stores, "tally": outcome.tally, "unmatched": unmatched })
}
