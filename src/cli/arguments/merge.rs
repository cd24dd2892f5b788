use std::path::PathBuf;

use clap::Args;

/// The catalogs of a group's members.
#[derive(Debug, Args)]
pub(crate) struct MergeArguments {
    /// A catalog as `mulu catalog export` writes it as json
    #[arg(value_name = "FILE", required = true)]
    pub(crate) files: Vec<PathBuf>,
}
