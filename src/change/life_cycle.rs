//! The life of a filing (`miit-166/12`): draft → submitted → accepted or rejected → resubmitted …→ superseded. Pure: each
//! step gives the filings that it changes, in the order in which they are to be saved.

use std::collections::BTreeSet;

use crate::model::{CancelReason, Cancellation, FiledEntry, Filing, FilingKind, FilingState, Lang, Speak};

/// 审核 by the authority, in working days from the submission (`miit-166/12`).
pub const WORKING_DAYS_TO_REVIEW: u32 = 20;

/// Handing in again, in working days from the refusal (`miit-166/12`).
pub const WORKING_DAYS_TO_RESUBMIT: u32 = 15;

/// Why a step cannot be taken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.say(Lang::En))]
pub enum Refusal {
    /// There is no filing of this id.
    Unknown(i64),
    /// The filing is in a state from which the step does not lead.
    WrongState {
        /// The filing.
        id: i64,
        /// Its state.
        state: FilingState,
        /// The state that the step starts from.
        wanted: FilingState,
    },
    /// The date of the step is before that of the step before.
    TooEarly {
        /// The date that was given.
        date: String,
        /// The date of the step before.
        before: String,
    },
    /// The entry is not in the accepted filing.
    NoSuchEntry {
        /// The entry that was named.
        entry: String,
        /// The accepted filing.
        filing: i64,
    },
    /// No filing with this authority is accepted, so there is nothing to cancel.
    NothingAccepted,
    /// The authority of the two filings is not the same.
    OtherAuthority(i64),
}

/// The filing of an id, in the state that a step starts from.
pub fn in_state(filings: &[Filing], id: i64, wanted: FilingState, date: &str) -> Result<Filing, Refusal> {
    let filing = filings.iter().find(|filing| filing.id == id).ok_or(Refusal::Unknown(id))?;
    if filing.state != wanted {
        return Err(Refusal::WrongState { id, state: filing.state, wanted });
    }
    let before = filing.rejected.as_ref().map_or(&filing.submitted, |(date, _)| date);
    if date < before.as_str() {
        return Err(Refusal::TooEarly { date: date.to_owned(), before: before.clone() });
    }
    Ok(filing.clone())
}

/// The accepted filing that changes are measured against: the latest with an authority, or with any.
#[must_use]
pub fn baseline<'f>(filings: &'f [Filing], authority: Option<&str>) -> Option<&'f Filing> {
    let accepted = filings.iter().filter(|filing| filing.state == FilingState::Accepted);
    let with = accepted.filter(|filing| authority.is_none_or(|name| filing.authority == name));
    with.max_by_key(|filing| (filing.accepted.clone(), filing.id))
}

/// The kind that a catalog handed to an authority has: the first is initial, a later one a change.
#[must_use]
pub fn kind(filings: &[Filing], authority: &str) -> FilingKind {
    if baseline(filings, Some(authority)).is_some() { FilingKind::Change } else { FilingKind::Initial }
}

/// The latest rejected filing with an authority that nothing has handed in again.
#[must_use]
pub fn waiting_for_resubmission<'f>(filings: &'f [Filing], authority: &str) -> Option<&'f Filing> {
    let rejected = |filing: &&Filing| filing.state == FilingState::Rejected && filing.authority == authority;
    filings.iter().rev().find(rejected)
}

/// The rejected filing as it stands once `filing` has handed it in again.
pub fn resubmitted(filings: &[Filing], id: i64, filing: &Filing) -> Result<Filing, Refusal> {
    let mut rejected = in_state(filings, id, FilingState::Rejected, &filing.submitted)?;
    if rejected.authority != filing.authority {
        return Err(Refusal::OtherAuthority(id));
    }
    rejected.state = FilingState::Resubmitted;
    Ok(rejected)
}

/// The authority accepts: the filing becomes the baseline, and the former one with the same authority is superseded.
/// The new baseline comes first: should the second write fail, the later of two accepted filings still counts.
pub fn accept(filings: &[Filing], id: i64, number: &str, date: &str) -> Result<Vec<Filing>, Refusal> {
    let mut filing = in_state(filings, id, FilingState::Submitted, date)?;
    if filing.kind == FilingKind::Cancellation {
        // Another filing may have been accepted since it was handed in: what it leaves is what is filed now, less what
        // it cancels.
        let former = baseline(filings, Some(&filing.authority)).ok_or(Refusal::NothingAccepted)?;
        filing.entries = without(former, &filing.cancelled);
        filing.as_of.clone_from(&former.as_of);
    }
    filing.state = FilingState::Accepted;
    filing.accepted = Some(date.to_owned());
    filing.number = Some(number.to_owned());
    let superseded = filings
        .iter()
        .filter(|former| former.authority == filing.authority && former.id != filing.id)
        .filter(|former| former.state == FilingState::Accepted)
        .map(|former| Filing { state: FilingState::Superseded, ..former.clone() })
        .collect::<Vec<_>>();
    Ok(std::iter::once(filing).chain(superseded).collect())
}

/// The authority refuses, and says why.
pub fn reject(filings: &[Filing], id: i64, date: &str, reason: &str) -> Result<Filing, Refusal> {
    let mut filing = in_state(filings, id, FilingState::Submitted, date)?;
    filing.state = FilingState::Rejected;
    filing.rejected = Some((date.to_owned(), reason.to_owned()));
    Ok(filing)
}

