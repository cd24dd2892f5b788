//! Figures and errors, for people and as JSON.

use std::io::Write;

use crate::accuracy::{Judged, Report, Tally};
use crate::model::{Contribution, Lang};
use crate::regime::Taxonomy;
use crate::rules::RulePack;

use super::super::arguments::eval::EvalArguments;
use super::super::evidence;
use super::super::table::{Table, grouped};
use super::worst;

/// What ids stand for.
pub(super) struct Texts<'t> {
    pub(super) pack: &'t RulePack,
    pub(super) taxonomy: &'t Taxonomy,
}

/// Contributions shown with an error.
const SHOWN_CONTRIBUTIONS: usize = 4;

pub(super) fn json(
    out: &mut dyn Write,
    report: &Report,
    judged: &[Judged],
    arguments: &EvalArguments,
) -> anyhow::Result<()> {
    let mut value = serde_json::to_value(report)?;
    let errors: Vec<serde_json::Value> = worst(judged).into_iter().take(arguments.errors).map(line).collect();
    if let Some(object) = value.as_object_mut() {
        object.insert("errors".to_owned(), errors.into());
        if let Some(text) = &arguments.explain {
            let explained: Vec<serde_json::Value> = asked_for(judged, text).map(line).collect();
            object.insert("explained".to_owned(), explained.into());
        }
    }
    writeln!(out, "{value}")?;
    Ok(())
}

fn line(one: &Judged) -> serde_json::Value {
    serde_json::json!({
        "system": one.label.system, "asset": one.label.place(), "label": one.label.category, "alt": one.label.alt,
        "category": one.category(), "score": one.score(), "alternatives": one.answer.alternatives,
        "evidence": one.answer.contributions,
    })
}

fn asked_for<'j>(judged: &'j [Judged], text: &'j str) -> impl Iterator<Item = &'j Judged> {
    judged.iter().filter(move |one| one.label.place().contains(text))
}

pub(super) fn tables(
    out: &mut dyn Write,
    report: &Report,
    judged: &[Judged],
    arguments: &EvalArguments,
    texts: &Texts<'_>,
    lang: Lang,
) -> anyhow::Result<()> {
    if let Some(text) = &arguments.explain {
        for one in asked_for(judged, text) {
            explain(out, one, texts, lang)?;
        }
    }
    let errors = worst(judged);
    for one in errors.iter().take(arguments.errors) {
        error(out, one)?;
    }
    if arguments.errors > 0 && !errors.is_empty() {
        writeln!(out)?;
    }
    systems(out, report, lang)?;
    confusion(out, report, lang)?;
    reliability(out, report, lang)?;
    if report.missing > 0 {
        let missing = grouped(report.missing);
        match lang {
            Lang::Zh => writeln!(out, "\n{missing} 条标注没有对应的资产")?,
            Lang::En => writeln!(out, "\n{missing} labels without an asset")?,
        }
    }
    Ok(())
}

fn systems(out: &mut dyn Write, report: &Report, lang: Lang) -> std::io::Result<()> {
    let mut table = Table::new(match lang {
        Lang::Zh => ["系统", "#资产", "#严格", "#含备选", "#应留空已留空", "#业务误留空"],
        Lang::En => ["system", "#assets", "#strict", "#with alternates", "#plumbing left", "#business left"],
    });
    let row = |name: &str, tally: &Tally| {
        let share = |share: Option<f64>| share.map(percent).unwrap_or_default();
        [
            name.to_owned(),
            grouped(tally.assets),
            percent(tally.strict),
            percent(tally.with_alternates),
            share(tally.plumbing_left),
            share(tally.business_left),
        ]
    };
    for (system, tally) in &report.systems {
        table.row(row(system, tally));
    }
    table.row(row(lang.pick("各系统平均", "mean of systems"), &report.mean));
    let without = lang.pick("平均，不含成族标注", "mean without families");
    table.row(row(without, &report.mean_without_families));
    table.print(out)
}

fn confusion(out: &mut dyn Write, report: &Report, lang: Lang) -> std::io::Result<()> {
    let mut answers: Vec<&str> =
        report.confusion.values().flat_map(|answers| answers.keys().map(String::as_str)).collect();
    answers.sort_unstable();
    answers.dedup();
    let headers: Vec<String> = std::iter::once(lang.pick("标注 \\ 结果", "label \\ answer").to_owned())
        .chain(answers.iter().map(|answer| format!("#{answer}")))
        .collect();
    let mut table = Table::new(headers.iter().map(String::as_str));
    for (label, counts) in &report.confusion {
        let counts = answers.iter().map(|answer| counts.get(*answer).copied().map(grouped).unwrap_or_default());
        table.row(std::iter::once(label.clone()).chain(counts));
    }
    writeln!(out)?;
    table.print(out)
}

fn reliability(out: &mut dyn Write, report: &Report, lang: Lang) -> std::io::Result<()> {
    let mut table = Table::new(match lang {
        Lang::Zh => ["得分", "#资产", "#平均得分", "#严格", "#含备选"],
        Lang::En => ["score", "#assets", "#mean score", "#strict", "#with alternates"],
    });
    for bin in &report.reliability {
        table.row([
            format!("{:.2}–{:.2}", bin.from, bin.to),
            grouped(bin.assets),
            format!("{:.2}", bin.mean_score),
            percent(bin.strict),
            percent(bin.with_alternates),
        ]);
    }
    writeln!(out)?;
    table.print(out)
}

fn error(out: &mut dyn Write, one: &Judged) -> std::io::Result<()> {
    let said: Vec<String> = one.answer.contributions.iter().take(SHOWN_CONTRIBUTIONS).map(brief).collect();
    let alternates = if one.label.alt.is_empty() { String::new() } else { format!(" ({})", one.label.alt.join(", ")) };
    let score = one.score().map(|score| format!(" {score:.2}")).unwrap_or_default();
    let (system, place) = (&one.label.system, one.label.place());
    writeln!(
        out,
        "{system} {place}: {}{score}, {}{alternates}; {}",
        one.category(),
        one.label.category,
        said.join("; ")
    )
}

fn brief(said: &Contribution) -> String {
    let place = said.place.label(Lang::En);
    format!("{} [{place}] {} {:.2}", said.term, said.category, said.weight)
}

fn explain(out: &mut dyn Write, one: &Judged, texts: &Texts<'_>, lang: Lang) -> std::io::Result<()> {
    error(out, one)?;
    evidence::print(out, &one.answer.contributions, texts.pack, texts.taxonomy, lang)?;
    writeln!(out)
}

fn percent(share: f64) -> String {
    format!("{:.1} %", share * 100.0)
}
