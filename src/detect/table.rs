//! Cells: what a column's name promises, what its cells hold, and how much of the column it is.

use std::cell::OnceCell;

use super::blocks::{Block, low_bits};
use super::chance::{DigitCells, Lengths};
use super::checksum::{self, Verdict};
use super::judge::{Hit, Judge, Stance, Standing, matched};
use super::normalise::{Compact, KeyedHash};
use super::seek::{seek, seek_short};
use super::shapes::Shapes;
use super::share::{Cluster, MatchedRows};
use super::tally::Tally;
use crate::model::Column;
use crate::rules::schema::Anchor;
use crate::rules::words::Name;
use crate::rules::{DetectorRule, RulePack};

/// A column is taken for one of a kind, against a missing name or wrong check digits, from this many cells on
const FEWEST_CELLS: u64 = 10;
/// and with this share of them: by chance one number in ten has a right Luhn digit. Design.
const COLUMN_SHARE: f64 = 0.8;
/// What such a guess leaves of the confidence. Design.
const GUESS_SHARE: f64 = 0.8;
/// Columns past this are counted together with the last: a hostile table may declare millions.
const MOST_COLUMNS: usize = 4096;
/// A password column counts values of at least this length.
const SHORTEST_SECRET: usize = 4;

/// A value of a table.
#[derive(Clone, Copy)]
pub(super) struct Cell<'t> {
    /// Without blanks around it, and not empty.
    pub(super) value: &'t [u8],
    /// What stands where in it; `None` where it is longer than a block.
    pub(super) block: Option<&'t Block>,
}

/// A table that is being read.
pub(super) struct Table {
    columns: Vec<ColumnState>,
    pairs: Vec<Pair>,
}

struct ColumnState {
    stances: Vec<Stance>,
    named: Vec<usize>,
    cells: u64,
    slots: Vec<(usize, Slot)>,
    shapes: Shapes,
    digit_cells: DigitCells,
}

/// One detector in one column.
#[derive(Default)]
struct Slot {
    sure: Tally,
    weak: Tally,
    refuted: Tally,
    /// Whole cells of digits in a column that is not named for the detector, and how many digits they have.
    digits: Tally,
    digit_lengths: Lengths,
    weak_rows: MatchedRows,
    last_weak_row: Option<u64>,
}

/// Two columns that hold the halves of a coordinate.
struct Pair {
    detector: usize,
    first: usize,
    second: usize,
    halves: [Option<([u8; 24], usize)>; 2],
    tally: Tally,
}

/// What a table found with one detector.
pub(super) struct TableFinding {
    pub(super) detector: usize,
    pub(super) tally: Tally,
    /// Columns, by index.
    pub(super) columns: Vec<usize>,
    /// Rows that count only now that the whole column is known.
    pub(super) late_rows: MatchedRows,
}

impl Table {
    pub(super) fn new(pack: &RulePack, columns: &[Column]) -> Self {
        let names: Vec<[Option<Name>; 2]> = columns
            .iter()
            .take(MOST_COLUMNS)
            .map(|column| {
                [column.name.as_deref().map(Name::new), column.comment.as_deref().map(heading).map(Name::new)]
            })
            .collect();
        let pairs = pack.detectors().iter().enumerate().filter(|(_, rule)| rule.is_pair()).filter_map(|(at, rule)| {
            let find = |half: fn(&DetectorRule, &Name) -> bool| {
                names.iter().position(|names| names.iter().flatten().any(|name| half(rule, name)))
            };
            let first = find(DetectorRule::names_column)?;
            let second = find(DetectorRule::names_second_column).filter(|second| *second != first)?;
            Some(Pair { detector: at, first, second, halves: [None, None], tally: Tally::default() })
        });
        let pairs = pairs.collect();
        Self { columns: names.iter().map(|names| ColumnState::new(pack, names)).collect(), pairs }
    }

    /// Takes a cell without blanks around it; tells the detectors that matched it.
    pub(super) fn cell(
        &mut self,
        pack: &RulePack,
        keyed: &KeyedHash,
        column: usize,
        cell: Cell<'_>,
        row: u64,
        matched: &mut dyn FnMut(usize),
    ) {
        let column = column.min(MOST_COLUMNS);
        while self.columns.len() <= column {
            self.columns.push(ColumnState::new(pack, &[None, None]));
        }
        for pair in &mut self.pairs {
            pair.take(column, cell.value);
        }
        if let Some(state) = self.columns.get_mut(column) {
            state.cell(pack, keyed, cell, row, matched);
        }
    }

