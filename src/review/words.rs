//! What the cells of a review's workbook are called, and what the words in them mean.

use std::collections::BTreeMap;

use super::fault::Wrong;
use super::layout::{DECISION, FACT, HEADERS, ID_ROW, SEAL, fact};
use super::row::{LOCKED, facts};
use crate::catalog::sheet::Sheet;
use crate::model::{Act, Lang, Level};
use crate::regime::Regime;
use crate::regime::form::Column;

/// Where each column stands, by its id; the id of one that is gone.
pub(super) fn columns(sheet: &Sheet, regime: &Regime) -> Result<BTreeMap<String, usize>, String> {
    let ids = sheet.rows.get(ID_ROW).map_or(&[][..], Vec::as_slice);
    let found: BTreeMap<String, usize> =
        ids.iter().enumerate().map(|(place, id)| (id.trim().to_owned(), place)).collect();
    let locked = LOCKED.iter().map(|id| (*id).to_owned());
    let decision = DECISION.iter().map(|(id, ..)| (*id).to_owned());
    let facts = facts(&regime.form).map(|column| fact(&column.id));
    let mut wanted = locked.chain(decision).chain(facts).chain([SEAL.to_owned()]);
    match wanted.find(|id| !found.contains_key(id)) {
        Some(gone) => Err(gone),
        None => Ok(found),
    }
}

/// The header of a column, in both languages.
pub(super) fn header(column: &str, regime: &Regime) -> Option<(String, String)> {
    let both = |(zh, en): (&str, &str)| (zh.to_owned(), en.to_owned());
    if let Some(place) = LOCKED.iter().position(|id| *id == column) {
        return Some(both(HEADERS[place]));
    }
    if let Some((_, zh, en)) = DECISION.iter().find(|(id, ..)| *id == column) {
        return Some(both((zh, en)));
    }
    let column = regime.form.catalog.column(column.strip_prefix(FACT)?)?;
    Some((column.label.zh.clone(), column.label.en.clone()))
}

pub(super) fn unfit(column: &Column) -> Wrong {
    if column.choices.is_empty() { Wrong::Kind(column.kind) } else { Wrong::Choice(column.choices.clone()) }
}

/// Digits as telephones are written, behind their plus.
pub(super) fn is_phone(text: &str) -> bool {
    let is_of_phone = |character: char| character.is_ascii_digit() || matches!(character, ' ' | '-' | '(' | ')');
    text.starts_with(|first: char| first.is_ascii_digit()) && text.chars().all(is_of_phone)
}

/// The act of a word, in either language.
pub(super) fn act(word: &str) -> Option<Act> {
    [Act::Confirm, Act::Override, Act::Reject]
        .into_iter()
        .find(|act| word == act.label(Lang::Zh) || word.eq_ignore_ascii_case(act.id()))
}

/// The level of a word, in either language, with or without 数据.
pub(super) fn level(word: &str) -> Option<Level> {
    let word = word.trim_end_matches("数据");
    [Level::General, Level::Important, Level::Core]
        .into_iter()
        .find(|level| word == level.label(Lang::Zh) || word.eq_ignore_ascii_case(level.id()))
}
