//! Examines one asset: reader → detection → category → level proposal.
//!
//! An [`Examination`] is the sink of a reader. Containers nest, so it holds a stack of open parts; each gets a
//! scanner of its own, and is concluded when its last byte has been read.

use std::path::Path;

use crate::classify;
use crate::detect::names::{self, PublishedName};
use crate::detect::{Detected, ScanOptions, Scanner, Share};
use crate::discover::database::TableFacts;
use crate::extract::{self, Extracted, Sink};
use crate::level::{self, Facts};
use crate::model::{
    Asset, AssetKind, CategoryId, Classification, Contribution, Evidence, Examined, Finding, Fragment, Measure, Place,
    Reason, Sample, Score, Stat, Status,
};
use crate::open::Format;
use crate::open::table::{RowsRead, Sampling};
use crate::rules::ToldFormat;

use super::Engine;
use super::beginning;
use super::places::Places;
use super::surveyed::Surveyed;

/// What is left of a word that stands in rows of a database. Design.
const WORTH_OF_ROWS: f64 = 0.4;

/// What is left of a word that stands in a string of a file that cannot be read. Design.
const WORTH_OF_STRINGS: f64 = 0.4;

/// Longer ends of names are words.
const LONGEST_EXTENSION: usize = 8;

/// What is known of a file before it is opened.
pub(crate) struct FileToExamine<'a> {
    pub(crate) path: &'a Path,
    pub(crate) asset: Asset,
    /// Path below the root of the share, as the file system spells it.
    pub(crate) relative: &'a [u8],
}

/// Reads a file with everything in it. The first of the results is the file itself, then its members.
pub(crate) fn file(engine: &Engine, file: &FileToExamine<'_>) -> Vec<Examined> {
    let mut examination = Examination::new(engine);
    examination.begin(file.asset.clone(), file.relative);
    let outcome = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        extract::extract_file(file.path, &engine.limits, &mut examination)
    }));
    match outcome {
        Ok(outcome) => examination.finish(outcome),
        // Whatever the reader left half-done is thrown away with it: the file alone is recorded.
        Err(_) => vec![unread(file, Reason::Crashed)],
    }
}

/// A file of which nothing could be read.
pub(crate) fn unread(file: &FileToExamine<'_>, reason: Reason) -> Examined {
    let mut examined = Examined::unread(file.asset.clone(), reason);
    if let Some(stat) = file.asset.stat {
        examined.bytes = Some(Measure::exact(stat.size));
        examined.modified = modified(&stat);
    }
    examined
}

