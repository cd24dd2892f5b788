//! Real systems in real servers, where a corpus of them is present: what is listed is what their catalogs hold, and a
//! system says the same from whatever database it is read.

use std::collections::BTreeMap;
use std::path::Path;

use mulu::discover::database::{Connector, DatabaseTarget, TableFacts};
use mulu::model::AssetKind;
use serde_json::Value;
use sqlx::mysql::MySqlConnection;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, Row};

use crate::corpus::{corpus, load_into_postgres, systems, text};
use crate::support::servers::{Server, mariadb, postgres};
use crate::support::{ScanEnv, bytes_of};

/// A table as a catalog has it: its comment, and name, type and comment of each column.
type Described = (String, Vec<[String; 3]>);

/// The tables of a system by schema and name; what names no schema is in `home`.
fn catalog(system: &Path, home: &str) -> BTreeMap<(String, String), Described> {
    let lines = String::from_utf8(bytes_of(&system.join("catalog.jsonl"))).expect("a catalog is text");
    let described = |line: &str| {
        let table: Value = serde_json::from_str(line).expect("a table");
        let schema = Some(text(&table, "schema")).filter(|schema| !schema.is_empty()).unwrap_or(home).to_owned();
        let columns = table["columns"].as_array().expect("columns").iter();
        let columns = columns.map(|it| ["name", "type", "comment"].map(|key| text(it, key).to_owned())).collect();
        ((schema, text(&table, "table").to_owned()), (text(&table, "comment").to_owned(), columns))
    };
    lines.lines().map(described).collect()
}

fn described(table: &TableFacts) -> Described {
    let columns = table.columns.iter().map(|column| {
        let parts = [&column.name, &column.declared_type, &column.comment];
        parts.map(|part| part.clone().unwrap_or_default())
    });
    (table.comment.clone().unwrap_or_default(), columns.collect())
}

fn listed(url: &str) -> Vec<TableFacts> {
    let target = DatabaseTarget::parse(url).expect("an address");
    Connector::new().expect("a runtime").connect(&target).expect("an answer").tables().expect("a listing").tables
}

#[test]
fn every_table_column_and_comment_of_the_nine_systems_is_listed_from_mariadb() {
    let (Some(folder), Some(systems)) = (corpus("systems"), systems()) else { return };
    let (mut tables, mut columns) = (0, 0);
    for (system, databases) in systems {
        let wanted = catalog(&folder.join(system), &databases[0]);
        let found = databases.iter().flat_map(|database| listed(&mariadb().url(database)));
        let found: BTreeMap<_, _> = found
            .filter(|table| table.kind == AssetKind::Table)
            .map(|table| ((table.schema.clone(), table.name.clone()), described(&table)))
            .collect();
        let names = |tables: &BTreeMap<(String, String), Described>| tables.keys().cloned().collect::<Vec<_>>();
        assert_eq!(names(&found), names(&wanted), "{system}");
        for (place, table) in &wanted {
            assert_eq!(&found[place], table, "{system} {place:?}");
            columns += table.1.len();
        }
        tables += wanted.len();
    }
    println!("{tables} tables and {columns} columns are as their catalogs have them");
    assert!(tables > 1_000, "{tables}");
}

#[test]
fn a_system_is_listed_alike_from_postgresql_and_mariadb() {
    let Some(folder) = corpus("systems/fastbee") else { return };
    let wanted = catalog(&folder, "public");
    let database = load_into_postgres(postgres(), &folder.join("fastbee.postgres.sql"));
    let found: BTreeMap<_, _> = listed(&postgres().url(&database))
        .into_iter()
        .filter(|table| table.kind == AssetKind::Table)
        .map(|table| ((table.schema.clone(), table.name.clone()), described(&table)))
        .collect();
    let common: Vec<_> = wanted.keys().filter(|place| found.contains_key(*place)).collect();
    let (mut same, mut comments) = (0, 0);
    for place in &common {
        let names = |table: &Described| table.1.iter().map(|[name, ..]| name.to_lowercase()).collect::<Vec<_>>();
        same += usize::from(names(&wanted[*place]) == names(&found[*place]));
        comments += usize::from(!found[*place].0.is_empty() && found[*place].0 == wanted[*place].0);
    }
    println!(
        "{} of {} tables are in both dumps; {same} with the same columns, {comments} with the same comment",
        common.len(),
        wanted.len()
    );
    // The dumps are of different days: most of their tables agree.
    assert!(common.len() * 10 >= wanted.len() * 9 && same * 10 >= common.len() * 8 && comments > 0);
}

