//! A filled workbook → what changes, or every cell that does not fit. Either all of it, or nothing.

use std::collections::{BTreeMap, BTreeSet};

use super::decide::{Asked, Senseless, decide};
use super::fault::{Fault, Wrong};
use super::layout::{HEADER_ROW, ID_ROW, MOST_CHARACTERS, ORIGIN, SCHEMA, SEAL, SHEET, fact};
use super::row::{LOCKED, Row, facts, sealed};
use super::words;
use crate::catalog::sheet::Sheet;
use crate::export::cell::{self, starts_formula};
use crate::model::{CategoryId, Decision, LevelDecision, is_invisible};
use crate::regime::Regime;

/// What a workbook is held against.
#[derive(Clone, Copy, Debug)]
pub struct Now<'a> {
    /// What the results of now are called; another name in the workbook says that it is older.
    pub origin: &'a str,
    /// Take rows of older results whose proposal, decisions and facts are the same.
    pub older: bool,
    /// The rows of now, by id: at least those that the workbook names.
    pub rows: &'a BTreeMap<String, Row>,
    /// Categories and the form.
    pub regime: &'a Regime,
    /// Who answers for the decisions.
    pub by: &'a str,
    /// The civil date of the decisions.
    pub date: &'a str,
}

/// What a filled workbook says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filled {
    /// Rows that it holds.
    pub rows: usize,
    /// What changes, in the order of the rows.
    pub changes: Vec<Change>,
}

/// One thing that changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// A decision is added.
    Decision {
        /// The row of the sheet, from 1.
        row: usize,
        /// The decision.
        decision: Decision,
        /// What was decided so far.
        before: LevelDecision,
    },
    /// A fact of the register is given, replaced or cleared for a class.
    Fact {
        /// The row of the sheet, from 1.
        row: usize,
        /// The id of the class.
        target: String,
        /// The category of the class.
        category: CategoryId,
        /// The store of the class.
        store: String,
        /// The id of the column.
        column: String,
        /// What stood there, given for the class or for more.
        before: Option<String>,
        /// What stands there now.
        after: Option<String>,
    },
}

/// The ids that a workbook names, for the rows of now to be looked up.
#[must_use]
pub fn targets(sheets: &[Sheet]) -> BTreeSet<String> {
    let Some(sheet) = named(sheets, SHEET) else { return BTreeSet::new() };
    let Some(place) = sheet.rows.get(ID_ROW).and_then(|ids| ids.iter().position(|id| id.trim() == LOCKED[0])) else {
        return BTreeSet::new();
    };
    let rows = HEADER_ROW + 1..sheet.rows.len();
    rows.map(|row| sheet.text(row, place).trim().to_owned()).filter(|id| !id.is_empty()).collect()
}

/// What the workbook says, held against what is now.
pub fn fill(sheets: &[Sheet], now: &Now<'_>) -> Result<Filled, Vec<Fault>> {
    let whole = |wrong| vec![Fault { row: 0, column: 0, header: None, wrong }];
    let (Some(origin), Some(sheet)) = (named(sheets, ORIGIN), named(sheets, SHEET)) else {
        return Err(whole(Wrong::NotAReview));
    };
    if origin.text(0, 0) != SCHEMA.0 {
        return Err(whole(Wrong::NotAReview));
    }
    if origin.text(0, 1) != SCHEMA.1 {
        return Err(whole(Wrong::Layout));
    }
    if origin.text(1, 1) != now.origin && !now.older {
        return Err(whole(Wrong::Older(origin.text(2, 1).to_owned())));
    }
    let columns = words::columns(sheet, now.regime).map_err(|id| whole(Wrong::ColumnGone(id)))?;
    Reader { sheet, columns, now, faults: Vec::new() }.read()
}

fn named<'s>(sheets: &'s [Sheet], name: &str) -> Option<&'s Sheet> {
    sheets.iter().find(|sheet| sheet.name == name)
}