/// Reads a table: its facts and what its names say are known, its rows are streamed.
pub(crate) fn table(
    engine: &Engine,
    asset: Asset,
    facts: &Surveyed<'_>,
    rows: impl FnOnce(&mut dyn FnMut(Fragment<'_>)) -> Result<RowsRead, Reason>,
) -> Examined {
    let known = facts.evidence(engine, &asset);
    let mut part = Part::knowing(engine, asset, facts.name.as_bytes(), known);
    let read = rows(&mut |fragment| part.scanner.take(fragment));
    let mut detected = part.scanner.finish();
    // The survey has weighed what the columns are called against those of the other tables.
    detected.evidence.retain(|piece| piece.place != Place::Column);
    // A value of a row says less of its table than a word of a text says of the text.
    weigh_less(&mut detected, WORTH_OF_ROWS);
    match read {
        Err(reason) => unread_table(part.asset, facts, reason),
        Ok(read) => {
            let mut examined = unread_table(part.asset, facts, Reason::QueryFailed);
            // Whoever has read every row has counted them.
            examined.records = read.of.filter(|of| of.exact).or(examined.records).or(read.of);
            examined.reason = match read {
                RowsRead { sampled: true, .. } => Some(Reason::Sampled),
                RowsRead { cut_cells: 1.., .. } => Some(Reason::TooLarge),
                _ => None,
            };
            let evidence = part.evidence;
            conclude(engine, examined, detected, evidence, part.name_findings, read.sampled.then_some(read))
        }
    }
}

/// A table of which no row could be read.
pub(crate) fn unread_table(asset: Asset, facts: &TableFacts, reason: Reason) -> Examined {
    let mut examined = Examined::unread(asset, reason);
    examined.format = Some(facts.format.to_owned());
    examined.bytes = facts.bytes;
    examined.records = facts.records;
    examined.modified.clone_from(&facts.modified);
    examined.table = Some(facts.summary());
    examined
}

/// A container whose members are read by somebody else: its own name and place are all there is to it.
pub(crate) fn container(engine: &Engine, examined: Examined, relative: &[u8]) -> Examined {
    let (location, name) = split_path(relative);
    let part = Part::new(engine, examined.asset.clone(), location, name);
    conclude(engine, examined, Detected::default(), part.evidence, part.name_findings, None)
}

/// How many rows of a table are read.
pub(crate) fn sampling(engine: &Engine) -> Sampling {
    let options = engine.options();
    Sampling { rows: options.sample_rows.max(1), full: options.full, ..Sampling::default() }
}

/// What the folders above a file say: the nearest in whole, each further one less.
fn of_folders(engine: &Engine, location: &[u8]) -> Vec<Evidence> {
    let further = engine.regime.taxonomy.weighing().files.further;
    let folders = location.split(|byte| *byte == b'/').filter(|folder| !folder.is_empty()).rev();
    let mut evidence: Vec<Evidence> = Vec::new();
    let mut share = 1.0;
    for folder in folders.take(DEEPEST_FOLDER) {
        for mut piece in names::evidence(&engine.pack, &String::from_utf8_lossy(folder), Place::Folder) {
            // Said by a nearer folder already.
            if evidence.iter().any(|said| said.rule == piece.rule && said.term == piece.term) {
                continue;
            }
            for (_, weight) in &mut piece.weights {
                *weight *= share;
            }
            piece.plumbing = 0.0;
            evidence.push(piece);
        }
        share *= further;
    }
    evidence
}

/// Folders further up say what a whole share says.
const DEEPEST_FOLDER: usize = 8;

/// The folders above a name, and the name.
fn split_path(raw_path: &[u8]) -> (&[u8], &[u8]) {
    let cut = raw_path.iter().rposition(|byte| *byte == b'/').map_or(0, |slash| slash + 1);
    raw_path.split_at(cut)
}

/// A name without its extension, which is for the formats: a `.doc` is no documentation, a `.log` no log book.
fn stem(name: &str) -> &str {
    let is_extension = |text: &str| {
        (1..=LONGEST_EXTENSION).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_alphanumeric())
    };
    name.rsplit_once('.').filter(|(stem, end)| !stem.is_empty() && is_extension(end)).map_or(name, |(stem, _)| stem)
}

struct Part<'e> {
    asset: Asset,
    scanner: Scanner<'e>,
    evidence: Vec<Evidence>,
    name_findings: Vec<Finding>,
    file_name: String,
    /// What it is by content; `None` before its first bytes have been seen.
    content: Option<Format>,
    /// What its first bytes, or its name, tell.
    format: Option<ToldFormat<'e>>,
    /// Where its result belongs among those that are done: before its members.
    place_in_done: usize,
}

impl<'e> Part<'e> {
    /// `location` is what stands above the name: folders, or a schema.
    fn new(engine: &'e Engine, asset: Asset, location: &[u8], name: &[u8]) -> Self {
        let mut evidence = names::evidence(&engine.pack, &asset.store, Place::Location);
        evidence.extend(of_folders(engine, location));
        let mut named = names::evidence(&engine.pack, stem(&String::from_utf8_lossy(name)), Place::Name);
        // Frameworks keep tables rather than files: `config` of a machine is no plumbing.
        let left = engine.regime.taxonomy.weighing().files.plumbing;
        for piece in &mut named {
            piece.plumbing *= left;
        }
        evidence.extend(named);
        Self::knowing(engine, asset, name, evidence)
    }

    /// `evidence` is what is known before it is read.
    fn knowing(engine: &'e Engine, asset: Asset, name: &[u8], evidence: Vec<Evidence>) -> Self {
        Self {
            scanner: Scanner::new(&engine.pack, engine.key, ScanOptions { thorough: engine.options().thorough }),
            name_findings: names::publish(&engine.pack, engine.key, name).findings,
            evidence,
            asset,
            file_name: String::from_utf8_lossy(name).into_owned(),
            content: None,
            format: None,
            place_in_done: 0,
        }
    }
}

struct Examination<'e> {
    engine: &'e Engine,
    open: Vec<Part<'e>>,
    done: Vec<Examined>,
    places: Places,
}

impl<'e> Examination<'e> {
    fn new(engine: &'e Engine) -> Self {
        Self { engine, open: Vec::new(), done: Vec::new(), places: Places::default() }
    }

    fn begin(&mut self, asset: Asset, raw_path: &[u8]) {
        let (location, name) = split_path(raw_path);
        let mut part = Part::new(self.engine, asset, location, name);
        part.place_in_done = self.done.len();
        self.open.push(part);
    }

    /// Concludes the innermost open part.
    fn end(&mut self, outcome: Result<Extracted, Reason>) {
        let Some(part) = self.open.pop() else { return };
        let members = &self.done[part.place_in_done..];
        let place = part.place_in_done;
        let examined = conclude_file(self.engine, part, outcome, members);
        self.done.insert(place, examined);
    }

    fn finish(mut self, outcome: Result<Extracted, Reason>) -> Vec<Examined> {
        // A reader that gave up inside a container has not ended the members that it had begun.
        while self.open.len() > 1 {
            self.end(Err(Reason::Corrupt));
        }
        self.end(outcome);
        self.done
    }
}

