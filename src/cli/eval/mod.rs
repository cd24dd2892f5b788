//! `mulu eval`: labels of a person against what the rules say: of an inventory, of tables that a file describes, or of
//! files that are read for it.

mod answers;
mod print;

use std::fs::File;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

use crate::accuracy::{Judged, Label, NONE, Report};
use crate::model::escape_name;
use crate::regime::{Calibration, Error, Signals, Taxonomy, Weighing};

use super::arguments::Format;
use super::arguments::eval::EvalArguments;
use super::complaint::Complaint;
use super::exit::Exit;
use super::rules;
use super::session::{Session, create_private};

pub(crate) fn run(arguments: &EvalArguments, session: &mut Session) -> anyhow::Result<Exit> {
    let format = session.format();
    if !matches!(format, Format::Table | Format::Json) {
        return Err(session.wrong_format("table|json").into());
    }
    if let Some(path) = &arguments.fit {
        keep_inputs(path, arguments)?;
    }
    let taxonomy = taxonomy(arguments, session)?;
    let labels = labels(&arguments.gold, &taxonomy)?;
    let answers = if arguments.catalog.is_empty() {
        match &arguments.root {
            Some(root) => answers::of_files(arguments, root, &labels, taxonomy, session)?,
            None => answers::of_inventory(&labels, session)?,
        }
    } else {
        answers::of_catalogs(arguments, &labels, &taxonomy, session)?
    };
    let mut judged = Vec::new();
    let mut missing = 0;
    for (label, answer) in labels.into_iter().zip(answers) {
        match answer {
            Some((answer, signals)) => judged.push(Judged { label, answer, signals }),
            None => missing += 1,
        }
    }
    if judged.is_empty() {
        return Err(Complaint::new(
            "没有一条标注对应到资产；请检查 --catalog、--root 或 --inventory 与标注是否是同一批数据",
            "no label belongs to an asset; check that --catalog, --root or --inventory are of the same data as the labels",
        )
        .into());
    }
    if let Some(path) = &arguments.fit {
        fit(path, &judged, session)?;
    }
    let report = Report::of(&judged, missing);
    let lang = session.lang;
    let folder = arguments.rules.clone().or_else(|| session.configuration().scan.rules.clone());
    let pack = rules::load(folder.as_deref())?;
    let taxonomy = session.regime().taxonomy.clone();
    let texts = print::Texts { pack: &pack, taxonomy: &taxonomy };
    let mut out = session.output()?;
    match format {
        Format::Json => print::json(&mut out, &report, &judged, arguments)?,
        _ => print::tables(&mut out, &report, &judged, arguments, &texts, lang)?,
    }
    out.flush()?;
    Ok(Exit::Done)
}

/// Refuses to write the map over a file that the command reads.
fn keep_inputs(path: &Path, arguments: &EvalArguments) -> Result<(), Complaint> {
    let Ok(written) = path.canonicalize() else { return Ok(()) };
    let files =
        arguments.gold.iter().chain(&arguments.catalog).chain(&arguments.weighing).chain(&arguments.calibration);
    let mut read = files.chain(&arguments.rules).filter_map(|file| file.canonicalize().ok());
    if !read.any(|file| written.starts_with(file)) {
        return Ok(());
    }
    let shown = escape_name(path.as_os_str().as_encoded_bytes());
    Err(Complaint::new(
        format!("--fit 会覆盖本次读取的 {shown}；请写入另一个文件"),
        format!("--fit would overwrite {shown}, which is read here; write to another file"),
    ))
}

/// Fits the map from evidence to scores and writes it: the figures below it are those of the map in force.
fn fit(path: &Path, judged: &[Judged], session: &mut Session) -> anyhow::Result<()> {
    let classified = judged.iter().filter(|one| one.answer.best.is_some());
    let answers: Vec<(Signals, bool)> = classified.filter_map(|one| Some((one.signals?, one.is_right()))).collect();
    if answers.is_empty() {
        return Err(Complaint::new(
            "--fit 需要 --catalog：只有以文件描述的表给出拟合所需的信息",
            "--fit needs --catalog: only tables that a file describes tell what is fitted",
        )
        .into());
    }
    let systems: std::collections::BTreeSet<&str> = judged.iter().map(|one| one.label.system.as_str()).collect();
    let fitted_on = format!("on {} classified tables of {} labelled systems", answers.len(), systems.len());
    let mut file = create_private(path)?;
    file.write_all(Calibration::fit(&answers).to_toml(&fitted_on).as_bytes())?;
    session.remember(path)
}

/// The tree of the session; its weights and the map to scores from files, where they are given.
fn taxonomy(arguments: &EvalArguments, session: &Session) -> anyhow::Result<Taxonomy> {
    let taxonomy = session.regime().taxonomy.clone();
    let taxonomy = match &arguments.weighing {
        Some(path) => {
            taxonomy.weighed_by(Weighing::parse(&text_of(path)?, &path.display().to_string()).map_err(Error::of_user)?)
        }
        None => taxonomy,
    };
    Ok(match &arguments.calibration {
        Some(path) => taxonomy
            .calibrated_by(Calibration::parse(&text_of(path)?, &path.display().to_string()).map_err(Error::of_user)?),
        None => taxonomy,
    })
}

fn labels(files: &[PathBuf], taxonomy: &Taxonomy) -> anyhow::Result<Vec<Label>> {
    let mut labels = Vec::new();
    for file in files {
        let read = Label::read(&text_of(file)?, &file.display().to_string(), |id| taxonomy.contains(id))?;
        labels.extend(read.into_iter().filter(|label| !label.ambiguous));
    }
    Ok(labels)
}

/// A file of labels or descriptions; past this it is something else.
const MOST_BYTES: u64 = 1 << 30;

/// A file of labels or descriptions is read whole: it was made by the person who gives it.
fn text_of(path: &Path) -> Result<String, Complaint> {
    let mut text = String::new();
    let read = File::open(path).and_then(|file| file.take(MOST_BYTES).read_to_string(&mut text));
    read.map(|_| text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text)).map_err(|_| {
        let shown = escape_name(path.as_os_str().as_encoded_bytes());
        Complaint::new(
            format!("无法读取 {shown}；请检查路径、权限，以及是否为 UTF-8 文本"),
            format!("cannot read {shown}; check its path and permissions, and that it is UTF-8 text"),
        )
    })
}

/// The worst first: confident and wrong, then missed.
fn worst(judged: &[Judged]) -> Vec<&Judged> {
    let mut wrong: Vec<&Judged> = judged.iter().filter(|one| !one.is_acceptable()).collect();
    let cost = |one: &Judged| one.score().unwrap_or(if one.label.category == NONE { 0.0 } else { 0.5 });
    wrong.sort_by(|a, b| {
        let places = (&a.label.system, a.label.place()).cmp(&(&b.label.system, b.label.place()));
        cost(b).total_cmp(&cost(a)).then(places)
    });
    wrong
}
