//! Examines one asset: reader → detection → category → level proposal.

use std::path::Path;

use crate::detect::Detected;
use crate::discover::database::TableFacts;
use crate::extract;
use crate::model::{Asset, Examined, Fragment, Measure, Place, Reason};
use crate::open::table::{RowsRead, Sampling};

use super::Engine;
use super::conclude::{conclude, modified, weigh_less};
use super::examination::{Examination, Part, split_path};
use super::surveyed::Surveyed;

/// What is left of a word that stands in rows of a database. Design.
const WORTH_OF_ROWS: f64 = 0.4;

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
    let mut part = open_table(engine, asset, facts);
    let read = rows(&mut |fragment| part.scanner.take(fragment));
    conclude_table(engine, part, facts, read)
}

/// A table of which no row was read yet.
pub(super) fn open_table<'e>(engine: &'e Engine, asset: Asset, facts: &Surveyed<'_>) -> Part<'e> {
    let known = facts.evidence(engine, &asset);
    Part::knowing(engine, asset, facts.name.as_bytes(), known)
}

/// What came of a table whose rows were read.
pub(super) fn conclude_table(
    engine: &Engine,
    part: Part<'_>,
    facts: &Surveyed<'_>,
    read: Result<RowsRead, Reason>,
) -> Examined {
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
