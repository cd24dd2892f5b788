use clap::{Args, Subcommand};

/// Which filing to compare with.
#[derive(Debug, Args)]
pub(crate) struct ChangesArguments {
    #[command(subcommand)]
    pub(crate) action: Option<ChangesAction>,
    /// The id of an accepted filing [default: the latest accepted one with the authority of mulu.toml]
    #[arg(long, value_name = "ID", global = true)]
    pub(crate) filing: Option<i64>,
}

/// What to do with the changes.
#[derive(Debug, Subcommand)]
pub(crate) enum ChangesAction {
    /// Write the form of the change filing: xlsx, csv or json
    #[command(after_help = "Example: mulu changes export --format xlsx -o changes.xlsx")]
    Export,
}

/// Which filing to hold the scale against.
#[derive(Debug, Args)]
pub(crate) struct TrendArguments {
    /// The id of an accepted filing [default: the latest accepted one with the authority of mulu.toml]
    #[arg(long, value_name = "ID")]
    pub(crate) filing: Option<i64>,
}
