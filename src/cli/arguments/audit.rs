use clap::{Args, Subcommand};

/// What to do with the audit log.
#[derive(Debug, Args)]
pub(crate) struct AuditArguments {
    #[command(subcommand)]
    pub(crate) action: AuditAction,
}

/// What to do with the audit log.
#[derive(Debug, Subcommand)]
pub(crate) enum AuditAction {
    /// List the acts, oldest first, with the length and the head of the log
    #[command(after_help = "Example: mulu audit list --by 王工 --format csv -o audit.csv")]
    List {
        /// Only acts on this asset, class, place or filing
        #[arg(long, value_name = "ID")]
        subject: Option<String>,
        /// Only acts that begin like this, e.g. review or filing.accepted
        #[arg(long, value_name = "ACT")]
        act: Option<String>,
        /// Only acts of this person
        #[arg(long, value_name = "NAME")]
        by: Option<String>,
    },
    /// One entry whole: what was there before, what is there since, why, and its hashes
    #[command(after_help = "Example: mulu audit show 12")]
    Show {
        /// The number of the entry
        #[arg(value_name = "SEQ")]
        seq: u64,
    },
    /// Check every hash of the log and the rows that it speaks of; exit code 1 where something does not fit
    #[command(
        after_help = "Example: mulu audit verify --head 3fbfd6997e0251043b4cceaafeee3e340cb832d5cdcbfcdb436e1172f8f7f3da"
    )]
    Verify {
        /// A head that an export or a filing printed earlier: it must stand in the log of today
        #[arg(long, value_name = "HASH")]
        head: Option<String>,
    },
}
