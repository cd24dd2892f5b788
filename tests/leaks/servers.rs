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

/// A schema may quote data too: in types, defaults, checks, comments and the text of views.
#[test]
fn values_in_the_schema_of_postgresql_are_not_said() {
    let server = postgres();
    let database = server.new_database("schema");
    let mut planter = Planter::default();
    plant_rows(server, &database, &mut planter);
    let mut word = |place| planter.word(place);
    let statements = format!(
        "CREATE TYPE mood AS ENUM ('{enumerated}', 'x');
         CREATE DOMAIN coded AS text CHECK (value <> '{domain}');
         CREATE TABLE forms (id_card varchar(40) DEFAULT '{default}', feeling mood, code coded, note text CHECK (note <> '{check}'));
         INSERT INTO forms VALUES ('x', '{enumerated}', 'y', '{row}');
         COMMENT ON TABLE forms IS '{comment}'; COMMENT ON COLUMN forms.note IS '{column}';
         CREATE VIEW literal AS SELECT '{literal}'::text AS phone, note FROM forms;
         CREATE VIEW as_json AS SELECT note::jsonb AS number FROM forms;
         CREATE VIEW as_date AS SELECT to_date(note, 'YYYY') AS number FROM forms;
         CREATE VIEW as_mood AS SELECT note::mood AS number FROM forms;
         CREATE VIEW powers AS SELECT power(10.0, length(note) * 1000000) AS number FROM forms;
         CREATE VIEW matching AS SELECT note ~ ('[' || note) AS number FROM forms;
         CREATE FUNCTION hint(text) RETURNS text LANGUAGE plpgsql AS
           $$ BEGIN RAISE EXCEPTION USING MESSAGE = $1, DETAIL = $1, HINT = $1, ERRCODE = 'ZQ7VX', COLUMN = $1, TABLE = $1; END $$;
         CREATE VIEW hinting AS SELECT hint(note) AS number FROM forms;",
        enumerated = word("value of an enumeration"),
        domain = word("check of a domain"),
        default = word("default of a column"),
        check = word("check of a column"),
        row = word("row that views choke on"),
        comment = word("comment of a table"),
        column = word("comment of a column"),
        literal = word("literal of a view"),
    );
    server.sql(&database, &statements);
    let failing = ["as_json", "as_date", "as_mood", "powers", "matching", "hinting"];
    assert_nothing_is_said_of(&server.url(&database), &planter.into_secrets(), &failing);
}

#[test]
fn values_in_the_schema_of_mariadb_are_not_said() {
    let server = mariadb();
    let database = server.new_database("schema");
    let mut planter = Planter::default();
    plant_rows(server, &database, &mut planter);
    let mut word = |place| planter.word(place);
    let statements = format!(
        "CREATE TABLE forms (id_card varchar(40) DEFAULT '{default}' COMMENT '{column}', feeling ENUM('{enumerated}', 'x'),
            kinds SET('{set}'), note text CHECK (note <> '{check}'), made varchar(90) AS (concat(note, '{made}')) VIRTUAL)
            COMMENT '{comment}';
         INSERT INTO forms (id_card, feeling, note) VALUES ('x', '{enumerated}', '{row}');
         CREATE VIEW literal AS SELECT '{literal}' AS phone, note FROM forms;
         CREATE VIEW powers AS SELECT exp(length(note) * 1000000) AS number FROM forms;
         CREATE VIEW matching AS SELECT note REGEXP concat('[', note) AS number FROM forms;
         CREATE VIEW extracting AS SELECT updatexml('<a/>', '/a', note) AS number FROM forms;",
        default = word("default of a column"),
        column = word("comment of a column"),
        enumerated = word("value of an enumeration"),
        set = word("value of a set"),
        check = word("check of a column"),
        made = word("expression of a column"),
        comment = word("comment of a table"),
        row = word("row that views choke on"),
        literal = word("literal of a view"),
    );
    server.sql(&database, &statements);
    assert_nothing_is_said_of(&server.url(&database), &planter.into_secrets(), &[]);
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