    /// Ends a row.
    pub(super) fn row_end(&mut self, pack: &RulePack, keyed: &KeyedHash, matched: &mut dyn FnMut(usize)) {
        for pair in &mut self.pairs {
            pair.row_end(pack, keyed, matched);
        }
    }

    /// Ends a cluster of rows.
    pub(super) fn cluster_end(&mut self, cluster: Cluster) {
        for column in &mut self.columns {
            column.slots.iter_mut().for_each(|(_, slot)| slot.weak_rows.end_cluster(cluster));
            column.shapes.cluster_end(cluster);
        }
    }

    /// What the table found, sorted by detector.
    pub(super) fn finish(self) -> Vec<TableFinding> {
        let mut found: std::collections::BTreeMap<usize, TableFinding> = std::collections::BTreeMap::new();
        let mut add = |detector: usize, columns: &[usize], tally: &Tally, share: f64, late: MatchedRows| {
            if tally.matches == 0 {
                return;
            }
            let empty = || TableFinding {
                detector,
                tally: Tally::default(),
                columns: Vec::new(),
                late_rows: MatchedRows::default(),
            };
            let finding = found.entry(detector).or_insert_with(empty);
            finding.tally.add(tally, share);
            if late.rows > finding.late_rows.rows {
                finding.late_rows = late;
            }
            finding
                .columns
                .extend(columns.iter().filter(|column| !finding.columns.contains(column)).collect::<Vec<_>>());
        };
        let mut checked = Vec::new();
        let none = MatchedRows::default();
        for pair in &self.pairs {
            add(pair.detector, &[pair.first, pair.second], &pair.tally, 1.0, none);
        }
        for (index, column) in self.columns.iter().enumerate() {
            for (detector, slot) in &column.slots {
                if !column.digit_cells.are_chance(slot.digits.matches, slot.digit_lengths) {
                    add(*detector, &[index], &slot.digits, 1.0, none);
                }
                let (passed, refuted) = (slot.sure.matches, slot.refuted.matches);
                add(*detector, &[index], &slot.sure, 1.0, none);
                if column.is_mostly(passed + refuted) && refuted > 0 {
                    if refuted > passed {
                        add(*detector, &[index], &slot.refuted, 1.0, none);
                    }
                    checked.push((*detector, passed, refuted));
                }
                if column.is_mostly(slot.all()) {
                    add(*detector, &[index], &slot.weak, GUESS_SHARE, slot.weak_rows);
                }
            }
            let is_told = column.slots.iter().any(|(_, slot)| column.is_mostly(slot.all()));
            if let Some((detector, tally, rows)) =
                column.shapes.held(|matches| column.is_mostly(matches)).filter(|_| !is_told)
            {
                add(detector, &[index], tally, GUESS_SHARE, rows);
            }
        }
        for (detector, passed, refuted) in checked {
            if let Some(finding) = found.get_mut(&detector) {
                finding.tally.note_checked(passed, refuted);
            }
        }
        let mut found: Vec<TableFinding> = found.into_values().collect();
        for finding in &mut found {
            finding.columns.sort_unstable();
        }
        found
    }
}

/// What a comment calls the column: `状态（0 正常，1 停用）` and `grant types, e.g. password` go on to explain it.
fn heading(comment: &str) -> &str {
    comment
        .split(['，', ',', '。', '；', ';', '（', '(', '：', ':'])
        .find(|part| !part.trim().is_empty())
        .unwrap_or(comment)
}

