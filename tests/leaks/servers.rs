//! Leaks by way of a server: rows, names, and views that make the server quote a row in its complaint.

use super::secrets::{Planter, Secret};
use super::{assert_silent, everything_said};
use crate::support::ScanEnv;
use crate::support::servers::{Server, mariadb, postgres};

/// Tables whose rows, names and comments hold planted values.
fn plant_rows(server: &Server, database: &str, planter: &mut Planter) {
    let quote = if server.url("x").starts_with("mysql") { '`' } else { '"' };
    let (name, id) = (planter.word("row"), planter.resident("row"));
    let (table, column) = (planter.mobile("table name"), planter.mobile("column name"));
    server.sql(
        database,
        &format!(
            "CREATE TABLE people (employee_name varchar(80), id_card varchar(40), {quote}c_{column}{quote} varchar(40));
             INSERT INTO people VALUES ('{name}', '{id}', 'x'), ('y', '{id}', 'z');
             CREATE TABLE {quote}t_{table}{quote} (note varchar(80));
             INSERT INTO {quote}t_{table}{quote} VALUES ('{}');",
            planter.word("row of a table with a telling name"),
        ),
    );
}

#[test]
fn postgresql_quotes_rows_and_nobody_repeats_it() {
    let server = postgres();
    let database = server.new_database("leaks");
    let mut planter = Planter::default();
    plant_rows(server, &database, &mut planter);
    let word = planter.word("row that a view cannot cast");
    let raised = planter.word("row that a function raises");
    server.sql(
        &database,
        &format!(
            "CREATE TABLE bad (note text); INSERT INTO bad VALUES ('{word}');
             CREATE VIEW casting AS SELECT note::integer AS number FROM bad;
             CREATE VIEW dividing AS SELECT 1 / (length(note) - length(note)) AS number FROM bad;
             CREATE TABLE worse (note text); INSERT INTO worse VALUES ('{raised}');
             CREATE FUNCTION shout(text) RETURNS text LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'row %', $1; END $$;
             CREATE VIEW shouting AS SELECT shout(note) AS note FROM worse;
             CREATE FUNCTION mention(text) RETURNS text LANGUAGE plpgsql AS $$ BEGIN RAISE WARNING 'row %', $1; RETURN 'x'; END $$;
             CREATE VIEW mentioning AS SELECT mention(note) AS note FROM worse;"
        ),
    );
    assert_nothing_is_said_of(&server.url(&database), &planter.into_secrets(), &["casting", "dividing", "shouting"]);
}

#[test]
fn mariadb_quotes_rows_and_nobody_repeats_it() {
    let server = mariadb();
    let database = server.new_database("leaks");
    let mut planter = Planter::default();
    plant_rows(server, &database, &mut planter);
    let (word, raised) = (planter.word("row that a view warns of"), planter.word("row that a function raises"));
    server.sql(
        &database,
        &format!(
            "CREATE TABLE bad (note varchar(80)); INSERT INTO bad VALUES ('{word}');
             CREATE VIEW casting AS SELECT CAST(note AS SIGNED) AS number, CAST(note AS INET6) AS address FROM bad;
             CREATE TABLE worse (note varchar(80)); INSERT INTO worse VALUES ('{raised}');"
        ),
    );
    server.sql(
        &database,
        "CREATE FUNCTION shout(note varchar(80)) RETURNS varchar(80) DETERMINISTIC BEGIN SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = note; RETURN note; END",
    );
    server.sql(&database, "CREATE VIEW shouting AS SELECT shout(note) AS note FROM worse");
    assert_nothing_is_said_of(&server.url(&database), &planter.into_secrets(), &["shouting"]);
}

/// Scans the database; the views that fail are counted, and none of the secrets comes out.
fn assert_nothing_is_said_of(url: &str, secrets: &[Secret], failing: &[&str]) {
    let env = ScanEnv::new();
    let said = everything_said(&env, &[url]);
    for view in failing {
        let asset = env.asset(view);
        let in_part = asset["status"] == "failed" || asset["reason"].is_string();
        assert!(in_part, "{view} cannot be read, and its row says so: {asset:#}");
    }
    let people = env.asset("people");
    assert_eq!(people["identifiers"][0]["detector"], "cn.resident-id", "{people:#}");
    assert_silent(&said, secrets);
}
