//! Which stores two scans can speak of.

use std::collections::BTreeSet;

use crate::cli::complaint::Complaint;
use crate::diff::Seen;
use crate::export::cell;
use crate::inventory::ScanRecord;
use crate::model::StoreState;

/// Whether a store can be compared: a scan speaks only for the targets that it was given.
pub(super) struct Covered {
    pub(super) name: String,
    pub(super) compared: Compared,
}

#[derive(Clone, Copy)]
pub(super) enum Compared {
    Yes(Seen),
    /// Only this scan was given the store.
    OnlyIn(i64),
    /// This scan could not reach it.
    Unreachable(i64),
}

impl Compared {
    pub(super) fn id(self) -> &'static str {
        match self {
            Self::Yes(_) => "compared",
            Self::OnlyIn(_) => "not-in-both",
            Self::Unreachable(_) => "unreachable",
        }
    }
}

/// The stores of both scans, or those that were asked for.
pub(super) fn coverage(between: [&ScanRecord; 2], wanted: &[String]) -> Result<Vec<Covered>, Complaint> {
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

/// Whether a store can be compared, and how far each scan saw it.
pub(super) fn compared([before, after]: [&ScanRecord; 2], store: &str) -> Compared {
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
