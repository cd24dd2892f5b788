use clap::{Args, Subcommand};
use jiff::civil::Date;

/// What to do with the catalog.
#[derive(Debug, Args)]
pub(crate) struct CatalogArguments {
    #[command(subcommand)]
    pub(crate) action: CatalogAction,
}

/// What to do with the catalog.
#[derive(Debug, Subcommand)]
pub(crate) enum CatalogAction {
    /// Name every cell that is missing or contradictory, and where to fill it; exit 1 when there is one
    #[command(after_help = "Example: mulu catalog check")]
    Check {
        /// The date of the figures [default: that of the latest result]
        #[arg(long, value_name = "DATE")]
        as_of: Option<Date>,
    },
    /// Write the catalog as xlsx, csv or json
    #[command(after_help = "Example: mulu catalog export --format xlsx -o catalog.xlsx")]
    Export {
        /// General data too, for the enterprise's own use
        #[arg(long)]
        all_levels: bool,
        /// The date of the figures [default: that of the latest result]
        #[arg(long, value_name = "DATE")]
        as_of: Option<Date>,
    },
}
