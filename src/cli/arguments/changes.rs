use clap::Args;

/// Which filing to compare with.
#[derive(Debug, Args)]
pub(crate) struct ChangesArguments {
    /// The id of an accepted filing [default: the latest accepted one with the authority of mulu.toml]
    #[arg(long, value_name = "ID")]
    pub(crate) filing: Option<i64>,
}
