//! Drawing up and handing in: drafts, submissions, cancellations, the yearly inventory.

use jiff::civil::Date;

use crate::catalog::{Catalog, Scope, check, check_entity, check_filed, class_decision, entity_cells};
use crate::change::life_cycle::{self, WORKING_DAYS_TO_REVIEW};
use crate::cli::arguments::filing::WhoAndWhen;
use crate::cli::catalog::{self, Wanted};
use crate::cli::complaint::Complaint;
use crate::cli::exit::Exit;
use crate::cli::session::Session;
use crate::model::{
    CancelReason, Cancellation, Counting, Decision, FiledEntry, Filing, FilingKind, FilingState, Lang, Signature,
};
use crate::regime::Form;

use super::{authority, due, named, today};

/// What a submission may leave open.
#[derive(Clone, Copy)]
pub(super) struct Allowed {
    pub(super) incomplete: bool,
    pub(super) unconfirmed: bool,
}

/// What a submission leaves open.
#[derive(Clone, Copy)]
struct Open {
    entries: usize,
    gaps: usize,
    unconfirmed: usize,
}

pub(super) fn draft(session: &mut Session, who: &WhoAndWhen) -> anyhow::Result<Exit> {
    let (catalog, mut filing) = of_now(session, who, FilingState::Draft)?;
    filing.id = save(session, &filing)?;
    let open = open(&catalog, &session.regime().form);
    catalog::warn_of_unread_stores(session)?;
    let (id, entries) = (filing.id, open.entries);
    session.tell(|lang| match lang {
        Lang::Zh => format!(
            "草稿 {id} 已冻结：{entries} 条，缺项或矛盾 {} 处，待确认 {} 条；提交用 mulu filing submit --draft {id}",
            open.gaps, open.unconfirmed
        ),
        Lang::En => format!(
            "draft {id} frozen, entries: {entries}, cells missing or wrong: {}, unconfirmed: {}; hand it in with mulu \
             filing submit --draft {id}",
            open.gaps, open.unconfirmed
        ),
    })
}

pub(super) fn submit(
    session: &mut Session,
    who: &WhoAndWhen,
    (draft, resubmits): (Option<i64>, Option<i64>),
    allowed: Allowed,
) -> anyhow::Result<Exit> {
    let (open, mut filing) = if let Some(id) = draft {
        of_draft(session, id, who)?
    } else {
        let (catalog, filing) = of_now(session, who, FilingState::Submitted)?;
        (open(&catalog, &session.regime().form), filing)
    };
    refuse(open, allowed)?;
    let filings = session.inventory()?.filings()?;
    let waiting = life_cycle::waiting_for_resubmission(&filings, &filing.authority).map(|filing| filing.id);
    filing.resubmits = resubmits.or(waiting);
    let rejected = filing.resubmits.map(|id| life_cycle::resubmitted(&filings, id, &filing));
    let rejected = rejected.transpose().map_err(Complaint::from)?;
    let saved: Vec<Filing> = std::iter::once(filing.clone()).chain(rejected).collect();
    let ids = session.inventory()?.save_filings(&saved, &Signature::of(&who.by))?;
    filing.id = ids.first().copied().unwrap_or(filing.id);
    catalog::warn_of_unread_stores(session)?;
    let date = who.date.unwrap_or_else(today);
    let due = due(&session.regime().calendar, date, WORKING_DAYS_TO_REVIEW, session.lang);
    let count = filing.entries.len();
    session.tell(|lang| {
        let filing = named(&filing, lang);
        match lang {
            Lang::Zh => format!("{filing} 已记录：{count} 条；主管部门应于 {due} 前完成审核（miit-166/12）"),
            Lang::En => format!("{filing} recorded, entries: {count}; the authority answers by {due} (miit-166/12)"),
        }
    })
}

pub(super) fn inventory(session: &mut Session, who: &WhoAndWhen) -> anyhow::Result<Exit> {
    let (_, mut filing) = of_now(session, who, FilingState::Recorded)?;
    filing.kind = FilingKind::Inventory;
    filing.id = save(session, &filing)?;
    catalog::warn_of_unread_stores(session)?;
    let count = filing.entries.len();
    session.tell(|lang| {
        let filing = named(&filing, lang);
        match lang {
            Lang::Zh => format!("{filing} 已留存：{count} 条；只作记录，不改变基线（miit-166/7）"),
            Lang::En => format!("{filing} kept, entries: {count}; a record, it moves no baseline (miit-166/7)"),
        }
    })
}

