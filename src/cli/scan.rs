//! `mulu scan`: from targets to a plan, and the summary at the end.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};

use crate::detect::names;
use crate::discover::database::DatabaseTarget;
use crate::inventory::{AssetRecord, Inventory};
use crate::model::{
    ClassId, FilingState, Lang, Level, Measure, Reason, Speak, Status, StoreKind, StoreUrl, Tally, escape_name,
    mask_logins,
};
use crate::pipeline::{self, Access, Engine, EngineOptions, GuardCommand, Outcome, Plan, Target};
use crate::regime::Taxonomy;

use super::arguments::{Format, ScanArguments};
use super::classes::classes_at;
use super::complaint::Complaint;
use super::configuration::{Configuration, StoreEntry};
use super::exit::Exit;
use super::progress::{Progress, say};
use super::session::Session;
use super::table::{Table, bytes, grouped};

/// Rows of a table that are read when not all are: with 1,000 the 95 % interval of a share is at most ±3.1 %.
const SAMPLE_ROWS: u64 = 1_000;

pub(crate) fn run(arguments: &ScanArguments, session: &mut Session) -> anyhow::Result<Exit> {
    if !matches!(session.format(), Format::Table | Format::Json) {
        return Err(session.wrong_format("table|json").into());
    }
    let wanted = wanted_targets(arguments, session.configuration())?;
    let configuration = session.configuration().clone();
    let lang = session.lang;
    let progress = Progress::new(session);
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
    let plan = plan(arguments, &configuration, wanted, &engine, inventory)?;
    let outcome = pipeline::scan(&plan, &engine, inventory, &progress);
    progress.finish();
    let outcome = outcome?;

    for trouble in &outcome.troubles {
        say(&format!("mulu: {}", trouble.say(lang)));
    }
    let summary = Summary::of(&outcome, session)?;
    let taxonomy = session.regime().taxonomy.clone();
    let quiet = session.quiet;
    let mut out = session.output()?;
    match session.format() {
        Format::Json => writeln!(out, "{}", summary_json(&outcome))?,
        _ if quiet => {}
        _ => summary.print(&mut out, &outcome, &taxonomy, lang)?,
    }
    out.flush()?;
    let gaps = summary.reasons.keys().any(|(_, reason)| reason.is_a_failing());
    Ok(if !outcome.troubles.is_empty() {
        Exit::Failed
    } else if arguments.strict && gaps {
        Exit::Found
    } else {
        Exit::Done
    })
}

/// A store that a person named, before the inventory has named it.
struct Wanted {
    name: Option<String>,
    target: String,
    password: Option<String>,
}

fn wanted_targets(arguments: &ScanArguments, configuration: &Configuration) -> Result<Vec<Wanted>, Complaint> {
    if !arguments.targets.is_empty() {
        // A store of the configuration may be named by its name, with what the configuration says of it.
        return arguments.targets.iter().map(|target| named_or_typed(target, configuration)).collect();
    }
    if configuration.stores.is_empty() {
        return Err(Complaint::new(
            "没有扫描目标；请给出路径或数据库地址，或在 mulu.toml 中写 [[store]]",
            "nothing to scan; name a path or the address of a database, or write [[store]] in mulu.toml",
        ));
    }
    configuration.stores.iter().map(configured).collect()
}

fn named_or_typed(target: &str, configuration: &Configuration) -> Result<Wanted, Complaint> {
    let by_name = configuration.stores.iter().find(|store| store.name == target || store.target == target);
    match by_name {
        Some(store) => configured(store),
        None => Ok(Wanted { name: None, target: target.to_owned(), password: None }),
    }
}

fn configured(store: &StoreEntry) -> Result<Wanted, Complaint> {
    Ok(Wanted { name: Some(store.name.clone()), target: store.target.clone(), password: password(store)? })
}

