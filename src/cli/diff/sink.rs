//! How differences are written: in four formats, each row as it comes.

use std::collections::BTreeMap;
use std::io::Write;

use crate::cli::arguments::Format;
use crate::cli::catalog::civil_date;
use crate::cli::table::{Table, grouped};
use crate::diff::{Kind, Row};
use crate::export::cell;
use crate::inventory::ScanRecord;
use crate::model::Lang;

use super::coverage::{Compared, Covered};

/// Where rows go: written at once, but for the table, which keeps as many as it shows and counts the others.
pub(super) struct Sink {
    format: Format,
    limit: usize,
    lang: Lang,
    counts: BTreeMap<Kind, u64>,
    kept: Vec<Row>,
    total: u64,
}

impl Sink {
    pub(super) fn new(format: Format, limit: usize, lang: Lang) -> Self {
        Self { format, limit, lang, counts: BTreeMap::new(), kept: Vec::new(), total: 0 }
    }

    /// Writes what stands before the rows.
    pub(super) fn begin(
        &mut self,
        out: &mut dyn Write,
        between: [&ScanRecord; 2],
        stores: &[Covered],
    ) -> anyhow::Result<()> {
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

    /// Writes or keeps a row.
    pub(super) fn take(&mut self, out: &mut dyn Write, row: Row) -> anyhow::Result<()> {
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
    pub(super) fn end(
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
