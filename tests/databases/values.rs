//! Values of every kind, and what becomes of the level of a table of which only some were read.

use mulu::model::{Distinct, Examined, Level};
use rust_xlsxwriter::Workbook;
use sqlx::sqlite::SqliteJournalMode;

use super::scene::Scene;
use super::sqlite::{Writer, address, place};
use super::*;
use crate::support::servers::{mariadb, postgres};

fn postgres_with(statements: &str) -> String {
    let name = postgres().new_database("plant");
    postgres().sql(&name, statements);
    name
}

/// The cells of the first row.
fn first_row(database: &Database, table: &str) -> Vec<Option<String>> {
    let (mut rows, _) = rows_of(database, &facts(database, table), Sampling::default()).unwrap();
    rows.remove(0)
}

fn matches(examined: &Examined, detector: &str) -> u64 {
    examined.findings.iter().find(|found| found.detector == detector).map_or(0, |found| found.matches)
}

#[test]
fn what_is_no_utf_8_in_a_database_without_encoding_comes_as_it_is() {
    let name = format!("{}_raw", postgres().new_database("plant"));
    postgres().sql(
        "postgres",
        &format!("CREATE DATABASE {name} TEMPLATE template0 ENCODING 'SQL_ASCII' LC_COLLATE 'C' LC_CTYPE 'C'"),
    );
    postgres().sql(
        &name,
        "CREATE TABLE odd (a text, b varchar(9)); INSERT INTO odd VALUES ('x' || chr(255) || 'y', chr(200))",
    );
    let database = open(&postgres().url(&name)).unwrap();
    let mut kept = Kept::default();
    read(&database, &facts(&database, "odd"), &Sampling::default(), &mut kept).unwrap();
    assert_eq!(kept.rows, [[Some(b"x\xffy".to_vec()), Some(vec![200])]]);
}

#[test]
fn times_without_end_and_numbers_that_are_none_are_read() {
    let name = postgres_with(
        "CREATE TABLE odd (a date, b timestamp, c timestamptz, d numeric, e float8, f float8, g date, h interval, i bytea);
         INSERT INTO odd VALUES ('infinity', '-infinity', 'infinity', 'NaN', 'NaN', '-infinity', '4713-01-01 BC', '-1 year 3 days', '\\x00ff')",
    );
    let row = first_row(&open(&postgres().url(&name)).unwrap(), "odd");
    let cells: Vec<&str> = row.iter().map(|cell| cell.as_deref().unwrap()).collect();
    assert_eq!(
        cells,
        [
            "infinity",
            "-infinity",
            "infinity",
            "NaN",
            "NaN",
            "-Infinity",
            "4713-01-01 BC",
            "-1 years +3 days",
            "\0\u{fffd}"
        ]
    );
}

#[test]
fn a_table_as_wide_as_the_server_allows_is_read() {
    let columns = |most: u32, kind: &str| (0..most).map(|n| format!("c{n} {kind}")).collect::<Vec<_>>().join(", ");
    let values = |most: u32| (0..most).map(|n| n.to_string()).collect::<Vec<_>>().join(", ");
    for (server, most) in [(postgres(), 1600), (mariadb(), 1017)] {
        let name = server.new_database("plant");
        let create = format!("CREATE TABLE wide ({})", columns(most, "INT"));
        server.sql(&name, &format!("{create}; INSERT INTO wide VALUES ({})", values(most)));
        let row = first_row(&open(&server.url(&name)).unwrap(), "wide");
        let expected: Vec<_> = (0..most).map(|n| Some(n.to_string())).collect();
        assert_eq!(row, expected);
    }
}

