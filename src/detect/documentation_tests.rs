//! The table of detectors in `docs/detectors.md` is what the packs say.

use std::fmt::Write as _;

use crate::rules::schema::Anchor;
use crate::rules::{DetectorRule, RulePack};

/// What the first pass stops at, in a word.
fn anchor(rule: &DetectorRule) -> &'static str {
    match rule.anchor {
        Anchor::DigitRun => "digits",
        Anchor::LetterDigitRun => "letters and digits",
        Anchor::AtSign => "`@`",
        Anchor::Hexadecimal => "hexadecimal",
        Anchor::Dotted => "dotted",
        Anchor::DottedOpen => "dotted, open",
        Anchor::DecimalPair => "pair of decimals",
        Anchor::Assignment => "assignment",
        Anchor::AfterWide => "capital behind Chinese",
        Anchor::Words if rule.labels.is_empty() => "literal",
        Anchor::Words => "literal or label",
        Anchor::Label => "label",
        Anchor::Column => "column",
    }
}

/// What it needs beside its form, in a word.
fn needs(rule: &DetectorRule) -> &'static str {
    let weak_at_times = !rule.weak_lengths.is_empty() || rule.weak_pattern.is_some();
    match rule.anchor {
        Anchor::Label => "label or column",
        Anchor::Column => "column",
        _ if rule.needs_context => "context or column",
        _ if weak_at_times => "context at times",
        _ => "nothing",
    }
}

fn table(pack: &RulePack) -> String {
    let mut table =
        "| id | what | found at | check | needs | share | basis |\n|---|---|---|---|---|---|---|\n".to_owned();
    for rule in pack.detectors() {
        let (id, zh, en) = (&rule.id, &rule.name.zh, &rule.name.en);
        let check = rule.check.map_or("—", |check| check.name());
        let share = if rule.shape.is_some() { "yes" } else { "—" };
        let (anchor, needs, basis) = (anchor(rule), needs(rule), rule.basis.join("; "));
        writeln!(table, "| `{id}` | {zh}, {en} | {anchor} | {check} | {needs} | {share} | {basis} |")
            .expect("a string grows");
    }
    table
}

#[test]
fn the_documented_table_is_what_the_packs_say() {
    let table = table(&RulePack::builtin().expect("the built-in packs load"));
    let documented = include_str!("../../docs/detectors.md");
    assert!(documented.contains(&table), "docs/detectors.md must hold this table:\n{table}");
}
