//! Literals and labels: where one of the words stands, the candidate begins with it, before it, or behind it.

use super::context::Nearby;
use super::judge::{Candidate, Hit, Judge};
use super::seek::LONGEST_OPEN;
use crate::rules::DetectorRule;
use crate::rules::schema::Anchor;

/// How far before its literal a candidate may begin: a frequency, a data block.
const LONGEST_BACK: usize = 24;
/// What may part a label from its value: a few signs and one of the words below.
const LONGEST_GAP: usize = 24;
/// Words between a label and its value: `呼号为B1ABC`, `证书编号：…`.
const FILLERS: [&str; 12] = ["号码", "编号", "编码", "号", "码", "为", "是", "№", "（", "No.", "NO.", "no."];
/// Signs between them.
const SIGNS: &[u8] = b" \t:=\"'>([#|";

/// Tells the hits of the literals and labels that stand at a place, the longest of them; nothing is looked for before
/// `done`, the end of the last match, of which it gives the new place.
pub(super) fn seek_at<'p>(
    judge: Judge<'p>,
    text: &[u8],
    literal: usize,
    mut done: usize,
    nearby: &mut Nearby<'p>,
    tell: &mut dyn FnMut(&Hit),
) -> usize {
    for detector in judge.pack.anchors().literals().standing(text.get(literal..).unwrap_or_default()) {
        let Some(rule) = judge.pack.detectors().get(*detector) else { continue };
        let Some((start, labelled)) = candidate_start(rule, text, literal) else { continue };
        let range = start..(start + LONGEST_OPEN).min(text.len());
        let Some(value) = text.get(range.clone()).filter(|_| start >= done) else { continue };
        let candidate = Candidate { text, range, value, open: true };
        if let Some(end) = judge.judge_beside(&[*detector], &candidate, labelled, nearby, tell) {
            done = end;
        }
    }
    done
}

/// Where the candidate of a literal begins, and whether the literal is a label of it.
fn candidate_start(rule: &DetectorRule, text: &[u8], literal: usize) -> Option<(usize, bool)> {
    let rest = text.get(literal..)?;
    let first = *rest.first()?;
    let before = literal.checked_sub(1).and_then(|before| text.get(before)).copied().unwrap_or(0);
    if first.is_ascii_alphabetic() && before.is_ascii_alphabetic() {
        return None;
    }
    let is_word = rule.anchor == Anchor::Words && rule.words.iter().any(|word| rest.starts_with(word.as_bytes()));
    if is_word && rule.back {
        return run_before(text, literal).map(|start| (start, false));
    }
    if is_word {
        // `7AKIA…` is a piece of something longer.
        let cut = first.is_ascii_alphanumeric() && before.is_ascii_alphanumeric();
        return (!cut).then_some((literal, false));
    }
    let label = rule.labels.iter().filter(|label| rest.starts_with(label.as_bytes())).map(String::len).max()?;
    Some((behind_gap(text, literal + label), true))
}

/// The beginning of the run that stands directly before the literal, or one space away.
fn run_before(text: &[u8], literal: usize) -> Option<usize> {
    let left = text.get(literal.saturating_sub(LONGEST_BACK)..literal)?;
    let spaces = usize::from(left.last() == Some(&b' '));
    let run = left.iter().rev().skip(spaces);
    let length = run.take_while(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(byte)).count();
    (length > 0).then_some(literal - spaces - length)
}

/// The first byte behind what parts a label from its value.
fn behind_gap(text: &[u8], label_end: usize) -> usize {
    let mut at = label_end;
    while at < label_end + LONGEST_GAP {
        let rest = text.get(at..).unwrap_or_default();
        let filler = FILLERS.iter().find(|filler| rest.starts_with(filler.as_bytes()));
        at += match (rest.first(), filler) {
            (_, Some(filler)) => filler.len(),
            (Some(byte), None) if SIGNS.contains(byte) => 1,
            _ => break,
        };
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::RulePack;

    fn pack() -> RulePack {
        let detector = |id: &str, rest: &str| {
            format!(
                "[[detector]]\nid = \"{id}\"\nname = {{ zh = \"甲\", en = \"a\" }}\nconfidence = 0.9\nbasis = [\"design\"]\n{rest}\n"
            )
        };
        let label =
            "anchor = \"label\"\nlabels = [\"呼号\", \"呼号牌\", \"LAC\"]\npattern = '([A-Z0-9]{4})(?:[^A-Z]|\\z)'";
        let back = "anchor = \"words\"\nwords = [\"MHz\"]\nback = true\npattern = '[0-9.]+ ?MHz'";
        let text = format!("schema = 1\npack = \"mine\"\n{}{}", detector("a.label", label), detector("b.back", back));
        RulePack::from_texts(vec![("mine.toml".to_owned(), text)]).expect("loads")
    }

    /// What is told of a text: the detector and the stretch.
    fn told(text: &str) -> Vec<(String, &str)> {
        let pack = pack();
        let mut told = Vec::new();
        let judge = Judge { pack: &pack, stances: &[] };
        let mut tell = |hit: &Hit| {
            told.push((pack.detectors()[hit.detector].id.clone(), &text[hit.range.clone()]));
        };
        let places = 0..text.len();
        places.fold(0, |done, at| seek_at(judge, text.as_bytes(), at, done, &mut judge.nearby(), &mut tell));
        told
    }

    #[test]
    fn a_label_is_followed_by_its_value_with_or_without_signs_between() {
        for text in [
            "呼号B1QZ",
            "呼号：B1QZ".replace('：', ":").as_str(),
            "呼号为 B1QZ，",
            "\"呼号\": \"B1QZ\"",
            "呼号牌No. B1QZ",
        ] {
            assert_eq!(told(text), [("a.label".to_owned(), "B1QZ")], "{text}");
        }
        for text in ["呼号", "呼号不明 B1QZ", "呼号\nB1QZ", "PLAC=B1QZ", "呼号B1QZX"] {
            assert_eq!(told(text), [], "{text}");
        }
    }

    #[test]
    fn a_unit_takes_the_number_that_stands_before_it() {
        assert_eq!(told("发射 435.125 MHz"), [("b.back".to_owned(), "435.125 MHz")]);
        assert_eq!(told("12.5MHz"), [("b.back".to_owned(), "12.5MHz")]);
        assert_eq!(told("x12.5MHz 7  MHz aMHz MHz"), []);
    }

    #[test]
    fn a_group_in_a_pattern_is_all_that_is_told() {
        assert_eq!(told("LAC=1043;LAC=2043"), [("a.label".to_owned(), "1043"), ("a.label".to_owned(), "2043")]);
    }
}
