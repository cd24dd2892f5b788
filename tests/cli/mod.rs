//! The command line: help, the story that people live with it, and each way to be wrong.

mod audit;
mod catalog;
pub(crate) mod deterministic;
mod diff;
mod dumps;
mod duties;
mod eval;
mod explain;
mod filings;
mod help;
mod identifiers;
mod layouts;
mod merge;
mod oracle;
mod register;
mod rescans;
mod resumed;
mod review;
pub(crate) mod scan;
mod settings;
mod standing;
mod story;
mod terminal;
mod watch;
mod wrong;
mod wrong_stores;
