//! Keys, indexes and partitions: what the three kinds of databases say of them is put in the same words.

use mulu::discover::database::ForeignKey;

use super::*;
use crate::support::servers::{mariadb, postgres};

fn reference(columns: &[&str], schema: &str, table: &str, target_columns: &[&str]) -> ForeignKey {
    let owned = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
    ForeignKey {
        columns: owned(columns),
        schema: schema.to_owned(),
        table: table.to_owned(),
        target_columns: owned(target_columns),
    }
}

/// The same in all three: a key of two columns, a unique key, one reference to it and one to the table itself.
const SCHEMA: &str = "
    CREATE TABLE line (plant int NOT NULL, code int NOT NULL, label varchar(9), PRIMARY KEY (code, plant), UNIQUE (label));
    CREATE TABLE batch (id int PRIMARY KEY, plant int, line_code int, parent int, note varchar(20),
        CONSTRAINT b_line FOREIGN KEY (line_code, plant) REFERENCES line (code, plant),
        CONSTRAINT a_parent FOREIGN KEY (parent) REFERENCES batch (id));
    CREATE TABLE loose (a int)";

fn assert_keys(database: &Database, schema: &str) {
    let (line, batch, loose) = (facts(database, "line"), facts(database, "batch"), facts(database, "loose"));
    assert_eq!(line.primary_key, ["code", "plant"], "in the order of the key");
    assert_eq!(line.unique_keys, [["label"]]);
    assert_eq!(line.foreign_keys, []);
    assert_eq!(batch.primary_key, ["id"]);
    let mut references = batch.foreign_keys;
    references.sort_by(|a, b| a.columns.cmp(&b.columns));
    let wanted = [
        reference(&["line_code", "plant"], schema, "line", &["code", "plant"]),
        reference(&["parent"], schema, "batch", &["id"]),
    ];
    assert_eq!(references, wanted);
    assert_eq!((loose.primary_key.len(), loose.unique_keys.len(), loose.foreign_keys.len()), (0, 0, 0));
    assert_eq!(loose.partitions, 0);
}

#[test]
fn keys_are_the_same_in_every_kind_of_database() {
    let name = postgres().new_database("keys");
    postgres().sql(&name, SCHEMA);
    assert_keys(&open(&postgres().url(&name)).unwrap(), "public");
    let name = mariadb().new_database("keys");
    mariadb().sql(&name, SCHEMA);
    assert_keys(&open(&mariadb().url(&name)).unwrap(), &name);
    let folder = tempfile::tempdir().unwrap();
    let file = sqlite::file_with(folder.path(), SCHEMA);
    assert_keys(&open(&format!("sqlite://{}", file.display())).unwrap(), "main");
}

#[test]
fn a_unique_index_is_a_key_unless_it_is_of_a_part_or_of_expressions() {
    let name = postgres().new_database("keys");
    postgres().sql(
        &name,
        "CREATE TABLE part (a int, b int, c text);
         CREATE UNIQUE INDEX both_columns ON part (b, a) INCLUDE (c); CREATE UNIQUE INDEX of_some ON part (a) WHERE b > 0;
         CREATE UNIQUE INDEX folded ON part (lower(c)); CREATE INDEX plain ON part (c)",
    );
    let part = facts(&open(&postgres().url(&name)).unwrap(), "part");
    assert_eq!(part.unique_keys, [["b", "a"]]);
    let folder = tempfile::tempdir().unwrap();
    let file = sqlite::file_with(
        folder.path(),
        "CREATE TABLE part (a int, b int, c text);
         CREATE UNIQUE INDEX both_columns ON part (b, a); CREATE UNIQUE INDEX of_some ON part (a) WHERE b > 0;
         CREATE UNIQUE INDEX folded ON part (lower(c)); CREATE INDEX plain ON part (c);
         CREATE TABLE owner (a REFERENCES part)",
    );
    let database = open(&format!("sqlite://{}", file.display())).unwrap();
    assert_eq!(facts(&database, "part").unique_keys, [["b", "a"]]);
    assert_eq!(facts(&database, "owner").foreign_keys, [reference(&["a"], "main", "part", &[])]);
}

#[test]
fn indexes_and_partitions_are_measured_apart_from_data() {
    let name = postgres().new_database("sizes");
    postgres().sql(
        &name,
        "CREATE TABLE task (id int PRIMARY KEY, name text); CREATE INDEX by_name ON task (name);
         INSERT INTO task SELECT i, 'task ' || i FROM generate_series(1, 3000) i;
         CREATE TABLE log (at date, line int) PARTITION BY RANGE (at);
         CREATE TABLE log_1 PARTITION OF log FOR VALUES FROM ('2026-01-01') TO ('2026-02-01') PARTITION BY LIST (line);
         CREATE TABLE log_1a PARTITION OF log_1 DEFAULT; CREATE TABLE log_2 PARTITION OF log DEFAULT;
         CREATE INDEX by_line ON log (line); INSERT INTO log SELECT '2026-01-15', i FROM generate_series(1, 3000) i;
         CREATE TABLE bare (at date) PARTITION BY RANGE (at)",
    );
    let database = open(&postgres().url(&name)).unwrap();
    let (task, log) = (facts(&database, "task"), facts(&database, "log"));
    let number = |query: &str| Some(mulu::model::Measure::exact(postgres().number(&name, query)));
    assert_eq!(task.bytes, number("SELECT pg_table_size('task')"));
    assert_eq!(task.index_bytes, number("SELECT pg_indexes_size('task')"));
    assert_eq!(log.index_bytes, number("SELECT pg_indexes_size('log_1a') + pg_indexes_size('log_2')"));
    assert_eq!((task.partitions, log.partitions, facts(&database, "bare").partitions), (0, 2, 0));
    assert_eq!(facts(&database, "bare").bytes, Some(mulu::model::Measure::exact(0)));

    let name = mariadb().new_database("sizes");
    mariadb().sql(
        &name,
        "CREATE TABLE task (id INT PRIMARY KEY, name VARCHAR(40), KEY (name)) ENGINE=Aria;
         INSERT INTO task SELECT seq, CONCAT('task ', seq) FROM seq_1_to_3000;
         CREATE TABLE log (at DATE, line INT) PARTITION BY HASH (line) PARTITIONS 4",
    );
    let database = open(&mariadb().url(&name)).unwrap();
    let task = facts(&database, "task");
    let query = "SELECT CAST(index_length AS SIGNED) FROM information_schema.tables
        WHERE table_name = 'task' AND table_schema = DATABASE()";
    assert_eq!(task.index_bytes, Some(mulu::model::Measure::exact(mariadb().number(&name, query))));
    assert!(task.index_bytes.unwrap().value > 0);
    assert_eq!((task.partitions, facts(&database, "log").partitions), (0, 4));
}
