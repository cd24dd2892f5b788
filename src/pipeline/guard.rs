//! Readers of complex formats run in child processes of the same binary: a crash, an abort, a stack overflow or a
//! hang costs the one file that caused it.
//!
//! A child is told its setup in one line of JSON, then one file a line, and answers each with one line: the results,
//! which hold no scanned value. It lives as long as it behaves; one that does not is killed and replaced.

use std::ffi::OsStr;
use std::io::{BufRead, BufReader, Write};
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::Mutex;
use std::sync::mpsc::{Receiver, RecvTimeoutError, sync_channel};
use std::time::{Duration, Instant};

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use serde::{Deserialize, Serialize};

use crate::model::{Asset, Enterprise, Examined, Reason, SketchKey};

use super::examine::{self, FileToExamine};
use super::{Engine, EngineOptions};

/// Longest wall time for one file. Generous: the CPU limit ends a busy loop first, this one ends a wait.
const DEADLINE: Duration = Duration::from_mins(2);
/// CPU seconds that one file may take.
const CPU_SECONDS: u64 = 60;
/// Address space of a child: a workbook of a million rows needs a tenth of it.
const ADDRESS_SPACE_BYTES: u64 = 1 << 30;
/// A child that has read so many files is replaced, so that a leak in a parser cannot add up.
const FILES_PER_CHILD: u32 = 2_000;
/// How long a child that has said its last word may take to end.
const FAREWELL: Duration = Duration::from_secs(2);

/// How to start a child: this program with its hidden subcommand.
#[derive(Clone, Debug)]
pub struct GuardCommand {
    /// The program.
    pub program: PathBuf,
    /// Its arguments.
    pub arguments: Vec<String>,
}

#[derive(Serialize, Deserialize)]
struct Setup {
    key: SketchKey,
    options: EngineOptions,
    enterprise: Enterprise,
}

#[derive(Serialize, Deserialize)]
struct Task {
    /// Raw bytes: a path need not be UTF-8.
    path: Vec<u8>,
    asset: Asset,
    relative: Vec<u8>,
}

/// Children that wait for work; at most one for each thread of the scan.
pub(crate) struct Pool<'e> {
    command: GuardCommand,
    engine: &'e Engine,
    idle: Mutex<Vec<Worker>>,
}

struct Worker {
    child: Child,
    input: ChildStdin,
    answers: Receiver<Option<String>>,
    files: u32,
}

impl<'e> Pool<'e> {
    pub(crate) fn new(command: GuardCommand, engine: &'e Engine) -> Self {
        Self { command, engine, idle: Mutex::new(Vec::new()) }
    }

    /// Has a child examine a file. The first of the results is the file itself, then its members.
    pub(crate) fn examine(&self, file: &FileToExamine<'_>) -> Vec<Examined> {
        match self.ask(file) {
            Ok(results) => results,
            Err(reason) => vec![examine::unread(file, reason)],
        }
    }

    fn ask(&self, file: &FileToExamine<'_>) -> Result<Vec<Examined>, Reason> {
        let mut worker = match self.take_idle() {
            Some(worker) => worker,
            None => self.start().map_err(|_| Reason::Crashed)?,
        };
        let task = Task {
            path: file.path.as_os_str().as_bytes().to_vec(),
            asset: file.asset.clone(),
            relative: file.relative.to_vec(),
        };
        let sent = send(&mut worker.input, &task);
        let answer =
            sent.map_err(|_| RecvTimeoutError::Disconnected).and_then(|()| worker.answers.recv_timeout(DEADLINE));
        match answer {
            Ok(Some(line)) => {
                let results: Vec<Examined> = serde_json::from_str(&line).map_err(|_| Reason::Crashed)?;
                worker.files += 1;
                if worker.files < FILES_PER_CHILD {
                    self.give_back(worker);
                }
                if results.is_empty() { Err(Reason::Crashed) } else { Ok(results) }
            }
            Ok(None) | Err(RecvTimeoutError::Disconnected) => Err(worker.verdict()),
            Err(RecvTimeoutError::Timeout) => Err(Reason::Deadline),
        }
    }

    fn take_idle(&self) -> Option<Worker> {
        self.idle.lock().unwrap_or_else(std::sync::PoisonError::into_inner).pop()
    }

    fn give_back(&self, worker: Worker) {
        self.idle.lock().unwrap_or_else(std::sync::PoisonError::into_inner).push(worker);
    }

    fn start(&self) -> std::io::Result<Worker> {
        // What a crashing parser prints may quote what it read: it goes nowhere.
        let mut child = Command::new(&self.command.program)
            .args(&self.command.arguments)
            .env_clear()
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()?;
        let (Some(input), Some(output)) = (child.stdin.take(), child.stdout.take()) else {
            return Err(std::io::ErrorKind::BrokenPipe.into());
        };
        let (answer, answers) = sync_channel(1);
        let mut worker = Worker { child, input, answers, files: 0 };
        std::thread::spawn(move || {
            let mut lines = BufReader::new(output).lines();
            while let Some(Ok(line)) = lines.next() {
                if answer.send(Some(line)).is_err() {
                    return;
                }
            }
            // Nobody may be waiting any more, and then nobody needs to know.
            answer.send(None).unwrap_or(());
        });
        let setup = Setup {
            key: self.engine.key,
            options: self.engine.options().clone(),
            enterprise: self.engine.enterprise.clone(),
        };
        send(&mut worker.input, &setup)?;
        Ok(worker)
    }
}

