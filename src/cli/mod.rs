//! The command line: the only module that knows clap and indicatif. One file a command.

mod arguments;
mod assets;
mod audit;
mod authorities;
mod basis;
mod caps;
mod catalog;
mod changes;
mod classes;
mod complaint;
mod configuration;
mod credentials;
mod diff;
mod duties;
mod eval;
mod evidence;
mod exit;
mod explain;
mod filing;
mod filled_file;
mod grant;
mod help;
mod holidays;
mod init;
mod log;
mod merge;
mod occurrences;
mod places;
mod progress;
mod register;
mod retention;
mod review;
mod rules;
mod scan;
mod session;
mod store_entry;
mod stores;
mod summary;
mod table;
mod target;
mod timeouts_entry;
mod trend;
mod unmatched;
mod usage;
mod watch;

use std::ffi::OsString;
use std::path::PathBuf;

use clap::FromArgMatches;

pub use exit::Exit;

use arguments::{Arguments, Command};
use session::Session;

use crate::model::Lang;
use crate::pipeline;

/// Parses, runs, and tells the shell how it went.
#[must_use]
pub fn run(arguments: &[OsString]) -> Exit {
    silence_panics();
    let lang = help::language(arguments);
    let matches = match help::command(lang).try_get_matches_from(arguments) {
        Ok(matches) => matches,
        Err(error) => return usage::answer(&error, lang),
    };
    let arguments = match Arguments::from_arg_matches(&matches) {
        Ok(arguments) => arguments,
        Err(error) => return usage::answer(&error, lang),
    };
    match dispatch(&arguments, lang) {
        Ok(exit) => exit,
        // The reader of our output has gone (`mulu assets | head`): that is not our failure.
        Err(error) if is_broken_pipe(&error) => Exit::Done,
        Err(error) => {
            progress::say(&format!("mulu: {}", complaint::tell(&error, lang)));
            Exit::Failed
        }
    }
}

fn dispatch(arguments: &Arguments, lang: Lang) -> anyhow::Result<Exit> {
    let config = || arguments.common.config.clone().unwrap_or_else(|| PathBuf::from("mulu.toml"));
    if matches!(arguments.command, Command::GuardedReader) {
        let served = pipeline::run_child(std::io::stdin().lock(), std::io::stdout().lock());
        return Ok(if served { Exit::Done } else { Exit::Failed });
    }
    if matches!(arguments.command, Command::Init) {
        // Before the configuration is read: it is not there yet, or is what must not be touched.
        return init::run(&config(), arguments.common.quiet, lang);
    }
    let mut session = Session::new(&arguments.common, lang)?;
    match &arguments.command {
        Command::Scan(arguments) => scan::run(arguments, &mut session),
        Command::Assets(arguments) if arguments.by.is_some() => places::run(&mut session),
        Command::Assets(_) => assets::run(&mut session),
        Command::Explain(arguments) => explain::run(arguments, &mut session),
        Command::Classes => classes::run(&mut session),
        Command::Review(arguments) => review::run(arguments, &mut session),
        Command::Register(arguments) => register::run(arguments, &mut session),
        Command::Catalog(arguments) => catalog::run(arguments, &mut session),
        Command::Filing(arguments) => filing::run(arguments, &mut session),
        Command::Changes(arguments) => changes::run(arguments, &mut session),
        Command::Trend(arguments) => trend::run(arguments.filing, &mut session),
        Command::Diff(arguments) => diff::run(arguments, &mut session),
        Command::Duties(arguments) => duties::run(arguments, &mut session),
        Command::Watch(arguments) => watch::run(arguments, &mut session),
        Command::Eval(arguments) => eval::run(arguments, &mut session),
        Command::Audit(arguments) => audit::run(arguments, &mut session),
        Command::Merge(arguments) => merge::run(arguments, &mut session),
        Command::Rules(arguments) => rules::run(arguments, &mut session),
        Command::Init | Command::GuardedReader => Ok(Exit::Done),
    }
}

/// A panic is a bug of ours, or of a reader: its message may quote what was read, so only its place is told.
fn silence_panics() {
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map_or_else(String::new, |place| format!(" {}:{}", place.file(), place.line()));
        progress::say(&format!("mulu: internal error at{place}; the asset is recorded as failed, please report it"));
    }));
}

fn is_broken_pipe(error: &anyhow::Error) -> bool {
    let io = error.chain().filter_map(|cause| cause.downcast_ref::<std::io::Error>());
    io.into_iter().any(|cause| cause.kind() == std::io::ErrorKind::BrokenPipe)
}
