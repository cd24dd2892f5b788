//! What the rules say of labelled assets, in the order of the labels; `None` where there is no such asset.

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};

use crate::accuracy::{Label, metadata};
use crate::classify::survey::Survey;
use crate::model::{Classification, SketchKey};
use crate::pipeline::{self, Engine, EngineOptions};
use crate::regime::{Signals, Taxonomy};

use super::super::arguments::eval::EvalArguments;
use super::super::scan::guard_command;
use super::super::session::Session;
use super::text_of;

type Answer = (Classification, Option<Signals>);
type Answers = Vec<Option<Answer>>;

/// No identifier is kept, so any key will do.
const KEY: SketchKey = SketchKey([0; 16]);

/// Of the assets of the inventory, as each store was last seen.
pub(super) fn of_inventory(labels: &[Label], session: &mut Session) -> anyhow::Result<Answers> {
    let wanted: HashMap<String, usize> =
        labels.iter().enumerate().map(|(number, label)| (label.place(), number)).collect();
    let mut answers = vec![None; labels.len()];
    session.inventory()?.assets_now(&mut |record| {
        let asset = &record.examined.asset;
        let Some(number) = wanted.get(asset.locator.as_str()) else { return };
        let is_its_store = labels
            .get(*number)
            .is_some_and(|label| label.system.is_empty() || label.locator.is_empty() || label.system == asset.store);
        if let Some(answer) = answers.get_mut(*number).filter(|_| is_its_store) {
            *answer = Some((record.examined.classification.unwrap_or_default(), None));
        }
    })?;
    Ok(answers)
}

/// Of tables that files describe. All tables of a system are surveyed together, labelled or not.
pub(super) fn of_catalogs(
    arguments: &EvalArguments,
    labels: &[Label],
    taxonomy: &Taxonomy,
    session: &Session,
) -> anyhow::Result<Answers> {
    let engine = engine(arguments, session)?;
    let mut systems: BTreeMap<String, Vec<metadata::TableLine>> = BTreeMap::new();
    for path in &arguments.catalog {
        for table in metadata::read(&text_of(path)?, &path.display().to_string())? {
            systems.entry(table.system.clone()).or_default().push(table);
        }
    }
    let mut answers: HashMap<(String, String, String), Answer> = HashMap::new();
    for (system, tables) in systems {
        let described: Vec<_> = tables.iter().map(metadata::TableLine::described).collect();
        let survey = Survey::of(&engine.pack, taxonomy, &described);
        for (number, table) in tables.iter().enumerate() {
            let place = (system.clone(), table.schema.clone(), table.table.clone());
            let (answer, signals) = survey.classify(number);
            answers.insert(place, (answer, Some(signals)));
        }
    }
    let place = |label: &Label| (label.system.clone(), label.schema.clone(), label.table.clone());
    Ok(labels.iter().map(|label| answers.get(&place(label)).cloned()).collect())
}

/// Of files below a folder; only labelled ones are read.
pub(super) fn of_files(
    arguments: &EvalArguments,
    root: &Path,
    labels: &[Label],
    taxonomy: Taxonomy,
    session: &Session,
) -> anyhow::Result<Answers> {
    let mut engine = engine(arguments, session)?;
    let paths: Vec<PathBuf> = labels.iter().map(|label| PathBuf::from(&label.path)).collect();
    // A guarded child weighs as is built in.
    let is_built_in = arguments.weighing.is_none() && arguments.calibration.is_none();
    engine.regime.taxonomy = taxonomy;
    let guard = is_built_in.then(guard_command).transpose()?;
    let examined = pipeline::examine_files(&engine, guard, root, &paths)?;
    let answers = examined.into_iter().zip(&paths).map(|(results, path)| {
        let file = results.into_iter().next().filter(|_| root.join(path).exists())?;
        Some((file.classification.unwrap_or_default(), None))
    });
    Ok(answers.collect())
}

fn engine(arguments: &EvalArguments, session: &Session) -> anyhow::Result<Engine> {
    let configuration = session.configuration();
    let options = EngineOptions {
        rules: arguments.rules.clone().or_else(|| configuration.scan.rules.clone()),
        taxonomy: configuration.taxonomy.clone(),
        thorough: configuration.scan.thorough,
        ..EngineOptions::default()
    };
    Ok(Engine::new(KEY, options, configuration.enterprise.clone())?)
}
