//! From a candidate to a hit: pattern, check, context, in this order, and the confidence that results.

use std::ops::Range;

use regex::bytes::Regex;

use super::checksum::{self, Verdict};
use super::context;
use crate::rules::{DetectorRule, RulePack};

/// Context takes away this share of the doubt that a check leaves. Design.
const CONTEXT_GAIN: f64 = 0.7;
/// What speaks against it leaves this share of the confidence. Design.
const DENIAL_SHARE: f64 = 0.5;
/// Below this a candidate is no match by itself. Design.
const FEWEST_CONFIDENCE: f64 = 0.5;
/// A check that leaves less doubt than this needs no look around.
const SURE_ALONE: f64 = 0.9;

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
    /// How sure we are, 0 to 1.
    pub(super) confidence: f64,
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

impl Judge<'_> {
    /// Tells the hit of the detector that is surest of the candidate, or else every weak and refuted one.
    /// Gives the end of the match.
    pub(super) fn judge(
        &self,
        detectors: &[usize],
        candidate: &Candidate<'_>,
        tell: &mut dyn FnMut(&Hit),
    ) -> Option<usize> {
        self.judge_beside(detectors, candidate, false, tell)
    }

    /// The same, of what stands behind a label (`labelled`), which is all the context that it needs.
    pub(super) fn judge_beside(
        &self,
        detectors: &[usize],
        candidate: &Candidate<'_>,
        labelled: bool,
        tell: &mut dyn FnMut(&Hit),
    ) -> Option<usize> {
        let mut best: Option<Hit> = None;
        for detector in detectors {
            let Some(hit) = self.examine(*detector, candidate, labelled) else { continue };
            if hit.standing != Standing::Sure {
                tell(&hit);
            } else if best.as_ref().is_none_or(|best| hit.confidence > best.confidence) {
                best = Some(hit);
            }
        }
        let best = best?;
        tell(&best);
        Some(best.range.end)
    }

    /// The confidence of a value that passed, in a column named for it.
    pub(super) fn named_confidence(rule: &DetectorRule) -> f64 {
        rule.confidence + (1.0 - rule.confidence) * CONTEXT_GAIN
    }

    /// The confidence of a value with a wrong check digit, in a column named for it.
    pub(super) fn refuted_confidence(rule: &DetectorRule) -> f64 {
        rule.confidence * DENIAL_SHARE
    }

    fn examine(&self, detector: usize, candidate: &Candidate<'_>, labelled: bool) -> Option<Hit> {
        let rule = self.pack.detectors().get(detector)?;
        let mut range = candidate.range.clone();
        if let Some(pattern) = &rule.pattern {
            let stretch = candidate.text.get(range.clone())?;
            let found = matched(pattern, stretch)?;
            let end = range.start + found.end;
            range.start += found.start;
            let byte_at = |at: usize| candidate.text.get(at).is_some_and(u8::is_ascii_alphanumeric);
            let cut = if candidate.open { byte_at(end.saturating_sub(1)) && byte_at(end) } else { end != range.end };
            if cut || end == range.start {
                return None;
            }
            range.end = end;
        }
        let verdict = match rule.check {
            None => Verdict::Unknown,
            Some(check) if candidate.open => checksum::verify(check, candidate.text.get(range.clone())?)?,
            Some(check) => checksum::verify(check, candidate.value)?,
        };
        let mut stance = self.stances.get(detector).copied().unwrap_or(Stance::Silent);
        if labelled && stance == Stance::Silent {
            stance = Stance::Named;
        }
        if verdict == Verdict::Refuted {
            let confidence = rule.confidence * DENIAL_SHARE;
            let refuted = Hit { detector, range, standing: Standing::Refuted, confidence };
            return (stance == Stance::Named).then_some(refuted);
        }
        let weak_shape = |pattern: &Regex| pattern.is_match(candidate.value);
        let needs_context = rule.needs_context
            || rule.weak_lengths.contains(&candidate.value.len())
            || rule.weak_pattern.as_ref().is_some_and(weak_shape);
        weigh(rule, needs_context, stance, candidate.text, &range).and_then(|(standing, confidence)| {
            let told = standing == Standing::Sure || verdict == Verdict::Confirmed;
            told.then_some(Hit { detector, range, standing, confidence })
        })
    }
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
    needs_context: bool,
    stance: Stance,
    text: &[u8],
    range: &Range<usize>,
) -> Option<(Standing, f64)> {
    let looks = needs_context || rule.confidence < SURE_ALONE;
    let is_near = |words: &[String]| context::is_near(words, text, range);
    let supported = stance == Stance::Named || looks && is_near(&rule.context);
    // One that is sure alone is asked for what speaks for it only where something speaks against it.
    let contradicted = || is_near(&rule.negative_context) && (looks || !is_near(&rule.context));
    let denied = stance == Stance::Denied || stance == Stance::Silent && !supported && contradicted();
    let mut confidence = rule.confidence;
    if supported {
        confidence += (1.0 - confidence) * CONTEXT_GAIN;
    }
    if denied {
        confidence *= DENIAL_SHARE;
    }
    let weak = needs_context && !supported || confidence < FEWEST_CONFIDENCE;
    let standing = if weak { Standing::Weak } else { Standing::Sure };
    (!(weak && denied)).then_some((standing, confidence))
}
