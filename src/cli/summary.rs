//! What a person reads after a scan: coverage first, then what is there, and what to do next.

use std::collections::BTreeMap;
use std::io::Write;

use crate::catalog::class::Class;
use crate::inventory::AssetRecord;
use crate::model::{Connection, Lang, Level, Measure, Reason, Speak, Status, Tally};
use crate::pipeline::Outcome;

use super::classes::classes_at;
use super::grant;
use super::progress::say;
use super::session::Session;
use super::table::{Table, bytes, grouped};

/// Statements that are shown after a scan; a closed schema may hold thousands of tables.
const SHOWN_GRANTS: usize = 5;

/// What the summary shows, gathered in one pass over the assets of the scan.
pub(crate) struct Summary {
    tally: Tally,
    rows: Vec<Row>,
    reasons: BTreeMap<(Status, Reason), u64>,
    identifiers: BTreeMap<String, (u64, u64)>,
    /// Stores that are databases, with who answered.
    connections: Vec<(String, Connection)>,
    /// What opens tables that were closed to the login: some, and how many there are.
    grants: (Vec<String>, u64),
}

/// A category, over all stores of the scan.
struct Row {
    category: String,
    label: [String; 2],
    assets: u64,
    records: Option<Measure>,
    bytes: Option<Measure>,
    level: Level,
}

impl Summary {
    /// Of a scan that was just done. Its categories count as `mulu classes` does: what is stored, once.
    pub(crate) fn of(outcome: &Outcome, session: &mut Session) -> anyhow::Result<Self> {
        let taxonomy = session.regime().taxonomy.clone();
        let (verbose, lang) = (session.verbose, session.lang);
        let connected = outcome.stores.iter().filter_map(|it| Some((it.store.clone(), it.connection.clone()?)));
        let mut summary = Self {
            tally: outcome.tally,
            rows: Vec::new(),
            reasons: BTreeMap::new(),
            identifiers: BTreeMap::new(),
            connections: connected.collect(),
            grants: (Vec::new(), 0),
        };
        let results: Vec<(i64, String)> =
            outcome.stores.iter().map(|store| (outcome.scan, store.store.clone())).collect();
        let classes = classes_at(session, &results, &mut |record| {
            summary.add(record);
            summary.add_grant(record);
            if verbose {
                tell_unread(record, lang);
            }
        })?;
        for class in classes {
            let label = |lang| taxonomy.label(class.category.as_str(), lang).to_owned();
            summary.add_class(&class, [label(Lang::Zh), label(Lang::En)]);
        }
        Ok(summary)
    }

    /// Whether something could not be read that was meant to be.
    pub(crate) fn has_failings(&self) -> bool {
        self.reasons.keys().any(|(_, reason)| reason.is_a_failing())
    }

    fn add(&mut self, record: &AssetRecord) {
        let examined = &record.examined;
        if let Some(reason) = examined.reason {
            // What was read in part, or told by its name, is one line, whether it found a category or not.
            let status = match (examined.status, reason) {
                (Status::Unclassified, _) | (_, Reason::ContentNotRead | Reason::MetadataOnly) => Status::Classified,
                (other, _) => other,
            };
            *self.reasons.entry((status, reason)).or_default() += 1;
        }
        for finding in &examined.findings {
            let (assets, matches) = self.identifiers.entry(finding.detector.clone()).or_default();
            *assets += 1;
            *matches += finding.matches;
        }
    }

    fn add_grant(&mut self, record: &AssetRecord) {
        let store = &record.examined.asset.store;
        let connection = self.connections.iter().find(|(name, _)| name == store).map(|(_, connection)| connection);
        if let Some(statement) = grant::statement(&record.examined, connection) {
            let (statements, count) = &mut self.grants;
            *count += 1;
            if statements.len() < SHOWN_GRANTS {
                statements.push(statement);
            }
        }
    }

    fn print_grants(&self, out: &mut dyn Write, lang: Lang) -> std::io::Result<()> {
        let (statements, count) = &self.grants;
        if statements.is_empty() {
            return Ok(());
        }
        writeln!(
            out,
            "\n{}",
            lang.pick("登录无权读取的表，可由管理员执行：", "Tables closed to the login; its administrator may run:")
        )?;
        statements.iter().try_for_each(|statement| writeln!(out, "  {statement};"))?;
        if *count > SHOWN_GRANTS as u64 {
            let more = count - SHOWN_GRANTS as u64;
            match lang {
                Lang::Zh => writeln!(out, "  另有 {more} 张；mulu explain ID 逐一给出")?,
                Lang::En => writeln!(out, "  and {more} more; mulu explain ID gives each")?,
            }
        }
        Ok(())
    }

    /// Classes come sorted by category: those of other stores follow each other.
    fn add_class(&mut self, class: &Class, label: [String; 2]) {
        let level = class.level.effective().unwrap_or(class.proposal.level);
        let scale = &class.scale;
        match self.rows.last_mut() {
            Some(row) if row.category == class.category.as_str() => {
                row.assets += scale.assets;
                row.records = Measure::together(row.records, scale.records);
                row.bytes = Measure::together(row.bytes, scale.bytes);
                row.level = row.level.max(level);
            }
            _ => self.rows.push(Row {
                category: class.category.as_str().to_owned(),
                label,
                assets: scale.assets,
                records: scale.records,
                bytes: scale.bytes,
                level,
            }),
        }
    }

