//! What reading a database costs: every row, and a sample, of a table of five million rows, beside what the server's own
//! client takes for the same table in the same run. `cargo bench --bench databases`, with `-- --rows 500000` for less, and
//! `-- --server mysql` for one of the two.
//!
//! It starts PostgreSQL and MariaDB from the installed binaries, as the tests do.

#[expect(dead_code, clippy::unwrap_used, reason = "written for the tests, which need more of the servers than this")]
#[path = "../tests/support/servers.rs"]
mod servers;

use std::fs::File;
use std::io::{Read, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use servers::Server;

/// What the issue asks for.
const ROWS: u64 = 5_000_000;
/// Times that each is measured, in turn; the best counts.
const ROUNDS: usize = 3;

/// A table of readings with who took them: numbers, times, codes, names, a telephone in every tenth row.
const POSTGRES: &str = "
    CREATE TABLE reading (id bigint PRIMARY KEY, taken_at timestamp, tag varchar(32), value numeric(12,3), quality smallint,
                          operator varchar(40), phone varchar(20), remark text);
    INSERT INTO reading SELECT i, timestamp '2026-01-01' + i * interval '1 second', 'FIC-' || 1000 + i % 4000,
        (i * 7919 % 1000000) / 1000.0, 192, '操作员' || i % 500,
        CASE WHEN i % 10 = 0 THEN '138' || lpad((i * 7919 % 100000000)::text, 8, '0') END,
        'shift ' || i % 3 || ' line ' || i % 12 || CASE WHEN i % 50 = 0 THEN ' 停机检修，更换密封圈' ELSE '' END
    FROM generate_series(1::bigint, ROWS) i;
    ANALYZE reading";
const MYSQL: &str = "
    CREATE TABLE reading (id BIGINT PRIMARY KEY, taken_at DATETIME, tag VARCHAR(32), value DECIMAL(12,3), quality SMALLINT,
                          operator VARCHAR(40), phone VARCHAR(20), remark TEXT);
    INSERT INTO reading SELECT seq, TIMESTAMP '2026-01-01 00:00:00' + INTERVAL seq SECOND, CONCAT('FIC-', 1000 + seq % 4000),
        (seq * 7919 % 1000000) / 1000, 192, CONCAT('操作员', seq % 500),
        IF(seq % 10 = 0, CONCAT('138', LPAD(seq * 7919 % 100000000, 8, '0')), NULL),
        CONCAT('shift ', seq % 3, ' line ', seq % 12, IF(seq % 50 = 0, ' 停机检修，更换密封圈', ''))
    FROM seq_1_to_ROWS;
    ANALYZE TABLE reading";

/// What a command took.
#[derive(Clone, Copy)]
struct Cost {
    wall: Duration,
    peak_bytes: u64,
}

fn main() -> anyhow::Result<()> {
    let value_of = |name: &str| std::env::args().skip_while(|argument| argument != name).nth(1);
    let rows: u64 = value_of("--rows").map_or(Ok(ROWS), |text| text.parse())?;
    let wanted = value_of("--server");
    let is_wanted = |name: &str| wanted.as_deref().is_none_or(|wanted| wanted == name);
    let folder = tempfile::tempdir()?;
    if is_wanted("postgres") {
        let server = servers::postgres();
        let name = filled(server, POSTGRES, rows);
        let mut client = Command::new("psql");
        client.arg(server.url(&name)).args(["-qAtX", "-c", "COPY reading TO STDOUT"]);
        compare("PostgreSQL, COPY TO STDOUT", &mut client, &server.url(&name), folder.path(), rows)?;
    }
    if is_wanted("mysql") {
        let server = servers::mariadb();
        let name = filled(server, MYSQL, rows);
        let mut client = Command::new("mariadb");
        client.args(login(&server.url(&name))).args(["--quick", "--batch", "--skip-column-names"]);
        client.args([&name, "-e", "SELECT * FROM reading"]);
        compare("MariaDB, mariadb --quick", &mut client, &server.url(&name), folder.path(), rows)?;
    }
    Ok(())
}

/// What the client needs to log in, out of `mysql://user:password@host:port/database`.
fn login(url: &str) -> Vec<String> {
    let parts: Vec<&str> = url.split(['/', ':', '@']).collect();
    let [_, _, _, user, password, host, port, ..] = parts[..] else { return Vec::new() };
    vec![format!("--host={host}"), format!("--port={port}"), format!("--user={user}"), format!("--password={password}")]
}

fn filled(server: &Server, statements: &str, rows: u64) -> String {
    let name = server.new_database("bench");
    server.sql(&name, &statements.replace("ROWS", &rows.to_string()));
    name
}

/// Measures the client, a full and a sampled scan in turn, and says how they compare.
fn compare(title: &str, client: &mut Command, url: &str, folder: &Path, rows: u64) -> anyhow::Result<()> {
    let mut best: [Option<Cost>; 3] = [None; 3];
    for round in 0..ROUNDS {
        let scan = |arguments: &[&str]| {
            let mut command = Command::new(env!("CARGO_BIN_EXE_mulu"));
            let inventory = folder.join(format!("{round}-{}.db", arguments.len()));
            command.current_dir(folder).args(["-q", "--progress", "never", "scan", url]).args(arguments);
            command.arg("--inventory").arg(inventory);
            command
        };
        let costs = [run(client)?, run(&mut scan(&["--full"]))?, run(&mut scan(&[]))?];
        for (best, cost) in best.iter_mut().zip(costs) {
            if best.is_none_or(|best| cost.wall < best.wall) {
                *best = Some(cost);
            }
        }
    }
    let mut out = std::io::stdout().lock();
    let [Some(client), ..] = best else { return Ok(()) };
    for (name, cost) in [title, "mulu scan --full", "mulu scan"].iter().zip(best.iter().flatten()) {
        let seconds = cost.wall.as_secs_f64();
        writeln!(
            out,
            "{name:<28} {rows} rows: {seconds:6.2} s, {:9.0} rows/s, {:.2} times the client's rate, peak memory {} MiB",
            rows as f64 / seconds,
            client.wall.as_secs_f64() / seconds,
            cost.peak_bytes >> 20
        )?;
    }
    Ok(())
}

/// Runs a command to its end, its output thrown away.
fn run(command: &mut Command) -> anyhow::Result<Cost> {
    let began = Instant::now();
    let mut child = command.stdin(Stdio::null()).stdout(Stdio::null()).spawn()?;
    let mut peak_bytes = 0;
    let status = loop {
        peak_bytes = peak_bytes.max(peak(&child).unwrap_or(0));
        match child.try_wait()? {
            Some(status) => break status,
            None => std::thread::sleep(Duration::from_millis(5)),
        }
    };
    anyhow::ensure!(status.success(), "{command:?} ended with {status}");
    Ok(Cost { wall: began.elapsed(), peak_bytes })
}

/// The most memory that a process has held so far (`VmHWM` of Linux).
fn peak(child: &Child) -> Option<u64> {
    let mut status = String::new();
    File::open(format!("/proc/{}/status", child.id())).ok()?.read_to_string(&mut status).ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    Some(line.split_whitespace().nth(1)?.parse::<u64>().ok()? << 10)
}
