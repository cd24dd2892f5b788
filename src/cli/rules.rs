//! `mulu rules`: the packs, and every example and counter-example through the whole detector.

use std::io::Write;
use std::path::Path;

use crate::detect;
use crate::model::Lang;
use crate::rules::{self, RulePack};

use super::arguments::{Format, RulesAction, RulesArguments};
use super::exit::Exit;
use super::progress::say;
use super::session::Session;
use super::table::Table;

pub(crate) fn run(arguments: &RulesArguments, session: &mut Session) -> anyhow::Result<Exit> {
    match &arguments.action {
        RulesAction::List => list(session),
        RulesAction::Test { rules } => test(rules.as_deref(), session),
    }
}

fn list(session: &mut Session) -> anyhow::Result<Exit> {
    let format = session.format();
    if !matches!(format, Format::Table | Format::Json) {
        return Err(session.wrong_format("table|json").into());
    }
    let folder = session.configuration().scan.rules.clone();
    let pack = load(folder.as_deref())?;
    let lang = session.lang;
    let mut table = Table::new(match lang {
        Lang::Zh => ["检测器", "名称", "标记"],
        Lang::En => ["detector", "name", "marker"],
    });
    for detector in pack.detectors() {
        table.row([
            detector.id.clone(),
            lang.pick(&detector.name.zh, &detector.name.en).to_owned(),
            detector.marker.clone().unwrap_or_default(),
        ]);
    }
    let mut out = session.output()?;
    if format == Format::Json {
        writeln!(out, "{}", list_json(&pack))?;
    } else {
        table.print(&mut out)?;
    }
    out.flush()?;
    Ok(Exit::Done)
}

fn list_json(pack: &RulePack) -> serde_json::Value {
    let detectors = pack.detectors().iter();
    let detectors: Vec<serde_json::Value> = detectors
        .map(|detector| {
            serde_json::json!({
                "id": detector.id,
                "name": { "zh": detector.name.zh, "en": detector.name.en },
                "marker": detector.marker,
            })
        })
        .collect();
    serde_json::json!({ "version": pack.version(), "detectors": detectors })
}

fn test(rules: Option<&Path>, session: &mut Session) -> anyhow::Result<Exit> {
    if session.format() != Format::Table {
        return Err(session.wrong_format("table").into());
    }
    let folder = rules.map(Path::to_owned).or_else(|| session.configuration().scan.rules.clone());
    let pack = load(folder.as_deref())?;
    let categories: Vec<&str> = session.regime().taxonomy.nodes().map(|node| node.id.as_str()).collect();
    let faults = rules::lint(&pack, &categories);
    for fault in &faults {
        say(&crate::model::Speak::say(fault, session.lang));
    }
    let results = detect::selftest(&pack);
    let failing: Vec<_> = results.iter().filter(|result| !result.passed()).collect();
    for result in &failing {
        let (file, detector, field, number) = (&result.file, &result.detector, result.field, result.number);
        say(&match (session.lang, result.wanted) {
            (Lang::Zh, true) => format!("{file}：{detector} 的 {field} 第 {number} 条应命中而未命中"),
            (Lang::Zh, false) => format!("{file}：{detector} 的 {field} 第 {number} 条不应命中却命中"),
            (Lang::En, true) => format!("{file}: {detector}, {field} {number}: is to be found and was not"),
            (Lang::En, false) => format!("{file}: {detector}, {field} {number}: was found and is not to be"),
        });
    }
    let mut out = session.output()?;
    let (all, wrong) = (results.len(), failing.len() + faults.len());
    match session.lang {
        Lang::Zh => writeln!(out, "检测器 {}，示例 {all}，问题 {wrong}", pack.detectors().len())?,
        Lang::En => writeln!(out, "{} detectors, {all} examples, {wrong} faults", pack.detectors().len())?,
    }
    out.flush()?;
    Ok(if wrong == 0 { Exit::Done } else { Exit::Found })
}

/// The packs in the binary, with those of a folder on top of them.
pub(crate) fn load(folder: Option<&Path>) -> Result<RulePack, rules::Error> {
    folder.map_or_else(RulePack::builtin, RulePack::with_folder)
}