/// The password from the environment or a file; never from the configuration itself.
fn password(store: &StoreEntry) -> Result<Option<String>, Complaint> {
    if let Some(variable) = &store.password_env {
        #[expect(clippy::disallowed_methods, reason = "this is the command line")]
        return std::env::var(variable).map(Some).map_err(|_| {
            // Who takes the key for the place of the password itself must not see it in a log.
            let is_name =
                variable.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_');
            let shown = if is_name { variable.as_str() } else { "password_env" };
            Complaint::new(
                format!("数据载体 {} 需要环境变量 {shown}；请先设置（password_env 填变量名，不是口令）", store.name),
                format!(
                    "store {} wants the environment variable {shown}; set it first (password_env names it)",
                    store.name
                ),
            )
        });
    }
    let Some(path) = &store.password_file else { return Ok(None) };
    let shown = escape_name(path.as_os_str().as_encoded_bytes());
    let mut text = String::new();
    let read = std::fs::File::open(path)
        .and_then(|file| std::io::Read::read_to_string(&mut std::io::Read::take(file, 4096), &mut text));
    match read {
        Ok(_) => Ok(Some(text.trim_end_matches(['\n', '\r']).to_owned())),
        Err(_) => Err(Complaint::new(
            format!("无法读取数据载体 {} 的口令文件 {shown}；请检查路径和权限", store.name),
            format!("cannot read the password file {shown} of store {}; check its path and mode", store.name),
        )),
    }
}

fn engine_options(arguments: &ScanArguments, configuration: &Configuration) -> EngineOptions {
    EngineOptions {
        rules: arguments.rules.clone().or_else(|| configuration.scan.rules.clone()),
        thorough: arguments.thorough || configuration.scan.thorough,
        full: arguments.full,
        sample_rows: arguments.sample_rows.or(configuration.scan.sample_rows).unwrap_or(SAMPLE_ROWS),
    }
}

fn plan(
    arguments: &ScanArguments,
    configuration: &Configuration,
    wanted: Vec<Wanted>,
    engine: &Engine,
    inventory: &mut dyn Inventory,
) -> anyhow::Result<Plan> {
    let mut targets = Vec::new();
    for one in wanted {
        let target = target(one, engine, inventory)?;
        // Named twice is meant once.
        if !targets.iter().any(|other: &Target| other.store == target.store) {
            targets.push(target);
        }
    }
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let filings = inventory.filings()?;
    let accepted = filings.iter().filter(|filing| filing.state == FilingState::Accepted);
    let filed = accepted.flat_map(|filing| &filing.entries).map(|entry| ClassId(entry.id.clone())).collect();
    let exclude = configuration.scan.exclude.iter().chain(&arguments.exclude).cloned().collect();
    Ok(Plan {
        targets,
        jobs: arguments.jobs.map(usize::from).or(configuration.scan.jobs).unwrap_or(cores).max(1),
        guard: Some(guard_command()?),
        exclude,
        filed,
        now: jiff::Timestamp::now().round(jiff::Unit::Second)?.to_string(),
    })
}

/// This program, with the hidden subcommand that makes it a guarded reader.
fn guard_command() -> Result<GuardCommand, Complaint> {
    let program = std::env::current_exe().map_err(|_| {
        Complaint::new(
            "找不到 mulu 程序自身的路径",
            "the path of this program cannot be told; start it by its full path",
        )
    })?;
    Ok(GuardCommand { program, arguments: vec!["guarded-reader".to_owned()] })
}