struct Reader<'a> {
    sheet: &'a Sheet,
    columns: BTreeMap<String, usize>,
    now: &'a Now<'a>,
    faults: Vec<Fault>,
}

/// What a person typed beside a row.
#[derive(Default)]
struct Typed {
    decision: String,
    level: String,
    category: String,
    reason: String,
    document: String,
}

impl Reader<'_> {
    fn read(mut self) -> Result<Filled, Vec<Fault>> {
        let mut filled = Filled::default();
        let mut seen: BTreeMap<String, usize> = BTreeMap::new();
        for row in HEADER_ROW + 1..self.sheet.rows.len() {
            if self.sheet.rows[row].iter().all(|cell| cell.trim().is_empty()) {
                continue;
            }
            filled.rows += 1;
            let id = self.text(row, LOCKED[0]).to_owned();
            if id.is_empty() {
                self.refuse(row, LOCKED[0], Wrong::NoId);
                continue;
            }
            if let Some(earlier) = seen.insert(id.clone(), row + 1) {
                self.refuse(row, LOCKED[0], Wrong::Repeated(earlier));
                continue;
            }
            let before = self.faults.len();
            let changes = self.row(row, &id);
            if self.faults.len() == before {
                filled.changes.extend(changes);
            }
        }
        if self.faults.is_empty() { Ok(filled) } else { Err(self.faults) }
    }

    /// What one row changes; what does not fit in it is noted.
    fn row(&mut self, row: usize, id: &str) -> Vec<Change> {
        let now = self.now;
        let Some(current) = now.rows.get(id) else {
            self.refuse(row, LOCKED[0], Wrong::Vanished);
            return Vec::new();
        };
        if !self.is_untouched(row, current) {
            return Vec::new();
        }
        let typed = self.typed(row);
        let mut changes: Vec<Change> = self.decision(row, current, &typed).into_iter().collect();
        changes.extend(self.facts(row, current));
        let (_, basis) = self.seal(row);
        if !changes.is_empty() && basis != current.basis() {
            self.refuse(row, LOCKED[0], Wrong::Changed);
        }
        changes
    }

    fn seal(&self, row: usize) -> (String, String) {
        let seal = self.text(row, SEAL);
        let (locked, basis) = seal.split_once('-').unwrap_or((seal, ""));
        (locked.to_owned(), basis.to_owned())
    }

    /// Whether the locked cells are those that were written, and none is computed.
    fn is_untouched(&mut self, row: usize, current: &Row) -> bool {
        let texts = LOCKED.map(|column| self.text(row, column).to_owned());
        let computed = LOCKED.iter().find(|column| self.is_computed(row, column)).copied();
        let (locked, _) = self.seal(row);
        if computed.is_none() && sealed(&texts) == locked {
            return true;
        }
        // The first cell that is not what it is now, where that is what was written.
        let shown = current.locked(&self.now.regime.taxonomy);
        let is_current = sealed(&shown) == locked;
        let differs = |place: &usize| sealed(&[&texts[*place]]) != sealed(&[&shown[*place]]);
        let place = (0..LOCKED.len()).find(differs).filter(|_| is_current).unwrap_or(0);
        self.refuse(row, computed.unwrap_or(LOCKED[place]), Wrong::Locked);
        false
    }

    fn typed(&mut self, row: usize) -> Typed {
        let mut cell = |column: &str| self.filled(row, column).unwrap_or_default();
        Typed {
            decision: cell("decision"),
            level: cell("level"),
            category: cell("category_decided"),
            reason: cell("reason"),
            document: cell("document"),
        }
    }

    /// The decision of a row, if there is one.
    fn decision(&mut self, row: usize, current: &Row, typed: &Typed) -> Option<Change> {
        let Typed { decision, level: level_typed, category, reason, document } = typed;
        if decision.is_empty() {
            let rest =
                [("level", level_typed), ("category_decided", category), ("reason", reason), ("document", document)];
            if rest.iter().any(|(_, text)| !text.is_empty()) {
                self.refuse(row, "decision", Wrong::NoDecision);
            }
            return None;
        }
        let Some(act) = words::act(decision) else {
            self.refuse(row, "decision", Wrong::Decision);
            return None;
        };
        let level = if level_typed.is_empty() { None } else { words::level(level_typed) };
        if level.is_none() && !level_typed.is_empty() {
            self.refuse(row, "level", Wrong::Level);
        }
        if reason.is_empty() {
            self.refuse(row, "reason", Wrong::NoReason);
        }
        if reason.is_empty() {
            return None;
        }
        let asked = Asked {
            act,
            // The list of choices shows the name behind the id.
            category: category.split_whitespace().next().map(str::to_owned),
            level,
            detector: None,
            document: Some(document.clone()).filter(|document| !document.is_empty()),
            by: self.now.by.to_owned(),
            reason: reason.clone(),
            date: self.now.date.to_owned(),
        };
        match decide(&asked, &current.subject(), &self.now.regime.taxonomy) {
            Ok(decision) => Some(Change::Decision { row: row + 1, decision, before: current.level }),
            Err(senseless) => {
                let column = match senseless {
                    Senseless::NoDocument | Senseless::StrayDocument => "document",
                    _ if category.is_empty() => "level",
                    _ => "category_decided",
                };
                self.refuse(row, column, Wrong::Senseless(senseless));
                None
            }
        }
    }

    /// The facts that differ from what is known.
    fn facts(&mut self, row: usize, current: &Row) -> Vec<Change> {
        let mut changes = Vec::new();
        let regime = self.now.regime;
        for column in facts(&regime.form) {
            let id = fact(&column.id);
            let before = current.facts.get(&column.id);
            // What nobody touched is as good as it was, whatever it holds: the cell has it on one line, without what nobody sees.
            let written = before.map(|before| cell::plain(before)).unwrap_or_default();
            let same = self.text(row, &id) == written.trim();
            if same && !self.is_computed(row, &id) {
                continue;
            }
            let Some(value) = self.filled(row, &id) else { continue };
            let Some(category) = current.category.clone().filter(|_| current.is_class()) else {
                self.refuse(row, &id, Wrong::FactOfAsset);
                continue;
            };
            if !value.is_empty() && !column.accepts(&value) {
                self.refuse(row, &id, words::unfit(column));
                continue;
            }
            if value.is_empty() && !current.own.contains(&column.id) {
                self.refuse(row, &id, Wrong::NotOwn);
                continue;
            }
            changes.push(Change::Fact {
                row: row + 1,
                target: current.id.clone(),
                category,
                store: current.store.clone(),
                column: column.id.clone(),
                before: before.cloned(),
                after: Some(value).filter(|value| !value.is_empty()),
            });
        }
        changes
    }

    /// The text of a cell that a person fills; `None` where it does not fit.
    fn filled(&mut self, row: usize, column: &str) -> Option<String> {
        let text = self.text(row, column).replace('\n', " ");
        let phone = |text: &str| text.strip_prefix('+').is_some_and(words::is_phone);
        let wrong = if self.is_computed(row, column) {
            Wrong::Formula
        } else if text.chars().count() > MOST_CHARACTERS {
            Wrong::TooLong
        } else if text.chars().any(is_invisible) {
            Wrong::Invisible
        } else if starts_formula(&text) && !phone(&text) {
            Wrong::FormulaSign
        } else {
            return Some(text);
        };
        self.refuse(row, column, wrong);
        None
    }

    fn text(&self, row: usize, column: &str) -> &str {
        self.columns.get(column).map_or("", |place| self.sheet.text(row, *place).trim())
    }

    fn is_computed(&self, row: usize, column: &str) -> bool {
        self.columns.get(column).is_some_and(|place| self.sheet.formulas.contains(&(row, *place)))
    }

    fn refuse(&mut self, row: usize, column: &str, wrong: Wrong) {
        let place = self.columns.get(column).map_or(0, |place| place + 1);
        self.faults.push(Fault { row: row + 1, column: place, header: words::header(column, self.now.regime), wrong });
    }
}
