//! What goes wrong in the middle of a scan: connections that are cut, servers that end, tables that vanish.

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use mulu::model::{Examined, StoreState};
use mulu::pipeline::{Event, Observer, Outcome, Silent};

use super::scene::Scene;
use super::*;
use crate::support::mortal::Mortal;
use crate::support::servers::{Server, mariadb, postgres};

/// Does something once, when the first table is done.
struct AfterTheFirst<F: Fn()> {
    done: AtomicBool,
    what: F,
}

impl<F: Fn() + Sync> Observer for AfterTheFirst<F> {
    fn observe(&self, event: Event<'_>) {
        if matches!(event, Event::Asset { .. }) && !self.done.swap(true, Ordering::SeqCst) {
            (self.what)();
        }
    }
}

/// So that rows that were committed outlive the end of the server.
const KEEP: &str = "SET GLOBAL innodb_flush_log_at_trx_commit = 1";

/// Three tables of people.
fn people(rows: &str) -> String {
    ["a", "b", "c"]
        .map(|table| {
            format!(
                "CREATE TABLE {table} (mail VARCHAR(99)); INSERT INTO {table} SELECT CONCAT('w', i, '@example.com') FROM {rows}; "
            )
        })
        .concat()
}

const POSTGRES_ROWS: &str = "generate_series(1, 300) AS i";
const MYSQL_ROWS: &str = "(SELECT seq AS i FROM seq_1_to_300) AS numbers";

fn assert_all_read(outcome: &Outcome, results: &[Examined]) {
    assert_eq!((outcome.stores[0].state, outcome.stores[0].reason), (StoreState::Complete, None), "{results:#?}");
    let rows: Vec<_> = results.iter().map(|examined| (examined.reason, examined.records)).collect();
    assert_eq!(rows, [(None, Some(mulu::model::Measure::exact(300))); 3]);
    assert!(results.iter().all(|examined| examined.findings[0].matches == 300), "{results:#?}");
}

/// The server ends after the first table and is back a moment later.
fn comes_back(own: Mortal, name: &str) {
    let scene = Scene::new(&own.server().url(name)).waiting(Duration::from_mins(1));
    let own = Mutex::new(own);
    std::thread::scope(|scope| {
        let restart = AfterTheFirst {
            done: AtomicBool::new(false),
            what: || {
                own.lock().unwrap().kill();
                scope.spawn(|| {
                    std::thread::sleep(Duration::from_millis(700));
                    own.lock().unwrap().start();
                });
            },
        };
        let (outcome, results) = scene.scan(&restart);
        assert_all_read(&outcome, &results);
    });
}

/// The server ends after the first table and stays away; taken up again once it is back, the scan reads what is left.
fn stays_away(own: Mortal, name: &str) {
    let scene = Scene::new(&own.server().url(name)).waiting(Duration::from_millis(300));
    let own = Mutex::new(own);
    let end = AfterTheFirst { done: AtomicBool::new(false), what: || own.lock().unwrap().kill() };
    let (outcome, results) = scene.scan(&end);
    assert_eq!((outcome.stores[0].state, outcome.stores[0].reason), (StoreState::Partial, Some(Reason::Unreachable)));
    assert_eq!(outcome.troubles.len(), 1);
    let reasons: Vec<_> = results.iter().map(|examined| examined.reason).collect();
    assert_eq!(reasons, [None, Some(Reason::Unreachable), Some(Reason::Unreachable)]);
    own.lock().unwrap().start();
    let (outcome, results) = scene.scan(&Silent);
    assert_all_read(&outcome, &results);
}

#[test]
fn a_postgresql_that_ends_in_the_middle_is_waited_for() {
    let own = Mortal::postgres();
    let name = own.server().new_database("plant");
    own.server().sql(&name, &people(POSTGRES_ROWS));
    comes_back(own, &name);
}

#[test]
fn a_mariadb_that_ends_in_the_middle_is_waited_for() {
    let own = Mortal::mariadb();
    let name = own.server().new_database("plant");
    own.server().sql(&name, KEEP);
    own.server().sql(&name, &people(MYSQL_ROWS));
    comes_back(own, &name);
}

