//! Filings that were accepted before mulu was there.

use std::path::Path;

use jiff::civil::Date;

use crate::catalog::import::import;
use crate::change::life_cycle;
use crate::cli::complaint::Complaint;
use crate::cli::exit::Exit;
use crate::cli::filled_file;
use crate::cli::progress;
use crate::cli::session::{Session, signature};
use crate::model::{Filing, FilingKind, FilingState, Lang};

use super::{authority, show};

/// The days of an imported filing.
#[derive(Clone, Copy)]
pub(super) struct Dates {
    pub(super) accepted: Date,
    pub(super) submitted: Date,
    pub(super) as_of: Option<Date>,
}

pub(super) fn run(
    session: &mut Session,
    file: &Path,
    number: &str,
    dates: Dates,
    (by, to): (Option<&str>, Option<&str>),
) -> anyhow::Result<Exit> {
    let authority = authority(session, to)?;
    if dates.accepted < dates.submitted {
        return Err(Complaint::new(
            "通过日期早于提交日期；请更正 --date 或 --submitted",
            "accepted before it was handed in; correct --date or --submitted",
        )
        .into());
    }
    let sheets = filled_file::read(file)?;
    let imported = import(&sheets, session.regime()).map_err(|unfit| show::unfit_cells(&unfit))?;
    let stated = imported.as_of.filter(|_| dates.as_of.is_none());
    let as_of = stated.unwrap_or_else(|| dates.as_of.unwrap_or(dates.submitted).to_string());
    if as_of > dates.accepted.to_string() {
        return Err(Complaint::new(
            format!("统计时点 {as_of} 晚于通过日期；请更正表单或 --as-of"),
            format!("its figures are as of {as_of}, after its acceptance; correct the form, or give --as-of"),
        )
        .into());
    }
    let filing = Filing {
        id: 0,
        kind: FilingKind::Initial,
        state: FilingState::Accepted,
        by: by.unwrap_or_default().to_owned(),
        authority,
        submitted: dates.submitted.to_string(),
        accepted: Some(dates.accepted.to_string()),
        rejected: None,
        resubmits: None,
        number: Some(number.to_owned()),
        as_of,
        cancelled: Vec::new(),
        entries: imported.entries,
    };
    // A filing may be older than the first scan, so there may be no inventory yet.
    let filings = session.inventory_or_new()?.filings()?;
    let known = |known: &&Filing| known.authority == filing.authority && known.number == filing.number;
    if let Some(known) = filings.iter().find(known) {
        let id = known.id;
        return Err(Complaint::new(
            format!("备案号 {number} 已记录为备案 {id}；用 mulu filing show {id} 查看"),
            format!("number {number} is recorded as filing {id} already; see mulu filing show {id}"),
        )
        .into());
    }
    let mut changed = life_cycle::imported(&filings, filing);
    let ids = session.inventory()?.save_filings(&changed, &signature(by))?;
    let filing = changed.swap_remove(0);
    warn_of_unknown_carriers(session, &filing)?;
    let (id, count) = (ids.first().copied().unwrap_or_default(), filing.entries.len());
    let is_baseline = filing.state == FilingState::Accepted;
    session.tell(|lang| match (lang, is_baseline) {
        (Lang::Zh, true) => format!("备案 {id}（{number}）已补录：{count} 条；此后的变化以它为基线"),
        (Lang::Zh, false) => format!("备案 {id}（{number}）已补录：{count} 条；已有更晚通过的备案，基线不变"),
        (Lang::En, true) => {
            format!("filing {id} imported as {number}, entries: {count}; changes are measured against it from now on")
        }
        (Lang::En, false) => format!(
            "filing {id} imported as {number}, entries: {count}; a later one is accepted and stays the baseline"
        ),
    })
}

/// Says which carriers of the form no store of the inventory is named for: nothing can be compared with them.
fn warn_of_unknown_carriers(session: &mut Session, filing: &Filing) -> anyhow::Result<()> {
    let stores = session.inventory()?.stores_now()?;
    let is_known = |name: &str| stores.iter().any(|now| now.store.name == name);
    let mut unknown: Vec<&str> = filing.entries.iter().map(|entry| entry.store.as_str()).collect();
    unknown.retain(|name| !is_known(name));
    unknown.sort_unstable();
    unknown.dedup();
    for name in unknown {
        progress::say(&match session.lang {
            Lang::Zh => format!("载体 {name} 尚未扫描过；请在 mulu.toml 的 [[store]] 中用此名称（name）登记后扫描"),
            Lang::En => format!("carrier {name} was never scanned; name a [[store]] of mulu.toml so, and scan it"),
        });
    }
    Ok(())
}
