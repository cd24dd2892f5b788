//! What a command tells the shell.

use std::process::ExitCode;

/// How a command ended (contract.md, "Exit codes").
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// Done.
    Done,
    /// Done, and what was asked about is so: a material change, a failing rule, an incomplete filing, gaps under
    /// `--strict`.
    Found,
    /// Not done, in whole or in part: usage, configuration, an unreachable store.
    Failed,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        match exit {
            Exit::Done => Self::SUCCESS,
            Exit::Found => Self::from(1),
            Exit::Failed => Self::from(2),
        }
    }
}
