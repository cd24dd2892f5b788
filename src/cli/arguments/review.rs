use std::path::PathBuf;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, Subcommand};
use jiff::civil::Date;

use crate::model::Level;

/// What a person has to say of proposals.
#[derive(Debug, Args)]
pub(crate) struct ReviewArguments {
    #[command(subcommand)]
    pub(crate) action: ReviewAction,
}

/// What a person has to say of proposals.
#[derive(Debug, Subcommand)]
pub(crate) enum ReviewAction {
    /// List the classes of important or core data that nobody has confirmed
    #[command(after_help = "Example: mulu review list")]
    List {
        /// All classes, confirmed and general ones too
        #[arg(long)]
        all: bool,
    },
    /// Show why a level is proposed, and what was decided so far
    #[command(after_help = "Example: mulu review show c5d1a90b3e7f2468")]
    Show {
        /// An asset (a…) or a class (c…)
        #[arg(value_name = "ID")]
        id: String,
    },
    /// The proposal is right, or this level or category is
    #[command(after_help = "Example: mulu review confirm c5d1a90b3e7f2468 --by 王工 --reason 年度评审")]
    Confirm(DecisionArguments),
    /// The authority has decided; outranks what a person confirms
    #[command(
        after_help = "Example: mulu review override c5d1a90b3e7f2468 --level core --document 工信函1号 --by 王工 --reason 主管部门认定"
    )]
    Override(DecisionArguments),
    /// The proposal, or the finding of one detector, is wrong
    #[command(after_help = "Example: mulu review reject a3f09c2d51e87b64 --by 王工 --reason 测试数据")]
    Reject(DecisionArguments),
    /// Write a workbook to review in: what is proposed, with room for decisions and for the facts of the filing
    #[command(after_help = "Example: mulu review export -o review.xlsx")]
    Export(ExportArguments),
    /// Take the decisions and facts of a filled workbook: all of them, or none where a cell does not fit
    #[command(after_help = "Example: mulu review import review.xlsx --by 王工 --dry-run")]
    Import(ImportArguments),
}

/// What a workbook is written of.
#[derive(Debug, Args)]
pub(crate) struct ExportArguments {
    /// Confirmed and general classes too
    #[arg(long)]
    pub(crate) all: bool,
    /// Assets instead of classes: those proposed as important or core that nobody has confirmed
    #[arg(long)]
    pub(crate) assets: bool,
    /// Only what lies in this store, or with --assets under this folder or schema of it (repeatable)
    #[arg(long, value_name = "STORE[/PREFIX]")]
    pub(crate) under: Vec<String>,
}

/// A filled workbook, and who answers for it.
#[derive(Debug, Args)]
pub(crate) struct ImportArguments {
    /// The workbook (xlsx)
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
    /// Who decides
    #[arg(long, value_name = "NAME")]
    pub(crate) by: String,
    /// When it was decided [default: today]
    #[arg(long, value_name = "DATE")]
    pub(crate) date: Option<Date>,
    /// Show what would change, and record nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Take rows of an older scan whose proposal is the same
    #[arg(long)]
    pub(crate) older: bool,
}

/// A decision, and who answers for it.
#[derive(Debug, Args)]
pub(crate) struct DecisionArguments {
    /// An asset (a…), a class (c…), or everything under a place (STORE/PREFIX)
    #[arg(value_name = "ID")]
    pub(crate) id: String,
    /// The category that is right (of an asset)
    #[arg(long, value_name = "ID")]
    pub(crate) category: Option<String>,
    /// The level that is right
    #[arg(long, value_name = "LEVEL", value_parser = level())]
    pub(crate) level: Option<Level>,
    /// The detector that is meant (of an asset or a place; not of override)
    #[arg(long, value_name = "ID")]
    pub(crate) detector: Option<String>,
    /// The number of the authority's document
    #[arg(long, value_name = "NO")]
    pub(crate) document: Option<String>,
    /// Who decides
    #[arg(long, value_name = "NAME")]
    pub(crate) by: String,
    /// Why
    #[arg(long, value_name = "TEXT")]
    pub(crate) reason: String,
    /// When it was decided [default: today]
    #[arg(long, value_name = "DATE")]
    pub(crate) date: Option<Date>,
}

/// One of the three levels.
pub(super) fn level() -> impl TypedValueParser<Value = Level> {
    PossibleValuesParser::new(["general", "important", "core"])
        // The three words above are the only ones that get here.
        .map(|word| Level::from_id(&word).unwrap_or(Level::General))
}
