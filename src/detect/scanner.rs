//! The scanner of one asset: takes its fragments in order, gives what was found.

use std::collections::BTreeMap;
use std::ops::Range;

use super::blocks::{BLOCK, Block};
use super::judge::{Hit, Judge, Standing};
use super::names;
use super::normalise::KeyedHash;
use super::seek::{Progress, REACH_BYTES, seek, seek_in};
use super::share::{Cluster, Clusters, MatchedRows, Share};
use super::statistics::Statistics;
use super::table::{Cell, Table, TableFinding, pair_decimals};
use super::tally::Tally;
use super::vocabulary::Vocabulary;
use super::{fold, shape, simd};
use crate::model::{CategoryId, Column, ColumnStatistics, Evidence, Finding, Fragment, Place, PublicName, SketchKey};
use crate::rules::RulePack;

/// Bytes of running text judged in one go: what was looked at for numbers is still near when it is looked at for words.
const REGION_BYTES: usize = 64 << 10;
/// Pieces shorter than this are put together first. No more than this is ever held, whatever the text is.
const LEAST_IN_PLACE_BYTES: usize = 8 << 10;
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
    /// What the columns of the first table hold.
    pub columns: Vec<ColumnStatistics>,
    /// By detector: rows with at least one match, and what they say of all rows where these are a sample.
    pub shares: BTreeMap<String, Share>,
}

