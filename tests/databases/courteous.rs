//! What a server notices of a scan: how often it is asked, what it is asked, and when.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use mulu::discover::database::{Choice, Waiting};

use super::*;
use crate::support::proxy::Proxy;
use crate::support::servers::{Server, mariadb, postgres};

/// So many tables, empty and small ones in turn; some statements at a time, as servers limit their length.
fn with_tables(server: &Server, hint: &str, count: u32) -> String {
    let name = server.new_database(hint);
    let serial = if server.url("").starts_with("postgres") { "generate_series(1, 20) AS n" } else { "seq_1_to_20" };
    let column = if server.url("").starts_with("postgres") { "n" } else { "seq" };
    for start in (0..count).step_by(200) {
        let of_one = |number: u32| {
            let table = format!("CREATE TABLE task_{number} (id int PRIMARY KEY, name varchar(40), qty int);");
            let rows = format!("INSERT INTO task_{number} SELECT {column}, 'x', 1 FROM {serial};");
            table + if number.is_multiple_of(2) { "" } else { &rows }
        };
        server.sql(&name, &(start..count.min(start + 200)).map(of_one).collect::<String>());
    }
    name
}

fn through(proxy: &Proxy, server: &Server, url: &str) -> String {
    url.replace(&format!(":{}/", server.port()), &format!(":{}/", proxy.port()))
}

#[test]
fn a_table_costs_at_most_four_round_trips_all_in_all() {
    // `MULU_TABLES=2000` measures what docs/performance.md states.
    let count: u32 = std::env::var_os("MULU_TABLES").map_or(300, |count| count.to_str().unwrap().parse().unwrap());
    let tables = u64::from(count);
    for server in [postgres(), mariadb()] {
        let name = with_tables(server, "many", count);
        let proxy = Proxy::to(server.port());
        let url = through(&proxy, server, &server.url(&name));
        let database = open(&url).unwrap();
        let to_connect = proxy.take_trips();
        let begun = Instant::now();
        let listing = database.tables().unwrap();
        let (to_list, listed_in) = (proxy.take_trips(), begun.elapsed());
        assert_eq!(listing.tables.len() as u64, tables);
        assert!(listing.tables.iter().all(|table| table.records.is_some_and(|records| records.exact)));
        for table in &listing.tables {
            let read = rows_of(&database, table, Sampling::default()).unwrap().1;
            assert!(read.rows == 0 || read.rows == 20);
        }
        let (to_read, all_in) = (proxy.take_trips(), begun.elapsed());
        println!(
            "{}: {tables} tables, round trips {to_connect} to connect, {to_list} to list ({listed_in:?}), {to_read} to read \
             ({:?}); a table {:?}",
            database.server(),
            all_in.saturating_sub(listed_in),
            all_in / count
        );
        assert!(to_connect > 0 && to_list >= 4, "the proxy counts");
        assert!(to_list <= 8 + tables / 50, "listed many in a statement: {to_list}");
        assert!(to_connect + to_list + to_read <= 4 * tables, "{to_connect} + {to_list} + {to_read}");
        assert!(proxy.connections() <= 3, "one that finds no encryption, one to ask what it is, one to work");
    }
}

/// The first word of each statement; names in these databases hold no semicolon.
fn verbs(statements: &str) -> Vec<String> {
    let pieces = statements.split(';').filter_map(|piece| piece.split_whitespace().next());
    pieces.map(str::to_uppercase).collect()
}

const HARMLESS: [&str; 7] = ["SELECT", "SET", "SHOW", "BEGIN", "START", "ROLLBACK", "WITH"];

#[test]
fn postgresql_is_asked_nothing_but_to_show() {
    let name = with_tables(postgres(), "asked", 3);
    postgres().sql(&name, "CREATE VIEW few AS SELECT * FROM task_1 LIMIT 3; ANALYZE");
    let database = open(&postgres().url(&name)).unwrap();
    for table in database.tables().unwrap().tables {
        for sampling in [Sampling { rows: 5, ..Sampling::default() }, Sampling { full: true, ..Sampling::default() }] {
            rows_of(&database, &table, sampling).unwrap();
        }
        database.count(&table).unwrap();
    }
    drop(database);
    let log = postgres().log();
    // A statement of several lines goes on with a tab.
    let whole = log.replace("\n\t", " ");
    let ours = whole.lines().filter_map(|line| line.strip_prefix(&format!("mulu|{name}|")));
    let statements: Vec<&str> = ours
        .filter_map(|line| line.split_once("LOG:  ").map(|(_, rest)| rest))
        .filter_map(|rest| {
            rest.strip_prefix("statement: ").or_else(|| Some(rest.strip_prefix("execute ")?.split_once(": ")?.1))
        })
        .collect();
    assert!(statements.len() > 20, "{statements:?}");
    for statement in &statements {
        // Rows go out, and a file is neither written nor read.
        let copied = statement.strip_prefix("COPY (").and_then(|rest| rest.split_once(") TO STDOUT "));
        let statement = copied.map_or(*statement, |(inner, _)| inner);
        assert!(verbs(statement).iter().all(|verb| HARMLESS.contains(&verb.as_str())), "{statement}");
        assert!(
            !statement.to_uppercase().contains(" INTO ") && !statement.to_uppercase().contains("FOR UPDATE"),
            "{statement}"
        );
    }
    for setting in ["default_transaction_read_only = on", "row_security = off", "idle_session_timeout = 3600000"] {
        assert!(statements.iter().any(|it| it.contains(setting)), "{setting}");
    }
}

