use std::path::PathBuf;

use clap::Args;

/// What to hold answers against, and where they come from.
#[derive(Debug, Args)]
pub(crate) struct EvalArguments {
    /// Labels, one JSON object a line: system, schema, table or path or locator, and category, alt
    #[arg(required = true, value_name = "GOLD")]
    pub(crate) gold: Vec<PathBuf>,
    /// Tables as a file describes them, one JSON object a line (docs/accuracy.md): no server is asked
    #[arg(long, num_args = 1.., value_name = "FILE")]
    pub(crate) catalog: Vec<PathBuf>,
    /// The folder below which the paths of the labels lie: the labelled files are read, and nothing is recorded
    #[arg(long, value_name = "FOLDER")]
    pub(crate) root: Option<PathBuf>,
    /// A folder of rule packs beside the built-in ones
    #[arg(long, value_name = "FOLDER")]
    pub(crate) rules: Option<PathBuf>,
    /// Weights in place of the built-in weighing.toml
    #[arg(long, value_name = "FILE")]
    pub(crate) weighing: Option<PathBuf>,
    /// The map from evidence to scores in place of the built-in calibration.toml
    #[arg(long, value_name = "FILE")]
    pub(crate) calibration: Option<PathBuf>,
    /// Fit the map from evidence to scores to the labels (with --catalog) and write it to this file
    #[arg(long, value_name = "FILE")]
    pub(crate) fit: Option<PathBuf>,
    /// How many of the worst errors are listed; 0 lists none
    #[arg(long, default_value_t = 20, value_name = "N")]
    pub(crate) errors: usize,
    /// List all evidence of the assets whose name holds this text
    #[arg(long, value_name = "TEXT")]
    pub(crate) explain: Option<String>,
}
