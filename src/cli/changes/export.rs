use crate::cli::exit::Exit;
use crate::cli::session::Session;
pub(super) fn run(_filing: Option<i64>, _session: &mut Session) -> anyhow::Result<Exit> {
    todo!()
}