impl Sink for Examination<'_> {
    fn head(&mut self, bytes: &[u8]) {
        if let Some(part) = self.open.last_mut() {
            let beginning = beginning::read(&self.engine.pack, &part.file_name, bytes);
            part.content = Some(beginning.content);
            part.format = beginning.format;
            part.evidence.extend(beginning.titles);
        }
    }

    fn fragment(&mut self, fragment: Fragment<'_>) {
        if let Some(part) = self.open.last_mut() {
            part.scanner.take(fragment);
        }
    }

    fn begin_member(&mut self, raw_name: &[u8]) {
        let Some(container) = self.open.last() else { return };
        let PublishedName { name, .. } = names::publish(&self.engine.pack, self.engine.key, raw_name);
        let (store, parent) = (container.asset.store.clone(), container.asset.locator.clone());
        let locator = self.places.unused(parent.member(&name));
        let asset = Asset { store, locator, kind: AssetKind::Member, parent: Some(parent), stat: None };
        self.begin(asset, raw_name);
    }

    fn end_member(&mut self, outcome: Result<Extracted, Reason>) {
        if self.open.len() > 1 {
            self.end(outcome);
        }
    }
}

fn conclude_file(
    engine: &Engine,
    part: Part<'_>,
    outcome: Result<Extracted, Reason>,
    members: &[Examined],
) -> Examined {
    let mut detected = part.scanner.finish();
    let mut evidence = part.evidence;
    let named = || engine.pack.format_of_name(&part.file_name).map(|rule| ToldFormat { rule, by_content: false });
    let told = part.format.or_else(named);
    evidence.extend(told.and_then(|told| names::format_evidence(told.rule)));
    let shown = beginning::shown_format(part.content, told);
    let mut examined = Examined::unread(part.asset, Reason::UnsupportedFormat);
    if let Some(stat) = examined.asset.stat {
        examined.bytes = Some(Measure::exact(stat.size));
        examined.modified = modified(&stat);
    }
    match outcome {
        Ok(extracted) if extracted.partial == Some(Reason::StringsOnly) => {
            let is_read_too = part.content.is_some_and(Format::is_read);
            if is_read_too {
                examined.bytes = Some(Measure::exact(extracted.bytes));
            }
            examined.format = shown;
            weigh_less(&mut detected, WORTH_OF_STRINGS);
            conclude_unread(engine, examined, detected, evidence, part.name_findings, Reason::StringsOnly)
        }
        Ok(extracted) => {
            // The reader may know better than the first bytes, and better than what is made of them.
            let is_as_sniffed = part.content.is_some_and(|content| content.id() == extracted.format);
            examined.format = shown.filter(|_| is_as_sniffed).or_else(|| Some(extracted.format.to_owned()));
            examined.encoding = extracted.encoding.map(str::to_owned);
            examined.bytes = Some(Measure::exact(extracted.bytes));
            examined.records = extracted.records;
            examined.reason = extracted.partial;
            examined.content_hash = extracted.content_hash.map(|hash| format!("{hash:032x}"));
            let mut examined = conclude(engine, examined, detected, evidence, part.name_findings, None);
            // A file of a format of its own is what its format says, whatever it is packed of.
            let is_of_its_own = told.is_some_and(|told| told.rule.category.is_some());
            if !members.is_empty() && !is_of_its_own {
                take_category_of_members(&mut examined, members);
            }
            examined
        }
        Err(Reason::UnsupportedFormat) => {
            examined.format = shown;
            let nothing = Detected::default();
            conclude_unread(engine, examined, nothing, evidence, part.name_findings, Reason::ContentNotRead)
        }
        Err(reason) => {
            examined.status = reason.status();
            examined.reason = Some(reason);
            examined.format = shown;
            examined
        }
    }
}

/// Concludes a file without a reader. Named, formatted or strung like data of a category, but not read: that is said beside
/// the category as `partly`. Where nothing speaks for one, and no identifier was met, it was skipped.
fn conclude_unread(
    engine: &Engine,
    examined: Examined,
    detected: Detected,
    evidence: Vec<Evidence>,
    name_findings: Vec<Finding>,
    partly: Reason,
) -> Examined {
    let is_found = !detected.findings.is_empty();
    let mut examined = conclude(engine, examined, detected, evidence, name_findings, None);
    examined.reason = Some(partly);
    if examined.status == Status::Unclassified && !is_found {
        examined.reason = Some(Reason::UnsupportedFormat);
        examined.status = Status::Skipped;
        examined.classification = None;
        examined.proposal = None;
    }
    examined
}

/// Leaves so much of what words in the content say.
fn weigh_less(detected: &mut Detected, worth: f64) {
    let in_content = detected.evidence.iter_mut().filter(|piece| piece.place == Place::Content);
    for (_, weight) in in_content.flat_map(|piece| piece.weights.iter_mut()) {
        *weight *= worth;
    }
}