/// Scans one asset.
pub struct Scanner<'p> {
    pack: &'p RulePack,
    keyed: KeyedHash,
    /// The end of the text so far, that waits for what stands behind it.
    held: Vec<u8>,
    /// Bytes at its front that were judged and stay as context.
    judged: usize,
    progress: Progress,
    /// The beginning of a full-width character, at the end of the last piece.
    unfinished: Vec<u8>,
    vocabulary: Vocabulary<'p>,
    table: Option<Table>,
    /// What stands where in the row that is being read; kept for its room.
    row_blocks: Vec<Block>,
    columns: Vec<Column>,
    tallies: Vec<Tally>,
    found_columns: Vec<Vec<PublicName>>,
    /// Terms of names, by place, rule, word, and the category that it speaks for: a word may have several.
    named: BTreeMap<(Place, String, String, String), Evidence>,
    shapes: Vec<Evidence>,
    statistics: Statistics,
    table_began: u64,
    column_statistics: Vec<ColumnStatistics>,
    rows: u64,
    clusters: Clusters,
    rows_matched: Vec<MatchedRows>,
    /// The same and the rows, as they were when the first table ended: what follows are documents in its values.
    of_first_table: Option<(Vec<MatchedRows>, u64)>,
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
            keyed: KeyedHash::new(key),
            held: Vec::new(),
            judged: 0,
            progress: Progress::default(),
            unfinished: Vec::new(),
            vocabulary: Vocabulary::new(pack.dictionary(), options.thorough),
            table: None,
            row_blocks: Vec::new(),
            columns: Vec::new(),
            tallies: vec![Tally::default(); detectors],
            found_columns: vec![Vec::new(); detectors],
            named: BTreeMap::new(),
            shapes: Vec::new(),
            statistics: Statistics::default(),
            table_began: 0,
            column_statistics: Vec::new(),
            rows: 0,
            clusters: Clusters::default(),
            rows_matched: vec![MatchedRows::default(); detectors],
            of_first_table: None,
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
            Fragment::Row { text, ends } => self.row(text, ends),
            Fragment::RowEnd => self.row_end(),
            Fragment::ClusterEnd { of } => self.cluster_end(of),
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
        self.held.capacity()
    }

    /// Running text. What has a neighbourhood on both sides is judged where it lies; only the ends of a piece are kept,
    /// until their neighbours are there.
    fn text(&mut self, text: &[u8]) {
        let mut whole = std::mem::take(&mut self.unfinished);
        let text = if whole.is_empty() {
            text
        } else {
            whole.extend_from_slice(text);
            &whole
        };
        let (text, unfinished) = text.split_at(text.len() - fold::unfinished(text));
        self.unfinished.extend_from_slice(unfinished);
        if fold::is_folded(text) {
            self.folded_text(text);
        } else {
            let mut folded = Vec::with_capacity(text.len());
            fold::append(text, &mut folded, |_, _| {});
            self.folded_text(&folded);
        }
    }

    fn folded_text(&mut self, text: &[u8]) {
        let Some(ahead) = text.get(..2 * REACH_BYTES).filter(|_| text.len() > LEAST_IN_PLACE_BYTES) else {
            self.held.extend_from_slice(text);
            while self.held.len() >= self.judged + LEAST_IN_PLACE_BYTES + REACH_BYTES {
                self.judge_held(self.judged + LEAST_IN_PLACE_BYTES);
            }
            return;
        };
        // What is held, with enough behind it; then the piece itself, up to what has enough behind it.
        self.held.extend_from_slice(ahead);
        self.judge_held(self.held.len() - REACH_BYTES);
        let mut at = REACH_BYTES;
        while at < text.len() - REACH_BYTES {
            let end = (at + REGION_BYTES).min(text.len() - REACH_BYTES);
            self.judge_region(text, at..end);
            at = end;
        }
        self.held.clear();
        let kept_from = at - REACH_BYTES;
        self.held.extend_from_slice(text.get(kept_from..).unwrap_or_default());
        self.progress = self.progress.moved(kept_from);
        self.judged = REACH_BYTES;
    }

    fn end_text(&mut self) {
        if !self.unfinished.is_empty() {
            self.held.append(&mut self.unfinished);
        }
        if !self.held.is_empty() {
            self.judge_held(self.held.len());
            self.held.clear();
            self.judged = 0;
            self.progress = Progress::default();
        }
    }

    /// Judges what is held up to `end`; of it, only what later candidates may reach back to is kept.
    fn judge_held(&mut self, end: usize) {
        let mut held = std::mem::take(&mut self.held);
        self.judge_region(&held, self.judged..end);
        let kept_from = end.saturating_sub(REACH_BYTES);
        held.drain(..kept_from);
        self.progress = self.progress.moved(kept_from);
        self.judged = end - kept_from;
        self.held = held;
    }

    fn judge_region(&mut self, text: &[u8], region: Range<usize>) {
        let (pack, keyed, tallies) = (self.pack, &self.keyed, &mut self.tallies);
        let judge = Judge { pack, stances: &[] };
        self.progress = seek_in(judge, text, region.clone(), self.progress, &mut |hit| {
            count_hit(pack, keyed, text, hit, tallies);
        });
        self.vocabulary.take(text, region);
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
        self.columns = columns.to_vec();
        self.table_began = self.rows;
        self.table = Some(Table::new(self.pack, columns));
    }

    /// Counts the identifiers in a name that is content: it is not shown, but it is there.
    fn count_name(&mut self, name: &[u8]) {
        let mut folded = Vec::with_capacity(name.len());
        fold::append(name, &mut folded, |_, _| {});
        let (pack, keyed, tallies) = (self.pack, &self.keyed, &mut self.tallies);
        seek(Judge { pack, stances: &[] }, &folded, &mut |hit| {
            count_hit(pack, keyed, &folded, hit, tallies);
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
        let text = if fold::is_folded(text) {
            text
        } else {
            fold::append(text, &mut folded, |_, _| {});
            folded.as_slice()
        };
        let value = text.trim_ascii();
        if value.is_empty() {
            return;
        }
        let block = (value.len() <= BLOCK).then(|| simd::look_at_cut(value));
        self.judge_cell(column, Cell { value, block: block.as_ref() });
    }

    /// All cells of a row, looked at together.
    fn row(&mut self, text: &[u8], ends: &[usize]) {
        let mut blocks = std::mem::take(&mut self.row_blocks);
        blocks.resize(text.len() / BLOCK + 1, Block::default());
        simd::look(text, &mut blocks);
        let mut start = 0;
        for (column, end) in ends.iter().enumerate() {
            let cell = text.get(start..*end).unwrap_or_default();
            let mut at = std::mem::replace(&mut start, *end);
            let (Some(first), Some(last)) = (cell.first(), cell.last()) else { continue };
            let mut value = cell;
            if first.is_ascii_whitespace() || last.is_ascii_whitespace() {
                at += cell.len() - cell.trim_ascii_start().len();
                value = cell.trim_ascii();
            }
            if value.is_empty() {
                continue;
            }
            let block = Block::cut(&blocks, at, value.len());
            if value.len() <= BLOCK && block.wide == 0 {
                self.judge_cell(column, Cell { value, block: Some(&block) });
            } else {
                self.cell(column, value);
            }
        }
        self.row_blocks = blocks;
    }

    fn judge_cell(&mut self, column: usize, cell: Cell<'_>) {
        let (rows, last_row, rows_matched) = (self.rows, &mut self.last_row, &mut self.rows_matched);
        let table = self.table.get_or_insert_with(|| Table::new(self.pack, &[]));
        table.cell(self.pack, &self.keyed, column, cell, rows, &mut |detector| {
            note_row(detector, rows, last_row, rows_matched);
        });
        self.statistics.take(column, cell.value);
        match cell.block {
            Some(block) => self.vocabulary.take_cell(cell.value, block),
            None => self.vocabulary.take(cell.value, 0..cell.value.len()),
        }
    }

    fn row_end(&mut self) {
        let (rows, last_row, rows_matched) = (self.rows, &mut self.last_row, &mut self.rows_matched);
        if let Some(table) = &mut self.table {
            table.row_end(self.pack, &self.keyed, &mut |detector| note_row(detector, rows, last_row, rows_matched));
        }
        self.rows = self.rows.saturating_add(1);
    }

    fn cluster_end(&mut self, of: u64) {
        let cluster = Cluster { read: self.rows.saturating_sub(self.clusters.rows_read()), of };
        self.clusters.add(cluster);
        self.rows_matched.iter_mut().for_each(|matched| matched.end_cluster(cluster));
        if let Some(table) = &mut self.table {
            table.cluster_end(cluster);
        }
    }

    fn end_table(&mut self) {
        let Some(table) = self.table.take() else { return };
        let columns = std::mem::take(&mut self.columns);
        let statistics = std::mem::take(&mut self.statistics).finish(columns.len(), self.rows - self.table_began);
        if self.shapes.is_empty() {
            self.shapes = shape::evidence(self.pack, &columns, &statistics);
        }
        if self.column_statistics.is_empty() {
            self.column_statistics = statistics;
        }
        for TableFinding { detector, tally, columns: indices, late_rows } in table.finish() {
            if let Some(whole) = self.tallies.get_mut(detector) {
                whole.add(&tally, 1.0);
            }
            if let Some(rows) = self.rows_matched.get_mut(detector)
                && late_rows.rows > rows.rows
            {
                *rows = late_rows;
            }
            let Some(found) = self.found_columns.get_mut(detector) else { continue };
            for index in indices {
                let name = names::column(self.pack, columns.get(index), index);
                if found.len() < MOST_NAMED_COLUMNS && !found.contains(&name) {
                    found.push(name);
                }
            }
        }
        if self.of_first_table.is_none() {
            self.of_first_table = Some((self.rows_matched.clone(), self.rows));
        }
    }

    fn into_detected(self) -> Detected {
        let pack = self.pack;
        let (rows_matched, rows_of_table) = self.of_first_table.unwrap_or((self.rows_matched, self.rows));
        let mut detected = Detected { rows: self.rows, ..Detected::default() };
        detected.evidence = self.named.into_values().chain(self.vocabulary.evidence()).collect();
        let rules = pack.detectors().iter().enumerate();
        for (((number, rule), (tally, columns)), rows) in
            rules.zip(self.tallies.into_iter().zip(self.found_columns)).zip(rows_matched)
        {
            if tally.matches == 0 {
                continue;
            }
            detected.evidence.extend((!rule.speaks_for.is_empty()).then(|| identifier_evidence(rule, &tally)));
            detected.markers.extend(rule.marker.clone());
            detected.shares.insert(rule.id.clone(), Share::new(rows, self.clusters, rows_of_table));
            detected.findings.extend(names::finding(pack, number, tally, columns));
        }
        detected.evidence.extend(self.shapes);
        detected.columns = self.column_statistics;
        detected.markers.sort();
        detected.markers.dedup();
        detected
    }
}

/// Counts a match in running text or in a name.
fn count_hit(pack: &RulePack, keyed: &KeyedHash, text: &[u8], hit: &Hit, tallies: &mut [Tally]) {
    let rule = pack.detectors().get(hit.detector);
    let (Some(rule), Some(tally)) = (rule, tallies.get_mut(hit.detector)) else { return };
    if hit.standing != Standing::Sure {
        return;
    }
    let value = text.get(hit.range.clone()).unwrap_or_default();
    tally.count(hit.confidence, keyed.of(rule.normalise, value));
    if let Some(decimals) = pair_decimals(rule, value) {
        tally.note_decimals(decimals);
    }
}

fn note_row(detector: usize, row: u64, last_row: &mut [u64], rows_matched: &mut [MatchedRows]) {
    if let (Some(last), Some(matched)) = (last_row.get_mut(detector), rows_matched.get_mut(detector))
        && *last != row + 1
    {
        *last = row + 1;
        matched.add_row();
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
        plumbing: 0.0,
    }
}
