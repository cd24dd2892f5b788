//! Readers of complex formats run in child processes of the same binary: a crash, an abort, a stack overflow or a
//! hang costs the one file that caused it.
//!
//! A child is told its setup in one line of JSON, then one file a line, and answers each with one line: the results,
//! which hold no scanned value. It lives as long as it behaves; one that does not is killed and replaced.

use std::os::unix::ffi::OsStrExt;
use std::path::PathBuf;
use std::sync::mpsc::RecvTimeoutError;
use std::sync::{Mutex, PoisonError, RwLock};
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::model::{Asset, ClassId, Enterprise, Examined, Reason, SketchKey};
use crate::open::Limits;

use super::examine::{self, FileToExamine};
use super::{Engine, EngineOptions, Plan};

mod child;
mod worker;

pub(super) use child::forbid_core_dumps;
pub use child::run_child;
use worker::Worker;

/// A child that has read so many files is replaced, so that a leak in a parser cannot add up.
const FILES_PER_CHILD: u32 = 2_000;
/// Readers whose memory a file may have when it is read alone. Not as many as there are: what is read of a file depends on
/// no number of threads.
const READERS_OF_ONE: u64 = 2;

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
    /// Classes of which every row is counted.
    filed: Vec<ClassId>,
    /// Address space that the child may have.
    memory_bytes: u64,
}

#[derive(Serialize, Deserialize)]
struct Task {
    /// Raw bytes: a path need not be UTF-8.
    path: Vec<u8>,
    asset: Asset,
    relative: Vec<u8>,
    cpu_seconds: u64,
}

/// Children that wait for work; at most one for each thread of the scan.
pub(crate) struct Pool<'e> {
    command: GuardCommand,
    engine: &'e Engine,
    plan: &'e Plan,
    idle: Mutex<Vec<Worker>>,
    /// Held by many while each has its share of the memory, by one that has more.
    memory: RwLock<()>,
}

impl<'e> Pool<'e> {
    /// A pool without children.
    pub(crate) fn new(command: GuardCommand, engine: &'e Engine, plan: &'e Plan) -> Self {
        Self { command, engine, plan, idle: Mutex::new(Vec::new()), memory: RwLock::new(()) }
    }

    /// Has a child examine a file. The first of the results is the file itself, then its members.
    pub(crate) fn examine(&self, file: &FileToExamine<'_>) -> Vec<Examined> {
        let mut outcome = self.examine_with_others(file);
        if is_short_of_memory(&outcome) {
            // What was read without one member is more than what was not read at all.
            outcome = self.examine_alone(file).or_else(|reason| outcome.map_err(|_| reason));
        }
        outcome.unwrap_or_else(|reason| vec![examine::unread(file, reason)])
    }

    /// A child that somebody ended says nothing of its file, which another child reads. Who ends two in a row is the
    /// system, when memory runs out.
    fn examine_with_others(&self, file: &FileToExamine<'_>) -> Result<Vec<Examined>, Reason> {
        let _share = self.memory.read().unwrap_or_else(PoisonError::into_inner);
        for _ in 0..2 {
            let worker = match self.take_idle() {
                Some(worker) => worker,
                None => self.start(self.engine.limits.reader_bytes).map_err(|_| Reason::Crashed)?,
            };
            match self.ask(worker, file) {
                Ok((results, worker)) => {
                    if worker.files() < FILES_PER_CHILD {
                        self.give_back(worker);
                    }
                    return Ok(results);
                }
                Err(Some(reason)) => return Err(reason),
                Err(None) => {}
            }
        }
        Err(Reason::MemoryLimit)
    }

    /// Gives a file the memory of two readers, while none of the others has any.
    fn examine_alone(&self, file: &FileToExamine<'_>) -> Result<Vec<Examined>, Reason> {
        let _whole = self.memory.write().unwrap_or_else(PoisonError::into_inner);
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).clear();
        let memory_bytes = self.engine.limits.reader_bytes.saturating_mul(READERS_OF_ONE);
        let worker = self.start(memory_bytes).map_err(|_| Reason::Crashed)?;
        let answered = self.ask(worker, file).map_err(|reason| reason.unwrap_or(Reason::MemoryLimit));
        answered.map(|(results, _)| results)
    }

    /// No reason is given for a child that was ended from outside. One that did not answer is gone afterwards.
    fn ask(&self, mut worker: Worker, file: &FileToExamine<'_>) -> Result<(Vec<Examined>, Worker), Option<Reason>> {
        let size = file.asset.stat.map_or(0, |stat| stat.size);
        let cpu_seconds = self.engine.limits.cpu_seconds_for(size);
        let task = Task {
            path: file.path.as_os_str().as_bytes().to_vec(),
            asset: file.asset.clone(),
            relative: file.relative.to_vec(),
            cpu_seconds,
        };
        let deadline = Duration::from_secs(cpu_seconds) * Limits::WALL_FOR_CPU;
        match worker.ask(&task, deadline) {
            Ok(line) => {
                let results: Vec<Examined> = serde_json::from_str(&line).map_err(|_| Some(Reason::Crashed))?;
                if results.is_empty() { Err(Some(Reason::Crashed)) } else { Ok((results, worker)) }
            }
            Err(RecvTimeoutError::Disconnected) => Err(worker.verdict()),
            Err(RecvTimeoutError::Timeout) => Err(Some(Reason::Deadline)),
        }
    }

    fn take_idle(&self) -> Option<Worker> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop()
    }

    fn give_back(&self, worker: Worker) {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(worker);
    }

    fn start(&self, memory_bytes: u64) -> std::io::Result<Worker> {
        let setup = Setup {
            key: self.engine.key,
            options: self.engine.options().clone(),
            enterprise: self.engine.enterprise.clone(),
            filed: self.plan.filed.iter().cloned().collect(),
            memory_bytes,
        };
        Worker::start(&self.command, &setup)
    }
}

/// Whether more memory could tell more: of the file itself, or of a member of it.
fn is_short_of_memory(outcome: &Result<Vec<Examined>, Reason>) -> bool {
    match outcome {
        Ok(results) => results.iter().any(|examined| examined.reason == Some(Reason::MemoryLimit)),
        Err(reason) => *reason == Reason::MemoryLimit,
    }
}

#[cfg(test)]
mod tests;