#[test]
fn a_value_of_hundreds_of_megabytes_is_cut_where_it_lies() {
    let name = postgres_with(
        "CREATE TABLE huge (t text, b bytea, l int[]);
         INSERT INTO huge SELECT repeat('x', 268435456), convert_to(repeat('y', 134217728), 'UTF8'),
             array_agg((i * 7919) % 1000000007) FROM generate_series(1::bigint, 1000000) i",
    );
    let database = open(&postgres().url(&name)).unwrap();
    let (rows, read) = rows_of(&database, &facts(&database, "huge"), Sampling::default()).unwrap();
    let lengths: Vec<_> = rows[0].iter().map(|cell| cell.as_deref().unwrap().len()).collect();
    assert_eq!((lengths.as_slice(), read.cut_cells), (&[65_536; 3][..], 3));
    assert!(rows[0][2].as_deref().unwrap().trim().is_empty(), "a list can only be cut once it is a text");
    let name = mariadb().new_database("plant");
    mariadb().sql(&name, "CREATE TABLE huge (t LONGTEXT); INSERT INTO huge VALUES (REPEAT('中', 5000000))");
    let database = open(&mariadb().url(&name)).unwrap();
    let (rows, read) = rows_of(&database, &facts(&database, "huge"), Sampling::default()).unwrap();
    assert_eq!((rows[0][0].as_deref().unwrap().len(), read.cut_cells), (65_535, 1));
}

/// A workbook with so many rows of telephone numbers.
fn workbook(rows: u32) -> String {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    sheet.write_string(0, 0, "手机号").unwrap();
    sheet.write_string(0, 1, "备注").unwrap();
    for row in 1..=rows {
        sheet.write_string(row, 0, format!("138{:08}", u64::from(row) * 7919)).unwrap();
        sheet.write_string(row, 1, format!("{:x}", u128::from(row) * 0x9e37_79b9_7f4a_7c15_f39c_c060)).unwrap();
    }
    book.save_to_buffer().unwrap().iter().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().concat()
}

#[test]
fn a_workbook_in_a_value_is_opened_short_or_long() {
    let (short, long) = (workbook(30), workbook(4_000));
    assert!(long.len() > 2 * 65_536, "longer than what is read of a cell");
    let (_folder, path) = place();
    let mut writer = Writer::new(&path, SqliteJournalMode::Delete);
    writer.run(&format!("CREATE TABLE attachment (id INTEGER, content BLOB); INSERT INTO attachment VALUES (1, x'{short}'), (2, x'{long}')"));
    writer.close();
    let postgres_name = postgres_with(&format!(
        "CREATE TABLE attachment (id int, content bytea); INSERT INTO attachment VALUES (1, '\\x{short}'), (2, '\\x{long}')"
    ));
    let mysql_name = mariadb().new_database("plant");
    mariadb().sql(
        &mysql_name,
        &format!("CREATE TABLE attachment (id INT, content LONGBLOB); INSERT INTO attachment VALUES (1, x'{short}'), (2, x'{long}')"),
    );
    for url in [address(&path), postgres().url(&postgres_name), mariadb().url(&mysql_name)] {
        let examined = Scene::new(&url).only_table();
        assert_eq!(matches(&examined, "cn.mobile"), 4_030, "{url}: {:#?}", examined.findings);
        let distinct =
            examined.findings.iter().find(|found| found.detector == "cn.mobile").map(mulu::model::Finding::distinct);
        assert!(matches!(distinct, Some(Distinct::Range { .. })), "others may be there: {distinct:?}");
    }
}

#[test]
fn objects_of_json_are_opened_with_their_names() {
    let name = postgres_with(
        "CREATE TABLE message (id int, body jsonb);
         INSERT INTO message SELECT i, jsonb_build_object('contact', jsonb_build_object('id_card', '11010519491231002X')) FROM generate_series(1, 20) i",
    );
    let examined = Scene::new(&postgres().url(&name)).only_table();
    assert_eq!(matches(&examined, "cn.resident-id"), 20, "each once: {:#?}", examined.findings);
}

