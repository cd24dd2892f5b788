//! `mulu diff`: what differs between two scans, streamed: a million assets are never held at once.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;

use crate::diff::{Filter, Kind, Row, Seen, folder_row, rows};
use crate::export::cell;
use crate::inventory::ScanRecord;
use crate::model::{Lang, StoreState};

use super::arguments::Format;
use super::arguments::diff::DiffArguments;
use super::catalog::civil_date;
use super::complaint::Complaint;
use super::exit::Exit;
use super::session::Session;
use super::table::{Table, grouped, terminal_width};

pub(crate) fn run(arguments: &DiffArguments, session: &mut Session) -> anyhow::Result<Exit> {
    let (format, lang) = (session.format(), session.lang);
    if matches!(format, Format::Xlsx | Format::Ics) {
        return Err(session.wrong_format("table|json|jsonl|csv").into());
    }
    let scans = session.inventory()?.scans()?;
    let between = chosen(&scans, arguments)?;
    let stores = coverage(between, &arguments.store)?;
    let filter = Filter {
        kinds: arguments.kind.clone(),
        stores: arguments.store.clone(),
        categories: arguments.category.clone(),
        least_level: arguments.level,
        places: arguments.below.clone(),
        min_ratio: arguments.min_ratio,
    };
    let width = if session.output_path.is_none() { terminal_width() } else { None };
    // The inventory has to be open before the file of `-o` is remembered in it.
    let mut out = session.output()?;
    let mut sink = Sink::new(format, arguments.limit, lang);
    sink.begin(&mut *out, between, &stores)?;
    let ids = [between[0].id, between[1].id];
    let mut unseen = BTreeMap::new();
    for store in &stores {
        let Compared::Yes(seen) = store.compared else { continue };
        compare(session, (ids, &store.name, seen), &filter, &mut unseen, &mut |row| sink.take(&mut *out, row))?;
    }
    let found = sink.end(&mut *out, between, &stores, &unseen, width)?;
    out.flush()?;
    let is_lost = stores.iter().any(|store| matches!(store.compared, Compared::Unreachable(_)));
    Ok(match (is_lost, found) {
        (true, _) => Exit::Failed,
        (false, true) => Exit::Found,
        (false, false) => Exit::Done,
    })
}

/// How many differences of these kinds a store shows between two scans, for [`super::watch`].
pub(crate) fn count(
    session: &mut Session,
    between: [&ScanRecord; 2],
    store: &str,
    kinds: &[Kind],
) -> anyhow::Result<u64> {
    let Compared::Yes(seen) = compared(between, store) else { return Ok(0) };
    let filter = Filter { kinds: kinds.to_vec(), ..Filter::default() };
    let mut found = 0;
    compare(session, ([between[0].id, between[1].id], store, seen), &filter, &mut BTreeMap::new(), &mut |_| {
        found += 1;
        Ok(())
    })?;
    Ok(found)
}

/// Gives every row of a store that is asked for. The first error of the writer is given back, and no row after it.
fn compare(
    session: &mut Session,
    (between, store, seen): ([i64; 2], &str, Seen),
    filter: &Filter,
    unseen: &mut BTreeMap<String, u64>,
    take: &mut dyn FnMut(Row) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    let mut outcome = Ok(());
    let mut give = |row: Row| {
        if outcome.is_ok() && filter.takes(&row) {
            outcome = take(row);
        }
    };
    let inventory = session.inventory()?;
    for folder in inventory.folder_access_changes(between, store)? {
        folder_row(store, &folder).into_iter().for_each(&mut give);
    }
    inventory.differences(between, store, &mut |difference| {
        if difference.after.is_none() && !seen.whole_after {
            *unseen.entry(store.to_owned()).or_default() += 1;
        }
        rows(store, &difference, seen).into_iter().for_each(&mut give);
    })?;
    outcome
}

