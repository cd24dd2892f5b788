use clap::{Args, Subcommand};
use jiff::civil::{Date, Time};

/// Which duties to show, or what to record.
#[derive(Debug, Args)]
pub(crate) struct DutiesArguments {
    #[command(subcommand)]
    pub(crate) action: Option<DutiesAction>,
    /// What is due within so many days is due soon, and exits 1; also how early a calendar rings
    #[arg(long, value_name = "DAYS", default_value_t = 30, value_parser = clap::value_parser!(u32).range(0..=3660))]
    pub(crate) soon: u32,
    /// The day as of which to count [default: today]
    #[arg(long, value_name = "DATE")]
    pub(crate) as_of: Option<Date>,
    /// Also those that are done, and those that do not concern the enterprise
    #[arg(long)]
    pub(crate) all: bool,
}

/// What to do with recorded events.
#[derive(Debug, Subcommand)]
pub(crate) enum DutiesAction {
    /// Record something that starts or discharges a duty
    #[command(after_help = "Example: mulu duties record risk-assessment --date 2026-06-30 --by 王工")]
    Record {
        /// What happened; mulu duties events --known lists the words
        #[arg(value_name = "EVENT")]
        event: String,
        /// When it happened; a planned event may lie ahead
        #[arg(long, value_name = "DATE")]
        date: Date,
        /// The time of day in China, for a period in hours
        #[arg(long, value_name = "TIME")]
        time: Option<Time>,
        /// Which of several: an incident, a recipient, a role in the industrial internet
        #[arg(long, value_name = "TEXT")]
        subject: Option<String>,
        /// Who records it
        #[arg(long, value_name = "NAME")]
        by: String,
        /// What else is to be said
        #[arg(long, value_name = "TEXT")]
        note: Option<String>,
    },
    /// Take back what was recorded by mistake; both rows stay
    #[command(after_help = "Example: mulu duties void 3 --by 王工 --reason 日期有误")]
    Void {
        /// The number of the recorded event
        #[arg(value_name = "ID")]
        id: i64,
        /// Who takes it back
        #[arg(long, value_name = "NAME")]
        by: String,
        /// Why
        #[arg(long, value_name = "TEXT")]
        reason: String,
    },
    /// List what was recorded
    #[command(after_help = "Example: mulu duties events")]
    Events {
        /// List instead what can be recorded
        #[arg(long)]
        known: bool,
    },
}
