//! From a candidate to a hit: check, pattern, context, in this order, and the confidence that results.

use std::ops::Range;

use regex::bytes::Regex;

use super::checksum::{self, Verdict};
use super::context::{Nearby, Voices};
use crate::rules::{DetectorRule, FEWEST_CONFIDENCE, RulePack};

/// What the name of the column says of a detector.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stance {
    /// Nothing, or there is no column.
    Silent,
    /// The column is named for it.
    Named,
    /// The column is named for something that looks alike.
    Denied,
}

/// How a candidate ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Standing {
    /// A match.
    Sure,
    /// Checked and right, but without the context it needs: counts when nearly a whole column is so.
    Weak,
    /// In a column named for it, with a wrong check digit.
    Refuted,
}

/// A candidate that a detector has something to say of.
#[derive(Clone, Debug)]
pub(super) struct Hit {
    /// The detector, as an index into the pack.
    pub(super) detector: usize,
    /// Where it stands in the text that was searched.
    pub(super) range: Range<usize>,
    /// How it ended.
    pub(super) standing: Standing,
    /// How sure we are, in thousandths.
    pub(super) confidence: u32,
}

/// A stretch of text that may be an identifier.
#[derive(Clone, Debug)]
pub(super) struct Candidate<'t> {
    /// The text that it stands in.
    pub(super) text: &'t [u8],
    /// Where.
    pub(super) range: Range<usize>,
    /// What the check sees: the stretch itself, or its digits without separators.
    pub(super) value: &'t [u8],
    /// Whether the pattern decides where it ends.
    pub(super) open: bool,
}

/// Judges candidates under what the column, if there is one, says.
#[derive(Clone, Copy)]
pub(super) struct Judge<'p> {
    pub(super) pack: &'p RulePack,
    /// By detector; empty for running text.
    pub(super) stances: &'p [Stance],
}

impl<'p> Judge<'p> {
    /// The words around the candidates of a text.
    pub(super) fn nearby(&self) -> Nearby<'p> {
        Nearby::new(self.pack.context())
    }

    /// Tells the hit of the detector that is surest of the candidate, or else the weak and refuted ones.
    /// Gives the end of the match.
    pub(super) fn judge(
        &self,
        detectors: &[usize],
        candidate: &Candidate<'_>,
        nearby: &mut Nearby<'p>,
        tell: &mut dyn FnMut(&Hit),
    ) -> Option<usize> {
        self.judge_beside(detectors, candidate, false, nearby, tell)
    }

    /// The same, of what stands behind a label (`labelled`), which is all the context that it needs.
    pub(super) fn judge_beside(
        &self,
        detectors: &[usize],
        candidate: &Candidate<'_>,
        labelled: bool,
        nearby: &mut Nearby<'p>,
        tell: &mut dyn FnMut(&Hit),
    ) -> Option<usize> {
        // With nothing around it, the first that is sure is the surest: detectors come in this order.
        let is_alone = candidate.range.len() == candidate.text.len();
        let mut best: Option<Hit> = None;
        for detector in detectors {
            let Some(hit) = self.examine(*detector, candidate, labelled, nearby) else { continue };
            if hit.standing == Standing::Sure {
                if best.as_ref().is_none_or(|best| hit.confidence > best.confidence) {
                    best = Some(hit);
                }
                if is_alone {
                    break;
                }
            } else if best.is_none() {
                tell(&hit);
            }
        }
        let best = best?;
        tell(&best);
        Some(best.range.end)
    }

    fn examine(
        &self,
        detector: usize,
        candidate: &Candidate<'_>,
        labelled: bool,
        nearby: &mut Nearby<'p>,
    ) -> Option<Hit> {
        let rule = self.pack.detectors().get(detector)?;
        let first = *candidate.text.get(candidate.range.start)?;
        if rule.first_bytes.is_some_and(|bytes| !bytes.contains(first)) {
            return None;
        }
        let (range, verdict) = if candidate.open {
            let range = identifier(rule, candidate)?;
            let verdict = verify(rule, candidate.text.get(range.clone())?)?;
            (range, verdict)
        } else {
            // A check turns most away, at less than a pattern costs.
            let verdict = verify(rule, candidate.value)?;
            (identifier(rule, candidate)?, verdict)
        };
        let mut stance = self.stances.get(detector).copied().unwrap_or(Stance::Silent);
        if labelled && stance == Stance::Silent {
            stance = Stance::Named;
        }
        if verdict == Verdict::Refuted {
            let confidence = rule.confidence.denied;
            let refuted = Hit { detector, range, standing: Standing::Refuted, confidence };
            return (stance == Stance::Named).then_some(refuted);
        }
        let needs_context = rule.needs_context
            || rule.weak_lengths.contains(&candidate.value.len())
            || rule.weak_pattern.as_ref().is_some_and(|pattern| pattern.is_match(candidate.value));
        let voices = || nearby.voices(candidate.text, &range);
        let (standing, confidence) = weigh(rule, detector, needs_context, stance, voices)?;
        let told = standing == Standing::Sure || verdict == Verdict::Confirmed;
        told.then_some(Hit { detector, range, standing, confidence })
    }
}

/// What the check says; nothing to say where there is none.
fn verify(rule: &DetectorRule, value: &[u8]) -> Option<Verdict> {
    rule.check.map_or(Some(Verdict::Unknown), |check| checksum::verify(check, value))
}

/// What of the candidate the pattern takes: up to its end, where it is not open.
fn identifier(rule: &DetectorRule, candidate: &Candidate<'_>) -> Option<Range<usize>> {
    let whole = &candidate.range;
    let Some(pattern) = &rule.pattern else { return Some(whole.clone()) };
    let found = matched(pattern, candidate.text.get(whole.clone())?)?;
    let range = whole.start + found.start..whole.start + found.end;
    let alphanumeric = |at: usize| candidate.text.get(at).is_some_and(u8::is_ascii_alphanumeric);
    let cut = if candidate.open {
        alphanumeric(range.end.saturating_sub(1)) && alphanumeric(range.end)
    } else {
        range.end != whole.end
    };
    (!cut && !range.is_empty()).then_some(range)
}

/// What a pattern takes of a stretch: its first group, where it has one and only that is the identifier.
pub(super) fn matched(pattern: &Regex, stretch: &[u8]) -> Option<Range<usize>> {
    if pattern.captures_len() == 1 {
        return pattern.find(stretch).map(|found| found.range());
    }
    pattern.captures(stretch)?.get(1).map(|group| group.range())
}

/// Sure or weak, and how sure; `None` where there is no context and something speaks against it.
fn weigh(
    rule: &DetectorRule,
    detector: usize,
    needs_context: bool,
    stance: Stance,
    voices: impl FnOnce() -> Voices,
) -> Option<(Standing, u32)> {
    let listens = needs_context || !rule.confidence.is_sure_alone();
    let asks = stance != Stance::Named && (!rule.negative_context.is_empty() || listens && !rule.context.is_empty());
    let voices = if asks { voices() } else { Voices::default() };
    let speaks_for = voices.speaks_for.contains(detector);
    let supported = stance == Stance::Named || listens && speaks_for;
    // One that is sure alone is asked for what speaks for it only where something speaks against it.
    let contradicted = voices.speaks_against.contains(detector) && !speaks_for;
    let denied = stance == Stance::Denied || stance == Stance::Silent && !supported && contradicted;
    let confidence = rule.confidence.under(supported, denied);
    let weak = needs_context && !supported || confidence < FEWEST_CONFIDENCE;
    let standing = if weak { Standing::Weak } else { Standing::Sure };
    (!(weak && denied)).then_some((standing, confidence))
}