fn target(wanted: Wanted, engine: &Engine, inventory: &mut dyn Inventory) -> anyhow::Result<Target> {
    // A name that nobody chose comes from the outside, like those of the files in it.
    let published = |raw: &[u8]| names::publish(&engine.pack, engine.key, raw).name.to_string();
    if !wanted.target.contains("://") {
        let path = PathBuf::from(&wanted.target);
        if mask_logins(&wanted.target) != wanted.target && !path.exists() {
            return Err(Complaint::new(
                "目标像是不完整的数据库地址；请写成 postgres://用户@主机:端口/数据库",
                "the target looks like an address without a scheme; write postgres://user@host:port/database",
            )
            .into());
        }
        let identity = std::path::absolute(&path).unwrap_or_else(|_| path.clone());
        let name = wanted.name.unwrap_or_else(|| share_name(&identity, &published));
        let store =
            inventory.store_for(&name, StoreKind::Share, &published(identity.as_os_str().as_encoded_bytes()))?;
        return Ok(Target { store, access: Access::Share(path) });
    }
    let mut database = DatabaseTarget::parse(&wanted.target)?;
    if let Some(password) = wanted.password {
        database = database.with_password(&password);
    }
    let url = StoreUrl::new(wanted.target.as_str());
    let name = wanted.name.unwrap_or_else(|| database_name(&url, &published));
    let identity = match database.kind {
        StoreKind::Sqlite => published(url.masked().as_bytes()),
        _ => url.masked(),
    };
    let store = inventory.store_for(&name, database.kind, &identity)?;
    Ok(Target { store, access: Access::Database(Box::new(database)) })
}

/// A share is called as its folder.
fn share_name(path: &Path, published: &dyn Fn(&[u8]) -> String) -> String {
    let mut parts = path.components().rev().filter_map(|part| match part {
        std::path::Component::Normal(name) => Some(published(name.as_encoded_bytes())),
        _ => None,
    });
    parts.next().unwrap_or_else(|| "root".to_owned())
}

/// A database is called by its name, or its host where all databases are meant.
fn database_name(url: &StoreUrl, published: &dyn Fn(&[u8]) -> String) -> String {
    let masked = url.masked();
    let place = masked.split_once("://").map_or("", |(_, place)| place);
    let place = place.rsplit_once('@').map_or(place, |(_, place)| place).trim_end_matches('/');
    match place.rsplit_once('/') {
        Some((_, name)) if !name.is_empty() => published(name.as_bytes()),
        _ => {
            let host = place.split(':').next().filter(|host| !host.is_empty()).unwrap_or("database");
            escape_name(host.as_bytes())
        }
    }
}

/// What the summary shows, gathered in one pass over the assets of the scan.
#[derive(Default)]
struct Summary {
    categories: BTreeMap<String, Row>,
    reasons: BTreeMap<(Status, Reason), u64>,
    identifiers: BTreeMap<String, (u64, u64)>,
}

/// The classes of one category in all stores of the scan.
#[derive(Default)]
struct Row {
    assets: u64,
    records: Option<Measure>,
    bytes: Option<Measure>,
    level: Option<Level>,
}

impl Summary {
    fn of(outcome: &Outcome, session: &mut Session) -> anyhow::Result<Self> {
        let mut summary = Self::default();
        let results: Vec<(i64, String)> =
            outcome.stores.iter().map(|store| (outcome.scan, store.store.clone())).collect();
        for class in classes_at(session, &results, &mut |record| summary.add(record))? {
            let row = summary.categories.entry(class.category.as_str().to_owned()).or_default();
            row.assets += class.scale.assets;
            row.records = Measure::together(row.records, class.scale.records);
            row.bytes = Measure::together(row.bytes, class.scale.bytes);
            row.level = row.level.max(class.level.effective());
        }
        Ok(summary)
    }

    fn add(&mut self, record: &AssetRecord) {
        let examined = &record.examined;
        if let Some(reason) = examined.reason {
            *self.reasons.entry((examined.status, reason)).or_default() += 1;
        }
        for finding in &examined.findings {
            let (assets, matches) = self.identifiers.entry(finding.detector.clone()).or_default();
            *assets += 1;
            *matches += finding.matches;
        }
    }

