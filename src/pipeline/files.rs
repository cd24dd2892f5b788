//! Files examined one by one, with nothing recorded: what rules make of them, for people who try rules.

use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use rayon::prelude::*;

use crate::detect::names;
use crate::discover::database::Connector;
use crate::discover::share;
use crate::model::{Asset, AssetKind, Examined, Locator, Reason};

use super::examine::FileToExamine;
use super::{Context, Engine, Error, GuardCommand, Plan, Silent, guard};

/// Examines files below a folder; the first result of each is the file itself. Paths are relative to the folder.
pub fn examine_files(
    engine: &Engine,
    guard: Option<GuardCommand>,
    root: &Path,
    relative: &[PathBuf],
) -> Result<Vec<Vec<Examined>>, Error> {
    guard::forbid_core_dumps();
    let threads = rayon::ThreadPoolBuilder::new().build().map_err(|_| Error::Threads)?;
    let connector = Connector::new()?;
    let plan = Plan::default();
    let guards = guard.map(|command| guard::Pool::new(command, engine, &plan));
    let context = Context { engine, plan: &plan, guards, connector: &connector, threads: &threads, observer: &Silent };
    Ok(threads.install(|| relative.par_iter().map(|path| examine_file(&context, root, path)).collect()))
}

fn examine_file(context: &Context<'_>, root: &Path, relative: &Path) -> Vec<Examined> {
    let path = root.join(relative);
    let raw = relative.as_os_str().as_bytes();
    let published = names::publish(&context.engine.pack, context.engine.key, raw);
    let locator = Locator::of(&published.name);
    let stat = std::fs::metadata(&path).map(|metadata| share::stat(&metadata)).map_err(|error| Reason::from(&error));
    let asset = Asset { store: String::new(), locator, kind: AssetKind::File, parent: None, stat: stat.ok() };
    let file = FileToExamine { path: &path, asset, relative: raw };
    match stat {
        Err(reason) => vec![super::examine::unread(&file, reason)],
        Ok(_) => super::share::read(context, &file),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Enterprise, SketchKey};
    use crate::pipeline::EngineOptions;

    #[test]
    fn a_file_is_classified_and_one_that_is_not_there_says_so() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("来料检验单.csv"), "检验单号,供应商\nA,B\n").unwrap();
        let engine = Engine::new(SketchKey([0; 16]), EngineOptions::default(), Enterprise::default()).unwrap();
        let files = ["来料检验单.csv".into(), "gone.csv".into()];
        let found = examine_files(&engine, None, folder.path(), &files).unwrap();
        let best = found[0][0].classification.as_ref().and_then(|found| found.best.as_ref()).unwrap();
        assert_eq!(best.id.as_str(), "production.quality");
        assert_eq!(found[1][0].reason, Some(Reason::Vanished));
    }
}