impl ColumnState {
    fn new(pack: &RulePack, names: &[Option<Name>; 2]) -> Self {
        let stance = |rule: &DetectorRule| {
            let denied = names.iter().flatten().any(|name| rule.denies_column(name));
            let excluded = names.iter().flatten().any(|name| rule.excludes_column(name));
            // Where any value counts, the name is all there is: `password_expires_at` holds no password.
            if excluded || rule.any_value && denied {
                Stance::Denied
            } else if names.iter().flatten().any(|name| rule.names_whole_column(name)) {
                Stance::Named
            } else if denied {
                Stance::Denied
            } else {
                Stance::Silent
            }
        };
        let stances: Vec<Stance> = if names.iter().flatten().next().is_none() {
            Vec::new()
        } else {
            pack.detectors().iter().map(stance).collect()
        };
        let wanted = stances.iter().enumerate().filter(|(_, stance)| **stance == Stance::Named).map(|(at, _)| at);
        let shapes = Shapes::new(pack, &stances);
        Self {
            named: wanted.collect(),
            stances,
            cells: 0,
            slots: Vec::new(),
            shapes,
            digit_cells: DigitCells::default(),
        }
    }

    fn is_mostly(&self, matches: u64) -> bool {
        self.cells >= FEWEST_CELLS && matches as f64 >= COLUMN_SHARE * self.cells as f64
    }

    fn cell(&mut self, pack: &RulePack, keyed: &KeyedHash, cell: Cell<'_>, row: u64, matched: &mut dyn FnMut(usize)) {
        self.cells += 1;
        if self.whole_value(pack, keyed, cell, matched) {
            return;
        }
        self.shapes.cell(pack, keyed, cell.value);
        let is_digits = cell.block.is_some_and(|block| block.digit == low_bits(cell.value.len()));
        if is_digits {
            self.digit_cells.take(cell.value.len());
        }
        let judge = Judge { pack, stances: &self.stances };
        let slots = &mut self.slots;
        let mut take = |hit: &Hit| {
            let Some(rule) = pack.detectors().get(hit.detector) else { return };
            let is_whole = is_digits && hit.range == (0..cell.value.len());
            slot_of(slots, hit.detector).take(hit, keyed, rule, cell.value, row, is_whole);
            if hit.standing == Standing::Sure {
                matched(hit.detector);
            }
        };
        match cell.block {
            Some(block) => seek_short(judge, cell.value, block, &mut take),
            None => seek(judge, cell.value, &mut take),
        }
    }

    /// Whether the cell as a whole, its separators aside, is what the column is named for.
    fn whole_value(
        &mut self,
        pack: &RulePack,
        keyed: &KeyedHash,
        cell: Cell<'_>,
        matched: &mut dyn FnMut(usize),
    ) -> bool {
        let Some(block) = cell.block.filter(|_| !self.named.is_empty()) else { return false };
        let value = cell.value;
        let is_plain = block.digit | block.capital == low_bits(value.len());
        let spelt = Spelt { value, is_plain, compact: OnceCell::new() };
        let mut refuted = None;
        for detector in &self.named {
            let Some(rule) = pack.detectors().get(*detector) else { continue };
            let verdict = whole_verdict(rule, &spelt);
            if verdict == Some(Verdict::Refuted) {
                refuted = refuted.or(Some(*detector));
            }
            if matches!(verdict, Some(Verdict::Confirmed | Verdict::Unknown)) {
                let hash =
                    if is_plain { keyed.of_plain(rule.normalise, value) } else { keyed.of(rule.normalise, value) };
                slot_of(&mut self.slots, *detector).sure.count(rule.confidence.supported, hash);
                matched(*detector);
                return true;
            }
        }
        let Some(rule) = refuted.and_then(|detector| pack.detectors().get(detector)) else { return false };
        let slot = slot_of(&mut self.slots, refuted.unwrap_or_default());
        slot.refuted.count(rule.confidence.denied, keyed.of(rule.normalise, value));
        // A wrong check digit stays what it is: no other detector looks inside.
        true
    }
}

/// A value as it is written.
struct Spelt<'t> {
    value: &'t [u8],
    /// Whether it consists of capitals and digits.
    is_plain: bool,
    compact: OnceCell<Compact>,
}

impl Spelt<'_> {
    /// Its letters and digits, in capitals.
    fn compact(&self) -> &[u8] {
        if self.is_plain { self.value } else { self.compact.get_or_init(|| Compact::of(self.value)).as_slice() }
    }
}