#[test]
fn mariadb_is_asked_nothing_but_to_show() {
    let name = with_tables(mariadb(), "asked", 3);
    mariadb().sql(&name, "CREATE VIEW few AS SELECT * FROM task_1 LIMIT 3");
    let login = format!("asking_{name}");
    mariadb().sql(
        &name,
        &format!("CREATE USER {login}@'127.0.0.1' IDENTIFIED BY 'p'; GRANT SELECT ON {name}.* TO {login}@'127.0.0.1'"),
    );
    let database = open(&mariadb().url_as(&login, "p", &name)).unwrap();
    for table in database.tables().unwrap().tables {
        for sampling in [Sampling { rows: 5, ..Sampling::default() }, Sampling { full: true, ..Sampling::default() }] {
            rows_of(&database, &table, sampling).unwrap();
        }
        database.count(&table).unwrap();
    }
    drop(database);
    let log = mariadb().log();
    let fields = |line: &str| -> Option<(String, String, String)> {
        // An optional time, the number of the connection, what it does, and with what.
        let mut parts = line.rsplit_once('\t').map(|(head, said)| (head.trim().to_owned(), said.to_owned()))?;
        let head = parts.0.split_whitespace().rev().take(2).map(str::to_owned).collect::<Vec<_>>();
        let [action, number] = head.try_into().ok()?;
        Some((number, action, std::mem::take(&mut parts.1)))
    };
    let lines: Vec<_> = log.lines().filter_map(fields).collect();
    let is_connect = |action: &str, said: &str| action == "Connect" && said.starts_with(&login);
    let ours: Vec<&str> =
        lines.iter().filter(|(_, action, said)| is_connect(action, said)).map(|(number, ..)| number.as_str()).collect();
    let statements: Vec<&str> = lines
        .iter()
        .filter(|(number, action, _)| action == "Query" && ours.contains(&number.as_str()))
        .map(|(_, _, said)| said.as_str())
        .collect();
    assert!(statements.len() > 20, "{statements:?}");
    for statement in &statements {
        assert!(verbs(statement).iter().all(|verb| HARMLESS.contains(&verb.as_str())), "{statement}");
    }
    assert!(statements.iter().any(|it| it.contains("TRANSACTION READ ONLY")));
    assert!(!lines.iter().any(|(number, action, _)| ours.contains(&number.as_str()) && action == "Prepare"));
}

#[test]
fn a_busy_server_is_waited_for_and_one_that_rests_is_not() {
    for (server, busy) in [(postgres(), "SELECT pg_sleep(3)"), (mariadb(), "SELECT SLEEP(3)")] {
        let name = with_tables(server, "busy", 2);
        let mut target = DatabaseTarget::parse(&server.url(&name)).unwrap();
        let told: Arc<Mutex<Vec<Waiting>>> = Arc::default();
        let heard = Arc::clone(&told);
        target.courtesy.told = Some(Arc::new(move |waiting| heard.lock().unwrap().push(waiting)));
        // Other tests ask the same server meanwhile, so how many are allowed is far above what they can be, or none.
        target.courtesy.max_load = Some(10_000);
        assert!(Connector::new().unwrap().connect(&target).unwrap().tables().is_ok());
        assert_eq!(*told.lock().unwrap(), []);
        target.courtesy.max_load = Some(0);
        std::thread::scope(|scope| {
            let url = server.url(&name);
            let working = scope.spawn(move || server.slow(&url, busy));
            std::thread::sleep(Duration::from_millis(700));
            assert!(Connector::new().unwrap().connect(&target).unwrap().tables().is_ok());
            working.join().unwrap();
        });
        let told = told.lock().unwrap();
        assert!(told.iter().any(|waiting| matches!(waiting, Waiting::Busy { running: 1.., most: 0 })), "{told:?}");
    }
}

/// Says what it was set to; whoever sleeps wakes when the window opens.
struct Wound(Mutex<jiff::civil::Time>);

impl mulu::discover::database::Clock for Wound {
    fn now(&self) -> jiff::civil::Time {
        *self.0.lock().unwrap()
    }

    fn sleep(&self, _: Duration) {
        *self.0.lock().unwrap() = jiff::civil::time(22, 0, 0, 0);
    }
}