    fn print(&self, out: &mut dyn Write, outcome: &Outcome, taxonomy: &Taxonomy, lang: Lang) -> std::io::Result<()> {
        self.print_coverage(out, &outcome.tally, lang)?;
        self.print_categories(out, taxonomy, lang)?;
        self.print_identifiers(out, lang)?;
        writeln!(
            out,
            "\n{}",
            lang.pick(
                "下一步：mulu classes 查看数据类；mulu explain ID 查看依据；mulu catalog check 查看备案还缺什么",
                "Next: mulu classes for the data classes; mulu explain ID for the evidence; mulu catalog check for what the filing lacks"
            )
        )
    }

    fn print_coverage(&self, out: &mut dyn Write, tally: &Tally, lang: Lang) -> std::io::Result<()> {
        let [found, classified, unclassified, skipped, failed] =
            [tally.found, tally.classified, tally.unclassified, tally.skipped, tally.failed].map(grouped);
        let (size, partial, unchanged) = (bytes(tally.bytes), grouped(tally.partial), grouped(tally.unchanged));
        match lang {
            Lang::Zh => writeln!(
                out,
                "覆盖情况：发现 {found} = 已分类 {classified} + 未归类 {unclassified} + 已跳过 {skipped} + 失败 {failed}\
                 （共 {size}；部分读取 {partial}，未变化沿用 {unchanged}）\n"
            )?,
            Lang::En => writeln!(
                out,
                "Coverage: found {found} = classified {classified} + unclassified {unclassified} + skipped {skipped} + \
                 failed {failed} ({size}; read in part {partial}, unchanged {unchanged})\n"
            )?,
        }
        let mut table = Table::new(match lang {
            Lang::Zh => ["未读或部分读取", "原因", "#资产"],
            Lang::En => ["not read whole", "why", "#assets"],
        });
        for ((status, reason), count) in &self.reasons {
            let status = match status {
                Status::Classified | Status::Unclassified => lang.pick("部分读取", "read in part"),
                other => other.label(lang),
            };
            table.row([status.to_owned(), reason.say(lang), grouped(*count)]);
        }
        if !table.is_empty() {
            table.print(out)?;
            writeln!(out)?;
        }
        Ok(())
    }

    fn print_categories(&self, out: &mut dyn Write, taxonomy: &Taxonomy, lang: Lang) -> std::io::Result<()> {
        let mut table = Table::new(match lang {
            Lang::Zh => ["类别", "", "#资产", "#记录", "#字节", "最高级别"],
            Lang::En => ["category", "", "#assets", "#records", "#bytes", "highest level"],
        });
        for (category, row) in &self.categories {
            table.row([
                category.clone(),
                taxonomy.label(category, lang).to_owned(),
                grouped(row.assets),
                row.records.map(|records| grouped(records.value)).unwrap_or_default(),
                row.bytes.map(|size| bytes(size.value)).unwrap_or_default(),
                row.level.map_or(String::new(), |level| level.label(lang).to_owned()),
            ]);
        }
        if table.is_empty() { Ok(()) } else { table.print(out) }
    }

    fn print_identifiers(&self, out: &mut dyn Write, lang: Lang) -> std::io::Result<()> {
        let mut table = Table::new(match lang {
            Lang::Zh => ["标识符", "#资产", "#命中"],
            Lang::En => ["identifier", "#assets", "#matches"],
        });
        for (detector, (assets, matches)) in &self.identifiers {
            table.row([detector.clone(), grouped(*assets), grouped(*matches)]);
        }
        if table.is_empty() {
            return Ok(());
        }
        writeln!(out)?;
        table.print(out)
    }
}

fn summary_json(outcome: &Outcome) -> serde_json::Value {
    let stores: Vec<serde_json::Value> = outcome
        .stores
        .iter()
        .map(|store: &crate::model::StoreResult| {
            serde_json::json!({
                "store": store.store, "state": store.state.id(), "reason": store.reason.map(Reason::id),
            })
        })
        .collect();
    serde_json::json!({ "scan": outcome.scan, "stores": stores, "tally": outcome.tally })
}
