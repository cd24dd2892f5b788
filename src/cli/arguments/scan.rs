use std::path::PathBuf;

use clap::Args;

/// What to scan, and how.
#[expect(clippy::struct_excessive_bools, reason = "each is a switch that can be typed")]
#[derive(Debug, Args)]
pub(crate) struct ScanArguments {
    /// A path, or sqlite:///…, postgres://…, mysql://…, sqlserver://…; without any, the stores of mulu.toml
    #[arg(value_name = "TARGET")]
    pub(crate) targets: Vec<String>,
    /// Threads that read and detect [default: as many as there are cores]
    #[arg(short, long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub(crate) jobs: Option<u16>,
    /// Read every row of every table, not a sample
    #[arg(long)]
    pub(crate) full: bool,
    /// Read no row of a table: classify by names, types and comments, and mark the results so
    #[arg(long, conflicts_with_all = ["full", "sample_rows"])]
    pub(crate) metadata_only: bool,
    /// Rows of a table that are read when not all are [default: 1000]
    #[arg(long, value_name = "ROWS", value_parser = clap::value_parser!(u64).range(1..))]
    pub(crate) sample_rows: Option<u64>,
    /// Look for vocabulary in all bytes, not in an evenly spread part
    #[arg(long)]
    pub(crate) thorough: bool,
    /// A folder of rule packs beside the built-in ones
    #[arg(long, value_name = "FOLDER")]
    pub(crate) rules: Option<PathBuf>,
    /// Leave out paths that begin like this, below the root of a share; of databases what this names, as in logs, *.tmp_*;
    /// may be given again
    #[arg(long, value_name = "PREFIX|PATTERN")]
    pub(crate) exclude: Vec<String>,
    /// Of databases take only what this names: schema or schema.table, with * and ?; may be given again
    #[arg(long, value_name = "PATTERN")]
    pub(crate) include: Vec<String>,
    /// Pause while more statements than this of others run on a database server
    #[arg(long, value_name = "N")]
    pub(crate) max_load: Option<u32>,
    /// Append what happens to a log (mode 0600), one JSON object a line: every asset not read whole, and why
    #[arg(long, value_name = "FILE")]
    pub(crate) log: Option<PathBuf>,
    /// Exit 1 when something could not be read whole
    #[arg(long)]
    pub(crate) strict: bool,
    /// Take up the unfinished scan; this is what happens anyway, the option makes it an error if there is none
    #[arg(long)]
    pub(crate) resume: bool,
}
