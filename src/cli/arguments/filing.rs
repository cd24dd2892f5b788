use clap::{Args, Subcommand};
use jiff::civil::Date;

/// What to do with filings.
#[derive(Debug, Args)]
pub(crate) struct FilingArguments {
    #[command(subcommand)]
    pub(crate) action: FilingAction,
}

/// What to do with filings.
#[derive(Debug, Subcommand)]
pub(crate) enum FilingAction {
    /// Record that the catalog of now was handed in
    #[command(after_help = "Example: mulu filing submit --by 王工 --date 2026-03-01 --authority 某省工业和信息化厅")]
    Submit {
        /// Who handed it in
        #[arg(long, value_name = "NAME")]
        by: String,
        /// When it was handed in [default: today]
        #[arg(long, value_name = "DATE")]
        date: Option<Date>,
        /// To whom [default: the authority of mulu.toml]
        #[arg(long, value_name = "TEXT")]
        authority: Option<String>,
        /// Although cells are missing or contradictory
        #[arg(long)]
        allow_incomplete: bool,
        /// Although nobody has confirmed some of the levels
        #[arg(long)]
        allow_unconfirmed: bool,
    },
    /// Record that the authority accepted it: from now on changes are measured against it
    #[command(after_help = "Example: mulu filing accept 1 --number 备-2026-001 --date 2026-03-02")]
    Accept {
        /// The filing
        #[arg(value_name = "ID")]
        id: i64,
        /// The number that the authority gave
        #[arg(long, value_name = "NO")]
        number: String,
        /// When it was accepted [default: today]
        #[arg(long, value_name = "DATE")]
        date: Option<Date>,
    },
    /// Record that the authority refused it
    #[command(after_help = "Example: mulu filing reject 1 --date 2026-03-10 --reason 规模单位有误")]
    Reject {
        /// The filing
        #[arg(value_name = "ID")]
        id: i64,
        /// When it was refused [default: today]
        #[arg(long, value_name = "DATE")]
        date: Option<Date>,
        /// Why
        #[arg(long, value_name = "TEXT")]
        reason: String,
    },
    /// List the filings
    #[command(after_help = "Example: mulu filing list")]
    List,
}
