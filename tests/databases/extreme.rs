//! Names and shapes at the edge of what a server allows.

use mulu::model::Measure;

use super::*;
use crate::support::servers::{Server, mariadb, postgres};

/// Names as somebody may have given them; `keep` is what one of them wants to be gone.
const NAMES: [&str; 10] = [
    "keep",
    "it's",
    "two  spaces",
    "生产任务",
    "x; DROP TABLE keep; --",
    "a\"b`c",
    "select",
    "dot.dot",
    "%_*?\\",
    "*/ OR 1=1 /*",
];

fn quoted(server: &Server, name: &str) -> String {
    let mark = if server.url("").starts_with("postgres") { '"' } else { '`' };
    let doubled: String = [mark, mark].iter().collect();
    format!("{mark}{}{mark}", name.replace(mark, &doubled))
}

fn assert_named(server: &Server, names: &[&str]) {
    let database = server.new_database("named");
    for name in names {
        let name = quoted(server, name);
        server.sql(&database, &format!("CREATE TABLE {name} ({name} int PRIMARY KEY); INSERT INTO {name} VALUES (7)"));
    }
    let database = open(&server.url(&database)).unwrap();
    let listing = database.tables().unwrap();
    let mut listed: Vec<&str> = listing.tables.iter().map(|table| table.name.as_str()).collect();
    let mut wanted = names.to_vec();
    listed.sort_unstable();
    wanted.sort_unstable();
    assert_eq!(listed, wanted);
    for table in &listing.tables {
        assert_eq!(table.records, Some(Measure::exact(1)), "{}", table.name);
        assert_eq!(table.primary_key, std::slice::from_ref(&table.name));
        assert!(table.bytes.is_some_and(|bytes| bytes.value > 0));
        let (rows, _) = rows_of(&database, table, Sampling::default()).unwrap();
        assert_eq!(rows, [[Some("7".to_owned())]], "{}", table.name);
        assert_eq!(database.count(table), Ok(Measure::exact(1)));
    }
}

#[test]
fn a_name_is_a_name_whatever_it_says() {
    // MariaDB has no names beyond the first plane of Unicode.
    assert_named(postgres(), &[&NAMES[..], &["🏭 Ω"]].concat());
    assert_named(mariadb(), &NAMES);
}

#[test]
fn a_database_and_a_schema_may_be_called_like_that_too() {
    let name = "it's; DROP SCHEMA \"生产\" --";
    let server = postgres();
    server.sql("postgres", &format!("CREATE DATABASE {}", quoted(server, name)));
    // Percent signs, since this stands in an address.
    let address = server.url("it%27s%3B%20DROP%20SCHEMA%20%22%E7%94%9F%E4%BA%A7%22%20--");
    let schema = quoted(server, name);
    server.try_sql(&address, &format!("CREATE SCHEMA {schema}; CREATE TABLE {schema}.t AS SELECT 1 AS a")).unwrap();
    for (address, database) in [(address, None), (server.url(""), Some(name.to_owned()))] {
        let listing = open(&address).unwrap().tables().unwrap();
        let found = listing.tables.iter().find(|table| table.schema == name).unwrap();
        assert_eq!((found.database.clone(), found.records), (database, Some(Measure::exact(1))));
    }
}

#[test]
fn tables_as_wide_as_a_server_allows_and_without_a_column_are_listed_and_read() {
    let columns = |count: u32| (1..=count).map(|number| format!("c{number} int")).collect::<Vec<_>>().join(", ");
    // PostgreSQL allows 1,600 columns, InnoDB 1,017.
    for (server, most) in [(postgres(), 1_600), (mariadb(), 1_017)] {
        let name = server.new_database("wide");
        server.sql(
            &name,
            &format!("CREATE TABLE wide ({}); INSERT INTO wide (c1, c{most}) VALUES (1, 2)", columns(most)),
        );
        let database = open(&server.url(&name)).unwrap();
        let wide = facts(&database, "wide");
        assert_eq!((wide.columns.len(), wide.records), (most as usize, Some(Measure::exact(1))));
        let (rows, _) = rows_of(&database, &wide, Sampling::default()).unwrap();
        assert_eq!(rows[0].len(), most as usize);
        assert_eq!(rows[0][most as usize - 1].as_deref(), Some("2"));
    }
    let name = postgres().new_database("narrow");
    postgres().sql(
        &name,
        "CREATE TABLE nothing (); INSERT INTO nothing DEFAULT VALUES; CREATE VIEW none AS SELECT FROM nothing",
    );
    let database = open(&postgres().url(&name)).unwrap();
    for name in ["nothing", "none"] {
        let table = facts(&database, name);
        assert_eq!((table.columns.len(), table.records), (0, Some(Measure::exact(1))));
    }
}

#[test]
fn a_table_that_is_locked_or_gone_costs_itself_only() {
    let name = postgres().new_database("locked");
    postgres().sql(&name, "CREATE TABLE held AS SELECT 1 AS a; CREATE TABLE free AS SELECT 2 AS a; ANALYZE");
    let mut target = DatabaseTarget::parse(&postgres().url(&name)).unwrap();
    target.timeouts.lock = std::time::Duration::from_millis(200);
    std::thread::scope(|scope| {
        let url = postgres().url(&name);
        let lock = "BEGIN; LOCK TABLE held IN ACCESS EXCLUSIVE MODE; SELECT pg_sleep(4); COMMIT";
        let locking = scope.spawn(move || postgres().slow(&url, lock));
        std::thread::sleep(std::time::Duration::from_secs(1));
        let database = Connector::new().unwrap().connect(&target).unwrap();
        let (held, free) = (facts(&database, "held"), facts(&database, "free"));
        assert_eq!((free.records, free.bytes.unwrap().exact), (Some(Measure::exact(1)), true));
        // What the last analysis saw.
        assert_eq!((held.records, held.bytes), (Some(Measure::estimate(1)), Some(Measure::estimate(8192))));
        locking.join().unwrap();
    });
    let database = Connector::new().unwrap().connect(&target).unwrap();
    let (held, free) = (facts(&database, "held"), facts(&database, "free"));
    postgres().sql(&name, "DROP TABLE held");
    assert_eq!(rows_of(&database, &held, Sampling::default()).unwrap_err(), Reason::Vanished);
    assert_eq!(database.count(&held), Err(Reason::Vanished));
    assert_eq!(rows_of(&database, &free, Sampling::default()).unwrap().1.rows, 1);
}
