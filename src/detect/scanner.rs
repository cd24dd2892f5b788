//! The scanner of one asset: takes its fragments in order, gives what was found.

use std::collections::BTreeMap;

use super::judge::{Hit, Judge, Standing};
use super::names;
use super::seek::{REACH_BYTES, seek, seek_behind};
use super::table::{Table, TableFinding, pair_decimals};
use super::tally::Tally;
use super::vocabulary::Vocabulary;
use super::{fold, normalise, shape};
use crate::model::{CategoryId, Column, Evidence, Finding, Fragment, Place, PublicName, SketchKey};
use crate::rules::RulePack;

/// Bytes of running text judged in one go; the buffer is never much longer, whatever the text is.
const REGION_BYTES: usize = 64 << 10;
/// Columns named in one finding: a hostile table may have millions.
const MOST_NAMED_COLUMNS: usize = 64;
/// Different terms of column and part names kept; past this only known ones are counted on.
const MOST_NAME_EVIDENCE: usize = 10_000;

/// How an asset is scanned.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ScanOptions {
    /// Look for words in all of the content, not in a mebibyte of it.
    pub thorough: bool,
}

/// What was found in an asset. Holds no value of it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Detected {
    /// One a detector, sorted by its id; `sample` is for the pipeline to set.
    pub findings: Vec<Finding>,
    /// Terms by place, then identifiers and shape; each once with its count, in a fixed order.
    pub evidence: Vec<Evidence>,
    /// Markers of the detectors that found something, sorted.
    pub markers: Vec<String>,
    /// Rows that ended.
    pub rows: u64,
    /// By detector: rows with at least one match.
    pub rows_matched: BTreeMap<String, u64>,
}

/// Scans one asset.
pub struct Scanner<'p> {
    pack: &'p RulePack,
    key: SketchKey,
    buffer: Vec<u8>,
    /// Bytes at the front of the buffer that were judged and stay as context.
    judged: usize,
    /// Where in the buffer the last match ended.
    done: usize,
    /// The beginning of a full-width character, at the end of the last piece.
    unfinished: Vec<u8>,
    vocabulary: Vocabulary<'p>,
    table: Option<Table>,
    columns: Vec<Column>,
    tallies: Vec<Tally>,
    found_columns: Vec<Vec<PublicName>>,
    /// Terms of names, by place, rule, word, and the category that it speaks for: a word may have several.
    named: BTreeMap<(Place, String, String, String), Evidence>,
    shape: Option<Evidence>,
    rows: u64,
    rows_matched: Vec<u64>,
    /// By detector, the row of its last match, plus one.
    last_row: Vec<u64>,
}

impl<'p> Scanner<'p> {
    /// Begins an asset.
    #[must_use]
    pub fn new(pack: &'p RulePack, key: SketchKey, options: ScanOptions) -> Self {
        let detectors = pack.detectors().len();
        Self {
            pack,
            key,
            buffer: Vec::new(),
            judged: 0,
            done: 0,
            unfinished: Vec::new(),
            vocabulary: Vocabulary::new(pack.dictionary(), options.thorough),
            table: None,
            columns: Vec::new(),
            tallies: vec![Tally::default(); detectors],
            found_columns: vec![Vec::new(); detectors],
            named: BTreeMap::new(),
            shape: None,
            rows: 0,
            rows_matched: vec![0; detectors],
            last_row: vec![0; detectors],
        }
    }

    /// Takes the next fragment.
    pub fn take(&mut self, fragment: Fragment<'_>) {
        if !matches!(fragment, Fragment::Text(_)) {
            self.end_text();
        }
        match fragment {
            Fragment::Text(text) => self.text(text),
            Fragment::Break => {}
            Fragment::PartName(name) => self.part_name(name),
            Fragment::Table(columns) => self.begin_table(columns),
            Fragment::Cell { column, text } => self.cell(column, text),
            Fragment::RowEnd => self.row_end(),
            Fragment::TableEnd => self.end_table(),
        }
    }

    /// Ends the asset.
    #[must_use]
    pub fn finish(mut self) -> Detected {
        self.end_text();
        self.end_table();
        self.into_detected()
    }

