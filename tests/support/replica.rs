//! A PostgreSQL that follows another one (streaming replication).

use super::servers::{
    Made, PASSWORD, Server, as_user, folder_for_servers, free_port, hand_over, postgres_binary, run, unprivileged,
};

/// A copy of a running server, taken from it, that then follows it.
pub(super) fn made_replica(primary: &Server) -> Made {
    let folder = folder_for_servers("replica");
    let data = folder.join("data");
    let owner = unprivileged(&["postgres", "nobody"]);
    hand_over(&folder, owner.as_deref());
    run(as_user(owner.as_deref(), &postgres_binary("pg_basebackup"))
        .arg("-D")
        .arg(&data)
        .args([
            "-h",
            "127.0.0.1",
            "-U",
            "postgres",
            "--checkpoint=fast",
            "--wal-method=stream",
            "--no-sync",
            "-R",
            "-p",
        ])
        .arg(primary.port.to_string())
        .env("PGPASSWORD", PASSWORD));
    let port = free_port();
    let mut command = as_user(owner.as_deref(), &postgres_binary("postgres"));
    command
        .arg("-D")
        .arg(&data)
        .args(["-h", "127.0.0.1", "-c", "fsync=off", "-c", "hot_standby=on", "-p"])
        .arg(port.to_string())
        .arg("-k")
        .arg(&folder);
    Made { server: Server::new("postgres", "postgres", port, folder), command }
}