#[test]
fn who_waits_for_a_connection_looks_at_the_clock_when_there_is_one() {
    for (server, view) in [
        (postgres(), "CREATE VIEW slow AS SELECT 1 AS a FROM pg_sleep(1)"),
        (mariadb(), "CREATE VIEW slow AS SELECT SLEEP(1) AS a"),
    ] {
        let name = with_tables(server, "hours", 2);
        server.sql(&name, view);
        let clock = Arc::new(Wound(Mutex::new(jiff::civil::time(5, 59, 0, 0))));
        let told: Arc<Mutex<Vec<Waiting>>> = Arc::default();
        let heard = Arc::clone(&told);
        let mut target = DatabaseTarget::parse(&server.url(&name)).unwrap();
        target.connections = 1;
        target.courtesy.window = mulu::discover::database::Window::parse("22:00-06:00");
        target.courtesy.clock = Arc::<Wound>::clone(&clock);
        target.courtesy.told = Some(Arc::new(move |waiting| heard.lock().unwrap().push(waiting)));
        let database = Connector::new().unwrap().connect(&target).unwrap();
        let (slow, task) = (facts(&database, "slow"), facts(&database, "task_1"));
        assert_eq!(*told.lock().unwrap(), []);
        std::thread::scope(|scope| {
            let holding = scope.spawn(|| rows_of(&database, &slow, Sampling::default()).map(drop));
            std::thread::sleep(Duration::from_millis(300));
            let waiting = scope.spawn(|| rows_of(&database, &task, Sampling::default()).map(drop));
            std::thread::sleep(Duration::from_millis(300));
            *clock.0.lock().unwrap() = jiff::civil::time(6, 30, 0, 0);
            assert_eq!((holding.join().unwrap(), waiting.join().unwrap()), (Ok(()), Ok(())));
        });
        assert!(matches!(told.lock().unwrap()[..], [Waiting::Window(_)]), "the window closed meanwhile");
    }
}

#[test]
fn a_replica_that_answers_is_read_and_named_and_one_that_does_not_is_passed_over() {
    for server in [postgres(), mariadb()] {
        let name = with_tables(server, "replica", 2);
        let proxy = Proxy::to(server.port());
        let mut target = DatabaseTarget::parse(&server.url(&name)).unwrap();
        let replica = format!("127.0.0.1:{}", proxy.port());
        target.replicas = vec!["127.0.0.1:1".to_owned(), replica.clone()];
        let database = Connector::new().unwrap().connect(&target).unwrap();
        assert_eq!(database.tables().unwrap().tables.len(), 2);
        assert_eq!(database.connection().replica.as_deref(), Some(replica.as_str()));
        assert!(proxy.take_trips() > 0);
        target.replicas = vec!["127.0.0.1:1".to_owned()];
        let database = Connector::new().unwrap().connect(&target).unwrap();
        assert_eq!(database.connection().replica, None, "the host of the address itself");
        target.replicas = vec!["postgres://u:geheim@h/d".to_owned()];
        let error = Connector::new().unwrap().connect(&target).unwrap_err();
        assert!(matches!(error, Error::BadReplica { .. }) && !error.to_string().contains("geheim"));
        assert_one_line(&error);
    }
}

#[test]
fn what_is_not_wanted_is_named_and_neither_counted_nor_measured() {
    let name = with_tables(postgres(), "chosen", 4);
    postgres().sql(
        &name,
        "CREATE SCHEMA archive; CREATE TABLE archive.old (a int); CREATE VIEW slow AS SELECT 1 AS a FROM pg_sleep(60)",
    );
    let mut target = DatabaseTarget::parse(&postgres().url(&name)).unwrap();
    let patterns = |patterns: &[&str]| patterns.iter().map(|it| (*it).to_owned()).collect::<Vec<_>>();
    target.choice = Choice::new(&[], &patterns(&["archive", "public.slow", "*.task_[1]", "public.task_?"]));
    let listing = Connector::new().unwrap().connect(&target).unwrap().tables().unwrap();
    assert_eq!(listing.tables, []);
    let names: Vec<_> = listing.excluded.iter().map(TableFacts::raw_locator).collect();
    assert_eq!(
        names,
        ["archive.old", "public.slow", "public.task_0", "public.task_1", "public.task_2", "public.task_3"]
    );
    assert!(listing.excluded.iter().all(|table| table.records.is_none() && table.bytes.is_none()));
    let name = with_tables(mariadb(), "chosen", 4);
    let mut target = DatabaseTarget::parse(&mariadb().url(&name)).unwrap();
    target.choice = Choice::new(&[format!("{name}.task_1")], &[]);
    let listing = Connector::new().unwrap().connect(&target).unwrap().tables().unwrap();
    assert_eq!((listing.tables.len(), listing.excluded.len()), (1, 3));
    // Of several databases one that is left out is not even entered.
    let (kept, left) = (with_tables(postgres(), "kept", 1), with_tables(postgres(), "left", 1));
    let mut target = DatabaseTarget::parse(&postgres().url("")).unwrap();
    target.choice = Choice::new(std::slice::from_ref(&kept), &[]);
    let listing = Connector::new().unwrap().connect(&target).unwrap().tables().unwrap();
    assert_eq!(
        listing.tables.iter().map(TableFacts::raw_locator).collect::<Vec<_>>(),
        [format!("{kept}.public.task_0")]
    );
    assert!(listing.unlistable.contains(&(left.clone(), Reason::Excluded)));
    assert!(!postgres().log().contains(&format!("mulu|{left}|")));
}