pub(super) fn cancel(
    session: &mut Session,
    entries: &[String],
    (reason, on, detail): (CancelReason, Date, Option<&str>),
    who: &WhoAndWhen,
) -> anyhow::Result<Exit> {
    let authority = authority(session, who.authority.as_deref())?;
    let date = who.date.unwrap_or_else(today);
    let filings = session.inventory()?.filings()?;
    let cancelled = entries.iter().map(|entry| Cancellation {
        entry: entry.clone(),
        reason,
        date: on.to_string(),
        detail: detail.map(str::to_owned),
    });
    let filing = life_cycle::cancellation(&filings, &authority, (&who.by, &date.to_string()), cancelled.collect());
    let mut filing = filing.map_err(Complaint::from)?;
    filing.id = save(session, &filing)?;
    let due = due(&session.regime().calendar, date, WORKING_DAYS_TO_REVIEW, session.lang);
    let (gone, left) = (filing.cancelled.len(), filing.entries.len());
    session.tell(|lang| {
        let filing = named(&filing, lang);
        match lang {
            Lang::Zh => format!(
                "{filing} 已记录：注销 {gone} 条，余 {left} 条；主管部门应于 {due} 前完成审核（miit-166/12、miit-166/20）"
            ),
            Lang::En => format!(
                "{filing} recorded, cancelled: {gone}, left: {left}; the authority answers by {due} (miit-166/12, \
                 miit-166/20)"
            ),
        }
    })
}

/// Keeps a filing, signed by who drew it up, and gives its id.
fn save(session: &mut Session, filing: &Filing) -> anyhow::Result<i64> {
    let ids = session.inventory()?.save_filings(std::slice::from_ref(filing), &Signature::of(&filing.by))?;
    Ok(ids.first().copied().unwrap_or(filing.id))
}

/// The catalog of now, and the filing that freezes it.
fn of_now(session: &mut Session, who: &WhoAndWhen, state: FilingState) -> anyhow::Result<(Catalog, Filing)> {
    let authority = authority(session, who.authority.as_deref())?;
    let wanted = Wanted { as_of: None, authority: Some(authority.clone()) };
    let catalog = catalog::of_now(session, Scope::Filed, &wanted)?;
    let stores = session.inventory()?.stores_now()?;
    let filings = session.inventory()?.filings()?;
    let filing = Filing {
        id: 0,
        kind: life_cycle::kind(&filings, &authority),
        state,
        by: who.by.clone(),
        authority,
        submitted: who.date.unwrap_or_else(today).to_string(),
        accepted: None,
        rejected: None,
        resubmits: None,
        number: None,
        as_of: catalog.as_of.clone(),
        cancelled: Vec::new(),
        entries: catalog.freeze(&stores),
    };
    Ok((catalog, filing))
}

/// A draft as it is handed in, and what it leaves open.
fn of_draft(session: &mut Session, id: i64, who: &WhoAndWhen) -> anyhow::Result<(Open, Filing)> {
    let filings = session.inventory()?.filings()?;
    let date = who.date.unwrap_or_else(today).to_string();
    let draft = life_cycle::in_state(&filings, id, FilingState::Draft, &date).map_err(Complaint::from)?;
    if who.authority.is_some() {
        let named = authority(session, who.authority.as_deref())?;
        if named != draft.authority {
            let of = &draft.authority;
            return Err(Complaint::new(
                format!("草稿 {id} 是为 {of} 起草的；向 {named} 提交请另行起草（mulu filing draft）"),
                format!("draft {id} is for {of}; draw up another for {named} with mulu filing draft"),
            )
            .into());
        }
    }
    let decisions = session.inventory()?.decisions()?;
    let form = &session.regime().form;
    // A draft freezes entries; what is said of the enterprise is what stands now.
    let entity = check_entity(&entity_cells(&session.configuration().enterprise, form), form);
    let open = Open {
        entries: draft.entries.len(),
        gaps: entity.len() + draft.entries.iter().map(|entry| check_filed(entry, &date, form).len()).sum::<usize>(),
        unconfirmed: draft.entries.iter().filter(|entry| !is_confirmed(entry, &decisions)).count(),
    };
    let kind = life_cycle::kind(&filings, &draft.authority);
    let filing = Filing { state: FilingState::Submitted, by: who.by.clone(), submitted: date, kind, ..draft };
    Ok((open, filing))
}

/// Whether a person, or the authority, has given the entry the level that it is filed with.
fn is_confirmed(entry: &FiledEntry, decisions: &[Decision]) -> bool {
    let (mut level, _) = class_decision(&entry.id, entry.level, decisions);
    // Who counts by hand gives the level, until a decision says otherwise.
    level.confirmed = level.confirmed.or((entry.method.counting == Counting::Hand).then_some(entry.level));
    level.is_confirmed() && level.effective() == Some(entry.level)
}

