//! Servers that nobody else uses, so that a test may end them.

use std::process::{Child, Command};

use super::replica::made_replica;
use super::servers::{Made, Server, made_mariadb, made_postgres, run};

/// A server of a test's own.
pub(crate) struct Mortal {
    made: Made,
    process: Option<Child>,
}

impl Mortal {
    pub(crate) fn postgres() -> Self {
        Self::started(made_postgres(&|_| Vec::new()))
    }

    pub(crate) fn mariadb() -> Self {
        Self::started(made_mariadb(&|_| Vec::new()))
    }

    /// One that follows another PostgreSQL.
    pub(crate) fn replica_of(primary: &Server) -> Self {
        Self::started(made_replica(primary))
    }

    /// A MariaDB with settings of its own.
    pub(crate) fn mariadb_with(settings: &[&str]) -> Self {
        Self::started(made_mariadb(&|_| settings.iter().map(|setting| format!("--{setting}")).collect()))
    }

    pub(crate) fn server(&self) -> &Server {
        &self.made.server
    }

    /// Ends the server at once, as a loss of power would; nothing of it goes on.
    pub(crate) fn kill(&mut self) {
        if let Some(mut process) = self.process.take() {
            if self.made.server.scheme == "postgres" {
                // Its children see to it that they end, which they do not when it is merely killed.
                run(Command::new("kill").arg("-QUIT").arg(process.id().to_string()));
            } else {
                process.kill().unwrap();
            }
            process.wait().unwrap();
        }
    }

    /// Starts it again.
    pub(crate) fn start(&mut self) {
        self.process = Some(self.made.start());
    }

    fn started(mut made: Made) -> Self {
        let process = Some(made.start());
        Self { made, process }
    }
}

impl Drop for Mortal {
    fn drop(&mut self) {
        self.kill();
    }
}
