//! Older and compatible servers, which lack a column, a function or a view: a PostgreSQL made to look like one.
//!
//! Columns and functions of a catalog can be renamed by its owner, in one database and for that alone.

use mulu::model::Measure;

use super::*;
use crate::support::servers::postgres;

const SCHEMA: &str = "
    CREATE TABLE line (code int PRIMARY KEY, label text UNIQUE); COMMENT ON TABLE line IS '产线';
    CREATE TABLE batch (id int PRIMARY KEY, line int REFERENCES line, note varchar(20)); COMMENT ON COLUMN batch.note IS '备注';
    INSERT INTO line SELECT i, 'l' || i FROM generate_series(1, 7) i; CREATE VIEW few AS SELECT code FROM line;
    ANALYZE";

/// The tables as they are listed after `changes` of the catalog.
fn listed_after(hint: &str, changes: &str) -> Vec<TableFacts> {
    let name = postgres().new_database(hint);
    postgres().sql(&name, SCHEMA);
    postgres().sql(&name, &format!("SET allow_system_table_mods = on; {changes}"));
    open(&postgres().url(&name)).unwrap().tables().unwrap().tables
}

fn table<'t>(tables: &'t [TableFacts], name: &str) -> &'t TableFacts {
    tables.iter().find(|table| table.name == name).unwrap()
}

fn assert_told(tables: &[TableFacts], comments: bool, keys: bool) {
    let names: Vec<_> = tables.iter().map(TableFacts::raw_locator).collect();
    assert_eq!(names, ["public.batch", "public.few", "public.line"]);
    let (line, batch) = (table(tables, "line"), table(tables, "batch"));
    assert_eq!(line.comment.as_deref(), comments.then_some("产线"));
    assert_eq!(batch.columns[2].comment.as_deref(), comments.then_some("备注"));
    assert_eq!(line.columns.iter().map(|it| it.name.as_deref().unwrap()).collect::<Vec<_>>(), ["code", "label"]);
    assert_eq!(line.records, Some(Measure::exact(7)));
    assert_eq!(table(tables, "few").records, Some(Measure::exact(7)));
    assert_eq!(line.primary_key.is_empty(), !keys);
    assert_eq!(line.unique_keys.len(), usize::from(keys));
    assert_eq!(batch.foreign_keys.first().map(|key| key.table.as_str()), keys.then_some("line"));
}

#[test]
fn a_catalog_without_declared_partitions_is_listed() {
    let tables = listed_after("older", "ALTER TABLE pg_catalog.pg_class RENAME COLUMN relispartition TO no_such");
    assert_told(&tables, true, true);
    assert!(table(&tables, "line").bytes.is_some_and(|bytes| bytes.exact));
}

#[test]
fn a_catalog_without_key_columns_of_indexes_tells_its_keys_by_constraints() {
    let tables = listed_after("older", "ALTER TABLE pg_catalog.pg_index RENAME COLUMN indnkeyatts TO no_such");
    assert_told(&tables, true, true);
}

#[test]
fn a_server_without_its_size_functions_tells_what_it_can() {
    let indexes = listed_after("sizes", "ALTER FUNCTION pg_catalog.pg_indexes_size(regclass) RENAME TO no_such");
    assert_told(&indexes, true, true);
    assert_eq!(table(&indexes, "line").index_bytes, None);
    assert!(table(&indexes, "line").bytes.is_some_and(|bytes| bytes.exact));
    let none = listed_after(
        "sizes",
        "ALTER FUNCTION pg_catalog.pg_table_size(regclass) RENAME TO no_such;
         ALTER FUNCTION pg_catalog.pg_relation_size(regclass, text) RENAME TO no_such;
         ALTER FUNCTION pg_catalog.pg_relation_size(regclass) RENAME TO no_such_either",
    );
    assert_told(&none, true, true);
    // Seven rows on a page of 8 KiB, as the analysis saw it.
    assert_eq!(table(&none, "line").bytes, Some(Measure::estimate(8192)));
}

#[test]
fn a_server_that_keeps_no_catalog_of_postgresql_is_listed_by_the_views_of_the_standard() {
    let tables = listed_after(
        "standard",
        "ALTER FUNCTION pg_catalog.obj_description(oid, name) RENAME TO no_such;
         ALTER FUNCTION pg_catalog.col_description(oid, int4) RENAME TO no_such",
    );
    assert_told(&tables, false, true);
    assert_eq!(table(&tables, "line").bytes, None, "without its number nobody can ask for its size");
    let none = listed_after("standard", "ALTER TABLE pg_catalog.pg_constraint RENAME COLUMN conkey TO no_such");
    assert_told(&none, true, true);
}

#[test]
fn a_catalog_that_is_closed_to_the_login_costs_only_what_stands_in_it() {
    let name = postgres().new_database("closed");
    postgres().sql(&name, SCHEMA);
    postgres().sql(
        &name,
        &format!(
            "CREATE ROLE closed_{name} LOGIN PASSWORD 'p'; GRANT SELECT ON ALL TABLES IN SCHEMA public TO closed_{name};
             REVOKE SELECT ON pg_catalog.pg_index, pg_catalog.pg_constraint, pg_catalog.pg_inherits FROM PUBLIC;
             REVOKE EXECUTE ON FUNCTION pg_catalog.pg_table_size(regclass) FROM PUBLIC"
        ),
    );
    let database = open(&postgres().url_as(&format!("closed_{name}"), "p", &name)).unwrap();
    let tables = database.tables().unwrap().tables;
    let line = table(&tables, "line");
    assert_eq!((line.comment.as_deref(), line.records), (Some("产线"), Some(Measure::exact(7))));
    assert!(line.bytes.is_some(), "the size of its main file is open to all");
    assert_eq!(rows_of(&database, line, Sampling::default()).unwrap().1.rows, 7);
}
