//! What can be typed. One file for the commands with many options; the texts are English here and Chinese in
//! `help.zh.toml`.

mod scan;

pub(crate) mod audit;
pub(crate) mod catalog;
pub(crate) mod changes;
pub(crate) mod diff;
pub(crate) mod duties;
pub(crate) mod eval;
pub(crate) mod filing;
pub(crate) mod merge;
pub(crate) mod register;
pub(crate) mod review;
pub(crate) mod watch;

pub(crate) use scan::ScanArguments;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::model::Lang;

/// Inventory, classify, grade and file industrial data (工信部网安〔2022〕166号)
#[derive(Debug, Parser)]
#[command(name = "mulu", version, max_term_width = 110, disable_help_subcommand = true)]
pub(crate) struct Arguments {
    #[command(flatten)]
    pub(crate) common: Common,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// Options that stand after any command.
#[derive(Debug, Args)]
#[command(next_help_heading = "Common options")]
pub(crate) struct Common {
    /// The inventory: what was found, decided and filed
    #[arg(long, global = true, default_value = "mulu.db", value_name = "PATH")]
    pub(crate) inventory: PathBuf,
    /// The configuration: stores, enterprise, and what no scan can know [default: mulu.toml, if there is one]
    #[arg(short, long, global = true, value_name = "PATH")]
    pub(crate) config: Option<PathBuf>,
    /// How results are written
    #[arg(long, global = true, value_enum, value_name = "FORMAT")]
    pub(crate) format: Option<Format>,
    /// Write results to a file (mode 0600) instead of standard output
    #[arg(short, long, global = true, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    /// Language of everything a person reads [default: from the locale]
    #[arg(long, global = true, value_enum, value_name = "LANG")]
    pub(crate) lang: Option<LangArgument>,
    /// Progress on standard error
    #[arg(long, global = true, value_enum, default_value = "auto", value_name = "WHEN")]
    pub(crate) progress: ProgressArgument,
    /// Say only results and errors
    #[arg(short, long, global = true)]
    pub(crate) quiet: bool,
    /// Say more on standard error: after a scan, each asset that was not read whole and why
    #[arg(short, long, global = true)]
    pub(crate) verbose: bool,
}

/// How results are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people.
    Table,
    /// One JSON document.
    Json,
    /// One JSON object a line.
    Jsonl,
    /// Comma-separated values, UTF-8 with a mark.
    Csv,
    /// A workbook.
    Xlsx,
    /// A document for Word or WPS: the commitment and the summary of a filing.
    Docx,
    /// A calendar (duties only).
    Ics,
}

/// A language, as typed.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum LangArgument {
    /// 简体中文
    Zh,
    /// English
    En,
}

impl From<LangArgument> for Lang {
    fn from(argument: LangArgument) -> Self {
        match argument {
            LangArgument::Zh => Self::Zh,
            LangArgument::En => Self::En,
        }
    }
}

/// When progress is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ProgressArgument {
    /// A line that moves, where standard error is a terminal.
    Auto,
    /// Never.
    Never,
    /// One JSON object a line, about once a second.
    Json,
}