/// The two scans that were named, else the latest two.
fn chosen<'s>(scans: &'s [ScanRecord], arguments: &DiffArguments) -> Result<[&'s ScanRecord; 2], Complaint> {
    let finished: Vec<&ScanRecord> = scans.iter().filter(|scan| scan.finished.is_some()).collect();
    let ids: Vec<String> = finished.iter().map(|scan| scan.id.to_string()).collect();
    let known = if ids.is_empty() { "—".to_owned() } else { ids.join(", ") };
    let named = |id: i64| {
        finished.iter().copied().find(|scan| scan.id == id).ok_or_else(|| {
            Complaint::new(
                format!("没有编号为 {id} 的已完成扫描；现有：{known}"),
                format!("no finished scan {id}; there are: {known}"),
            )
        })
    };
    let pair = match (arguments.before, arguments.after) {
        (Some(before), Some(after)) if before == after => {
            return Err(Complaint::new(
                format!("两次扫描都是 {before}；请给出两个不同的编号，现有：{known}"),
                format!("both scans are {before}; name two, there are: {known}"),
            ));
        }
        (Some(before), Some(after)) => [named(before)?, named(after)?],
        (Some(before), None) => {
            let before = named(before)?;
            let later = finished.iter().copied().rfind(|scan| scan.id > before.id);
            [before, later.ok_or_else(|| too_few(&known))?]
        }
        (None, _) => match finished.as_slice() {
            [.., before, after] => [*before, *after],
            _ => return Err(too_few(&known)),
        },
    };
    Ok(pair)
}

fn too_few(known: &str) -> Complaint {
    Complaint::new(
        format!("没有可比较的两次已完成扫描（现有：{known}）；请先再扫描一次"),
        format!("there are no two finished scans to compare (there are: {known}); scan once more first"),
    )
}

/// Whether a store can be compared: a scan speaks only for the targets that it was given.
struct Covered {
    name: String,
    compared: Compared,
}

#[derive(Clone, Copy)]
enum Compared {
    Yes(Seen),
    /// Only this scan was given the store.
    OnlyIn(i64),
    /// This scan could not reach it.
    Unreachable(i64),
}

impl Compared {
    fn id(self) -> &'static str {
        match self {
            Self::Yes(_) => "compared",
            Self::OnlyIn(_) => "not-in-both",
            Self::Unreachable(_) => "unreachable",
        }
    }
}

fn coverage(between: [&ScanRecord; 2], wanted: &[String]) -> Result<Vec<Covered>, Complaint> {
    let all: BTreeSet<&String> = between.iter().flat_map(|scan| &scan.planned).collect();
    if let Some(unknown) = wanted.iter().find(|name| !all.contains(name)) {
        let shown = cell::plain(unknown);
        let known = all.iter().map(|name| name.as_str()).collect::<Vec<_>>().join(", ");
        return Err(Complaint::new(
            format!("两次扫描都没有数据载体 {shown}；现有：{known}"),
            format!("neither scan was given a store {shown}; there are: {known}"),
        ));
    }
    let asked = all.into_iter().filter(|name| wanted.is_empty() || wanted.contains(name));
    Ok(asked.map(|name| Covered { name: name.clone(), compared: compared(between, name) }).collect())
}

fn compared([before, after]: [&ScanRecord; 2], store: &str) -> Compared {
    let state = |scan: &ScanRecord| scan.stores.iter().find(|result| result.store == store).map(|result| result.state);
    let is_given = |scan: &ScanRecord| scan.planned.iter().any(|name| name == store);
    match (state(before), state(after)) {
        _ if !is_given(before) => Compared::OnlyIn(after.id),
        _ if !is_given(after) => Compared::OnlyIn(before.id),
        (None | Some(StoreState::Unreachable), _) => Compared::Unreachable(before.id),
        (_, None | Some(StoreState::Unreachable)) => Compared::Unreachable(after.id),
        (Some(before), Some(after)) => Compared::Yes(Seen {
            whole_before: before == StoreState::Complete,
            whole_after: after == StoreState::Complete,
        }),
    }
}

