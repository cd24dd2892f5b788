use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};
use jiff::civil::Date;

use crate::model::CancelReason;

/// What to do with filings.
#[derive(Debug, Args)]
pub(crate) struct FilingArguments {
    #[command(subcommand)]
    pub(crate) action: FilingAction,
}

/// What to do with filings.
#[derive(Debug, Subcommand)]
pub(crate) enum FilingAction {
    /// Freeze the catalog of now as a draft, complete or not, to be handed in later as it is
    #[command(after_help = "Example: mulu filing draft --by 王工")]
    Draft(WhoAndWhen),
    /// Record that the catalog of now, or a draft, was handed in
    #[command(after_help = "Example: mulu filing submit --by 王工 --date 2026-03-01 --authority 某省工业和信息化厅")]
    Submit {
        #[command(flatten)]
        who: WhoAndWhen,
        /// A draft to hand in as it is, instead of the catalog of now
        #[arg(long, value_name = "ID")]
        draft: Option<i64>,
        /// The rejected filing that this one hands in again [default: the latest rejected one with the authority]
        #[arg(long, value_name = "ID")]
        resubmits: Option<i64>,
        /// Although cells are missing or contradictory
        #[arg(long)]
        allow_incomplete: bool,
        /// Although nobody has confirmed some of the levels
        #[arg(long)]
        allow_unconfirmed: bool,
    },
    /// Record that entries were handed in for cancellation
    #[command(
        after_help = "Example: mulu filing cancel c5d1… --why destroyed --on 2026-05-20 --detail 消磁，两人见证 --by 王工"
    )]
    Cancel {
        /// The entries of the accepted filing
        #[arg(value_name = "ENTRY", required = true)]
        entries: Vec<String>,
        /// Why they leave the catalog
        #[arg(long, value_enum, value_name = "WHY")]
        why: CancelReasonArgument,
        /// When that happened
        #[arg(long, value_name = "DATE")]
        on: Date,
        /// How they were destroyed and who saw it, or who received them
        #[arg(long, value_name = "TEXT")]
        detail: Option<String>,
        #[command(flatten)]
        who: WhoAndWhen,
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
        /// Who records it [default: the login]
        #[arg(long, value_name = "NAME")]
        by: Option<String>,
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
        /// Who records it [default: the login]
        #[arg(long, value_name = "NAME")]
        by: Option<String>,
    },
    /// Keep the catalog of now as the yearly inventory: a record that moves no baseline
    #[command(after_help = "Example: mulu filing inventory --by 王工 --date 2026-12-31")]
    Inventory(WhoAndWhen),
    /// Take over a filing that was accepted before, from its form (xlsx or csv)
    #[command(
        after_help = "Example: mulu filing import 目录.xlsx --number 备-2025-007 --date 2025-06-30 --authority 某省工业和信息化厅"
    )]
    Import {
        /// The form as it was handed in; its columns may stand in any order
        #[arg(value_name = "FILE")]
        file: PathBuf,
        /// The number that the authority gave
        #[arg(long, value_name = "NO")]
        number: String,
        /// When it was accepted
        #[arg(long, value_name = "DATE")]
        date: Date,
        /// When it was handed in [default: the day of its acceptance]
        #[arg(long, value_name = "DATE")]
        submitted: Option<Date>,
        /// The date of its figures [default: the latest one in the form, else the day on which it was handed in]
        #[arg(long, value_name = "DATE")]
        as_of: Option<Date>,
        /// Who handed it in
        #[arg(long, value_name = "NAME")]
        by: Option<String>,
        /// To whom [default: the authority of mulu.toml]
        #[arg(long, value_name = "TEXT")]
        authority: Option<String>,
    },
    /// List the filings
    #[command(after_help = "Example: mulu filing list")]
    List,
    /// One filing with every entry as it was filed
    #[command(after_help = "Example: mulu filing show 1 --format json")]
    Show {
        /// The filing
        #[arg(value_name = "ID")]
        id: i64,
    },
}

/// Who acts, when, and towards whom.
#[derive(Debug, Args)]
pub(crate) struct WhoAndWhen {
    /// Who handed it in, or drew it up
    #[arg(long, value_name = "NAME")]
    pub(crate) by: String,
    /// When [default: today]
    #[arg(long, value_name = "DATE")]
    pub(crate) date: Option<Date>,
    /// To whom [default: the authority of mulu.toml]
    #[arg(long, value_name = "TEXT")]
    pub(crate) authority: Option<String>,
}

/// Why an entry leaves the catalog, as typed.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum CancelReasonArgument {
    /// 销毁
    Destroyed,
    /// 转移
    Transferred,
    /// 降级为一般
    Lowered,
    /// 主体注销或业务终止
    Ended,
    /// 主管部门调整
    Authority,
}

impl From<CancelReasonArgument> for CancelReason {
    fn from(argument: CancelReasonArgument) -> Self {
        match argument {
            CancelReasonArgument::Destroyed => Self::Destroyed,
            CancelReasonArgument::Transferred => Self::Transferred,
            CancelReasonArgument::Lowered => Self::Lowered,
            CancelReasonArgument::Ended => Self::Ended,
            CancelReasonArgument::Authority => Self::Authority,
        }
    }
}