fn open(catalog: &Catalog, form: &Form) -> Open {
    Open {
        entries: catalog.entries.len(),
        gaps: check(catalog, form).len(),
        unconfirmed: catalog.unconfirmed().count(),
    }
}

/// What keeps a catalog from being handed in.
fn refuse(open: Open, allowed: Allowed) -> Result<(), Complaint> {
    let Open { entries, gaps, unconfirmed } = open;
    if entries == 0 {
        return Err(Complaint::new(
            "没有重要或核心数据可备案；请先扫描并用 mulu review 确认级别",
            "nothing to file: no class is important or core; scan first, and confirm levels with mulu review",
        ));
    }
    if unconfirmed > 0 && !allowed.unconfirmed {
        return Err(Complaint::new(
            format!("{unconfirmed} 条的级别尚无人确认；请用 mulu review list 查看并确认，或加 --allow-unconfirmed"),
            format!(
                "levels that nobody has confirmed: {unconfirmed}; see mulu review list, or add --allow-unconfirmed"
            ),
        ));
    }
    if gaps > 0 && !allowed.incomplete {
        return Err(Complaint::new(
            format!("{gaps} 处缺项或矛盾；请按 mulu catalog check 的提示填写 mulu.toml，或加 --allow-incomplete"),
            format!(
                "cells missing or wrong: {gaps}; fill mulu.toml as mulu catalog check says, or add --allow-incomplete"
            ),
        ));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::fixture::{PARAMETERS, catalog, classes, decision, full_register, record, regime};
    use crate::model::{Act, Level, Register};

    #[test]
    fn a_catalog_that_is_empty_unconfirmed_or_incomplete_is_refused_with_the_way_out() {
        let strict = Allowed { incomplete: false, unconfirmed: false };
        let lenient = Allowed { incomplete: true, unconfirmed: true };
        let with = |entries, gaps, unconfirmed| Open { entries, gaps, unconfirmed };
        assert!(refuse(with(0, 0, 0), lenient).unwrap_err().to_string().contains("mulu review"));
        assert!(refuse(with(1, 0, 1), strict).unwrap_err().to_string().contains("nobody has confirmed: 1"));
        let gaps = refuse(with(1, 3, 1), Allowed { unconfirmed: true, ..strict }).unwrap_err().to_string();
        assert!(gaps.contains('3') && gaps.contains("--allow-incomplete"), "{gaps}");
        assert!(refuse(with(1, 3, 1), lenient).is_ok());
    }

    #[test]
    fn a_frozen_entry_is_held_against_the_form_and_the_decisions_of_the_day_it_is_handed_in() {
        let frozen = |register: &Register| {
            let records = [record("mes", "a", PARAMETERS, Some(2000), 10)];
            catalog(classes(&records, &[]), register, Scope::Filed).entries[0].filed()
        };
        let entry = frozen(&full_register());
        let form = regime().form;
        let kinds = |entry: &FiledEntry, day: &str| {
            let found = check_filed(entry, day, &form);
            found.iter().map(|(column, kind)| format!("{} {}", column.id, kind.id())).collect::<Vec<_>>()
        };
        let day = "2026-03-02";
        assert_eq!(kinds(&entry, day), [""; 0]);
        assert!(kinds(&frozen(&Register::default()), day).len() > 3);
        let changed = |column: &str, value: Option<&str>| {
            let mut changed = entry.clone();
            changed.fields.remove(column);
            changed.fields.extend(value.map(|value| (column.to_owned(), value.to_owned())));
            changed
        };
        assert_eq!(
            kinds(&changed("cross_border_recipient", Some("Example GmbH")), day),
            ["cross_border_recipient contradicts"]
        );
        assert!(kinds(&changed("evidence", None), day).contains(&"evidence unfounded".to_owned()));
        assert_eq!(kinds(&entry, "2028-03-02"), ["as_of stale"]);
        let confirmed = |level| is_confirmed(&entry, &[decision(&entry.id, Act::Confirm, Some(level))]);
        assert!(confirmed(Level::Important) && !confirmed(Level::Core), "another level was confirmed");
        let mut by_hand = entry.clone();
        by_hand.method.counting = Counting::Hand;
        assert!(is_confirmed(&by_hand, &[]));
        assert!(!is_confirmed(&by_hand, &[decision(&entry.id, Act::Confirm, Some(Level::Core))]));
        by_hand.fields.remove("evidence");
        assert!(kinds(&by_hand, day).iter().all(|kind| !kind.ends_with("unfounded")), "its person answers for it");
        assert!(!is_confirmed(&entry, &[]));
    }
}