/// Where rows go: written at once, but for the table, which keeps as many as it shows and counts the others.
struct Sink {
    format: Format,
    limit: usize,
    lang: Lang,
    counts: BTreeMap<Kind, u64>,
    kept: Vec<Row>,
    total: u64,
}

impl Sink {
    fn new(format: Format, limit: usize, lang: Lang) -> Self {
        Self { format, limit, lang, counts: BTreeMap::new(), kept: Vec::new(), total: 0 }
    }

    fn begin(&mut self, out: &mut dyn Write, between: [&ScanRecord; 2], stores: &[Covered]) -> anyhow::Result<()> {
        match self.format {
            Format::Json => {
                let scans = between.map(|scan| serde_json::json!({ "scan": scan.id, "finished": scan.finished }));
                let stores: Vec<serde_json::Value> = stores
                    .iter()
                    .map(|store| {
                        let scan = match store.compared {
                            Compared::Yes(_) => None,
                            Compared::OnlyIn(scan) | Compared::Unreachable(scan) => Some(scan),
                        };
                        serde_json::json!({ "store": store.name, "state": store.compared.id(), "scan": scan })
                    })
                    .collect();
                write!(out, "{{\"scans\":{},\"stores\":{}", serde_json::json!(scans), serde_json::json!(stores))?;
                write!(out, ",\"differences\":[")?;
            }
            Format::Csv => out.write_all(&csv_line(&CSV_COLUMNS.map(str::to_owned), true)?)?,
            _ => {}
        }
        Ok(())
    }

    fn take(&mut self, out: &mut dyn Write, row: Row) -> anyhow::Result<()> {
        match self.format {
            Format::Json => {
                let parted = if self.total == 0 { "\n" } else { ",\n" };
                write!(out, "{parted}{}", serde_json::to_string(&row)?)?;
            }
            Format::Jsonl => writeln!(out, "{}", serde_json::to_string(&row)?)?,
            Format::Csv => out.write_all(&csv_line(&cells(&row, self.lang), false)?)?,
            _ => {
                *self.counts.entry(row.kind).or_default() += 1;
                if self.kept.len() < self.limit {
                    self.kept.push(row);
                }
            }
        }
        self.total += 1;
        Ok(())
    }

    /// Ends the output and says whether there was any row.
    fn end(
        &mut self,
        out: &mut dyn Write,
        between: [&ScanRecord; 2],
        stores: &[Covered],
        unseen: &BTreeMap<String, u64>,
        width: Option<usize>,
    ) -> anyhow::Result<bool> {
        match self.format {
            Format::Json => writeln!(out, "\n],\"unseen\":{}}}", serde_json::json!(unseen))?,
            Format::Table => self.print(out, between, (stores, unseen), width)?,
            _ => {}
        }
        Ok(self.total > 0)
    }