/// The commands, in the order in which a person needs them.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Walk shares and databases, classify what is there, and record it
    #[command(after_help = "Example: mulu scan samples/plant postgres://reader@10.0.0.5/mes")]
    Scan(ScanArguments),
    /// What was found, one row an asset
    #[command(after_help = "Example: mulu assets --format jsonl -o assets.jsonl")]
    Assets(AssetsArguments),
    /// The evidence behind an asset's category and level
    #[command(after_help = "Example: mulu explain a3f09c2d51e87b64")]
    Explain(ExplainArguments),
    /// Assets aggregated into data classes: what the catalog is made from
    #[command(after_help = "Example: mulu classes --format json")]
    Classes,
    /// What a person or the authority says of proposals
    #[command(after_help = "Example: mulu review confirm c5d1… --level important --by 王工 --reason 年度评审")]
    Review(review::ReviewArguments),
    /// What no scan can know, said by named persons: facts about the enterprise, cells of the form, paper and offline media
    #[command(after_help = "Example: mulu register set carrier_grade 三级 --store mes --by 王工")]
    Register(register::RegisterArguments),
    /// The catalog of important and core data: what is missing, and the export to file
    #[command(after_help = "Example: mulu catalog export --format xlsx -o catalog.xlsx")]
    Catalog(catalog::CatalogArguments),
    /// Filings with the authority: submitted, accepted, rejected
    #[command(after_help = "Example: mulu filing accept 1 --number 沪工信备2026-001 --date 2026-03-02")]
    Filing(filing::FilingArguments),
    /// Now against the filed baseline: the 30 % rule and every other filed field
    #[command(after_help = "Example: mulu changes --format json")]
    Changes(changes::ChangesArguments),
    /// Scale over scans, and when the threshold will be crossed
    #[command(after_help = "Example: mulu trend --format json")]
    Trend(changes::TrendArguments),
    /// What differs between two scans: new, gone, grown, re-levelled, opened to others
    #[command(after_help = "Example: mulu diff 3 4 --kind access --format jsonl")]
    Diff(diff::DiffArguments),
    /// Deadlines of the law, from what was filed, what changed and what was recorded
    #[command(after_help = "Example: mulu duties --format ics -o duties.ics")]
    Duties(duties::DutiesArguments),
    /// For a scheduler: scan what changed, compare with what was filed, say what a person must do
    #[command(after_help = "Example: mulu watch -q")]
    Watch(watch::WatchArguments),
    /// Accuracy of categories against labelled assets
    #[command(after_help = "Example: mulu eval labels.jsonl --catalog tables.jsonl --rules my-patterns")]
    Eval(eval::EvalArguments),
    /// The log of who decided, filed and entered what, and whether anybody tampered with it
    #[command(after_help = "Example: mulu audit verify")]
    Audit(audit::AuditArguments),
    /// The roll-up of a group: the catalogs of its members side by side, what stands twice, and what contradicts itself
    #[command(after_help = "Example: mulu merge east.json west.json --format xlsx -o group.xlsx")]
    Merge(merge::MergeArguments),
    /// The rule packs
    #[command(after_help = "Example: mulu rules test")]
    Rules(RulesArguments),
    /// Write a commented mulu.toml
    #[command(after_help = "Example: mulu init")]
    Init,
    /// The guarded child that reads one file after the other
    #[command(name = "guarded-reader", hide = true)]
    GuardedReader,
}

/// How assets are listed.
#[derive(Debug, Args)]
pub(crate) struct AssetsArguments {
    /// Sum up what lies below each folder, database and container, instead of listing single assets
    #[arg(long, value_enum, value_name = "WHAT")]
    pub(crate) by: Option<By>,
}

/// What assets are summed up by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum By {
    /// Folders of shares, schemas of databases, and containers.
    Folder,
}

/// Which asset or class to explain.
#[derive(Debug, Args)]
pub(crate) struct ExplainArguments {
    /// The id of an asset (a…) or a class (c…); its first characters suffice where they are unique
    #[arg(value_name = "ID")]
    pub(crate) id: String,
}

/// What to do with the rule packs.
#[derive(Debug, Args)]
pub(crate) struct RulesArguments {
    #[command(subcommand)]
    pub(crate) action: RulesAction,
}

/// What to do with the rule packs.
#[derive(Debug, Subcommand)]
pub(crate) enum RulesAction {
    /// List the detectors
    #[command(after_help = "Example: mulu rules list")]
    List,
    /// Lint the packs, and run every example and counter-example through the whole detector
    #[command(after_help = "Example: mulu rules test --rules my-patterns")]
    Test {
        /// A folder of rule packs beside the built-in ones
        #[arg(long, value_name = "FOLDER")]
        rules: Option<PathBuf>,
    },
}
