//! Replicas that are behind: real ones, which follow a server of their own.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use mulu::discover::database::Waiting;

use super::*;
use crate::support::mortal::Mortal;
use crate::support::servers::Server;

/// Lists the tables of a replica that may be behind by so many seconds; gives their number and what was waited for.
fn listed(server: &Server, name: &str, most: u32) -> (usize, Vec<Waiting>) {
    let told: Arc<Mutex<Vec<Waiting>>> = Arc::default();
    let heard = Arc::clone(&told);
    let mut target = DatabaseTarget::parse(&server.url(name)).unwrap();
    target.courtesy.max_lag_seconds = Some(most);
    target.courtesy.told = Some(Arc::new(move |waiting| heard.lock().unwrap().push(waiting)));
    let tables = Connector::new().unwrap().connect(&target).unwrap().tables().unwrap().tables.len();
    let told = told.lock().unwrap().clone();
    (tables, told)
}

fn until(what: &str, holds: impl Fn() -> bool) {
    let begun = Instant::now();
    while !holds() {
        assert!(begun.elapsed() < Duration::from_mins(1), "{what}");
        std::thread::sleep(Duration::from_millis(100));
    }
}

#[test]
fn a_postgresql_replica_that_is_behind_is_waited_for() {
    let primary = Mortal::postgres();
    let name = primary.server().new_database("plant");
    primary.server().sql(&name, "CREATE TABLE one (a int)");
    let replica = Mortal::replica_of(primary.server());
    let tables = || replica.server().number(&name, "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'");
    assert_eq!(tables(), 1, "the copy holds what there was");
    assert_eq!(listed(replica.server(), &name, 0), (1, Vec::new()), "all that came was replayed");
    replica.server().sql(&name, "SELECT pg_wal_replay_pause()");
    primary.server().sql(&name, "CREATE TABLE two (a int)");
    let behind = "SELECT (pg_last_wal_receive_lsn() <> pg_last_wal_replay_lsn())::int::int8";
    until("nothing comes", || replica.server().number(&name, behind) == 1);
    std::thread::sleep(Duration::from_millis(1_100));
    assert_eq!(listed(replica.server(), &name, 3_600), (1, Vec::new()), "so far behind it may be");
    std::thread::scope(|scope| {
        let listing = scope.spawn(|| listed(replica.server(), &name, 0));
        std::thread::sleep(Duration::from_millis(500));
        replica.server().sql(&name, "SELECT pg_wal_replay_resume()");
        let (tables, told) = listing.join().unwrap();
        assert!(matches!(told[..], [Waiting::Behind { seconds: 1.., most: 0 }]), "{told:?}");
        assert_eq!(tables, 2, "and then it has what was written meanwhile");
    });
}

#[test]
fn a_mariadb_replica_that_is_behind_is_waited_for() {
    let numbered = |number: u32| Mortal::mariadb_with(&["log-bin=changes", &format!("server-id={number}")]);
    let (primary, replica) = (numbered(1), numbered(2));
    replica.server().sql(
        "mysql",
        &format!(
            "CHANGE MASTER TO MASTER_HOST = '127.0.0.1', MASTER_PORT = {}, MASTER_USER = 'tester',
             MASTER_PASSWORD = 'throw-away', MASTER_USE_GTID = slave_pos, MASTER_DELAY = 4; START SLAVE",
            primary.server().port()
        ),
    );
    let name = primary.server().new_database("plant");
    let schemas = format!("SELECT COUNT(*) FROM information_schema.schemata WHERE schema_name = '{name}'");
    until("nothing comes", || replica.server().number("mysql", &schemas) == 1);
    assert_eq!(listed(replica.server(), &name, 0), (0, Vec::new()));
    primary.server().sql(&name, "CREATE TABLE one (a int)");
    std::thread::sleep(Duration::from_millis(2_100));
    let (tables, told) = listed(replica.server(), &name, 0);
    assert!(matches!(told[..], [Waiting::Behind { seconds: 1.., most: 0 }]), "{told:?}");
    assert_eq!(tables, 1);
}
