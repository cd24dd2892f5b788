//! One child, as its parent sees it.

use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Child, ChildStderr, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, sync_channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use serde::Serialize;

use crate::model::Reason;

use super::{GuardCommand, Setup, Task};

/// How long a child that has said its last word may take to end.
const FAREWELL: Duration = Duration::from_secs(2);

/// How the runtime begins its last words when an allocation fails; it aborts then, as it does for other reasons.
const OUT_OF_MEMORY: &[u8] = b"memory allocation of ";

/// A child that listens.
pub(super) struct Worker {
    child: Child,
    input: ChildStdin,
    answers: Receiver<Option<String>>,
    /// Whether it ran out of memory, known when it has ended.
    last_words: Option<JoinHandle<bool>>,
    files: u32,
}

impl Worker {
    /// Starts a child and tells it its setup.
    pub(super) fn start(command: &GuardCommand, setup: &Setup) -> std::io::Result<Self> {
        let mut child = Command::new(&command.program)
            .args(&command.arguments)
            .env_clear()
            // A thread of its own heap would reserve more address space than a child has.
            .env("MALLOC_ARENA_MAX", "1")
            .envs(std::env::var_os("TMPDIR").map(|folder| ("TMPDIR", folder)))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()?;
        let (Some(input), Some(output), Some(complaints)) =
            (child.stdin.take(), child.stdout.take(), child.stderr.take())
        else {
            return Err(std::io::ErrorKind::BrokenPipe.into());
        };
        let (answer, answers) = sync_channel(1);
        let last_words = Some(std::thread::spawn(move || complains_of_memory(complaints)));
        let mut worker = Self { child, input, answers, last_words, files: 0 };
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
        worker.send(setup)?;
        Ok(worker)
    }

    /// Files that it has been given.
    pub(super) fn files(&self) -> u32 {
        self.files
    }

    /// Gives it a file and waits for the answer. `Disconnected` where it ended instead.
    pub(super) fn ask(&mut self, task: &Task, deadline: Duration) -> Result<String, RecvTimeoutError> {
        self.files += 1;
        self.send(task).map_err(|_| RecvTimeoutError::Disconnected)?;
        self.answers.recv_timeout(deadline)?.ok_or(RecvTimeoutError::Disconnected)
    }

    /// Why a child ended without an answer; `None` where it was told to.
    pub(super) fn verdict(mut self) -> Option<Reason> {
        use std::os::unix::process::ExitStatusExt;
        const SIGXCPU: i32 = 24;
        // SIGHUP, SIGINT, SIGKILL and SIGTERM: no fault of a program brings them about.
        const FROM_OUTSIDE: [i32; 4] = [1, 2, 9, 15];
        let until = Instant::now() + FAREWELL;
        loop {
            match self.child.try_wait() {
                Ok(Some(status)) if status.signal() == Some(SIGXCPU) => return Some(Reason::Deadline),
                Ok(Some(status)) if status.signal().is_some_and(|signal| FROM_OUTSIDE.contains(&signal)) => {
                    return None;
                }
                // It has ended, and with it the pipe that its last words come through.
                Ok(Some(_)) => {
                    let ran_out = self.last_words.take().is_some_and(|words| words.join().unwrap_or(false));
                    return Some(if ran_out { Reason::MemoryLimit } else { Reason::Crashed });
                }
                // One that only closed its end of the pipe would be waited for without end.
                Ok(None) if Instant::now() < until => std::thread::sleep(Duration::from_millis(5)),
                _ => return Some(Reason::Crashed),
            }
        }
    }

    fn send(&mut self, message: &impl Serialize) -> std::io::Result<()> {
        let mut line = serde_json::to_vec(message)?;
        line.push(b'\n');
        self.input.write_all(&line)?;
        self.input.flush()
    }
}

impl Drop for Worker {
    /// However it is let go of, the child is gone afterwards.
    fn drop(&mut self) {
        self.child.kill().unwrap_or(());
        self.child.wait().map_or_else(drop, drop);
    }
}

/// Listens to what a child complains of, for one sentence. What a crashing parser prints may quote what it read: nothing of
/// it is kept.
fn complains_of_memory(complaints: ChildStderr) -> bool {
    let mut complaints = BufReader::new(complaints);
    let mut line = Vec::new();
    let mut ran_out = false;
    loop {
        line.clear();
        match (&mut complaints).take(64 << 10).read_until(b'\n', &mut line) {
            Ok(0) | Err(_) => return ran_out,
            Ok(_) => ran_out |= line.starts_with(OUT_OF_MEMORY),
        }
    }
}
