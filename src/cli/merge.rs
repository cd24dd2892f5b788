//! placeholder
use super::arguments::merge::MergeArguments;
use super::exit::Exit;
use super::session::Session;

pub(crate) fn run(_arguments: &MergeArguments, _session: &mut Session) -> anyhow::Result<Exit> {
    Ok(Exit::Done)
}