    /// Bytes held back as context, for tests of how memory is bounded.
    #[cfg(test)]
    pub(super) fn buffered_bytes(&self) -> usize {
        self.buffer.capacity()
    }

    fn text(&mut self, mut text: &[u8]) {
        while !text.is_empty() {
            let (piece, rest) = text.split_at(text.len().min(REGION_BYTES));
            text = rest;
            let mut whole = std::mem::take(&mut self.unfinished);
            if whole.is_empty() {
                let kept = piece.len() - fold::unfinished(piece);
                fold::append(piece.get(..kept).unwrap_or_default(), &mut self.buffer, |_, _| {});
                self.unfinished.extend_from_slice(piece.get(kept..).unwrap_or_default());
            } else {
                whole.extend_from_slice(piece);
                let kept = whole.len() - fold::unfinished(&whole);
                fold::append(whole.get(..kept).unwrap_or_default(), &mut self.buffer, |_, _| {});
                self.unfinished.extend_from_slice(whole.get(kept..).unwrap_or_default());
            }
            while self.buffer.len() >= self.judged + REGION_BYTES + REACH_BYTES {
                self.judge_text(self.judged + REGION_BYTES);
                let kept_from = self.judged.saturating_sub(REACH_BYTES);
                self.buffer.drain(..kept_from);
                self.judged -= kept_from;
                self.done = self.done.saturating_sub(kept_from);
            }
        }
    }

    fn end_text(&mut self) {
        if !self.unfinished.is_empty() {
            self.buffer.append(&mut self.unfinished);
        }
        if !self.buffer.is_empty() {
            self.judge_text(self.buffer.len());
            self.buffer.clear();
            self.judged = 0;
            self.done = 0;
        }
    }

    /// Judges the buffer up to `end`.
    fn judge_text(&mut self, end: usize) {
        let region = self.judged..end;
        let (pack, key, tallies, text) = (self.pack, self.key, &mut self.tallies, self.buffer.as_slice());
        let mut count = |hit: &Hit| count_hit(pack, key, text, hit, tallies);
        self.done = seek_behind(Judge { pack, stances: &[] }, text, region.clone(), self.done, &mut count);
        self.vocabulary.take(text, region);
        self.judged = end;
    }

    fn part_name(&mut self, name: &[u8]) {
        self.count_name(name);
        self.note_name(&String::from_utf8_lossy(name), Place::Part);
    }

    fn begin_table(&mut self, columns: &[Column]) {
        self.end_table();
        for column in columns {
            for name in [&column.name, &column.comment].into_iter().flatten() {
                self.note_name(name, Place::Column);
            }
            if let Some(name) = column.name.as_ref().filter(|_| !column.from_schema) {
                self.count_name(name.as_bytes());
            }
        }
        self.shape = self.shape.take().or_else(|| shape::evidence(columns));
        self.columns = columns.to_vec();
        self.table = Some(Table::new(self.pack, columns));
    }

    /// Counts the identifiers in a name that is content: it is not shown, but it is there.
    fn count_name(&mut self, name: &[u8]) {
        let mut folded = Vec::with_capacity(name.len());
        fold::append(name, &mut folded, |_, _| {});
        let (pack, key, tallies) = (self.pack, self.key, &mut self.tallies);
        seek(Judge { pack, stances: &[] }, &folded, 0..folded.len(), &mut |hit| {
            count_hit(pack, key, &folded, hit, tallies);
        });
    }

    fn note_name(&mut self, name: &str, place: Place) {
        for evidence in names::evidence(self.pack, name, place) {
            let category = evidence.weights.first().map_or("", |(category, _)| category.as_str()).to_owned();
            let key = (place, evidence.rule.clone(), evidence.term.clone(), category);
            if let Some(known) = self.named.get_mut(&key) {
                known.count = known.count.saturating_add(evidence.count);
            } else if self.named.len() < MOST_NAME_EVIDENCE {
                self.named.insert(key, evidence);
            }
        }
    }

