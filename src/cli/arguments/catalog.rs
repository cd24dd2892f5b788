use std::path::PathBuf;

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
    /// Name every cell that is missing, contradictory or stale, and where to fill it; exit 1 when there is one
    #[command(after_help = "Example: mulu catalog check")]
    Check(CatalogOptions),
    /// Write the catalog as xlsx, csv or json, its commitment and summary as docx
    #[command(after_help = "Example: mulu catalog export --format xlsx -o catalog.xlsx")]
    Export {
        #[command(flatten)]
        what: ExportKind,
        #[command(flatten)]
        options: CatalogOptions,
    },
    /// Check a form, built in or a province's own, and list its columns; exit 1 when it lacks something
    #[command(after_help = "Example: mulu catalog form province.toml")]
    Form {
        /// The form [default: that of mulu.toml, else the one built in]
        #[arg(value_name = "FILE")]
        file: Option<PathBuf>,
    },
}

/// Which of the exports.
#[derive(Clone, Copy, Debug, Args)]
pub(crate) struct ExportKind {
    /// General data too, for the enterprise's own use
    #[arg(long)]
    pub(crate) all_levels: bool,
    /// The annex of a risk assessment instead: kinds and quantities (xlsx, csv, json, docx)
    #[arg(long)]
    pub(crate) annex: bool,
    /// Labels for tagging systems instead: each asset with its category and level (jsonl, csv)
    #[arg(long, conflicts_with_all = ["annex", "all_levels", "as_of", "authority", "form"])]
    pub(crate) labels: bool,
}

/// What the catalog is made for.
#[derive(Debug, Args)]
pub(crate) struct CatalogOptions {
    /// The date of the figures [default: that of the latest result]
    #[arg(long, value_name = "DATE")]
    pub(crate) as_of: Option<Date>,
    /// Only what is filed with this authority: its name, or its domain (industrial, telecom, radio)
    #[arg(long, value_name = "TEXT")]
    pub(crate) authority: Option<String>,
    /// A form of one's own, as a province hands it out [default: that of mulu.toml, else the one built in]
    #[arg(long, value_name = "FILE")]
    pub(crate) form: Option<PathBuf>,
}