#[test]
fn a_table_whose_level_a_sample_leaves_open_is_read_whole_or_says_so() {
    let name = postgres_with(
        "CREATE TABLE owner AS SELECT '138' || lpad(i::text, 8, '0') AS phone FROM generate_series(1, 105000) i",
    );
    let mut scene = Scene::new(&postgres().url(&name));
    // More than 100,000 persons are important in the manufacture of automobiles; a sample has seen a thousand of them.
    scene.enterprise.industry = Some("C3612".to_owned());
    let whole = scene.only_table();
    let level = |examined: &Examined| examined.proposal.as_ref().map(|proposal| proposal.level);
    assert_eq!((whole.reason, level(&whole)), (None, Some(Level::Important)));
    assert_eq!(matches(&whole, "cn.mobile"), 105_000);
    scene.limits.settled_rows = 100_000;
    let open = scene.only_table();
    assert_eq!((open.reason, level(&open)), (Some(Reason::LevelOpen), Some(Level::General)));
    scene.enterprise.industry = None;
    assert_eq!(scene.only_table().reason, Some(Reason::Sampled), "ten million are not in question");
}

#[test]
fn a_value_that_nobody_can_open_is_said() {
    let name = postgres_with(
        "CREATE TABLE contract (id int, scan bytea, note text);
         -- A compound file with a stream `EncryptedPackage`: an office file behind a password.
         INSERT INTO contract
             SELECT i, decode('d0cf11e0a1b11ae145006e0063007200790070007400650064005000610063006b006100670065000000' || repeat('78', 100000), 'hex'), 'x'
             FROM generate_series(1, 3) i",
    );
    let examined = Scene::new(&postgres().url(&name)).only_table();
    assert_eq!(examined.reason, Some(Reason::ContentNotRead));
}

#[test]
fn every_element_of_a_list_is_counted() {
    let name = postgres_with(
        "CREATE TABLE contact (phones text[], numbers varchar(20)[]);
         INSERT INTO contact VALUES (ARRAY['13800138000', '13900139000', '13700137000'], NULL),
             (NULL, ARRAY['13600136000', '13500135000'])",
    );
    assert_eq!(matches(&Scene::new(&postgres().url(&name)).only_table(), "cn.mobile"), 5);
}

#[test]
fn two_persons_in_a_row_are_two_of_whom_a_sample_may_know_nothing() {
    let name = postgres_with(
        "CREATE TABLE couple AS SELECT '138' || lpad(i::text, 8, '0') AS phone, '139' || lpad(i::text, 8, '0') AS mobile
         FROM generate_series(1, 60000) i",
    );
    let mut scene = Scene::new(&postgres().url(&name));
    scene.enterprise.industry = Some("C3612".to_owned());
    let whole = scene.only_table();
    let level = |examined: &Examined| examined.proposal.as_ref().map(|proposal| proposal.level);
    assert_eq!((whole.reason, level(&whole)), (None, Some(Level::Important)));
    scene.limits.settled_rows = 50_000;
    let open = scene.only_table();
    assert_eq!(open.reason, Some(Reason::LevelOpen));
    let found = open.findings.iter().find(|found| found.detector == "cn.mobile").unwrap();
    assert!(found.distinct().at_most() >= 120_000, "{:?}", found.distinct());
}

#[test]
fn a_table_is_classified_without_a_row_of_it() {
    let name = postgres_with(
        "CREATE TABLE hr_employee (name text, id_card text); COMMENT ON TABLE hr_employee IS '员工档案';
         INSERT INTO hr_employee VALUES ('x', '11010519491231002X')",
    );
    let examined = Scene::new(&postgres().url(&name)).by_metadata().only_table();
    assert_eq!((examined.reason, examined.findings.len()), (Some(Reason::MetadataOnly), 0));
    let best = examined.classification.as_ref().and_then(|found| found.best.as_ref()).unwrap();
    assert!(best.id.as_str().starts_with("management"), "{best:?}");
    assert!(examined.proposal.is_some());
}