/// From what was found to a category and a level.
fn conclude(
    engine: &Engine,
    mut examined: Examined,
    detected: Detected,
    mut evidence: Vec<Evidence>,
    name_findings: Vec<Finding>,
    sampled: Option<RowsRead>,
) -> Examined {
    evidence.extend(detected.evidence);
    let classification = classify::classify(&evidence, &engine.regime.taxonomy);
    examined.findings = detected.findings;
    if let Some(read) = sampled {
        for finding in &mut examined.findings {
            let of = read.of.map(|of| of.value.max(read.rows));
            let found = detected.shares.get(&finding.detector);
            finding.sample = Some(Sample {
                rows: read.rows,
                of: of.unwrap_or(read.rows),
                matched: found.map_or(0, Share::matched),
                share: found.map_or([0.0, 1.0], |share| share.interval(of)),
            });
        }
    }
    add_findings(&mut examined.findings, name_findings);
    examined.markers = detected.markers;
    leave_out(engine, &mut examined);
    examined.status = if classification.best.is_some() { Status::Classified } else { Status::Unclassified };
    examined.classification = Some(classification);
    let facts = Facts::of_examined(&examined);
    examined.proposal = Some(level::propose(&facts, &engine.regime.criteria, &engine.enterprise));
    examined
}

/// Leaves out what detectors found that a person switched off, or wants to be surer, and the markers that only they set.
fn leave_out(engine: &Engine, examined: &mut Examined) {
    let choice = &engine.options().detectors;
    let marker = |finding: &Finding| engine.pack.detector(&finding.detector).and_then(|rule| rule.marker.clone());
    let (kept, left_out): (Vec<Finding>, Vec<Finding>) =
        std::mem::take(&mut examined.findings).into_iter().partition(|finding| choice.keeps(finding));
    let standing: Vec<String> = kept.iter().filter_map(marker).collect();
    for gone in left_out.iter().filter_map(marker).filter(|marker| !standing.contains(marker)) {
        examined.markers.retain(|marker| *marker != gone);
    }
    examined.findings = kept;
}

/// Identifiers in an asset's own name, or in documents in it, count with those in its content.
pub(super) fn add_findings(findings: &mut Vec<Finding>, of_name: Vec<Finding>) {
    for found in of_name {
        match findings.iter_mut().find(|finding| finding.detector == found.detector) {
            Some(finding) => {
                finding.matches += found.matches;
                finding.sketch.merge(&found.sketch);
                if let (Some(ours), Some(theirs)) = (&mut finding.sample, found.sample)
                    && ours.matched > 0
                {
                    ours.matched += theirs.matched;
                }
            }
            None => findings.push(found),
        }
    }
    findings.sort_by(|a, b| a.detector.cmp(&b.detector));
}

/// A container shows the dominant category of its parts; it takes neither findings nor level from them.
pub(crate) fn take_category_of_members(container: &mut Examined, members: &[Examined]) {
    let of_members =
        |examined: &Examined| examined.classification.as_ref().and_then(|classification| classification.best.clone());
    let direct: Vec<Score> = members
        .iter()
        .filter(|member| member.asset.parent.as_ref() == Some(&container.asset.locator))
        .filter_map(of_members)
        .collect();
    let mut totals: Vec<(CategoryId, f64, u64)> = Vec::new();
    for score in &direct {
        match totals.iter_mut().find(|(id, ..)| *id == score.id) {
            Some((_, sum, count)) => {
                *sum += score.score;
                *count += 1;
            }
            None => totals.push((score.id.clone(), score.score, 1)),
        }
    }
    totals.sort_by(|a, b| b.1.total_cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    let whole = direct.len() as f64;
    let mut scores = totals.iter().map(|(id, sum, _)| Score { id: id.clone(), score: sum / whole });
    let Some(best) = scores.next() else { return };
    let contributions = totals
        .iter()
        .take(Classification::MOST_CONTRIBUTIONS)
        .map(|(id, sum, count)| Contribution {
            term: id.as_str().to_owned(),
            rule: "container.members".to_owned(),
            place: Place::Neighbours,
            count: *count,
            category: id.clone(),
            weight: *sum,
        })
        .collect();
    container.status = Status::Classified;
    container.classification = Some(Classification {
        best: Some(best),
        alternatives: scores.take(3).collect(),
        contributions,
        fields: Vec::new(),
    });
}

/// The last change as the contract writes it: RFC 3339 in UTC, whole seconds.
pub(crate) fn modified(stat: &Stat) -> Option<String> {
    let seconds = stat.modified_ns.div_euclid(1_000_000_000);
    jiff::Timestamp::from_second(seconds).ok().map(|time| time.to_string())
}
