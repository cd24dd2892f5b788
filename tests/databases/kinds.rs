//! Types of every kind that servers offer, those that somebody made among them: none of them makes reading fail.

use super::scene::Scene;
use super::*;
use crate::support::servers::{mariadb, postgres};

/// A type of one's own with functions of its own for text, as PostGIS makes `geometry`: what such a type is made of here is
/// borrowed from `text`.
const BASE_TYPE: &str = "
    CREATE TYPE shape;
    CREATE FUNCTION shape_in(cstring) RETURNS shape AS 'textin' LANGUAGE internal IMMUTABLE STRICT;
    CREATE FUNCTION shape_out(shape) RETURNS cstring AS 'textout' LANGUAGE internal IMMUTABLE STRICT;
    CREATE TYPE shape (INPUT = shape_in, OUTPUT = shape_out, LIKE = text);";

#[test]
fn every_kind_of_type_of_postgresql_is_read() {
    let name = postgres().new_database("kinds");
    postgres().sql(
        &name,
        &format!(
            "CREATE EXTENSION hstore; CREATE EXTENSION citext; CREATE EXTENSION ltree; {BASE_TYPE}
             CREATE DOMAIN phone AS text CHECK (value ~ '^[0-9]+$'); CREATE DOMAIN phones AS phone[];
             CREATE TYPE grade AS ENUM ('好', 'it''s \"so\"'); CREATE TYPE pair AS (a int, g grade);
             CREATE TABLE kinds (h hstore, hs hstore[], c citext, l ltree, s shape, ss shape[], p phone, ps phones, g grade[],
                 r pair[], d daterange, m int4multirange, pt point, pg polygon, bx box, pa path, ci circle, ln line, sg lseg,
                 b bit(3), vb varbit, t tsvector, q tsquery, x xml, j jsonpath, w pg_lsn, mo money, o regclass, mac macaddr8,
                 u uuid, n inet, iv interval, ba bytea[], empty text[], nu numeric[]);
             INSERT INTO kinds VALUES ('手机=>13800138000, b=>NULL', ARRAY['a=>1'::hstore], 'Mixed', 'a.b', 'POINT(1 2)',
                 ARRAY['POINT(1 2)'::shape], '13900139000', ARRAY['13700137000'::phone], ARRAY['好'::grade, 'it''s \"so\"'],
                 ARRAY[ROW(1, '好')::pair], '[2026-01-01,2026-02-01)', '{{[1,3),[5,7)}}', '(1,2)', '((0,0),(1,1),(1,0))',
                 '(1,1),(0,0)', '[(0,0),(1,1)]', '<(0,0),1>', '{{1,-1,0}}', '[(0,0),(1,1)]', B'101', B'1', 'a b', 'a & b',
                 '<a>1</a>', '$.a', '0/16B3748', 12.34, 'pg_class', '08:00:2b:01:02:03:04:05',
                 '00112233-4455-6677-8899-aabbccddeeff', '10.0.0.1/8', '1 day', ARRAY['\\x00'::bytea], '{{}}', '{{NULL,1.50}}');
             INSERT INTO kinds DEFAULT VALUES"
        ),
    );
    let database = open(&postgres().url(&name)).unwrap();
    let (rows, _) = rows_of(&database, &facts(&database, "kinds"), Sampling::default()).unwrap();
    let cells: Vec<&str> = rows[0].iter().map(|cell| cell.as_deref().expect("a value")).collect();
    for (number, wanted) in [
        (0, "\"b\"=>NULL, \"手机\"=>\"13800138000\""),
        (2, "Mixed"),
        (4, "POINT(1 2)"),
        (5, "POINT(1 2)"),
        // A list behind a name of its own is not told to be one.
        (7, "{13700137000}"),
        (8, "好, it's \"so\""),
        (11, "{[1,3),[5,7)}"),
        (12, "(1,2)"),
        (13, "((0,0),(1,1),(1,0))"),
        (22, "'a' & 'b'"),
        (34, "1.50"),
    ] {
        assert_eq!(cells[number], wanted, "column {number}");
    }
    assert!(rows[1].iter().all(Option::is_none), "and so is what is not there");
    let examined = Scene::new(&postgres().url(&name)).only_table();
    assert_eq!(examined.reason, None, "{examined:#?}");
    assert!(examined.findings.iter().any(|found| found.detector == "cn.mobile"), "{:?}", examined.findings);
}

#[test]
fn every_kind_of_place_of_mariadb_is_read() {
    let name = mariadb().new_database("kinds");
    let places = [
        ("POINT", "POINT(1 2)"),
        ("LINESTRING", "LINESTRING(0 0,1 1)"),
        ("POLYGON", "POLYGON((0 0,1 0,1 1,0 0))"),
        ("MULTIPOINT", "MULTIPOINT(0 0,1 1)"),
        ("MULTILINESTRING", "MULTILINESTRING((0 0,1 1),(2 2,3 3))"),
        ("MULTIPOLYGON", "MULTIPOLYGON(((0 0,1 0,1 1,0 0)))"),
        ("GEOMETRYCOLLECTION", "GEOMETRYCOLLECTION(POINT(1 2),LINESTRING(0 0,1 1))"),
        ("GEOMETRY", "POINT(3 4)"),
    ];
    let columns: Vec<String> =
        places.iter().enumerate().map(|(number, (kind, _))| format!("c{number} {kind}")).collect();
    let values: Vec<String> = places.iter().map(|(_, text)| format!("ST_GeomFromText('{text}', 4326)")).collect();
    mariadb().sql(
        &name,
        &format!(
            "CREATE TABLE places ({}); INSERT INTO places VALUES ({}); INSERT INTO places VALUES ()",
            columns.join(", "),
            values.join(", ")
        ),
    );
    let database = open(&mariadb().url(&name)).unwrap();
    let (rows, _) = rows_of(&database, &facts(&database, "places"), Sampling::default()).unwrap();
    for (cell, (kind, text)) in rows[0].iter().zip(places) {
        assert_eq!(cell.as_deref().unwrap().replace(", ", ","), text, "{kind}");
    }
    assert!(rows[1].iter().all(Option::is_none));
}
