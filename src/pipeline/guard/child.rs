//! One child, as it sees itself.

use std::ffi::OsStr;
use std::io::{BufRead, Write};
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

use crate::discover::database::Connector;

use super::super::{Context, Engine, Plan, Silent, examine::FileToExamine, share};
use super::{Setup, Task};

/// The life of a child: limits first, then files until the parent closes the pipe. Gives `false` where the setup
/// could not be used.
pub fn run_child(input: impl BufRead, mut output: impl Write) -> bool {
    end_with_parent();
    forbid_core_dumps();
    let mut lines = input.lines();
    let Some(Ok(setup)) = lines.next() else { return false };
    let Ok(setup) = serde_json::from_str::<Setup>(&setup) else { return false };
    limit(Resource::As, setup.memory_bytes);
    let Ok(engine) = Engine::new(setup.key, setup.options, setup.enterprise) else { return false };
    let plan = Plan { filed: setup.filed.into_iter().collect(), ..Plan::default() };
    let Ok(connector) = Connector::new() else { return false };
    let Ok(threads) = rayon::ThreadPoolBuilder::new().num_threads(1).build() else { return false };
    let context = Context {
        engine: &engine,
        plan: &plan,
        guards: None,
        connector: &connector,
        threads: &threads,
        observer: &Silent,
    };
    while let Some(Ok(line)) = lines.next() {
        let Ok(task) = serde_json::from_str::<Task>(&line) else { return false };
        allow_cpu_seconds(task.cpu_seconds);
        let file = FileToExamine {
            path: Path::new(OsStr::from_bytes(&task.path)),
            asset: task.asset,
            relative: &task.relative,
        };
        let results = share::read(&context, &file);
        let Ok(mut answer) = serde_json::to_vec(&results) else { return false };
        answer.push(b'\n');
        if output.write_all(&answer).and_then(|()| output.flush()).is_err() {
            return true;
        }
    }
    true
}

/// A closed pipe ends a child that listens; one that is stopped, or busy with a file, is ended by the system when the
/// scan is killed. Elsewhere than on Linux the CPU limit ends the busy one.
fn end_with_parent() {
    #[cfg(target_os = "linux")]
    rustix::process::set_parent_process_death_signal(Some(rustix::process::Signal::KILL)).unwrap_or(());
}

/// A crash of this process leaves no image of its memory, which holds what was being read. The limit is what most
/// systems heed, the flag also those that hand an image to a program.
pub(crate) fn forbid_core_dumps() {
    limit(Resource::Core, 0);
    #[cfg(target_os = "linux")]
    rustix::process::set_dumpable_behavior(rustix::process::DumpableBehavior::NotDumpable).unwrap_or(());
}

/// Lowers a limit of this process for good. Where the system refuses, the parent's deadline still holds.
fn limit(resource: Resource, value: u64) {
    setrlimit(resource, Rlimit { current: Some(value), maximum: Some(value) }).unwrap_or(());
}

/// Moves the soft CPU limit to `seconds` from now.
fn allow_cpu_seconds(seconds: u64) {
    let used = rustix::time::clock_gettime(rustix::time::ClockId::ProcessCPUTime);
    let used_seconds = u64::try_from(used.tv_sec).unwrap_or(0);
    let maximum = getrlimit(Resource::Cpu).maximum;
    setrlimit(Resource::Cpu, Rlimit { current: Some(used_seconds.saturating_add(seconds)), maximum }).unwrap_or(());
}