    fn cell(&mut self, column: usize, text: &[u8]) {
        let mut folded = Vec::new();
        let text = if memchr::memchr(fold::LEAD, text).is_some() {
            fold::append(text, &mut folded, |_, _| {});
            folded.as_slice()
        } else {
            text
        };
        let (rows, last_row, rows_matched) = (self.rows, &mut self.last_row, &mut self.rows_matched);
        let table = self.table.get_or_insert_with(|| Table::new(self.pack, &[]));
        table.cell(self.pack, self.key, column, text, rows, &mut |detector| {
            note_row(detector, rows, last_row, rows_matched);
        });
        self.vocabulary.take(text, 0..text.len());
    }

    fn row_end(&mut self) {
        let (rows, last_row, rows_matched) = (self.rows, &mut self.last_row, &mut self.rows_matched);
        if let Some(table) = &mut self.table {
            table.row_end(self.pack, self.key, &mut |detector| note_row(detector, rows, last_row, rows_matched));
        }
        self.rows = self.rows.saturating_add(1);
    }

    fn end_table(&mut self) {
        let Some(table) = self.table.take() else { return };
        let columns = std::mem::take(&mut self.columns);
        for TableFinding { detector, tally, columns: indices, late_rows } in table.finish() {
            if let Some(whole) = self.tallies.get_mut(detector) {
                whole.add(&tally, 1.0);
            }
            if let Some(rows) = self.rows_matched.get_mut(detector) {
                *rows = (*rows).max(late_rows);
            }
            let Some(found) = self.found_columns.get_mut(detector) else { continue };
            for index in indices {
                let name = names::column(self.pack, columns.get(index), index);
                if found.len() < MOST_NAMED_COLUMNS && !found.contains(&name) {
                    found.push(name);
                }
            }
        }
    }

    fn into_detected(self) -> Detected {
        let pack = self.pack;
        let mut detected = Detected { rows: self.rows, ..Detected::default() };
        detected.evidence = self.named.into_values().chain(self.vocabulary.evidence()).collect();
        let rules = pack.detectors().iter().enumerate();
        for (((number, rule), (tally, columns)), rows) in
            rules.zip(self.tallies.into_iter().zip(self.found_columns)).zip(self.rows_matched)
        {
            if tally.matches == 0 {
                continue;
            }
            detected.evidence.extend((!rule.speaks_for.is_empty()).then(|| identifier_evidence(rule, &tally)));
            detected.markers.extend(rule.marker.clone());
            detected.rows_matched.insert(rule.id.clone(), rows);
            detected.findings.extend(names::finding(pack, number, tally, columns));
        }
        detected.evidence.extend(self.shape);
        detected.markers.sort();
        detected.markers.dedup();
        detected
    }
}

/// Counts a match in running text or in a name.
fn count_hit(pack: &RulePack, key: SketchKey, text: &[u8], hit: &Hit, tallies: &mut [Tally]) {
    let rule = pack.detectors().get(hit.detector);
    let (Some(rule), Some(tally)) = (rule, tallies.get_mut(hit.detector)) else { return };
    if hit.standing != Standing::Sure {
        return;
    }
    let value = text.get(hit.range.clone()).unwrap_or_default();
    tally.count(hit.confidence, normalise::hash(key, rule.normalise, value));
    if let Some(decimals) = pair_decimals(rule, value) {
        tally.note_decimals(decimals);
    }
}

fn note_row(detector: usize, row: u64, last_row: &mut [u64], rows_matched: &mut [u64]) {
    if let (Some(last), Some(matched)) = (last_row.get_mut(detector), rows_matched.get_mut(detector))
        && *last != row + 1
    {
        *last = row + 1;
        *matched += 1;
    }
}

fn identifier_evidence(rule: &crate::rules::DetectorRule, tally: &Tally) -> Evidence {
    Evidence {
        term: rule.id.clone(),
        rule: rule.pack.clone(),
        place: Place::Identifier,
        count: tally.matches,
        weights: rule
            .speaks_for
            .iter()
            .map(|(category, weight)| (CategoryId::new(category.as_str()), *weight))
            .collect(),
        field: None,
        plumbing: false,
    }
}
