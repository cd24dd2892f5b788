//! From what was found in an asset to its result: a category and a level.

use crate::classify;
use crate::detect::names;
use crate::detect::{Detected, Share};
use crate::extract::Extracted;
use crate::level::{self, Facts};
use crate::model::{
    CategoryId, Classification, Contribution, Evidence, Examined, Finding, Measure, Place, Reason, Sample, Score, Stat,
    Status,
};
use crate::open::Format;
use crate::open::table::RowsRead;
use crate::rules::ToldFormat;

use super::Engine;
use super::beginning;
use super::examination::Part;

/// What is left of a word that stands in a string of a file that cannot be read. Design.
const WORTH_OF_STRINGS: f64 = 0.4;

/// What came of a file, or of a member of one, once it was read.
pub(super) fn conclude_file(
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
pub(super) fn weigh_less(detected: &mut Detected, worth: f64) {
    let in_content = detected.evidence.iter_mut().filter(|piece| piece.place == Place::Content);
    for (_, weight) in in_content.flat_map(|piece| piece.weights.iter_mut()) {
        *weight *= worth;
    }
}

/// From what was found to a category and a level.
pub(super) fn conclude(
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
pub(super) fn take_category_of_members(container: &mut Examined, members: &[Examined]) {
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
pub(super) fn modified(stat: &Stat) -> Option<String> {
    let seconds = stat.modified_ns.div_euclid(1_000_000_000);
    jiff::Timestamp::from_second(seconds).ok().map(|time| time.to_string())
}