/// Copies a database of MariaDB, table by table, with the types and comments of its columns.
fn convert(server: &Server, database: &str, path: &Path) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let tables = listed(&server.url(database));
    runtime.block_on(async {
        let mut source = MySqlConnection::connect(&server.url(database)).await.expect("a connection");
        let mut target =
            SqliteConnectOptions::new().filename(path).create_if_missing(true).connect().await.expect("a file");
        sqlx::raw_sql("BEGIN").execute(&mut target).await.expect("begun");
        for table in tables.iter().filter(|table| table.kind == AssetKind::Table) {
            sqlx::raw_sql(AssertSqlSafe(definition(table))).execute(&mut target).await.expect("a table");
            let cells =
                table.columns.iter().map(|it| format!("CAST(`{}` AS BINARY)", it.name.as_deref().unwrap_or_default()));
            let query = format!("SELECT {} FROM `{}`", cells.collect::<Vec<_>>().join(", "), table.name);
            let rows = sqlx::raw_sql(AssertSqlSafe(query)).fetch_all(&mut source).await.expect("rows");
            let marks = vec!["?"; table.columns.len()].join(", ");
            let insert = format!("INSERT INTO \"{}\" VALUES ({marks})", table.name);
            for row in rows {
                let mut statement = sqlx::query(AssertSqlSafe(insert.clone()));
                for index in 0..table.columns.len() {
                    let bytes: Option<&[u8]> = row.try_get_unchecked(index).expect("a cell");
                    statement = match bytes.map(std::str::from_utf8) {
                        None => statement.bind(None::<String>),
                        Some(Ok(text)) => statement.bind(text.to_owned()),
                        Some(Err(_)) => statement.bind(bytes.map(<[u8]>::to_vec)),
                    };
                }
                statement.execute(&mut target).await.expect("a row");
            }
        }
        sqlx::raw_sql("COMMIT").execute(&mut target).await.expect("committed");
        target.close().await.expect("closed");
    });
}

/// The table in the words of SQLite; comments stand where its designers write them.
fn definition(table: &TableFacts) -> String {
    let comment = |text: &Option<String>| text.as_ref().map(|text| format!(" -- {}", text.replace(['\n', '\r'], " ")));
    let mut lines = vec![format!("CREATE TABLE \"{}\" ({}", table.name, comment(&table.comment).unwrap_or_default())];
    let last = table.columns.len().saturating_sub(1);
    for (index, column) in table.columns.iter().enumerate() {
        let name = column.name.as_deref().unwrap_or_default();
        // As SQLite reads a type, text stays text: whatever it is called, the value is what was there.
        let declared = column.declared_type.as_deref().unwrap_or_default();
        let comma = if index == last { "" } else { "," };
        lines.push(format!("\"{name}\" \"{declared}\"{comma}{}", comment(&column.comment).unwrap_or_default()));
    }
    lines.push(")".to_owned());
    lines.join("\n")
}

/// Records, identifiers and category of each table, by schema and name.
fn said(env: &ScanEnv, targets: &[String], place: impl Fn(&Value) -> String) -> BTreeMap<String, [String; 3]> {
    let targets: Vec<&str> = targets.iter().map(String::as_str).collect();
    env.done(&[&["scan", "--full"][..], &targets].concat());
    let of_table = |asset: &Value| {
        let identifiers = asset["identifiers"].as_array().into_iter().flatten();
        let identifiers = identifiers.map(|it| format!("{} {} in {}", it["detector"], it["matches"], it["columns"]));
        let facts = [
            asset["records"].to_string(),
            identifiers.collect::<Vec<_>>().join("; "),
            asset["category"]["id"].to_string(),
        ];
        (place(asset), facts)
    };
    let assets = env.assets();
    assets.iter().filter(|asset| asset["kind"] == "table").map(of_table).collect()
}

/// Scans a system from MariaDB and from SQLite files that were made from it.
fn from_both(system: &str) -> Option<[BTreeMap<String, [String; 3]>; 2]> {
    let mut databases = systems()?[system].clone();
    databases.retain(|database| listed(&mariadb().url(database)).iter().any(|table| table.kind == AssetKind::Table));
    let env = ScanEnv::new();
    let urls: Vec<String> = databases.iter().map(|database| mariadb().url(database)).collect();
    let locator = |asset: &Value| text(asset, "locator").to_owned();
    let from_server = said(&env, &urls, locator);
    let env = ScanEnv::new();
    let files = databases.iter().map(|database| {
        let path = env.path(&format!("{database}.db"));
        convert(mariadb(), database, &path);
        format!("sqlite://{}", path.display())
    });
    let files: Vec<String> = files.collect();
    let from_files = said(&env, &files, |asset| {
        let database = text(asset, "store").trim_end_matches(".db").to_owned();
        format!("{database}{}", text(asset, "locator").trim_start_matches("main"))
    });
    Some([from_server, from_files])
}

#[test]
fn a_system_in_sqlite_has_the_tables_rows_and_identifiers_that_it_has_in_mariadb() {
    let Some([server, files]) = from_both("jsherp") else { return };
    assert!(server.len() > 20, "{}", server.len());
    assert_eq!(files, server);
}

#[test]
fn a_system_without_comments_has_the_categories_in_sqlite_that_it_has_in_mariadb() {
    let Some([server, files]) = from_both("myems") else { return };
    assert!(server.len() > 400, "{}", server.len());
    let one_sided = |one: &BTreeMap<String, _>, other: &BTreeMap<String, _>| -> Vec<String> {
        one.keys().filter(|place| !other.contains_key(*place)).cloned().collect()
    };
    assert_eq!((one_sided(&server, &files), one_sided(&files, &server)), (vec![], vec![]));
    let differing: Vec<_> = server.iter().filter(|(place, facts)| files[*place] != **facts).collect();
    assert!(
        differing.is_empty(),
        "{} differ, the first as {:?}",
        differing.len(),
        differing.first().map(|(place, facts)| (place, facts, &files[*place]))
    );
}
