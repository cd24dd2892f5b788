//! `mulu catalog`: the filing as it would be handed in, and what it lacks.

mod check;
mod export;
mod form;
mod labels;

use jiff::civil::Date;

use crate::catalog::class::Class;
use crate::catalog::{Catalog, FilingNote, Given, Result, Scope};
use crate::inventory::StoreNow;
use crate::model::{Store, StoreState};

use super::arguments::catalog::{CatalogAction, CatalogArguments, CatalogOptions};
use super::authorities;
use super::classes::classes_of_now;
use super::complaint::Complaint;
use super::exit::Exit;
use super::progress;
use super::session::Session;

pub(crate) use export::export_format;

/// What a catalog is made for.
#[derive(Clone, Debug, Default)]
pub(crate) struct Wanted {
    /// The date of the catalog; `None` is that of the latest result. The figures of an entry are as of the result of its store.
    pub(crate) as_of: Option<Date>,
    /// The authority that it is filed with, by its name; `None` is that of the configuration, with every entry.
    pub(crate) authority: Option<String>,
}

pub(crate) fn run(arguments: &CatalogArguments, session: &mut Session) -> anyhow::Result<Exit> {
    match &arguments.action {
        CatalogAction::Check(options) => {
            let wanted = wanted(options, session)?;
            check::run(&wanted, session)
        }
        CatalogAction::Export { what, options } => {
            let wanted = wanted(options, session)?;
            export::run(*what, &wanted, session)
        }
        CatalogAction::Form { file } => form::run(file.as_deref(), session),
    }
}

/// What was asked for; the form that was named is the form from here on.
fn wanted(options: &CatalogOptions, session: &mut Session) -> anyhow::Result<Wanted> {
    if let Some(path) = &options.form {
        session.use_form(path)?;
    }
    let authority = options.authority.as_deref().map(|typed| authorities::named(session.configuration(), typed));
    let authority = authority.transpose()?;
    Ok(Wanted { as_of: options.as_of, authority })
}

/// The catalog of what every store was last seen to hold.
pub(crate) fn of_now(session: &mut Session, scope: Scope, wanted: &Wanted) -> anyhow::Result<Catalog> {
    let stores = session.inventory()?.stores_now()?;
    let classes = classes_of_now(session)?;
    let audit = session.inventory()?.audit_head()?;
    let filings = session.inventory()?.filings()?;
    if let Some((as_of, latest)) =
        wanted.as_of.zip(latest(session, &stores, wanted)).filter(|(as_of, latest)| as_of.to_string() < *latest)
    {
        return Err(Complaint::new(
            format!("--as-of {as_of} 早于所用的扫描结果（{latest}）；请给出 {latest} 或以后的日期，或不写 --as-of"),
            format!(
                "--as-of {as_of} is before a result that is used ({latest}); give {latest} or later, or leave it out"
            ),
        )
        .into());
    }
    let catalog = make(session, classes, &stores, scope, wanted);
    let filing = FilingNote::latest(&filings, catalog.authority.as_deref());
    Ok(Catalog { audit: Some(audit), filing, ..catalog })
}

/// The catalog of classes. The figures are as of the latest result unless a date is given: never today, so that the
/// same inventory gives the same export.
pub(crate) fn make(
    session: &Session,
    mut classes: Vec<Class>,
    stores: &[StoreNow],
    scope: Scope,
    wanted: &Wanted,
) -> Catalog {
    let latest = latest(session, stores, wanted).unwrap_or_default();
    let as_of = wanted.as_of.map_or(latest, |date| date.to_string());
    let named: Vec<Store> = stores.iter().map(|now| now.store.clone()).collect();
    let configuration = session.configuration();
    if let Some(authority) = &wanted.authority {
        classes.retain(|class| authorities::is_for(configuration, authority, &class.store));
    }
    let given = Given {
        stores: &named,
        register: &configuration.register,
        enterprise: &configuration.enterprise,
        authority: wanted.authority.as_deref().or(configuration.authority.as_deref()),
        as_of: &as_of,
        results: &stores.iter().filter_map(result).collect(),
    };
    Catalog::make(classes, &given, scope, session.regime())
}

/// The date of the latest result of the stores that a catalog is made of.
fn latest(session: &Session, stores: &[StoreNow], wanted: &Wanted) -> Option<String> {
    let is_used = |now: &&StoreNow| {
        let authority = wanted.authority.as_deref();
        authority.is_none_or(|authority| authorities::is_for(session.configuration(), authority, &now.store.name))
    };
    let dates = stores.iter().filter(is_used).filter_map(|now| now.scanned.as_deref()).map(civil_date);
    dates.max().map(str::to_owned)
}

/// The result of a store that its figures are of.
fn result(now: &StoreNow) -> Option<(String, Result)> {
    let date = civil_date(now.scanned.as_deref()?).to_owned();
    let is_behind = unread(now) == Some(StoreState::Unreachable);
    Some((now.store.name.clone(), Result { date, is_behind }))
}

/// Says on standard error which stores the figures do not speak for, or not wholly.
pub(crate) fn warn_of_unread_stores(session: &mut Session) -> anyhow::Result<()> {
    for now in session.inventory()?.stores_now()? {
        let Some(state) = unread(&now) else { continue };
        let (name, date) = (&now.store.name, now.scanned.as_deref().map_or("—", civil_date));
        let (zh, en) = match state {
            StoreState::Unreachable if now.scanned.is_none() => (
                format!("载体 {name} 从未读到过，其中的数据不在目录内；请恢复访问后扫描"),
                format!(
                    "store {name} was never read, and what it holds is not in the catalog; scan it when it answers"
                ),
            ),
            StoreState::Partial => (
                format!("载体 {name} 仅部分可读，数字可能偏小（结果日期 {date}）；请检查权限后重新扫描"),
                format!(
                    "store {name} was read in part, figures may be too low (as of {date}); check the rights, scan again"
                ),
            ),
            _ => (
                format!("载体 {name} 最近一次无法访问（结果日期 {date}）；恢复后请重新扫描"),
                format!("store {name} could not be reached lately (as of {date}); scan again when it is back"),
            ),
        };
        progress::say(session.lang.pick(&zh, &en));
    }
    Ok(())
}

/// How the latest attempt at a store fell short; `None` where it was read in whole.
fn unread(now: &StoreNow) -> Option<StoreState> {
    let latest = now.last_attempt.as_ref().map_or(now.state, |attempt| attempt.1);
    (latest != StoreState::Complete).then_some(latest)
}

/// The civil date of a time stamp or a date.
pub(crate) fn civil_date(text: &str) -> &str {
    text.get(..10).unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::fixture::store_now;

    #[test]
    fn a_store_is_unread_when_its_latest_attempt_saw_less_than_all() {
        let mut now = store_now("mes", 2, StoreState::Complete, "2026-06-01");
        assert_eq!(unread(&now), None);
        now.last_attempt = Some((3, StoreState::Unreachable, None, "2026-07-01".to_owned()));
        assert_eq!(unread(&now), Some(StoreState::Unreachable));
    }

    #[test]
    fn the_civil_date_of_a_time_stamp_is_its_first_ten_characters() {
        assert_eq!(civil_date("2026-06-01T23:59:59Z"), "2026-06-01");
        assert_eq!(civil_date("2026"), "2026");
    }
}
