use clap::{Args, Subcommand};
use jiff::civil::Date;

use crate::model::Level;

use super::review::level;

/// What no scan can know.
#[derive(Debug, Args)]
pub(crate) struct RegisterArguments {
    #[command(subcommand)]
    pub(crate) action: RegisterAction,
}

/// What no scan can know.
#[derive(Debug, Subcommand)]
pub(crate) enum RegisterAction {
    /// Give a value: of the enterprise, of every entry, of a store, a category, or one entry
    #[command(
        after_help = "Example: mulu register set purpose 工艺优化 --category production.process-parameter --by 王工"
    )]
    Set {
        /// The column of the form, or the fact about the enterprise (mulu register list --columns)
        #[arg(value_name = "COLUMN")]
        column: String,
        /// What it is
        #[arg(value_name = "VALUE")]
        value: String,
        #[command(flatten)]
        scope: ScopeArguments,
        #[command(flatten)]
        who: WhoArguments,
    },
    /// Take a value back that was given before; what mulu.toml or a wider scope says stands again
    #[command(after_help = "Example: mulu register unset purpose --store mes --by 王工")]
    Unset {
        /// The column of the form, or the fact about the enterprise
        #[arg(value_name = "COLUMN")]
        column: String,
        #[command(flatten)]
        scope: ScopeArguments,
        #[command(flatten)]
        who: WhoArguments,
    },
    /// List every value that was given, with who gave it and when
    #[command(after_help = "Example: mulu register list --format json")]
    List {
        /// The columns that there are, and what each takes
        #[arg(long)]
        columns: bool,
    },
    /// The cells of one entry: what each holds, and who said so for which entries
    #[command(after_help = "Example: mulu register show c5d1a90b3e7f2468")]
    Show {
        /// A class (c…)
        #[arg(value_name = "ID")]
        id: String,
    },
    /// Enter a class that no scan can see (paper, offline media, a partner's cloud), or count it anew
    #[command(
        after_help = "Example: mulu register add-class --category research.design --carrier 档案室 --carrier-type 纸质 --level important --records 1200 --as-of 2026-03-01 --by 王工 --reason 底图"
    )]
    AddClass(Box<ClassArguments>),
    /// A class that was entered by hand is there no more (destroyed, given away)
    #[command(after_help = "Example: mulu register end-class c5d1a90b3e7f2468 --by 王工 --reason 已销毁")]
    EndClass {
        /// The class (c…)
        #[arg(value_name = "ID")]
        id: String,
        #[command(flatten)]
        who: WhoArguments,
    },
}

/// Which entries a value is for; none of these: every entry.
#[derive(Debug, Args)]
pub(crate) struct ScopeArguments {
    /// A fact about the enterprise itself
    #[arg(long, conflicts_with_all = ["store", "category"])]
    pub(crate) enterprise: bool,
    /// For the entries of this store; with --category for one entry
    #[arg(long, value_name = "NAME")]
    pub(crate) store: Option<String>,
    /// For the entries of this category and those below it
    #[arg(long, value_name = "ID")]
    pub(crate) category: Option<String>,
}

/// Who says so, and when.
#[derive(Debug, Args)]
pub(crate) struct WhoArguments {
    /// Who says so
    #[arg(long, value_name = "NAME")]
    pub(crate) by: String,
    /// When [default: today]
    #[arg(long, value_name = "DATE")]
    pub(crate) date: Option<Date>,
    /// Why
    #[arg(long, value_name = "TEXT")]
    pub(crate) reason: Option<String>,
}

/// A class that no scan can see.
#[derive(Debug, Args)]
pub(crate) struct ClassArguments {
    /// Its category leaf
    #[arg(long, value_name = "ID")]
    pub(crate) category: String,
    /// What carries it, in your words
    #[arg(long, value_name = "NAME")]
    pub(crate) carrier: String,
    /// The kind of carrier, as the form names it
    #[arg(long, value_name = "TEXT", default_value = "纸质")]
    pub(crate) carrier_type: String,
    /// Its level
    #[arg(long, value_name = "LEVEL", value_parser = level())]
    pub(crate) level: Level,
    /// How many records
    #[arg(long, value_name = "COUNT")]
    pub(crate) records: Option<u64>,
    /// How many bytes
    #[arg(long, value_name = "COUNT")]
    pub(crate) bytes: Option<u64>,
    /// How many distinct persons
    #[arg(long, value_name = "COUNT")]
    pub(crate) subjects: Option<u64>,
    /// The counts are estimates
    #[arg(long)]
    pub(crate) estimated: bool,
    /// The day of the count [default: today]
    #[arg(long, value_name = "DATE")]
    pub(crate) as_of: Option<Date>,
    #[command(flatten)]
    pub(crate) who: WhoArguments,
}
