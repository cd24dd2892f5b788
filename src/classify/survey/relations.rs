//! Which tables belong to which: a detail to its head, a log to what it logs, a link to its two ends.

use std::collections::HashMap;

use super::Described;
use super::described::parts_of;
use super::grouping::Grouping;

/// What one table is to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tie {
    /// Its name or comment is that of the other with something behind it: lines, details, a log, a history.
    Detail,
    /// It joins the other with a third.
    Link,
}

impl Tie {
    /// How far a table is plumbing because the other is. Design.
    pub(super) fn plumbing(self) -> f64 {
        match self {
            Self::Detail => 1.0,
            Self::Link => 0.6,
        }
    }

    /// The word for it in an explanation.
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Detail => "detail",
            Self::Link => "link",
        }
    }
}

/// Words at the end of a comment that tell no table from another.
const ENDINGS: [&str; 5] = ["信息表", "数据表", "表", "主表", "单"];
/// Characters that a comment must have to be the head of another. Design.
const SHORTEST_HEAD: usize = 2;
/// Characters at the beginning of a comment among which a head is looked for: each is held against all comments. Design.
const LONGEST_HEAD: usize = 64;

/// By table, the tables that it belongs to.
pub(super) fn ties(tables: &[Described<'_>], grouping: &Grouping) -> Vec<Vec<(usize, Tie)>> {
    let mut ties = vec![Vec::new(); tables.len()];
    for numbers in &grouping.schemas {
        let by_parts: HashMap<&[u64], usize> = numbers
            .iter()
            .filter_map(|number| Some((grouping.tables.get(*number)?.parts.as_slice(), *number)))
            .filter(|(parts, _)| !parts.is_empty())
            .collect();
        let by_name: HashMap<&str, usize> =
            numbers.iter().filter_map(|number| Some((tables.get(*number)?.name, *number))).collect();
        let by_comment: HashMap<&str, usize> =
            numbers.iter().filter_map(|number| Some((core(tables.get(*number)?.comment?)?, *number))).collect();
        for number in numbers {
            let (Some(table), Some(membership), Some(own)) =
                (tables.get(*number), grouping.tables.get(*number), ties.get_mut(*number))
            else {
                continue;
            };
            *own = of_name(&membership.parts, &by_parts);
            if own.is_empty() {
                own.extend(table.comment.and_then(|comment| of_comment(comment, &by_comment)));
            }
            if own.is_empty() {
                own.extend(of_references(table, &by_name, &by_parts));
            }
            own.retain(|(other, _)| other != number);
        }
    }
    ties
}

/// The longest table whose name this one begins with; where the rest is a table too, it is a link.
fn of_name(parts: &[u64], by_parts: &HashMap<&[u64], usize>) -> Vec<(usize, Tie)> {
    for cut in (1..parts.len()).rev() {
        let (head, rest) = parts.split_at(cut);
        let Some(head) = by_parts.get(head) else { continue };
        return match by_parts.get(rest) {
            Some(end) => vec![(*head, Tie::Link), (*end, Tie::Link)],
            None => vec![(*head, Tie::Detail)],
        };
    }
    Vec::new()
}

/// The same for comments: 采购订单明细表 is a detail of 采购订单表.
fn of_comment(comment: &str, by_comment: &HashMap<&str, usize>) -> Option<(usize, Tie)> {
    let own = core(comment)?;
    let cuts = own.char_indices().map(|(at, _)| at).take(LONGEST_HEAD).skip(SHORTEST_HEAD).collect::<Vec<_>>();
    let head = cuts.into_iter().rev().find_map(|cut| by_comment.get(own.get(..cut)?))?;
    Some((*head, Tie::Detail))
}

/// A comment without what stands behind a comma or bracket, and without the word for a table.
fn core(comment: &str) -> Option<&str> {
    let first = comment.split(['，', ',', '。', '；', ';', '（', '(', '：', ':', ' ']).next()?.trim();
    let ending = ENDINGS.iter().find_map(|ending| first.strip_suffix(ending));
    let core = ending.unwrap_or(first);
    (!core.is_ascii() && core.chars().count() >= SHORTEST_HEAD).then_some(core)
}

/// A table that has little but keys of two others joins them. Keys are those that are declared, else columns that are
/// called like a table (`user_id`).
fn of_references(
    table: &Described<'_>,
    by_name: &HashMap<&str, usize>,
    by_parts: &HashMap<&[u64], usize>,
) -> Vec<(usize, Tie)> {
    let names = table.columns.iter().filter_map(|column| column.name.as_deref());
    let called = names.filter_map(|name| parts_of(name).split_last().and_then(|(_, entity)| by_parts.get(entity)));
    let declared = table.references.iter().filter_map(|name| by_name.get(name));
    let mut ends: Vec<usize> =
        if table.references.is_empty() { called.copied().collect() } else { declared.copied().collect() };
    ends.sort_unstable();
    ends.dedup();
    let is_link = ends.len() == 2 && table.columns.len() <= ends.len() + MOST_OTHERS;
    if is_link { ends.into_iter().map(|end| (end, Tie::Link)).collect() } else { Vec::new() }
}

/// Columns besides its two keys that a link table may have: an id of its own, who made it and when. Design.
const MOST_OTHERS: usize = 5;
