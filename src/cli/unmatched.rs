//! Patterns of `include` and `exclude` that named nothing in a scan: most likely they are misspelt.

use std::collections::BTreeSet;

use crate::model::{Lang, Speak, StoreState, escape_name};
use crate::pipeline::{Access, Outcome, Plan};

use super::store_entry::Limits;

/// A pattern that named nothing.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub(crate) struct Unmatched {
    /// The store whose configuration it stands in; `None`: the command line, or `[scan]`.
    store: Option<String>,
    /// The pattern as written.
    pattern: String,
}

impl Speak for Unmatched {
    fn say(&self, lang: Lang) -> String {
        let pattern = escape_name(self.pattern.as_bytes());
        match (&self.store, lang) {
            (Some(store), Lang::Zh) => {
                format!("数据载体 {store} 的 include 或 exclude 中，{pattern} 没有对应任何内容；请检查拼写")
            }
            (Some(store), Lang::En) => {
                format!("{pattern} of include or exclude of store {store} names nothing there; check its spelling")
            }
            (None, Lang::Zh) => format!("include 或 exclude 中的 {pattern} 没有对应任何内容；请检查拼写"),
            (None, Lang::En) => format!("{pattern} of include or exclude names nothing; check its spelling"),
        }
    }
}

/// What named nothing. Of a store that was not reached nothing is said, nor then of what holds for all stores.
pub(super) fn of(plan: &Plan, outcome: &Outcome, limits: &Limits) -> Vec<Unmatched> {
    let common: BTreeSet<&str> = limits.include.iter().chain(&limits.exclude).map(String::as_str).collect();
    let mut idle = common.clone();
    let mut found = Vec::new();
    let mut is_whole = true;
    for (target, result) in plan.targets.iter().zip(&outcome.stores) {
        if result.state == StoreState::Unreachable {
            is_whole = false;
            continue;
        }
        let unmatched: BTreeSet<&str> = match &target.access {
            Access::Database(database) => database.choice.unmatched().collect(),
            // It holds names of databases for nothing.
            Access::Share(_) => {
                let prefixes: BTreeSet<&str> = plan.exclude.written().collect();
                let idle: BTreeSet<&str> = plan.exclude.unmatched().collect();
                common.iter().copied().filter(|it| !prefixes.contains(it) || idle.contains(it)).collect()
            }
        };
        idle.retain(|pattern| unmatched.contains(pattern));
        let own = unmatched
            .difference(&common)
            .map(|pattern| Unmatched { store: Some(target.store.name.clone()), pattern: (*pattern).to_owned() });
        found.extend(own);
    }
    let everywhere = idle.into_iter().filter(|_| is_whole);
    found.extend(everywhere.map(|pattern| Unmatched { store: None, pattern: pattern.to_owned() }));
    found
}
