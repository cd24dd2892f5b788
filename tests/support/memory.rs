//! How much memory the program takes, its guarded readers included.

use std::io::Read as _;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::Duration;

/// Between two looks.
const PAUSE: Duration = Duration::from_millis(5);

/// Runs `command` to its end; gives how it ended, and the most memory that it and its children held at any of many looks, in
/// bytes. What they share counts once (proportional set size).
pub(crate) fn peak_of(mut command: Command) -> (ExitStatus, u64) {
    let child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn();
    let mut child = child.expect("the program can be started");
    let mut peak = 0;
    loop {
        peak = peak.max(held_by(&child));
        if let Some(status) = child.try_wait().expect("the program can be waited for") {
            return (status, peak);
        }
        std::thread::sleep(PAUSE);
    }
}

fn held_by(parent: &Child) -> u64 {
    let processes = std::iter::once(parent.id()).chain(children_of(parent.id()));
    processes.map(|process| proportional_bytes(process).unwrap_or(0)).sum()
}

fn children_of(process: u32) -> Vec<u32> {
    let tasks = std::fs::read_dir(format!("/proc/{process}/task")).into_iter().flatten().filter_map(Result::ok);
    let lists = tasks.filter_map(|task| text_of(&task.path().join("children")));
    lists.flat_map(|list| list.split_whitespace().filter_map(|id| id.parse().ok()).collect::<Vec<u32>>()).collect()
}

fn proportional_bytes(process: u32) -> Option<u64> {
    let rollup = text_of(Path::new(&format!("/proc/{process}/smaps_rollup")))?;
    let line = rollup.lines().find_map(|line| line.strip_prefix("Pss:"))?;
    line.trim().strip_suffix("kB")?.trim().parse::<u64>().ok().map(|kibibytes| kibibytes << 10)
}

/// A process may end between two looks.
fn text_of(path: &Path) -> Option<String> {
    let mut text = String::new();
    std::fs::File::open(path).ok()?.read_to_string(&mut text).ok()?;
    Some(text)
}