    /// Writes it.
    pub(crate) fn print(&self, out: &mut dyn Write, lang: Lang) -> std::io::Result<()> {
        self.print_coverage(out, lang)?;
        for (store, connection) in &self.connections {
            writeln!(out, "{store}{}{}", lang.pick("：", ": "), connection.say(lang))?;
        }
        let tables = [self.coverage(lang), self.categories(lang), self.identifiers(lang)];
        for table in tables.iter().filter(|table| !table.is_empty()) {
            writeln!(out)?;
            table.print(out)?;
        }
        self.print_grants(out, lang)?;
        if self.rows.is_empty() {
            return Ok(());
        }
        writeln!(
            out,
            "\n{}",
            lang.pick(
                "下一步：mulu classes 查看数据类；mulu explain ID 查看依据；mulu catalog check 查看备案还缺什么",
                "Next: mulu classes lists the data classes; mulu explain ID says why; mulu catalog check says what a \
                 filing lacks"
            )
        )
    }

    fn print_coverage(&self, out: &mut dyn Write, lang: Lang) -> std::io::Result<()> {
        let tally = &self.tally;
        let [found, classified, unclassified, skipped, failed] =
            [tally.found, tally.classified, tally.unclassified, tally.skipped, tally.failed].map(grouped);
        let (size, unchanged) = (bytes(tally.bytes), grouped(tally.unchanged));
        match lang {
            Lang::Zh => writeln!(
                out,
                "覆盖情况：发现 {found} = 已分类 {classified} + 未归类 {unclassified} + 已跳过 {skipped} + 失败 {failed}\n\
                 共 {size}；{unchanged} 项自上次未变，未再读取"
            ),
            Lang::En => writeln!(
                out,
                "Coverage: found {found} = classified {classified} + unclassified {unclassified} + skipped {skipped} + \
                 failed {failed}\n{size} in all; unchanged since last time, not read again: {unchanged}"
            ),
        }
    }

    /// How much of what was found was read: the lines add up to what was found.
    fn coverage(&self, lang: Lang) -> Table {
        let mut table = Table::new(match lang {
            Lang::Zh => ["覆盖", "原因", "#资产"],
            Lang::En => ["coverage", "why", "#assets"],
        });
        let read = self.tally.classified.saturating_add(self.tally.unclassified);
        let whole = read.saturating_sub(self.tally.partial);
        if self.tally.found > 0 {
            table.row([lang.pick("完整读取", "read whole").to_owned(), String::new(), grouped(whole)]);
        }
        for ((status, reason), count) in &self.reasons {
            table.row([coverage_of(*status, *reason, lang).to_owned(), reason.say(lang), grouped(*count)]);
        }
        table
    }

    fn categories(&self, lang: Lang) -> Table {
        let mut table = Table::new(match lang {
            Lang::Zh => ["类别", "", "最高级别", "#资产", "#记录", "#字节"],
            Lang::En => ["category", "", "highest level", "#assets", "#records", "#bytes"],
        });
        for row in &self.rows {
            let [zh, en] = &row.label;
            table.row([
                row.category.clone(),
                lang.pick(zh, en).to_owned(),
                row.level.label(lang).to_owned(),
                grouped(row.assets),
                row.records.map(|records| grouped(records.value)).unwrap_or_default(),
                row.bytes.map(|size| bytes(size.value)).unwrap_or_default(),
            ]);
        }
        table
    }

    fn identifiers(&self, lang: Lang) -> Table {
        let mut table = Table::new(match lang {
            Lang::Zh => ["标识符", "#资产", "#命中"],
            Lang::En => ["identifier", "#assets", "#matches"],
        });
        for (detector, (assets, matches)) in &self.identifiers {
            table.row([detector.clone(), grouped(*assets), grouped(*matches)]);
        }
        table
    }
}

/// How much was read of what ended so, for a reason.
fn coverage_of(status: Status, reason: Reason, lang: Lang) -> &'static str {
    match (status, reason) {
        (_, Reason::ContentNotRead) => lang.pick("仅识别", "told by name and format"),
        (_, Reason::MetadataOnly) => lang.pick("仅元数据", "metadata"),
        (Status::Classified | Status::Unclassified, _) => lang.pick("部分读取", "read in part"),
        (other, _) => other.label(lang),
    }
}

/// With `-v`: a line for each asset that was not read whole, with its reason.
fn tell_unread(record: &AssetRecord, lang: Lang) {
    let examined = &record.examined;
    let Some(reason) = examined.reason else { return };
    let status = coverage_of(examined.status, reason, lang);
    let (store, locator, reason) = (&examined.asset.store, &examined.asset.locator, reason.say(lang));
    say(&match lang {
        Lang::Zh => format!("{status}：{store} · {locator}：{reason}"),
        Lang::En => format!("{status}: {store} · {locator}: {reason}"),
    });
}