    fn print(
        &self,
        out: &mut dyn Write,
        [before, after]: [&ScanRecord; 2],
        (stores, unseen): (&[Covered], &BTreeMap<String, u64>),
        width: Option<usize>,
    ) -> anyhow::Result<()> {
        let lang = self.lang;
        let date = |scan: &ScanRecord| civil_date(scan.finished.as_deref().unwrap_or_default()).to_owned();
        let (first, second) = (date(before), date(after));
        let (from, to) = (before.id, after.id);
        match lang {
            Lang::Zh => writeln!(out, "扫描 {from}（{first}）→ {to}（{second}）：差别 {} 处", grouped(self.total))?,
            Lang::En => writeln!(out, "scan {from} ({first}) → {to} ({second}), differences: {}", grouped(self.total))?,
        }
        for (kind, count) in &self.counts {
            writeln!(out, "  {}{}{}", kind.label(lang), lang.pick("：", ": "), grouped(*count))?;
        }
        for store in stores {
            if let Some(sentence) = uncompared(store, unseen, lang) {
                writeln!(out, "{sentence}")?;
            }
        }
        if self.kept.is_empty() {
            return Ok(());
        }
        writeln!(out)?;
        let headers = match lang {
            Lang::Zh => ["差别", "数据载体", "位置", "说明", "编号"],
            Lang::En => ["what", "store", "locator", "detail", "id"],
        };
        let mut table = Table::new(headers);
        for row in &self.kept {
            table.row([
                row.kind.label(lang).to_owned(),
                row.store.clone(),
                row.locator.to_string(),
                row.detail(lang),
                row.id.as_ref().map(ToString::to_string).unwrap_or_default(),
            ]);
        }
        table.without_uniform(1).fit(width, &[headers[2], headers[3]]).print(out)?;
        let rest = self.total - self.kept.len() as u64;
        if rest > 0 {
            let rest = grouped(rest);
            match lang {
                Lang::Zh => writeln!(out, "另有 {rest} 行未列出；用 --limit 或 --format jsonl 查看")?,
                Lang::En => writeln!(out, "not shown: {rest} more rows; see --limit, or --format jsonl")?,
            }
        }
        Ok(())
    }
}

/// What is to be said of a store that was not compared, or of which the second scan saw a part.
fn uncompared(store: &Covered, unseen: &BTreeMap<String, u64>, lang: Lang) -> Option<String> {
    let name = &store.name;
    let sentence = match (store.compared, lang) {
        (Compared::OnlyIn(scan), Lang::Zh) => format!("未比较 {name}：只在扫描 {scan} 的范围内"),
        (Compared::OnlyIn(scan), Lang::En) => format!("not compared, {name}: only scan {scan} was given it"),
        (Compared::Unreachable(scan), Lang::Zh) => format!("未比较 {name}：扫描 {scan} 时无法访问"),
        (Compared::Unreachable(scan), Lang::En) => format!("not compared, {name}: scan {scan} could not reach it"),
        (Compared::Yes(_), _) => {
            let count = grouped(*unseen.get(name)?);
            match lang {
                Lang::Zh => format!("{name} 第二次只读到一部分：{count} 项未见，不算消失"),
                Lang::En => format!("{name} was seen in part by the second scan: {count} not seen, not called gone"),
            }
        }
    };
    Some(sentence)
}

const CSV_COLUMNS: [&str; 11] =
    ["id", "store", "locator", "asset", "kind", "ratio", "category", "level", "because", "certain", "detail"];

fn cells(row: &Row, lang: Lang) -> [String; 11] {
    let because = serde_json::to_value(row.because).ok().and_then(|value| value.as_str().map(str::to_owned));
    [
        row.id.as_ref().map(ToString::to_string).unwrap_or_default(),
        row.store.clone(),
        row.locator.to_string(),
        row.asset.to_owned(),
        row.kind.id().to_owned(),
        row.ratio.map(|ratio| format!("{ratio}")).unwrap_or_default(),
        row.category.clone().unwrap_or_default(),
        row.level.map(|level| level.id().to_owned()).unwrap_or_default(),
        because.unwrap_or_default(),
        row.certain.to_string(),
        row.detail(lang),
    ]
}

/// One line; the first begins with a mark, so that Excel and WPS read Chinese.
fn csv_line(cells: &[String; 11], is_first: bool) -> anyhow::Result<Vec<u8>> {
    /// The column of the ratio: a negative number is no formula.
    const RATIO: usize = 5;
    let mark = if is_first { "\u{feff}" } else { "" };
    let mut writer = csv::Writer::from_writer(mark.as_bytes().to_vec());
    let guarded = cells.iter().enumerate();
    writer.write_record(guarded.map(|(column, text)| if column == RATIO { text.clone() } else { cell::safe(text) }))?;
    writer.into_inner().map_err(|error| anyhow::anyhow!("{error}"))
}