impl Drop for Worker {
    /// However it is let go of, the child is gone afterwards.
    fn drop(&mut self) {
        self.child.kill().unwrap_or(());
        self.child.wait().map_or_else(drop, drop);
    }
}

impl Worker {
    /// Why a child ended without an answer.
    fn verdict(mut self) -> Reason {
        use std::os::unix::process::ExitStatusExt;
        const SIGXCPU: i32 = 24;
        let until = Instant::now() + FAREWELL;
        loop {
            match self.child.try_wait() {
                Ok(Some(status)) if status.signal() == Some(SIGXCPU) => return Reason::Deadline,
                // One that only closed its end of the pipe would be waited for without end.
                Ok(None) if Instant::now() < until => std::thread::sleep(Duration::from_millis(5)),
                _ => return Reason::Crashed,
            }
        }
    }
}

fn send(input: &mut ChildStdin, message: &impl Serialize) -> std::io::Result<()> {
    let mut line = serde_json::to_vec(message)?;
    line.push(b'\n');
    input.write_all(&line)?;
    input.flush()
}

/// The life of a child: limits first, then files until the parent closes the pipe. Gives `false` where the setup
/// could not be used.
pub fn run_child(input: impl BufRead, mut output: impl Write) -> bool {
    end_with_parent();
    limit(Resource::As, ADDRESS_SPACE_BYTES);
    limit(Resource::Core, 0);
    let mut lines = input.lines();
    let Some(Ok(setup)) = lines.next() else { return false };
    let Ok(setup) = serde_json::from_str::<Setup>(&setup) else { return false };
    let Ok(engine) = Engine::new(setup.key, setup.options, setup.enterprise) else { return false };
    while let Some(Ok(line)) = lines.next() {
        let Ok(task) = serde_json::from_str::<Task>(&line) else { return false };
        allow_cpu_seconds(CPU_SECONDS);
        let file = FileToExamine {
            path: Path::new(OsStr::from_bytes(&task.path)),
            asset: task.asset,
            relative: &task.relative,
        };
        let results = examine::file(&engine, &file);
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

/// Lowers a limit of this process for good. Where the system refuses, the parent's deadline still holds.
fn limit(resource: Resource, value: u64) {
    setrlimit(resource, Rlimit { current: Some(value), maximum: Some(value) }).unwrap_or(());
}

/// Moves the soft CPU limit to `seconds` from now.
fn allow_cpu_seconds(seconds: u64) {
    let used = rustix::time::clock_gettime(rustix::time::ClockId::ProcessCPUTime);
    let used_seconds = u64::try_from(used.tv_sec).unwrap_or(0);
    let maximum = getrlimit(Resource::Cpu).maximum;
    setrlimit(Resource::Cpu, Rlimit { current: Some(used_seconds + seconds), maximum }).unwrap_or(());
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{AssetKind, Locator, PublicName};

    /// What comes of a file when this shell script is the child; and the script's process id, which it writes down.
    fn ask(script: &str) -> (Result<Vec<Examined>, Reason>, String) {
        let folder = tempfile::tempdir().unwrap();
        let id = folder.path().join("id");
        let script = format!("echo $$ > '{}'; {script}", id.display());
        let engine = Engine::new(SketchKey([0; 16]), EngineOptions::default(), Enterprise::default()).unwrap();
        let command = GuardCommand { program: PathBuf::from("/bin/sh"), arguments: vec!["-c".to_owned(), script] };
        let pool = Pool::new(command, &engine);
        let name = PublicName::vouched("a.xlsx");
        let asset = Asset {
            store: "s".to_owned(),
            locator: Locator::of(&name),
            kind: AssetKind::File,
            parent: None,
            stat: None,
        };
        let file = FileToExamine { path: Path::new("/nowhere/a.xlsx"), asset, relative: b"a.xlsx" };
        let outcome = pool.ask(&file);
        drop(pool);
        let id = std::fs::File::open(id).and_then(std::io::read_to_string).unwrap();
        (outcome, id.trim().to_owned())
    }

    #[test]
    fn a_child_that_answers_nonsense_falls_silent_or_dies_is_a_crash_and_is_gone() {
        for script in [
            "read setup; read task; echo '[nonsense'; exec /bin/sleep 60",
            "read setup; read task; printf '\\377\\n'; exec /bin/sleep 60",
            "exec 1>&-; exec /bin/sleep 60",
            "read setup; read task; kill -9 $$",
            "exit 0",
        ] {
            let (outcome, id) = ask(script);
            assert_eq!(outcome, Err(Reason::Crashed), "{script}");
            assert!(!Path::new("/proc").join(&id).exists(), "{script}: {id} is still there");
        }
    }

    #[test]
    fn a_child_that_used_up_its_cpu_time_is_told_apart() {
        assert_eq!(ask("read setup; read task; kill -XCPU $$").0, Err(Reason::Deadline));
    }
}
