//! What the authority answered.

use jiff::civil::Date;

use crate::change::life_cycle::{self, WORKING_DAYS_TO_RESUBMIT};
use crate::cli::complaint::Complaint;
use crate::cli::exit::Exit;
use crate::cli::session::{Session, signature};
use crate::model::{Lang, Signature};

use super::{due, named};

pub(super) fn accept(
    session: &mut Session,
    id: i64,
    number: &str,
    date: Date,
    by: Option<&str>,
) -> anyhow::Result<Exit> {
    let filings = session.inventory()?.filings()?;
    let changed = life_cycle::accept(&filings, id, number, &date.to_string()).map_err(Complaint::from)?;
    session.inventory()?.save_filings(&changed, &signature(by))?;
    session.tell(|lang| {
        let filing = changed.first().map_or_else(String::new, |filing| named(filing, lang));
        match lang {
            Lang::Zh => format!("{filing} 已于 {date} 通过，编号 {number}；此后的变化以它为基线"),
            Lang::En => format!("{filing} accepted on {date} as {number}; changes are measured against it from now on"),
        }
    })
}

pub(super) fn reject(
    session: &mut Session,
    id: i64,
    date: Date,
    reason: &str,
    by: Option<&str>,
) -> anyhow::Result<Exit> {
    let filings = session.inventory()?.filings()?;
    let filing = life_cycle::reject(&filings, id, &date.to_string(), reason).map_err(Complaint::from)?;
    let signature = Signature { why: Some(reason.to_owned()), ..signature(by) };
    session.inventory()?.save_filings(std::slice::from_ref(&filing), &signature)?;
    let due = due(&session.regime().calendar, date, WORKING_DAYS_TO_RESUBMIT, session.lang);
    session.tell(|lang| {
        let filing = named(&filing, lang);
        match lang {
            Lang::Zh => format!("{filing} 未予通过；须于 {due} 前再次提交（miit-166/12）"),
            Lang::En => format!("{filing} rejected; hand it in again by {due} (miit-166/12)"),
        }
    })
}
