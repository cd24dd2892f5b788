//! Values of a gigabyte, the largest that servers take. They cost a minute and gigabytes of disk, so they run by hand:
//! `cargo test --test it databases::large -- --ignored --nocapture`.

use std::fs::File;
use std::io::Read as _;
use std::process::Stdio;
use std::time::{Duration, Instant};

use crate::support::ScanEnv;
use crate::support::mortal::Mortal;

/// Memory that a scan may take, whatever the values: an unoptimised build with all its rules takes most of it.
const MOST_BYTES: u64 = 300 << 20;

/// Scans; gives the peak of its memory (`VmHWM` of Linux).
fn scanned(env: &ScanEnv, url: &str) -> u64 {
    let mut command = env.command(&["-q", "scan", url]);
    let mut child = command.stdout(Stdio::null()).spawn().unwrap();
    let mut peak = 0;
    let status = loop {
        let mut status = String::new();
        if let Ok(mut file) = File::open(format!("/proc/{}/status", child.id())) {
            file.read_to_string(&mut status).unwrap_or(0);
        }
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        peak = peak.max(line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok()).unwrap_or(0) << 10);
        match child.try_wait().unwrap() {
            Some(status) => break status,
            None => std::thread::sleep(Duration::from_millis(5)),
        }
    };
    assert_eq!(status.code(), Some(0));
    peak
}

fn assert_cut(own: &Mortal, name: &str) {
    let env = ScanEnv::new();
    let begun = Instant::now();
    let peak = scanned(&env, &own.server().url(name));
    println!(
        "{}: {:?}, peak memory {} MiB",
        own.server().url("").split(':').next().unwrap(),
        begun.elapsed(),
        peak >> 20
    );
    let huge = env.asset("huge");
    assert_eq!((&huge["records"]["value"], &huge["reason"]), (&2.into(), &"too-large".into()), "{huge}");
    assert!(peak < MOST_BYTES, "{peak}");
    assert_eq!(env.asset("beside")["reason"], serde_json::Value::Null);
}

#[test]
#[ignore = "writes values of a gigabyte"]
fn a_gigabyte_of_postgresql_is_cut_where_it_lies() {
    let own = Mortal::postgres();
    let name = own.server().new_database("large");
    own.server().sql(
        &name,
        "CREATE TABLE beside AS SELECT 1 AS a; CREATE TABLE huge (packed text, plain text, bytes bytea);
         ALTER TABLE huge ALTER plain SET STORAGE EXTERNAL, ALTER bytes SET STORAGE EXTERNAL;
         INSERT INTO huge (packed) SELECT repeat('x', 1000000000);
         INSERT INTO huge (plain) SELECT repeat('y', 1000000000)",
    );
    own.server().sql(&name, "INSERT INTO beside VALUES (2)");
    assert_cut(&own, &name);
}

#[test]
#[ignore = "writes values of a gigabyte"]
fn a_gigabyte_of_mariadb_is_cut_where_it_lies() {
    let own = Mortal::mariadb_with(&["max-allowed-packet=1G"]);
    let name = own.server().new_database("large");
    // InnoDB wants a log ten times as large as what is written at once.
    own.server().sql(
        &name,
        "CREATE TABLE beside AS SELECT 1 AS a; CREATE TABLE huge (a LONGTEXT, b LONGBLOB) ENGINE = MyISAM;
         INSERT INTO huge (a) VALUES (REPEAT('x', 1000000000)); INSERT INTO huge (b) VALUES (REPEAT('y', 1000000000))",
    );
    assert_cut(&own, &name);
}