/// A filing that the authority had accepted before mulu was there. The latest with an authority is the baseline: this
/// one, or one that is known already.
#[must_use]
pub fn imported(filings: &[Filing], mut filing: Filing) -> Vec<Filing> {
    filing.kind = FilingKind::Initial;
    filing.state = FilingState::Accepted;
    let known = filings.iter().filter(|known| known.authority == filing.authority);
    let accepted: Vec<&Filing> = known.filter(|known| known.state == FilingState::Accepted).collect();
    if accepted.iter().any(|known| known.accepted > filing.accepted) {
        filing.state = FilingState::Superseded;
        return vec![filing];
    }
    let superseded = accepted.into_iter().map(|known| Filing { state: FilingState::Superseded, ..known.clone() });
    let superseded: Vec<Filing> = superseded.collect();
    std::iter::once(filing).chain(superseded).collect()
}

/// A cancellation of entries of the accepted filing with an authority: it leaves all other entries as they were filed,
/// with the date of their figures. An entry that is named twice is taken out once.
pub fn cancellation(
    filings: &[Filing],
    authority: &str,
    (by, date): (&str, &str),
    mut cancelled: Vec<Cancellation>,
) -> Result<Filing, Refusal> {
    let former = baseline(filings, Some(authority)).ok_or(Refusal::NothingAccepted)?;
    if let Some(accepted) = former.accepted.as_deref().filter(|accepted| date < *accepted) {
        return Err(Refusal::TooEarly { date: date.to_owned(), before: accepted.to_owned() });
    }
    let mut named = BTreeSet::new();
    cancelled.retain(|one| named.insert(one.entry.clone()));
    for cancellation in &cancelled {
        if !former.entries.iter().any(|entry| entry.id == cancellation.entry) {
            return Err(Refusal::NoSuchEntry { entry: cancellation.entry.clone(), filing: former.id });
        }
        if date < cancellation.date.as_str() {
            return Err(Refusal::TooEarly { date: date.to_owned(), before: cancellation.date.clone() });
        }
    }
    Ok(Filing {
        id: 0,
        kind: FilingKind::Cancellation,
        state: FilingState::Submitted,
        by: by.to_owned(),
        authority: authority.to_owned(),
        submitted: date.to_owned(),
        accepted: None,
        rejected: None,
        resubmits: None,
        number: None,
        as_of: former.as_of.clone(),
        entries: without(former, &cancelled),
        cancelled,
    })
}

fn without(former: &Filing, cancelled: &[Cancellation]) -> Vec<FiledEntry> {
    let leaves = |entry: &&FiledEntry| !cancelled.iter().any(|one| one.entry == entry.id);
    former.entries.iter().filter(leaves).cloned().collect()
}

impl Speak for Refusal {
    fn say(&self, lang: Lang) -> String {
        match (self, lang) {
            (Self::Unknown(id), Lang::Zh) => format!("没有编号为 {id} 的备案；用 mulu filing list 查看"),
            (Self::Unknown(id), Lang::En) => format!("no filing {id}; see mulu filing list"),
            (Self::WrongState { id, state, wanted }, Lang::Zh) => {
                format!("备案 {id} 的状态是“{}”，此步只适用于“{}”的备案", state.say(lang), wanted.say(lang))
            }
            (Self::WrongState { id, state, wanted }, Lang::En) => {
                format!("filing {id} is {} already; this step is for one that is {}", state.id(), wanted.id())
            }
            (Self::TooEarly { date, before }, Lang::Zh) => format!("{date} 早于前一步的日期 {before}；请更正日期"),
            (Self::TooEarly { date, before }, Lang::En) => {
                format!("{date} is before the step that went before, {before}; correct --date")
            }
            (Self::NoSuchEntry { entry, filing }, Lang::Zh) => {
                format!("已备案的目录中没有条目 {entry}；用 mulu filing show {filing} 查看")
            }
            (Self::NoSuchEntry { entry, filing }, Lang::En) => {
                format!("no entry {entry} in the accepted filing; see mulu filing show {filing}")
            }
            (Self::NothingAccepted, Lang::Zh) => "该主管部门处没有已通过的备案，无可注销".to_owned(),
            (Self::NothingAccepted, Lang::En) => {
                "no filing is accepted by this authority, so there is nothing to cancel".to_owned()
            }
            (Self::OtherAuthority(id), Lang::Zh) => format!("备案 {id} 是向另一主管部门提交的；请核对 --resubmits"),
            (Self::OtherAuthority(id), Lang::En) => {
                format!("filing {id} was handed to another authority; correct --resubmits")
            }
        }
    }
}

impl Speak for FilingState {
    fn say(&self, lang: Lang) -> String {
        let zh = match self {
            Self::Draft => "草稿",
            Self::Submitted => "已提交",
            Self::Accepted => "已通过",
            Self::Rejected => "未通过",
            Self::Resubmitted => "已再次提交",
            Self::Superseded => "已被取代",
            Self::Recorded => "已留存",
        };
        lang.pick(zh, self.id()).to_owned()
    }
}

impl Speak for FilingKind {
    fn say(&self, lang: Lang) -> String {
        let zh = match self {
            Self::Initial => "备案",
            Self::Change => "备案变更",
            Self::Cancellation => "注销",
            Self::Inventory => "年度梳理",
        };
        lang.pick(zh, self.id()).to_owned()
    }
}

impl Speak for CancelReason {
    fn say(&self, lang: Lang) -> String {
        let (zh, en) = match self {
            Self::Destroyed => ("销毁", "destroyed"),
            Self::Transferred => ("转移", "transferred"),
            Self::Lowered => ("降级为一般", "lowered"),
            Self::Ended => ("主体注销或业务终止", "ended"),
            Self::Authority => ("主管部门调整", "authority"),
        };
        lang.pick(zh, en).to_owned()
    }
}

#[cfg(test)]
#[path = "life_cycle_tests.rs"]
mod tests;