#[test]
fn a_postgresql_that_stays_away_leaves_the_rest_to_the_next_scan() {
    let own = Mortal::postgres();
    let name = own.server().new_database("plant");
    own.server().sql(&name, &people(POSTGRES_ROWS));
    stays_away(own, &name);
}

#[test]
fn a_mariadb_that_stays_away_leaves_the_rest_to_the_next_scan() {
    let own = Mortal::mariadb();
    let name = own.server().new_database("plant");
    own.server().sql(&name, KEEP);
    own.server().sql(&name, &people(MYSQL_ROWS));
    stays_away(own, &name);
}

/// Cuts the connection that reads a table, once, as soon as there is one; gives whether it did.
fn cut_once(server: &Server, name: &str, find: &str, cut: &str) {
    // `find` gives the number of the connection, or 0.
    let until = std::time::Instant::now() + Duration::from_secs(30);
    while std::time::Instant::now() < until {
        let number = server.number(name, find);
        if number > 0 {
            return server.sql(name, &format!("{cut}{number}"));
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    panic!("no table was read");
}

fn is_cut_and_read_whole(server: &'static Server, name: &str, find: &str, cut: &str) {
    let scene = Scene::new(&server.url(name)).reading_all();
    std::thread::scope(|scope| {
        let cutting = scope.spawn(|| cut_once(server, name, find, cut));
        let (outcome, results) = scene.scan(&Silent);
        cutting.join().unwrap();
        assert_eq!((outcome.stores[0].state, outcome.stores[0].reason), (StoreState::Complete, None));
        let large = &results[0];
        assert_eq!((large.reason, large.records.map(|records| records.value)), (None, Some(60_000)));
        assert_eq!(large.findings[0].matches, 60_000, "each row once, although the first reading saw some of them");
    });
}

#[test]
fn a_connection_that_postgresql_ends_in_the_middle_of_a_table_is_made_anew() {
    let name = postgres().new_database("plant");
    let rows = "generate_series(1, 60000) AS i";
    postgres().sql(
        &name,
        &format!(
            "CREATE TABLE large AS SELECT 'w' || i || '@example.com' AS mail, repeat('x', 200) AS filler FROM {rows}"
        ),
    );
    let reading = "FROM pg_stat_activity WHERE application_name = 'mulu' AND query LIKE 'COPY%' AND state = 'active' AND datname = current_database()";
    let find = format!("SELECT coalesce(max(pid), 0)::int8 {reading}");
    is_cut_and_read_whole(
        postgres(),
        &name,
        &find,
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid = ",
    );
}

#[test]
fn a_connection_that_mariadb_kills_in_the_middle_of_a_table_is_made_anew() {
    let name = mariadb().new_database("plant");
    let rows = "seq_1_to_60000";
    mariadb().sql(&name, &format!("CREATE TABLE large AS SELECT CONCAT('w', seq, '@example.com') AS mail, REPEAT('x', 200) AS filler FROM {rows}"));
    let reading =
        format!("FROM information_schema.processlist WHERE info LIKE 'SELECT `mail`, `filler` FROM `{name}`%'");
    let find = format!("SELECT CAST(COALESCE(MAX(id), 0) AS SIGNED) {reading}");
    is_cut_and_read_whole(mariadb(), &name, &find, "KILL CONNECTION ");
}

#[test]
fn a_table_that_is_dropped_after_it_was_listed_costs_itself() {
    for server in [postgres(), mariadb()] {
        let name = server.new_database("plant");
        server.sql(&name, "CREATE TABLE gone (a INT); CREATE TABLE here (a INT); INSERT INTO here VALUES (1)");
        let database = open(&server.url(&name)).unwrap();
        let (gone, here) = (facts(&database, "gone"), facts(&database, "here"));
        server.sql(&name, "DROP TABLE gone");
        assert_eq!(rows_of(&database, &gone, Sampling::default()).unwrap_err(), Reason::Vanished);
        assert_eq!(rows_of(&database, &here, Sampling::default()).unwrap().1.rows, 1);
    }
}
