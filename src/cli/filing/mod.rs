//! `mulu filing`: what was handed to the authority, and what became of it.

mod answer;
mod import;
mod show;
mod submit;

use jiff::civil::Date;
use jiff::tz;

use crate::change::life_cycle::Refusal;
use crate::model::{Filing, FilingKind, Lang, Speak};
use crate::regime::Calendar;

use super::arguments::filing::{FilingAction, FilingArguments};
use super::authorities;
use super::complaint::Complaint;
use super::exit::Exit;
use super::progress;
use super::session::Session;

pub(crate) fn run(arguments: &FilingArguments, session: &mut Session) -> anyhow::Result<Exit> {
    let exit = act(arguments, session)?;
    if !matches!(arguments.action, FilingAction::List | FilingAction::Show { .. }) {
        let head = session.inventory()?.audit_head()?;
        progress::say(&head.say(session.lang));
    }
    Ok(exit)
}

fn act(arguments: &FilingArguments, session: &mut Session) -> anyhow::Result<Exit> {
    match &arguments.action {
        FilingAction::Draft(who) => submit::draft(session, who),
        FilingAction::Submit { who, draft, resubmits, allow_incomplete, allow_unconfirmed } => {
            let allowed = submit::Allowed { incomplete: *allow_incomplete, unconfirmed: *allow_unconfirmed };
            submit::submit(session, who, (*draft, *resubmits), allowed)
        }
        FilingAction::Cancel { entries, why, on, detail, who } => {
            submit::cancel(session, entries, ((*why).into(), *on, detail.as_deref()), who)
        }
        FilingAction::Inventory(who) => submit::inventory(session, who),
        FilingAction::Accept { id, number, date, by } => {
            answer::accept(session, *id, number, date.unwrap_or_else(today), by.as_deref())
        }
        FilingAction::Reject { id, date, reason, by } => {
            answer::reject(session, *id, date.unwrap_or_else(today), reason, by.as_deref())
        }
        FilingAction::Import { file, number, date, submitted, as_of, by, authority } => {
            let dates = import::Dates { accepted: *date, submitted: submitted.unwrap_or(*date), as_of: *as_of };
            import::run(session, file, number, dates, (by.as_deref(), authority.as_deref()))
        }
        FilingAction::List => show::list(session),
        FilingAction::Show { id } => show::one(session, *id),
    }
}

/// Today in the country whose calendar counts, wherever the machine believes to be.
pub(crate) fn today() -> Date {
    jiff::Timestamp::now().to_zoned(tz::TimeZone::fixed(tz::offset(8))).date()
}

/// The authority that was named, by its name or its domain, else that of the configuration.
fn authority(session: &Session, named: Option<&str>) -> Result<String, Complaint> {
    let configuration = session.configuration();
    match (named, configuration.authorities.as_slice()) {
        (Some(typed), _) => authorities::named(configuration, typed),
        (None, [one]) => Ok(one.name.clone()),
        (None, []) => configuration.authority.clone().ok_or_else(|| {
            Complaint::new(
                "不知道向谁备案；请用 --authority 或在 mulu.toml 中写明 authority",
                "no authority to file with; give --authority, or authority in mulu.toml",
            )
        }),
        (None, _) => Err(authorities::which(configuration)),
    }
}

/// The last of `count` working days, or what keeps it from being counted.
fn due(calendar: &Calendar, from: Date, count: u32, lang: Lang) -> String {
    match calendar.add_working_days(from, count) {
        Ok(day) => day.to_string(),
        Err(missing) => match lang {
            Lang::Zh => format!("（{count} 个工作日，{}）", missing.say(lang)),
            Lang::En => format!("({count} working days, {})", missing.say(lang)),
        },
    }
}

/// What a filing is called in a sentence: by its number with the authority, else by its kind and id.
fn named(filing: &Filing, lang: Lang) -> String {
    match (filing.kind, lang) {
        (FilingKind::Initial, Lang::Zh) => format!("备案 {}", filing.id),
        (FilingKind::Initial, Lang::En) => format!("filing {}", filing.id),
        (kind, Lang::Zh) => format!("{} {}", kind.say(lang), filing.id),
        (kind, Lang::En) => format!("filing {} ({})", filing.id, kind.say(lang)),
    }
}

impl From<Refusal> for Complaint {
    fn from(refusal: Refusal) -> Self {
        Self::new(refusal.say(Lang::Zh), refusal.say(Lang::En))
    }
}