/// What a detector says of a whole cell of a column that is named for it.
fn whole_verdict(rule: &DetectorRule, spelt: &Spelt<'_>) -> Option<Verdict> {
    let value = spelt.value;
    if rule.any_value {
        return (value.len() >= SHORTEST_SECRET).then_some(Verdict::Unknown);
    }
    let runs = matches!(rule.anchor, Anchor::DigitRun | Anchor::LetterDigitRun | Anchor::Column);
    let compact = if runs { spelt.compact() } else { value };
    if runs && !rule.lengths.is_empty() && !rule.accepts_length(compact.len()) {
        return None;
    }
    // Signs that no spelling of a number has: a text, or a decimal.
    let is_spelling =
        |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b' ' | b'-' | b'+' | b'(' | b')' | b'/');
    if runs && compact.len() != value.len() && !value.iter().all(is_spelling) {
        return None;
    }
    if let Some(pattern) = &rule.pattern {
        let is_whole = |text: &[u8]| {
            let begins = text.first().is_some_and(|first| rule.first_bytes.is_none_or(|bytes| bytes.contains(*first)));
            begins && matched(pattern, text).is_some_and(|found| found.end == text.len())
        };
        if !(is_whole(value) || compact != value && is_whole(compact)) {
            return None;
        }
    }
    rule.check.map_or(Some(Verdict::Unknown), |check| checksum::verify(check, compact))
}

fn slot_of(slots: &mut Vec<(usize, Slot)>, detector: usize) -> &mut Slot {
    let at = slots.iter().position(|(known, _)| *known == detector).unwrap_or_else(|| {
        slots.push((detector, Slot::default()));
        slots.len() - 1
    });
    &mut slots[at].1
}

impl Slot {
    /// Everything that passed.
    fn all(&self) -> u64 {
        self.sure.matches + self.weak.matches + self.digits.matches
    }

    fn take(&mut self, hit: &Hit, keyed: &KeyedHash, rule: &DetectorRule, text: &[u8], row: u64, is_digits: bool) {
        let value = text.get(hit.range.clone()).unwrap_or_default();
        let tally = match hit.standing {
            Standing::Sure if is_digits => {
                self.digit_lengths = self.digit_lengths.with(value.len());
                &mut self.digits
            }
            Standing::Sure => &mut self.sure,
            Standing::Weak => &mut self.weak,
            Standing::Refuted => &mut self.refuted,
        };
        tally.count(hit.confidence, keyed.of(rule.normalise, value));
        if let Some(decimals) = pair_decimals(rule, value) {
            tally.note_decimals(decimals);
        }
        if hit.standing == Standing::Weak && self.last_weak_row != Some(row) {
            self.last_weak_row = Some(row);
            self.weak_rows.add_row();
        }
    }
}

/// Decimals of the coarser half of a pair.
pub(super) fn pair_decimals(rule: &DetectorRule, value: &[u8]) -> Option<u8> {
    if !rule.is_pair() {
        return None;
    }
    let mut halves = value
        .split(|byte| !(byte.is_ascii_digit() || *byte == b'.'))
        .filter(|half| !half.is_empty())
        .filter_map(checksum::coordinate_decimals);
    let (first, second) = (halves.next()?, halves.next()?);
    Some(first.min(second))
}

impl Pair {
    fn take(&mut self, column: usize, value: &[u8]) {
        let half = match column {
            column if column == self.first => 0,
            column if column == self.second => 1,
            _ => return,
        };
        let mut bytes = [0; 24];
        let kept = bytes.get_mut(..value.len()).map(|slot| slot.copy_from_slice(value));
        if let Some(slot) = self.halves.get_mut(half) {
            *slot = kept.map(|()| (bytes, value.len()));
        }
    }

    fn row_end(&mut self, pack: &RulePack, keyed: &KeyedHash, matched: &mut dyn FnMut(usize)) {
        let [Some((first, first_length)), Some((second, second_length))] = std::mem::take(&mut self.halves) else {
            return;
        };
        let Some(rule) = pack.detectors().get(self.detector) else { return };
        let first = first.get(..first_length).unwrap_or_default();
        let second = second.get(..second_length).unwrap_or_default();
        if !rule.check.is_some_and(|check| checksum::is_pair(check, first, second)) {
            return;
        }
        let both = [first, b",", second].concat();
        self.tally.count(rule.confidence.supported, keyed.of(rule.normalise, &both));
        if let Some(decimals) = pair_decimals(rule, &both) {
            self.tally.note_decimals(decimals);
        }
        matched(self.detector);
    }
}
