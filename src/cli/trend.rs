//! `mulu trend`: scale over scans, and when the threshold will be crossed.

use std::collections::BTreeMap;
use std::io::Write;

use crate::catalog::class::Class;
use crate::change::Scaled;
use crate::change::trend::{Trend, trend};
use crate::inventory::StoreNow;
use crate::model::{Counting, FiledEntry, Filing, FilingKind, FilingState, Lang, Level, Method, Speak};
use crate::regime::Taxonomy;

use super::arguments::Format;
use super::changes::{baseline, gather, latest_complete};
use super::classes::classes_of_now;
use super::exit::Exit;
use super::session::Session;
use super::table::{Table, grouped, terminal_width};

/// Days of a month, for a pace that a person reads.
const DAYS_OF_A_MONTH: f64 = 30.0;

pub(crate) fn run(filing: Option<i64>, session: &mut Session) -> anyhow::Result<Exit> {
    let (format, lang) = (session.format(), session.lang);
    if !matches!(format, Format::Table | Format::Json) {
        return Err(session.wrong_format("table|json").into());
    }
    let filings = session.inventory()?.filings()?;
    let authority = session.configuration().authority.clone();
    let has_filing = filing.is_some() || filings.iter().any(|filing| filing.state == FilingState::Accepted);
    let filed = has_filing.then(|| baseline(&filings, filing, authority.as_deref())).transpose()?.cloned();
    let trends = if let Some(filing) = &filed {
        trends(session, filing, true)?
    } else {
        let unfiled = unfiled(session)?;
        trends(session, &unfiled, false)?
    };
    let taxonomy = session.regime().taxonomy.clone();
    let width = if session.output_path.is_none() { terminal_width() } else { None };
    let mut out = session.output()?;
    if format == Format::Json {
        let baseline = filed.as_ref().map(|filing| {
            let number = filing.number.clone().unwrap_or_else(|| filing.id.to_string());
            serde_json::json!({ "filing": number, "accepted": filing.accepted })
        });
        let document = serde_json::json!({ "baseline": baseline, "trends": trends });
        writeln!(out, "{}", serde_json::to_string_pretty(&document)?)?;
    } else {
        print(&mut *out, &trends, &taxonomy, width, lang)?;
    }
    out.flush()?;
    Ok(Exit::Done)
}

/// The trends of every filed measure.
fn trends(session: &mut Session, filing: &Filing, is_filed: bool) -> anyhow::Result<Vec<Trend>> {
    let stores: Vec<StoreNow> = session.inventory()?.stores_now()?.into_iter().map(latest_complete).collect();
    let gathered = gather(session, filing, &stores)?;
    let mut found = Vec::new();
    for entry in &filing.entries {
        let history = gathered.history.get(&entry.id).map_or(&[][..], Vec::as_slice);
        for measure in Scaled::ALL {
            let base = gathered.base(entry, measure).filter(|_| is_filed);
            if is_filed && base.is_none() {
                continue;
            }
            found.extend(trend(entry, measure, is_filed.then_some(filing.as_of.as_str()), base, history));
        }
    }
    Ok(found)
}

/// What would be filed now, as if it had been filed before the first scan: there is no figure to hold it against.
fn unfiled(session: &mut Session) -> anyhow::Result<Filing> {
    let is_filed = |class: &Class| class.level.effective().is_some_and(Level::is_filed);
    let entries = classes_of_now(session)?.into_iter().filter(is_filed).map(|class| FiledEntry {
        id: class.id.0,
        category: class.category.as_str().to_owned(),
        store: class.store,
        level: class.level.effective().unwrap_or(class.proposal.level),
        records: None,
        bytes: None,
        subjects: None,
        fields: BTreeMap::new(),
        rules_version: String::new(),
        regime_version: String::new(),
        method: Method { counting: Counting::Imported, ..Method::default() },
    });
    Ok(Filing {
        id: 0,
        kind: FilingKind::Initial,
        state: FilingState::Draft,
        by: String::new(),
        authority: String::new(),
        submitted: String::new(),
        accepted: None,
        rejected: None,
        resubmits: None,
        number: None,
        as_of: String::new(),
        cancelled: Vec::new(),
        entries: entries.collect(),
    })
}

fn print(
    out: &mut dyn Write,
    trends: &[Trend],
    taxonomy: &Taxonomy,
    width: Option<usize>,
    lang: Lang,
) -> std::io::Result<()> {
    if trends.is_empty() {
        let none = "没有重要或核心数据的规模可看；请先扫描、确认并备案";
        return writeln!(
            out,
            "{}",
            lang.pick(none, "no scale of important or core data; scan, confirm and file first")
        );
    }
    let mut table = Table::new(match lang {
        Lang::Zh => ["类别", "载体", "规模", "#基线", "#现值", "#结果", "#每月", "预期"],
        Lang::En => ["category", "store", "measure", "#filed", "#now", "#results", "#a month", "outlook"],
    });
    for trend in trends {
        table.row([
            taxonomy.label(&trend.category, lang).to_owned(),
            trend.store.clone(),
            trend.measure.label(lang).to_owned(),
            trend.filed.map(grouped).unwrap_or_default(),
            trend.points.last().map(|point| grouped(point.value)).unwrap_or_default(),
            trend.points.len().to_string(),
            trend.pace.map(|pace| format!("{:+.0}", pace.per_day * DAYS_OF_A_MONTH)).unwrap_or_default(),
            trend.say(lang),
        ]);
    }
    table.fit(width, &["载体", "store"]).print(out)?;
    let method = "每月：各次结果两两斜率的中位数（Theil–Sen）；区间由斜率的秩得出（Kendall），自最近一次结果起算";
    writeln!(
        out,
        "{}",
        lang.pick(
            method,
            "a month: the median of the slopes between any two results (Theil–Sen); the interval is by their ranks \
             (Kendall), counted from the latest result",
        )
    )
}
