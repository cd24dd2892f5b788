//! Parse, run, outcome → exit code. Nothing else.

use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments: Vec<_> = std::env::args_os().collect();
    mulu::cli::run(&arguments).into()
}
