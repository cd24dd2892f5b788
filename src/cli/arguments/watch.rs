use std::path::PathBuf;

use clap::Args;

/// How to watch.
#[derive(Debug, Args)]
pub(crate) struct WatchArguments {
    /// What is due within so many days is due soon
    #[arg(long, value_name = "DAYS", default_value_t = 30, value_parser = clap::value_parser!(u32).range(0..=3660))]
    pub(crate) soon: u32,
    /// Do not scan: tell what follows from the results that are there
    #[arg(long)]
    pub(crate) no_scan: bool,
    /// Threads that read and detect [default: as many as there are cores]
    #[arg(short, long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub(crate) jobs: Option<u16>,
    /// Append what happens to a log (mode 0600), one JSON object a line
    #[arg(long, value_name = "FILE")]
    pub(crate) log: Option<PathBuf>,
}
